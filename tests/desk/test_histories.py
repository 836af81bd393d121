"""Random lives of tickets: whatever people and time do, time is conserved and nobody's duty is left behind.

Each seed is one history: gestures drawn among those anybody could try, at random instants, the worker passing when it
can. After each of them the ticket's rows are checked against each other. A failure names its seed and its gestures."""

import random
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from router.clock.calendar import add
from router.clock.ledger import TimeKind
from router.desk import alert, escalate, handle, redecide, settling
from router.desk.clock_check import verify_clocks
from router.desk.counter import standing_of
from router.desk.gestures import Gesture, possible
from router.desk.time_account import Agreement, ledger_of, recount
from router.model.actor import Actor, Refused
from router.model.incident import FactValue
from router.model.words import (
    HOLDERS,
    OPEN_STATUSES,
    Category,
    DeadlineKind,
    EventKind,
    Party,
    PauseCause,
    TicketStatus,
)
from router.store import journal
from router.store.clocks import LIVE, QUEUE_KINDS
from router.store.engine import Database, open_database
from router.store.tables import (
    FAR,
    DeadlineRow,
    DecisionRow,
    EscalationRow,
    EventRow,
    HoldingRow,
    PauseRow,
    Ticket,
)
from tests.databases import Databases
from tests.desk.grounds import ARTICLES
from tests.desk.world import MONDAY, World, settle_world

HISTORIES = 40
GESTURES = 20
OWN_CLOCK = (DeadlineKind.ACKNOWLEDGE, DeadlineKind.RESOLVE, DeadlineKind.FIRST_LEVEL)
STOPPED = (TimeKind.PAUSED, TimeKind.SUSPENDED, TimeKind.REQUESTER)
STOPS_THE_PROMISE = (PauseCause.REQUESTER, PauseCause.FORCE_MAJEURE)
PEOPLE = ("rupn", "principal", "teacher", "technician", "colleague", "lead", "dsi", "dsi_lead", "rssi")
BEGINNINGS: tuple[tuple[str, str, dict[str, FactValue]], ...] = (
    ("rupn", "Le vidéoprojecteur ne s'allume plus", {"category": "hardware", "asset_owner": "departement"}),
    ("teacher", "Mes élèves n'ouvrent pas le parcours Éléa", {}),
    ("teacher", "SIECLE ne s'ouvre pas", {"category": "metier_software", "software_origin": "etat"}),
    ("rupn", "Plus de réseau dans le bâtiment B", {"category": "network"}),
    ("bursar", "Un message réclame une rançon", {"category": "security", "asset_owner": "departement"}),
)
CHANGES: tuple[dict[str, FactValue], ...] = (
    {"category": "security", "need": "breakdown"},
    {"category": "hardware", "asset_owner": "departement"},
    {"category": "hardware", "asset_owner": "etablissement"},
    {"category": "metier_software", "software_origin": "etat"},
    {"category": "pedagogical_resource"},
    {"urgency": "exam", "scope": "site"},
    {"urgency": "normal", "scope": "person"},
    {"urgency": "blocking"},
)


