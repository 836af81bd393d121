"""A ticket's rows held against its chronicle: what was opened, stopped and settled, and the ladder of each deadline.

What neither has is said as « None » beside what the other one has."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import zip_longest

from router.clock.ladders import Told
from router.desk.chronicle import LIVE, Chronicle, ToldDeadline
from router.desk.clock_difference import Checked, Difference, Value
from router.desk.clocking import AUTOMATIC, AUTOMATIC_STEP
from router.desk.policy import Policy
from router.model.words import DeadlineKind
from router.store.recomputing import Clocked
from router.store.tables import DeadlineRow, EscalationRow, HoldingRow, PauseRow

AN_HOUR = timedelta(hours=1)
Acts = Sequence[tuple[int, datetime]]  # what was decided about days: number and instant
Pair = tuple[Checked, Value, Value]  # what, as stored, as told
Rung = tuple[int, int, str, int, tuple[str, ...], bool]


def paired(clocked: Clocked, chronicle: Chronicle) -> Mapping[int, ToldDeadline]:
    """What is told of each deadline's row, by its key: of a kind, the first is the first."""
    rows, tellings = _by_kind(clocked.deadlines, chronicle.deadlines)
    return {
        row.id: each for kind in rows for row, each in zip(rows[kind], tellings.get(kind, ()), strict=False)
    }


def untrue(
    policy: Policy, clocked: Clocked, chronicle: Chronicle, steps: Sequence[EscalationRow], acts: Acts
) -> Iterator[Difference]:
    """Every value of the rows that isn't as the events tell it. `policy`: the book the events name."""
    number = clocked.ticket.id
    for what, stored, told in (
        *_of_ticket(clocked, chronicle),
        *_of_holdings(clocked.holdings, chronicle),
        *_of_waits(clocked, chronicle),
    ):
        if stored != told:
            yield Difference(number, what, None, stored, told)
    yield from _of_deadlines(clocked, chronicle, acts)
    yield from _of_ladders(policy, clocked, chronicle, steps)


def _of_ticket(clocked: Clocked, chronicle: Chronicle) -> Iterator[Pair]:
    ticket = clocked.ticket
    yield Checked.POLICY, ticket.policy, chronicle.rulebook
    yield Checked.OPENED, ticket.opened_at, chronicle.opened_at
    yield Checked.RESOLVED, ticket.resolved_at, chronicle.resolved_at
    yield Checked.CLOSED, ticket.closed_at, chronicle.closed_at


def _of_holdings(rows: Sequence[HoldingRow], chronicle: Chronicle) -> Iterator[Pair]:
    for row, told in zip_longest(sorted(rows, key=lambda row: row.seq), chronicle.holdings):
        if row is None or told is None:
            yield Checked.HOLDING, row.from_at if row else None, told.from_at if told else None
            continue
        yield Checked.HOLDING_PARTY, row.party, told.party.value
        yield Checked.HOLDING_CLOCK, row.clock, told.clock
        yield Checked.HOLDING_FROM, row.from_at, told.from_at
        yield Checked.HOLDING_UNTIL, row.until_at, told.until_at
        yield Checked.HOLDING_ENDED_BY, row.ended_by, told.ended_by
        yield Checked.HOLDING_ACKNOWLEDGED, row.acknowledged_at, told.acknowledged_at


def _of_waits(clocked: Clocked, chronicle: Chronicle) -> Iterator[Pair]:
    places = _places(clocked.holdings)
    row: PauseRow | None
    for row, told in zip_longest(clocked.pauses, chronicle.waits):
        if row is None or told is None:
            yield Checked.WAIT, row.from_at if row else None, told.from_at if told else None
            continue
        yield Checked.WAIT_HOLDING, places.get(row.holding_id), told.holding
        yield Checked.WAIT_CAUSE, row.cause, told.cause.value
        yield Checked.WAIT_FROM, row.from_at, told.from_at
        yield Checked.WAIT_UNTIL, row.until_at, told.until_at
        yield Checked.WAIT_LIMIT, row.limit_at, told.limit_at
        yield Checked.WAIT_AUTHOR, row.author, told.author


def _of_deadlines(clocked: Clocked, chronicle: Chronicle, acts: Acts) -> Iterator[Difference]:
    number, places = clocked.ticket.id, _places(clocked.holdings)
    rows, tellings = _by_kind(clocked.deadlines, chronicle.deadlines)
    for kind in sorted({*rows, *tellings}):
        for row, told in zip_longest(rows.get(kind, ()), tellings.get(kind, ())):
            if row is None or told is None:
                starts = (row.starts_at if row else None, told.starts_at if told else None)
                yield Difference(number, Checked.DEADLINE, kind, *starts)
                continue
            calendars = (Checked.DEADLINE_CALENDARS, row.calendars, _calendars(row, told, acts))
            for what, stored, expected in (*_of_deadline(row, told, chronicle, places), calendars):
                if stored != expected:
                    yield Difference(number, what, kind, stored, expected)


def _of_deadline(
    row: DeadlineRow, told: ToldDeadline, chronicle: Chronicle, places: Mapping[int, int]
) -> Iterator[Pair]:
    # One that isn't there has no number, which no holding told has either.
    yield Checked.DEADLINE_HOLDING, places.get(row.holding_id, 0) if row.holding_id else None, told.holding
    yield Checked.DEADLINE_PARTY, row.party, told.party.value
    yield Checked.DEADLINE_CLOCK, row.clock, told.clock
    yield Checked.DEADLINE_STARTS, row.starts_at, told.starts_at
    yield Checked.DEADLINE_ALLOWANCE, row.allowance, told.allowance
    yield Checked.DEADLINE_OPEN_DAYS, row.open_days, told.open_days
    yield Checked.DEADLINE_STATE, row.state, _state(told, chronicle)
    yield Checked.DEADLINE_MET, row.met_at, told.met_at
    if row.settled_at is None:  # before 0003 it wasn't kept
        return
    if told.settled is None:
        yield Checked.DEADLINE_SETTLED, row.settled_at, None
        return
    first, last = told.settled
    yield Checked.DEADLINE_SETTLED, row.settled_at, min(max(row.settled_at, first), last)


