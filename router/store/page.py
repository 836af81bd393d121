"""What surrounds a ticket on its page: a few queries, whatever the number of rows."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, bindparam, or_, select
from sqlalchemy.orm import Session

from router.store.listing import Row, rows_of
from router.store.tables import Account, AlertReader, Asset, College, IncidentRow, Ticket

HISTORY = 10
COLLEAGUES = 200


@dataclass(frozen=True, slots=True)
class Around:
    incident: IncidentRow
    college: College
    assignee: tuple[int, str] | None
    asset: Asset | None
    duplicates: list[int]
    containments: list[int]
    readers: list[tuple[int, str]]


def around(session: Session, ticket: Ticket) -> Around:
    """What has one row comes in one query; the tickets tied to this one in another."""
    incident, college, asset, assignee = session.execute(_SINGLE, {"its_id": ticket.id}).one()
    linked = session.execute(_TIED, {"its_id": ticket.id}).all()
    return Around(
        incident=incident,
        college=college,
        assignee=(ticket.assignee_id, assignee) if ticket.assignee_id and assignee else None,
        asset=asset,
        duplicates=[key for key, original in linked if original == ticket.id],
        containments=[key for key, original in linked if original != ticket.id],
        readers=_readers(session, ticket) if ticket.alert else [],
    )


_SINGLE = (
    select(IncidentRow, College, Asset, Account.name)
    .select_from(Ticket)
    .join(IncidentRow, IncidentRow.id == Ticket.incident_id)
    .join(College, College.uai == Ticket.uai)
    .outerjoin(Asset, Asset.id == Ticket.asset_id)
    .outerjoin(Account, Account.id == Ticket.assignee_id)
    .where(Ticket.id == bindparam("its_id"))
)
_TIED = (
    select(Ticket.id, Ticket.duplicate_of)
    .where(or_(Ticket.duplicate_of == bindparam("its_id"), Ticket.containment_of == bindparam("its_id")))
    .order_by(Ticket.id)
    .limit(HISTORY * 5)
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
