"""The RACI as a grid of texts: one line per case of a row, one column per fact, party and thing to say. What is
written here is what `raci_reading` reads back. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from router.model.incident import FactValue
from router.rulebook.book import Rulebook
from router.rulebook.raci import Case, Letter, Mention, Raci, RaciRow, RowKind
from router.rulebook.vocabulary import Vocabulary

GROUP, TITLE, DELAY, ARTICLES, WHY = "Rubrique", "Incident", "Délai", "Articles", "Pourquoi"
SINCE, UNTIL, EXCEPT, RULE, BOOK = "Depuis", "Jusqu'au", "Sauf", "Règle", "Recueil"
ANY_VALUE, SEPARATOR, ALL_BUT = "–", " ; ", "tout sauf "
IN_SOME_CASES = f"({Letter.INFORMED})"
NATIONAL = "national"
_SHOWN_VALUES = 3


@dataclass(frozen=True, slots=True)
class Mark:
    """Which book, convention and day a sheet was made from: written in each of its lines."""

    fingerprint: str
    convention: str | None
    day: date

    def __str__(self) -> str:
        return f"{self.fingerprint} {self.convention or NATIONAL} {self.day.isoformat()}"

    @classmethod
    def read(cls, text: str) -> "Mark | None":
        """None when the text isn't a mark."""
        match text.split():
            case [fingerprint, convention, day]:
                try:
                    return cls(
                        fingerprint, None if convention == NATIONAL else convention, date.fromisoformat(day)
                    )
                except ValueError:
                    return None
        return None


@dataclass(frozen=True, slots=True)
class GridLine:
    """One line of the sheet: a case of a row. `texts` by header."""

    row: RaciRow
    texts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Grid:
    headers: tuple[str, ...]
    lines: tuple[GridLine, ...]


def headers(book: Rulebook) -> tuple[str, ...]:
    """Every column, in order: all the facts, so that a condition may be added on any of them."""
    facts = (fact.label for fact in book.vocabulary.facts.values())
    parties = (party.short for party in book.parties.values())
    return (GROUP, TITLE, *facts, *parties, DELAY, ARTICLES, WHY, SINCE, UNTIL, EXCEPT, RULE, BOOK)


def grid(book: Rulebook, table: Raci) -> Grid:
    mark = str(Mark(table.fingerprint, table.convention, table.day))
    return Grid(
        headers(book),
        tuple(
            GridLine(row, _texts(book, group.title, row, case) | {BOOK: mark})
            for group in table.groups
            for row in group.rows
            for case in row.cases
        ),
    )


def _texts(book: Rulebook, group: str, row: RaciRow, case: Case) -> dict[str, str]:
    known = book.vocabulary.facts
    facts = {fact.label: values_text(book.vocabulary, name, case.get(name)) for name, fact in known.items()}
    parties = {book.parties[party].short: letters_text(row.mentions.get(party, ())) for party in book.parties}
    return {
        GROUP: group,
        TITLE: row.title,
        **facts,
        **parties,
        DELAY: _delays(book, row),
        ARTICLES: SEPARATOR.join(row.articles),
        WHY: row.why,
        SINCE: _day(row.since),
        UNTIL: _day(row.until),
        EXCEPT: SEPARATOR.join(
            f"{each.title} ({book.parties[each.responsible].short})" for each in row.exceptions
        ),
        RULE: row.id,
    }


def values_text(vocabulary: Vocabulary, name: str, values: Sequence[FactValue] | None) -> str:
    """The values a fact may have: « – » for any, else their labels, or those left out when that is shorter."""
    if values is None:
        return ANY_VALUE
    left_out = [value for value in vocabulary.facts[name].values if value not in values]
    if len(values) > _SHOWN_VALUES and len(left_out) < len(values):
        return ALL_BUT + SEPARATOR.join(vocabulary.label(name, value) for value in left_out)
    return SEPARATOR.join(vocabulary.label(name, value) for value in values)


def letters_text(mentions: Sequence[Mention]) -> str:
    return " ".join(str(m.letter) if m.always else f"({m.letter})" for m in mentions)


def delay_text(minutes: int) -> str:
    """« sans délai », « 30 min », « 8 h »."""
    if not minutes:
        return "sans délai"
    hours, rest = divmod(minutes, 60)
    return f"{hours} h {rest:02}".removesuffix(" 00") if hours else f"{minutes} min"


def _delays(book: Rulebook, row: RaciRow) -> str:
    """Within what each party is told; of an obligation, said once."""
    told = [
        (book.parties[party].short, delay_text(mention.within_minutes))
        for party, mentions in row.mentions.items()
        for mention in mentions
        if mention.within_minutes is not None
    ]
    if row.kind is RowKind.DUTY:
        return told[0][1]
    return SEPARATOR.join(f"{party} : {delay}" for party, delay in told)


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""
