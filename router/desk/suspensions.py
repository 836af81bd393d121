"""Force majeure (article 11): declared by one institution, accepted by the other, it suspends what is owed for a time.

Nothing stands still before both have agreed. What was settled meanwhile keeps its verdict, and shows the other one
beside it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from router.clock.decided_days import Suspension
from router.desk.calendar_days import reason_in
from router.desk.calendar_fold import folded, suspension_in
from router.desk.calendar_messages import tell_answered, tell_declared
from router.desk.draft_terms import SIGNATORIES
from router.desk.house import Desk
from router.desk.policies import act_on_calendars
from router.desk.recompute import Recomputed, recompute
from router.model.actor import Actor, Conflict, Forbidden, Invalid, NotFound
from router.model.words import HOLDERS, ChangeKind, Institution, Party, Role
from router.notices.compose import NoticeKind
from router.rulebook.book import first_instant
from router.store import calendar_log, recomputing, tickets
from router.store.calendar_log import Recorded
from router.store.journal import Signature
from router.store.recomputing import Concerned

A_DAY = timedelta(days=1)
A_YEAR = timedelta(days=366)
MOST_COLLEGES = 500
ANSWERS = (ChangeKind.SUSPENSION_ACCEPTED, ChangeKind.SUSPENSION_REFUSED, ChangeKind.SUSPENSION_WITHDRAWN)


@dataclass(frozen=True, slots=True)
class SuspensionAsked:
    """Civil days of the convention's zone, both included. No `uais`: every collège; no `parties`: all of them."""

    convention: str
    uais: tuple[str, ...]
    parties: tuple[Party, ...]
    first: date
    last: date
    reason: str


def declare_suspension(desk: Desk, actor: Actor, asked: SuspensionAsked, at: datetime) -> int:
    """Puts a suspension before the other institution; its number. Nothing stands still yet.

    Raises Forbidden, NotFound for an unknown convention, Invalid with the field at fault, Conflict when it is covered
    already, or waits for its answer."""
    reason = reason_in(asked.reason)
    institution = _signs_for(actor, asked.convention)
    with desk.database.writing() as session:
        calendar_log.one_at_a_time(session)
        suspension = _read(desk, session, asked, at)
        _check_changes_something(session, suspension, at)
        number = calendar_log.record(
            session,
            at,
            Signature(actor.signature, actor.name),
            ChangeKind.SUSPENSION_DECLARED,
            _document(suspension),
            institution=institution,
            convention=asked.convention,
            reason=reason,
        )
        tell_declared(desk, session, number, suspension, actor, reason, at)
        return number


def accept_suspension(
    desk: Desk, actor: Actor, number: int, at: datetime, *, rehearse: bool = False
) -> Recomputed:
    """The other institution agrees: the clocks concerned stand still, in the same transaction; `rehearse` only tells
    what would move.

    Raises NotFound, Forbidden for the institution that declared it, Conflict when it was answered meanwhile."""
    with desk.database.writing() as session:
        declared = _waiting(session, actor, number)
        _check_other(actor, declared)
        _record(session, actor, declared, ChangeKind.SUSPENSION_ACCEPTED, at)
        asked = suspension_in(declared)
        tell_answered(desk, session, declared, asked, NoticeKind.SUSPENSION_ACCEPTED, actor, "", at)
        done = _applied(desk, session, actor, asked, at, ChangeKind.SUSPENSION_ACCEPTED)
        if rehearse:
            session.rollback()
    return done


def refuse_suspension(desk: Desk, actor: Actor, number: int, reason: str, at: datetime) -> None:
    """The other institution doesn't agree, and says why. Raises as `accept_suspension`."""
    words = reason_in(reason)
    with desk.database.writing() as session:
        declared = _waiting(session, actor, number)
        _check_other(actor, declared)
        _record(session, actor, declared, ChangeKind.SUSPENSION_REFUSED, at, words)
        asked = suspension_in(declared)
        tell_answered(desk, session, declared, asked, NoticeKind.SUSPENSION_REFUSED, actor, words, at)


def withdraw_suspension(desk: Desk, actor: Actor, number: int, reason: str, at: datetime) -> None:
    """The institution that declared it takes it back before any answer. Raises as `accept_suspension`."""
    words = reason_in(reason)
    with desk.database.writing() as session:
        declared = _waiting(session, actor, number)
        if declared.institution is not actor.institution:
            raise Forbidden("L'autre institution a déclaré cette suspension : acceptez-la ou refusez-la.")
        _record(session, actor, declared, ChangeKind.SUSPENSION_WITHDRAWN, at, words)


def end_suspension(desk: Desk, actor: Actor, number: int, last: date, reason: str, at: datetime) -> Recomputed:
    """Either institution says that it ended sooner; `last` is its last day. To lengthen one, another is declared.

    Raises NotFound, Forbidden, Conflict when it isn't in force, Invalid for a day out of its period."""
    words = reason_in(reason)
    with desk.database.writing() as session:
        calendar_log.one_at_a_time(session)
        declared = _declared(session, actor, number)
        present = {each.id: each for each in folded(calendar_log.changes(session)).suspensions}.get(number)
        if present is None:
            raise Conflict("Cette suspension n'est pas en vigueur : relisez la liste.")
        zone = desk.policies.at(session, at, present.convention).book.zone(present.convention)
        first, after = present.start.astimezone(zone).date(), present.end.astimezone(zone).date()
        if not first <= last < after - A_DAY:
            raise Invalid("Choisissez un jour de la période, avant son dernier jour.", "last")
        data = {"end": first_instant(last + A_DAY, zone).isoformat()}
        _record(session, actor, declared, ChangeKind.SUSPENSION_ENDED, at, words, data)
        return _applied(desk, session, actor, present, at, ChangeKind.SUSPENSION_ENDED)


