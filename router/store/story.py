"""The journal as people read it: each event with the names and words beside it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from router.model.words import EventKind
from router.store.tables import EventDetail, EventRow

ERASED_NAME = "(nom effacé)"


@dataclass(frozen=True, slots=True)
class Entry:
    seq: int
    at: datetime
    actor: str
    actor_name: str
    kind: EventKind
    data: dict[str, Any]
    text: str
    internal: bool


def of_ticket(session: Session, ticket_id: int) -> list[Entry]:
    """The ticket's whole story, oldest first; who may read what of it is not decided here."""
    query = (
        select(EventRow, EventDetail)
        .outerjoin(
            EventDetail, (EventDetail.ticket_id == EventRow.ticket_id) & (EventDetail.seq == EventRow.seq)
        )
        .where(EventRow.ticket_id == ticket_id)
        .order_by(EventRow.seq)
    )
    return [_entry(event, detail) for event, detail in session.execute(query)]


def last_of(session: Session, ticket_id: int, kind: EventKind) -> Entry | None:
    row = session.execute(
        select(EventRow, EventDetail)
        .outerjoin(
            EventDetail, (EventDetail.ticket_id == EventRow.ticket_id) & (EventDetail.seq == EventRow.seq)
        )
        .where(EventRow.ticket_id == ticket_id, EventRow.kind == kind.value)
        .order_by(EventRow.seq.desc())
        .limit(1)
    ).one_or_none()
    return _entry(row[0], row[1]) if row else None


def corrections_of(session: Session, *ticket_ids: int) -> dict[int, list[Entry]]:
    """The times when facts of these tickets were corrected, oldest first."""
    query = (
        select(EventRow)
        .where(EventRow.ticket_id.in_(ticket_ids), EventRow.kind == EventKind.CORRECTED.value)
        .order_by(EventRow.ticket_id, EventRow.seq)
    )
    found: dict[int, list[Entry]] = {each: [] for each in ticket_ids}
    for event in session.scalars(query):
        found[event.ticket_id].append(_entry(event, None))
    return found


def last_product(session: Session, ticket_id: int) -> str | None:
    """The catalogue id of the product as last corrected; None when no correction spoke of it."""
    corrections = session.scalars(
        select(EventRow.data)
        .where(EventRow.ticket_id == ticket_id, EventRow.kind == EventKind.CORRECTED.value)
        .order_by(EventRow.seq.desc())
    )
    return next((data["product"] for data in corrections if data.get("product") is not None), None)


def _entry(event: EventRow, detail: EventDetail | None) -> Entry:
    return Entry(
        seq=event.seq,
        at=event.at,
        actor=event.actor,
        actor_name=detail.actor_name if detail else ERASED_NAME,
        kind=EventKind(event.kind),
        data=event.data,
        text=detail.text if detail else "",
        internal=detail.internal if detail else False,
    )
