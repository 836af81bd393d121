"""Facts and an instant in, a Decision out. Never fails on valid facts: the book was proved complete."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from router.model.incident import Decision, Facts, FactValue, Information
from router.model.words import Party, Priority, Source
from router.rulebook.book import BeforeBook, Rulebook, Slice, UnknownConvention
from router.rulebook.entries import Obligation, Rule
from router.rulebook.index import Index

__all__ = ["BeforeBook", "Index", "UnknownConvention", "decide"]

_GUESSES = (Source.CLASSIFIER, Source.CATALOGUE_TEXT)


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What follows from the cubes that match, whatever the incident they match for."""

    rule: Rule
    informations: tuple[Information, ...]
    inform: tuple[Party, ...]
    priority: Priority
    alert: bool


def decide(book: Rulebook, facts: Facts, at: datetime, *, convention: str | None = None) -> Decision:
    """Who is competent for these facts, at an aware instant, under a convention (None: the national base).

    Raises BeforeBook when no rule was in force yet, UnknownConvention, ValueError without offset."""
    part = book.slice_at(at, convention)
    outcome = _outcome(book, part.index, part.index.matches_facts(facts), facts.items["reporter_role"].value)
    rule = outcome.rule
    return Decision(
        at=at,
        responsible=rule.assign,
        inform=outcome.inform,
        informations=outcome.informations,
        priority=outcome.priority,
        rule=rule.id,
        title=rule.title,
        articles=rule.articles,
        why=rule.why,
        facts=facts,
        rulebook=book.fingerprint,
        alert=outcome.alert,
        guessed=_guessed(part, facts, rule),
    )


@lru_cache(maxsize=65_536)
def _outcome(book: Rulebook, index: Index, found: int, reporter: FactValue) -> _Outcome:
    rule = index.first_rule(found)
    alert = index.is_alert(found)
    informations = _informations(book, index.obligations(found), rule, reporter)
    return _Outcome(
        rule=rule,
        informations=informations,
        inform=tuple(information.party for information in informations),
        priority=book.alert.priority if alert else index.first_priority(found).priority,
        alert=alert,
    )


def _informations(
    book: Rulebook, obligations: tuple[Obligation, ...], rule: Rule, reporter: FactValue
) -> tuple[Information, ...]:
    """One line per party told: the most pressing obligation. Neither the holder nor who reports is told again."""
    told: dict[Party, Information] = {}
    for obligation in obligations:
        for party in obligation.inform:
            if party is rule.assign or reporter in book.parties[party].reports_as:
                continue
            line = Information(party, obligation.id, obligation.articles, obligation.within_minutes)
            if party not in told or line.within_minutes < told[party].within_minutes:
                told[party] = line
    return tuple(told[party] for party in sorted(told))


def _guessed(part: Slice, facts: Facts, rule: Rule) -> tuple[str, ...]:
    """The facts nobody declared whose other values would have given another party."""
    items = facts.items
    # Only a fact that some cube restricts can change the winner.
    names = [name for name, _ in part.index.masks if items[name].source in _GUESSES]
    if not names:
        return ()
    values = facts.values()
    return tuple(
        name
        for name in names
        if any(other.assign is not rule.assign for other in part.index.alternatives(values, name).values())
    )
