"""Deadlines follow the calendars: an act about days computes every live deadline it concerns again, in its transaction.

What was settled stays as it was judged then; `as judged now` is computed when it is asked for, never stored."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from router.desk.clocking import calendar_of, placed, step_due, stopped_since
from router.desk.policies import Policies
from router.desk.policy import Policy
from router.model.words import DeadlineKind, EventKind
from router.store import clocks, journal
from router.store.journal import Entry, Signature
from router.store.recomputing import Clocked, Concerned, running
from router.store.tables import FAR, DeadlineRow

Instants = tuple[datetime | None, datetime | None, date | None]


@dataclass(frozen=True, slots=True)
class Recomputed:
    """How many tickets and live deadlines were looked at, how many deadlines moved and in how many tickets."""

    tickets: int = 0
    deadlines: int = 0
    moved: int = 0
    moved_tickets: int = 0


def recompute(
    session: Session,
    policies: Policies,
    concerned: Concerned,
    who: Signature,
    at: datetime,
    *,
    older_than: int | None = None,
) -> Recomputed:
    """Computes live deadlines again with all that is decided by now, and records in each ticket what moved."""
    total = Recomputed()
    entries: list[Entry] = []
    for clocked in running(session, concerned, older_than=older_than):
        policy = policies.named(session, clocked.ticket.policy)
        moment = max(at, clocked.ticket.head_at)
        later = _steps_alone(session, policies, policy, clocked, moment)
        moved = _moved(policy, clocked, moment)
        if moved or later:
            clocked.ticket.due_at = next_due(clocked.deadlines)
            data = {"change": policy.state.seq, "moved": moved} | ({"steps": later} if later else {})
            entries.append(journal.link(clocked.ticket, moment, who, EventKind.RECOMPUTED, data))
        total = Recomputed(
            total.tickets + 1,
            total.deadlines + sum(row.state in clocks.LIVE for row in clocked.deadlines),
            total.moved + len(moved),
            total.moved_tickets + bool(moved),
        )
    session.flush()
    journal.write(session, entries)
    return total


def _moved(policy: Policy, clocked: Clocked, at: datetime) -> list[dict[str, Any]]:
    found = []
    for deadline in clocked.deadlines:
        if deadline.state not in clocks.LIVE:
            continue
        before = _instants(deadline)
        if not announced(deadline):
            instants = instants_of(policy, clocked, deadline)
            deadline.due_at, deadline.passed_at, deadline.unknown_from = instants
        deadline.calendars = policy.state.seq
        if _instants(deadline) != before:
            _move_steps(policy, clocked, deadline, at)
            _limit_waits(clocked, deadline)
            found.append(_told(deadline, before))
    return found


def _steps_alone(
    session: Session, policies: Policies, policy: Policy, clocked: Clocked, at: datetime
) -> list[dict[str, Any]]:
    """A day that changes after the deadline leaves it where it is, and moves the steps that come later; one that waits
    to be fired already stays as late as the calendar makes it. What the journal keeps of each."""
    found = []
    for deadline in clocked.deadlines:
        if deadline.state != "running" or deadline.due_at is None:
            continue
        if not announced(deadline) and instants_of(policy, clocked, deadline) != _instants(deadline):
            continue  # its steps move with it
        before = policies.as_of(session, clocked.ticket.policy, deadline.calendars)
        calendars = [calendar_of(each, clocked.ticket, deadline.clock) for each in (before, policy)]
        for step in clocked.steps:
            if step.deadline_id == deadline.id:
                was, now = (step_due(calendar, deadline, step) for calendar in calendars)
                if was != now and now is not None:
                    earliest = at if step.due_at is None else min(at, step.due_at)
                    step.due_at = max(now, earliest)
                    alone = {"step": step.step, "earliest": _iso(earliest)}
                    found.append({"deadline": deadline.id, "kind": deadline.kind} | alone)
    return found


def instants_of(policy: Policy, clocked: Clocked, deadline: DeadlineRow) -> Instants:
    """Due, passed before a wait, unknown from: as a live deadline's rows make them. While its clock stands still it
    has no due instant, but keeps the one it had passed before."""
    ticket, since = clocked.ticket, stopped_since(deadline, clocked.pauses)
    if deadline.state != "paused" or since is None:
        due, unknown = placed(policy, ticket, deadline, clocked.pauses)
        return due, deadline.passed_at, unknown
    due, unknown = placed(policy, ticket, deadline, [each for each in clocked.pauses if each.until_at])
    return None, due if due and due < since else None, unknown


def announced(deadline: DeadlineRow) -> bool:
    """A wait's limit was told to whoever waits: a day, which no calendar moves afterwards."""
    return deadline.kind == DeadlineKind.ANSWER and deadline.due_at is not None


def _limit_waits(clocked: Clocked, deadline: DeadlineRow) -> None:
    """A wait whose limit lay beyond the known days has one from now on."""
    if deadline.kind == DeadlineKind.ANSWER:
        for pause in clocked.pauses:
            if pause.until_at is None and pause.limit_at is None:
                pause.limit_at = deadline.due_at


def _move_steps(policy: Policy, clocked: Clocked, deadline: DeadlineRow, at: datetime) -> None:
    """Its waiting steps move with it; one that should by now have been fired is due at once."""
    calendar = calendar_of(policy, clocked.ticket, deadline.clock)
    for step in clocked.steps:
        if step.deadline_id == deadline.id:
            due = step_due(calendar, deadline, step)
            step.due_at = max(due, at) if due else None


def next_due(deadlines: Iterable[DeadlineRow]) -> datetime:
    """The queue's column, from the rows: the earliest running deadline that somebody must answer for."""
    dues = [
        row.due_at
        for row in deadlines
        if row.state == "running" and row.due_at is not None and row.kind in clocks.QUEUE_KINDS
    ]
    return min(dues, default=FAR)


def _instants(deadline: DeadlineRow) -> Instants:
    return deadline.due_at, deadline.passed_at, deadline.unknown_from


def _told(deadline: DeadlineRow, before: Instants) -> dict[str, Any]:
    after = _instants(deadline)
    return {
        "deadline": deadline.id,
        "kind": deadline.kind,
        "due_at": [_iso(before[0]), _iso(after[0])],
        "passed_at": [_iso(before[1]), _iso(after[1])],
        "unknown_from": [_iso(before[2]), _iso(after[2])],
    }


def _iso(value: Any) -> str | None:
    return value.isoformat() if value else None
