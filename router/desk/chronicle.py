"""A ticket's holdings, waits and deadlines as its events alone tell them, from the first to the last.

Reads no row that a gesture changes: only entries of the journal, decisions, and the book the ticket was opened under.
Says nothing of due instants: those are the calendars' answer to what is told here."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from router.clock.allowances import Allowance
from router.desk.clocking import HOLDER_KINDS, PROMISE_STOPPERS, kept_allowance
from router.desk.opening import waits_for_first_level
from router.desk.policy import Policy
from router.desk.redecide import CONTEST_LIMIT
from router.model.incident import Decision, Facts, SourcedFact
from router.model.words import DeadlineKind, EventKind, Party, PauseCause, Priority, Source
from router.store.recomputing import Entry
from router.store.tables import DecisionRow, Ticket

APPLIED = ("corrected", "first_level")  # decided anew: the holder may stay
OWN_CLOCK = (*HOLDER_KINDS, DeadlineKind.FIRST_LEVEL)
LIVE = "live"
Span = tuple[datetime, datetime]


class Untold(Exception):
    """An entry of the journal that doesn't follow from those before it."""

    def __init__(self, seq: int) -> None:
        super().__init__(f"entry {seq} can't be told")
        self.seq = seq


@dataclass(slots=True)
class ToldHolding:
    party: Party
    clock: str
    from_at: datetime
    until_at: datetime | None = None
    ended_by: str | None = None
    acknowledged_at: datetime | None = None


@dataclass(slots=True)
class ToldWait:
    """`holding` is its holding's number, from 1."""

    holding: int
    cause: PauseCause
    from_at: datetime
    limit_at: datetime | None
    author: str
    until_at: datetime | None = None


@dataclass(slots=True)
class ToldDeadline:
    """`state` is « live », « met » or « cancelled »; `settled` bounds when it ended. `put_off`: a step that should by
    then have been fired was due at that instant; `steps_put_off`, of some steps alone. `by_time`: its automatic act
    ended it. `calendars`: the last act about days that moved it, or a step of it."""

    kind: DeadlineKind
    party: Party
    clock: str
    allowance: int
    open_days: int | None
    starts_at: datetime
    holding: int | None
    cycle: int
    state: str = LIVE
    met_at: datetime | None = None
    settled: Span | None = None
    put_off: datetime | None = None
    steps_put_off: dict[int, datetime] = field(default_factory=dict)
    by_time: bool = False
    calendars: int = 0

    def place_steps(self, at: datetime | None) -> None:
        """All its waiting steps are placed: none before `at`, which is an event's that moved the deadline."""
        self.put_off, self.steps_put_off = at, {}

    def earliest(self, step: int) -> datetime | None:
        return self.steps_put_off.get(step, self.put_off)

    def is_stopped_by(self, wait: ToldWait) -> bool:
        if self.kind is DeadlineKind.PROMISE:
            return wait.cause in PROMISE_STOPPERS
        return self.kind in OWN_CLOCK and self.holding == wait.holding


@dataclass(slots=True)
class Chronicle:
    """What the events tell. `escalated`: the instant planned and the entry's own, by deadline, step and cycle."""

    opened_at: datetime | None = None
    rulebook: str = ""
    resolved_at: datetime | None = None
    closed_at: datetime | None = None
    cycle: int = 1
    holdings: list[ToldHolding] = field(default_factory=list)
    waits: list[ToldWait] = field(default_factory=list)
    deadlines: list[ToldDeadline] = field(default_factory=list)
    escalated: dict[tuple[int, int, int], tuple[datetime | None, datetime]] = field(default_factory=dict)

    @property
    def holding(self) -> ToldHolding | None:
        """The present one."""
        return self.holdings[-1] if self.holdings and self.holdings[-1].until_at is None else None

    def live(self, *kinds: DeadlineKind) -> list[ToldDeadline]:
        return [each for each in self.deadlines if each.state == LIVE and (not kinds or each.kind in kinds)]

    def is_stopped(self, deadline: ToldDeadline) -> bool:
        return any(wait.until_at is None and deadline.is_stopped_by(wait) for wait in self.waits)