@dataclass
class History:
    """One ticket, its dice, and what was done to it."""

    world: World
    dice: random.Random
    ticket: int
    now: datetime
    done: list[str] = field(default_factory=list)
    fired: bool = True  # whether the last pass of the worker did anything, to any ticket
    refused: bool = False  # whether the last gesture was

    def tick(self) -> None:
        """Minutes or days later; sometimes the very same instant, sometimes read before another's lock."""
        self.fired = False
        step = self.dice.choice((0, 1, 20, 90, 400, 1_500, 6_000, 20_000))
        self.now += timedelta(minutes=step, seconds=self.dice.randrange(60) if step else 0)
        if self.dice.random() < 0.5:
            late = timedelta(minutes=self.dice.choice((0, 0, 1, 600)))
            self.done.append(f"{self.now} worker")
            self.fired = escalate.run_due(self.world.desk, self.now) > 0
            self.now += late

    def gesture(self) -> None:
        """One that the page offers; now and then one it doesn't, which must change nothing."""
        who, gesture = self.dice.choice(self.offered() if self.dice.random() < 0.9 else EVERY_ACT)
        read_at = self.now - timedelta(seconds=self.dice.choice((0, 0, 3)))
        try:
            ACTS[gesture](self, self.world[who], read_at)
            self.refused = False
            self.done.append(f"{read_at} {who}: {gesture}")
        except Refused as refusal:
            self.refused = True
            self.done.append(f"{read_at} {who}: {gesture}, refused ({refusal.message})")

    def offered(self) -> list[tuple[str, Gesture]]:
        """Who may do what, as the pages would show it now."""
        desk = self.world.desk
        with desk.database.reading() as session:
            ticket = session.get_one(Ticket, self.ticket)
            standing = standing_of(session, desk.policies.named(session, ticket.policy), ticket)
        found = [
            (who, each) for who in PEOPLE for each in sorted(possible(self.world[who], standing, self.now))
        ]
        return [(who, each) for who, each in found if each in ACTS] or list(EVERY_ACT)

    def stuck(self, rows: "Rows") -> Iterator[str]:
        """What the ticket waits for, and nobody could do."""
        offered = {gesture for _, gesture in self.offered()}
        waited = {OUTCOMES[DeadlineKind(row.kind)] for row in rows.live}
        yield from (f"nobody can {sorted(ways)}" for ways in waited if not ways & offered)

    def rows(self, session: Session) -> "Rows":
        """Plain rows: they compare by value, and cost half of what mapped objects do."""

        def of(kind: Any, *order: Any) -> list[Any]:
            mine = select(kind.__table__).where(kind.ticket_id == self.ticket)
            return list(session.execute(mine.order_by(*order)))

        return Rows(
            session.execute(select(Ticket.__table__).where(Ticket.id == self.ticket)).one(),
            of(HoldingRow, HoldingRow.seq),
            of(DeadlineRow, DeadlineRow.id),
            of(PauseRow, PauseRow.id),
            of(EscalationRow, EscalationRow.id),
            of(EventRow, EventRow.seq),
            of(DecisionRow, DecisionRow.id),
        )


@dataclass(frozen=True, slots=True)
class Rows:
    ticket: Ticket
    holdings: list[HoldingRow]
    deadlines: list[DeadlineRow]
    pauses: list[PauseRow]
    steps: list[EscalationRow]
    events: list[EventRow]
    decisions: list[DecisionRow]

    @property
    def live(self) -> list[DeadlineRow]:
        return [row for row in self.deadlines if row.state in LIVE]

    @property
    def waits(self) -> list[PauseRow]:
        return [row for row in self.pauses if row.until_at is None]

    def kinds(self, *states: str) -> list[str]:
        return sorted(row.kind for row in self.deadlines if row.state in states)


Act = Callable[[History, Actor, datetime], object]


def _pause(history: History, actor: Actor, at: datetime) -> None:
    limit = at + timedelta(days=3) if history.dice.random() < 0.5 else None
    cause = history.dice.choice((PauseCause.PART, PauseCause.SUPPLIER))
    handle.pause(history.world.desk, actor, history.ticket, cause, "Commandé.", limit, at)


def _correct(history: History, actor: Actor, at: datetime) -> None:
    changes = history.dice.choice(CHANGES)
    redecide.correct(history.world.desk, actor, history.ticket, changes, "Vu sur place.", at)


def _transfer(history: History, actor: Actor, at: datetime) -> None:
    to = history.dice.choice(HOLDERS)
    redecide.transfer(history.world.desk, actor, history.ticket, to, ARTICLES[to], "Pas à nous.", at)


def _arbitrate(history: History, actor: Actor, at: datetime) -> None:
    to = history.dice.choice(HOLDERS)
    redecide.arbitrate(history.world.desk, actor, history.ticket, to, ARTICLES[to], "Tranché.", at)


def _assign(history: History, actor: Actor, at: datetime) -> None:
    other = history.world[history.dice.choice(PEOPLE)].id
    handle.assign(history.world.desk, actor, history.ticket, other, at)


def _link(history: History, actor: Actor, at: datetime) -> None:
    other = history.dice.randrange(1, history.ticket + 1)
    settling.link_duplicate(history.world.desk, actor, history.ticket, other, at)


def _simple(use_case: Callable[..., object], *words: str) -> Act:
    return lambda history, actor, at: use_case(history.world.desk, actor, history.ticket, *words, at)


