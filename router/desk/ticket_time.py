"""Where one ticket's time went, for one person: the ledger, each deadline with what recomputes it, the steps fired.

Under the same visibility as the ticket's page, in a number of queries that nothing makes grow."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from router.clock.calendar_text import calendar_text
from router.clock.day_counts import DayCount, day_counts
from router.clock.ledger import HELD_KINDS, Ledger, Segment, Spell, TimeKind
from router.clock.service_calendar import ServiceCalendar, Span
from router.desk.clock_check import known_then
from router.desk.clocking import calendar_of, placed
from router.desk.counter import NOT_FOUND
from router.desk.house import Desk
from router.desk.policies import Policies
from router.desk.policy import Policy
from router.desk.recompute import announced
from router.desk.time_account import Agreement, Recount, TakenOff, calendar_name, ledger_of, recount
from router.model.actor import Actor, NotFound
from router.model.measures import Verdict
from router.model.words import DeadlineKind, Party, TicketStatus
from router.store import clocks, judgements, tickets
from router.store.judgements import JudgedRow
from router.store.sight import visible_to
from router.store.tables import DeadlineRow, EscalationRow, PauseRow, Ticket

__all__ = [
    "HELD_KINDS",
    "Agreement",
    "DayCount",
    "Judgement",
    "Ledger",
    "Recount",
    "Segment",
    "Span",
    "Spell",
    "Step",
    "TakenOff",
    "TicketTime",
    "TimeKind",
    "Timetable",
    "calendar_file",
    "due_lines",
    "show",
]


@dataclass(frozen=True, slots=True)
class Judgement:
    """One deadline: what it was, what it was met at, how reports judge it, and how to find it again by hand.
    `holding` is its place in the ledger, None for the promise; `days` add up to the allowance, empty when they don't
    make the deadline (none is known, it was chosen, it is a number of days)."""

    id: int
    kind: DeadlineKind
    party: Party
    holding: int | None
    starts_at: datetime
    clock: str
    calendar: str
    allowance: timedelta
    open_days: int | None
    due_at: datetime | None
    unknown_from: date | None
    met_at: datetime | None
    state: str
    verdict: Verdict
    recount: Recount
    due_by_now: datetime | None  # with the days decided since it was settled, when that changes it
    days: tuple[DayCount, ...] = ()

    @property
    def is_live(self) -> bool:
        return self.state in clocks.LIVE


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a ladder, as it was fired. `offset` is service time from its deadline, negative before it."""

    deadline: int
    kind: DeadlineKind
    tell: tuple[str, ...]
    offset: timedelta
    planned_at: datetime | None
    fired_at: datetime


@dataclass(frozen=True, slots=True)
class Timetable:
    """One calendar this ticket's clocks go by, with the clocks' names."""

    clocks: tuple[str, ...]
    calendar: ServiceCalendar


@dataclass(frozen=True, slots=True)
class TicketTime:
    """`ends`: the ticket is settled, and its ledger with it."""

    id: int
    subject: str
    alert: bool
    status: TicketStatus
    ends: bool
    policy: str
    zone: ZoneInfo
    ledger: Ledger
    judgements: tuple[Judgement, ...]
    steps: tuple[Step, ...]
    timetables: tuple[Timetable, ...]


def show(desk: Desk, actor: Actor, ticket_id: int, at: datetime) -> TicketTime:
    """Raises NotFound when there is no such ticket, or none she may see."""
    with desk.database.reading() as session:
        ticket = tickets.seen(session, ticket_id, visible_to(actor))
        if ticket is None:
            raise NotFound(NOT_FOUND)
        return _time(session, desk.policies, ticket, max(at, ticket.head_at), desk.settings.zone)


def calendar_file(time: TicketTime) -> str:
    """Every calendar of the ticket's clocks, as `aiguillage due --calendars` reads them."""
    heading = f"Horaires du dossier n° {time.id}, d'après le recueil de règles {time.policy}."
    return calendar_text((each.calendar for each in time.timetables), heading)


def due_lines(time: TicketTime) -> str:
    """Every deadline as a line of `aiguillage due`."""
    return "".join(f"{each.recount.line}\n" for each in time.judgements)


