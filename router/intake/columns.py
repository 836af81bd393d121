"""Finds the header of a table and the columns an import knows, whatever their spelling.

Headers are compared folded: no accent, no capital, no underscore (`Code_postal`, « CODE POSTAL »)."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

from router.classify.fold import fold_text
from router.intake.tabular import Record, Sheet, Table
from router.model.actor import Invalid

HEADER_WITHIN = 20  # rows: some exports open with a title and a date
MAX_COLUMNS_NAMED = 12

_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_DIGIT_GAP = re.compile(r"(?<=\d)[\u00a0\u202f](?=\d)")  # GLPI writes 5 732 with a no-break space


@dataclass(frozen=True, slots=True)
class Column:
    """A field an import knows: its usual headers, best first, and its name for people."""

    field: str
    label: str
    headers: tuple[str, ...]
    required: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the file, by field. `excess` says it has more cells than the header."""

    line: int
    cells: Mapping[str, str]
    excess: bool

    def text(self, name: str) -> str:
        """The cell, trimmed; empty when the column isn't there."""
        return self.cells.get(name, "")


@dataclass(frozen=True, slots=True)
class Selection:
    """The rows of the one sheet that has the header, reduced to the known fields."""

    sheet: Sheet
    header: Record
    places: Mapping[str, int]
    unused: tuple[str, ...] = ()
    _width: int = field(default=0)

    def has(self, name: str) -> bool:
        return name in self.places

    def __iter__(self) -> Iterator[Row]:
        for record in self.sheet.records:
            if record.line > self.header.line:
                yield self._row(record)

    def _row(self, record: Record) -> Row:
        cells = record.cells
        present = {name: clean(cells[place]) for name, place in self.places.items() if place < len(cells)}
        excess = any(cell.strip() for cell in cells[self._width :])
        return Row(record.line, present, excess)


def clean(cell: str) -> str:
    """One line of text, single spaces, no control; digits parted by a no-break space are joined again."""
    return " ".join(_CONTROL.sub(" ", _DIGIT_GAP.sub("", cell)).split())


def select(table: Table, columns: Sequence[Column]) -> Selection:
    """The sheet whose header has every required column. Raises Invalid: which is missing, what was read."""
    nearest: Selection | None = None
    for sheet in table.sheets:
        for record in islice(sheet.records, HEADER_WITHIN):
            found = _match(sheet, record, columns)
            if not _missing(found, columns):
                return found
            if nearest is None or len(found.places) > len(nearest.places):
                nearest = found
    raise Invalid(_no_header(table, nearest, columns), "header")


def _match(sheet: Sheet, record: Record, columns: Sequence[Column]) -> Selection:
    headers = [fold_text(cell) for cell in record.cells]
    places: dict[str, int] = {}
    for column in columns:
        wanted = [fold_text(header) for header in column.headers]
        found = next((headers.index(header) for header in wanted if header in headers), None)
        if found is not None and found not in places.values():
            places[column.field] = found
    used = set(places.values())
    unused = tuple(clean(cell) for place, cell in enumerate(record.cells) if place not in used and cell.strip())
    return Selection(sheet, record, places, unused, len(record.cells))


def _missing(found: Selection, columns: Sequence[Column]) -> list[Column]:
    return [column for column in columns if column.required and column.field not in found.places]


def _no_header(table: Table, nearest: Selection | None, columns: Sequence[Column]) -> str:
    wanted = [column for column in columns if column.required]
    if nearest is None or not nearest.places:
        names = ", ".join(f"« {column.headers[0]} »" for column in wanted)
        return (
            f"{table.name} : aucune ligne de titres reconnue dans les {HEADER_WITHIN} premières lignes ; "
            f"la première ligne doit nommer les colonnes, dont {names}."
        )
    lacking = " ; ".join(
        f"{column.label} (par exemple {', '.join(f'« {header} »' for header in column.headers[:3])})"
        for column in _missing(nearest, columns)
    )
    read = ", ".join(f"« {clean(cell)} »" for cell in nearest.header.cells[:MAX_COLUMNS_NAMED] if cell.strip())
    return f"{table.name} : il manque la colonne {lacking}. Colonnes lues : {read}."
