"""The journal: append only, hash-chained per ticket, verifiable by anyone who holds a copy.

What is chained holds ids only. Names and free text lie beside it in `event_detail` with a salt; the chain keeps
their salted digest, so erasing them leaves every hash valid."""

import hashlib
import json
import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple

from sqlalchemy import bindparam, select, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from router.model.words import EventKind
from router.store.rows import as_document, insert_values, recordset, run_for_each, sent_whole, table_of
from router.store.tables import EventDetail, EventRow, Ticket

GENESIS = "0" * 64
ERASED = ""


@dataclass(frozen=True, slots=True)
class Signature:
    """Who acts: an id for the chain, and the name as it is today for the story."""

    actor: str
    name: str


WORKER = Signature("worker", "Aiguillage")
COMMAND = Signature("command", "Ligne de commande")


class Entry(NamedTuple):
    """An event about to be written, and the names and words beside it: values by column."""

    event: dict[str, Any]
    detail: dict[str, Any]


def append(
    session: Session,
    ticket: Ticket,
    at: datetime,
    who: Signature,
    kind: EventKind,
    data: Mapping[str, Any] | None = None,
    *,
    text: str = "",
    internal: bool = False,
) -> None:
    """Adds the next event of `ticket`, in the caller's transaction. `data` holds ids and values, no name."""
    write(session, [link(ticket, at, who, kind, data, text=text, internal=internal)])


def link(
    ticket: Ticket,
    at: datetime,
    who: Signature,
    kind: EventKind,
    data: Mapping[str, Any] | None = None,
    *,
    text: str = "",
    internal: bool = False,
) -> Entry:
    """The next event of `ticket`, chained to its head, which moves; to be written in the same transaction."""
    seq, salt = ticket.head_seq + 1, secrets.token_hex(16)
    event: dict[str, Any] = {
        "ticket_id": ticket.id,
        "seq": seq,
        "at": at.astimezone(UTC),
        "actor": who.actor,
        "kind": kind.value,
        "data": dict(data or {}),
        "detail_digest": _detail_digest(salt, who.name, text, internal),
        "previous_hash": ticket.head_hash,
    }
    event["hash"] = _hash(event)
    ticket.head_seq, ticket.head_hash = seq, event["hash"]
    if kind is not EventKind.ESCALATED:
        ticket.head_at = at  # telling somebody changes nothing: what people do next keeps its own instant
    detail = {
        "ticket_id": ticket.id,
        "seq": seq,
        "actor_name": who.name,
        "text": text,
        "internal": internal,
        "salt": salt,
    }
    return Entry(event, detail)


def write(session: Session, entries: Sequence[Entry]) -> None:
    """Writes linked events with their names and words, in two statements however many they are."""
    insert_values(session, EventRow, [entry.event for entry in entries])
    insert_values(session, EventDetail, [entry.detail for entry in entries])


def write_all(session: Session, entries: Sequence[Entry], tickets: Sequence[Ticket]) -> None:
    """Writes linked events of many tickets that are no session's, and the heads they moved."""
    write(session, entries)
    rows = [{name: getattr(ticket, name) for name in ("id", *_HEAD)} for ticket in tickets]
    if sent_whole(session, rows):
        session.connection().execute(_MOVING_WHOLE, {"rows": as_document(rows)})
    else:
        its = [{f"its_{name}": value for name, value in row.items()} for row in rows]
        run_for_each(session, _MOVING, its)


_HEAD = ("head_seq", "head_hash", "head_at")
_TICKET = table_of(Ticket)
_MOVING = (
    update(_TICKET)
    .where(_TICKET.c.id == bindparam("its_id"))
    .values({name: bindparam(f"its_{name}") for name in _HEAD})
)
_GIVEN, _ = recordset(Ticket, ("id", *_HEAD))
_MOVING_WHOLE = (
    update(_TICKET).where(_TICKET.c.id == _GIVEN.c.id).values({name: _GIVEN.c[name] for name in _HEAD})
)


@dataclass(frozen=True, slots=True)
class Break:
    """The first entry of a ticket's chain that doesn't hold, and why (in French)."""

    ticket_id: int
    seq: int
    reason: str


UNREADABLE = (ValueError, TypeError, RecursionError, OperationalError)
"""What reading raises when a column holds what it never should; SQLite keeps anything that is put there."""


def verify(session: Session, *, ticket_id: int | None = None) -> tuple[int, tuple[Break, ...]]:
    """Recomputes the chains; returns how many events there are and each chain's first break."""
    try:
        return _verified(session, ticket_id)
    except UNREADABLE:
        return _verified_apart(session, ticket_id)


