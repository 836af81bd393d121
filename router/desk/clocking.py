"""Holdings, deadlines and copied ladders of a ticket: always changed together, in the caller's transaction.

The stored `due_at` is a cache: it is the calendar's answer for (start, allowance, pauses), all of which are kept."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from router.clock.allowances import Allowance, OpenDays, due
from router.clock.calendar import Pause, UnknownFrom, between
from router.clock.ladders import Step, schedule
from router.clock.service_calendar import ServiceCalendar
from router.clock.targets import Clock
from router.desk.policy import Policy
from router.model.words import DeadlineKind, Party, PauseCause, Priority
from router.store import clocks
from router.store.clocks import NewStep
from router.store.tables import FAR, DeadlineRow, EscalationRow, HoldingRow, PauseRow, Ticket

HOLDER_KINDS = (DeadlineKind.ACKNOWLEDGE, DeadlineKind.RESOLVE)
OF_HOLDER = (*HOLDER_KINDS, DeadlineKind.FIRST_LEVEL, DeadlineKind.ARBITRATE)
PROMISE_STOPPERS = (PauseCause.REQUESTER, PauseCause.FORCE_MAJEURE)
AUTOMATIC_STEP = 1_000  # above any ladder step, so that (deadline, step, cycle) stays unique


@dataclass(frozen=True, slots=True)
class Run:
    """One allowance on one clock, from `starts_at`."""

    kind: DeadlineKind
    party: Party
    clock: str
    allowance: Allowance
    starts_at: datetime


def start_holding(
    session: Session,
    policy: Policy,
    ticket: Ticket,
    party: Party,
    at: datetime,
    *,
    first_level: bool,
    promised: bool = False,
) -> tuple[HoldingRow, tuple[DeadlineRow, ...]]:
    """`party` holds the ticket from `at`: its own clock starts, with its deadlines and its ladder.

    `first_level`: the RUPN answers first, and a time-out sends the ticket on without her. `promised`: the promise
    made to the collège starts too (a new ticket, a new cycle)."""
    target = policy.targets.of(party, Priority(ticket.priority), ticket.category)
    holding = HoldingRow(
        ticket_id=ticket.id,
        seq=clocks.next_holding_seq(session, ticket),
        party=party.value,
        from_at=at,
        clock=target.clock,
    )
    clocks.add_holding(session, holding)
    ticket.holder, ticket.holding_id, ticket.assignee_id = party.value, holding.id, None
    runs = [
        Run(DeadlineKind.ACKNOWLEDGE, party, target.clock, target.acknowledge, at),
        Run(DeadlineKind.RESOLVE, party, target.clock, target.resolve, at),
    ]
    if first_level:
        limit = policy.targets.limits.first_level
        runs.append(Run(DeadlineKind.FIRST_LEVEL, party, limit.clock, limit.allowance, at))
    if promised:
        promise = policy.targets.promise(Priority(ticket.priority))
        runs.append(Run(DeadlineKind.PROMISE, party, promise.clock, promise.allowance, at))
    rows = _open(session, policy, ticket, runs, holding_id=holding.id)
    dues = [row.due_at for row in rows if row.due_at is not None and row.kind in clocks.QUEUE_KINDS]
    ticket.due_at = min(dues, default=FAR)
    return holding, rows


def end_holding(session: Session, policy: Policy, ticket: Ticket, at: datetime, ended_by: str) -> None:
    """Closes the present holding, its pause if any, and every deadline that runs on it; counts its time."""
    holding = clocks.holding(session, ticket)
    if holding is None:
        return
    holding.until_at, holding.ended_by = at, ended_by
    end_waits(session, ticket, at)
    pauses = clocks.pauses(session, ticket.id)
    holding.served_seconds = served(policy, ticket, holding, pauses)
    holding.calendars = policy.state.seq
    for deadline in clocks.live_deadlines(session, ticket.id):
        if deadline.holding_id == holding.id:
            if deadline.state == "paused" and deadline.kind in HOLDER_KINDS:
                # Judged on a due instant, not on none.
                place(policy, ticket, deadline, pauses)
            settle(session, deadline, at, met=ended_by == "resolved" and deadline.kind in HOLDER_KINDS)


def end_waits(session: Session, ticket: Ticket, at: datetime) -> datetime:
    """Ends the open waits, each at its limit when it had one before `at`: time stands still until the limit agreed,
    not until somebody, or a worker that was late, noticed that it had passed. Returns when the last one ended."""
    ended = at
    for pause in clocks.open_pauses(session, ticket.id):
        limit = pause.limit_at or at
        ended = pause.until_at = max(pause.from_at, min(at, limit))
    return ended


def take_anew(
    session: Session,
    policy: Policy,
    ticket: Ticket,
    deadline: DeadlineRow,
    clock: str,
    allowance: Allowance,
    at: datetime,
) -> None:
    """Gives a live deadline another allowance, from the instant it started at, every wait kept.

    Its waiting steps move with it; one that should by now have been fired is due at once. Those fired stay fired."""
    pauses = clocks.pauses(session, ticket.id)
    deadline.clock, deadline.state = clock, "running"
    deadline.allowance, deadline.open_days = kept_allowance(allowance)
    place(policy, ticket, deadline, pauses)
    _stop_if_waiting(deadline, pauses)
    reschedule(session, calendar_of(policy, ticket, clock), deadline)
    for step in clocks.pending_steps(session, deadline.id):
        step.due_at = max(step.due_at, at) if step.due_at else None


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
    rows = _open(session, policy, ticket, runs, holding_id=holding_id, pauses=pauses, due_at=due_at)
    refresh_due(session, ticket)
    return rows


def _open(
    session: Session,
    policy: Policy,
    ticket: Ticket,
    runs: Iterable[Run],
    *,
    holding_id: int | None,
    pauses: Sequence[PauseRow] = (),
    due_at: datetime | None = None,
) -> tuple[DeadlineRow, ...]:
    rows = tuple(_deadline(policy, ticket, run, holding_id, pauses) for run in runs)
    if due_at is not None:
        for row in rows:
            row.due_at, row.unknown_from = due_at, None
    clocks.add_deadlines(session, rows)
    clocks.add_steps(session, [step for row in rows for step in _steps(policy, ticket, row)])
    return rows


def settle(session: Session, deadline: DeadlineRow, at: datetime, *, met: bool) -> None:
    """Ends a deadline: met at `at`, or without object any more. Its waiting steps are cancelled."""
    deadline.state = "met" if met else "cancelled"
    deadline.met_at, deadline.settled_at = at if met else None, at
    clocks.cancel_steps(session, deadline.id)


def meet(session: Session, ticket: Ticket, kinds: Sequence[DeadlineKind], at: datetime) -> None:
    """The ticket's live deadlines of these kinds are met at `at`."""
    for deadline in clocks.live_deadlines(session, ticket.id):
        if deadline.kind in kinds:
            settle(session, deadline, at, met=True)
    refresh_due(session, ticket)


