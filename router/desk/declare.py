"""A collège declares an incident: the page before sending (who is competent, why, by when), then the ticket itself.

Whatever the channel, the same reading of the same words gives the same decision."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from router.clock.allowances import due
from router.clock.calendar import UnknownFrom
from router.desk.attachments import check_files, keep_files
from router.desk.clocking import bound_by
from router.desk.corrections import kept_of
from router.desk.declaration import Declaration, Filed, Forecast, forecast_of
from router.desk.house import Desk
from router.desk.known_rooms import with_known_room, worth_asking
from router.desk.opening import Opening, open_ticket
from router.desk.policy import Policy
from router.desk.reading import MAX_BODY, MAX_SUBJECT, AssetFacts, Declared, Reading, read_declaration
from router.desk.title import title_of
from router.desk.weighing import weigh
from router.model.actor import Conflict, Invalid, TooLarge
from router.model.incident import Decision, FactValue
from router.model.told import ToldKind
from router.model.uai import parse_uai
from router.model.words import DeadlineKind, Party
from router.rulebook.questions import Question, next_questions
from router.rulebook.vocabulary import FactError
from router.store import clocks, nearby, tickets
from router.store.journal import Signature
from router.store.tickets import CollegeHere, DuplicateExternalId

CLOCK_TOLERANCE = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Preview:
    """Before sending: who is competent, why, by when, and the questions that can still change the answer."""

    reading: Reading
    decision: Decision
    forecast: tuple[Forecast, ...]
    questions: tuple[Question, ...]
    policy: Policy
    convention_id: str | None
    college_name: str = ""


def preview(desk: Desk, declaration: Declaration, at: datetime) -> Preview:
    """Reads and decides without writing anything.

    Raises Invalid with the field at fault (unknown UAI, unknown value)."""
    with desk.database.reading() as session:
        return preview_in(session, desk, declaration, at)


def preview_in(
    session: Session, desk: Desk, declaration: Declaration, at: datetime, rooms: Sequence[str] | None = None
) -> Preview:
    """The same inside a session already open; `rooms`, when they are at hand, those that the inventory knows."""
    judged = _judge(session, desk, declaration, at, rooms)
    policy, convention, reading = judged.policy, judged.convention_id, judged.reading
    return Preview(
        reading=reading,
        decision=judged.decision,
        forecast=forecast(policy, convention, judged.decision, at, judged.college.uai),
        questions=next_questions(
            policy.book, declared_answers(declaration), reading.facts, at, convention=convention
        ),
        policy=policy,
        convention_id=convention,
        college_name=judged.college.name,
    )


def file_incident(
    desk: Desk, declaration: Declaration, who: Signature, at: datetime, *, now: datetime | None = None
) -> Filed:
    """Makes the ticket: incident, decision, holding, deadlines, ladder, journal and messages commit together.

    `now` is the wall clock that `at` may not run ahead of (None: `at` is trusted). Raises Invalid with the field at
    fault, TooLarge over a limit, Conflict when `external_id` was used with another content."""
    _check_instant(at, now)
    with desk.database.asking() as session:
        ready = prepare(session, desk, declaration, who, at)
    return write_prepared(desk, ready)


def prepare(session: Session, desk: Desk, declaration: Declaration, who: Signature, at: datetime) -> Opening:
    """Checks, reads and decides, before the write lock is taken: others file meanwhile. Raises as `file_incident`."""
    declaration = declaration.as_seen()
    _check_words(declaration)
    check_files(desk.settings, declaration.files)
    return _prepare(session, desk, declaration, who, at)


def write_prepared(desk: Desk, ready: Opening) -> Filed:
    """Makes the ticket. Raises Conflict when its `external_id` was used with another content."""
    try:
        with desk.database.writing() as session:
            return _write(session, ready)
    except DuplicateExternalId:  # seldom: trying first spares every other filing the question
        with desk.database.reading() as session:
            if repeated := _already(session, ready):
                return repeated
        raise


def file_in(
    session: Session,
    desk: Desk,
    declaration: Declaration,
    who: Signature,
    at: datetime,
    *,
    containment_of: int | None = None,
) -> Filed:
    """The same inside a transaction already open; `containment_of` links it to the alert it serves."""
    return _write(
        session, replace(_prepare(session, desk, declaration, who, at), containment_of=containment_of)
    )


def _prepare(session: Session, desk: Desk, declaration: Declaration, who: Signature, at: datetime) -> Opening:
    judged = _judge(session, desk, declaration, at)
    people = (declaration.reporter.name, who.name)
    return Opening(
        settings=desk.settings,
        policy=judged.policy,
        declaration=replace(declaration, uai=judged.college.uai),
        college=judged.college,
        convention_id=judged.convention_id,
        asset=judged.asset,
        reading=judged.reading,
        decision=judged.decision,
        content_hash=content_hash(declaration),
        who=who,
        at=at,
        title=title_of(judged.policy, declaration),
        kept=kept_of(judged.policy, judged.reading, declaration.subject.strip(), declaration.body, people),
    )


@dataclass(frozen=True, slots=True)
class _Judged:
    """A declaration in the light of the book in force: the page before sending and the ticket say the same."""

    policy: Policy
    college: CollegeHere
    convention_id: str | None
    asset: AssetFacts | None
    reading: Reading
    decision: Decision


def _judge(
    session: Session, desk: Desk, declaration: Declaration, at: datetime, rooms: Sequence[str] | None = None
) -> _Judged:
    college = _known_college(session, declaration.uai)
    asset = _asset(session, declaration)
    books = desk.policies.in_force(session, at)
    convention = books.convention_of(college)
    policy = books.of(convention)
    reading = _with_room(session, declaration, _read(policy, declaration, asset), rooms)
    reading, decision = weigh(policy, reading, at, convention)
    return _Judged(policy, college, convention, asset, reading, decision)


def _write(session: Session, opening: Opening) -> Filed:
    declaration, decision = opening.declaration, opening.decision
    ticket, deadlines = open_ticket(session, opening)
    keep_files(session, ticket, declaration.files, declaration.filed_by or declaration.reporter_id, opening.at)
    return Filed(ticket.id, decision.rule, decision.responsible, forecast_of(deadlines), decision.alert)


def forecast(
    policy: Policy, convention: str | None, decision: Decision, at: datetime, uai: str
) -> tuple[Forecast, ...]:
    """The deadlines that a collège's filing at `at` would open."""
    category = str(decision.facts.value("category"))
    target = policy.targets.of(decision.responsible, decision.priority, category)
    promise = policy.targets.promise(decision.priority)
    spans = (
        (DeadlineKind.ACKNOWLEDGE, target.acknowledge, target.clock),
        (DeadlineKind.RESOLVE, target.resolve, target.clock),
        (DeadlineKind.PROMISE, promise.allowance, promise.clock),
    )
    found = []
    for kind, allowance, clock in spans:
        idle = policy.state.suspended(convention, uai, bound_by(kind, decision.responsible, clock))
        end = due(policy.calendar(convention, clock, uai), at, allowance, idle)
        unknown = end.day if isinstance(end, UnknownFrom) else None
        found.append(Forecast(kind, decision.responsible, end if isinstance(end, datetime) else None, unknown))
    return tuple(found)


