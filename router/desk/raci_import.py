"""An edited RACI workbook, read back: what it changes, the rules it proposes, and what the proof says of them.

Nothing is written and nothing is published: the answer is for people to read."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from router.desk.raci_files import RACI_SHEET
from router.intake.tabular import Sheet, Table, read_file, read_table
from router.model.actor import Invalid
from router.model.faults import Fault
from router.rulebook.book import BeforeBook, Rulebook, UnknownConvention
from router.rulebook.change_wording import line_in_words
from router.rulebook.changes import ComparisonUnfinished
from router.rulebook.compare import compare
from router.rulebook.load import RulebookRefused, load_book
from router.rulebook.raci import Raci, raci
from router.rulebook.raci_cells import CellFault
from router.rulebook.raci_proposal import Proposal, propose
from router.rulebook.raci_reading import RowChange, SheetLine, mark_of, read_sheet
from router.rulebook.raci_sheet import Mark
from router.sheets.workbook import unguarded

OTHER_BOOK = (
    "cette feuille vient d'un autre recueil que celui-ci : exportez de nouveau le RACI, "
    "et reportez-y vos changements."
)
UNMARKED = "la feuille ne dit pas de quel recueil elle vient : la colonne « Recueil » manque ou a été vidée."
NOT_COMPARED = (
    "La comparaison n'a pas pu finir : les changements sont trop ramifiés pour être dits en quelques lignes."
)


MAX_OPEN = (
    40_000_000  # a RACI of six hundred rules holds a tenth of it; more would be read for long, for nothing
)


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A sheet that makes no sense: every cell, with its mend."""

    faults: tuple[CellFault, ...]


@dataclass(frozen=True, slots=True)
class Imported:
    """What a sheet asks for. `effects`: who changes, in words; `refusals`: why the proposal would not be accepted."""

    mark: Mark
    changes: tuple[RowChange, ...]
    proposal: Proposal
    effects: tuple[str, ...]
    refusals: tuple[Fault, ...]


@dataclass(frozen=True, slots=True)
class Opened:
    """The RACI sheet of a file, and the book, convention and day it says it comes from."""

    mark: Mark
    lines: tuple[SheetLine, ...]
    merged: Sequence[tuple[int, int]]
    computed: Sequence[tuple[int, int]]


def open_raci(path: Path) -> Opened:
    """Raises Invalid, NotFound, TooLarge."""
    return _opened(read_file(path, merged=True, unzipped=MAX_OPEN))


def open_sent(content: bytes, name: str) -> Opened:
    """The same for a file that was sent. Raises Invalid, TooLarge."""
    return _opened(read_table(content, name, merged=True, unzipped=MAX_OPEN))


def _opened(table: Table) -> Opened:
    sheet = _raci_sheet(table)
    lines = tuple(SheetLine(record.line, tuple(map(unguarded, record.cells))) for record in sheet.records)
    mark = mark_of(lines)
    if mark is None:
        raise Invalid(UNMARKED)
    return Opened(mark, lines, sheet.merged, sheet.computed)


def read_raci(book: Rulebook, opened: Opened, convention: str | None = None) -> Imported | Unreadable:
    """`convention`: what the sheet is expected to be about, when it was said. Raises Invalid."""
    mark = opened.mark
    _check(book, mark, convention)
    table = _table(book, mark)
    reading = read_sheet(book, table, opened.lines, opened.merged, opened.computed)
    if reading.faults:
        return Unreadable(reading.faults)
    proposal = propose(book, table, reading.changes)
    if not proposal.sources:
        return Imported(mark, reading.changes, proposal, (), ())
    try:
        candidate = load_book({**book.sources, **proposal.sources})
    except RulebookRefused as refused:
        return Imported(mark, reading.changes, proposal, (), refused.faults)
    return Imported(mark, reading.changes, proposal, _effects(book, candidate, mark, reading.changes), ())


def _raci_sheet(table: Table) -> Sheet:
    found = [sheet for sheet in table.sheets if sheet.name == RACI_SHEET or len(table.sheets) == 1]
    if not found:
        names = ", ".join(f"« {sheet.name} »" for sheet in table.sheets)
        raise Invalid(f"{table.name} n'a pas de feuille visible « {RACI_SHEET} » ; il a : {names}.")
    return found[0]


def _check(book: Rulebook, mark: Mark, convention: str | None) -> None:
    if mark.fingerprint != book.fingerprint:
        raise Invalid(OTHER_BOOK)
    if convention is not None and mark.convention != convention:
        about = f"la convention « {mark.convention} »" if mark.convention else "la base nationale"
        raise Invalid(f"cette feuille est celle de {about}, pas de « {convention} ».")


def _table(book: Rulebook, mark: Mark) -> Raci:
    try:
        return raci(book, mark.day, mark.convention)
    except (BeforeBook, UnknownConvention) as error:
        raise Invalid(OTHER_BOOK) from error


def _effects(book: Rulebook, candidate: Rulebook, mark: Mark, changes: Sequence[RowChange]) -> tuple[str, ...]:
    """On the day of the sheet, or on the first later day on which a change begins."""
    starts = [change.wanted.since for change in changes if change.wanted.since]
    day = max([mark.day, *starts])
    try:
        found = compare(book, candidate, day, mark.convention)
    except ComparisonUnfinished:
        return (NOT_COMPARED,)
    return tuple(line_in_words(book, candidate, found, line) for line in found.lines)