def stand_still(session: Session, ticket: Ticket, cause: PauseCause, at: datetime) -> None:
    """Stops the holder's deadlines; the promise to the collège too, when the collège itself is waited for.

    One already passed at `at` stays passed: no pause mends it."""
    for deadline in _touched(session, ticket, cause):
        _stop(deadline, at)
        clocks.unschedule(session, deadline.id)
    refresh_due(session, ticket)


def run_again(session: Session, policy: Policy, ticket: Ticket) -> None:
    """Recomputes every paused deadline from its start, its allowance and all pauses up to now."""
    pauses = clocks.pauses(session, ticket.id)
    for deadline in clocks.live_deadlines(session, ticket.id):
        if deadline.state != "paused":
            continue
        deadline.state = "running"
        place(policy, ticket, deadline, pauses)
        reschedule(session, calendar_of(policy, ticket, deadline.clock), deadline)
    refresh_due(session, ticket)


def refresh_due(session: Session, ticket: Ticket) -> None:
    """The queue's column: the holder's next running deadline, else the limit of its pause."""
    session.flush()
    ticket.due_at = clocks.next_due(session, ticket.id) or FAR


def pause_pairs(pauses: Iterable[PauseRow]) -> tuple[tuple[datetime, datetime | None], ...]:
    return tuple((pause.from_at, pause.until_at) for pause in pauses)


