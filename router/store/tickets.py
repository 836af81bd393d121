"""Tickets to act on: found under a visibility, locked for the transaction that changes them."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, bindparam, func, select, text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from router.model.actor import Actor
from router.model.words import Party
from router.store.audience import Recipient
from router.store.rows import insert_row, insert_value, insert_values, table_of
from router.store.sight import visible_to
from router.store.tables import (
    Account,
    AlertReader,
    Asset,
    Attachment,
    College,
    DecisionRow,
    IncidentRow,
    Ticket,
    TicketParty,
)


def for_change(session: Session, ticket_id: int, actor: Actor) -> Ticket | None:
    """The ticket, locked, when `actor` may see it."""
    query = select(Ticket).where(Ticket.id == ticket_id, visible_to(actor)).with_for_update()
    return session.scalars(query).one_or_none()


def seen(session: Session, ticket_id: int, condition: ColumnElement[bool]) -> Ticket | None:
    return session.scalars(select(Ticket).where(Ticket.id == ticket_id, condition)).one_or_none()


def incident(session: Session, ticket: Ticket) -> IncidentRow:
    return session.get_one(IncidentRow, ticket.incident_id)


_TICKET = table_of(Ticket)
_SETTLED = ("decision_id", "holding_id", "due_at", "head_seq", "head_hash", "head_at")
_SETTLING = (
    update(_TICKET)
    .where(_TICKET.c.id == bindparam("its_id"))
    .values({name: bindparam(f"its_{name}") for name in _SETTLED})
)


# Asked for each message: two columns are read, not a whole row with its texts.
_INCIDENT, _COLLEGE = table_of(IncidentRow).c, table_of(College).c
_REPORTER = select(_INCIDENT.reporter_email, _INCIDENT.reporter_id).where(_INCIDENT.id == bindparam("its_id"))
_COLLEGE_NAME = select(_COLLEGE.name).where(_COLLEGE.uai == bindparam("its_uai"))


class CollegeHere(NamedTuple):
    """A collège, by the columns a filing needs, named as they are."""

    uai: str
    name: str
    town: str
    phone: str
    convention_id: str | None


_COLLEGE_HERE = select(*(_COLLEGE[name] for name in CollegeHere._fields)).where(
    _COLLEGE.uai == bindparam("its_uai")
)
_KNOWN = "collèges known"


class DuplicateExternalId(Exception):
    """Another process has just committed the same external id."""


def _add_incident(session: Session, incident: Mapping[str, Any]) -> int:
    try:
        return insert_value(session, IncidentRow, incident)
    except IntegrityError as error:
        if incident["external_id"] is None:
            raise
        raise DuplicateExternalId(incident["external_id"]) from error


def add_new(session: Session, incident: Mapping[str, Any], ticket: Ticket) -> None:
    """A new ticket with its incident (values by column) and its words in the index. `settle_new` must follow.

    Raises DuplicateExternalId; the transaction is then lost."""
    ticket.incident_id = _add_incident(session, incident)
    ticket.id = insert_row(session, ticket)
    _index_words(session, ticket)


def settle_new(session: Session, ticket: Ticket) -> None:
    """Writes what a new ticket owes to the rows made after it."""
    values = {f"its_{name}": getattr(ticket, name) for name in ("id", *_SETTLED)}
    session.connection().execute(_SETTLING, values)


def by_external_id(
    session: Session, external_id: str, *, locked: bool = False
) -> tuple[IncidentRow, Ticket] | None:
    """What another system, or the form of this key, sent; `locked`: the ticket is about to be changed."""
    query = (
        select(IncidentRow, Ticket)
        .join(Ticket, Ticket.incident_id == IncidentRow.id)
        .where(IncidentRow.external_id == external_id)
    )
    row = session.execute(query.with_for_update(of=Ticket) if locked else query).one_or_none()
    return (row[0], row[1]) if row else None


def reporter(session: Session, ticket: Ticket) -> Recipient | None:
    """Whoever declared, at the address given then; None when none was."""
    email, account = session.connection().execute(_REPORTER, {"its_id": ticket.incident_id}).one()
    return Recipient(email, "", account) if email else None


def college(session: Session, uai: str) -> CollegeHere | None:
    """What a filing needs of a collège. Asked once in a session, which is one transaction's."""
    known: dict[str, CollegeHere] = session.info.setdefault(_KNOWN, {})
    if uai not in known:
        row = session.connection().execute(_COLLEGE_HERE, {"its_uai": uai}).one_or_none()
        if row is None:
            return None
        known[uai] = CollegeHere(*row)
    return known[uai]


