"""Inventories as Départements export them; every thing and place here is invented."""

from datetime import date, datetime

import pytest
from sqlalchemy import select

from router.intake.inventory import import_inventory, owner_of
from router.intake.mapping import InventoryMapping, load_mapping
from router.intake.report import ImportReport
from router.intake.tabular import read_table
from router.model.actor import Invalid
from router.model.uai import college_uai
from router.store.engine import Database
from router.store.tables import Asset
from tests.intake.files import Rows, csv_bytes, ods_bytes, xlsx_bytes
from tests.intake.territory import AT, LATER, NORTH, SOUTH, settle

HEADER = (
    "Code établissement",
    "N° inventaire",
    "Désignation",
    "Propriétaire",
    "Salle",
    "N° série",
    "Fin de garantie",
)
FAMILIES = frozenset({"workstation", "printer", "projector", "unknown"})


def family_of(words: str) -> str | None:
    folded = words.lower()
    return next(
        (family for word, family in {"poste": "workstation", "vpi": "projector"}.items() if word in folded),
        None,
    )


def row(tag: str = "PC-1", *, uai: str = NORTH, label: str = "Poste élève", owner: str = "Département") -> Rows:
    return [(uai, tag, label, owner, "B12", "SN1", "30/06/2027")]


def load(
    database: Database, content: bytes, *, mapping: InventoryMapping | None = None, at: datetime = AT
) -> ImportReport:
    table = read_table(content, "inventaire")
    with database.writing() as session:
        return import_inventory(session, table, family_of=family_of, at=at, mapping=mapping)


def stored(database: Database) -> dict[str, Asset]:
    with database.reading() as session:
        return {asset.tag: asset for asset in session.scalars(select(Asset))}


@pytest.fixture
def territory(database: Database) -> Database:
    settle(database)
    return database


ROWS: Rows = [HEADER, *row()]


@pytest.mark.parametrize(
    "content",
    [csv_bytes(ROWS), csv_bytes(ROWS, encoding="cp1252", delimiter="\t"), xlsx_bytes(ROWS), ods_bytes(ROWS)],
    ids=["utf-8", "cp1252", "xlsx", "ods"],
)
def test_each_kind_of_file_gives_the_same_asset(territory: Database, content: bytes) -> None:
    assert load(territory, content).created == 1
    asset = stored(territory)["PC-1"]
    assert (asset.uai, asset.label, asset.owner, asset.room) == (NORTH, "Poste élève", "departement", "B12")
    assert (asset.serial, asset.warranty_until, asset.product_family) == (
        "SN1",
        date(2027, 6, 30),
        "workstation",
    )
    assert asset.zone == "unknown"


def test_numbers_and_dates_of_workbooks_are_read_as_typed(territory: Database) -> None:
    rows = [HEADER, (NORTH, 5732.0, "Poste", "CD 901", 12.0, 998877.0, date(2027, 6, 30))]
    for make in (xlsx_bytes, ods_bytes):
        load(territory, make(rows))
    asset = stored(territory)["5732"]
    assert (asset.room, asset.serial, asset.warranty_until) == ("12", "998877", date(2027, 6, 30))


def test_a_second_import_changes_nothing_and_a_moved_thing_is_changed(territory: Database) -> None:
    content = csv_bytes([HEADER, *row(), *row("PC-2")])
    load(territory, content)
    report = load(territory, content, at=LATER)
    assert (report.created, report.changed, report.unchanged) == (0, 0, 2)
    moved = [HEADER, *row(), (NORTH, "PC-2", "Poste élève", "Département", "CDI", "SN1", "30/06/2027")]
    assert load(territory, csv_bytes(moved), at=LATER).changed == 1
    assets = stored(territory)
    assert (assets["PC-2"].room, assets["PC-2"].imported_at, assets["PC-1"].imported_at) == ("CDI", LATER, AT)


def test_the_same_tag_in_two_colleges_is_two_things(territory: Database) -> None:
    assert load(territory, csv_bytes([HEADER, *row(), *row(uai=SOUTH)])).created == 2


def test_what_vanished_is_kept_and_named_for_the_colleges_of_the_file(territory: Database) -> None:
    load(territory, csv_bytes([HEADER, *row(), *row("PC-2"), *row("PC-3"), *row(uai=SOUTH)]))
    report = load(territory, csv_bytes([HEADER, *row(), *row("PC-3", owner="Mairie")]), at=LATER)
    assert report.missing == (f"{NORTH} PC-2 Poste élève",)
    assert set(stored(territory)) == {"PC-1", "PC-2", "PC-3"}
    assert "Absents du fichier, gardés tels quels : 1" in report.text()


