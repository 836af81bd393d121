"""Deadlines follow a ticket's priority and category: the same starts, the same waits, another allowance.

What has passed or has been answered is never rewritten: a later priority neither excuses a delay nor makes one up."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from router.clock.allowances import Allowance
from router.desk.clocking import allowance_of, refresh_due, take_anew
from router.desk.policy import Policy
from router.model.words import DeadlineKind, Party, Priority
from router.store import clocks
from router.store.tables import DeadlineRow, Ticket


def retarget(
    session: Session, policy: Policy, ticket: Ticket, at: datetime, *, holder_too: bool
) -> dict[str, Any] | None:
    """Takes the promise anew for the ticket's present priority and category; the holder's own deadlines with
    `holder_too`. What the journal says of it: each deadline before and after, and those left as they had passed.

    None when no deadline had to move."""
    aims = _aims(policy, ticket, holder_too=holder_too)
    moved: list[dict[str, Any]] = []
    passed: list[str] = []
    for deadline in clocks.live_deadlines(session, ticket.id):
        aim = aims.get(DeadlineKind(deadline.kind))
        if aim is None or aim == (deadline.clock, allowance_of(deadline)):
            continue
        if _has_passed(deadline, at):
            passed.append(deadline.kind)
            continue
        before = _terms(deadline)
        take_anew(session, policy, ticket, deadline, *aim, at)
        moved.append(_change(deadline, before, _terms(deadline)))
    holding = clocks.holding(session, ticket)
    if holding is not None and holder_too:
        holding.clock = aims[DeadlineKind.RESOLVE][0]
    refresh_due(session, ticket)
    return {"moved": moved, "passed": passed} if moved or passed else None


def _aims(policy: Policy, ticket: Ticket, *, holder_too: bool) -> dict[DeadlineKind, tuple[str, Allowance]]:
    """The clock and the allowance of each kind of deadline that a priority decides."""
    priority = Priority(ticket.priority)
    promise = policy.targets.promise(priority)
    aims: dict[DeadlineKind, tuple[str, Allowance]] = {DeadlineKind.PROMISE: (promise.clock, promise.allowance)}
    if holder_too:
        target = policy.targets.of(Party(ticket.holder), priority, ticket.category)
        aims[DeadlineKind.ACKNOWLEDGE] = (target.clock, target.acknowledge)
        aims[DeadlineKind.RESOLVE] = (target.clock, target.resolve)
    return aims


def _has_passed(deadline: DeadlineRow, at: datetime) -> bool:
    return deadline.passed_at is not None or (deadline.due_at is not None and deadline.due_at < at)


def _terms(deadline: DeadlineRow) -> dict[str, Any]:
    due_at = deadline.due_at
    terms = {
        "clock": deadline.clock,
        "allowance": deadline.allowance,
        "due_at": due_at.isoformat() if due_at else None,
    }
    return terms if deadline.open_days is None else terms | {"open_days": deadline.open_days}


def _change(deadline: DeadlineRow, before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    """Each term before and after; days are among them only where one of the two is counted in days."""
    told = {"kind": deadline.kind, "deadline": deadline.id, "starts_at": deadline.starts_at.isoformat()}
    return told | {name: [before.get(name), after.get(name)] for name in before | after}
