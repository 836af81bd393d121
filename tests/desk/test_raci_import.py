"""An edited RACI: nothing changed is no difference; nonsense is refused cell by cell; the rest is proposed, proved."""

import csv
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
import xlsxwriter

from router.desk.raci_files import RACI_SHEET, annexes
from router.desk.raci_import import MAX_OPEN, OTHER_BOOK, UNMARKED, Imported, Unreadable, open_raci, read_raci
from router.model.actor import Invalid, TooLarge
from router.rulebook.book import Rulebook
from router.rulebook.load import load_book, read_folder
from router.rulebook.raci import raci
from router.rulebook.raci_sheet import BOOK, RULE, TITLE, grid
from router.rulebook.simplified import simplified
from router.settings import SHIPPED_RULES
from router.sheets.ods import ods
from router.sheets.workbook import Column, Sheet, SheetFormat, Workbook, address, cells
from router.sheets.xlsx import xlsx

DAY = date(2026, 11, 24)
CASES = Path(__file__).parents[1] / "raci"
FAULTS, PROPOSALS = (
    [
        pytest.param(case, id=case["title"])
        for case in tomllib.loads((CASES / name).read_text(encoding="utf-8"))["case"]
    ]
    for name in ("faults.toml", "proposals.toml")
)
SOUND = [case for case in PROPOSALS if "refused" not in case.values[0]]
Rows = list[list[str]]


@pytest.fixture(scope="module")
def book() -> Rulebook:
    return load_book(read_folder(SHIPPED_RULES))


def rows_of(book: Rulebook, convention: str | None) -> Rows:
    made = grid(book, raci(book, DAY, convention))
    return [list(made.headers), *([line.texts[h] for h in made.headers] for line in made.lines)]


def saved(rows: Sequence[Sequence[str]], folder: Path, kind: SheetFormat = SheetFormat.XLSX) -> Path:
    """The rows as the RACI sheet of a workbook."""
    sheet = Sheet(RACI_SHEET, [Column(12)] * len(rows[0]), [cells(*row) for row in rows])
    path = folder / f"raci.{kind}"
    path.write_bytes({SheetFormat.XLSX: xlsx, SheetFormat.ODS: ods}[kind](Workbook("RACI", DAY, (sheet,))))
    return path


def line_of(rows: Rows, title: str) -> int:
    """The number of the first line that has this title, as a spreadsheet counts."""
    return next(n for n, row in enumerate(rows, 1) if row[rows[0].index(TITLE)] == title)


def edited(rows: Rows, case: dict[str, Any]) -> Rows:
    """The cells of the case written into their lines; into all lines of the row with `every_line`."""
    column = {name: index for index, name in enumerate(rows[0])}
    changed = [list(row) for row in rows]
    for cell in case["cells"]:
        found = [n for n, row in enumerate(rows) if row[column[TITLE]] == cell["row"]]
        assert found and cell["column"] in column, cell
        for number in found if case.get("every_line") else found[:1]:
            changed[number][column[cell["column"]]] = cell["put"]
    return changed


def refused(book: Rulebook, path: Path) -> list[str]:
    found = read_raci(book, open_raci(path))
    assert isinstance(found, Unreadable)
    return [str(fault) for fault in found.faults]


def proposed(book: Rulebook, path: Path) -> Imported:
    found = read_raci(book, open_raci(path))
    assert isinstance(found, Imported), found
    return found


@pytest.mark.parametrize("convention", [None, "demo-nord", "demo-sud"])
@pytest.mark.parametrize("kind", SheetFormat)
def test_a_round_trip_without_an_edit_is_no_difference(
    book: Rulebook, tmp_path: Path, kind: SheetFormat, convention: str | None
) -> None:
    table, page = raci(book, DAY, convention), simplified(book, DAY, convention)
    path = tmp_path / f"raci.{kind}"
    path.write_bytes(annexes(book, table, page, kind, "https://aiguillage.example.org"))
    found = proposed(book, path)
    assert (found.changes, found.proposal.sources, found.effects, found.refusals) == ((), {}, (), ())
    assert found.mark.convention == convention and found.mark.day == DAY


