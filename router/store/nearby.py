"""What surrounds a declaration before it is sent: the collège's rooms and things, and its open tickets alike."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from router.store.listing import Row, rows_of
from router.store.tables import Asset, College, Ticket

# Of one collège, to choose from: several times the largest inventory. What it holds beyond can still be typed.
MOST_ASSETS = 5_000
MOST_ALIKE = 3


@dataclass(frozen=True, slots=True)
class Likeness:
    """What makes an open ticket look like the one being declared; empty fields match nothing."""

    asset_id: int | None = None
    room: str = ""
    product: str = ""


def colleges(session: Session) -> list[College]:
    """Every collège, by name; the directory of a territory holds some hundreds of them."""
    return list(session.scalars(select(College).order_by(College.name, College.uai)))


def rooms(session: Session, uai: str) -> list[str]:
    """The rooms the inventory knows at a collège, in order."""
    query = select(Asset.room).where(Asset.uai == uai, Asset.room != "").distinct().order_by(Asset.room)
    return list(session.scalars(query.limit(MOST_ASSETS)))


class AssetLine(NamedTuple):
    """What a list shows of a thing. No whole row of the table: the page is made anew at each pause of a typist."""

    id: int
    tag: str
    label: str
    room: str
    owner: str
    product_family: str


_ASSET_LINE = (Asset.id, Asset.tag, Asset.label, Asset.room, Asset.owner, Asset.product_family)


def assets(session: Session, uai: str) -> list[AssetLine]:
    """The things of a collège's inventory, by room then tag."""
    query = select(*_ASSET_LINE).where(Asset.uai == uai).order_by(Asset.room, Asset.tag)
    return [AssetLine(*row) for row in session.execute(query.limit(MOST_ASSETS))]


def open_tickets_like(
    session: Session, seen: ColumnElement[bool], uai: str, likeness: Likeness
) -> Sequence[Row]:
    """Open tickets of the collège about the same thing, room or product, newest first; at most three."""
    pairs = (
        (Ticket.asset_id, likeness.asset_id),
        (Ticket.room, likeness.room),
        (Ticket.product, likeness.product),
    )
    alike = [column == value for column, value in pairs if value]
    if not alike:
        return []
    query = (
        select(Ticket.id)
        .where(seen, Ticket.uai == uai, Ticket.opened.is_(True), or_(*alike))
        .order_by(Ticket.opened_at.desc(), Ticket.id.desc())
        .limit(MOST_ALIKE)
    )
    return rows_of(session, list(session.scalars(query)))
