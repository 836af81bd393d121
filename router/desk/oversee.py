"""Reports for those who pilot the service: the figures of a period, and the tickets behind each of them.

A manager or a lead sees her territory; a convention narrows it. Every figure and its list are read under the
same visibility, and no alert is in either: alerts are one total,
of a finished quarter, untold below five."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from router.clock.targets import Status, Targets
from router.desk.calendar_titles import calendar_titles, title_of
from router.desk.house import Desk
from router.desk.policies import InForce
from router.desk.policy import Policy
from router.model.actor import Actor, Forbidden, Invalid
from router.model.measures import Measure
from router.model.words import HOLDERS, Category, Party, Priority, Role
from router.reports.alert_total import alert_total, alerts_in_words
from router.reports.compliance import (
    UNKNOWN,
    Basis,
    Coverage,
    Names,
    Report,
    grand_total,
    party_tables,
    promise_lines,
    promise_total,
)
from router.reports.compliance import Line as ReportLine
from router.reports.definitions import ALERTS, DEFINITIONS, MEDIAN, NINTH_DECILE, STEPS, VERSION, Definition
from router.reports.documents import as_csv, as_json
from router.reports.period import Period, Preset, preset
from router.store import behind as rows
from router.store import figures
from router.store.behind import Lines
from router.store.figures import Scope
from router.store.sight import in_territory, ordinary_to

__all__ = [
    "ALERTS",
    "DEFINITIONS",
    "MEDIAN",
    "NINTH_DECILE",
    "STEPS",
    "UNKNOWN",
    "VERSION",
    "Behind",
    "Definition",
    "Measure",
    "Period",
    "Preset",
    "Report",
    "ReportLine",
    "alerts_in_words",
    "as_csv",
    "as_json",
    "behind",
    "preset",
    "report",
    "report_for",
]

READERS = (Role.MANAGER, Role.LEAD)


@dataclass(frozen=True, slots=True)
class Behind:
    """A page of what one figure counts, and the words above it."""

    measure: Measure
    definition: Definition
    party_name: str
    category_name: str
    convention_title: str
    zone: ZoneInfo  # of its instants
    page: Lines
    marks: Mapping[int, str]  # by rank, when the lines are ranked: the median's, the ninth decile's


def report(desk: Desk, period: Period, *, convention: str | None = None, at: datetime) -> Report:
    """The whole territory's report, or one convention's, as things stand at `at`: for the command line.

    Raises Invalid for a convention that is in no published book, NoPolicy when none is in force."""
    with desk.database.reading() as session:
        books = desk.policies.in_force(session, at)
        _check_convention(books, convention)
        period = _there(books, period, convention)
        scope = Scope(*period.bounds, at=at, seen=figures.everything(), convention_id=convention)
        return _report(session, books, period, scope, figures.alerts(session, scope, figures.anywhere()))


def report_for(desk: Desk, actor: Actor, period: Period, convention: str | None, at: datetime) -> Report:
    """The report of what `actor` oversees. Raises Forbidden when she oversees nothing, Invalid as `report` does."""
    with desk.database.reading() as session:
        books = desk.policies.in_force(session, at)
        period = _there(books, period, actor.convention_id or convention)
        scope = _scope_for(books, actor, period, convention, at)
        return _report(
            session,
            books,
            period,
            scope,
            figures.alerts(session, scope, in_territory(actor)),
            _conventions(books) if actor.convention_id is None else (),
        )


def behind(
    desk: Desk,
    actor: Actor,
    period: Period,
    convention: str | None,
    measure: Measure,
    party: Party | None,
    category: str | None,
    after: str | None,
    at: datetime,
    *,
    by_time: bool = False,
) -> Behind:
    """What one figure counts, newest first, a page at a time. `by_time`: what a median is read from, the holdings
    resolved, the shortest first. Raises Invalid for another figure so asked."""
    if by_time and measure is not Measure.RESOLVED:
        raise Invalid("Seules les prises en charge résolues se rangent par temps de service.")
    with desk.database.reading() as session:
        books = desk.policies.in_force(session, at)
        period = _there(books, period, actor.convention_id or convention)
        scope = _scope_for(books, actor, period, convention, at)
        names = _names(books.of(scope.convention_id))
        page = (
            rows.by_time(session, scope, party, category, after)
            if by_time
            else rows.behind(session, scope, measure, party, category, after)
        )
        return Behind(
            measure=measure,
            definition=DEFINITIONS[measure],
            party_name=names.parties[party] if party else "Tous les intervenants",
            category_name=names.category(category) if category else "Toutes les catégories",
            convention_title=_title(books, scope.convention_id),
            zone=period.zone,
            page=page,
            marks=_marks(page.total) if by_time and page.total else {},
        )


def _marks(total: int) -> Mapping[int, str]:
    """The ranks a median and a ninth decile are read at; one holding may be both."""
    found: dict[int, list[str]] = {}
    for share, name in ((figures.MEDIAN_SHARE, "médiane"), (figures.NINTH_DECILE_SHARE, "90e centile")):
        found.setdefault(figures.nearest_rank(total, share), []).append(name)
    return {rank: " et ".join(names) for rank, names in found.items()}


def _there(books: InForce, period: Period, convention: str | None) -> Period:
    """The same civil days, where a convention's people live them; all conventions together, at the installation's."""
    found = books.convention(convention) if convention else None
    return replace(period, zone=found.timezone) if found else period


def _scope_for(books: InForce, actor: Actor, period: Period, convention: str | None, at: datetime) -> Scope:
    if actor.role not in READERS:
        raise Forbidden("Votre compte ne donne pas accès aux rapports.")
    if actor.convention_id is not None and convention not in {None, actor.convention_id}:
        raise Forbidden("Cette convention n'est pas la vôtre.")
    convention = actor.convention_id or convention
    _check_convention(books, convention)
    return Scope(*period.bounds, at=at, seen=ordinary_to(actor), convention_id=convention)


def _check_convention(books: InForce, convention: str | None) -> None:
    if convention is not None and books.convention(convention) is None:
        raise Invalid("Cette convention n'existe pas : choisissez-la dans la liste.", "convention")


def _report(
    session: Session,
    books: InForce,
    period: Period,
    scope: Scope,
    alerts: Mapping[str | None, int],
    conventions: tuple[tuple[str, str], ...] = (),
) -> Report:
    policy = books.of(scope.convention_id)
    names = _names(policy)
    tables = party_tables(figures.cells(session, scope), figures.spreads(session, scope), names)
    promises = promise_lines(figures.promises(session, scope), names)
    used = tuple(figures.policies(session, scope))
    covered = [scope.convention_id] if scope.convention_id else list(books.conventions)
    working = any(_to_validate(books.of(each).targets) for each in (*covered, None))
    return Report(
        period=period,
        at=scope.at,
        convention=scope.convention_id,
        convention_title=_title(books, scope.convention_id),
        parties=tables,
        total=grand_total(tables),
        promises=promises,
        promise_total=promise_total(promises),
        alerts=alert_total(alerts, covered, period, scope.at),
        basis=Basis(
            used,
            _coverage(books, covered),
            working,
        ),
        conventions=conventions,
    )


def _names(policy: Policy) -> Names:
    labels = policy.book.vocabulary.facts["category"].values
    categories = {str(word): label for word, label in labels.items() if word != UNKNOWN}
    return Names({party: policy.book.parties[party].name for party in HOLDERS}, categories)


def _title(books: InForce, convention: str | None) -> str:
    found = books.convention(convention)
    return found.title if found else "Toutes les conventions"


def _conventions(books: InForce) -> tuple[tuple[str, str], ...]:
    return tuple((each.id, each.title) for each in books.conventions.values())


def _coverage(books: InForce, covered: Sequence[str]) -> tuple[Coverage, ...]:
    """The calendars that the scope's conventions give to their clocks, each as its own book has them."""
    titles = calendar_titles(books.conventions.values())
    found = {
        name: Coverage(
            name, policy.calendars[name].covered_until, tuple(_days(policy, name)), title_of(titles, name)
        )
        for policy, clocks in ((books.of(each), books.conventions[each].clocks) for each in covered)
        for name in clocks.values()
    }
    return tuple(found[name] for name in sorted(found))


def _days(policy: Policy, calendar: str) -> list[date]:
    return [vacation.first for vacation in policy.calendars[calendar].unconfirmed]


def _to_validate(targets: Targets) -> bool:
    """Whether some target that a report judges by is still to be agreed by both institutions."""
    judged = [
        targets.of(party, priority, category).status
        for party in HOLDERS
        for priority in Priority
        for category in (None, *Category)
    ]
    judged += [targets.promise(priority).status for priority in Priority]
    return Status.TO_VALIDATE in judged