def declared_answers(declaration: Declaration) -> dict[str, FactValue]:
    """What the person herself has said, for the questions still worth asking."""
    return {"reporter_role": declaration.reporter.role, **declaration.facts}


def content_hash(declaration: Declaration) -> str:
    """Fingerprint of a declaration's content: the same id with another one is an error, not a second ticket."""
    content: dict[str, Any] = {
        "uai": declaration.uai.upper(),
        "reporter": [declaration.reporter.role, declaration.reporter.name, declaration.reporter.email],
        "words": [declaration.subject, declaration.body],
        "place": [declaration.room, declaration.asset_tag, declaration.product],
        "facts": dict(declaration.facts),
    }
    if declaration.proposed:
        content["proposed"] = dict(declaration.proposed)
    if declaration.refused:
        content["refused"] = sorted(declaration.refused)
    if declaration.exam_left:
        content["exam_left"] = True
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _check_words(declaration: Declaration) -> None:
    if not (declaration.subject.strip() or declaration.body.strip()):
        raise Invalid("Dites en quelques mots ce qui ne va pas.", "subject")
    check_lengths(declaration.subject, declaration.body)


def check_lengths(subject: str, body: str) -> None:
    """Raises TooLarge at the field, with how long it is."""
    if len(subject) > MAX_SUBJECT:
        raise TooLarge(
            f"L'objet compte {_count(len(subject))} caractères, la limite est de {MAX_SUBJECT} : gardez l'essentiel, "
            "le reste va dans la description.",
            "subject",
        )
    if len(body) > MAX_BODY:
        raise TooLarge(
            f"La description compte {_count(len(body))} caractères, la limite est de {_count(MAX_BODY)} : "
            "raccourcissez-la ou joignez un fichier.",
            "body",
        )


