"""The page « Calendrier »: what the coming year's days are on each clock, who decided it, and force majeure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from router.classify.fold import fold_text
from router.clock.long_suspensions import Run, longest_runs
from router.clock.service_calendar import DayKind, ServiceCalendar, Span
from router.clock.targets import Clock
from router.desk.advise import ConventionLine, convention_lines
from router.desk.calendar_days import DECIDED_CLOCKS, may_decide
from router.desk.calendar_fold import suspension_in
from router.desk.house import Desk
from router.desk.policies import InForce
from router.desk.policy import Policy
from router.desk.suspensions import may_sign
from router.model.actor import Actor, NotFound
from router.model.words import ChangeKind, DayCause, Institution, Party, Reach
from router.store import calendar_log, nearby, tickets
from router.store.calendar_log import Recorded
from router.store.territory import college_names

A_DAY, A_YEAR = timedelta(days=1), 365
PAGE = 30
MOST_SUSPENSIONS = 50
ACTS_OF_SUSPENSION = {
    ChangeKind.SUSPENSION_ACCEPTED: "accepted",
    ChangeKind.SUSPENSION_REFUSED: "refused",
    ChangeKind.SUSPENSION_WITHDRAWN: "withdrawn",
}


class Answer(StrEnum):
    """What became of a declaration of force majeure."""

    WAITING = "waiting"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class SpecialDays:
    """Days that aren't as the usual week says; no `hours`: closed, or unknown."""

    first: date
    last: date
    kind: DayKind
    reason: str
    hours: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ClockView:
    """One clock: its usual week (Monday first) and what differs in the coming year; days after `known_until` aren't
    known, all of them when it is None."""

    clock: Clock
    week: tuple[tuple[str, ...], ...]
    known_until: date | None
    unconfirmed: tuple[date, ...]
    special: tuple[SpecialDays, ...]


@dataclass(frozen=True, slots=True)
class Signed:
    """Who did something, for whom, when, and why. The name is empty once erased."""

    at: datetime
    name: str
    institution: Institution | None
    reason: str


@dataclass(frozen=True, slots=True)
class DecisionView:
    id: int
    by: Signed
    reach: Reach
    where: str
    clock: Clock | None
    first: date
    last: date
    hours: tuple[str, ...]
    cause: DayCause
    withdrawn: Signed | None
    may_withdraw: bool


@dataclass(frozen=True, slots=True)
class SuspensionView:
    """`colleges` are empty for all those of the convention, `parties` for all but the RSSI. `opens_termination`: the
    whole time that it makes with those it touches, when that is more than six months."""

    id: int
    by: Signed
    colleges: tuple[str, ...]
    parties: tuple[Party, ...]
    first: date
    last: date
    answer: Answer
    answered: Signed | None
    ended: Signed | None
    opens_termination: Run | None
    may_answer: bool
    may_withdraw: bool
    may_end: bool


@dataclass(frozen=True, slots=True)
class CollegeChoice:
    """A collège of the convention, for whoever decides about one or some."""

    uai: str
    name: str
    town: str


@dataclass(frozen=True, slots=True)
class CalendarHead:
    """Whose calendar it is, and what the reader may decide. `college` is whose days are meant, empty for the
    convention's own."""

    conventions: tuple[ConventionLine, ...]
    convention: str
    title: str
    college: str
    reaches: tuple[Reach, ...]
    may_declare: bool


@dataclass(frozen=True, slots=True)
class CalendarPage(CalendarHead):
    """`older` is where the page before begins."""

    zone: ZoneInfo
    clocks: tuple[ClockView, ...]
    decisions: tuple[DecisionView, ...]
    older: int | None
    suspensions: tuple[SuspensionView, ...]


@dataclass(frozen=True, slots=True)
class CalendarForm(CalendarHead):
    """All that a form needs: `colleges` are there to choose from, by name; none for a collège's own people."""

    colleges: tuple[CollegeChoice, ...]


