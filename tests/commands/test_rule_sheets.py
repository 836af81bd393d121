"""`rules export` and `rules import`, as somebody types them."""

import re
import shutil
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest

from router.settings import SHIPPED_RULES
from tests.commands.program import run


@pytest.mark.parametrize("kind", ["xlsx", "ods"])
def test_the_annexes_of_a_convention_in_a_file(tmp_path: Path, kind: str) -> None:
    done = run(
        tmp_path, "rules", "export", "--format", kind, "--convention", "demo-nord", "--at", "2026-11-24",
        "-o", f"raci.{kind}",
    )  # fmt: skip
    assert (done.code, done.err) == (0, "")
    assert done.out == f"80 lignes écrites dans raci.{kind}.\n"
    assert (tmp_path / f"raci.{kind}").read_bytes().startswith(b"PK")


def test_without_a_name_the_file_says_what_it_is(tmp_path: Path) -> None:
    assert run(tmp_path, "rules", "export", "--at", "2026-11-24").code == 0
    assert [path.name for path in tmp_path.glob("*.xlsx")] == ["raci-national-2026-11-24.xlsx"]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--convention", "demo-nrd"), "vouliez-vous « demo-nord » ?"),
        (("--at", "2020-01-01"), "Aucune règle n'était en vigueur le 01/01/2020"),
        (("--at", "demain"), "donnez une date comme 2026-09-01"),
        (("--format", "doc"), "choisissez parmi xlsx, ods"),
        (("-o", "nulle/part.xlsx"), "ne peut pas être écrit"),
    ],
)
def test_a_mistaken_export_is_a_sentence(tmp_path: Path, arguments: tuple[str, ...], sentence: str) -> None:
    done = run(tmp_path, "rules", "export", *arguments)
    assert done.code == 2 and sentence in done.err and "Traceback" not in done.err


@pytest.fixture(scope="module")
def raci(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The RACI of a convention, as a fresh installation exports it."""
    folder = tmp_path_factory.mktemp("exported")
    done = run(folder, "rules", "export", "--format", "ods", "--convention", "demo-nord", "-o", "raci.ods")
    assert done.code == 0, done
    return (folder / "raci.ods").read_bytes()


@pytest.fixture
def exported(raci: bytes, tmp_path: Path) -> Path:
    (tmp_path / "raci.ods").write_bytes(raci)
    return tmp_path


def edited(path: Path, old: str, new: str) -> None:
    """The file, with one text of its cells changed wherever it stands."""
    kept = BytesIO()
    with ZipFile(path) as archive, ZipFile(kept, "w") as copy:
        for name in archive.namelist():
            content = archive.read(name).decode()
            assert old in content or name != "content.xml"
            copy.writestr(name, content.replace(f"<text:p>{old}</text:p>", f"<text:p>{new}</text:p>"))
    path.write_bytes(kept.getvalue())


def test_read_back_as_it_is(exported: Path) -> None:
    done = run(exported, "rules", "import", "raci.ods")
    assert (done.code, done.out) == (0, "Aucune différence : la feuille dit ce que disent les règles.\n")


def test_an_edit_is_said_proposed_written_apart_and_passes_check_beside_the_rest(exported: Path) -> None:
    edited(exported / "raci.ods", "Copieurs : loués par les collèges", "Copieurs loués")
    done = run(exported, "rules", "import", "raci.ods", "--convention", "demo-nord", "-o", "propose")
    assert (done.code, done.err) == (0, "")
    assert "(Incident) : « Copieurs : loués par les collèges » → « Copieurs loués »" in done.out
    assert "--- conventions/demo-nord.toml (règle locale" in done.out and 'id = "nord-copieurs"' in done.out
    written = (exported / "propose" / "conventions" / "demo-nord.toml").read_text(encoding="utf-8")
    assert 'title = "Copieurs loués"' in written and "nord-serveurs-eole" in written
    again = run(exported, "rules", "import", "raci.ods", "-o", "propose")
    assert again.code == 2 and "existe déjà : donnez un dossier neuf" in again.err
    shutil.copytree(SHIPPED_RULES, exported / "regles")
    shutil.copytree(exported / "propose", exported / "regles", dirs_exist_ok=True)
    checked = run(exported, "rules", "check", "regles")
    assert checked.code == 0, checked.out


def test_nonsense_is_refused_by_cell_address(exported: Path) -> None:
    edited(exported / "raci.ods", "Matériel acheté par l'État", "")
    done = run(exported, "rules", "import", "raci.ods", "-o", "propose")
    assert done.code == 1 and "1 cellule à corriger : rien n'est proposé" in done.err
    assert re.fullmatch(r"B\d+ : « Incident » est vide\.\n", done.out)
    assert not (exported / "propose").exists()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("raci.ods", "--convention", "demo-sud"), "cette feuille est celle de la convention « demo-nord »"),
        (("raci.ods", "--convention", "lune"), "la convention « lune » n'existe pas"),
        (("absent.ods",), "ce chemin n'existe pas"),
        (("notes.txt",), "ne dit pas de quel recueil"),
        (("faux.xlsx",), "n'est pas un classeur XLSX ou ODS lisible"),
    ],
)
def test_a_mistaken_import_is_a_sentence(exported: Path, arguments: tuple[str, ...], sentence: str) -> None:
    (exported / "notes.txt").write_text("RACI\n", encoding="utf-8")
    (exported / "faux.xlsx").write_bytes(b"PK\x03\x04 rien")
    done = run(exported, "rules", "import", *arguments)
    assert done.code in (1, 2) and sentence in done.err and "Traceback" not in done.err
