"""Lists of tickets: bounded, ordered by an index, one query whatever the rows."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, bindparam, func, select, text, tuple_
from sqlalchemy.orm import InstrumentedAttribute, Session

from router.classify.fold import fold_text
from router.model.words import Category, Party, Priority, TicketStatus
from router.store.tables import FAR, Account, College, Ticket

Order = tuple[InstrumentedAttribute[datetime], InstrumentedAttribute[int]]
PAGE = 50
GREATEST_KEY = 2**31 - 1
COUNTED = 1_000  # beyond it a list says « plus de 1 000 »: counting all would cost what paging saves


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a list."""

    id: int
    subject: str
    uai: str
    college: str
    town: str
    room: str
    category: str
    product: str
    priority: Priority
    status: TicketStatus
    holder: Party
    assignee_id: int | None
    assignee: str | None
    due_at: datetime | None
    opened_at: datetime
    acknowledged_at: datetime | None
    to_confirm: bool
    alert: bool
    duplicate: bool
    policy: str
    convention_id: str | None
    zone: ZoneInfo | None = None  # its convention's, as its book says it: what a use case adds


# Columns, not whole tickets: a list holds fifty of them.
_LINES = (
    select(
        Ticket.id,
        Ticket.subject,
        Ticket.uai,
        College.name.label("college"),
        College.town,
        Ticket.room,
        Ticket.category,
        Ticket.product,
        Ticket.priority,
        Ticket.status,
        Ticket.holder,
        Ticket.assignee_id,
        Account.name.label("assignee"),
        Ticket.due_at,
        Ticket.opened_at,
        Ticket.acknowledged_at,
        Ticket.to_confirm,
        Ticket.alert,
        Ticket.duplicate_of.is_not(None).label("duplicate"),
        Ticket.policy,
        Ticket.convention_id,
    )
    .select_from(Ticket)
    .join(College, College.uai == Ticket.uai)
    .outerjoin(Account, Account.id == Ticket.assignee_id)
    .where(Ticket.id.in_(bindparam("keys", expanding=True)))
)


