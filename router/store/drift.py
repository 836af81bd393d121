"""How often people say another category than the one suggested: counts only, by week, product, pair and version.

A ticket counts in the week it was filed in, once, by the correction in force. Alerts only for whoever reads them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Integer, and_, case, func, literal, select
from sqlalchemy.orm import Session

from router.model.actor import Actor
from router.model.corrections import CorrectionState
from router.model.words import Role
from router.store.sight import in_territory
from router.store.tables import CorrectionRow, Ticket

# In force: said against the suggestion, whatever was decided about learning it.
_IN_FORCE = (
    CorrectionState.PENDING.value,
    CorrectionState.ACCEPTED.value,
    CorrectionState.REFUSED.value,
    CorrectionState.ERASED.value,
)


class Suggested(NamedTuple):
    """So many tickets had a category suggested."""

    week: int
    product: str
    version: str
    tickets: int


class Corrected(NamedTuple):
    """So many were corrected, from one category to another."""

    week: int
    product: str
    version: str
    suggested: str
    chosen: str
    tickets: int


class Renamed(NamedTuple):
    """So many times another product than the one found in the words."""

    found: str
    said: str
    tickets: int


def counted_for(actor: Actor) -> ColumnElement[bool]:
    """Hers to count: her territory's, without alerts unless she is the RSSI."""
    if actor.role is Role.RSSI:
        return in_territory(actor)
    return and_(Ticket.alert.is_(False), in_territory(actor))


def suggested(session: Session, seen: ColumnElement[bool], weeks: Sequence[datetime]) -> list[Suggested]:
    """`weeks` are their first instants, and the end of the last one."""
    columns: tuple[Any, ...] = (_week(weeks), Ticket.product, func.coalesce(Ticket.suggested_by, ""))
    query = select(*columns, func.count()).where(*_within(weeks), seen).group_by(*columns)
    return [Suggested._make(row) for row in session.execute(query)]


def corrected(session: Session, seen: ColumnElement[bool], weeks: Sequence[datetime]) -> list[Corrected]:
    columns: tuple[Any, ...] = (
        _week(weeks),
        Ticket.product,
        func.coalesce(Ticket.suggested_by, ""),
        CorrectionRow.suggested,
        CorrectionRow.chosen,
    )
    query = (
        select(*columns, func.count(func.distinct(CorrectionRow.ticket_id)))
        .join(Ticket, Ticket.id == CorrectionRow.ticket_id)
        .where(
            *_within(weeks),
            CorrectionRow.at >= weeks[0],
            CorrectionRow.state.in_(_IN_FORCE),
            CorrectionRow.suggested != CorrectionRow.chosen,
            seen,
        )
        .group_by(*columns)
    )
    return [Corrected._make(row) for row in session.execute(query)]


def renamed(
    session: Session, seen: ColumnElement[bool], weeks: Sequence[datetime], limit: int
) -> list[Renamed]:
    """The most frequent first."""
    tickets = func.count(func.distinct(CorrectionRow.ticket_id))
    columns = (CorrectionRow.product_suggested, CorrectionRow.product)
    query = (
        select(*columns, tickets)
        .join(Ticket, Ticket.id == CorrectionRow.ticket_id)
        .where(
            *_within(weeks),
            CorrectionRow.at >= weeks[0],
            CorrectionRow.state != CorrectionState.SUPERSEDED.value,
            CorrectionRow.product_suggested != CorrectionRow.product,
            CorrectionRow.product_suggested != "",
            seen,
        )
        .group_by(*columns)
        .order_by(tickets.desc(), *columns)
        .limit(limit)
    )
    return [Renamed._make(row) for row in session.execute(query)]


def _within(weeks: Sequence[datetime]) -> tuple[ColumnElement[bool], ...]:
    return Ticket.opened_at >= weeks[0], Ticket.opened_at < weeks[-1], Ticket.suggested.is_not(None)


def _week(weeks: Sequence[datetime]) -> ColumnElement[int]:
    """The rank of the week a ticket was filed in: bounds are instants, as civil weeks are not all as long."""
    later = [(Ticket.opened_at < end, literal(rank, Integer)) for rank, end in enumerate(weeks[1:])]
    return case(*later, else_=literal(len(later), Integer))
