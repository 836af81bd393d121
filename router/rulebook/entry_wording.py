"""A rule, an obligation or an article of the files in French: what somebody who has never opened these files reads.

The conditions are worded as on a rule's page; what isn't one of these entries, or can't be read, has no words here."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath

from router.documents.document import UnreadableDocument, parse_document
from router.model.faults import Fault
from router.model.words import Party
from router.rulebook.book import Rulebook
from router.rulebook.entries import (
    EVERYTHING_AFTER,
    Article,
    LocalDecision,
    Obligation,
    Period,
    Rule,
)
from router.rulebook.expression import Condition
from router.rulebook.read import Words, read_articles, read_obligations, read_rules
from router.rulebook.table import Table
from router.rulebook.wording import cited, describe, quoted, within

CONVENTIONS = "conventions"
TITLE = "Titre"


@dataclass(frozen=True, slots=True)
class WordedLine:
    """« Quand : … ». Several texts are several cases, of which one is enough."""

    label: str
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WordedEntry:
    title: str
    lines: tuple[WordedLine, ...]


def entry_in_words(book: Rulebook, file: str, text: str) -> WordedEntry | None:
    """One entry of a file, alone, read with the words of a book. None when it is of another kind or can't be read."""
    faults: list[Fault] = []
    try:
        root = Table.root(parse_document(file, text), faults)
    except UnreadableDocument:
        return None
    entries = _entries(root, Words(book.vocabulary, book.parties, book.articles), file)
    if faults or len(entries) != 1:
        return None
    (entry,) = entries
    match entry:
        case Rule():
            return _worded(entry.title, _rule_lines(book, entry))
        case Obligation():
            return _worded(entry.title, _duty_lines(book, entry))
        case Article():
            return _worded(
                f"Article {entry.number}", [("Intitulé", entry.title), ("Ce qu'il dit", entry.meaning)]
            )


def _entries(root: Table, words: Words, file: str) -> tuple[Rule | Obligation | Article, ...]:
    place = PurePosixPath(file)
    convention = place.stem if place.parent.name == CONVENTIONS else None
    match list(root.data):
        case ["rule"]:
            return read_rules(root, words, "", convention)
        case ["obligation"]:
            return read_obligations(root, words, convention)
        case ["article"]:
            return tuple(read_articles(root).values())
        case _:
            return ()


def _worded(title: str, pairs: Iterable[tuple[str, str | tuple[str, ...]]]) -> WordedEntry:
    """Lines that would say nothing are left out."""
    lines = [(label, (said,) if isinstance(said, str) else said) for label, said in pairs if said]
    return WordedEntry(title, tuple(WordedLine(label, texts) for label, texts in lines))


def _rule_lines(book: Rulebook, rule: Rule) -> list[tuple[str, str | tuple[str, ...]]]:
    return [
        ("Quand", _cases(book, rule.condition)),
        ("Alors", f"compétent : {book.parties[rule.assign].name} ({cited(rule.articles)})"),
        ("Parce que", rule.why),
        ("En répond", _names(book, (rule.accountable,) if rule.accountable else ())),
        ("À consulter", _names(book, rule.consulted)),
        ("Passe exprès avant", _set_aside(book, rule.overrides)),
        ("S'applique", _days(rule.period)),
        ("Relue", f"le {rule.checked_on:%d/%m/%Y}"),
        ("Marge laissée", "une convention peut en décider autrement chez elle" if rule.arbitrage else ""),
        ("Décision locale", _decision(rule.local)),
    ]


def _duty_lines(book: Rulebook, duty: Obligation) -> list[tuple[str, str | tuple[str, ...]]]:
    told = _names(book, duty.inform)
    return [
        ("Quand", _cases(book, duty.condition)),
        ("Alors", f"à prévenir {within(duty.within_minutes)} : {told} ({cited(duty.articles)})"),
        ("Parce que", duty.why),
        ("S'applique", _days(duty.period)),
        ("Décision locale", _decision(duty.local)),
    ]


def _cases(book: Rulebook, condition: Condition) -> tuple[str, ...]:
    return tuple(describe(book.vocabulary, cube) for cube in condition.cubes)


def _names(book: Rulebook, parties: Iterable[Party]) -> str:
    return " et ".join(book.parties[party].name for party in parties)


def _set_aside(book: Rulebook, overrides: tuple[str, ...]) -> str:
    if EVERYTHING_AFTER in overrides:
        return "toutes celles qui la suivent"
    return quoted(_title(book, name) for name in overrides)


def _title(book: Rulebook, rule: str) -> str:
    """A rule that this book doesn't have keeps its name: it may be one that is only proposed."""
    try:
        return book.rule(rule).title
    except KeyError:
        return rule


def _days(period: Period) -> str:
    since = f"à partir du {period.since:%d/%m/%Y}" if period.since else ""
    until = f"jusqu'au {period.until:%d/%m/%Y} exclu" if period.until else ""
    return ", ".join(each for each in (since, until) if each)


def _decision(local: LocalDecision | None) -> str:
    return f"{local.decision} ({local.signatory}, le {local.decided_on:%d/%m/%Y})" if local else ""
