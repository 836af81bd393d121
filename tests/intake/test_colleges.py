"""The national directory as it is published and as it is passed around; every row here is invented."""

from collections.abc import Mapping
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from router.intake.colleges import NOT_OPEN, NOT_PUBLIC, OTHER_TYPE, import_colleges
from router.intake.report import ImportReport, RefusedLine
from router.intake.tabular import read_table
from router.model.actor import Invalid
from router.model.uai import college_uai
from router.store.engine import Database
from router.store.tables import College
from tests.intake.files import Rows, csv_bytes, xlsx_bytes

AT = datetime(2026, 11, 2, 8, 0, tzinfo=UTC)
LATER = datetime(2027, 1, 4, 8, 0, tzinfo=UTC)
CONVENTIONS = {"901": "nord", "902": "sud"}
UAI = college_uai(9_019_001)
OTHER = college_uai(9_019_002)

HEADER_2026 = (
    "Identifiant_de_l_etablissement",
    "Nom_etablissement",
    "Type_etablissement",
    "Statut_public_prive",
    "Adresse_1",
    "Code_postal",
    "Nom_commune",
    "Code_departement",
    "Libelle_academie",
    "Telephone",
    "Mail",
    "SIREN_SIRET",
    "Segpa",
    "etat",
)
HEADER_2023 = tuple(name.replace("_", " ") for name in HEADER_2026)


def row(uai: str = UAI, **cells: str) -> tuple[str, ...]:
    """A line of the directory: an invented public collège, with some cells changed."""
    usual = {
        "Identifiant_de_l_etablissement": uai,
        "Nom_etablissement": "Collège des Tilleuls",
        "Type_etablissement": "Collège",
        "Statut_public_prive": "Public",
        "Adresse_1": "1 rue du Port",
        "Code_postal": "90100",
        "Nom_commune": "Ville-Basse",
        "Code_departement": "901",
        "Libelle_academie": "Académie-Exemple",
        "Telephone": "0199000001",
        "Mail": "ce@example.org",
        "SIREN_SIRET": "",
        "Segpa": "0",
        "etat": "OUVERT",
    }
    assert cells.keys() <= usual.keys()
    return tuple({**usual, **cells}[name] for name in HEADER_2026)


def load(
    database: Database,
    rows: Rows,
    *,
    header: tuple[str, ...] = HEADER_2026,
    encoding: str = "utf-8-sig",
    at: datetime = AT,
    conventions: Mapping[str, str] = CONVENTIONS,
) -> ImportReport:
    table = read_table(csv_bytes([header, *rows], encoding=encoding), "annuaire.csv")
    with database.writing() as session:
        return import_colleges(session, table, conventions=conventions, at=at)


def stored(database: Database) -> dict[str, College]:
    with database.reading() as session:
        return {college.uai: college for college in session.scalars(select(College))}


def test_public_colleges_are_kept_and_the_rest_is_counted(database: Database) -> None:
    report = load(
        database,
        [
            row(),
            row(OTHER, etat="A FERMER"),
            row(college_uai(9_019_003), etat="A OUVRIR"),
            row(college_uai(9_019_004), Statut_public_prive="Privé"),
            row("025O01", Type_etablissement="Lycée"),
            row(college_uai(9_019_005), Type_etablissement="Ecole"),
        ],
    )
    assert (report.read, report.kept, report.created) == (6, 2, 2)
    assert report.skipped == {NOT_OPEN: 1, NOT_PUBLIC: 1, OTHER_TYPE: 2}
    assert not report.refused
    assert {uai: college.state for uai, college in stored(database).items()} == {
        UAI: "OUVERT",
        OTHER: "A FERMER",
    }


def test_a_second_import_changes_nothing(database: Database) -> None:
    rows = [row(), row(OTHER, SIREN_SIRET="2,17003E+13")]
    load(database, rows)
    report = load(database, rows, at=LATER)
    assert (report.kept, report.created, report.changed, report.unchanged) == (2, 0, 0, 2)
    assert stored(database)[UAI].imported_at == AT


def test_what_changed_is_changed_alone(database: Database) -> None:
    load(database, [row(), row(OTHER)])
    report = load(database, [row(), row(OTHER, etat="A FERMER")], at=LATER)
    assert (report.changed, report.unchanged) == (1, 1)
    assert stored(database)[OTHER].imported_at == LATER


