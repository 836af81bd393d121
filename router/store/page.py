"""What surrounds a ticket on its page: a few queries, whatever the number of rows."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from router.store.listing import Row, rows_of
from router.store.tables import Account, AlertReader, Asset, College, DecisionRow, Ticket

HISTORY = 10
COLLEAGUES = 200


@dataclass(frozen=True, slots=True)
class Around:
    college: College
    assignee: tuple[int, str] | None
    asset: Asset | None
    decisions: int
    duplicates: list[int]
    containments: list[int]
    readers: list[tuple[int, str]]


def around(session: Session, ticket: Ticket) -> Around:
    assignee = session.get(Account, ticket.assignee_id) if ticket.assignee_id else None
    linked = session.execute(
        select(Ticket.id, Ticket.duplicate_of)
        .where(or_(Ticket.duplicate_of == ticket.id, Ticket.containment_of == ticket.id))
        .order_by(Ticket.id)
        .limit(HISTORY * 5)
    ).all()
    return Around(
        college=session.get_one(College, ticket.uai),
        assignee=(assignee.id, assignee.name) if assignee else None,
        asset=session.get(Asset, ticket.asset_id) if ticket.asset_id else None,
        decisions=session.scalar(select(func.count(DecisionRow.id)).where(DecisionRow.ticket_id == ticket.id))
        or 0,
        duplicates=[key for key, original in linked if original == ticket.id],
        containments=[key for key, original in linked if original != ticket.id],
        readers=_readers(session, ticket) if ticket.alert else [],
    )


def asset_history(session: Session, ticket: Ticket, seen: ColumnElement[bool]) -> Sequence[Row]:
    """The asset's earlier tickets she may see, newest first."""
    if ticket.asset_id is None:
        return []
    keys = session.scalars(
        select(Ticket.id)
        .where(Ticket.asset_id == ticket.asset_id, Ticket.id != ticket.id, seen)
        .order_by(Ticket.id.desc())
        .limit(HISTORY)
    )
    return rows_of(session, list(keys))


def colleagues(session: Session, ticket: Ticket) -> list[tuple[int, str]]:
    """The active people of the party that holds the ticket, for its convention."""
    rows = session.execute(
        select(Account.id, Account.name)
        .where(
            Account.party == ticket.holder,
            Account.active.is_(True),
            or_(Account.convention_id.is_(None), Account.convention_id == ticket.convention_id),
        )
        .order_by(Account.name)
        .limit(COLLEAGUES)
    )
    return [(key, name) for key, name in rows]


def _readers(session: Session, ticket: Ticket) -> list[tuple[int, str]]:
    rows = session.execute(
        select(Account.id, Account.name)
        .join(AlertReader, AlertReader.account_id == Account.id)
        .where(AlertReader.ticket_id == ticket.id)
        .order_by(Account.name)
    )
    return [(key, name) for key, name in rows]