@pytest.mark.parametrize("case", FAULTS)
def test_nonsense_is_refused_at_its_cell(book: Rulebook, tmp_path: Path, case: dict[str, Any]) -> None:
    rows = rows_of(book, "demo-nord")
    said = refused(book, saved(edited(rows, case), tmp_path))
    assert len(said) == len(case["faults"]), said
    for fault in case["faults"]:
        line = line_of(rows, fault["row"]) if fault["row"] else 1
        place = address(line, rows[0].index(fault["column"]))
        assert any(each.startswith(f"{place} : ") and fault["says"] in each for each in said), (place, said)


@pytest.mark.parametrize("case", PROPOSALS)
def test_an_edit_becomes_a_rule(book: Rulebook, tmp_path: Path, case: dict[str, Any]) -> None:
    rows = rows_of(book, case.get("convention"))
    found = proposed(book, saved(edited(rows, case), tmp_path))
    assert list(found.proposal.sources) == [case["file"]]
    written = "\n".join(part.text for part in found.proposal.parts)
    assert {words for words in case["contains"] if words not in written} == set(), written
    assert {words for words in case.get("lacks", []) if words in written} == set(), written
    assert {fault.code for fault in found.refusals} == ({case["refused"]} if "refused" in case else set())
    told = "\n".join(found.effects)
    assert {words for words in case.get("effects", []) if words not in told} == set(), told
    assert tomllib.loads(found.proposal.sources[case["file"]])


@pytest.mark.parametrize("case", SOUND)
def test_a_proposal_taken_as_it_is_gives_the_table_that_was_asked(
    book: Rulebook, tmp_path: Path, case: dict[str, Any]
) -> None:
    """What the sheet says of its rows is what the table of the new book says, for whoever acts."""
    rows = rows_of(book, case.get("convention"))
    found = proposed(book, saved(edited(rows, case), tmp_path))
    candidate = load_book({**book.sources, **found.proposal.sources})
    day = max([DAY, *(change.wanted.since or DAY for change in found.changes)])
    after = {row.title: row for row in raci(candidate, day, case.get("convention")).rows}
    for change in found.changes:
        wanted = change.wanted
        if wanted.until is None and wanted.bearing("R") and wanted.title in after:
            assert (after[wanted.title].responsible,) == wanted.bearing("R")


# --- What a spreadsheet does to a file without changing what it says


def retyped(rows: Rows) -> Rows:
    """Other quotes, other spaces, other case for the values, dates as people write them."""
    since = rows[0].index("Depuis")
    changed = [[text.replace("'", "’").replace(" :", "\u00a0:") for text in row] for row in rows]
    for row in changed[1:]:
        year, month, day = row[since].split("-")
        row[since] = f"{day}/{month}/{year}"
    return changed


def unruled(rows: Rows) -> Rows:
    """Values in another order, « tout sauf » said the long way."""
    column = rows[0].index("Besoin")
    for row in rows[1:]:
        row[column] = (
            " ; ".join(reversed(row[column].split(" ; "))) if "sauf" not in row[column] else row[column]
        )
    return rows


@pytest.mark.parametrize(
    "change",
    [
        retyped,
        unruled,
        lambda rows: [rows[0], *reversed(rows[1:])],
        lambda rows: [list(reversed(row)) for row in rows],
        lambda rows: [[*row, ""] for row in rows],
        lambda rows: [*rows[:5], [""] * len(rows[0]), *rows[5:]],
    ],
    ids=["typography", "order of values", "sorted", "columns moved", "an empty column", "an empty line"],
)
def test_what_changes_nothing_is_no_difference(
    book: Rulebook, tmp_path: Path, change: Callable[[Rows], Rows]
) -> None:
    assert proposed(book, saved(change(rows_of(book, None)), tmp_path)).changes == ()


# --- What is wrong with the sheet as a whole


def test_a_deleted_line_is_named(book: Rulebook, tmp_path: Path) -> None:
    rows = rows_of(book, None)
    del rows[line_of(rows, "Téléphonie du collège") - 1]
    (said,) = refused(book, saved(rows, tmp_path))
    assert said.startswith(
        f"{address(1, rows[0].index(RULE))} : il manque une ligne de « Téléphonie du collège »"
    )


def test_one_line_of_a_rule_with_several_cases_may_not_go(book: Rulebook, tmp_path: Path) -> None:
    rows = rows_of(book, None)
    del rows[line_of(rows, "Appareil personnel d'un élève") - 1]
    (said,) = refused(book, saved(rows, tmp_path))
    assert "elle en a 2, une par cas" in said


