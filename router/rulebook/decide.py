"""Facts and an instant in, a Decision out. Never fails on valid facts: the book was proved complete."""

from datetime import datetime

from router.model.incident import Decision, Facts, Information
from router.model.words import Party, Priority, Source
from router.rulebook.book import BeforeBook, Rulebook, Slice, UnknownConvention
from router.rulebook.entries import Obligation, Rule
from router.rulebook.index import Index

__all__ = ["BeforeBook", "Index", "UnknownConvention", "decide"]

_GUESSES = (Source.CLASSIFIER, Source.CATALOGUE_TEXT)


def decide(book: Rulebook, facts: Facts, at: datetime, *, convention: str | None = None) -> Decision:
    """Who is competent for these facts, at an aware instant, under a convention (None: the national base).

    Raises BeforeBook when no rule was in force yet, UnknownConvention, ValueError on an instant without offset."""
    part = book.slice_at(at, convention)
    values = facts.values()
    found = part.index.matches(values)
    rule = part.index.first_rule(found)
    alert = part.index.is_alert(found)
    told = _informations(book, part.index.obligations(found), rule, str(values.get("reporter_role")))
    return Decision(
        at=at,
        responsible=rule.assign,
        inform=tuple(sorted(information.party for information in told)),
        informations=told,
        priority=_priority(book, part.index, found, alert),
        rule=rule.id,
        title=rule.title,
        articles=rule.articles,
        why=rule.why,
        facts=facts,
        rulebook=book.fingerprint,
        alert=alert,
        guessed=_guessed(part, facts, rule),
    )


def _priority(book: Rulebook, index: Index, found: int, alert: bool) -> Priority:
    return book.alert.priority if alert else index.first_priority(found).priority


def _informations(
    book: Rulebook, obligations: tuple[Obligation, ...], rule: Rule, reporter: str
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
    names = [name for name, fact in facts.items.items() if fact.source in _GUESSES]
    if not names:
        return ()
    values = facts.values()
    return tuple(
        name
        for name in names
        if any(other.assign is not rule.assign for other in part.index.alternatives(values, name).values())
    )
