"""What directories and spreadsheets do to words and numbers, and how it is mended."""

from datetime import date, datetime, time, timedelta

import pytest

from router.intake.readable import (
    day,
    email_address,
    is_mangled,
    is_siret,
    phone_number,
    postcode,
    readable_name,
)
from router.intake.report import ImportKind, ImportReport, RefusedLine
from router.intake.workbook import cell_text


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("COLLEGE JEAN XXIII", "Collège Jean XXIII"),
        ("COLLEGE DE L'ETANG D'EN BAS", "Collège de l'Etang d'en Bas"),
        ("C.E.S. LES PINS", "C.E.S. les Pins"),
        ("LE BOURG-SUR-MER", "Le Bourg-sur-Mer"),
        ("COLLÈGE ÉLÉONORE", "Collège Éléonore"),
        ("Collège des Tilleuls", "Collège des Tilleuls"),
        ("123", "123"),
        ("", ""),
    ],
)
def test_names_in_capitals(written: str, read: str) -> None:
    assert readable_name(written) == read


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("0199000001", "01 99 00 00 01"),
        ("199000001", "01 99 00 00 01"),
        ("+33 1 99 00 00 01", "01 99 00 00 01"),
        ("01.99.00.00.01", "01 99 00 00 01"),
        ("26 12 34", "26 12 34"),
        ("", ""),
    ],
)
def test_phones(written: str, read: str) -> None:
    assert phone_number(written) == read


def test_postcodes_get_their_zero_back() -> None:
    assert [postcode(cell) for cell in ("1000", "01000", "35000", "")] == ["01000", "01000", "35000", ""]


def test_numbers_rounded_by_a_spreadsheet_are_seen() -> None:
    assert [is_mangled(cell) for cell in ("2,17003E+13", "2.17003e+13", "2E13", "21700300000017", "")] == (
        [True, True, True, False, False]
    )
    assert [is_siret(cell) for cell in ("73282932000074", "732829320", "73282932000075", "x", "")] == (
        [True, True, False, False, True]
    )


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("30/06/2027", date(2027, 6, 30)),
        ("30-06-27", date(2027, 6, 30)),
        ("1.9.2027", date(2027, 9, 1)),
        ("2027-06-30", date(2027, 6, 30)),
        ("2027-06-30 10:00:00", date(2027, 6, 30)),
        ("02/2028", date(2028, 2, 29)),
        ("31/02/2027", None),
        ("13/2027", None),
        ("2027-13-01", None),
        ("bientôt", None),
    ],
)
def test_days(written: str, read: date | None) -> None:
    assert day(written) == read


def test_addresses_are_lowered_or_refused() -> None:
    assert email_address("Ce.9019001M@Example.org") == "ce.9019001m@example.org"
    assert [email_address(cell) for cell in ("", "a@b", "camille", "a b@example.org")] == [None] * 4


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (12.0, "12"),
        (12.5, "12.5"),
        (-3.0, "-3"),
        (float("inf"), "inf"),
        (7, "7"),
        (True, "oui"),
        (False, "non"),
        ("mot", "mot"),
        (date(2027, 6, 30), "2027-06-30"),
        (datetime(2027, 6, 30), "2027-06-30"),  # noqa: DTZ001  # a cell has no zone
        (datetime(2027, 6, 30, 8, 15), "2027-06-30 08:15:00"),  # noqa: DTZ001
        (time(8, 15), "08:15:00"),
        (timedelta(hours=1), "1:00:00"),
    ],
)
def test_cells_of_a_workbook(value: object, text: str) -> None:
    assert cell_text(value) == text


def test_a_long_report_stays_short_for_people_and_whole_for_programs() -> None:
    refused = tuple(RefusedLine(line, f"PC-{line}", "Propriétaire inconnu.") for line in range(2, 40))
    missing = tuple(f"PC-{number}" for number in range(12))
    report = ImportReport(ImportKind.INVENTORY, 40, 2, 0, 0, 2, refused=refused, missing=missing)
    assert report.text().splitlines() == [
        "Inventaire : 40 lignes lues, 2 retenues, 38 refusées.",
        "  créés : 0 ; modifiés : 0 ; inchangés : 2",
        "Lignes refusées :",
        "  lignes 2, 3, 4, 5, 6, 7, 8, 9 et 30 autres : Propriétaire inconnu.",
        "Absents du fichier, gardés tels quels : 12",
        *(f"  PC-{number}" for number in range(8)),
        "  et 4 autres",
    ]
    assert len(report.as_json()["refused"]) == 38
    assert len(report.as_json()["missing"]) == 12
    assert ImportReport(ImportKind.USERS, 1, 1, 1, 0, 0).text().startswith("Comptes : 1 ligne lue, 1 retenue")
