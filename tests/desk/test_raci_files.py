"""The annexes as files: real ones, that LibreOffice opens; the same in both formats; what is in them."""

import csv
import os
from datetime import date
from io import StringIO
from pathlib import Path

import pytest

from router.desk.raci_files import RACI_SHEET, README_SHEET, SIMPLIFIED_SHEET, annexes
from router.desk.raci_import import Imported, open_raci, read_raci
from router.rulebook.book import Rulebook
from router.rulebook.load import load_book, read_folder
from router.rulebook.raci import RaciRow, raci
from router.rulebook.raci_sheet import BOOK, RULE, TITLE, Mark, grid, headers
from router.rulebook.simplified import simplified
from router.settings import SHIPPED_RULES
from router.sheets.workbook import SheetFormat
from tests.programs import ProgramMissing
from tests.sheets.libreoffice import LIBREOFFICE, saved_again, sheets_as_csv

DAY = date(2026, 11, 24)
CONVENTION = "demo-nord"


@pytest.fixture(scope="module")
def book() -> Rulebook:
    return load_book(read_folder(SHIPPED_RULES))


def file_of(book: Rulebook, kind: SheetFormat, convention: str | None = CONVENTION) -> bytes:
    table, page = raci(book, DAY, convention), simplified(book, DAY, convention)
    return annexes(book, table, page, kind, "https://aiguillage.example.org")


@pytest.fixture(scope="module")
def office(run_folder: Path) -> str:
    try:
        return LIBREOFFICE.find(run_folder)
    except ProgramMissing as missing:
        if os.environ.get("CI") == "true":
            pytest.fail(str(missing), pytrace=False)
        pytest.skip(f"LibreOffice: {missing}")


@pytest.fixture(scope="module")
def files(book: Rulebook, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("office")
    for kind in SheetFormat:
        (folder / f"{kind}.{kind}").write_bytes(file_of(book, kind))
    return [folder / f"{kind}.{kind}" for kind in SheetFormat]


@pytest.fixture(scope="module")
def opened(office: str, files: list[Path]) -> dict[str, str]:
    """Both files as LibreOffice sees them, sheet by sheet; opened once, together."""
    return sheets_as_csv(office, files, files[0].parent)


@pytest.mark.parametrize("kind", SheetFormat)
def test_libreoffice_opens_the_raci_as_we_wrote_it(
    book: Rulebook, opened: dict[str, str], kind: SheetFormat
) -> None:
    made = grid(book, raci(book, DAY, CONVENTION))
    seen = list(csv.reader(StringIO(opened[f"{kind}-{RACI_SHEET}"])))
    assert seen == [list(made.headers), *([line.texts[h] for h in made.headers] for line in made.lines)]


@pytest.mark.parametrize("sheet", [README_SHEET, RACI_SHEET, SIMPLIFIED_SHEET])
def test_both_formats_are_the_same_to_libreoffice(opened: dict[str, str], sheet: str) -> None:
    assert opened[f"xlsx-{sheet}"] == opened[f"ods-{sheet}"] != ""


def test_saved_again_by_libreoffice_nothing_has_changed(book: Rulebook, office: str, files: list[Path]) -> None:
    for path in saved_again(office, files, "ods", files[0].parent):
        found = read_raci(book, open_raci(path), CONVENTION)
        assert isinstance(found, Imported) and found.changes == (), path


@pytest.mark.parametrize("kind", SheetFormat)
def test_the_same_book_gives_the_same_bytes(book: Rulebook, kind: SheetFormat) -> None:
    assert file_of(book, kind) == file_of(book, kind)


@pytest.mark.parametrize("convention", [None, "demo-nord", "demo-sud"])
def test_every_line_names_its_rule_and_its_book(book: Rulebook, convention: str | None) -> None:
    table = raci(book, DAY, convention)
    lines = grid(book, table).lines
    assert {line.texts[RULE] for line in lines} == {row.id for row in table.rows}
    assert {Mark.read(line.texts[BOOK]) for line in lines} == {Mark(book.fingerprint, convention, DAY)}
    assert len(lines) == sum(len(row.cases) for row in table.rows)


def test_no_two_columns_have_the_same_name(book: Rulebook) -> None:
    names = headers(book)
    assert len(set(names)) == len(names) > 30


def line_texts(book: Rulebook, title: str) -> dict[str, str]:
    found = next(line for line in grid(book, raci(book, DAY, CONVENTION)).lines if line.texts[TITLE] == title)
    assert isinstance(found.row, RaciRow)
    return {name: text for name, text in found.texts.items() if text not in ("", "–")}


def test_a_line_reads_like_a_sentence(book: Rulebook) -> None:
    texts = line_texts(book, "Incident de sécurité")
    del texts[BOOK], texts[RULE]
    assert texts == {
        "Rubrique": "Sécurité et données personnelles",
        "Incident": "Incident de sécurité",
        "Type d'incident": "Sécurité",
        "Besoin": "tout sauf Apprendre à s'en servir ; Avoir un conseil ; Corriger ou protéger des données",
        "Département": "(I)",
        "Académie": "(I)",
        "RSSI": "R",
        "Principal": "A I",
        "Délai": "Département : sans délai ; Académie : sans délai ; Principal : sans délai",
        "Articles": "3.1.5",
        "Pourquoi": "Tout incident de sécurité est signalé au RSSI de l'académie, qui conduit l'alerte ; "
        "votre principal est prévenu sans délai.",
        "Depuis": "2025-09-01",
    }


@pytest.mark.parametrize("text", ["", "abc", "abc national", "abc national demain", "a b 2026-01-01 c"])
def test_what_is_no_mark_of_a_book(text: str) -> None:
    assert Mark.read(text) is None