def _count(number: int) -> str:
    return f"{number:,}".replace(",", "\u202f")


def _check_instant(at: datetime, now: datetime | None) -> None:
    if now is not None and at > now + CLOCK_TOLERANCE:
        raise Invalid("La date est dans le futur : indiquez quand l'incident a été constaté.", "at")


def _known_college(session: Session, uai: str) -> CollegeHere:
    parsed = parse_uai(uai)
    college = tickets.college(session, parsed)
    if college is None:
        raise Invalid(
            f"Le collège {parsed} n'est pas connu ici : vérifiez son numéro UAI, ou faites importer l'annuaire.",
            "uai",
        )
    return college


def _asset(session: Session, declaration: Declaration) -> AssetFacts | None:
    tag = declaration.asset_tag.strip()
    if not tag:
        return None
    row = tickets.asset(session, declaration.uai.upper(), tag)
    if row is None:  # an unknown tag doesn't block: the technician will see it
        return None
    return AssetFacts(row.id, row.owner, row.zone, row.product_family, row.label, row.room)


def _read(policy: Policy, declaration: Declaration, asset: AssetFacts | None) -> Reading:
    declared = Declared(
        subject=declaration.subject,
        body=declaration.body,
        reporter_role=declaration.reporter.role,
        product=declaration.product,
        facts=declaration.facts,
        proposed=declaration.proposed,
        refused=declaration.refused,
        exam_left=declaration.exam_left,
    )
    try:
        return read_declaration(policy, declared, asset)
    except FactError as error:
        raise Invalid(error.message, error.field) from error


def _with_room(
    session: Session, declaration: Declaration, reading: Reading, rooms: Sequence[str] | None
) -> Reading:
    """The room told in words, in the inventory's spelling; not looked for where she gave one, or refused it."""
    text = f"{declaration.subject}\n{declaration.body}"
    if declaration.room.strip() or ToldKind.ROOM in declaration.refused or not worth_asking(reading.told, text):
        return reading
    known = nearby.rooms(session, declaration.uai.upper()) if rooms is None else rooms
    return replace(reading, told=with_known_room(reading.told, text, known))


def _already(session: Session, ready: Opening) -> Filed | None:
    external_id = ready.declaration.external_id
    found = tickets.by_external_id(session, external_id) if external_id else None
    if found is None:
        return None
    incident, ticket = found
    if incident.content_hash != ready.content_hash:
        raise Conflict(
            f"L'identifiant « {external_id} » a déjà servi pour un autre contenu (dossier {ticket.id}).",
            "id",
        )
    decision = tickets.decision(session, ticket)
    return Filed(
        ticket.id,
        decision.rule,
        Party(ticket.holder),
        forecast_of(clocks.live_deadlines(session, ticket.id)),
        ticket.alert,
        repeated=True,
    )