ACTS: Mapping[Gesture, Act] = {
    Gesture.TAKE: _simple(handle.take),
    Gesture.ASSIGN: _assign,
    Gesture.COMMENT: _simple(handle.comment, "Nous passons demain."),
    Gesture.ASK: _simple(handle.ask_information, "Quel voyant ?"),
    Gesture.ANSWER: _simple(handle.answer, "Le rouge."),
    Gesture.PAUSE: _pause,
    Gesture.RESUME: _simple(handle.resume),
    Gesture.CORRECT: _correct,
    Gesture.TRANSFER: _transfer,
    Gesture.ARBITRATE: _arbitrate,
    Gesture.FIRST_LEVEL: _simple(redecide.first_level_done, "Vérifié."),
    Gesture.RESOLVE: _simple(settling.resolve, "Réparé."),
    Gesture.CONFIRM: _simple(settling.confirm),
    Gesture.REOPEN: _simple(settling.reopen, "Toujours en panne."),
    Gesture.LINK: _link,
    Gesture.ACKNOWLEDGE: _simple(alert.acknowledge),
    Gesture.LOG: _simple(alert.log_action, "Mot de passe changé."),
}
OUTCOMES: Mapping[DeadlineKind, frozenset[Gesture]] = {
    DeadlineKind.ACKNOWLEDGE: frozenset({Gesture.TAKE, Gesture.ACKNOWLEDGE}),
    DeadlineKind.RESOLVE: frozenset({Gesture.RESOLVE}),
    DeadlineKind.PROMISE: frozenset({Gesture.RESOLVE}),
    DeadlineKind.ANSWER: frozenset({Gesture.ANSWER, Gesture.RESUME}),
    DeadlineKind.FIRST_LEVEL: frozenset({Gesture.FIRST_LEVEL}),
    DeadlineKind.ARBITRATE: frozenset({Gesture.ARBITRATE}),
    DeadlineKind.CLOSE: frozenset({Gesture.CONFIRM}),
}
EVERY_ACT = tuple((who, gesture) for who in PEOPLE for gesture in ACTS)


@pytest.fixture(scope="module")
def world(databases: Databases) -> Iterator[World]:
    url = databases.migrated("sqlite")
    database: Database = open_database(url, synchronous="NORMAL")
    yield settle_world(database)
    database.engine.dispose()
    databases.drop(url)


@pytest.mark.parametrize("seed", range(HISTORIES))
def test_whatever_happens_time_is_conserved(world: World, seed: int) -> None:
    dice = random.Random(seed)  # dice, no secret
    who, subject, facts = BEGINNINGS[seed % len(BEGINNINGS)]
    at = MONDAY + timedelta(minutes=dice.randrange(7 * 24 * 60))
    filed = world.file(who, subject, "", at, facts=facts)
    history = History(world, dice, filed.ticket, at)
    rows = _check(history)
    for _ in range(GESTURES):
        history.tick()
        rows = _check(history) if history.fired else _check_time_alone(history, rows)
        history.gesture()
        rows = _check_nothing_changed(history, rows) if history.refused else _check(history)
    with world.desk.database.reading() as session:
        # Nothing rewrites an entry (a test of the journal's): the whole chain holds if and only if each part of it did.
        _tell(history, (each.reason for each in journal.verify(session, ticket_id=history.ticket)[1]))
    _tell(history, (str(each) for each in verify_clocks(world.desk, history.ticket).differences))


def _check(history: History) -> Rows:
    with history.world.desk.database.reading() as session:
        rows = history.rows(session)
    found = (*_faults(history.world, rows), *_of_time(history, rows), *_of_journal(rows), *history.stuck(rows))
    _tell(history, found)
    return rows


def _check_time_alone(history: History, rows: Rows) -> Rows:
    """Time passed and nobody did anything: the rows are those checked before, what may be done about them isn't."""
    _tell(history, history.stuck(rows))
    return rows


def _check_nothing_changed(history: History, before: Rows) -> Rows:
    """A refused gesture leaves every row of the ticket as it was."""
    with history.world.desk.database.reading() as session:
        rows = history.rows(session)
    _tell(history, [] if rows == before else ["a refused gesture changed something"])
    return rows


def _tell(history: History, faults: Iterable[str]) -> None:
    found = list(faults)
    assert not found, "\n".join([*found, "after:", *history.done])


def _faults(world: World, rows: Rows) -> Iterator[str]:
    yield from _of_holdings(rows)
    yield from _of_status(rows)
    yield from _of_deadlines(rows)
    yield from _of_due(world, rows)
    yield from _of_pauses(rows)
    yield from _of_steps(rows)


