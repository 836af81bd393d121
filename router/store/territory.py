"""Collèges, their inventory, the parties' channels, and the accounts a file brings: read and upserted in bulk.

Writers take whole rows as mappings, so that an import costs a handful of statements whatever its size."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from router.store.tables import Account, Asset, Base, College, PartyChannel

BATCH = 500  # keys in one IN (…): under every engine's limit

RowValues = Mapping[str, Any]


def colleges_of_departements(session: Session, departements: Iterable[str]) -> dict[str, College]:
    """Every collège of these départements, by UAI."""
    rows = session.scalars(
        select(College).where(College.departement.in_(sorted(set(departements)))).order_by(College.uai)
    )
    return {row.uai: row for row in rows}


def college_names(session: Session, uais: Iterable[str]) -> dict[str, str]:
    """The names of collèges by their UAI; one that isn't known is left out."""
    found: dict[str, str] = {}
    for some in _batches(sorted(set(uais))):
        rows = session.execute(select(College.uai, College.name).where(College.uai.in_(some)))
        found.update((row.uai, row.name) for row in rows)
    return found


def colleges_by_uai(session: Session, uais: Iterable[str]) -> dict[str, College]:
    """These collèges; one that isn't known is left out."""
    found: dict[str, College] = {}
    for some in _batches(sorted(set(uais))):
        found.update((row.uai, row) for row in session.scalars(select(College).where(College.uai.in_(some))))
    return found


def known_uais(session: Session) -> frozenset[str]:
    return frozenset(session.scalars(select(College.uai)))


def college_conventions(session: Session) -> dict[str, str | None]:
    """Every known UAI, and the convention its collège is attached to."""
    return {row.uai: row.convention_id for row in session.execute(select(College.uai, College.convention_id))}


def assets_of_colleges(session: Session, uais: Iterable[str]) -> dict[tuple[str, str], Asset]:
    """Every asset of these collèges, by (UAI, tag), in that order."""
    found: dict[tuple[str, str], Asset] = {}
    for some in _batches(sorted(set(uais))):
        rows = session.scalars(select(Asset).where(Asset.uai.in_(some)).order_by(Asset.uai, Asset.tag))
        found.update(((row.uai, row.tag), row) for row in rows)
    return found


def accounts_by_email(session: Session, emails: Iterable[str]) -> dict[str, Account]:
    """The accounts of these addresses (lower case)."""
    found: dict[str, Account] = {}
    for some in _batches(sorted(set(emails))):
        rows = session.scalars(select(Account).where(Account.email.in_(some)))
        found.update((row.email, row) for row in rows)
    return found


def add_rows(session: Session, table: type[Base], rows: Sequence[RowValues]) -> None:
    """Inserts whole rows."""
    if rows:
        session.execute(insert(table), [dict(row) for row in rows])


def add_accounts(session: Session, rows: Sequence[RowValues]) -> list[int]:
    """Inserts accounts: their ids, in the order given."""
    if not rows:
        return []
    ids = insert(Account).returning(Account.id, sort_by_parameter_order=True)
    return list(session.scalars(ids, [dict(row) for row in rows]))


def change_rows(session: Session, table: type[Base], rows: Sequence[RowValues]) -> None:
    """Updates rows by primary key; each mapping holds the key and the columns to change."""
    if rows:
        session.execute(update(table), [dict(row) for row in rows])


def channels_of_party(session: Session, party: str) -> list[PartyChannel]:
    """All the addresses of a party, in the order they were given."""
    return list(
        session.scalars(select(PartyChannel).where(PartyChannel.party == party).order_by(PartyChannel.id))
    )


def set_channel(
    session: Session,
    *,
    party: str,
    purpose: str,
    email: str,
    phone: str = "",
    convention_id: str | None = None,
    uai: str | None = None,
) -> PartyChannel:
    """The one channel of a party for this purpose and place: created, or given its new address."""
    channel = session.scalars(
        select(PartyChannel).where(
            PartyChannel.party == party,
            PartyChannel.purpose == purpose,
            PartyChannel.convention_id.is_not_distinct_from(convention_id),
            PartyChannel.uai.is_not_distinct_from(uai),
        )
    ).first()
    if channel is None:
        channel = PartyChannel(party=party, purpose=purpose, convention_id=convention_id, uai=uai)
        session.add(channel)
    channel.email, channel.phone = email, phone
    session.flush()
    return channel


def _batches(keys: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(keys), BATCH):
        yield keys[start : start + BATCH]
