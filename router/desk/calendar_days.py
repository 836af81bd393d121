"""Days that a person decides about: closed, opened, half days, exams, snow; and newer school dates from a file.

Each act is recorded for good with who and why, and moves the open tickets' deadlines in its own transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from router.clock.calendar import next_opening
from router.clock.decided_days import DecidedDays, joined
from router.clock.school import SchoolYears, shipped_school_years
from router.clock.service_calendar import ServiceCalendar, Span
from router.clock.spans import SpanError, spans_of
from router.clock.targets import Clock
from router.desk.calendar_fold import folded, school_document
from router.desk.calendar_messages import tell_decided
from router.desk.closed_already import ClosedAlready, closed_already
from router.desk.house import Desk
from router.desk.policies import act_on_calendars
from router.desk.policy import Policy
from router.desk.recompute import Recomputed, recompute
from router.model.actor import Actor, Conflict, Forbidden, Invalid, NotFound
from router.model.texts import seen
from router.model.words import ChangeKind, DayCause, Institution, Reach, Role
from router.rulebook.book import first_instant
from router.store import calendar_log, tickets
from router.store.journal import Signature
from router.store.recomputing import Concerned
from router.store.territory import colleges_by_uai

LONGEST = timedelta(days=366)
FARTHEST = timedelta(days=3 * 366)
A_YEAR = timedelta(days=365)
MAX_REASON = 500
DECIDED_CLOCKS = (Clock.PEDAGOGIQUE, Clock.ADMINISTRATIF)
NO_REASON = "Donnez le motif en une phrase : les deux institutions le liront."
OPEN_IN_PART = frozenset({DayCause.HALF_DAY, DayCause.CATCH_UP})  # no such day without an open hour
SHORTEN = "Raccourcissez la fermeture."
WRONG_DATES = "Corrigez les dates de ce fichier : rien n'a été importé."
CLOSED_AROUND = "Cette décision reste : raccourcissez d'abord les fermetures qui l'entourent."
NOT_YOURS = "Vous ne pouvez pas décider des jours de ce périmètre."


@dataclass(frozen=True, slots=True)
class DaysAsked:
    """What a person decides. `key` is a convention's id or a UAI, empty for the académie; no `hours`: closed;
    no `clock`: both."""

    reach: Reach
    key: str
    clock: Clock | None
    first: date
    last: date
    hours: tuple[str, ...]
    cause: DayCause
    reason: str


@dataclass(frozen=True, slots=True)
class Decided(Recomputed):
    """What moved; and of the days decided to be closed, those that were so already, clock by clock."""

    closed_already: tuple[ClosedAlready, ...] = ()


def decide_days(desk: Desk, actor: Actor, asked: DaysAsked, at: datetime, *, rehearse: bool = False) -> Decided:
    """Records the decision and moves the open tickets' deadlines; `rehearse` only tells what would move.

    Raises Forbidden, NotFound for a collège or a convention that isn't there, Invalid with the field at fault,
    Conflict when it is decided already."""
    reason = reason_in(asked.reason)
    spans = _spans(asked.hours)
    if asked.cause in OPEN_IN_PART and not spans:
        raise Invalid("Écrivez les heures ouvertes ce jour-là, par exemple : 8h-12h.", "hours")
    _check_period(asked, at.astimezone(desk.settings.zone).date())
    with desk.database.writing() as session:
        calendar_log.one_at_a_time(session)
        convention, uai = _place(desk, session, asked.reach, asked.key, at)
        _check_may(actor, asked.reach, convention, uai)
        _check_new(session, asked, uai or convention or "", spans)
        clocks = () if spans else (asked.clock,) if asked.clock else DECIDED_CLOCKS
        books = desk.policies.in_force(session, at)
        closed = closed_already(books, convention, uai, clocks, asked.first, asked.last)
        change = calendar_log.record(
            session,
            at,
            Signature(actor.signature, actor.name),
            ChangeKind.DAYS_DECIDED,
            _document(asked, spans),
            institution=actor.institution,
            convention=convention,
            uai=uai,
            reason=reason,
        )
        done = _applied(desk, session, actor, convention, uai, at, ChangeKind.DAYS_DECIDED)
        _check_still_opens(desk, session, at, convention, uai)
        where = _where(desk, session, convention, uai, at)
        tell_decided(desk, session, change, actor, convention, where, asked.first, asked.last, reason, at)
        if rehearse:
            session.rollback()
    return Decided(**asdict(done), closed_already=closed)


def withdraw_days(
    desk: Desk, actor: Actor, change_id: int, reason: str, at: datetime, *, rehearse: bool = False
) -> Recomputed:
    """Takes a decision back, with the reason: the days are again as the calendar says, for open tickets.

    Raises NotFound, Forbidden, Conflict when it is withdrawn already, Invalid when a clock would stand still for a
    year without it."""
    words = reason_in(reason)
    with desk.database.writing() as session:
        calendar_log.one_at_a_time(session)
        found = calendar_log.found(session, change_id)
        if found is None or found.kind is not ChangeKind.DAYS_DECIDED:
            raise NotFound("Cette décision n'existe pas.")
        _check_may(actor, Reach(found.data["reach"]), found.convention, found.uai)
        if change_id not in {each.id for each in folded(calendar_log.changes(session)).days}:
            raise Conflict("Cette décision est déjà retirée.")
        calendar_log.record(
            session,
            at,
            Signature(actor.signature, actor.name),
            ChangeKind.DAYS_WITHDRAWN,
            {},
            institution=actor.institution,
            convention=found.convention,
            uai=found.uai,
            target=change_id,
            reason=words,
        )
        done = _applied(desk, session, actor, found.convention, found.uai, at, ChangeKind.DAYS_WITHDRAWN)
        _check_still_opens(desk, session, at, found.convention, found.uai, CLOSED_AROUND)
        if rehearse:
            session.rollback()
    return done


def import_school_years(
    desk: Desk,
    who: Signature,
    years: Sequence[SchoolYears],
    source: str,
    at: datetime,
    *,
    rehearse: bool = False,
) -> Recomputed:
    """Newer dates for some zones: they win where they cover, the older ones stay around.

    Raises Invalid when days between the two coverages would stay unknown."""
    with desk.database.writing() as session:
        calendar_log.one_at_a_time(session)
        known = {**shipped_school_years(), **folded(calendar_log.changes(session)).school}
        for each in years:
            _check_joins(known.get(each.zone), each)
        calendar_log.record(session, at, who, ChangeKind.SCHOOL_IMPORTED, school_document(years, source))
        act_on_calendars(session)
        done = recompute(session, desk.policies, Concerned(), who, at, cause=ChangeKind.SCHOOL_IMPORTED)
        _check_still_opens(desk, session, at, mend=WRONG_DATES)
        if rehearse:
            session.rollback()
    return done


def heal(desk: Desk, who: Signature, at: datetime) -> Recomputed:
    """Computes again what a gesture that was under way when the calendars changed has computed with the older ones.
    Seldom anything: the worker asks at each pass."""
    with desk.database.reading() as session:
        last = calendar_log.last_change(session)
        if not last or not calendar_log.behind(session, last):
            return Recomputed()
    with desk.database.writing() as session:
        return recompute(session, desk.policies, Concerned(), who, at, older_than=last)


def check_opens(policy: Policy, at: datetime, mend: str = SHORTEN) -> None:
    """Raises Invalid for a clock that has no open hour in the coming year: no deadline on it would ever fall."""
    for convention in policy.book.conventions.values():
        _check_place(policy, convention.id, None, convention.title, at, mend)


def _check_place(
    policy: Policy, convention: str | None, uai: str | None, whose: str, at: datetime, mend: str
) -> None:
    """From now on, and from the first day of each closure to come: two may touch in a year's time."""
    for clock in Clock:
        calendar = policy.calendar(convention, clock, uai)
        decided = (each for each in policy.state.days if each.concerns(clock, convention, uai))
        closures = {each.first for each in decided if not each.spans}
        if calendar.school:
            closures.update(each.first for each in calendar.school.vacations)
        starts = (first_instant(each, calendar.zone) for each in closures)
        for start in (at, *(each for each in starts if each > at)):
            if not _opens_within_a_year(calendar, start):
                raise Invalid(
                    f"« {whose} » : l'horloge {NAMES[clock]} n'aurait aucune heure ouverte pendant un an. {mend}",
                    "last",
                )