@pytest.mark.parametrize(
    ("word", "owner"),
    [
        ("Département", "departement"),
        ("DEPARTEMENT", "departement"),
        ("Conseil départemental", "departement"),
        ("Conseil Départemental de l'Exemple", "departement"),
        ("CD 901", "departement"),
        ("Collège avec accord", "approved"),
        ("Fonds propres (avec accord du Département)", "approved"),
        ("Collège sans accord", "etablissement"),
        ("fonds propres", "etablissement"),
        ("Don", "etablissement"),
        ("État", "etat"),
        ("TNE", "etat"),
        ("Rectorat", "etat"),
        ("Rectorat de l'académie", "etat"),
        ("Education nationale", "etat"),
        ("Personnel", "personal"),
        ("approved", "approved"),
        ("Mairie", None),
        ("Collège", None),
        ("Établissement", None),
    ],
)
def test_owner_words_of_the_trade(word: str, owner: str | None) -> None:
    assert owner_of(word) == owner


def test_an_owner_nobody_knows_is_refused_and_said_once_for_its_lines(territory: Database) -> None:
    rows = [
        HEADER,
        *row(),
        *row("PC-2", owner="Mairie"),
        *row("PC-3", owner="Mairie"),
        *row("PC-4", owner="Collège"),
    ]
    report = load(territory, csv_bytes(rows))
    assert [(refused.line, refused.identifier) for refused in report.refused] == [
        (3, "PC-2"),
        (4, "PC-3"),
        (5, "PC-4"),
    ]
    assert (
        "lignes 3 et 4 : Propriétaire « Mairie » inconnu : ajoutez ce mot à la table [owner]" in report.text()
    )
    assert "avec ou sans l'accord du Département" in report.refused[2].reason
    assert set(stored(territory)) == {"PC-1"}


def test_an_inventory_without_owner_leaves_it_unknown_and_says_so(territory: Database) -> None:
    report = load(territory, csv_bytes([HEADER[:3], (NORTH, "PC-1", "Poste")]))
    assert stored(territory)["PC-1"].owner == "unknown"
    assert "Aucune colonne ne dit le propriétaire" in report.text()


def test_what_a_later_file_does_not_say_erases_nothing(territory: Database) -> None:
    load(territory, csv_bytes(ROWS))
    report = load(territory, csv_bytes([HEADER[:3], (NORTH, "PC-1", "Poste élève")]), at=LATER)
    assert report.unchanged == 1
    assert (stored(territory)["PC-1"].owner, stored(territory)["PC-1"].room) == ("departement", "B12")


REFUSED = [
    (("", "PC-1", "Poste"), "Le code UAI manque"),
    ((NORTH[:7] + ("A" if NORTH[7] != "A" else "B"), "PC-1", "Poste"), f"devrait être {NORTH[7]}"),
    ((college_uai(9_019_099), "PC-1", "Poste"), "importez d'abord l'annuaire"),
    ((NORTH, "", "Poste"), "L'étiquette d'inventaire manque"),
    ((NORTH, "PC-1", "Poste", "", "", "", "", "x"), "plus de cellules"),
]


def test_each_refused_line_has_its_mend(territory: Database) -> None:
    report = load(territory, csv_bytes([HEADER, *(line for line, _ in REFUSED)]))
    assert report.kept == 0
    assert [refused.line for refused in report.refused] == list(range(2, len(REFUSED) + 2))
    for refused, (_, sentence) in zip(report.refused, REFUSED, strict=True):
        assert sentence in refused.reason


def test_a_repeated_tag_names_the_first_line(territory: Database) -> None:
    report = load(territory, csv_bytes([HEADER, *row(), *row()]))
    assert report.refused[0].reason.startswith("Cette étiquette est déjà à la ligne 2")


def test_an_unreadable_warranty_stops_nothing(territory: Database) -> None:
    report = load(territory, csv_bytes([HEADER, (NORTH, "PC-1", "Poste", "TNE", "", "", "31/02/2027")]))
    assert stored(territory)["PC-1"].warranty_until is None
    assert any("Fin de garantie illisible" in remark.text and remark.lines == (2,) for remark in report.remarks)


