"""The compliance report: who received what, and how the deadlines ended. Values only; rows come from the store."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from router.model.measures import PROMISES, Measure
from router.model.words import HOLDERS, Category, Party
from router.reports.alert_total import Untold
from router.reports.period import Period
from router.store.figures import Cell, Spread

UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Line:
    """The figures of a category; of everything together when `category` is None. Times are service seconds."""

    category: str | None
    label: str
    counts: Mapping[Measure, int]
    steps: int = 0
    median: int | None = None
    ninth_decile: int | None = None

    def __getitem__(self, measure: Measure) -> int:
        return self.counts.get(measure, 0)

    @property
    def acknowledge_share(self) -> float | None:
        return self._share(Measure.ACKNOWLEDGED_IN_TIME, Measure.ACKNOWLEDGED_LATE)

    @property
    def resolve_share(self) -> float | None:
        return self._share(Measure.RESOLVED_IN_TIME, Measure.RESOLVED_LATE)

    @property
    def promise_share(self) -> float | None:
        return self._share(Measure.PROMISE_KEPT, Measure.PROMISE_BROKEN)

    def _share(self, good: Measure, bad: Measure) -> float | None:
        """Among those judged: in time or late. None when nothing is judged yet."""
        judged = self[good] + self[bad]
        return self[good] / judged if judged else None


@dataclass(frozen=True, slots=True)
class PartyTable:
    """One party's categories, and its total."""

    party: Party
    name: str
    lines: tuple[Line, ...]
    total: Line


@dataclass(frozen=True, slots=True)
class Coverage:
    """How far a calendar is known, and the days on which published sources disagree. `title`: what people call it."""

    calendar: str
    until: date | None
    unconfirmed: tuple[date, ...]
    title: str = ""


@dataclass(frozen=True, slots=True)
class Basis:
    """What the figures rest on: the books of the tickets, the calendars of the scope, unagreed targets."""

    books: tuple[str, ...]
    coverage: tuple[Coverage, ...]
    to_validate: bool

    @property
    def covered_until(self) -> date | None:
        """The earliest end among the calendars; None when one of them is known for no day at all."""
        ends = [each.until for each in self.coverage]
        return None if None in ends else min((end for end in ends if end), default=None)


@dataclass(frozen=True, slots=True)
class Report:
    """A whole report. `alerts` says why when it may not be told; `convention` None covers them all."""

    period: Period
    at: datetime
    convention: str | None
    convention_title: str
    parties: tuple[PartyTable, ...]
    total: Line
    promises: tuple[Line, ...]
    promise_total: Line
    alerts: int | Untold
    basis: Basis
    conventions: tuple[tuple[str, str], ...] = field(default=())

    @property
    def beyond_calendar(self) -> bool:
        """Whether some day of the period is after what a calendar of the scope knows."""
        known = self.basis.covered_until
        return known is None or known < self.period.last

    @property
    def empty(self) -> bool:
        return self.total[Measure.RECEIVED] == 0 and self.total[Measure.DUPLICATES] == 0


@dataclass(frozen=True, slots=True)
class Names:
    """French names of the parties and of the categories."""

    parties: Mapping[Party, str]
    categories: Mapping[str, str]

    def category(self, word: str) -> str:
        return self.categories.get(word, "Catégorie inconnue")


def party_tables(cells: Sequence[Cell], spreads: Sequence[Spread], names: Names) -> tuple[PartyTable, ...]:
    """One table per party that received anything, in the order in which parties are listed everywhere."""
    times = {(spread.party, spread.category): spread for spread in spreads}
    return tuple(
        _party_table(party, [cell for cell in cells if cell.party == party], times, names)
        for party in HOLDERS
        if any(cell.party == party for cell in cells)
    )


def grand_total(tables: Iterable[PartyTable]) -> Line:
    """Counts only: a median over clocks of different parties would mean nothing."""
    lines = [table.total for table in tables]
    return Line(None, "Ensemble", _added(line.counts for line in lines), sum(line.steps for line in lines))


def promise_lines(counts: Mapping[str, Mapping[Measure, int]], names: Names) -> tuple[Line, ...]:
    return tuple(
        Line(category, names.category(category), counts[category])
        for category in _in_order(counts)
        if any(counts[category].get(measure) for measure in PROMISES)
    )


def promise_total(lines: Iterable[Line]) -> Line:
    return Line(None, "Ensemble", _added(line.counts for line in lines))


def _party_table(
    party: Party, cells: Sequence[Cell], times: Mapping[tuple[str, str | None], Spread], names: Names
) -> PartyTable:
    by_category = {cell.category: cell for cell in cells}
    lines = tuple(
        _line(
            category,
            names.category(category),
            by_category[category].counts,
            by_category[category].steps,
            spread,
        )
        for category in _in_order(by_category)
        for spread in [times.get((party.value, category))]
    )
    total = _line(
        None,
        "Ensemble",
        _added(cell.counts for cell in cells),
        sum(cell.steps for cell in cells),
        times.get((party.value, None)),
    )
    return PartyTable(party, names.parties[party], lines, total)


def _line(
    category: str | None, label: str, counts: Mapping[Measure, int], steps: int, spread: Spread | None
) -> Line:
    median, ninth = (spread.median, spread.ninth_decile) if spread else (None, None)
    return Line(category, label, counts, steps, median, ninth)


def _in_order(categories: Iterable[str]) -> list[str]:
    order = [category.value for category in Category]
    return sorted(categories, key=lambda word: (order.index(word) if word in order else len(order), word))


def _added(counts: Iterable[Mapping[Measure, int]]) -> Mapping[Measure, int]:
    total: Counter[Measure] = Counter()
    for each in counts:
        total.update(each)
    return total
