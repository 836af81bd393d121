"""The stored instants are a cache: everything is computed again from the rows that made it, and differences named.

Each deadline is held to the calendars as they were decided when it was computed; `judged_anew` tells which settled
ones would be judged otherwise with those of today."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from router.desk.clocking import calendar_of, placed, served, step_due, stops
from router.desk.house import Desk
from router.desk.recompute import announced, instants_of, next_due
from router.model.actor import NotFound
from router.model.words import DeadlineKind
from router.store import clocks
from router.store.recomputing import Clocked, everything
from router.store.tables import DeadlineRow, EscalationRow, PauseRow

Value = datetime | date | int | None
Look = Callable[[Desk, Session, Clocked], "Iterator[Difference]"]


class Checked(StrEnum):
    DUE = "due"
    PASSED = "passed"
    UNKNOWN = "unknown"
    LIMIT = "limit"
    STEP = "step"
    SERVED = "served"
    NEXT = "next"
    VERDICT = "verdict"


@dataclass(frozen=True, slots=True)
class Difference:
    """One value that isn't what its rows make. `kind` is the deadline's, None for a ticket's or a holding's value."""

    ticket: int
    what: Checked
    kind: DeadlineKind | None
    stored: Value
    computed: Value


@dataclass(frozen=True, slots=True)
class Checkup:
    tickets: int
    deadlines: int
    differences: tuple[Difference, ...]


def verify_clocks(desk: Desk, ticket_id: int | None = None) -> Checkup:
    """Computes every deadline, waiting step and served time again, on one snapshot. Raises NotFound for an unknown
    ticket."""
    return _checked(desk, ticket_id, _differences)


def judged_anew(desk: Desk, ticket_id: int | None = None) -> Checkup:
    """The settled deadlines whose verdict would be the other one with what is decided about days by now."""
    return _checked(desk, ticket_id, _verdicts)


def _checked(desk: Desk, ticket_id: int | None, look: Look) -> Checkup:
    count = deadlines = 0
    found: list[Difference] = []
    with desk.database.sealed() as session:
        for clocked in everything(session, ticket_id):
            count += 1
            deadlines += len(clocked.deadlines)
            found += look(desk, session, clocked)
    if ticket_id is not None and not count:
        raise NotFound(f"Le dossier {ticket_id} n'existe pas.")
    return Checkup(count, deadlines, tuple(found))


def _differences(desk: Desk, session: Session, clocked: Clocked) -> Iterator[Difference]:
    ticket = clocked.ticket
    for deadline in clocked.deadlines:
        policy = desk.policies.as_of(session, ticket.policy, deadline.calendars)
        kind = DeadlineKind(deadline.kind)
        if kind is DeadlineKind.ANSWER:
            yield from _limit(clocked, deadline)
        elif deadline.state in clocks.LIVE:
            due, passed, unknown = instants_of(policy, clocked, deadline)
            yield from _unlike(ticket.id, Checked.DUE, kind, deadline.due_at, due)
            yield from _unlike(ticket.id, Checked.PASSED, kind, deadline.passed_at, passed)
            yield from _unlike(ticket.id, Checked.UNKNOWN, kind, deadline.unknown_from, unknown)
        elif not _stood_still(deadline, clocked):
            due, unknown = placed(policy, ticket, deadline, known_then(deadline, clocked.pauses))
            yield from _unlike(ticket.id, Checked.DUE, kind, deadline.due_at, due)
            yield from _unlike(ticket.id, Checked.UNKNOWN, kind, deadline.unknown_from, unknown)
        calendar = calendar_of(policy, ticket, deadline.clock)
        for step in clocked.steps:
            if step.deadline_id == deadline.id:
                due = step_due(calendar, deadline, step)
                if not _put_off(step, due):
                    yield from _unlike(ticket.id, Checked.STEP, kind, step.due_at, due)
    yield from _of_holdings(desk, session, clocked)
    if ticket.opened:
        yield from _unlike(ticket.id, Checked.NEXT, None, ticket.due_at, next_due(clocked.deadlines))


def _of_holdings(desk: Desk, session: Session, clocked: Clocked) -> Iterator[Difference]:
    for holding in clocked.holdings:
        policy = desk.policies.as_of(session, clocked.ticket.policy, holding.calendars or 0)
        if holding.until_at is not None:
            computed = served(policy, clocked.ticket, holding, clocked.pauses)
            yield from _unlike(clocked.ticket.id, Checked.SERVED, None, holding.served_seconds, computed)


def _verdicts(desk: Desk, session: Session, clocked: Clocked) -> Iterator[Difference]:
    policy = desk.policies.named(session, clocked.ticket.policy)
    for deadline in clocked.deadlines:
        if deadline.met_at is None or deadline.due_at is None or announced(deadline):
            continue
        due, _ = placed(policy, clocked.ticket, deadline, known_then(deadline, clocked.pauses))
        if due is not None and (due < deadline.met_at) != (deadline.due_at < deadline.met_at):
            yield Difference(
                clocked.ticket.id, Checked.VERDICT, DeadlineKind(deadline.kind), deadline.due_at, due
            )


def _limit(clocked: Clocked, deadline: DeadlineRow) -> Iterator[Difference]:
    own = [pause for pause in clocked.pauses if pause.from_at == deadline.starts_at]
    if own:
        limit = own[0].limit_at
        yield from _unlike(clocked.ticket.id, Checked.LIMIT, DeadlineKind.ANSWER, deadline.due_at, limit)


def known_then(deadline: DeadlineRow, pauses: Iterable[PauseRow]) -> list[PauseRow]:
    """The waits begun before it was settled: what came later says nothing of it."""
    settled = deadline.settled_at or deadline.met_at
    return [pause for pause in pauses if settled is None or pause.from_at < settled]


def _stood_still(deadline: DeadlineRow, clocked: Clocked) -> bool:
    """Cancelled during a wait: it had no due instant, and needed none."""
    counted = (pause for pause in known_then(deadline, clocked.pauses) if stops(deadline, pause))
    settled = deadline.settled_at
    return deadline.due_at is None and any(
        pause.until_at is None or settled is None or pause.until_at >= settled for pause in counted
    )


def _put_off(step: EscalationRow, due: datetime | None) -> bool:
    """A step that a later priority or calendar made due in the past was put off to that moment."""
    return step.due_at is not None and due is not None and step.due_at > due


def _unlike(
    ticket: int, what: Checked, kind: DeadlineKind | None, stored: Value, computed: Value
) -> Iterator[Difference]:
    if stored != computed:
        yield Difference(ticket, what, kind, stored, computed)
