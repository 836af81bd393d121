"""Time cut into slices in which the book is constant: each `since` and `until` is a cut. Each slice is proved and
indexed on its own, so that no expression ever mentions a date."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from router.rulebook.book import DEFAULT_ZONE, Slice, first_instant
from router.rulebook.entries import (
    AlertDefinition,
    Convention,
    Impossible,
    Obligation,
    Period,
    PriorityRule,
    Rule,
)
from router.rulebook.index import build_index
from router.rulebook.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Draft:
    """Everything read from the sources, before proof."""

    vocabulary: Vocabulary
    rules: tuple[Rule, ...]
    obligations: tuple[Obligation, ...]
    priorities: tuple[PriorityRule, ...]
    alert: AlertDefinition
    impossibles: tuple[Impossible, ...]
    incoherent: Rule | None
    conventions: tuple[Convention, ...]


def cuts(periods: Iterable[Period], first: date) -> list[date]:
    """The days on which something begins or ends, from `first` on."""
    days = {day for period in periods for day in (period.since, period.until) if day is not None}
    return sorted({first, *(day for day in days if day > first)})


def first_day(rules: Sequence[Rule]) -> date:
    """The first day on which some rule is in force."""
    return min((rule.period.since for rule in rules if rule.period.since), default=date.min)


def slices_of(draft: Draft, convention: Convention | None) -> tuple[Slice, ...]:
    """The slices of the national base, or of the base with one convention's own rules before it."""
    periods = [*_periods(draft.rules), *_periods(draft.obligations)]
    if convention is not None:
        own = (*_periods(convention.rules), *_periods(convention.obligations))
        periods += [period.within(convention.period) for period in own]
    starts = cuts(periods, first_day(draft.rules))
    ends = [*starts[1:], None]
    return tuple(_slice(draft, convention, start, end) for start, end in zip(starts, ends, strict=True))


def _periods(entries: Sequence[Rule] | Sequence[Obligation]) -> list[Period]:
    return [entry.period for entry in entries]


def _slice(draft: Draft, convention: Convention | None, start: date, end: date | None) -> Slice:
    in_force = convention is not None and convention.period.covers(start)
    own_rules = convention.rules if convention and in_force else ()
    own_obligations = convention.obligations if convention and in_force else ()
    incoherent = (draft.incoherent,) if draft.incoherent else ()
    rules = (*incoherent, *_on(start, own_rules), *_on(start, draft.rules))
    obligations = tuple(entry for entry in (*draft.obligations, *own_obligations) if entry.period.covers(start))
    index = build_index(draft.vocabulary.domain, rules, draft.priorities, obligations, draft.alert)
    begins = first_instant(start, convention.timezone if convention else DEFAULT_ZONE)
    return Slice(start, begins, end, rules, obligations, index)


def _on(day: date, rules: Sequence[Rule]) -> tuple[Rule, ...]:
    return tuple(rule for rule in rules if rule.period.covers(day))