def _opens_within_a_year(calendar: ServiceCalendar, start: datetime) -> bool:
    """Days that aren't known before a year has passed are no closure."""
    found, a_year_on = next_opening(calendar, start), start + A_YEAR
    return found <= a_year_on if isinstance(found, datetime) else found.day <= a_year_on.date()


NAMES: Mapping[Clock, str] = {
    Clock.PEDAGOGIQUE: "pédagogique",
    Clock.ADMINISTRATIF: "administrative",
    Clock.PERMANENT: "permanente",
}


def _check_still_opens(
    desk: Desk,
    session: Session,
    at: datetime,
    convention: str | None = None,
    uai: str | None = None,
    mend: str = SHORTEN,
) -> None:
    """Every convention's clocks, and those of the collèges concerned about which something was decided."""
    books = desk.policies.in_force(session, at)
    for policy in books.policies.values():
        check_opens(policy, at, mend)
    decided = (each.key for each in books.national.state.days if each.reach is Reach.COLLEGE)
    for college in colleges_by_uai(session, [uai] if uai else decided).values():
        its = books.convention_of(college)
        if uai or convention in (None, its):
            _check_place(books.of(its), its, college.uai, college.name, at, mend)


def _applied(
    desk: Desk,
    session: Session,
    actor: Actor,
    convention: str | None,
    uai: str | None,
    at: datetime,
    cause: ChangeKind,
) -> Recomputed:
    act_on_calendars(session)
    concerned = Concerned(None, (uai,)) if uai else Concerned(convention)
    who = Signature(actor.signature, actor.name)
    return recompute(session, desk.policies, concerned, who, at, cause=cause)


