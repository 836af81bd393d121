"""An edited RACI sheet, read back: what was changed, row by row, or every cell that makes no sense. Pure.

The sheet is compared with the table it was made from, value by value: a file saved by another program, sorted, or with
other quotes and spaces, changes nothing."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from router.model.texts import seen
from router.rulebook.book import Rulebook
from router.rulebook.raci import Raci
from router.rulebook.raci_cells import CellFault, CellReader, Wanted, folded, wanted_of
from router.rulebook.raci_sheet import BOOK, DELAY, EXCEPT, GROUP, RULE, Grid, GridLine, Mark, grid
from router.rulebook.vocabulary import unknown_word
from router.sheets.workbook import address

FIXED = (GROUP, DELAY, EXCEPT)


@dataclass(frozen=True, slots=True)
class SheetLine:
    """A line as it stands in the file; lines count from 1."""

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One thing that was changed: where, in which column, from what to what."""

    cell: str
    column: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class RowChange:
    """A row that was changed: what is wanted of it instead, and each change in words."""

    id: str
    was: Wanted
    wanted: Wanted
    fields: tuple[FieldChange, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """Either faults, or the changes, in the order of the table."""

    changes: tuple[RowChange, ...]
    faults: tuple[CellFault, ...]


def mark_of(lines: Sequence[SheetLine]) -> Mark | None:
    """Which book, convention and day the sheet says it comes from; None when it doesn't say."""
    if not lines:
        return None
    places = [index for index, name in enumerate(lines[0].cells) if folded(name) == folded(BOOK)]
    written = (line.cells[places[0]] for line in lines[1:] if places and places[0] < len(line.cells))
    return next((mark for mark in map(Mark.read, written) if mark), None)


def read_sheet(
    book: Rulebook,
    table: Raci,
    lines: Sequence[SheetLine],
    merged: Sequence[tuple[int, int]] = (),
    computed: Sequence[tuple[int, int]] = (),
) -> Reading:
    """The changes of a sheet made from `table`. `merged`: the first line and column of each merged cell; `computed`:
    of each formula, whose value nobody wrote."""
    return _Sheet.of(book, table, lines, merged, computed).reading()


@dataclass(slots=True)
class _Sheet:
    """One pass over the lines; collects faults and goes on."""

    book: Rulebook
    made: Grid
    lines: Sequence[SheetLine]
    merged: Sequence[tuple[int, int]]
    computed: Sequence[tuple[int, int]]
    columns: Mapping[str, int]
    faults: list[CellFault]

    @classmethod
    def of(
        cls,
        book: Rulebook,
        table: Raci,
        lines: Sequence[SheetLine],
        merged: Sequence[tuple[int, int]],
        computed: Sequence[tuple[int, int]],
    ) -> "_Sheet":
        made = grid(book, table)
        faults: list[CellFault] = []
        header = lines[0] if lines else SheetLine(1, ())
        return cls(book, made, lines[1:], merged, computed, _columns(made.headers, header, faults), faults)

    def reading(self) -> Reading:
        for line, index in self.merged:
            message = "cellules fusionnées : défaites la fusion, chaque ligne a ses propres cellules."
            self.faults.append(CellFault(line, index, message))
        for line, index in self.computed:
            message = "cette cellule est une formule : écrivez-y la valeur elle-même."
            self.faults.append(CellFault(line, index, message))
        if not self.faults:
            self._check_marks()
        changes = () if self.faults else tuple(self._changes())
        return Reading(() if self.faults else changes, tuple(sorted(set(self.faults))))

    def _check_marks(self) -> None:
        """Each line comes from this very book: pasted lines of another one would be compared with the wrong rules."""
        expected = self.made.lines[0].texts[BOOK]
        for line in self.lines:
            if self._text(line, BOOK) != expected:
                message = (
                    "cette ligne vient d'un autre recueil, d'une autre convention ou d'un autre jour : "
                    "exportez de nouveau le RACI, et reportez-y vos changements."
                )
                self._fault(line, BOOK, message)
                return

    def _changes(self) -> Iterator[RowChange]:
        originals: dict[str, list[GridLine]] = {}
        for line in self.made.lines:
            originals.setdefault(line.row.id, []).append(line)
        found = self._by_rule(originals)
        for identifier, lines in originals.items():
            if len(found.get(identifier, ())) < len(lines):
                self._missing(lines)
            elif change := self._change(identifier, lines, found[identifier]):
                yield change

    def _by_rule(self, known: Mapping[str, object]) -> dict[str, list[SheetLine]]:
        found: dict[str, list[SheetLine]] = {}
        for line in self.lines:
            identifier = self._text(line, RULE)
            if identifier in known:
                found.setdefault(identifier, []).append(line)
            elif identifier:
                self._fault(line, RULE, f"{unknown_word(f'la règle « {identifier} »', identifier, known)}")
            else:
                self._fault(
                    line,
                    RULE,
                    "cette ligne ne nomme pas sa règle ; une règle nouvelle s'écrit dans les fichiers.",
                )
        return found

    def _missing(self, lines: Sequence[GridLine]) -> None:
        row = lines[0].row
        cases = f" (elle en a {len(lines)}, une par cas)" if len(lines) > 1 else ""
        message = (
            f"il manque une ligne de « {row.title} »{cases}, règle « {row.id} » : remettez-la ; une règle se termine "
            "par la colonne « Jusqu'au »."
        )
        self.faults.append(CellFault(1, self.columns[RULE], message))

    def _change(
        self, identifier: str, originals: Sequence[GridLine], lines: Sequence[SheetLine]
    ) -> RowChange | None:
        self._check_fixed(originals[0], lines)
        reader = CellReader(self.book, originals[0].row, self.columns, self.faults)
        texts = [{name: self._text(line, name) for name in self.made.headers} for line in lines]
        before = len(self.faults)
        wanted = reader.wanted([(line.line, text) for line, text in zip(lines, texts, strict=True)])
        if wanted is None or len(self.faults) > before:
            return None
        was = wanted_of(self.book, originals[0].row)
        columns = wanted.differing_columns(was, self.book)
        if not columns:
            return None
        return RowChange(identifier, was, wanted, tuple(self._fields(columns, originals, lines)))

    def _check_fixed(self, original: GridLine, lines: Sequence[SheetLine]) -> None:
        for line in lines:
            for name in FIXED:
                if folded(self._text(line, name)) != folded(original.texts[name]):
                    said = original.texts[name]
                    mend = f"remettez « {said} »" if said else "laissez-la vide"
                    self._fault(
                        line, name, f"la colonne « {name} » est calculée et ne se modifie pas : {mend}."
                    )

    def _fields(
        self, columns: Sequence[str], originals: Sequence[GridLine], lines: Sequence[SheetLine]
    ) -> Iterator[FieldChange]:
        for name in columns:
            befores = [line.texts[name] for line in originals]
            for index, line in enumerate(lines):
                before = befores[index] if index < len(befores) else ""
                after = self._text(line, name)
                if folded(before) != folded(after):
                    yield FieldChange(address(line.line, self.columns[name]), name, before, after)

    def _text(self, line: SheetLine, name: str) -> str:
        index = self.columns[name]
        return seen(line.cells[index]).strip() if index < len(line.cells) else ""

    def _fault(self, line: SheetLine, name: str, message: str) -> None:
        self.faults.append(CellFault(line.line, self.columns[name], message))


def _columns(headers: Sequence[str], header: SheetLine, faults: list[CellFault]) -> dict[str, int]:
    """Where each column is. One that is missing, renamed or written twice is a fault, at its place when it has one."""
    known = {folded(name): name for name in headers}
    columns: dict[str, int] = {}
    strangers: list[tuple[int, str]] = []
    for index, text in enumerate(header.cells):
        name = known.get(folded(text))
        if name in columns:
            faults.append(CellFault(header.line, index, f"la colonne « {name} » est là deux fois."))
        elif name is not None:
            columns[name] = index
        elif text.strip():
            strangers.append((index, text.strip()))
    missing = [name for name in headers if name not in columns]
    for index, text in strangers:
        faults.append(
            CellFault(header.line, index, unknown_word(f"la colonne « {text} »", text, missing or headers))
        )
    for name in missing:
        message = (
            f"il manque la colonne « {name} » : exportez de nouveau le RACI, et gardez toutes ses colonnes."
        )
        faults.append(CellFault(header.line, headers.index(name), message))
    return columns
