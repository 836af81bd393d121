"""Files of every dialect give the same rows; anything else is refused in French, never with a stack trace."""

import csv
from datetime import date
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis.strategies import binary, sampled_from

from router.intake import tabular
from router.intake.columns import Column, select
from router.intake.tabular import read_file, read_table
from router.model.actor import Invalid, NotFound, Refused, TooLarge
from tests.intake.files import csv_bytes, ods_bytes, xlsx_bytes

COLUMNS = (
    Column("tag", "de l'étiquette", ("N° inventaire", "Étiquette"), required=True),
    Column("label", "de la désignation", ("Désignation",), required=True),
    Column("room", "de la salle", ("Salle",)),
)
ROWS = (
    ("N° inventaire", "Désignation", "Salle"),
    ("PC-1", "Poste élève « œuvre »", "B12"),
    ("7", "Écran", "CDI"),
)


def _read(content: bytes) -> list[tuple[int, str, str, str]]:
    rows = select(read_table(content, "inventaire"), COLUMNS)
    return [(row.line, row.text("tag"), row.text("label"), row.text("room")) for row in rows]


EXPECTED = [(2, "PC-1", "Poste élève « œuvre »", "B12"), (3, "7", "Écran", "CDI")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_csv_dialects_give_the_same_rows(encoding: str, delimiter: str, newline: str) -> None:
    assert _read(csv_bytes(ROWS, encoding=encoding, delimiter=delimiter, newline=newline)) == EXPECTED


@pytest.mark.parametrize("make", [xlsx_bytes, ods_bytes])
def test_workbooks_give_the_same_rows(make: object) -> None:
    rows = [*ROWS[:2], (7.0, "Écran", "CDI")]
    assert callable(make)
    assert _read(make(rows)) == EXPECTED


@pytest.mark.parametrize("make", [xlsx_bytes, ods_bytes])
def test_cells_of_workbooks_become_the_text_a_person_would_type(make: object) -> None:
    assert callable(make)
    table = read_table(make([("a", 12.0, 12.5, date(2027, 6, 30), 21_700_000_000_000.0)]), "classeur")
    assert next(iter(table.sheets[0].records)).cells == ("a", "12", "12.5", "2027-06-30", "21700000000000")


@pytest.mark.parametrize(
    "headers",
    [
        ("n° inventaire", "DESIGNATION", "salle"),
        ("N_INVENTAIRE", "Désignation ", "SALLE"),
        ("  étiquette", "designation", "Salle"),
    ],
)
def test_headers_are_compared_without_accents_capitals_or_underscores(headers: tuple[str, str, str]) -> None:
    assert _read(csv_bytes([headers, *ROWS[1:]])) == EXPECTED


def test_the_header_may_come_after_a_title_and_lines_keep_their_numbers() -> None:
    rows = [("Inventaire au 1er septembre",), (), *ROWS]
    assert _read(csv_bytes(rows)) == [(line + 2, *rest) for line, *rest in EXPECTED]
    assert _read(xlsx_bytes(rows)) == [(line + 2, *rest) for line, *rest in EXPECTED]


def test_a_sheet_of_explanations_or_a_hidden_one_is_not_the_table() -> None:
    assert _read(xlsx_bytes(ROWS, before=["Lisez-moi"], hidden=["Ancien"])) == EXPECTED


def test_the_separator_line_excel_writes_is_understood() -> None:
    assert _read(b"sep=|\r\n" + csv_bytes(ROWS, delimiter="|")) == [
        (line + 1, *rest) for line, *rest in EXPECTED
    ]


def test_a_cell_over_several_lines_keeps_the_line_where_it_begins() -> None:
    content = 'N° inventaire;Désignation\n1;"Poste\nélève"\n2;Écran\n'.encode()
    assert _read(content) == [(2, "1", "Poste élève", ""), (4, "2", "Écran", "")]


def test_digits_parted_by_no_break_spaces_are_joined() -> None:
    assert _read("Étiquette;Désignation\n5\u00a0732\u202f943;Écran\n".encode())[0][1] == "5732943"


def test_commas_inside_cells_do_not_fool_the_delimiter() -> None:
    rows = [
        ("Étiquette", "Désignation", "Salle"),
        *(("1", "Écran, clavier, souris, câble", "B1") for _ in range(9)),
    ]
    assert {row[1:] for row in _read(csv_bytes(rows))} == {("1", "Écran, clavier, souris, câble", "B1")}


def test_accents_broken_by_a_wrong_save_are_mended_and_said() -> None:
    table = read_table("Désignation;Étiquette\nPoste élève;1\n".encode().decode("cp1252").encode(), "f.csv")
    assert "réparés" in table.remarks[0]
    assert next(iter(table.sheets[0].records)).cells == ("Désignation", "Étiquette")


def test_cp1252_is_said() -> None:
    assert "cp1252" in read_table(csv_bytes(ROWS, encoding="cp1252"), "f.csv").remarks[0]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "est vide"),
        (b" \r\n\t", "est vide"),
        (b"\xef\xbb\xbf\r\n", "est vide"),
        (b";;;\n;;\n", "est vide"),
        (bytes(range(128)) * 20, "binaires"),
        (b"\x81\x8d\x8f\x90\x9d" * 9, "lisible"),
        (b"%PDF-1.7 ...", "un PDF"),
        (b"<!DOCTYPE html><html><table>", "une page web"),
        (b"\x89PNG\r\n", "une image"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "ancien classeur .xls"),
        (b"PK\x03\x04 not a zip", "XLSX ou ODS lisible"),
        (b"\xff\xfea", "lisible"),
        (b'"N; jamais referm\xc3\xa9' + b"x" * 140_000, "guillemet ouvert"),
    ],
)
def test_what_is_no_table_is_refused_in_french(content: bytes, sentence: str) -> None:
    with pytest.raises(Invalid) as refusal:
        read_table(content, "fichier")
    assert sentence in refusal.value.message


