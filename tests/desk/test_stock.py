"""Files imported through the desk, in the light of the published book."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select

from router.desk.house import Desk
from router.desk.policy import NoPolicy, read_sources
from router.desk.publish import publish
from router.desk.stock import conventions_of, family_finder, import_file
from router.intake.inventory_words import OWNER_WORDS, ZONE_WORDS
from router.intake.mapping import OWNERS, ZONES, load_mapping
from router.intake.report import ImportKind
from router.model.actor import Invalid, NotFound
from router.model.uai import college_uai
from router.settings import SHIPPED_RULES, Settings
from router.store.engine import Database
from router.store.tables import Account, Asset, College
from tests.desk.world import shipped_policy

AT = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)
UAI = college_uai(9_019_001)
EXAMPLE = Path(__file__).resolve().parents[2] / "docs" / "exemples" / "inventaire.toml"
DIRECTORY = (
    "Identifiant_de_l_etablissement;Nom_etablissement;Type_etablissement;Statut_public_prive;Nom_commune;etat\n"
    f"{UAI};Collège des Tilleuls;Collège;Public;Ville-Basse;OUVERT\n"
)


@pytest.fixture
def desk(database: Database) -> Desk:
    desk = Desk(database, Settings())
    publish(desk, read_sources(SHIPPED_RULES), in_force_from=AT, reason="essai", by="command", at=AT)
    return desk


def written(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_colleges_then_inventory_then_people(desk: Desk, tmp_path: Path) -> None:
    directory = written(tmp_path, "annuaire.csv", DIRECTORY)
    inventory = written(
        tmp_path,
        "export.csv",
        f"UAI;Étiquette;Désignation;Propriétaire\n{UAI};VP-1;Vidéoprojecteur;Département\n",
    )
    people = written(
        tmp_path, "personnes.csv", f"Nom;Email;Fonction;UAI\nCamille Exemple;camille@example.org;RUPN;{UAI}\n"
    )
    for kind, path in (
        (ImportKind.COLLEGES, directory),
        (ImportKind.INVENTORY, inventory),
        (ImportKind.USERS, people),
    ):
        assert import_file(desk, kind, path, AT).created == 1
        again = import_file(desk, kind, path, AT)
        assert (again.created, again.changed, again.unchanged) == (0, 0, 1)
    with desk.database.reading() as session:
        assert session.scalars(select(College.convention_id)).one() == "demo-nord"
        assert session.scalars(select(Asset.product_family)).one() == "projector"
        assert session.scalars(select(Account.convention_id)).one() == "demo-nord"


def test_the_example_mapping_of_the_documentation_is_read(desk: Desk, tmp_path: Path) -> None:
    import_file(desk, ImportKind.COLLEGES, written(tmp_path, "annuaire.csv", DIRECTORY), AT)
    export = (
        "Site;Référence parc;Article;Type;Acheteur;Usage;Garanti jusqu'à\n"
        "Collège des Tilleuls (Ville-Basse);P-1;Bloc noir;MFP;DSIUN;bat A;31/08/2028\n"
    )
    report = import_file(desk, ImportKind.INVENTORY, written(tmp_path, "e.csv", export), AT, mapping=EXAMPLE)
    assert (report.created, report.refused, report.remarks) == (1, (), ())
    with desk.database.reading() as session:
        asset = session.scalars(select(Asset)).one()
    assert (asset.uai, asset.owner, asset.zone, asset.product_family) == (
        UAI,
        "departement",
        "administration",
        "copier",
    )


@pytest.mark.parametrize("kind", ImportKind)
def test_a_file_that_holds_no_table_writes_nothing(desk: Desk, tmp_path: Path, kind: ImportKind) -> None:
    with pytest.raises(Invalid):
        import_file(desk, kind, written(tmp_path, "note.txt", "bonjour\nau revoir\n"), AT)
    with pytest.raises(NotFound):
        import_file(desk, kind, tmp_path / "absent.csv", AT)
    with desk.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(College)) == 0


def test_a_mapping_is_for_inventories_and_must_be_there(desk: Desk, tmp_path: Path) -> None:
    directory = written(tmp_path, "annuaire.csv", DIRECTORY)
    with pytest.raises(Invalid, match="qu'à l'import d'un inventaire"):
        import_file(desk, ImportKind.COLLEGES, directory, AT, mapping=EXAMPLE)
    with pytest.raises(Invalid, match="ne peut pas être lue"):
        import_file(desk, ImportKind.INVENTORY, directory, AT, mapping=tmp_path / "absent.toml")


def test_before_the_first_book_nothing_is_imported(database: Database, tmp_path: Path) -> None:
    with pytest.raises(NoPolicy):
        import_file(
            Desk(database, Settings()), ImportKind.COLLEGES, written(tmp_path, "annuaire.csv", DIRECTORY), AT
        )


def test_conventions_are_found_by_the_code_of_their_departement() -> None:
    assert dict(conventions_of(shipped_policy().book.conventions.values())) == {
        "901": "demo-nord",
        "902": "demo-sud",
    }


@pytest.mark.parametrize(
    ("words", "family"),
    [
        ("Vidéoprojecteur", "projector"),
        ("VIDEOPROJECTEUR courte focale", "projector"),
        ("Imprimante", "printer"),
        ("Tablette", "tablet"),
        ("Zorglub", None),
        ("", None),
    ],
)
def test_families_are_read_through_the_catalogue(words: str, family: str | None) -> None:
    assert family_finder(shipped_policy())(words) == family


def test_the_words_of_inventories_mean_values_the_rules_know() -> None:
    facts = shipped_policy().book.vocabulary.facts
    assert set(facts["asset_owner"].values) == OWNERS
    assert set(facts["zone"].values) == ZONES
    assert set(OWNER_WORDS.values()) <= OWNERS
    assert set(ZONE_WORDS.values()) <= ZONES
    families = frozenset(map(str, facts["product_family"].values))
    assert load_mapping(EXAMPLE.read_bytes(), EXAMPLE.name, families).families["mfp"] == "copier"