def _of_holdings(rows: Rows) -> Iterator[str]:
    ticket, holdings = rows.ticket, rows.holdings
    if [row.seq for row in holdings] != list(range(1, len(holdings) + 1)):
        yield "holdings are not numbered one by one"
    if holdings[0].from_at != ticket.opened_at:
        yield "the first holding does not begin with the ticket"
    for one, other in pairwise(holdings):
        if one.until_at is None or one.until_at > other.from_at:
            yield f"holding {one.seq} overlaps the next"
        elif one.until_at < other.from_at and one.ended_by != "resolved":
            yield f"nobody held the ticket after holding {one.seq}"
    for row in holdings:
        if row.until_at and row.served_seconds is not None:
            held = (row.until_at - row.from_at).total_seconds()
            if not 0 <= row.served_seconds <= held:
                yield f"holding {row.seq} served {row.served_seconds} s of {held} s"
    last, opened = holdings[-1], [row for row in holdings if row.until_at is None]
    if ticket.opened and opened != [last]:
        yield "an open ticket has not exactly one open holding"
    if not ticket.opened and (opened or last.until_at != ticket.resolved_at):
        yield "a settled ticket's last holding does not end with it"
    if (last.id, last.party, rows.decisions[-1].responsible) != (ticket.holding_id, ticket.holder, last.party):
        yield "the ticket, its holding and its decision name different holders"


def _of_status(rows: Rows) -> Iterator[str]:
    ticket = rows.ticket
    status = TicketStatus(ticket.status)
    if ticket.opened is not (status in OPEN_STATUSES):
        yield f"opened={ticket.opened} with status {status}"
    if (status is TicketStatus.WAITING) is not bool(rows.waits):
        yield f"status {status} with {len(rows.waits)} open pauses"
    arbitrated = [row for row in rows.live if row.kind == DeadlineKind.ARBITRATE]
    if len(arbitrated) != (status is TicketStatus.ARBITRATION):
        yield f"status {status} with {len(arbitrated)} live arbitration deadlines"
    if status is TicketStatus.IN_PROGRESS and ticket.assignee_id is None:
        yield "in progress in nobody's hands"
    if (ticket.resolved_at is None) is not ticket.opened:
        yield f"opened={ticket.opened} with resolved_at {ticket.resolved_at}"
    if (ticket.closed_at is not None) is not (status is TicketStatus.CLOSED):
        yield f"status {status} with closed_at {ticket.closed_at}"
    if ticket.alert and (ticket.holder != Party.RSSI or ticket.category != Category.SECURITY):
        yield "an alert outside the RSSI's hands"


def _of_deadlines(rows: Rows) -> Iterator[str]:
    ticket, live = rows.ticket, rows.live
    kinds = sorted(row.kind for row in live)
    if len(kinds) != len(set(kinds)):
        yield f"two live deadlines of one kind: {kinds}"
    for row in live:
        if row.holding_id not in {None, ticket.holding_id}:
            yield f"live deadline {row.kind} of an ended holding"
        if row.holding_id is not None and row.party != ticket.holder:
            yield f"live deadline {row.kind} binds {row.party}, not the holder"
    if not ticket.opened:
        expected = [DeadlineKind.CLOSE] if ticket.status == TicketStatus.RESOLVED else []
        if kinds != expected:
            yield f"a settled ticket's live deadlines are {kinds}"
        return
    wanted = {DeadlineKind.RESOLVE, DeadlineKind.PROMISE}
    if rows.holdings[-1].acknowledged_at is None:
        wanted.add(DeadlineKind.ACKNOWLEDGE)
    if rows.waits:
        wanted.add(DeadlineKind.ANSWER)
    if ticket.status == TicketStatus.ARBITRATION:
        wanted.add(DeadlineKind.ARBITRATE)
    if set(kinds) - {DeadlineKind.FIRST_LEVEL} != wanted:
        yield f"live deadlines are {kinds}, not {sorted(wanted)}"
    if DeadlineKind.FIRST_LEVEL in kinds and ticket.holder != Party.RUPN:
        yield "the first level runs on another party than the RUPN"


def _of_due(world: World, rows: Rows) -> Iterator[str]:
    """Each due instant is the calendar's answer anew; the ticket's is the earliest."""
    policy = world.desk.policies
    with world.desk.database.reading() as session:
        known = policy.named(session, rows.ticket.policy)
    running = [row for row in rows.live if row.state == "running"]
    for row in running:
        if row.kind == DeadlineKind.ANSWER:
            continue  # a person may have chosen its instant
        pauses = [(each.from_at, each.until_at) for each in rows.pauses if _stops(row, each)]
        calendar = known.calendar(rows.ticket.convention_id, row.clock)
        due = add(calendar, row.starts_at, timedelta(seconds=row.allowance), pauses)
        if row.due_at != (due if isinstance(due, datetime) else None):
            yield f"{row.kind} is due {row.due_at}, the calendar says {due}"
    dues = [row.due_at for row in running if row.due_at is not None and row.kind in QUEUE_KINDS]
    if rows.ticket.due_at != min(dues, default=FAR):
        yield f"the ticket is due {rows.ticket.due_at}, its deadlines {sorted(dues)}"


