"""The RACI, generated from a proved book: one row per rule and per obligation, laid out like the convention. Pure.

R acts: the rule's party. A answers for it: who the rule names, else who answers for that party (3.2.4: the principal
for what the RUPN does by delegation), else the party itself. C is consulted: only where a rule says so. I is told:
by an obligation, within its delay; `always` is false when only some cases of the row fall under the obligation."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from types import MappingProxyType

from router.model.incident import FactValue
from router.model.words import Party
from router.rulebook.book import Rulebook, Slice
from router.rulebook.cubes import Budget, Cube, Cubes, conjunction, gap, joined
from router.rulebook.entries import Obligation, Rule
from router.rulebook.headings import heading_of
from router.rulebook.prove import STEPS_PER_SLICE

ELSEWHERE = "Autres situations"
DUTIES = "Qui est prévenu, en plus"

Case = Mapping[str, tuple[FactValue, ...]]


class Letter(StrEnum):
    RESPONSIBLE = "R"
    ACCOUNTABLE = "A"
    CONSULTED = "C"
    INFORMED = "I"


class RowKind(StrEnum):
    RULE = "rule"
    DUTY = "duty"


@dataclass(frozen=True, slots=True)
class Mention:
    """One letter in one cell; for I, the shortest delay and the obligation it comes from."""

    letter: Letter
    always: bool = True
    within_minutes: int | None = None
    obligation: str = ""


@dataclass(frozen=True, slots=True)
class Precedence:
    """An earlier rule of another party that wins where both apply."""

    rule: str
    title: str
    responsible: Party


@dataclass(frozen=True, slots=True)
class RaciRow:
    """A kind of incident, or an obligation to tell. `cases` are its alternatives, each a few facts with the values
    they may have; an empty case is any incident."""

    kind: RowKind
    id: str
    title: str
    cases: tuple[Case, ...]
    mentions: Mapping[Party, tuple[Mention, ...]]
    exceptions: tuple[Precedence, ...]
    articles: tuple[str, ...]
    why: str
    since: date | None
    until: date | None
    local: bool
    arbitrage: bool

    @property
    def responsible(self) -> Party | None:
        """Who acts; nobody in an obligation to tell."""
        return next(iter(self.holders(Letter.RESPONSIBLE)), None)

    def holders(self, letter: Letter) -> tuple[Party, ...]:
        """The parties that bear a letter in this row."""
        return tuple(party for party, found in self.mentions.items() if any(m.letter is letter for m in found))


@dataclass(frozen=True, slots=True)
class RaciGroup:
    title: str
    articles: tuple[str, ...]
    rows: tuple[RaciRow, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Raci:
    """The whole table of a day under one convention. `facts`: those some row tests, in the vocabulary's order.
    `foremost`: the rules that pass before the rows of most headings, said once instead of as everyone's exception."""

    fingerprint: str
    convention: str | None
    day: date
    facts: tuple[str, ...]
    foremost: tuple[str, ...]
    groups: tuple[RaciGroup, ...]

    @property
    def rows(self) -> tuple[RaciRow, ...]:
        return tuple(row for group in self.groups for row in group.rows)


def slice_of_day(book: Rulebook, day: date, convention: str | None) -> Slice:
    """Raises BeforeBook, UnknownConvention."""
    return book.slice_at(datetime.combine(day, time(12), book.zone(convention)), convention)


def raci(book: Rulebook, day: date, convention: str | None = None) -> Raci:
    """The RACI of a day. Raises BeforeBook, UnknownConvention."""
    part = slice_of_day(book, day, convention)
    return _Making.of(book, part).table(day, convention)


def accountable_for(book: Rulebook, assign: Party, named: Party | None = None) -> Party:
    """Who answers: the one named, else the party's own, else the party itself."""
    return named or book.parties[assign].accountable or assign


def cases_of(book: Rulebook, cubes: Cubes) -> tuple[Case, ...]:
    """The alternatives of a region, as few as merging neighbours gives."""
    return tuple(MappingProxyType(book.vocabulary.domain.restricted(cube)) for cube in joined(cubes))