def _verified(session: Session, ticket_id: int | None) -> tuple[int, tuple[Break, ...]]:
    breaks: list[Break] = []
    count = 0
    chain: list[tuple[EventRow, EventDetail | None]] = []
    heads = {t: (s, h) for t, s, h in session.execute(_heads(ticket_id))}
    seen: set[int] = set()
    for row in _events(session, ticket_id):
        count += 1
        if chain and chain[0][0].ticket_id != row[0].ticket_id:
            seen.add(chain[0][0].ticket_id)
            breaks.extend(_first_break(chain, heads.get(chain[0][0].ticket_id)))
            chain = []
        chain.append(row)
    if chain:
        seen.add(chain[0][0].ticket_id)
        breaks.extend(_first_break(chain, heads.get(chain[0][0].ticket_id)))
    breaks.extend(Break(t, 1, "aucune entrée au journal") for t in heads if t not in seen)
    return count, tuple(breaks)


def _verified_apart(session: Session, ticket_id: int | None) -> tuple[int, tuple[Break, ...]]:
    """Each ticket by itself, and entry by entry the one that can't be read: slower, and seldom needed."""
    asked = select(EventRow.ticket_id).union(select(Ticket.id)).order_by(EventRow.ticket_id)
    breaks: list[Break] = []
    count = 0
    for ticket in session.scalars(asked).all() if ticket_id is None else [ticket_id]:
        try:
            read, found = _verified(session, ticket)
        except UNREADABLE:
            seqs = session.scalars(_seqs(ticket)).all()
            read, found = len(seqs), _first_unreadable(session, ticket, seqs)
        count += read
        breaks.extend(found)
    return count, tuple(breaks)


def _first_unreadable(session: Session, ticket: int, seqs: Sequence[int]) -> tuple[Break, ...]:
    previous = GENESIS
    for number, seq in enumerate(seqs, start=1):
        try:
            ((event, detail),) = _events(session, ticket, seq)
            reason = _fault(event, detail, number, previous)
        except UNREADABLE:
            reason = "l'entrée ne peut plus être lue"
        if reason:
            return (Break(ticket, seq, reason),)
        previous = event.hash
    return ()


def _seqs(ticket: int) -> Any:
    return select(EventRow.seq).where(EventRow.ticket_id == ticket).order_by(EventRow.seq)


def _heads(ticket_id: int | None) -> Any:
    query = select(Ticket.id, Ticket.head_seq, Ticket.head_hash).order_by(Ticket.id)
    return query if ticket_id is None else query.where(Ticket.id == ticket_id)


def _events(
    session: Session, ticket_id: int | None, seq: int | None = None
) -> Iterator[tuple[EventRow, EventDetail | None]]:
    query = (
        select(EventRow, EventDetail)
        .outerjoin(
            EventDetail, (EventDetail.ticket_id == EventRow.ticket_id) & (EventDetail.seq == EventRow.seq)
        )
        .order_by(EventRow.ticket_id, EventRow.seq)
        .execution_options(yield_per=1000)
    )
    if ticket_id is not None:
        query = query.where(EventRow.ticket_id == ticket_id)
    if seq is not None:
        query = query.where(EventRow.seq == seq)
    with session.execute(query) as found:
        yield from found


def _first_break(
    chain: list[tuple[EventRow, EventDetail | None]], head: tuple[int, str] | None
) -> tuple[Break, ...]:
    previous = GENESIS
    for number, (event, detail) in enumerate(chain, start=1):
        if reason := _fault(event, detail, number, previous):
            return (Break(event.ticket_id, event.seq, reason),)
        previous = event.hash
    last = chain[-1][0]
    if head is None:
        return (Break(last.ticket_id, 1, "le dossier de ces entrées n'existe plus"),)
    if head == (last.seq, last.hash):
        return ()
    return (Break(last.ticket_id, last.seq + 1, "des entrées manquent à la fin de la chaîne"),)


def _fault(event: EventRow, detail: EventDetail | None, number: int, previous: str) -> str | None:
    if event.seq != number:
        return f"l'entrée {number} manque"
    if event.previous_hash != previous:
        return "l'entrée ne suit pas la précédente"
    if event.hash != _hash(vars(event)):
        return "le contenu de l'entrée a changé"
    if detail is not None and not _is_erased(detail) and _digest_of(detail) != event.detail_digest:
        return "le nom ou le texte joint a changé"
    return None


def _is_erased(detail: EventDetail) -> bool:
    """Name, text and salt together: without its salt, a name or a text could be anything."""
    return detail.salt == detail.actor_name == detail.text == ERASED


def _digest_of(detail: EventDetail) -> str:
    return _detail_digest(detail.salt, detail.actor_name, detail.text, detail.internal)


def _detail_digest(salt: str, name: str, text: str, internal: bool) -> str:
    return _sha256([salt, name, text, internal])


def _hash(event: Mapping[str, Any]) -> str:
    """Of an event's values by column."""
    return _sha256(
        {
            "ticket": event["ticket_id"],
            "seq": event["seq"],
            "at": event["at"].astimezone(UTC).isoformat(timespec="microseconds"),
            "actor": event["actor"],
            "kind": event["kind"],
            "data": event["data"],
            "detail": event["detail_digest"],
            "previous": event["previous_hash"],
        }
    )


def _sha256(value: Any) -> str:
    return hashlib.sha256(_CANONICAL.encode(value).encode()).hexdigest()


_CANONICAL = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))
