"""The convention's annexes, for reading: the RACI and the simplified table of a day, from the book in force."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from router.desk.advise import ConventionLine, convention_lines
from router.desk.house import Desk
from router.desk.raci_files import MEDIA_TYPES, annexes, file_name
from router.model.actor import NotFound
from router.model.words import HOLDERS, Party
from router.rulebook.book import Rulebook
from router.rulebook.raci import Raci, RaciRow, raci
from router.rulebook.simplified import Simplified, simplified
from router.rulebook.wording import describe_fact
from router.sheets.workbook import SheetFormat

ANY_INCIDENT = ("Tout incident",)


@dataclass(frozen=True, slots=True)
class Annex:
    """What both pages say of themselves. `title`: the convention's, empty for the national rules."""

    conventions: tuple[ConventionLine, ...]
    convention: str | None
    title: str
    day: date
    fingerprint: str
    short: Mapping[Party, str]
    parties: tuple[Party, ...] = tuple(Party)
    holders: tuple[Party, ...] = HOLDERS


@dataclass(frozen=True, slots=True)
class RaciLine:
    """A row with its cases in words, fact by fact; `foremost` passes before nearly all the others."""

    row: RaciRow
    cases: tuple[tuple[str, ...], ...]
    foremost: bool


@dataclass(frozen=True, slots=True)
class RaciSection:
    title: str
    articles: tuple[str, ...]
    lines: tuple[RaciLine, ...]


@dataclass(frozen=True, slots=True)
class RaciView:
    annex: Annex
    sections: tuple[RaciSection, ...]


@dataclass(frozen=True, slots=True)
class SimplifiedView:
    annex: Annex
    table: Simplified


def raci_view(desk: Desk, convention: str | None, at: datetime) -> RaciView:
    """Raises NotFound for a convention that doesn't exist."""
    annex, book = _annex(desk, convention, at)
    return RaciView(annex, _sections(book, _raci(book, annex.day, convention)))


def simplified_view(desk: Desk, convention: str | None, at: datetime) -> SimplifiedView:
    """Raises NotFound for a convention that doesn't exist."""
    annex, book = _annex(desk, convention, at)
    return SimplifiedView(annex, _simplified(book, annex.day, convention))


def raci_file(desk: Desk, convention: str | None, kind: SheetFormat, at: datetime) -> tuple[str, str, bytes]:
    """The workbook: its name, its media type, its bytes. Raises NotFound for a convention that doesn't exist."""
    annex, book = _annex(desk, convention, at)
    table, page = _raci(book, annex.day, convention), _simplified(book, annex.day, convention)
    return file_name(table, kind), MEDIA_TYPES[kind], _file(book, table, page, kind, desk.settings.public_url)


def _annex(desk: Desk, convention: str | None, at: datetime) -> tuple[Annex, Rulebook]:
    with desk.database.reading() as session:
        books = desk.policies.in_force(session, at)
        book, conventions = books.of(convention).book, convention_lines(books)
    if convention is not None and convention not in book.conventions:
        raise NotFound("Cette convention n'existe pas ici.")
    annex = Annex(
        conventions=conventions,
        convention=convention,
        title=book.conventions[convention].title if convention else "",
        day=at.astimezone(book.zone(convention)).date(),
        fingerprint=book.fingerprint,
        short={party: definition.short for party, definition in book.parties.items()},
    )
    return annex, book


@lru_cache(maxsize=16)
def _raci(book: Rulebook, day: date, convention: str | None) -> Raci:
    """A tenth of a second, and the same all day long."""
    return raci(book, day, convention)


@lru_cache(maxsize=16)
def _simplified(book: Rulebook, day: date, convention: str | None) -> Simplified:
    return simplified(book, day, convention)


@lru_cache(maxsize=16)
def _file(book: Rulebook, table: Raci, page: Simplified, kind: SheetFormat, address: str) -> bytes:
    return annexes(book, table, page, kind, address)


def _sections(book: Rulebook, table: Raci) -> tuple[RaciSection, ...]:
    return tuple(
        RaciSection(
            group.title,
            group.articles,
            tuple(RaciLine(row, _cases(book, row), row.id in table.foremost) for row in group.rows),
        )
        for group in table.groups
    )


def _cases(book: Rulebook, row: RaciRow) -> tuple[tuple[str, ...], ...]:
    worded = (
        tuple(describe_fact(book.vocabulary, name, values) for name, values in case.items())
        for case in row.cases
    )
    return tuple(case or ANY_INCIDENT for case in worded)