@dataclass(frozen=True, slots=True)
class _Making:
    """`rules`: those that win somewhere, in order, each with the cubes of the rules before it. A national rule may be
    wholly taken by a convention's own."""

    book: Rulebook
    part: Slice
    budget: Budget
    rules: tuple[tuple[Rule, tuple[Cube, ...]], ...]

    @classmethod
    def of(cls, book: Rulebook, part: Slice) -> "_Making":
        budget = Budget(STEPS_PER_SLICE)
        winning: list[tuple[Rule, tuple[Cube, ...]]] = []
        before: tuple[Cube, ...] = ()
        for rule in part.rules:
            if any(gap(cube, before, budget) for cube in rule.cubes):
                winning.append((rule, before))
            before += rule.cubes
        return cls(book, part, budget, tuple(winning))

    def table(self, day: date, convention: str | None) -> Raci:
        titles = {rule.id: self._title(rule) for rule, _ in self.rules}
        meetings = {duty.id: self._meetings(duty) for duty in self.part.obligations}
        everywhere = {name for name, met in meetings.items() if _is_everywhere(met, titles)}
        exceptions = {rule.id: tuple(self._exceptions(rule)) for rule, _ in self.rules}
        foremost = _foremost(exceptions, titles)
        rows: dict[str, list[RaciRow]] = {}
        for rule, _ in self.rules:
            told = {
                name: met[rule.id]
                for name, met in meetings.items()
                if rule.id in met and name not in everywhere
            }
            sauf = tuple(each for each in exceptions[rule.id] if each.rule not in foremost)
            rows.setdefault(titles[rule.id], []).append(self._row(rule, sauf, told))
        groups = (*self._groups(rows), self._duties())
        tested = {fact for group in groups for row in group.rows for case in row.cases for fact in case}
        facts = tuple(name for name in self.book.vocabulary.facts if name in tested)
        return Raci(self.book.fingerprint, convention, day, facts, foremost, groups)

    def _title(self, rule: Rule) -> str:
        heading = heading_of(self.book.headings, rule)
        return heading.title if heading else rule.group or ELSEWHERE

    def _groups(self, rows: Mapping[str, list[RaciRow]]) -> Iterator[RaciGroup]:
        """The headings in their order, then what no heading holds."""
        articles = {heading.title: heading.articles for heading in self.book.headings}
        for title in [*articles, *(title for title in rows if title not in articles)]:
            if title in rows:
                yield RaciGroup(title, articles.get(title, ()), tuple(rows[title]))

    def _meetings(self, duty: Obligation) -> dict[str, bool]:
        """The rules that some case of the obligation falls under, each with whether all its cases do."""
        met: dict[str, bool] = {}
        telling = duty.condition.cubes
        for rule, before in self.rules:
            if all(gap(cube, (*before, *telling), self.budget) is None for cube in rule.cubes):
                met[rule.id] = True
            elif self._wins_in(conjunction(rule.cubes, telling), before):
                met[rule.id] = False
        return met

    def _wins_in(self, cubes: Cubes, before: Sequence[Cube]) -> bool:
        return any(gap(cube, before, self.budget) for cube in cubes)

    def _row(self, rule: Rule, exceptions: tuple[Precedence, ...], told: Mapping[str, bool]) -> RaciRow:
        return RaciRow(
            kind=RowKind.RULE,
            id=rule.id,
            title=rule.title,
            cases=cases_of(self.book, rule.cubes),
            mentions=MappingProxyType(dict(self._mentions(rule, told))),
            exceptions=exceptions,
            articles=rule.articles,
            why=rule.why,
            since=rule.period.since,
            until=rule.period.until,
            local=rule.local is not None,
            arbitrage=rule.arbitrage,
        )

    def _mentions(self, rule: Rule, told: Mapping[str, bool]) -> Iterator[tuple[Party, tuple[Mention, ...]]]:
        answers = accountable_for(self.book, rule.assign, rule.accountable)
        for party in Party:
            found = [Mention(Letter.RESPONSIBLE)] if party is rule.assign else []
            found += [Mention(Letter.ACCOUNTABLE)] if party is answers else []
            found += [Mention(Letter.CONSULTED)] if party in rule.consulted else []
            if party is not rule.assign:
                found += self._informed(party, told)
            if found:
                yield party, tuple(found)

    def _informed(self, party: Party, told: Mapping[str, bool]) -> list[Mention]:
        """The I of a party: what always holds before what holds in some cases, then the most pressing."""
        lines = [
            Mention(Letter.INFORMED, told[duty.id], duty.within_minutes, duty.id)
            for duty in self.part.obligations
            if duty.id in told and party in duty.inform
        ]
        return sorted(lines, key=lambda line: (not line.always, line.within_minutes))[:1]

    def _exceptions(self, rule: Rule) -> Iterator[Precedence]:
        for other, taken in self.rules:
            if other is rule:
                return
            if other.assign is not rule.assign and self._wins_in(conjunction(rule.cubes, other.cubes), taken):
                yield Precedence(other.id, other.title, other.assign)

    def _duties(self) -> RaciGroup:
        return RaciGroup(DUTIES, (), tuple(self._duty(duty) for duty in self.part.obligations))

    def _duty(self, duty: Obligation) -> RaciRow:
        told = {party: (Mention(Letter.INFORMED, True, duty.within_minutes, duty.id),) for party in duty.inform}
        return RaciRow(
            kind=RowKind.DUTY,
            id=duty.id,
            title=duty.title,
            cases=cases_of(self.book, duty.condition.cubes),
            mentions=MappingProxyType({party: told[party] for party in Party if party in told}),
            exceptions=(),
            articles=duty.articles,
            why=duty.why,
            since=duty.period.since,
            until=duty.period.until,
            local=duty.local is not None,
            arbitrage=False,
        )


def _is_everywhere(met: Mapping[str, bool], titles: Mapping[str, str]) -> bool:
    """An obligation that may arise under several headings and is the whole of no row: said once, in its own row."""
    return not any(met.values()) and len({titles[rule] for rule in met}) > 1


def _foremost(exceptions: Mapping[str, Sequence[Precedence]], titles: Mapping[str, str]) -> tuple[str, ...]:
    """The rules that are an exception to rows of more than half of the headings."""
    under: dict[str, set[str]] = {}
    for name, found in exceptions.items():
        for each in found:
            under.setdefault(each.rule, set()).add(titles[name])
    return tuple(name for name, headings in under.items() if 2 * len(headings) > len(set(titles.values())))