def _stops(deadline: DeadlineRow, pause: PauseRow) -> bool:
    if deadline.kind == DeadlineKind.PROMISE:
        return pause.cause in STOPS_THE_PROMISE
    return deadline.kind in OWN_CLOCK and deadline.holding_id == pause.holding_id


def _of_time(history: History, rows: Rows) -> Iterator[str]:
    """The ledger leaves no instant out, each holding served what it says, each deadline can be recomputed."""
    ticket, at = rows.ticket, max(history.now, rows.ticket.head_at)
    with history.world.desk.database.reading() as session:
        policy = history.world.desk.policies.named(session, ticket.policy)
    time = ledger_of(policy, ticket, rows.holdings, rows.pauses, at)
    told = sum(time.held().values(), timedelta()) + sum(map(time.total, STOPPED), timedelta())
    if not time.opened_at + told == time.end_at == (ticket.resolved_at or at):
        yield f"{told} is told of the time from {time.opened_at} to {time.end_at}"
    for place, held in enumerate(rows.holdings):
        served = int(time.of_holding(place, TimeKind.RUNNING).total_seconds())
        if held.served_seconds is not None and held.served_seconds != served:
            yield f"holding {held.seq} served {held.served_seconds} s, its segments {served} s"
    ends = {row.id: row.until_at for row in rows.holdings}
    for row in rows.deadlines:
        again = recount(row, policy, ticket, rows.pauses, ends.get(row.holding_id or 0), at)
        if again.agreement is Agreement.OTHER:
            yield f"{row.kind} is due {row.due_at or row.passed_at}, {again.line} gives {again.answer}"


def _of_pauses(rows: Rows) -> Iterator[str]:
    if len(rows.waits) > 1:
        yield "two open pauses"
    if any(row.holding_id != rows.ticket.holding_id for row in rows.waits):
        yield "an open pause of an ended holding"
    for row in rows.pauses:
        if row.until_at is not None and row.until_at < row.from_at:
            yield "a pause ends before it begins"
        if row.until_at is not None and row.limit_at is not None and row.until_at > row.limit_at:
            yield "a pause outlives its limit"
    for one, other in pairwise(rows.pauses):
        if one.until_at is None or one.until_at > other.from_at:
            yield "pauses overlap"
    stopped = {row.kind for row in rows.live if row.state == "paused"}
    causes = {row.cause for row in rows.waits}
    if any((row.state == "paused") is not bool(causes) for row in rows.live if row.kind in OWN_CLOCK):
        yield f"pauses {sorted(causes)} with {sorted(stopped)} standing still"
    if (DeadlineKind.PROMISE in stopped) is not bool(causes & set(STOPS_THE_PROMISE)):
        yield f"pauses {sorted(causes)} with {sorted(stopped)} standing still"


def _of_steps(rows: Rows) -> Iterator[str]:
    deadlines = {row.id: row for row in rows.deadlines}
    for step in rows.steps:
        deadline = deadlines[step.deadline_id]
        if step.state == "poison":
            yield f"step {step.act} of {deadline.kind} was set aside: {step.error}"
        if step.state != "pending":
            continue
        if deadline.state not in LIVE:
            yield f"step {step.act} waits for {deadline.kind}, which is {deadline.state}"
        if (step.due_at is None) is not (deadline.due_at is None):
            yield f"step {step.act} is due {step.due_at}, {deadline.kind} {deadline.due_at}"


def _of_journal(rows: Rows) -> Iterator[str]:
    # Telling somebody changes nothing: whoever acts next keeps her own instant, even after a worker ahead of time
    # (docs/decisions/0016). What changes the ticket never runs back, and nobody is told before what came before.
    acts = [event.at for event in rows.events if event.kind != EventKind.ESCALATED]
    if any(one > other for one, other in pairwise(acts)):
        yield "time runs back in the journal"
    for one, other in pairwise(rows.events):
        if other.kind == EventKind.ESCALATED and one.kind != EventKind.ESCALATED and one.at > other.at:
            yield "somebody is told before what came before"
    if rows.ticket.head_at != acts[-1]:
        yield "the ticket's head is not the instant of the last event that changed it"
    held = [event.data["seq"] for event in rows.events if event.kind == EventKind.HELD]
    if held != [row.seq for row in rows.holdings]:
        yield "the journal does not tell every holding"