def told(
    policy: Policy, ticket: Ticket, entries: Iterable[Entry], decisions: Mapping[int, DecisionRow]
) -> Chronicle:
    """Raises Untold at the first entry that doesn't follow from those before it."""
    telling = _Telling(policy, ticket, decisions)
    for entry in entries:
        try:
            telling.hear(entry)
        except (LookupError, ValueError, TypeError, AttributeError) as error:
            raise Untold(entry.seq) from error
    return telling.chronicle


@dataclass(slots=True)
class _Telling:
    """The chronicle as far as it is told, and what the next entry may need of the last ones."""

    policy: Policy
    ticket: Ticket  # its collège and convention: nothing of its state
    decisions: Mapping[int, DecisionRow]
    chronicle: Chronicle = field(default_factory=Chronicle)
    decision: Decision | None = None
    cause: str = ""
    promised: bool = True

    def hear(self, entry: Entry) -> None:
        act = ACTS[EventKind(entry.kind)]
        if act is not None:
            act(self, entry)

    def _filed(self, entry: Entry) -> None:
        self.chronicle.opened_at = entry.at

    def _decided(self, entry: Entry) -> None:
        before, self.cause = self.decision, entry.data["cause"]
        self.decision = decision = decision_of(self.decisions[entry.data["decision"]])
        self.chronicle.rulebook = self.chronicle.rulebook or entry.data["rulebook"]
        holding = self.chronicle.holding
        if holding is None or self.cause not in APPLIED or decision.responsible is not holding.party:
            return  # somebody else holds it from the next entry on
        if before is None or _aimed_at(before) != _aimed_at(decision):
            holding.clock = self.policy.targets.of(holding.party, *_aimed_at(decision)).clock
        self._review_first_level(decision, entry.at)

    def _review_first_level(self, decision: Decision, at: datetime) -> None:
        running = self.chronicle.live(DeadlineKind.FIRST_LEVEL)
        waits = waits_for_first_level(self.policy, self.ticket, decision)
        if not waits:
            self._settle(running, at, met=decision.facts.value("first_level_done") is True)
        elif not running:
            limit = self.policy.targets.limits.first_level
            self._open(DeadlineKind.FIRST_LEVEL, Party.RUPN, limit.clock, limit.allowance, at)

    def _held(self, entry: Entry) -> None:
        decision, party, at = self._present(), Party(entry.data["party"]), entry.at
        reopened = self.promised and bool(self.chronicle.holdings)
        if self.chronicle.holding is not None:
            self._end_holding(at, self.cause)
            self._settle(self.chronicle.live(DeadlineKind.ARBITRATE), at, met=False)
        priority, category = _aimed_at(decision)
        target = self.policy.targets.of(party, priority, category)
        self.chronicle.holdings.append(ToldHolding(party, target.clock, at))
        self._open(DeadlineKind.ACKNOWLEDGE, party, target.clock, target.acknowledge, at)
        self._open(DeadlineKind.RESOLVE, party, target.clock, target.resolve, at)
        if not reopened and waits_for_first_level(self.policy, self.ticket, decision):
            limit = self.policy.targets.limits.first_level
            self._open(DeadlineKind.FIRST_LEVEL, party, limit.clock, limit.allowance, at)
        if self.promised:
            promise = self.policy.targets.promise(priority)
            self._open(DeadlineKind.PROMISE, party, promise.clock, promise.allowance, at)
        self.promised = False

    def _present(self) -> Decision:
        if self.decision is None:
            raise ValueError("nothing is decided yet")
        return self.decision

    def _waits(self, entry: Entry) -> None:
        holding, limits = self.chronicle.holdings[-1], self.policy.targets.limits
        asked = entry.kind == EventKind.INFORMATION_ASKED
        cause = PauseCause.REQUESTER if asked else PauseCause(entry.data["cause"])
        limit = limits.answer if asked else limits.pause
        self._acknowledge(entry.at)
        self._open(DeadlineKind.ANSWER, holding.party, limit.clock, limit.allowance, entry.at)
        until = _instant(entry.data["limit_at"])
        self.chronicle.waits.append(ToldWait(len(self.chronicle.holdings), cause, entry.at, until, entry.actor))

    def _resumed(self, entry: Entry) -> None:
        """By the answer, by the holder, for an arbitration, or by itself at the limit."""
        answers = self.chronicle.live(DeadlineKind.ANSWER)
        cause = entry.data.get("cause", "answered")
        limits = [wait.limit_at for wait in self.chronicle.waits if wait.until_at is None and wait.limit_at]
        self._end_waits(entry.at)
        self._settle(answers, entry.at, met=cause in {"answered", "holder"})
        if cause == "limit":  # the worker's pass, which may have begun before the last entry
            for each in answers:
                each.settled, each.by_time = (min(limits, default=entry.at), entry.at), True

    def _contested(self, entry: Entry) -> None:
        if entry.data["count"] > CONTEST_LIMIT:
            limit, party = self.policy.targets.limits.arbitration, self.chronicle.holdings[-1].party
            self._open(DeadlineKind.ARBITRATE, party, limit.clock, limit.allowance, entry.at)

    def _timed_out(self, entry: Entry) -> None:
        ended = self.chronicle.live(DeadlineKind.FIRST_LEVEL)
        self._settle(ended, entry.at, met=False)
        for each in ended:
            each.by_time = True

    def _resolved(self, entry: Entry) -> None:
        at, holding = entry.at, self.chronicle.holdings[-1]
        holding.acknowledged_at = holding.acknowledged_at or at
        self._end_holding(at, "resolved")
        self._settle(self.chronicle.live(DeadlineKind.PROMISE), at, met=True)
        self._settle(self.chronicle.live(), at, met=False)
        self.chronicle.resolved_at = at
        limit = self.policy.targets.limits.closing
        self._open(DeadlineKind.CLOSE, holding.party, limit.clock, limit.allowance, at)

    def _closed(self, entry: Entry) -> None:
        closing = self.chronicle.live(DeadlineKind.CLOSE)
        self._settle(closing, entry.at, met=True)
        for each in closing:
            each.by_time = entry.data.get("by") == "time"
        self.chronicle.closed_at = entry.at

    def _reopened(self, entry: Entry) -> None:
        self._settle(self.chronicle.live(), entry.at, met=False)
        self.chronicle.cycle += 1
        self.chronicle.resolved_at = self.chronicle.closed_at = None
        self.promised = True

    def _retargeted(self, entry: Entry) -> None:
        for moved in entry.data["moved"]:
            (deadline,) = self.chronicle.live(DeadlineKind(moved["kind"]))
            deadline.clock, deadline.allowance = moved["clock"][1], moved["allowance"][1]
            deadline.open_days = moved.get("open_days", (None, None))[1]
            deadline.place_steps(entry.at)

    def _recomputed(self, entry: Entry) -> None:
        for moved in entry.data["moved"]:
            (deadline,) = self.chronicle.live(DeadlineKind(moved["kind"]))
            deadline.place_steps(entry.at)
            deadline.calendars = entry.data["change"]
            if deadline.kind is DeadlineKind.ANSWER:
                for wait in self.chronicle.waits:
                    if wait.until_at is None and wait.limit_at is None:
                        wait.limit_at = _instant(moved["due_at"][1])
        for alone in entry.data.get("steps", ()):
            (deadline,) = self.chronicle.live(DeadlineKind(alone["kind"]))
            deadline.steps_put_off[alone["step"]] = datetime.fromisoformat(alone["earliest"])
            deadline.calendars = entry.data["change"]

    def _escalated(self, entry: Entry) -> None:
        data = entry.data
        key = (data["deadline"], data["step"], data["cycle"])
        self.chronicle.escalated[key] = (_instant(data["planned_at"]), entry.at)

    def _retried(self, entry: Entry) -> None:
        """Its deadline's waiting steps are placed anew, unless the clock stands still."""
        for deadline in self.chronicle.live(DeadlineKind(entry.data["kind"])):
            if entry.data["live"] and not self.chronicle.is_stopped(deadline):
                deadline.place_steps(None)

    def _taken(self, entry: Entry) -> None:
        self._acknowledge(entry.at)

    def _arbitrated(self, entry: Entry) -> None:
        self._settle(self.chronicle.live(DeadlineKind.ARBITRATE), entry.at, met=True)

    def _confirmed(self, entry: Entry) -> None:
        self._settle(self.chronicle.live(DeadlineKind.CLOSE), entry.at, met=True)

    def _acknowledge(self, at: datetime) -> None:
        holding = self.chronicle.holdings[-1]
        holding.acknowledged_at = holding.acknowledged_at or at
        self._settle(self.chronicle.live(DeadlineKind.ACKNOWLEDGE), at, met=True)

    def _end_holding(self, at: datetime, ended_by: str) -> None:
        holding, number = self.chronicle.holdings[-1], len(self.chronicle.holdings)
        holding.until_at, holding.ended_by = at, ended_by
        self._end_waits(at)
        for each in self.chronicle.live():
            if each.holding == number:
                self._settle([each], at, met=ended_by == "resolved" and each.kind in HOLDER_KINDS)

    def _end_waits(self, at: datetime) -> None:
        for wait in self.chronicle.waits:
            if wait.until_at is None:
                for deadline in self.chronicle.live():
                    if deadline.is_stopped_by(wait):
                        deadline.place_steps(None)
                wait.until_at = max(wait.from_at, min(at, wait.limit_at or at))

    def _settle(self, deadlines: Iterable[ToldDeadline], at: datetime, *, met: bool) -> None:
        for each in deadlines:
            each.state, each.met_at, each.settled = "met" if met else "cancelled", at if met else None, (at, at)

    def _open(self, kind: DeadlineKind, party: Party, clock: str, allowance: Allowance, at: datetime) -> None:
        seconds, open_days = kept_allowance(allowance)
        of_nobody = kind in {DeadlineKind.PROMISE, DeadlineKind.ARBITRATE, DeadlineKind.CLOSE}
        holding = None if of_nobody else len(self.chronicle.holdings)
        cycle = self.chronicle.cycle
        self.chronicle.deadlines.append(
            ToldDeadline(kind, party, clock, seconds, open_days, at, holding, cycle)
        )