def test_one_more_case_is_one_more_line(book: Rulebook, tmp_path: Path) -> None:
    rows = rows_of(book, None)
    copied = list(rows[line_of(rows, "Système ou antivirus du poste") - 1])
    copied[rows[0].index("Ce qui est concerné")] = "Bureautique"
    found = proposed(book, saved([*rows, copied], tmp_path))
    assert "RUPN → Département" in "\n".join(found.effects)


def test_the_lines_of_one_rule_agree(book: Rulebook, tmp_path: Path) -> None:
    rows = rows_of(book, None)
    first, column = line_of(rows, "Appareil personnel d'un élève"), rows[0].index("RUPN")
    rows[first][column] = "R A"
    (said,) = refused(book, saved(rows, tmp_path))
    assert said.startswith(f"{address(first + 1, column)} : ") and address(first, column) in said


@pytest.mark.parametrize(
    ("name", "new", "says"),
    [
        ("Lieu", "Lieux", "la colonne « Lieux » n'existe pas ; vouliez-vous « Lieu » ?"),
        ("RUPN", "Référent", "il manque la colonne « RUPN »"),
        ("Articles", "Incident", "la colonne « Incident » est là deux fois"),
        ("Règle", "", "il manque la colonne « Règle »"),
    ],
)
def test_a_missing_or_renamed_column_is_named(
    book: Rulebook, tmp_path: Path, name: str, new: str, says: str
) -> None:
    rows = rows_of(book, None)
    place = rows[0].index(name)
    rows[0][place] = new
    said = refused(book, saved(rows, tmp_path))
    assert any(each.startswith(f"{address(1, place)} : ") and says in each for each in said), said


def merged_xlsx(rows: Rows) -> bytes:
    kept = BytesIO()
    with xlsxwriter.Workbook(kept) as workbook:
        sheet = workbook.add_worksheet(RACI_SHEET)
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
        sheet.merge_range("A14:A16", rows[13][0])
    return kept.getvalue()


def merged_ods(rows: Rows) -> bytes:
    def with_span(content: str) -> str:
        lines = content.split("<table:table-row>")
        lines[14] = lines[14].replace("<table:table-cell", '<table:table-cell table:number-rows-spanned="3"', 1)
        return "<table:table-row>".join(lines)

    return edited_ods(rows, with_span)


def edited_ods(rows: Rows, edit: Callable[[str], str]) -> bytes:
    sheet = Sheet(RACI_SHEET, [Column(12)] * len(rows[0]), [cells(*row) for row in rows])
    kept = BytesIO()
    with ZipFile(BytesIO(ods(Workbook("RACI", DAY, (sheet,))))) as made, ZipFile(kept, "w") as copy:
        for name in made.namelist():
            content = made.read(name).decode()
            copy.writestr(name, edit(content) if name == "content.xml" else content)
    return kept.getvalue()


@pytest.mark.parametrize(("make", "kind"), [(merged_xlsx, "xlsx"), (merged_ods, "ods")])
def test_merged_cells_are_named(
    book: Rulebook, tmp_path: Path, make: Callable[[Rows], bytes], kind: str
) -> None:
    path = tmp_path / f"raci.{kind}"
    path.write_bytes(make(rows_of(book, None)))
    (said,) = refused(book, path)
    assert said.startswith("A14 : cellules fusionnées")


def computed_xlsx(rows: Rows) -> bytes:
    kept = BytesIO()
    with xlsxwriter.Workbook(kept) as workbook:
        sheet = workbook.add_worksheet(RACI_SHEET)
        for line, row in enumerate(rows):
            sheet.write_row(line, 0, row)
        sheet.write_formula(13, 27, '=A1&"R"', None, "R")
    return kept.getvalue()


def computed_ods(rows: Rows) -> bytes:
    def with_formula(content: str) -> str:
        lines = content.split("<table:table-row>")
        lines[14] = lines[14].replace("<table:table-cell", '<table:table-cell table:formula="of:=[.A1]"', 1)
        return "<table:table-row>".join(lines)

    return edited_ods(rows, with_formula)