def _calendars(row: DeadlineRow, told: ToldDeadline, acts: Acts) -> int:
    """The last act about days that it may take into account: none before the one that moved it, none decided after it
    was settled. The clocks of two processes may be an hour apart."""
    ended = told.settled[1] + AN_HOUR if told.settled else None
    known = [number for number, at in acts if ended is None or at <= ended]
    return max(told.calendars, min(row.calendars, max(known, default=0)))


def _state(told: ToldDeadline, chronicle: Chronicle) -> str:
    if told.state != LIVE:
        return told.state
    return "paused" if chronicle.is_stopped(told) else "running"


def _of_ladders(
    policy: Policy, clocked: Clocked, chronicle: Chronicle, steps: Sequence[EscalationRow]
) -> Iterator[Difference]:
    """Each deadline has the steps of its ladder, and each is where its events left it."""
    tellings = paired(clocked, chronicle)
    of_deadline: dict[int, list[EscalationRow]] = defaultdict(list)
    for step in steps:
        of_deadline[step.deadline_id].append(step)
    for deadline, told in tellings.items():
        mine = of_deadline.pop(deadline, [])
        for what, stored, expected in _of_ladder(policy, chronicle, told, mine):
            if stored != expected:
                yield Difference(clocked.ticket.id, what, told.kind, stored, expected)
    for left in of_deadline.values():  # of a deadline that isn't this ticket's, or that nothing tells of
        yield Difference(clocked.ticket.id, Checked.LADDER, None, len(left), 0)


def _of_ladder(
    policy: Policy, chronicle: Chronicle, told: ToldDeadline, steps: Sequence[EscalationRow]
) -> Iterator[Pair]:
    copied: set[Rung] = {
        (row.step, row.cycle, row.act, row.offset, tuple(row.tell), row.urgent) for row in steps
    }
    ladder = _ladder(policy, told)
    common = len(copied & ladder)
    yield Checked.LADDER, common if common < len(ladder) else len(steps), len(ladder)
    for row in steps:
        yield from _of_step(chronicle, told, row)


def _ladder(policy: Policy, told: ToldDeadline) -> set[Rung]:
    found: set[Rung] = {
        (step.number, told.cycle, "tell", int(step.offset.total_seconds()), step.tell, step.urgent)
        for step in policy.ladders.of(told.party, told.kind)
    }
    if act := AUTOMATIC.get(told.kind):
        found.add((AUTOMATIC_STEP, told.cycle, act, 0, (), False))
    return found


@dataclass(frozen=True, slots=True)
class _Fired:
    """What the journal says of a step that was fired: when it was planned, and the latest it can have been."""

    planned_at: datetime | None
    latest: datetime


def _of_step(chronicle: Chronicle, told: ToldDeadline, row: EscalationRow) -> Iterator[Pair]:
    fired = _fired(chronicle, told, row)
    if fired is None:
        allowed = _unfired(chronicle, told, row)
        yield Checked.STEP_STATE, row.state, row.state if row.state in allowed else allowed[0]
        return
    yield Checked.STEP_STATE, row.state, "fired"
    if row.act == "tell":
        yield Checked.STEP_PLANNED, row.due_at, fired.planned_at
    if row.fired_at is not None:
        first = min(row.due_at or fired.latest, fired.latest)
        yield Checked.STEP_FIRED, row.fired_at, min(max(row.fired_at, first), fired.latest)


def _fired(chronicle: Chronicle, told: ToldDeadline, row: EscalationRow) -> _Fired | None:
    if row.act == "tell":
        found = chronicle.escalated.get((row.deadline_id, row.step, row.cycle))
        return _Fired(*found) if found else None
    return _Fired(row.due_at, told.settled[1]) if told.by_time and told.settled else None


def _unfired(chronicle: Chronicle, told: ToldDeadline, row: EscalationRow) -> tuple[str, ...]:
    """The states that a step may be in which nobody was told of. One set aside is shown to an administrator; that of a
    deputy has no object once her RUPN has answered."""
    if told.state != LIVE:
        return ("cancelled", "poison")
    holding = chronicle.holding
    answered = holding is not None and holding.acknowledged_at is not None
    without_object = answered and set(row.tell) == {Told.DEPUTY.value}
    return ("pending", "poison", "cancelled") if without_object else ("pending", "poison")


def _places(holdings: Sequence[HoldingRow]) -> Mapping[int, int]:
    return {row.id: row.seq for row in holdings}


def _by_kind(
    deadlines: Sequence[DeadlineRow], tellings: Sequence[ToldDeadline]
) -> tuple[dict[DeadlineKind, list[DeadlineRow]], dict[DeadlineKind, list[ToldDeadline]]]:
    rows: dict[DeadlineKind, list[DeadlineRow]] = defaultdict(list)
    told: dict[DeadlineKind, list[ToldDeadline]] = defaultdict(list)
    for row in sorted(deadlines, key=lambda row: row.id):
        rows[DeadlineKind(row.kind)].append(row)
    for each in tellings:
        told[each.kind].append(each)
    return rows, told