def test_columns_are_found_under_the_names_of_each_year(database: Database) -> None:
    assert load(database, [row()], header=HEADER_2026).created == 1
    for header in (HEADER_2023, tuple(name.upper() for name in HEADER_2026)):
        for encoding in ("utf-8", "utf-8-sig", "cp1252"):
            assert load(database, [row()], header=header, encoding=encoding, at=LATER).unchanged == 1
    college = stored(database)[UAI]
    assert (college.name, college.town, college.postcode) == ("Collège des Tilleuls", "Ville-Basse", "90100")
    assert (college.academie, college.email) == ("Académie-Exemple", "ce@example.org")
    assert college.directory["address_1"] == "1 rue du Port"


@pytest.mark.parametrize("code", ["35", "035"])
def test_departement_codes_with_or_without_zero_are_the_same(database: Database, code: str) -> None:
    uai = college_uai(359_001)
    report = load(database, [row(uai, Code_departement=code)], conventions={"35": "ouest"})
    assert not report.remarks
    assert (stored(database)[uai].departement, stored(database)[uai].convention_id) == ("35", "ouest")


@pytest.mark.parametrize(
    ("number", "departement", "code"),
    [(6_209_001, "2A", "02A"), (7_209_001, "2B", "2B"), (9_749_001, "974", "974")],
)
def test_corsica_and_overseas_follow_their_own_digits(
    database: Database, number: int, departement: str, code: str
) -> None:
    uai = college_uai(number)
    report = load(database, [row(uai, Code_departement=code)], conventions={departement: "isles"})
    assert not report.remarks
    assert stored(database)[uai].convention_id == "isles"


def test_a_departement_that_contradicts_the_uai_is_said_and_the_uai_wins(database: Database) -> None:
    report = load(database, [row(Code_departement="902")])
    assert stored(database)[UAI].departement == "901"
    assert [(remark.text, remark.lines) for remark in report.remarks] == [
        ("Le code du département contredit l'UAI : l'UAI fait foi.", (2,))
    ]


def test_each_refused_line_has_its_line_and_its_mend(database: Database) -> None:
    wrong = UAI[:7] + ("A" if UAI[7] != "A" else "B")
    report = load(
        database,
        [
            row(),
            row(wrong),
            row("901900O" + UAI[7]),
            row(UAI),
            row(OTHER, Nom_etablissement=""),
            (*row(OTHER), "x"),
        ],
    )
    assert report.kept == 1
    assert [(refused.line, refused.identifier) for refused in report.refused] == [
        (3, wrong),
        (4, "901900O" + UAI[7]),
        (5, UAI),
        (6, OTHER),
        (7, OTHER),
    ]
    reasons = [refused.reason for refused in report.refused]
    assert f"devrait être {UAI[7]}" in reasons[0]
    assert "la lettre O a sans doute remplacé un zéro" in reasons[1]
    assert "déjà à la ligne 2" in reasons[2]
    assert "nom du collège manque" in reasons[3]
    assert "plus de cellules que de titres" in reasons[4]
    assert list(stored(database)) == [UAI]


def test_what_a_spreadsheet_did_is_mended_or_said(database: Database) -> None:
    mangled = row(
        Nom_etablissement="COLLEGE JEAN DE L'ETANG",
        Nom_commune="VILLE BASSE SUR MER",
        Code_postal="1900",
        Telephone="199000001",
        SIREN_SIRET="2,17003E+13",
        Mail="CE@Example.org",
    )
    report = load(database, [mangled])
    college = stored(database)[UAI]
    assert (college.name, college.town) == ("Collège Jean de l'Etang", "Ville Basse sur Mer")
    assert (college.postcode, college.phone, college.email) == ("01900", "01 99 00 00 01", "ce@example.org")
    assert "siret" not in college.directory
    assert "tableur" in report.remarks[0].text


def test_what_a_copy_lost_erases_nothing(database: Database) -> None:
    siret = "73282932000074"
    load(database, [row(SIREN_SIRET=siret)])
    lost = row(SIREN_SIRET="7,3283E+13", Telephone="1,99E+08", Mail="pas une adresse")
    assert load(database, [lost], at=LATER).unchanged == 1
    without_mail = [name for name in HEADER_2026 if name not in {"Mail", "Telephone"}]
    kept = [
        cell for name, cell in zip(HEADER_2026, row(SIREN_SIRET=siret), strict=True) if name in without_mail
    ]
    assert load(database, [kept], header=tuple(without_mail), at=LATER).unchanged == 1
    college = stored(database)[UAI]
    assert (college.email, college.phone, college.directory["siret"]) == (
        "ce@example.org",
        "01 99 00 00 01",
        siret,
    )


