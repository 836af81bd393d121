"""Holdings, deadlines and copied ladders of a ticket: always changed together, in the caller's transaction.

The stored `due_at` is a cache: it is the calendar's answer for (start, allowance, pauses), all of which are kept."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from router.clock.calendar import UnknownFrom, add
from router.clock.ladders import Step, schedule
from router.clock.service_calendar import ServiceCalendar
from router.desk.policy import Policy
from router.model.words import DeadlineKind, Party, PauseCause, Priority
from router.store import clocks
from router.store.tables import FAR, DeadlineRow, EscalationRow, HoldingRow, PauseRow, Ticket

HOLDER_KINDS = (DeadlineKind.ACKNOWLEDGE, DeadlineKind.RESOLVE)
PROMISE_STOPPERS = (PauseCause.REQUESTER, PauseCause.FORCE_MAJEURE)
AUTOMATIC_STEP = 1_000  # above any ladder step, so that (deadline, step, cycle) stays unique


@dataclass(frozen=True, slots=True)
class Run:
    """One allowance on one clock, from `starts_at`."""

    kind: DeadlineKind
    party: Party
    clock: str
    allowance: timedelta
    starts_at: datetime


def start_holding(
    session: Session, policy: Policy, ticket: Ticket, party: Party, at: datetime, *, first_level: bool
) -> HoldingRow:
    """`party` holds the ticket from `at`: its own clock starts, with its deadlines and its ladder.

    `first_level`: the RUPN answers first, and a time-out sends the ticket on without her."""
    target = policy.targets.of(party, Priority(ticket.priority), ticket.category)
    holding = HoldingRow(
        ticket_id=ticket.id,
        seq=clocks.next_holding_seq(session, ticket.id),
        party=party.value,
        from_at=at,
        clock=target.clock,
    )
    session.add(holding)
    session.flush()
    ticket.holder, ticket.holding_id, ticket.assignee_id = party.value, holding.id, None
    runs = [
        Run(DeadlineKind.ACKNOWLEDGE, party, target.clock, target.acknowledge, at),
        Run(DeadlineKind.RESOLVE, party, target.clock, target.resolve, at),
    ]
    if first_level:
        limit = policy.targets.limits.first_level
        runs.append(Run(DeadlineKind.FIRST_LEVEL, party, limit.clock, limit.allowance, at))
    open_deadlines(session, policy, ticket, runs, holding_id=holding.id)
    return holding


def end_holding(session: Session, ticket: Ticket, at: datetime, ended_by: str) -> None:
    """Closes the present holding, its pause if any, and every deadline that runs on it."""
    holding = clocks.holding(session, ticket)
    if holding is None:
        return
    holding.until_at, holding.ended_by = at, ended_by
    for pause in clocks.open_pauses(session, ticket.id):
        pause.until_at = at
    for deadline in clocks.live_deadlines(session, ticket.id):
        if deadline.holding_id == holding.id:
            settle(session, deadline, at, met=ended_by == "resolved" and deadline.kind in HOLDER_KINDS)


def open_deadlines(
    session: Session,
    policy: Policy,
    ticket: Ticket,
    runs: Iterable[Run],
    *,
    holding_id: int | None,
    pauses: Sequence[PauseRow] = (),
    due_at: datetime | None = None,
) -> tuple[DeadlineRow, ...]:
    """Opens deadlines with the steps of their ladders, copied now: a later change of ladder leaves them alone.

    `due_at` replaces the clock's answer where a person chose the instant."""
    rows = [_deadline(policy, ticket, run, holding_id, pauses) for run in runs]
    if due_at is not None:
        for row in rows:
            row.due_at, row.unknown_from = due_at, None
    session.add_all(rows)
    session.flush()
    for row in rows:
        session.add_all(_steps(policy, ticket, row))
    refresh_due(session, ticket)
    return tuple(rows)


def settle(session: Session, deadline: DeadlineRow, at: datetime, *, met: bool) -> None:
    """Ends a deadline: met at `at`, or without object any more. Its waiting steps are cancelled."""
    deadline.state = "met" if met else "cancelled"
    deadline.met_at = at if met else None
    clocks.cancel_steps(session, deadline.id)


def meet(session: Session, ticket: Ticket, kinds: Sequence[DeadlineKind], at: datetime) -> None:
    """The ticket's live deadlines of these kinds are met at `at`."""
    for deadline in clocks.live_deadlines(session, ticket.id):
        if deadline.kind in kinds:
            settle(session, deadline, at, met=True)
    refresh_due(session, ticket)


def stand_still(session: Session, ticket: Ticket, cause: PauseCause) -> None:
    """Stops the holder's deadlines; the promise to the collège too, when the collège itself is waited for."""
    for deadline in _touched(session, ticket, cause):
        deadline.state, deadline.due_at = "paused", None
        clocks.unschedule(session, deadline.id)
    refresh_due(session, ticket)