def may_sign(actor: Actor, convention: str | None) -> bool:
    """A manager of the Département or of the académie, in her territory."""
    within = actor.convention_id is None or actor.convention_id == convention
    return actor.role is Role.MANAGER and actor.institution in SIGNATORIES and within


def _signs_for(actor: Actor, convention: str | None) -> Institution:
    if not may_sign(actor, convention) or actor.institution is None:
        raise Forbidden(
            "Seul le pilotage du Département ou de l'académie déclare ou accepte une force majeure."
        )
    return actor.institution


def _read(desk: Desk, session: Session, asked: SuspensionAsked, at: datetime) -> Suspension:
    books = desk.policies.in_force(session, at)
    if books.convention(asked.convention) is None:
        raise NotFound("Cette convention n'existe pas ici.")
    if asked.last < asked.first:
        raise Invalid("Le dernier jour vient avant le premier : corrigez l'un des deux.", "last")
    if asked.last - asked.first > A_YEAR:
        raise Invalid("La période dépasse un an : déclarez-en une par an.", "last")
    zone = books.of(asked.convention).book.zone(asked.convention)
    if abs(asked.first - at.astimezone(zone).date()) > A_YEAR:
        raise Invalid("Cette date est à plus d'un an d'ici : vérifiez l'année.", "first")
    if any(party not in HOLDERS for party in asked.parties):
        raise Invalid("Choisissez des équipes qui tiennent des dossiers.", "parties")
    if len(asked.uais) > MOST_COLLEGES:
        raise Invalid("Trop de collèges : laissez la liste vide pour les viser tous.", "uais")
    for uai in asked.uais:
        college = tickets.college(session, uai)
        if college is None or books.convention_of(college) != asked.convention:
            raise Invalid(
                f"Le collège « {uai[:20]} » n'est pas de cette convention : vérifiez son UAI.", "uais"
            )
    start, end = first_instant(asked.first, zone), first_instant(asked.last + A_DAY, zone)
    return Suspension(0, asked.convention, frozenset(asked.uais), frozenset(asked.parties), start, end)


def _check_changes_something(session: Session, asked: Suspension, at: datetime) -> None:
    changes = calendar_log.changes(session)
    if any(_covers(known, asked) for known in folded(changes).suspensions):
        raise Conflict("Une suspension en vigueur couvre déjà toute cette période : relisez la liste.")
    if any(replace(each, id=asked.id) == asked for each in _unanswered(changes)):
        raise Conflict("Cette force majeure attend déjà sa réponse : relisez la liste.")
    if asked.end <= at and not recomputing.any_running(session, _concerned(asked), asked.end):
        raise Invalid(
            "Cette période est terminée, et aucun dossier ouvert alors ne court encore : rien ne serait changé. "
            "Vérifiez les dates.",
            "last",
        )


def _unanswered(changes: Sequence[Recorded]) -> Iterator[Suspension]:
    answered = {each.target for each in changes if each.kind in ANSWERS}
    for each in changes:
        if each.kind is ChangeKind.SUSPENSION_DECLARED and each.id not in answered:
            yield suspension_in(each)


def _covers(known: Suspension, asked: Suspension) -> bool:
    return (
        known.convention == asked.convention
        and (not known.uais or (bool(asked.uais) and asked.uais <= known.uais))
        and _all_of(known.parties, asked.parties)
        and known.start <= asked.start
        and asked.end <= known.end
    )


def _all_of(known: frozenset[Party], asked: frozenset[Party]) -> bool:
    """None named is all of them but the RSSI."""
    if not known:
        return Party.RSSI not in asked
    return bool(asked) and asked <= known


def _declared(session: Session, actor: Actor, number: int) -> Recorded:
    found = calendar_log.found(session, number)
    if found is None or found.kind is not ChangeKind.SUSPENSION_DECLARED:
        raise NotFound("Cette suspension n'existe pas.")
    _signs_for(actor, found.convention)
    return found


def _waiting(session: Session, actor: Actor, number: int) -> Recorded:
    """A declaration nobody has answered yet."""
    calendar_log.one_at_a_time(session)
    found = _declared(session, actor, number)
    if any(each.target == number and each.kind in ANSWERS for each in calendar_log.changes(session)):
        raise Conflict("Cette suspension a déjà sa réponse : relisez la liste, rien n'a été changé.")
    return found


def _check_other(actor: Actor, declared: Recorded) -> None:
    """Two institutions, hence two people."""
    if declared.institution is actor.institution or declared.actor == actor.signature:
        raise Forbidden("Votre institution a déclaré cette suspension : c'est à l'autre de répondre.")


def _record(
    session: Session,
    actor: Actor,
    declared: Recorded,
    kind: ChangeKind,
    at: datetime,
    reason: str = "",
    data: Mapping[str, Any] | None = None,
) -> None:
    calendar_log.record(
        session,
        at,
        Signature(actor.signature, actor.name),
        kind,
        data or {},
        institution=actor.institution,
        convention=declared.convention,
        target=declared.id,
        reason=reason,
    )


def _applied(
    desk: Desk, session: Session, actor: Actor, suspension: Suspension, at: datetime, cause: ChangeKind
) -> Recomputed:
    act_on_calendars(session)
    who = Signature(actor.signature, actor.name)
    return recompute(session, desk.policies, _concerned(suspension), who, at, cause=cause)


def _concerned(suspension: Suspension) -> Concerned:
    return Concerned(suspension.convention, tuple(sorted(suspension.uais)))


def _document(suspension: Suspension) -> dict[str, Any]:
    return {
        "uais": sorted(suspension.uais),
        "parties": sorted(party.value for party in suspension.parties),
        "start": suspension.start.isoformat(),
        "end": suspension.end.isoformat(),
    }