def calendar_form(desk: Desk, actor: Actor, convention: str | None, at: datetime) -> CalendarForm:
    """For a form, which shows no day: none is computed. Raises as `calendar_page`."""
    with desk.database.reading() as session:
        books = desk.policies.in_force(session, at)
        chosen = _convention(session, books, actor, convention)
        names = _Names.of(session, books, actor, ())
        colleges = () if actor.uai else _colleges(session, books, chosen)
        return CalendarForm(**_head(books, actor, chosen, names), colleges=colleges)


def calendar_page(
    desk: Desk,
    actor: Actor,
    convention: str | None,
    at: datetime,
    before: int | None = None,
) -> CalendarPage:
    """A collège's people see their collège's days; the others a convention's, their own first.

    Raises NotFound for a convention that doesn't exist or isn't hers."""
    with desk.database.reading() as session:
        books = desk.policies.in_force(session, at)
        chosen = _convention(session, books, actor, convention)
        policy = books.of(chosen)
        zone = policy.zone(chosen, desk.settings.zone)
        today = at.astimezone(zone).date()
        decided = calendar_log.acts(session, ChangeKind.DAYS_DECIDED, chosen, actor.uai, PAGE + 1, before)
        declared = calendar_log.acts(session, ChangeKind.SUSPENSION_DECLARED, chosen, None, MOST_SUSPENSIONS)
        since = calendar_log.following(session, [each.id for each in (*decided, *declared)])
        names = _Names.of(session, books, actor, [*decided, *declared])
        lasting = _lasting(policy, chosen)
        return CalendarPage(
            **_head(books, actor, chosen, names),
            zone=zone,
            clocks=tuple(
                _clock(clock, policy.calendar(chosen, clock, actor.uai), today) for clock in DECIDED_CLOCKS
            ),
            decisions=tuple(_decision(names, actor, each, since) for each in decided[:PAGE]),
            older=decided[PAGE - 1].id if len(decided) > PAGE else None,
            suspensions=tuple(
                view
                for each in declared
                if (view := _suspension(names, actor, each, since, lasting)) is not None
            ),
        )


def _colleges(session: Session, books: InForce, convention: str) -> tuple[CollegeChoice, ...]:
    return tuple(
        CollegeChoice(each.uai, each.name, each.town)
        for each in sorted(nearby.colleges(session), key=lambda each: (fold_text(each.name), each.uai))
        if books.convention_of(each) == convention
    )


def _convention(session: Session, books: InForce, actor: Actor, asked: str | None) -> str:
    own = actor.convention_id
    if actor.uai:
        college = tickets.college(session, actor.uai)
        own = books.convention_of(college) if college else own
    found = own or asked or next(iter(books.conventions), None)
    if found is None or books.convention(found) is None or (own and asked not in {None, "", own}):
        raise NotFound("Ce calendrier n'existe pas, ou n'est pas de votre convention.")
    return found


def _head(books: InForce, actor: Actor, chosen: str, names: "_Names") -> dict[str, Any]:
    known = books.convention(chosen)
    return {
        "conventions": _readable(books, actor),
        "convention": chosen,
        "title": known.title if known else chosen,
        "college": names.college(actor.uai) if actor.uai else "",
        "reaches": tuple(reach for reach in Reach if may_decide(actor, reach, chosen, actor.uai)),
        "may_declare": may_sign(actor, chosen),
    }


def _readable(books: InForce, actor: Actor) -> tuple[ConventionLine, ...]:
    return () if actor.convention_id or actor.uai else convention_lines(books)


@dataclass(frozen=True, slots=True)
class _Names:
    """Read once for the whole page, however many acts it shows."""

    colleges: Mapping[str, str]
    books: InForce

    @classmethod
    def of(cls, session: Session, books: InForce, actor: Actor, shown: Sequence[Recorded]) -> "_Names":
        uais = {each.uai for each in shown} | {uai for each in shown for uai in each.data.get("uais", ())}
        return cls(college_names(session, [uai for uai in {actor.uai, *uais} if uai]), books)

    def college(self, uai: str) -> str:
        return self.colleges.get(uai, uai)

    def where(self, change: Recorded) -> str:
        if change.uai:
            return self.college(change.uai)
        found = self.books.convention(change.convention) if change.convention else None
        return found.title if found else ""