def allowance_of(deadline: DeadlineRow) -> Allowance:
    """What the deadline was opened with."""
    if deadline.open_days is not None:
        return OpenDays(deadline.open_days)
    return timedelta(seconds=deadline.allowance)


def kept_allowance(allowance: Allowance) -> tuple[int, int | None]:
    """The allowance as its row keeps it: seconds of open time, or open days beside none."""
    match allowance:
        case timedelta():
            return int(allowance.total_seconds()), None
        case OpenDays():
            return 0, allowance.count


def _deadline(
    policy: Policy, ticket: Ticket, run: Run, holding_id: int | None, pauses: Sequence[PauseRow]
) -> DeadlineRow:
    seconds, open_days = kept_allowance(run.allowance)
    row = DeadlineRow(
        ticket_id=ticket.id,
        holding_id=None if run.kind is DeadlineKind.PROMISE else holding_id,
        kind=run.kind.value,
        party=run.party.value,
        clock=run.clock,
        allowance=seconds,
        open_days=open_days,
        starts_at=run.starts_at,
        state="running",
    )
    place(policy, ticket, row, pauses)
    _stop_if_waiting(row, pauses)
    return row


def _stop_if_waiting(deadline: DeadlineRow, pauses: Iterable[PauseRow]) -> None:
    """Taken anew while its clock stands still."""
    since = stopped_since(deadline, pauses)
    if since is not None:
        _stop(deadline, since)


def stopped_since(deadline: DeadlineRow, pauses: Iterable[PauseRow]) -> datetime | None:
    """Since when a wait without end so far stops a deadline's clock; None while it runs."""
    return min(
        (each.from_at for each in pauses if each.until_at is None and stops(deadline, each)), default=None
    )


def served(policy: Policy, ticket: Ticket, holding: HoldingRow, pauses: Sequence[PauseRow]) -> int | None:
    """Open time of an ended holding, its own waits and force majeure left out, in seconds; None beyond the calendar."""
    if holding.until_at is None:
        return None
    calendar = calendar_of(policy, ticket, holding.clock)
    own = pause_pairs(pause for pause in pauses if pause.holding_id == holding.id)
    bound = bound_by(DeadlineKind.RESOLVE, Party(holding.party), holding.clock)
    idle = policy.state.suspended(ticket.convention_id, ticket.uai, bound)
    found = between(calendar, holding.from_at, holding.until_at, (*own, *idle))
    return int(found.total_seconds()) if isinstance(found, timedelta) else None


def calendar_of(policy: Policy, ticket: Ticket, clock: str) -> ServiceCalendar:
    """The calendar of one of a ticket's clocks, with what was decided about its collège's days."""
    return policy.calendar(ticket.convention_id, clock, ticket.uai)


def stops_of(policy: Policy, ticket: Ticket, deadline: DeadlineRow, pauses: Iterable[PauseRow]) -> list[Pause]:
    """All that stops a deadline's clock: the waits that count for it, and the force majeure of whoever it binds
    (article 11). What binds both institutions stands still only when all parties do."""
    counted = pause_pairs(pause for pause in pauses if stops(deadline, pause))
    bound = bound_by(DeadlineKind(deadline.kind), Party(deadline.party), deadline.clock)
    return [*counted, *policy.state.suspended(ticket.convention_id, ticket.uai, bound)]


def bound_by(kind: DeadlineKind, party: Party, clock: str) -> Party | None:
    """Whose force majeure stops a deadline: its holder's; None, both institutions' together. What runs day and night
    is security, hence the RSSI's."""
    if clock == Clock.PERMANENT:
        return Party.RSSI
    return party if kind in OF_HOLDER else None