@pytest.mark.parametrize(
    ("make", "kind", "cell"), [(computed_xlsx, "xlsx", "AB14"), (computed_ods, "ods", "A14")]
)
def test_a_formula_is_named(
    book: Rulebook, tmp_path: Path, make: Callable[[Rows], bytes], kind: str, cell: str
) -> None:
    path = tmp_path / f"raci.{kind}"
    path.write_bytes(make(rows_of(book, None)))
    (said,) = refused(book, path)
    assert said.startswith(f"{cell} : cette cellule est une formule")


def test_a_sheet_of_another_book_is_refused_whole(book: Rulebook, tmp_path: Path) -> None:
    other = replace(book, fingerprint="0" * 64)
    with pytest.raises(Invalid, match="autre recueil") as refusal:
        read_raci(book, open_raci(saved(rows_of(other, None), tmp_path)))
    assert refusal.value.message == OTHER_BOOK


def test_a_sheet_that_does_not_say_its_book(book: Rulebook, tmp_path: Path) -> None:
    rows = rows_of(book, None)
    place = rows[0].index(BOOK)
    with pytest.raises(Invalid) as refusal:
        open_raci(saved([row[:place] for row in rows], tmp_path))
    assert refusal.value.message == UNMARKED


def test_the_sheet_of_another_convention_is_not_the_one_expected(book: Rulebook, tmp_path: Path) -> None:
    path = saved(rows_of(book, "demo-nord"), tmp_path)
    with pytest.raises(Invalid, match="« demo-nord », pas de « demo-sud »"):
        read_raci(book, open_raci(path), "demo-sud")


def test_a_workbook_without_the_sheet(book: Rulebook, tmp_path: Path) -> None:
    path = tmp_path / "autre.ods"
    sheets = [Sheet(f"Feuille {n}", (Column(9),), (cells("a"),)) for n in (1, 2)]
    path.write_bytes(ods(Workbook("x", DAY, sheets)))
    with pytest.raises(
        Invalid, match="n'a pas de feuille visible « RACI » ; il a : « Feuille 1 », « Feuille 2 »"
    ):
        read_raci(book, open_raci(path))


def test_a_small_file_that_opens_into_far_too_much_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "raci.xlsx"
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", bytes(MAX_OPEN + 1))
    with pytest.raises(TooLarge, match="trop grand une fois ouvert"):
        open_raci(path)


def test_the_sheet_alone_saved_as_csv_is_read_too(book: Rulebook, tmp_path: Path) -> None:
    path = tmp_path / "raci.csv"
    with path.open("w", encoding="utf-8", newline="") as opened:
        csv.writer(opened, delimiter=";").writerows(rows_of(book, None))
    assert proposed(book, path).changes == ()


def test_signs_that_nobody_sees_are_no_part_of_a_cell(book: Rulebook, tmp_path: Path) -> None:
    """A paste brings them; no database keeps a null character, and no file of rules a vertical tab."""
    rows = rows_of(book, "demo-nord")
    number, column = line_of(rows, "Matériel acheté par l'État") - 1, rows[0].index("Pourquoi")
    hidden = [list(row) for row in rows]
    hidden[number][column] = f"\u200b{rows[number][column]}\u202c"
    assert proposed(book, saved(hidden, tmp_path)).changes == ()
    path = tmp_path / "tab.xlsx"
    with xlsxwriter.Workbook(path) as written:
        sheet = written.add_worksheet(RACI_SHEET)
        for line, row in enumerate(rows):
            for index, text in enumerate(row):
                sheet.write_string(line, index, text)
        sheet.write_string(number, column, "Parce que\x0b c'est ainsi.")
    found = proposed(book, path)
    assert [field.after for change in found.changes for field in change.fields] == ["Parce que c'est ainsi."]
    assert found.refusals == ()


def test_a_sheet_filled_down_to_its_last_line_is_refused_in_a_few_seconds(
    book: Rulebook, tmp_path: Path
) -> None:
    rows = rows_of(book, "demo-nord")
    sound = saved(rows, tmp_path, SheetFormat.ODS)
    path = tmp_path / "long.ods"
    with ZipFile(sound) as archive, ZipFile(path, "w", ZIP_DEFLATED) as other:
        for name in archive.namelist():
            repeated = b'<table:table-row table:number-rows-repeated="1048576">'
            other.writestr(name, archive.read(name).replace(b"<table:table-row>", repeated))
    with pytest.raises(TooLarge, match="ôtez ce qui est loin sous ses lignes"):
        open_raci(path)