def test_a_wrong_siret_is_left_out(database: Database) -> None:
    load(database, [row(SIREN_SIRET="21700300000000")])
    assert "siret" not in stored(database)[UAI].directory


def test_a_workbook_copy_reads_the_same(database: Database) -> None:
    numbers = [float(cell) if cell.isdecimal() else cell for cell in row()]
    table = read_table(xlsx_bytes([HEADER_2026, numbers]), "annuaire.xlsx")
    with database.writing() as session:
        import_colleges(session, table, conventions=CONVENTIONS, at=AT)
    assert load(database, [row()]).unchanged == 1


def test_a_file_without_state_says_what_it_supposes(database: Database) -> None:
    header = HEADER_2026[:-1]
    report = load(database, [row()[:-1]], header=header)
    assert report.created == 1
    assert "tenus pour ouverts" in report.remarks[0].text


def test_the_convention_follows_the_digits_unless_the_file_says_otherwise(database: Database) -> None:
    header = (*HEADER_2026, "Convention")
    report = load(database, [(*row(), ""), (*row(OTHER), "sud")], header=header)
    assert report.created == 2
    assert {uai: college.convention_id for uai, college in stored(database).items()} == {
        UAI: "nord",
        OTHER: "sud",
    }


def test_a_convention_chosen_once_outlives_the_next_directory(database: Database) -> None:
    load(database, [(*row(), "sud")], header=(*HEADER_2026, "Convention"))
    assert load(database, [row()], at=LATER).unchanged == 1
    assert stored(database)[UAI].convention_id == "sud"


def test_an_unknown_convention_is_refused_with_its_name(database: Database) -> None:
    report = load(database, [(*row(), "est")], header=(*HEADER_2026, "Convention"))
    assert report.refused == (
        RefusedLine(2, UAI, "La convention « est » n'est pas dans le recueil de règles en vigueur."),
    )


def test_a_departement_without_convention_is_kept_and_said(database: Database) -> None:
    uai = college_uai(9_039_001)
    report = load(database, [row(uai, Code_departement="903")])
    assert stored(database)[uai].convention_id is None
    assert "Aucune convention pour le département 903" in report.remarks[0].text


def test_a_college_gone_from_the_file_is_kept_and_named(database: Database) -> None:
    elsewhere = college_uai(9_029_001)
    load(database, [row(), row(OTHER), row(elsewhere, Code_departement="902")])
    report = load(database, [row()], at=LATER)
    assert report.missing == (f"{OTHER} Collège des Tilleuls, Ville-Basse",)
    assert set(stored(database)) == {UAI, OTHER, elsewhere}


def test_a_table_that_is_no_directory_is_refused_whole(database: Database) -> None:
    with pytest.raises(Invalid, match="il manque la colonne du type"):
        load(database, [("a", "b", "c", "d")], header=("UAI", "Nom", "Statut", "Commune"))
    assert stored(database) == {}


def test_the_report_reads_in_french_and_as_data(database: Database) -> None:
    load(database, [row(), row(OTHER)])
    report = load(database, [row(), row("9019003Z"), row("9019004Z"), row("1", Type_etablissement="Lycée")])
    expected = "0" if not report.refused else college_uai(9_019_003)[7]
    assert report.text().splitlines()[:3] == [
        "Collèges : 4 lignes lues, 1 retenue, 2 refusées.",
        "  créés : 0 ; modifiés : 0 ; inchangés : 1",
        "  laissées de côté, autre type d'établissement : 1",
    ]
    assert f"  ligne 3 (9019003Z) : La lettre de contrôle de 9019003Z devrait être {expected}" in report.text()
    assert f"Absents du fichier, gardés tels quels : 1\n  {OTHER}" in report.text()
    data = report.as_json()
    assert (data["kind"], data["read"], data["skipped"]) == ("colleges", 4, {OTHER_TYPE: 1})
    assert data["refused"][0]["line"] == 3


def test_counts_add_up(database: Database) -> None:
    report = load(database, [row(), row("x"), row(OTHER, etat="FERME"), row(OTHER)])
    assert report.read == report.kept + len(report.refused) + sum(report.skipped.values())
    assert report.kept == report.created + report.changed + report.unchanged