def _place(desk: Desk, session: Session, reach: Reach, key: str, at: datetime) -> tuple[str | None, str | None]:
    """The convention and the collège that a decision concerns. Raises NotFound."""
    books = desk.policies.in_force(session, at)
    match reach:
        case Reach.ACADEMIE:
            return None, None
        case Reach.CONVENTION:
            if books.convention(key) is None:
                raise NotFound("Cette convention n'existe pas ici.")
            return key, None
        case Reach.COLLEGE:
            college = tickets.college(session, key)
            if college is None:
                raise NotFound("Ce collège n'est pas connu ici : vérifiez son numéro UAI.")
            return books.convention_of(college), college.uai


def clock_named(name: str) -> Clock | None:
    """A clock that days are decided for; None is both. Raises Invalid."""
    if not name:
        return None
    if name not in DECIDED_CLOCKS:
        raise Invalid("Choisissez une horloge de la liste.", "clock")
    return Clock(name)


def _where(desk: Desk, session: Session, convention: str | None, uai: str | None, at: datetime) -> str:
    if uai is not None:
        return tickets.college_name(session, uai)
    found = desk.policies.in_force(session, at).convention(convention) if convention else None
    return found.title if found else "toute l'académie"


def may_decide(actor: Actor, reach: Reach, convention: str | None, uai: str | None) -> bool:
    """Managers, within their territory, the whole académie for the académie's alone; a principal, for her collège."""
    if actor.role is Role.PRINCIPAL:
        return reach is Reach.COLLEGE and uai is not None and uai == actor.uai
    if actor.role is not Role.MANAGER:
        return False
    if reach is Reach.ACADEMIE:
        return actor.institution is Institution.ACADEMIE and actor.convention_id is None
    return actor.convention_id is None or actor.convention_id == convention


def _check_may(actor: Actor, reach: Reach, convention: str | None, uai: str | None) -> None:
    if not may_decide(actor, reach, convention, uai):
        raise Forbidden(NOT_YOURS)


def _check_period(asked: DaysAsked, today: date) -> None:
    if asked.last < asked.first:
        raise Invalid("Le dernier jour vient avant le premier : corrigez l'un des deux.", "last")
    if asked.last - asked.first >= LONGEST:
        raise Invalid("La période dépasse un an : décidez une année à la fois.", "last")
    if not today - FARTHEST <= asked.first <= today + FARTHEST:
        raise Invalid("Cette date est à plus de trois ans d'ici : vérifiez l'année.", "first")


def _check_new(session: Session, asked: DaysAsked, key: str, spans: tuple[Span, ...]) -> None:
    """A form sent twice, or two people with one idea: the last decision for that place says the same already."""
    wanted = DecidedDays(0, asked.reach, key, asked.clock, asked.first, asked.last, spans, asked.cause)
    days = folded(calendar_log.changes(session)).days
    last = next((each for each in reversed(days) if (each.reach, each.key) == (asked.reach, key)), None)
    if last is not None and replace(last, id=0, reason="") == wanted:
        raise Conflict("C'est déjà décidé, pour ces jours et ce périmètre : relisez la liste.")


def _check_joins(known: SchoolYears | None, newer: SchoolYears) -> None:
    if known is None:
        return
    try:
        joined(known, newer)
    except ValueError as error:
        raise Invalid(
            f"Zone {newer.zone.value} : ce fichier va du {newer.first:%d/%m/%Y} au {newer.last:%d/%m/%Y}, les dates "
            f"connues du {known.first:%d/%m/%Y} au {known.last:%d/%m/%Y}. Importez d'abord l'année qui manque entre "
            "les deux.",
            "file",
        ) from error


def _spans(hours: Sequence[str]) -> tuple[Span, ...]:
    try:
        return spans_of(hours)
    except SpanError as error:
        raise Invalid(str(error).capitalize(), "hours") from error


def reason_in(given: str) -> str:
    words = seen(given).strip()
    if not words:
        raise Invalid(NO_REASON, "reason")
    if len(words) > MAX_REASON:
        raise Invalid(f"Le motif dépasse {MAX_REASON} caractères : gardez l'essentiel.", "reason")
    return words


def _document(asked: DaysAsked, spans: Sequence[Span]) -> dict[str, Any]:
    return {
        "reach": asked.reach.value,
        "clock": asked.clock.value if asked.clock else None,
        "first": asked.first.isoformat(),
        "last": asked.last.isoformat(),
        "spans": [[span.start, span.end] for span in spans],
        "cause": asked.cause.value,
    }