def place(policy: Policy, ticket: Ticket, deadline: DeadlineRow, pauses: Iterable[PauseRow]) -> None:
    """Gives a deadline the due instant that its start, its allowance, its calendar and its stops make."""
    deadline.due_at, deadline.unknown_from = placed(policy, ticket, deadline, pauses)
    deadline.calendars = policy.state.seq


def placed(
    policy: Policy, ticket: Ticket, deadline: DeadlineRow, pauses: Iterable[PauseRow]
) -> tuple[datetime | None, date | None]:
    """That instant, else the first day beyond the known calendar; neither while a stop has no end."""
    calendar, stops = calendar_of(policy, ticket, deadline.clock), stops_of(policy, ticket, deadline, pauses)
    found = due(calendar, deadline.starts_at, allowance_of(deadline), stops)
    if isinstance(found, datetime):
        return found, None
    return None, found.day if isinstance(found, UnknownFrom) else None


def _stop(deadline: DeadlineRow, at: datetime) -> None:
    """No due instant while a wait lasts; the one already passed when it began is kept."""
    if deadline.due_at is not None and deadline.due_at < at:
        deadline.passed_at = deadline.due_at
    deadline.state, deadline.due_at = "paused", None


def stops(deadline: DeadlineRow, pause: PauseRow) -> bool:
    """Whether a wait counts for a deadline: its own holding's for the holder's clock, those that the collège answers
    for, for the promise. A wait's own limit, an arbitration and a closing run on."""
    match DeadlineKind(deadline.kind):
        case DeadlineKind.PROMISE:
            return pause.cause in PROMISE_STOPPERS
        case DeadlineKind.ACKNOWLEDGE | DeadlineKind.RESOLVE | DeadlineKind.FIRST_LEVEL:
            return deadline.holding_id == pause.holding_id
        case DeadlineKind.ANSWER | DeadlineKind.ARBITRATE | DeadlineKind.CLOSE:
            return False


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


def _steps(policy: Policy, ticket: Ticket, deadline: DeadlineRow) -> list[NewStep]:
    kind, party = DeadlineKind(deadline.kind), Party(deadline.party)
    calendar = calendar_of(policy, ticket, deadline.clock)
    rows = [
        NewStep(
            ticket.id,
            deadline.id,
            step.number,
            ticket.cycle,
            "tell",
            fire_at,
            step.offset,
            step.tell,
            step.urgent,
            step.channel,
        )
        for step, fire_at in _scheduled(calendar, deadline, policy.ladders.of(party, kind))
    ]
    if act := AUTOMATIC.get(kind):
        rows.append(NewStep(ticket.id, deadline.id, AUTOMATIC_STEP, ticket.cycle, act, deadline.due_at))
    return rows


def _scheduled(
    calendar: ServiceCalendar, deadline: DeadlineRow, steps: Sequence[Step]
) -> list[tuple[Step, datetime | None]]:
    if deadline.due_at is None:
        return [(step, None) for step in steps]
    return [(step, fire_at) for step, fire_at in schedule(calendar, deadline.due_at, steps)]


def reschedule(session: Session, calendar: ServiceCalendar, deadline: DeadlineRow) -> None:
    """Gives each waiting step the instant that the deadline's present due instant makes it."""
    for row in clocks.pending_steps(session, deadline.id):
        row.due_at = step_due(calendar, deadline, row)


def step_due(calendar: ServiceCalendar, deadline: DeadlineRow, row: EscalationRow) -> datetime | None:
    """When a step falls; None while its deadline has no instant."""
    if deadline.due_at is None or row.offset == 0:
        return deadline.due_at
    step = Step(row.step, timedelta(seconds=row.offset), tuple(row.tell), urgent=row.urgent)
    return schedule(calendar, deadline.due_at, (step,))[0][1]