@dataclass(frozen=True, slots=True)
class Page:
    """One page; `after` is the cursor of the next one, or None; `total` is counted up to `COUNTED` + 1."""

    rows: tuple[Row, ...]
    after: str | None
    total: int


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list is narrowed to; every field empty means everything she may see."""

    holder: Party | None = None
    convention_id: str | None = None
    uai: str = ""
    category: Category | None = None
    priority: Priority | None = None
    status: TicketStatus | None = None
    assignee_id: int | None = None
    unassigned: bool = False
    opened: bool | None = None
    late_at: datetime | None = None
    acknowledged: bool | None = None
    words: str = ""


def by_deadline(session: Session, seen: ColumnElement[bool], filters: Filters, after: str | None) -> Page:
    """Most urgent first: the next deadline, then the number."""
    query = _narrowed(session, select(Ticket.id), seen, filters)
    return _page(session, query, (Ticket.due_at, Ticket.id), after, descending=False)


def by_opening(session: Session, seen: ColumnElement[bool], filters: Filters, after: str | None) -> Page:
    """Newest first."""
    query = _narrowed(session, select(Ticket.id), seen, filters)
    return _page(session, query, (Ticket.opened_at, Ticket.id), after, descending=True)


def by_waiting(session: Session, seen: ColumnElement[bool], filters: Filters, after: str | None) -> Page:
    """Oldest first."""
    query = _narrowed(session, select(Ticket.id), seen, filters)
    return _page(session, query, (Ticket.opened_at, Ticket.id), after, descending=False)


def count(session: Session, seen: ColumnElement[bool], filters: Filters) -> int:
    """How many, up to `COUNTED` + 1."""
    inner = _narrowed(session, select(Ticket.id), seen, filters).limit(COUNTED + 1).subquery()
    return session.scalar(select(func.count()).select_from(inner)) or 0


def selection(
    session: Session,
    condition: ColumnElement[bool],
    after: str | None,
    *,
    descending: bool = True,
    size: int = PAGE,
) -> Page:
    """Newest first among the tickets that meet a condition (a report's figure, an asset's history)."""
    query = select(Ticket.id).where(condition)
    return _page(session, query, (Ticket.opened_at, Ticket.id), after, descending=descending, size=size)


def _page(
    session: Session,
    query: Select[int],
    order: Order,
    after: str | None,
    *,
    descending: bool,
    size: int = PAGE,
) -> Page:
    total = session.scalar(select(func.count()).select_from(query.limit(COUNTED + 1).subquery())) or 0
    paged = query.order_by(*(column.desc() if descending else column.asc() for column in order))
    if cursor := cursor_of(after):
        bound = tuple_(*order) < tuple_(*cursor) if descending else tuple_(*order) > tuple_(*cursor)
        paged = paged.where(bound)
    found = rows_of(session, list(session.scalars(paged.limit(size + 1))))
    more = len(found) > size
    rows = found[:size]
    last = rows[-1] if rows else None
    following = _spelled(last, order[0]) if more and last is not None else None
    return Page(tuple(rows), following, total)


def rows_of(session: Session, ids: Sequence[int]) -> list[Row]:
    if not ids:
        return []
    rows = {found.id: _row(found) for found in session.execute(_LINES, {"keys": ids})}
    return [rows[key] for key in ids]


def _row(found: Any) -> Row:
    """A line of the result of `_LINES`."""
    line: dict[str, Any] = found._asdict()
    line["priority"] = Priority(found.priority)
    line["status"] = TicketStatus(found.status)
    line["holder"] = Party(found.holder)
    line["due_at"] = None if found.due_at >= FAR else found.due_at
    return Row(**line)


def _spelled(row: Row, first: InstrumentedAttribute[datetime]) -> str:
    moment = row.opened_at if first is Ticket.opened_at else (row.due_at or FAR)
    return f"{moment.isoformat()}_{row.id}"


def cursor_of(after: str | None) -> tuple[datetime, int] | None:
    """A page's cursor; one somebody mangled is the first page, not an error."""
    if not after:
        return None
    moment, _, key = after.rpartition("_")
    try:
        at, number = datetime.fromisoformat(moment), int(key)
        known = at.tzinfo is not None and 0 <= number <= GREATEST_KEY
        return (at.astimezone(UTC), number) if known else None
    except (ValueError, OverflowError):
        return None


def _narrowed(session: Session, query: Select[int], seen: ColumnElement[bool], filters: Filters) -> Select[int]:
    conditions: list[ColumnElement[bool]] = [seen]
    equals = (
        (Ticket.holder, filters.holder),
        (Ticket.convention_id, filters.convention_id),
        (Ticket.uai, filters.uai or None),
        (Ticket.category, filters.category),
        (Ticket.priority, filters.priority),
        (Ticket.status, filters.status),
        (Ticket.assignee_id, filters.assignee_id),
        (Ticket.opened, filters.opened),
    )
    conditions += [column == value for column, value in equals if value is not None]
    if filters.unassigned:
        conditions.append(Ticket.assignee_id.is_(None))
    if filters.late_at is not None:
        conditions.append(Ticket.due_at < filters.late_at)
    if filters.acknowledged is not None:
        given = Ticket.acknowledged_at.is_not(None)
        conditions.append(given if filters.acknowledged else ~given)
    if filters.words.strip():
        conditions.append(_words(session, filters.words))
    return query.where(*conditions)


def _words(session: Session, words: str) -> ColumnElement[bool]:
    """Tickets that hold every word, each taken as the beginning of one; a number also finds its ticket."""
    if re.fullmatch(r"\s*(?:n°\s*)?\d{1,9}\s*", words):
        return Ticket.id == int(re.sub(r"\D", "", words))
    tokens = re.findall(r"\w+", fold_text(words))[:8]
    if not tokens:
        return Ticket.id < 0
    if session.get_bind().dialect.name == "sqlite":
        match = " ".join(f'"{token}"*' for token in tokens)
        found = text("SELECT rowid FROM ticket_words WHERE ticket_words MATCH :match").bindparams(match=match)
        return Ticket.id.in_(found)
    query = " & ".join(f"{token}:*" for token in tokens)
    return func.to_tsvector("simple", Ticket.search_text).op("@@")(func.to_tsquery("simple", query))