def _clock(clock: Clock, calendar: ServiceCalendar, today: date) -> ClockView:
    return ClockView(
        clock=clock,
        week=tuple(tuple(map(str, spans)) for spans in calendar.week),
        known_until=calendar.covered_until,
        unconfirmed=tuple(each.first for each in calendar.unconfirmed if each.last >= today),
        special=tuple(_special(calendar, today)),
    )


def _special(calendar: ServiceCalendar, today: date) -> Iterator[SpecialDays]:
    """The days of the coming year that aren't usual ones, those that follow each other and say the same together."""
    pending: SpecialDays | None = None
    for number in range(A_YEAR + 1):
        day = today + timedelta(days=number)
        found = calendar.day(day)
        now = SpecialDays(day, day, found.kind, found.reason, tuple(map(str, found.spans)))
        if pending and (pending.kind, pending.reason, pending.hours) == (now.kind, now.reason, now.hours):
            pending = SpecialDays(pending.first, day, now.kind, now.reason, now.hours)
            continue
        if pending and pending.kind is not DayKind.USUAL:
            yield pending
        pending = now
    if pending and pending.kind is not DayKind.USUAL:
        yield pending


def _decision(names: _Names, actor: Actor, act: Recorded, since: Sequence[Recorded]) -> DecisionView:
    withdrawn = next((each for each in since if each.target == act.id), None)
    reach = Reach(act.data["reach"])
    return DecisionView(
        id=act.id,
        by=_signed(act),
        reach=reach,
        where=names.where(act),
        clock=Clock(act.data["clock"]) if act.data["clock"] else None,
        first=date.fromisoformat(act.data["first"]),
        last=date.fromisoformat(act.data["last"]),
        hours=tuple(str(Span(*each)) for each in act.data["spans"]),
        cause=DayCause(act.data["cause"]),
        withdrawn=_signed(withdrawn) if withdrawn else None,
        may_withdraw=withdrawn is None and may_decide(actor, reach, act.convention, act.uai),
    )


def _lasting(policy: Policy, convention: str) -> Mapping[int, Run]:
    """Of the accepted suspensions alone, with their real ends."""
    accepted = [each for each in policy.state.suspensions if each.convention == convention]
    return longest_runs(accepted, policy.book.zone(convention))


def _suspension(
    names: _Names, actor: Actor, act: Recorded, since: Sequence[Recorded], lasting: Mapping[int, Run]
) -> SuspensionView | None:
    """None for a suspension of other collèges than the reader's."""
    asked = suspension_in(act)
    if actor.uai and asked.uais and actor.uai not in asked.uais:
        return None
    own = [each for each in since if each.target == act.id]
    answered = next((each for each in own if each.kind in ACTS_OF_SUSPENSION), None)
    endings = [each for each in own if each.kind is ChangeKind.SUSPENSION_ENDED]
    end = datetime.fromisoformat(endings[-1].data["end"]) if endings else asked.end
    zone = names.books.of(asked.convention).book.zone(asked.convention)
    run = lasting.get(act.id)
    answer = Answer(ACTS_OF_SUSPENSION[answered.kind]) if answered else Answer.WAITING
    signs = may_sign(actor, act.convention)
    declared_it = act.institution is actor.institution
    return SuspensionView(
        id=act.id,
        by=_signed(act),
        colleges=tuple(names.college(uai) for uai in sorted(asked.uais)),
        parties=tuple(sorted(asked.parties)),
        first=asked.start.astimezone(zone).date(),
        last=end.astimezone(zone).date() - A_DAY,
        answer=answer,
        answered=_signed(answered) if answered else None,
        ended=_signed(endings[-1]) if endings else None,
        opens_termination=run if run and run.opens_termination else None,
        may_answer=signs and answer is Answer.WAITING and not declared_it,
        may_withdraw=signs and answer is Answer.WAITING and declared_it,
        may_end=signs and answer is Answer.ACCEPTED and end - asked.start > A_DAY,
    )


def _signed(act: Recorded) -> Signed:
    return Signed(act.at, act.actor_name, act.institution, act.reason)