# None: such an entry says nothing of time. A test holds every kind to be here.
ACTS: Mapping[EventKind, Callable[[_Telling, Entry], None] | None] = {
    EventKind.FILED: _Telling._filed,
    EventKind.DECIDED: _Telling._decided,
    EventKind.HELD: _Telling._held,
    EventKind.TAKEN: _Telling._taken,
    EventKind.ALERT_ACKNOWLEDGED: _Telling._taken,
    EventKind.INFORMATION_ASKED: _Telling._waits,
    EventKind.PAUSED: _Telling._waits,
    EventKind.ANSWERED: _Telling._resumed,
    EventKind.RESUMED: _Telling._resumed,
    EventKind.CONTESTED: _Telling._contested,
    EventKind.ARBITRATED: _Telling._arbitrated,
    EventKind.FIRST_LEVEL_TIMED_OUT: _Telling._timed_out,
    EventKind.RESOLVED: _Telling._resolved,
    EventKind.LINKED: _Telling._resolved,
    EventKind.CONFIRMED: _Telling._confirmed,
    EventKind.CLOSED: _Telling._closed,
    EventKind.REOPENED: _Telling._reopened,
    EventKind.RETARGETED: _Telling._retargeted,
    EventKind.RECOMPUTED: _Telling._recomputed,
    EventKind.ESCALATED: _Telling._escalated,
    EventKind.STEP_RETRIED: _Telling._retried,
    **dict.fromkeys(
        (
            EventKind.ASSIGNED,
            EventKind.COMMENTED,
            EventKind.NOTED,
            EventKind.CORRECTED,
            EventKind.TRANSFERRED,
            EventKind.FIRST_LEVEL_DONE,
            EventKind.ALERT_LOGGED,
            EventKind.ADMITTED,
            EventKind.EXCLUDED,
            EventKind.CONTAINMENT_OPENED,
            EventKind.ATTACHED,
            EventKind.DATA_NOTED,
        )
    ),
}


def decision_of(row: DecisionRow) -> Decision:
    """A recorded decision, as far as time depends on it."""
    facts = {name: SourcedFact(each["value"], Source(each["source"])) for name, each in row.facts.items()}
    return Decision(
        at=row.at,
        responsible=Party(row.responsible),
        inform=tuple(Party(party) for party in row.inform),
        informations=(),
        priority=Priority(row.priority),
        rule=row.rule,
        title=row.title,
        articles=tuple(row.articles),
        why=row.why,
        facts=Facts(facts),
        rulebook=row.rulebook,
        alert=False,
    )


def _aimed_at(decision: Decision) -> tuple[Priority, str]:
    """What targets are found by."""
    return decision.priority, str(decision.facts.value("category"))


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