def _time(
    session: Session, policies: Policies, ticket: Ticket, at: datetime, installation: ZoneInfo
) -> TicketTime:
    holdings, pauses = clocks.holdings(session, ticket.id), clocks.pauses(session, ticket.id)
    judged = judgements.of_ticket(session, ticket.id, at)
    places = {row.id: place for place, row in enumerate(holdings)}
    kinds = {each.row.id: DeadlineKind(each.row.kind) for each in judged}
    steps = judgements.steps_fired(session, ticket.id)
    now = policies.named(session, ticket.policy)
    then = {each.row.id: policies.as_of(session, ticket.policy, each.row.calendars) for each in judged}
    used = [(now, row.clock) for row in holdings] + [(then[each.row.id], each.row.clock) for each in judged]
    named = _Named.of(ticket, used)
    return TicketTime(
        id=ticket.id,
        subject=ticket.subject,
        alert=ticket.alert,
        status=TicketStatus(ticket.status),
        ends=not ticket.opened,
        policy=ticket.policy,
        zone=now.zone(ticket.convention_id, installation),
        ledger=ledger_of(now, ticket, holdings, pauses, at),
        judgements=tuple(
            _judgement(then[each.row.id], now, ticket, each, places, pauses, at, named) for each in judged
        ),
        steps=tuple(_step(each, kinds[each.deadline_id], each.fired_at) for each in steps if each.fired_at),
        timetables=named.timetables(),
    )


def _judgement(
    then: Policy,
    now: Policy,
    ticket: Ticket,
    judged: JudgedRow,
    places: Mapping[int, int],
    pauses: list[PauseRow],
    at: datetime,
    named: "_Named",
) -> Judgement:
    row = judged.row
    calendar = calendar_of(then, ticket, row.clock)
    name = named.name(then, calendar)
    recounted = recount(row, then, ticket, pauses, judged.ended_at, at, name=name)
    return Judgement(
        id=row.id,
        kind=DeadlineKind(row.kind),
        party=Party(row.party),
        holding=places.get(row.holding_id) if row.holding_id is not None else None,
        starts_at=row.starts_at,
        clock=row.clock,
        calendar=name,
        allowance=timedelta(seconds=row.allowance),
        open_days=row.open_days,
        due_at=judged.due_at,
        unknown_from=row.unknown_from,
        met_at=row.met_at,
        state=row.state,
        verdict=judged.verdict,
        recount=recounted,
        days=_days(row, calendar, recounted),
        due_by_now=_due_by_now(now, ticket, row, pauses),
    )


def _days(row: DeadlineRow, calendar: ServiceCalendar, recounted: Recount) -> tuple[DayCount, ...]:
    if row.due_at is None or row.open_days is not None or recounted.agreement is not Agreement.SAME:
        return ()
    waits = [(each.from_at, each.until_at) for each in recounted.taken_off]
    return day_counts(calendar, row.starts_at, row.due_at, waits)


def _due_by_now(now: Policy, ticket: Ticket, row: DeadlineRow, pauses: list[PauseRow]) -> datetime | None:
    """A settled deadline's instant with what was decided about days since; None when it is the same."""
    if row.met_at is None or row.due_at is None or row.calendars == now.state.seq or announced(row):
        return None
    due, _unknown = placed(now, ticket, row, known_then(row, pauses))
    return due if due != row.due_at else None


def _step(row: EscalationRow, kind: DeadlineKind, fired_at: datetime) -> Step:
    return Step(row.deadline_id, kind, tuple(row.tell), timedelta(seconds=row.offset), row.due_at, fired_at)


@dataclass(frozen=True, slots=True)
class _Named:
    """The ticket's calendars, each name once. Two clocks may go by one calendar, and a calendar have several states:
    those that say the same of every day are one."""

    clocks: dict[str, list[str]]
    calendars: dict[str, ServiceCalendar]
    names: dict[str, str]

    @classmethod
    def of(cls, ticket: Ticket, used: Iterable[tuple[Policy, str]]) -> "_Named":
        found = cls({}, {}, {})
        for policy, clock in sorted(used, key=lambda each: each[0].state.seq):
            calendar = calendar_of(policy, ticket, clock)
            name = found._add(calendar_name(policy, calendar), calendar)
            if clock not in found.clocks.setdefault(name, []):
                found.clocks[name].append(clock)
        return found

    def name(self, policy: Policy, calendar: ServiceCalendar) -> str:
        return self.names[calendar_name(policy, calendar)]

    def timetables(self) -> tuple[Timetable, ...]:
        return tuple(
            Timetable(tuple(self.clocks[name]), replace(self.calendars[name], name=name))
            for name in sorted(self.calendars)
        )

    def _add(self, name: str, calendar: ServiceCalendar) -> str:
        if name not in self.names:
            alike = next((known for known, each in self.calendars.items() if each == calendar), name)
            self.names[name] = alike
            self.calendars.setdefault(alike, calendar)
        return self.names[name]
