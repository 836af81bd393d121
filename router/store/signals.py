"""The RSSI's review list: signals of an attack nobody has confirmed, the oldest first, by what was said of them."""

from collections.abc import Sequence
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, case, exists, func, or_, select
from sqlalchemy.orm import Session

from router.model.actor import Actor
from router.model.incident import UNKNOWN
from router.model.words import Category, EventKind
from router.store.listing import COUNTED, Page, selection
from router.store.sight import reviews_to
from router.store.tables import EventRow, IncidentRow, Ticket

PAGE = 20
_NOT_ANOTHER = (UNKNOWN, Category.SECURITY.value)


class Said(StrEnum):
    """What was said of a signal. CORRECTED: a team mended the ticket since, whatever was said at first. DENIED: no, or
    another kind of incident chosen. UNANSWERED: neither."""

    UNANSWERED = "unanswered"
    DENIED = "denied"
    CORRECTED = "corrected"


def page(session: Session, actor: Actor, said: Said | None, after: str | None) -> Page:
    """PAGE of those `actor` may see."""
    which = reviews_to(actor) if said is None else and_(reviews_to(actor), _said() == said.value)
    return selection(session, which, after, descending=False, size=PAGE)


def counts(session: Session, actor: Actor) -> dict[Said, int]:
    """How many of each, among the first COUNTED + 1."""
    inner = select(_said().label("said")).where(reviews_to(actor)).limit(COUNTED + 1).subquery()
    query = select(inner.c.said, func.count()).group_by(inner.c.said)
    return dict.fromkeys(Said, 0) | {Said(said): count for said, count in session.execute(query)}


def incidents(session: Session, ticket_ids: Sequence[int]) -> dict[int, IncidentRow]:
    """What was declared, by ticket."""
    query = (
        select(Ticket.id, IncidentRow)
        .join(IncidentRow, IncidentRow.id == Ticket.incident_id)
        .where(Ticket.id.in_(ticket_ids))
    )
    return {row.id: row.IncidentRow for row in session.execute(query)}


def _said() -> ColumnElement[str]:
    corrected = exists().where(EventRow.ticket_id == Ticket.id, EventRow.kind == EventKind.CORRECTED.value)
    chosen = IncidentRow.declared["category"].as_string()
    no = or_(
        IncidentRow.declared["security_suspected"].as_boolean().is_(False),
        and_(chosen.is_not(None), chosen.not_in(_NOT_ANOTHER)),
    )
    denied = exists().where(IncidentRow.id == Ticket.incident_id, no)
    return case((corrected, Said.CORRECTED.value), (denied, Said.DENIED.value), else_=Said.UNANSWERED.value)
