"""The rows behind one figure of a report, each with what it was judged on. The conditions are the figures' own."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Subquery, and_, func, literal, select, tuple_
from sqlalchemy.orm import Session

from router.model.measures import PROMISES, Measure, Verdict
from router.model.words import Party
from router.store.columns import Instant
from router.store.figures import Scope, counted_by, judged_holdings, judged_promises
from router.store.listing import PAGE, Row, cursor_of, rows_of


@dataclass(frozen=True, slots=True)
class Judged:
    """One deadline as it was judged."""

    verdict: Verdict
    due_at: datetime | None
    met_at: datetime | None
    deadline: int | None  # None for a holding that never had one of this kind


@dataclass(frozen=True, slots=True)
class Line:
    """One holding, with its two deadlines; or one promise, with its own."""

    ticket: Row
    party: Party
    from_at: datetime
    until_at: datetime | None = None
    ended_by: str | None = None
    served_seconds: int | None = None
    acknowledge: Judged | None = None
    resolve: Judged | None = None
    promise: Judged | None = None
    steps: int = 0


@dataclass(frozen=True, slots=True)
class Lines:
    """One page; `total` counts them all: it is the figure. `first_rank` is the first line's, when they are ranked."""

    lines: tuple[Line, ...]
    total: int
    after: str | None
    first_rank: int | None = None


def behind(
    session: Session,
    scope: Scope,
    measure: Measure,
    party: Party | None,
    category: str | None,
    after: str | None,
) -> Lines:
    """Newest first. Three queries, whatever the rows."""
    judged = judged_promises(scope) if measure in PROMISES else judged_holdings(scope)
    condition = _condition(judged, measure, party, category)
    order = (judged.c.from_at, judged.c.id)
    query = select(judged).where(condition).order_by(*(column.desc() for column in order)).limit(PAGE + 1)
    if cursor := cursor_of(after):
        query = query.where(tuple_(*order) < tuple_(literal(cursor[0], Instant()), literal(cursor[1])))
    found = session.execute(query).all()
    shown = found[:PAGE]
    return Lines(
        lines=_lines(session, shown, _promise if measure in PROMISES else _holding),
        total=session.scalar(select(func.count()).select_from(judged).where(condition)) or 0,
        after=f"{shown[-1].from_at.isoformat()}_{shown[-1].id}" if len(found) > PAGE else None,
    )


def by_time(
    session: Session, scope: Scope, party: Party | None, category: str | None, after: str | None
) -> Lines:
    """The resolved holdings whose service time is known, the shortest first: those a median is read from. Four
    queries, whatever the rows."""
    judged = judged_holdings(scope)
    known = judged.c.served_seconds.is_not(None)
    condition = and_(_condition(judged, Measure.RESOLVED, party, category), known)
    order = tuple_(judged.c.served_seconds, judged.c.id)
    query = select(judged).where(condition).order_by(judged.c.served_seconds, judged.c.id).limit(PAGE + 1)
    counted, before = select(func.count()).select_from(judged).where(condition), 0
    if cursor := _time_cursor(after):
        here = tuple_(*map(literal, cursor))
        query, before = query.where(order > here), session.scalar(counted.where(order <= here)) or 0
    found = session.execute(query).all()
    shown = found[:PAGE]
    return Lines(
        lines=_lines(session, shown, _holding),
        total=session.scalar(counted) or 0,
        after=f"{shown[-1].served_seconds}_{shown[-1].id}" if len(found) > PAGE else None,
        first_rank=before + 1,
    )


def _time_cursor(after: str | None) -> tuple[int, int] | None:
    """One somebody mangled is the first page, not an error."""
    parts = (after or "").split("_")
    if len(parts) != 2 or not all(part.isascii() and part.isdecimal() and len(part) < 10 for part in parts):
        return None
    return int(parts[0]), int(parts[1])


def _condition(
    judged: Subquery, measure: Measure, party: Party | None, category: str | None
) -> ColumnElement[bool]:
    conditions = [counted_by(judged, measure)]
    if party is not None:
        conditions.append(judged.c.party == party.value)
    if category is not None:
        conditions.append(judged.c.category == category)
    return and_(*conditions)


def _lines(session: Session, shown: Sequence[Any], make: Callable[[Any, Row], Line]) -> tuple[Line, ...]:
    """Each with its ticket, all read at once."""
    tickets = {row.id: row for row in rows_of(session, sorted({row.ticket_id for row in shown}))}
    return tuple(make(row, tickets[row.ticket_id]) for row in shown)


def _holding(row: Any, ticket: Row) -> Line:
    return Line(
        ticket=ticket,
        party=Party(row.party),
        from_at=row.from_at,
        until_at=row.until_at,
        ended_by=row.ended_by,
        served_seconds=row.served_seconds,
        acknowledge=Judged(
            Verdict(row.acknowledge), row.acknowledge_due_at, row.acknowledge_met_at, row.acknowledge_id
        ),
        resolve=Judged(Verdict(row.resolve), row.resolve_due_at, row.resolve_met_at, row.resolve_id),
        steps=row.steps or 0,
    )


def _promise(row: Any, ticket: Row) -> Line:
    judged = Judged(Verdict(row.promise), row.promise_due_at, row.promise_met_at, row.id)
    return Line(ticket=ticket, party=Party(row.party), from_at=row.from_at, promise=judged)
