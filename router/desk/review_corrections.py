"""Corrections are read by a person, who may mask them further, before any model learns from them.

A text refused is erased at once; one accepted may be taken back, and is then erased too."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from router.classify.kept_text import LONGEST_KEPT, masked_whole, only_masks_more, without_names
from router.classify.personal_data import MASKS
from router.desk.house import Desk
from router.desk.reading import MAX_SUBJECT
from router.model.actor import Actor, Conflict, Forbidden, Invalid, NotFound, TooLarge
from router.model.corrections import CorrectionGesture, CorrectionState
from router.model.words import Category, Channel, ReporterRole, Role
from router.store import corrections
from router.store.tables import CorrectionRow

JUDGES = (Role.MANAGER, Role.RSSI)
LISTED = (CorrectionState.PENDING, CorrectionState.ACCEPTED)
LISTS = frozenset(LISTED)
NO_LONGER_WAITS = "Cette correction n'attend plus : quelqu'un l'a déjà relue, ou elle a été remplacée."
MARKS = ", ".join(MASKS.values())
MAY_BE_MASKED = (
    f"Remplacez les mots à cacher par une de ces marques : {MARKS}. Les autres mots restent tels quels ; un champ vidé "
    "n'est pas appris."
)
ONLY_MASKED = (
    "Ce texte ne peut pas être récrit : ce qui s'apprend est ce qui a été signalé. Remettez les mots d'origine, et "
    f"remplacez ceux à cacher par une de ces marques : {MARKS} ; ou videz le champ."
)


@dataclass(frozen=True, slots=True)
class CorrectionLine:
    """One correction as its reader sees it; `role` is of the account, of whoever reported when it was filed."""

    id: int
    ticket_id: int
    openable: bool
    at: datetime
    gesture: CorrectionGesture
    channel: Channel
    role: Role | ReporterRole | None
    suggested: Category
    chosen: Category
    confidence: float | None
    version: str
    subject: str
    body: str


@dataclass(frozen=True, slots=True)
class CorrectionPage:
    """A page of them; `after` leads to the next one. `left_to_the_rssi`: those a manager is only told the number of."""

    state: CorrectionState
    lines: tuple[CorrectionLine, ...]
    after: int | None
    waiting: int
    left_to_the_rssi: int


def corrections_to_read(desk: Desk, actor: Actor, state: CorrectionState, after: int | None) -> CorrectionPage:
    """Raises Forbidden for who judges none, NotFound for a state whose texts are gone."""
    _check_judge(actor)
    if state not in LISTS:
        raise NotFound("Les textes de ces corrections sont effacés : il n'y a plus rien à relire.")
    with desk.database.reading() as session:
        rows, more = corrections.page(session, actor, state, after)
        lines = tuple(_line(each) for each in rows)
        return CorrectionPage(
            state,
            lines,
            after=lines[-1].id if more else None,
            waiting=corrections.waiting(session, actor),
            left_to_the_rssi=corrections.left_to_the_rssi(session, actor),
        )


def waiting_for(desk: Desk, actor: Actor) -> int:
    """How many corrections wait for her word; none for who judges none."""
    if actor.role not in JUDGES:
        return 0
    with desk.database.reading() as session:
        return corrections.waiting(session, actor)


def accept(desk: Desk, actor: Actor, correction_id: int, subject: str, body: str, at: datetime) -> None:
    """A model may learn this text, masked further where she did so, and once more as it was when first kept: what the
    mask has learnt to know since is no longer kept. Raises Invalid when nothing is left of it or when
    it was rewritten (nobody teaches words that were never reported), TooLarge over a limit,
    Conflict when it was judged already."""
    subject, body = subject.strip(), body.strip()
    if len(subject) > MAX_SUBJECT or len(body) > LONGEST_KEPT:
        raise TooLarge(
            f"Le texte est trop long : {MAX_SUBJECT} caractères au plus pour l'objet, {LONGEST_KEPT} pour la suite.",
            "subject" if len(subject) > MAX_SUBJECT else "body",
        )
    if not (subject or body):
        raise Invalid("Il ne reste rien à apprendre de ce texte : refusez-le plutôt.", "body")
    with desk.database.asking() as session:
        classifier = desk.policies.in_force(session, at).national.classifier
    hidden = [masked_whole(classifier, each, ()).strip() for each in (subject, body)]  # before the write lock
    with desk.database.writing() as session:
        row = _found(session, actor, correction_id)
        if row.state != CorrectionState.PENDING:
            raise Conflict(NO_LONGER_WAITS)
        people = (corrections.reporter_of(session, row),)
        for field, stored, left in (("subject", row.subject, subject), ("body", row.body, body)):
            if not only_masks_more(stored, left):
                raise Invalid(ONLY_MASKED, field)
        row.subject, row.body = (without_names(each, people) for each in hidden)
        _judge(row, CorrectionState.ACCEPTED, actor, at)


def refuse(desk: Desk, actor: Actor, correction_id: int, at: datetime) -> None:
    """No model learns it, and its text is erased. Raises Conflict when there is nothing left to refuse."""
    with desk.database.writing() as session:
        row = _found(session, actor, correction_id)
        if row.state not in LISTS:
            raise Conflict(NO_LONGER_WAITS)
        row.subject = row.body = ""
        _judge(row, CorrectionState.REFUSED, actor, at)


def _found(session: Session, actor: Actor, correction_id: int) -> CorrectionRow:
    _check_judge(actor)
    row = corrections.for_change(session, actor, correction_id)
    if row is None:
        raise NotFound("Cette correction n'existe pas, ou elle n'est pas à vous.")
    return row


def _judge(row: CorrectionRow, state: CorrectionState, actor: Actor, at: datetime) -> None:
    row.state, row.decided_at, row.decided_role = state.value, at, actor.role.value


def _check_judge(actor: Actor) -> None:
    if actor.role not in JUDGES:
        raise Forbidden("Les corrections du classement sont relues par le pilotage et par le RSSI.")


def _line(shown: corrections.Shown) -> CorrectionLine:
    row, gesture = shown.row, CorrectionGesture(shown.row.gesture)
    kind = ReporterRole if gesture is CorrectionGesture.FILED else Role
    return CorrectionLine(
        id=row.id,
        ticket_id=row.ticket_id,
        openable=shown.openable,
        at=row.at,
        gesture=gesture,
        channel=Channel(row.channel),
        role=kind(row.role) if row.role in {each.value for each in kind} else None,
        suggested=Category(row.suggested),
        chosen=Category(row.chosen),
        confidence=row.confidence,
        version=row.version,
        subject=row.subject,
        body=row.body,
    )
