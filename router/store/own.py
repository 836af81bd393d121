"""What waits for the people of a collège: an answer, a confirmation, the first level."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import Session

from router.model.actor import Actor
from router.model.words import Party, PauseCause, Role, TicketStatus
from router.store.tables import PauseRow, Ticket


def waits_for(actor: Actor) -> ColumnElement[bool]:
    """The tickets whose next step is hers, among those she may see."""
    resolved = and_(Ticket.status == TicketStatus.RESOLVED.value, Ticket.duplicate_of.is_(None))
    steps = [_asked(), resolved]
    if actor.role is Role.RUPN:
        held = and_(Ticket.holder == Party.RUPN.value, Ticket.opened.is_(True))
        steps.append(and_(held, Ticket.status != TicketStatus.WAITING.value))
    return or_(*steps)


def asked_among(session: Session, ids: Sequence[int]) -> frozenset[int]:
    """Those of these tickets that wait for the collège's answer."""
    if not ids:
        return frozenset()
    return frozenset(session.scalars(select(Ticket.id).where(Ticket.id.in_(ids), _asked())))


def _asked() -> ColumnElement[bool]:
    pause = exists().where(
        PauseRow.ticket_id == Ticket.id,
        PauseRow.cause == PauseCause.REQUESTER.value,
        PauseRow.until_at.is_(None),
    )
    return and_(Ticket.status == TicketStatus.WAITING.value, pause)