def test_a_family_nobody_recognises_stays_unknown_and_is_said(territory: Database) -> None:
    report = load(territory, csv_bytes([HEADER, *row(label="Zorglub 3000")]))
    assert stored(territory)["PC-1"].product_family == "unknown"
    assert any("Famille de produit non reconnue" in remark.text for remark in report.remarks)


def test_columns_nobody_knows_are_named(territory: Database) -> None:
    report = load(territory, csv_bytes([(*HEADER, "Couleur"), (*row()[0], "gris")]))
    assert any(remark.text == "Colonnes ignorées : Couleur." for remark in report.remarks)


MAPPING = """
[columns]
uai = "Site"
tag = "Réf."
label = "Quoi"
owner = "Acheteur"
zone = "Secteur"

[owner]
"Mairie-Exemple" = "etablissement"

[zone]
"Classes" = "pedagogique"

[family]
"MFP" = "printer"

[colleges]
"Collège des Tilleuls (Ville-Basse)" = "UAI-NORD"
""".replace("UAI-NORD", NORTH)


def test_a_mapping_says_what_columns_and_words_mean(territory: Database) -> None:
    mapping = load_mapping(MAPPING.encode(), "correspondance.toml", FAMILIES)
    rows = [
        ("Site", "Réf.", "Quoi", "Acheteur", "Secteur", "Type", "N° inventaire"),
        ("COLLEGE DES TILLEULS (VILLE BASSE)", "A1", "Bloc", "mairie exemple", "classes", "mfp", "ancien"),
        (f"{SOUTH} - Collège", "A2", "VPI", "Département", "Direction", "", "ancien"),
    ]
    report = load(territory, csv_bytes(rows), mapping=mapping)
    assert (report.created, report.refused) == (2, ())
    first, second = stored(territory)["A1"], stored(territory)["A2"]
    assert (first.uai, first.owner, first.zone) == (NORTH, "etablissement", "pedagogique")
    assert first.product_family == "printer"
    assert (second.uai, second.zone, second.product_family) == (SOUTH, "administration", "projector")


def test_defaults_stand_for_columns_the_file_has_not(territory: Database) -> None:
    content = f'[defaults]\nuai = "{NORTH.lower()}"\nowner = "departement"\nzone = "administration"\n'
    mapping = load_mapping(content.encode(), "m.toml", FAMILIES)
    report = load(territory, csv_bytes([("Étiquette", "Libellé"), ("PC-9", "Poste")]), mapping=mapping)
    asset = stored(territory)["PC-9"]
    assert (asset.uai, asset.owner, asset.zone) == (NORTH, "departement", "administration")
    assert not report.remarks


def test_a_column_the_mapping_names_must_be_there(territory: Database) -> None:
    mapping = load_mapping(b'[columns]\nroom = "Bureau"\n', "m.toml", FAMILIES)
    with pytest.raises(Invalid, match=r"il manque la colonne de la salle \(par exemple « Bureau »\)"):
        load(territory, csv_bytes(ROWS), mapping=mapping)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"[columns]\nuai = Site\n", "TOML"),
        (b"x = " + b"[" * 5_000, "TOML"),
        (b'[columns]\nsalle = "Salle"\n', "« salle » est inconnu"),
        (b'[column]\nuai = "Site"\n', "Vouliez-vous dire « columns »"),
        (b'[owner]\n"Mairie" = "departemant"\n', "Vouliez-vous dire « departement »"),
        (b'[family]\n"MFP" = "imprimante"\n', "Mots admis : printer"),
        (b'[zone]\n"Classe" = 3\n', "attend un texte"),
        (b'owner = "departement"\n', "doit être une table"),
        (b'[colleges]\n"Tilleuls" = "0352958B"\n', "devrait être A"),
        (b'[defaults]\nowner = "CD"\n', "« CD » est inconnu"),
        (b'[defaults]\nuai = "x"\n', "n'est pas un UAI"),
        ('[owner]\n"État" = "etat"\n'.encode("cp1252"), "UTF-8"),
    ],
)
def test_a_faulty_mapping_is_refused_with_its_place_and_its_mend(content: bytes, sentence: str) -> None:
    with pytest.raises(Invalid) as refusal:
        load_mapping(content, "correspondance.toml", FAMILIES)
    assert sentence in refusal.value.message
    assert "correspondance.toml" in refusal.value.message
    assert refusal.value.field == "mapping"
