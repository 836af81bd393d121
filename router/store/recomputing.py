"""Tickets a page at a time with all that their deadlines depend on, in a handful of queries however many there are."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import ColumnElement, exists, select, true
from sqlalchemy.orm import Session

from router.store.clocks import LIVE
from router.store.tables import (
    DeadlineRow,
    DecisionRow,
    EscalationRow,
    EventRow,
    HoldingRow,
    PauseRow,
    Ticket,
)

PAGE = 500
R = TypeVar("R", DeadlineRow, HoldingRow, PauseRow, EscalationRow, DecisionRow)


@dataclass(frozen=True, slots=True)
class Concerned:
    """Whose tickets: a convention's, or some collèges' of it; everybody's when both are empty."""

    convention: str | None = None
    uais: tuple[str, ...] = ()

    def condition(self) -> ColumnElement[bool]:
        found = true() if self.convention is None else Ticket.convention_id == self.convention
        return found & Ticket.uai.in_(self.uais) if self.uais else found


@dataclass(frozen=True, slots=True)
class Clocked:
    """A ticket and its rows; of its steps, those that wait."""

    ticket: Ticket
    deadlines: Sequence[DeadlineRow]
    holdings: Sequence[HoldingRow]
    pauses: Sequence[PauseRow]
    steps: Sequence[EscalationRow]


class Entry(NamedTuple):
    """One entry of a ticket's journal, without names and words."""

    ticket_id: int
    seq: int
    at: datetime
    actor: str
    kind: str
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Story:
    """What is never rewritten of a ticket, in order: its journal and its decisions. And every step of its ladders."""

    entries: Sequence[Entry]
    decisions: Sequence[DecisionRow]
    steps: Sequence[EscalationRow]


def running(session: Session, concerned: Concerned, *, older_than: int | None = None) -> Iterator[Clocked]:
    """Tickets with a live deadline, in order, locked page by page. `older_than`: only those of whose live deadlines
    one doesn't take that calendar change into account."""
    live = exists().where(DeadlineRow.ticket_id == Ticket.id, DeadlineRow.state.in_(LIVE))
    if older_than is not None:
        live = live.where(DeadlineRow.calendars < older_than)
    for page in _pages(session, concerned.condition() & live, lock=True):
        yield from _with_rows(session, page)


def any_running(session: Session, concerned: Concerned, opened_before: datetime) -> bool:
    """Whether a ticket opened before then still has a live deadline."""
    live = exists().where(DeadlineRow.ticket_id == Ticket.id, DeadlineRow.state.in_(LIVE))
    query = select(Ticket.id).where(concerned.condition(), Ticket.opened_at < opened_before, live).limit(1)
    return session.scalar(query) is not None


def everything(session: Session, ticket_id: int | None = None) -> Iterator[Clocked]:
    """Every ticket, settled or not (or that one), for reading only."""
    for page in _pages(session, true() if ticket_id is None else Ticket.id == ticket_id, lock=False):
        yield from _with_rows(session, page)


def with_stories(session: Session, ticket_id: int | None = None) -> Iterator[tuple[Clocked, Story]]:
    """The same, with what each has been through."""
    for page in _pages(session, true() if ticket_id is None else Ticket.id == ticket_id, lock=False):
        stories = _stories(session, [ticket.id for ticket in page])
        for clocked in _with_rows(session, page):
            yield clocked, stories[clocked.ticket.id]


def _stories(session: Session, ids: Sequence[int]) -> Mapping[int, Story]:
    entries: dict[int, list[Entry]] = defaultdict(list)
    mine = select(*(getattr(EventRow, name) for name in Entry._fields)).where(EventRow.ticket_id.in_(ids))
    for row in session.execute(mine.order_by(EventRow.ticket_id, EventRow.seq)):
        entries[row.ticket_id].append(Entry._make(row))
    decisions = _by_ticket(session, DecisionRow, DecisionRow.ticket_id.in_(ids))
    steps = _by_ticket(session, EscalationRow, EscalationRow.ticket_id.in_(ids))
    return {key: Story(entries[key], decisions[key], steps[key]) for key in ids}


def _pages(session: Session, condition: ColumnElement[bool], *, lock: bool) -> Iterator[Sequence[Ticket]]:
    after = 0
    while True:
        query = select(Ticket).where(Ticket.id > after, condition).order_by(Ticket.id).limit(PAGE)
        page = session.scalars(query.with_for_update() if lock else query).all()
        if not page:
            return
        yield page
        after = page[-1].id
        if not lock:
            session.expunge_all()


def _with_rows(session: Session, page: Sequence[Ticket]) -> Iterator[Clocked]:
    ids = [ticket.id for ticket in page]
    deadlines = _by_ticket(session, DeadlineRow, DeadlineRow.ticket_id.in_(ids))
    holdings = _by_ticket(session, HoldingRow, HoldingRow.ticket_id.in_(ids))
    pauses = _by_ticket(session, PauseRow, PauseRow.ticket_id.in_(ids))
    waiting = EscalationRow.ticket_id.in_(ids) & (EscalationRow.state == "pending")
    steps = _by_ticket(session, EscalationRow, waiting)
    for ticket in page:
        key = ticket.id
        yield Clocked(ticket, deadlines[key], holdings[key], pauses[key], steps[key])


def _by_ticket(session: Session, kind: type[R], condition: ColumnElement[bool]) -> dict[int, list[R]]:
    found: dict[int, list[R]] = defaultdict(list)
    for row in session.scalars(select(kind).where(condition).order_by(kind.id)):
        found[row.ticket_id].append(row)
    return found
