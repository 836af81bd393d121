"""Both formats hold the same texts, whatever is in them, and are the same bytes each time."""

from datetime import date
from io import BytesIO
from xml.etree import ElementTree
from zipfile import ZIP_STORED, ZipFile

import pytest
from python_calamine import CalamineWorkbook, SheetVisibleEnum

from router.sheets.ods import MEDIA_TYPE, ods
from router.sheets.workbook import Cell, Column, Sheet, Workbook, address, cells, guarded, unguarded
from router.sheets.xlsx import xlsx

WRITERS = [xlsx, ods]
TEXTS = (
    "=1+1",
    "+33 1",
    "-x",
    "@SUM(A1)",
    "'=déjà gardé",
    "'",
    "l'été",
    "deux  espaces",
    " au bord ",
    "une ligne\nune autre",
    "<b>&amp; \"guillemets\" 'simples' </text:p>",
    "« é » ; – … 🎒",
    "3.1.5",
    "2025-09-01",
    "0012",
    "vrai",
    "x" * 5_000,
)


def book(texts: tuple[str, ...] = TEXTS) -> Workbook:
    sheet = Sheet(
        "Feuille d'essai & <co>", (Column(30), Column(9, hidden=True)), [cells(t, "fin") for t in texts]
    )
    return Workbook("Essai & <co>", date(2026, 11, 24), (sheet,))


def read_back(content: bytes) -> list[list[str]]:
    sheet = CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0)
    return [[str(value) for value in row] for row in sheet.to_python(skip_empty_area=False)]


@pytest.mark.parametrize("write", WRITERS)
def test_every_text_comes_back_as_it_was(write: type) -> None:
    assert [unguarded(first) for first, _ in read_back(write(book()))] == list(TEXTS)


@pytest.mark.parametrize("write", WRITERS)
def test_no_cell_begins_like_a_formula(write: type) -> None:
    written = [first for first, _ in read_back(write(book()))]
    assert [text for text in written if text.startswith(("=", "+", "-", "@"))] == []


@pytest.mark.parametrize("write", WRITERS)
def test_the_same_content_is_the_same_bytes(write: type) -> None:
    assert write(book()) == write(book())


@pytest.mark.parametrize("write", WRITERS)
def test_what_a_cell_cannot_hold_is_replaced(write: type) -> None:
    ((first, _),) = read_back(write(book(("a\x00b\x0bc\td\re\ud800f",))))
    assert first == "a\ufffdb\ufffdc d\ne\ufffdf"


@pytest.mark.parametrize("write", WRITERS)
def test_a_link_keeps_its_words(write: type) -> None:
    linked = Sheet("Liens", (Column(9),), ((Cell("règle", "https://example.org/?a=1&b='2'"),),), (0, 0))
    assert read_back(write(Workbook("Liens", date(2026, 1, 1), (linked,)))) == [["règle"]]


@pytest.mark.parametrize("write", WRITERS)
def test_several_sheets_keep_their_order_and_stay_visible(write: type) -> None:
    sheets = tuple(Sheet(name, (Column(5),), (cells("x"),)) for name in ("Un", "Deux", "Trois"))
    opened = CalamineWorkbook.from_filelike(BytesIO(write(Workbook("x", date(2026, 1, 1), sheets))))
    assert [each.name for each in opened.sheets_metadata] == ["Un", "Deux", "Trois"]
    assert all(each.visible == SheetVisibleEnum.Visible for each in opened.sheets_metadata)


def test_an_ods_says_its_kind_first_and_every_part_is_well_formed() -> None:
    with ZipFile(BytesIO(ods(book()))) as archive:
        first, *others = archive.infolist()
        assert (first.filename, first.compress_type) == ("mimetype", ZIP_STORED)
        assert archive.read("mimetype").decode() == MEDIA_TYPE
        for part in others:
            ElementTree.fromstring(archive.read(part))


def test_the_header_stays_in_sight_in_both() -> None:
    with ZipFile(BytesIO(xlsx(book()))) as archive:
        assert b'<pane ySplit="1" topLeftCell="A2"' in archive.read("xl/worksheets/sheet1.xml")
    with ZipFile(BytesIO(ods(book()))) as archive:
        assert b'"VerticalSplitPosition" config:type="int">1<' in archive.read("settings.xml")


@pytest.mark.parametrize(
    ("line", "index", "expected"),
    [(1, 0, "A1"), (14, 2, "C14"), (3, 25, "Z3"), (3, 26, "AA3"), (9, 701, "ZZ9")],
)
def test_a_cell_is_named_as_people_read_it(line: int, index: int, expected: str) -> None:
    assert address(line, index) == expected


@pytest.mark.parametrize("text", TEXTS)
def test_a_guard_is_taken_away_once(text: str) -> None:
    assert unguarded(guarded(text)) == text
    assert unguarded(guarded(guarded(text))) == guarded(text)
