"""Corrections of the classifier by people: kept, replaced, read by whoever may, counted."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, exists, false, func, or_, select, update
from sqlalchemy.orm import Session

from router.model.actor import Actor
from router.model.corrections import CorrectionState
from router.model.words import Category, Role
from router.store.rows import insert_value
from router.store.sight import in_territory, ordinary_to, visible_to
from router.store.tables import CorrectionRow, IncidentRow, Ticket

PAGE = 20
MOST_COUNTED = 1_000

# What still may hold a text, or a judgement about one.
JUDGED = (CorrectionState.PENDING, CorrectionState.ACCEPTED, CorrectionState.REFUSED)
WORDLESS: Mapping[str, str] = {"subject": "", "body": ""}


def add(session: Session, values: Mapping[str, Any]) -> None:
    insert_value(session, CorrectionRow, {"decided_at": None, "decided_role": None, **values})


def supersede(session: Session, ticket_id: int) -> None:
    """A later word replaces what was said of this ticket's category: its texts go."""
    _settle(session, CorrectionRow.ticket_id == ticket_id, CorrectionState.SUPERSEDED)


def erase_of(session: Session, ticket_ids: Sequence[int]) -> None:
    """The tickets' words are erased: the corrections' too. That they were made, and of what, stays."""
    _settle(session, CorrectionRow.ticket_id.in_(ticket_ids), CorrectionState.ERASED)


def _settle(session: Session, which: ColumnElement[bool], state: CorrectionState) -> None:
    session.execute(
        update(CorrectionRow)
        .where(which, CorrectionRow.state.in_(JUDGED))
        .values(state=state.value, **WORDLESS)
        .execution_options(synchronize_session=False)
    )


def judged_by(actor: Actor) -> ColumnElement[bool]:
    """Whose corrections `actor` reads and judges. What touches security is the RSSI's alone; the rest is a manager's,
    where she may see the ticket."""
    match actor.role:
        case Role.RSSI:
            return and_(_touches_security(), in_territory(actor))
        case Role.MANAGER:
            return and_(~_touches_security(), ordinary_to(actor))
        case _:
            return false()


def _touches_security() -> ColumnElement[bool]:
    """An alert's words, those she reads in her review list, any text that would teach what is an attack or isn't: one
    that left a doubt does, even where a person answered that it was none."""
    security = Category.SECURITY.value
    doubted = func.coalesce(IncidentRow.classification["doubt"].as_boolean(), false())
    return or_(
        Ticket.alert.is_(True),
        Ticket.review.is_not(None),
        CorrectionRow.suggested == security,
        CorrectionRow.chosen == security,
        exists().where(IncidentRow.id == Ticket.incident_id, doubted),
    )


class Shown(NamedTuple):
    """A correction, and whether its reader may open the ticket."""

    row: CorrectionRow
    openable: bool


def page(session: Session, actor: Actor, state: CorrectionState, after: int | None) -> tuple[list[Shown], bool]:
    """PAGE of them, the oldest first, past the number `after`; whether more follow."""
    query = (
        select(CorrectionRow, func.coalesce(visible_to(actor), False))
        .join(Ticket, Ticket.id == CorrectionRow.ticket_id)
        .where(CorrectionRow.state == state.value, judged_by(actor), CorrectionRow.id > (after or 0))
        .order_by(CorrectionRow.id)
        .limit(PAGE + 1)
    )
    found = [Shown(row, bool(openable)) for row, openable in session.execute(query)]
    return found[:PAGE], len(found) > PAGE


def waiting(session: Session, actor: Actor) -> int:
    """How many wait for her, counted up to MOST_COUNTED."""
    return _waiting(session, judged_by(actor))


def left_to_the_rssi(session: Session, actor: Actor) -> int:
    """How many wait for the RSSI among the tickets a manager may see, alerts apart: she is told of no alert."""
    if actor.role is not Role.MANAGER:
        return 0
    return _waiting(session, and_(_touches_security(), ordinary_to(actor)))


def _waiting(session: Session, which: ColumnElement[bool]) -> int:
    query = (
        select(CorrectionRow.id)
        .join(Ticket, Ticket.id == CorrectionRow.ticket_id)
        .where(CorrectionRow.state == CorrectionState.PENDING.value, which)
        .limit(MOST_COUNTED)
    )
    return session.scalar(select(func.count()).select_from(query.subquery())) or 0


def for_change(session: Session, actor: Actor, correction_id: int) -> CorrectionRow | None:
    """The correction, locked, when it is hers to judge."""
    query = (
        select(CorrectionRow)
        .join(Ticket, Ticket.id == CorrectionRow.ticket_id)
        .where(CorrectionRow.id == correction_id, judged_by(actor))
        .with_for_update(of=CorrectionRow)
    )
    return session.scalars(query).one_or_none()


def reporter_of(session: Session, row: CorrectionRow) -> str:
    """The name under which its incident was reported; nothing once it is erased."""
    query = (
        select(IncidentRow.reporter_name)
        .join(Ticket, Ticket.incident_id == IncidentRow.id)
        .where(Ticket.id == row.ticket_id)
    )
    return session.scalars(query).one_or_none() or ""
