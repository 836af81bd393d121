"""Two books laid side by side: what changes hands from a day on, in words, and how many tickets of the past year it
would have touched; and past tickets decided again under another book. Nothing is ever written.

Alerts are in no line's number: whoever signs a convention isn't told how many there were, even by subtraction."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from router.desk.house import Desk
from router.desk.policy import Policy
from router.model.actor import Invalid
from router.reports.period import Period
from router.rulebook.book import Rulebook
from router.rulebook.change_wording import HEADINGS, line_in_words
from router.rulebook.changes import ComparisonUnfinished, Dated, Line
from router.rulebook.compare import compare, compare_from
from router.rulebook.cubes import Cube
from router.rulebook.replay import PastDecision, Replayed
from router.rulebook.replay import replay as replayed_under
from router.rulebook.stored import StoredReader
from router.rulebook.touched import Touched
from router.rulebook.vocabulary import Vocabulary
from router.store import books
from router.store.past import first_decisions

__all__ = ["ComparisonUnfinished", "Replayed"]

YEAR = timedelta(days=365)
NATIONAL = "Base nationale"
SHORTEST_PREFIX = 6


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """One change, in words. `tickets`: how many of the past year, alerts apart, fell in it; None when not counted."""

    text: str
    line: Line
    tickets: int | None = None


@dataclass(frozen=True, slots=True)
class DayChanges:
    """What changes between two days (`until` excluded, None when nothing is planned after). `notes`: words that only
    one of the books has."""

    since: date
    until: date | None
    notes: tuple[str, ...]
    lines: tuple[ChangeLine, ...]
    vocabulary: Vocabulary

    @property
    def alike(self) -> bool:
        return not self.notes and not self.lines

    @property
    def parts(self) -> tuple[tuple[str, tuple["ChangeLine", ...]], ...]:
        """The lines under their headings, those without a line left out."""
        parts = (
            (heading, tuple(line for line in self.lines if line.line.kind in kinds))
            for heading, kinds in HEADINGS.items()
        )
        return tuple((heading, lines) for heading, lines in parts if lines)


@dataclass(frozen=True, slots=True)
class ConventionChanges:
    """What changes for one convention (None: where none applies)."""

    convention: str | None
    title: str
    days: tuple[DayChanges, ...]

    @property
    def alike(self) -> bool:
        return all(day.alike for day in self.days)


def published(desk: Desk, prefix: str) -> Policy:
    """The published book whose fingerprint begins so. Raises Invalid when none does, or several."""
    if len(prefix) < SHORTEST_PREFIX:
        raise Invalid(f"Donnez au moins {SHORTEST_PREFIX} caractères de l'empreinte.", "book")
    with desk.database.reading() as session:
        found = books.fingerprints_beginning(session, prefix.lower(), 2)
        if not found:
            raise Invalid(f"Aucun recueil publié n'a une empreinte qui commence par « {prefix} ».", "book")
        if len(found) > 1:
            raise Invalid(f"Plusieurs recueils publiés commencent par « {prefix} » : donnez-en plus.", "book")
        return desk.policies.named(session, found[0])


def conventions_of(old: Policy, new: Policy) -> tuple[str | None, ...]:
    """The national base, then every convention of either book."""
    return (None, *dict.fromkeys([*new.book.conventions, *old.book.conventions]))


def changes(
    old: Rulebook, new: Rulebook, convention: str | None, day: date, *, only_that_day: bool = False
) -> ConventionChanges:
    """What changes from a day on, or on that day alone. Raises ComparisonUnfinished, BeforeBook, UnknownConvention."""
    if only_that_day:
        found: Sequence[Dated] = [Dated(day, None, compare(old, new, day, convention))]
    else:
        found = compare_from(old, new, day, convention)
    days = tuple(_day(old, new, dated) for dated in found)
    return ConventionChanges(convention, _title(old, new, convention), days)


def count_tickets(
    desk: Desk, found: Sequence[ConventionChanges], at: datetime
) -> tuple[ConventionChanges, ...]:
    """The same with the number of tickets opened in the year before `at` that each line would have touched."""
    counters = {each.convention: _Counter(each) for each in found}
    if any(each.lines for each in counters.values()):
        with desk.database.sealed() as session:
            for past in _past_year(session, list(counters), at):
                counter = counters.get(past.convention)
                if counter is not None and not past.alert:
                    counter.add(past)
    return tuple(counters[each.convention].counted() for each in found)


def _past_year(session: Session, conventions: Sequence[str | None], at: datetime) -> Iterator[PastDecision]:
    """One convention's tickets are asked for alone: the others' needn't be read."""
    only = conventions[0] if len(conventions) == 1 else None
    return first_decisions(session, at - YEAR, at, convention=only)


def beside_the_rules(old: Policy, new: Policy) -> tuple[str, ...]:
    """What else two books may change, which a comparison of their rules says nothing of."""
    parts = {
        "les calendriers": old.calendars != new.calendars,
        "les délais": old.targets != new.targets,
        "les relances": old.ladders != new.ladders,
        "le catalogue": old.book.catalogue != new.book.catalogue,
    }
    return tuple(name for name, differs in parts.items() if differs)


def replay(desk: Desk, policy: Policy, period: Period, convention: str | None) -> Replayed:
    """The tickets opened in a period, decided again under another book, each at its own instant."""
    since, until = period.bounds
    with desk.database.sealed() as session:
        return replayed_under(policy.book, first_decisions(session, since, until, convention=convention))


def region_in_values(vocabulary: Vocabulary, cube: Cube) -> dict[str, list[str | bool]]:
    """A cube for programs: the facts it restricts, each with the values it keeps."""
    return {name: list(values) for name, values in vocabulary.domain.restricted(cube).items()}


class _Counter:
    """Counts the tickets of one convention, line by line."""

    def __init__(self, found: ConventionChanges) -> None:
        self._found = found
        self._counts: Counter[tuple[int, int]] = Counter()
        self._days = [
            (StoredReader(day.vocabulary), Touched.of(day.vocabulary, [line.line for line in day.lines]))
            for day in found.days
        ]

    @property
    def lines(self) -> bool:
        return any(day.lines for day in self._found.days)

    def add(self, past: PastDecision) -> None:
        for n, (reader, touched) in enumerate(self._days):
            self._counts.update((n, line) for line in touched.lines(reader.read(past.facts).values))

    def counted(self) -> ConventionChanges:
        days = tuple(
            replace(
                day,
                lines=tuple(replace(line, tickets=self._counts[n, m]) for m, line in enumerate(day.lines)),
            )
            for n, day in enumerate(self._found.days)
        )
        return replace(self._found, days=days)


def _day(old: Rulebook, new: Rulebook, dated: Dated) -> DayChanges:
    comparison = dated.comparison
    lines = tuple(ChangeLine(line_in_words(old, new, comparison, line), line) for line in comparison.lines)
    return DayChanges(dated.since, dated.until, comparison.notes, lines, comparison.vocabulary)


def _title(old: Rulebook, new: Rulebook, convention: str | None) -> str:
    found = (new.conventions.get(convention) or old.conventions.get(convention)) if convention else None
    return found.title if found else NATIONAL