def run_again(session: Session, policy: Policy, ticket: Ticket) -> None:
    """Recomputes every paused deadline from its start, its allowance and all pauses up to now."""
    pauses = clocks.pauses(session, ticket.id)
    for deadline in clocks.live_deadlines(session, ticket.id):
        if deadline.state != "paused":
            continue
        calendar = policy.calendar(ticket.convention_id, deadline.clock)
        _place(deadline, calendar, pauses)
        deadline.state = "running"
        _reschedule(session, calendar, deadline)
    refresh_due(session, ticket)


def refresh_due(session: Session, ticket: Ticket) -> None:
    """The queue's column: the holder's next running deadline, else the limit of its pause."""
    session.flush()
    ticket.due_at = clocks.next_due(session, ticket.id) or FAR


def pause_pairs(pauses: Iterable[PauseRow]) -> tuple[tuple[datetime, datetime | None], ...]:
    return tuple((pause.from_at, pause.until_at) for pause in pauses)


def _deadline(
    policy: Policy, ticket: Ticket, run: Run, holding_id: int | None, pauses: Sequence[PauseRow]
) -> DeadlineRow:
    row = DeadlineRow(
        ticket_id=ticket.id,
        holding_id=holding_id,
        kind=run.kind.value,
        party=run.party.value,
        clock=run.clock,
        allowance=int(run.allowance.total_seconds()),
        starts_at=run.starts_at,
        state="running",
    )
    _place(row, policy.calendar(ticket.convention_id, run.clock), pauses)
    return row


def _place(deadline: DeadlineRow, calendar: ServiceCalendar, pauses: Sequence[PauseRow]) -> None:
    counted = [pause for pause in pauses if _stops(deadline, pause)]
    due = add(calendar, deadline.starts_at, timedelta(seconds=deadline.allowance), pause_pairs(counted))
    if isinstance(due, datetime):
        deadline.due_at, deadline.unknown_from = due, None
    else:
        deadline.due_at = None
        deadline.unknown_from = due.day if isinstance(due, UnknownFrom) else None


def _stops(deadline: DeadlineRow, pause: PauseRow) -> bool:
    if deadline.kind == DeadlineKind.PROMISE:
        return pause.cause in PROMISE_STOPPERS
    return deadline.holding_id == pause.holding_id


def _touched(session: Session, ticket: Ticket, cause: PauseCause) -> list[DeadlineRow]:
    kinds: tuple[DeadlineKind, ...] = (*HOLDER_KINDS, DeadlineKind.FIRST_LEVEL)
    if cause in PROMISE_STOPPERS:
        kinds = (*kinds, DeadlineKind.PROMISE)
    return [row for row in clocks.live_deadlines(session, ticket.id) if row.kind in kinds]


AUTOMATIC: dict[DeadlineKind, str] = {
    DeadlineKind.FIRST_LEVEL: "forward",
    DeadlineKind.ANSWER: "resume",
    DeadlineKind.CLOSE: "close",
}


def _steps(policy: Policy, ticket: Ticket, deadline: DeadlineRow) -> list[EscalationRow]:
    kind, party = DeadlineKind(deadline.kind), Party(deadline.party)
    calendar = policy.calendar(ticket.convention_id, deadline.clock)
    rows = [
        _step(ticket, deadline, step, fire_at)
        for step, fire_at in _scheduled(calendar, deadline, policy.ladders.of(party, kind))
    ]
    if act := AUTOMATIC.get(kind):
        rows.append(
            EscalationRow(
                ticket_id=ticket.id,
                deadline_id=deadline.id,
                step=AUTOMATIC_STEP,
                cycle=ticket.cycle,
                act=act,
                offset=0,
                tell=[],
                urgent=False,
                due_at=deadline.due_at,
                state="pending",
            )
        )
    return rows


def _scheduled(
    calendar: ServiceCalendar, deadline: DeadlineRow, steps: Sequence[Step]
) -> list[tuple[Step, datetime | None]]:
    if deadline.due_at is None:
        return [(step, None) for step in steps]
    return [(step, fire_at) for step, fire_at in schedule(calendar, deadline.due_at, steps)]


def _step(ticket: Ticket, deadline: DeadlineRow, step: Step, fire_at: datetime | None) -> EscalationRow:
    return EscalationRow(
        ticket_id=ticket.id,
        deadline_id=deadline.id,
        step=step.number,
        cycle=ticket.cycle,
        act="tell",
        offset=int(step.offset.total_seconds()),
        tell=list(step.tell),
        urgent=step.urgent,
        due_at=fire_at,
        state="pending",
    )


def _reschedule(session: Session, calendar: ServiceCalendar, deadline: DeadlineRow) -> None:
    for row in clocks.pending_steps(session, deadline.id):
        if deadline.due_at is None or row.offset == 0:
            row.due_at = deadline.due_at
            continue
        step = Step(row.step, timedelta(seconds=row.offset), tuple(row.tell), urgent=row.urgent)
        row.due_at = schedule(calendar, deadline.due_at, (step,))[0][1]
