"""Seals over the journal: one digest over the head of every ticket's chain, chained to the seal before it.

A chain alone doesn't tell whether a whole history was written anew, entry by entry; a digest that both institutions
have received does."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from router.store.journal import GENESIS, UNREADABLE
from router.store.rows import insert_values, table_of
from router.store.tables import EventRow, SealedHead, SealRow, Ticket

CONTENT = "le contenu du scellé a changé"
FOLLOWS = "un scellé manque, ou le scellé ne suit pas le précédent"


@dataclass(frozen=True, slots=True)
class Seal:
    """`digest` covers the number, the instant, the seal before it and each ticket's head, in ticket order."""

    number: int
    at: datetime
    tickets: int
    entries: int
    previous: str
    digest: str


@dataclass(frozen=True, slots=True)
class SealBreak:
    """A seal that no longer holds, and why (in French); the first ticket at fault, when it is one. No `at`: the
    seal can't even be read."""

    number: int
    at: datetime | None
    reason: str
    ticket_id: int | None = None
    seq: int | None = None


def last_seal(session: Session) -> Seal | None:
    row = session.scalars(select(SealRow).order_by(SealRow.number.desc()).limit(1)).one_or_none()
    return _seal(row) if row else None


def make_seal(session: Session, at: datetime) -> Seal:
    """Seals what is committed now, in the caller's transaction; two at once can't both have the same number."""
    before = last_seal(session)
    number, previous = (before.number + 1, before.digest) if before else (1, GENESIS)
    at = (
        max(at, before.at) if before else at
    )  # a machine whose clock was put back makes no seal older than the last
    # The heads first, and one reading: what commits meanwhile belongs to the next seal.
    moved = session.execute(_MOVED).all()
    heads = {ticket: (seq, mark) for ticket, seq, mark in session.execute(_LAST_SEALED)}
    heads |= {ticket: (seq, mark) for ticket, seq, mark in moved}
    tickets, entries = _counts(heads)
    digest = _digest(number, at, previous, heads)
    seal = Seal(number, at, tickets, entries, previous, digest)
    values = {"number": number, "at": at, "tickets": tickets, "entries": entries}
    insert_values(session, SealRow, [values | {"previous": previous, "digest": digest}])
    rows = [{"ticket_id": ticket, "seal": number, "seq": seq, "hash": mark} for ticket, seq, mark in moved]
    insert_values(session, SealedHead, rows)
    return seal


def verify_seals(session: Session) -> tuple[tuple[Seal, ...], tuple[SealBreak, ...]]:
    """Every seal, and what no longer holds: seals that were changed or taken out, then for each seal the first ticket
    whose history before it is no longer the one that was sealed."""
    seals, found = _read(session)
    by_number = {each.number: each for each in seals}
    found.extend(_changed(session, seals))
    blamed: set[int] = set()
    for number, ticket, seq, there in session.execute(_NO_LONGER_THERE):
        if number in blamed or number not in by_number:
            continue
        blamed.add(number)
        reason = (
            f"l'entrée {seq} du dossier {ticket}, ou une entrée d'avant, a été modifiée, retirée ou ajoutée"
            if there
            else f"l'entrée {seq} du dossier {ticket} a été retirée"
        )
        found.append(SealBreak(number, by_number[number].at, reason, ticket, seq))
    return tuple(seals), tuple(sorted(found, key=lambda each: each.number))


def _read(session: Session) -> tuple[list[Seal], list[SealBreak]]:
    """One by one: a seal that can't be read is named, and the others are checked."""
    seals, breaks = [], []
    for number in session.scalars(select(SealRow.number).order_by(SealRow.number)).all():
        try:
            seals.append(_seal(session.get_one(SealRow, number)))
        except UNREADABLE:
            breaks.append(SealBreak(number, None, "le scellé ne peut plus être lu"))
    return seals, breaks


def _changed(session: Session, seals: list[Seal]) -> Iterator[SealBreak]:
    """Seals whose digest is no longer that of their heads, or that don't follow one another."""
    heads: dict[int, tuple[int, str]] = {}
    rows = iter(session.execute(_ALL_SEALED.execution_options(yield_per=5000)))
    row = next(rows, None)
    previous, expected = GENESIS, 1
    for seal in seals:
        while row is not None and row.seal <= seal.number:
            heads[row.ticket_id] = (row.seq, row.hash)
            row = next(rows, None)
        if (seal.number, seal.previous) != (expected, previous):
            yield SealBreak(seal.number, seal.at, FOLLOWS)
        elif _said(seal) != (_digest(seal.number, seal.at, seal.previous, heads), *_counts(heads)):
            yield SealBreak(seal.number, seal.at, CONTENT)
        previous, expected = seal.digest, seal.number + 1


def _said(seal: Seal) -> tuple[str, int, int]:
    return seal.digest, seal.tickets, seal.entries


def _counts(heads: dict[int, tuple[int, str]]) -> tuple[int, int]:
    """Tickets, and entries of their journals."""
    return len(heads), sum(seq for seq, _ in heads.values())


def _digest(number: int, at: datetime, previous: str, heads: dict[int, tuple[int, str]]) -> str:
    """SHA-256 of a text that anyone can write: a line for the seal, then one for each ticket."""
    first = f"{number} {at.astimezone(UTC).isoformat(timespec='microseconds')} {previous}"
    lines = [first, *(f"{ticket} {seq} {mark}" for ticket, (seq, mark) in sorted(heads.items()))]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _seal(row: SealRow) -> Seal:
    return Seal(row.number, row.at, row.tickets, row.entries, row.previous, row.digest)


_HEAD = table_of(SealedHead).c
_LATEST = (
    select(_HEAD.ticket_id, func.max(_HEAD.seal).label("seal")).group_by(_HEAD.ticket_id).subquery("latest")
)
_LAST_SEALED = select(_HEAD.ticket_id, _HEAD.seq, _HEAD.hash).join(
    _LATEST, (_LATEST.c.ticket_id == _HEAD.ticket_id) & (_LATEST.c.seal == _HEAD.seal)
)
_SEALED = _LAST_SEALED.subquery("sealed")
_MOVED = (
    select(Ticket.id, Ticket.head_seq, Ticket.head_hash)
    .outerjoin(_SEALED, _SEALED.c.ticket_id == Ticket.id)
    .where(_SEALED.c.seq.is_(None) | (_SEALED.c.hash != Ticket.head_hash))
    .order_by(Ticket.id)
)
_ALL_SEALED = select(_HEAD.seal, _HEAD.ticket_id, _HEAD.seq, _HEAD.hash).order_by(_HEAD.seal, _HEAD.ticket_id)
_NO_LONGER_THERE = (
    select(_HEAD.seal, _HEAD.ticket_id, _HEAD.seq, EventRow.hash.is_not(None).label("there"))
    .outerjoin(EventRow, (EventRow.ticket_id == _HEAD.ticket_id) & (EventRow.seq == _HEAD.seq))
    .where(EventRow.hash.is_(None) | (EventRow.hash != _HEAD.hash))
    .order_by(_HEAD.seal, _HEAD.ticket_id)
)