def college_name(session: Session, uai: str) -> str:
    name: str | None = session.connection().scalar(_COLLEGE_NAME, {"its_uai": uai})
    return name or uai


def asset(session: Session, uai: str, tag: str) -> Asset | None:
    return session.scalars(select(Asset).where(Asset.uai == uai, Asset.tag == tag)).one_or_none()


def decision(session: Session, ticket: Ticket) -> DecisionRow:
    if ticket.decision_id is None:
        raise LookupError(f"ticket {ticket.id} has no decision")
    return session.get_one(DecisionRow, ticket.decision_id)


def decisions(session: Session, ticket_id: int, most: int, before: int | None = None) -> list[DecisionRow]:
    """A ticket's decisions in the order they were taken: the last `most` of them, or of those before a given one."""
    query = select(DecisionRow).where(DecisionRow.ticket_id == ticket_id)
    if before is not None:
        query = query.where(DecisionRow.id < before)
    return list(session.scalars(query.order_by(DecisionRow.id.desc()).limit(most)))[::-1]


def decision_of(session: Session, ticket_id: int, decision_id: int) -> DecisionRow | None:
    """None when that decision isn't of this ticket."""
    row = session.get(DecisionRow, decision_id)
    return row if row is not None and row.ticket_id == ticket_id else None


def add_decision(session: Session, ticket: Ticket, row: DecisionRow) -> None:
    """Adds a decision and makes it the ticket's present one."""
    row.id = ticket.decision_id = insert_row(session, row)


def remember_parties(session: Session, ticket_id: int, parties: Iterable[Party]) -> None:
    """The parties a new ticket concerns: its holder and those told."""
    rows = [{"ticket_id": ticket_id, "party": party.value} for party in sorted(set(parties))]
    insert_values(session, TicketParty, rows)


def remember_party(session: Session, ticket_id: int, party: Party) -> None:
    """The ticket concerns this party: it holds it, or was told of it."""
    if session.get(TicketParty, (ticket_id, party.value)) is None:
        session.add(TicketParty(ticket_id=ticket_id, party=party.value))


def concerns(session: Session, ticket_id: int, party: Party) -> bool:
    """Whether the party has held the ticket or been told of it."""
    return session.get(TicketParty, (ticket_id, party.value)) is not None


def seen_among(session: Session, ids: Iterable[int], condition: ColumnElement[bool]) -> frozenset[int]:
    """Those of these tickets that the condition lets see."""
    asked = sorted(set(ids))
    if not asked:
        return frozenset()
    return frozenset(session.scalars(select(Ticket.id).where(Ticket.id.in_(asked), condition)))


def admit(session: Session, ticket_id: int, account_id: int, at: datetime, by: str) -> bool:
    if session.get(AlertReader, (ticket_id, account_id)) is not None:
        return False
    session.add(AlertReader(ticket_id=ticket_id, account_id=account_id, admitted_at=at, admitted_by=by))
    return True


def colleague(session: Session, account_id: int, party: Party, convention_id: str | None) -> Account | None:
    """An active account of `party` that may be given a ticket of this convention."""
    return session.scalars(
        select(Account).where(
            Account.id == account_id,
            Account.party == party.value,
            Account.active.is_(True),
            (Account.convention_id == convention_id) | Account.convention_id.is_(None),
        )
    ).one_or_none()


_INDEXING = text("INSERT INTO ticket_words (rowid, search_text) VALUES (:id, :words)")


def _index_words(session: Session, ticket: Ticket) -> None:
    """Puts a new ticket's words in SQLite's text index; PostgreSQL indexes the column itself."""
    if session.get_bind().dialect.name != "sqlite":
        return
    session.connection().execute(_INDEXING, {"id": ticket.id, "words": ticket.search_text})


def attachments_size(session: Session, ticket_id: int) -> tuple[int, int]:
    """How many attachments the ticket has, and their bytes in all."""
    row = session.execute(
        select(func.count(Attachment.id), func.coalesce(func.sum(Attachment.size), 0)).where(
            Attachment.ticket_id == ticket_id
        )
    ).one()
    return int(row[0]), int(row[1])
