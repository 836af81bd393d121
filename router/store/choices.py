"""What lists of choices are read from: the people of a team, the collèges that have something open."""

from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.orm import Session

from router.model.words import Party
from router.store.tables import Account, College, Ticket

MEMBERS = 200
COLLEGES = 1_000


def members(session: Session, party: Party, convention_id: str | None) -> list[tuple[int, str]]:
    """The active people of a party, those of one convention when one is given, by name."""
    query = select(Account.id, Account.name).where(Account.party == party.value, Account.active.is_(True))
    if convention_id is not None:
        query = query.where(or_(Account.convention_id.is_(None), Account.convention_id == convention_id))
    return [(key, name) for key, name in session.execute(query.order_by(Account.name).limit(MEMBERS))]


def colleges_with_open(session: Session, seen: ColumnElement[bool]) -> list[tuple[str, str, str]]:
    """(UAI, name, town) of the collèges that have an open ticket among those `seen`, by town."""
    some = exists().where(Ticket.uai == College.uai, Ticket.opened.is_(True), seen)
    query = select(College.uai, College.name, College.town).where(some)
    rows = session.execute(query.order_by(College.town, College.name).limit(COLLEGES))
    return [(uai, name, town) for uai, name, town in rows]