def test_a_zip_that_is_no_workbook_is_refused() -> None:
    kept = BytesIO()
    with ZipFile(kept, "w") as archive:
        archive.writestr("lettre.txt", "bonjour")
    with pytest.raises(Invalid, match="XLSX ou ODS lisible"):
        read_table(kept.getvalue(), "lettre.zip")


def test_an_empty_workbook_is_refused() -> None:
    with pytest.raises(Invalid, match="vide"):
        read_table(xlsx_bytes([]), "vide.xlsx")


def test_a_bomb_is_refused_before_it_is_opened() -> None:
    kept = BytesIO()
    with ZipFile(kept, "w", ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", bytes(tabular.MAX_UNZIPPED + 1))
    assert len(kept.getvalue()) < 1_000_000
    with pytest.raises(TooLarge, match="trop grand une fois ouvert"):
        read_table(kept.getvalue(), "bombe.xlsx")


def test_a_sheet_that_would_need_the_whole_memory_is_refused() -> None:
    kept = BytesIO()
    with xlsxwriter.Workbook(kept) as workbook:
        sheet = workbook.add_worksheet()
        sheet.write(0, 0, "Étiquette")
        sheet.write(1_048_575, 16_383, "coin")
    with pytest.raises(TooLarge, match="mémoire"):
        read_table(kept.getvalue(), "immense.xlsx")


def test_a_file_over_the_limit_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(tabular, "MAX_BYTES", 10)
    path = tmp_path / "gros.csv"
    path.write_bytes(b"x" * 11)
    for read in (lambda: read_file(path), lambda: read_table(b"x" * 11, "gros.csv")):
        with pytest.raises(TooLarge, match="découpez-le"):
            read()


def test_a_file_that_is_not_there_or_is_a_folder_is_said(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="n'existe pas"):
        read_file(tmp_path / "rien.csv")
    with pytest.raises(Invalid, match="est un dossier"):
        read_file(tmp_path)


def test_no_header_says_which_names_are_awaited() -> None:
    with pytest.raises(Invalid) as refusal:
        _read(b"PC-1;Poste;B12\nPC-2;Poste;B13\n")
    assert "aucune ligne de titres" in refusal.value.message
    assert "« N° inventaire »" in refusal.value.message


def test_a_missing_column_is_named_with_the_columns_read() -> None:
    with pytest.raises(Invalid) as refusal:
        _read("Étiquette;Libelle;Salle\n1;Écran;B1\n".encode())
    assert "il manque la colonne de la désignation (par exemple « Désignation »)" in refusal.value.message
    assert "Colonnes lues : « Étiquette », « Libelle », « Salle »" in refusal.value.message


def test_columns_nobody_knows_are_kept_for_the_report() -> None:
    selection = select(read_table("Étiquette;Couleur;Désignation\n1;bleu;Écran".encode(), "f"), COLUMNS)
    assert selection.unused == ("Couleur",)


def test_a_row_longer_than_the_header_is_told_from_a_trailing_separator() -> None:
    content = "Étiquette;Désignation\n1;Écran;\n2;Écran;de trop\n".encode()
    assert [row.excess for row in select(read_table(content, "f"), COLUMNS)] == [False, True]


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(binary(max_size=400), sampled_from([b"", b"\xff\xfe", b"\xef\xbb\xbf", b"PK\x03\x04", b"sep=;\n", b'"']))
def test_random_bytes_never_raise_anything_but_refused(noise: bytes, opening: bytes) -> None:
    try:
        list(select(read_table(opening + noise, "bruit"), COLUMNS))
    except Refused as refusal:
        assert refusal.message.strip()


@settings(max_examples=40, deadline=None)
@given(binary(min_size=1, max_size=30), sampled_from(range(200, 4000, 97)))
def test_a_damaged_workbook_never_raises_anything_but_refused(noise: bytes, place: int) -> None:
    whole = xlsx_bytes(ROWS)
    damaged = whole[:place] + noise + whole[place + len(noise) :]
    try:
        list(select(read_table(damaged, "abîmé.xlsx"), COLUMNS))
    except Refused as refusal:
        assert refusal.message.strip()


def test_the_field_limit_of_the_csv_reader_is_the_usual_one() -> None:
    """The sentence about a quote never closed rests on it."""
    assert csv.field_size_limit() == 131_072
