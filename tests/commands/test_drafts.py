"""Rules after the first installation: the command line makes drafts, and forces nothing without saying why."""

import shutil
import sqlite3
from pathlib import Path

import pytest

from router.settings import SHIPPED_RULES
from tests.commands.program import jsonl, run

DRAFT = ("rules", "draft", "--convention", "demo-nord", "--from-folder", "regles", "--title", "Avenant n° 1")
NORTH = Path("regles") / "conventions" / "demo-nord.toml"
EMPTY_LINE = jsonl({"id": 1, "facts": {}})


@pytest.fixture
def changed(installation: Path) -> Path:
    """An installation with a folder of rules whose national files have changed."""
    shutil.copytree(SHIPPED_RULES, installation / "regles")
    path = installation / "regles" / "convention.toml"
    path.write_text(path.read_text(encoding="utf-8") + "\n# Relu.\n", encoding="utf-8")
    return installation


def rows(folder: Path, query: str) -> list[tuple[object, ...]]:
    connection = sqlite3.connect(folder / "data" / "aiguillage.sqlite3")
    try:
        return list(connection.execute(query))
    finally:
        connection.close()


def book(folder: Path) -> str:
    return str(run(folder, "decide", given=EMPTY_LINE).lines[0]["rulebook"])


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ((), "aiguillage rules draft"),
        (("--reason", "relecture"), "aiguillage rules draft"),
        (("--force",), "--reason"),
        (("--force", "--reason", " "), "--reason"),
        (("--force", "--reason", "erreur", "--from", "2026-01-01T00:00:00+01:00"), "passé"),
        (("--force", "--reason", "erreur", "--from", "2199-12-31T23:59:59-12:00"), "31/12/2199"),
    ],
)
def test_publishing_over_rules_in_force_is_refused(changed: Path, options: tuple[str, ...], words: str) -> None:
    before = book(changed)
    done = run(changed, "rules", "publish", "regles", *options)
    assert done.code == 1 and words in done.err and "Traceback" not in done.err
    assert book(changed) == before


def test_a_forced_publication_keeps_its_reason_for_good(changed: Path) -> None:
    assert run(changed, "rules", "publish", "regles", "--force", "--reason", "faute grave").code == 0
    last = rows(
        changed, "SELECT published_by, reason, convention_id FROM published_book ORDER BY id DESC LIMIT 1"
    )
    assert last == [("command", "faute grave", None)]


def test_a_draft_prints_its_number_and_changes_nothing(changed: Path) -> None:
    before = book(changed)
    grounds = ("--kind", "avenant", "--reference", "Avenant n° 1", "--signed-on", "2026-11-20")
    done = run(changed, *DRAFT, *grounds, "--article", "3.1.3", "--article", "7.1", "--in-force", "2099-01-01")
    assert (done.code, done.out) == (0, "1\n"), done
    assert "prouvé" in done.err
    assert book(changed) == before
    found = rows(
        changed, "SELECT convention_id, kind, signed_on, in_force_from, articles, status FROM rule_draft"
    )
    assert found == [("demo-nord", "avenant", "2026-11-20", "2099-01-01", '["3.1.3", "7.1"]', "draft")]


def test_a_faulty_draft_is_kept_and_its_faults_are_told(changed: Path) -> None:
    path = changed / NORTH
    path.write_text(
        path.read_text(encoding="utf-8").replace("asset_owner ==", "asset_ownr =="), encoding="utf-8"
    )
    done = run(changed, *DRAFT)
    assert (done.code, done.out) == (0, "1\n")
    assert "conventions/demo-nord.toml:" in done.err and "pas prouvé" in done.err


@pytest.mark.parametrize(
    ("options", "code", "words"),
    [
        (("--signed-on", "hier"), 2, "2027-01-31"),
        (("--kind", "loi"), 2, "convention, avenant"),
        (("--convention", "lune"), 1, "conventions/lune.toml"),
        (("--title", " "), 1, "Donnez un titre"),
    ],
)
def test_a_draft_that_cannot_be_taken(changed: Path, options: tuple[str, ...], code: int, words: str) -> None:
    done = run(changed, *DRAFT, *options)
    assert done.code == code and words in done.err and "Traceback" not in done.err
    assert rows(changed, "SELECT count(*) FROM rule_draft") == [(0,)]


def test_an_update_is_offered_once_to_each_convention(changed: Path) -> None:
    assert "Rien à proposer" in run(changed, "rules", "update").out
    (changed / "config.toml").write_text('rules_folder = "regles"\n', encoding="utf-8")
    before = book(changed)
    done = run(changed, "db", "upgrade")
    assert done.code == 0 and "2 projets faits (n° 1, 2)" in done.out, done
    assert "Rien à proposer" in run(changed, "rules", "update").out
    assert rows(changed, "SELECT convention_id, author FROM rule_draft") == [
        ("demo-nord", "product"),
        ("demo-sud", "product"),
    ]
    assert book(changed) == before


def test_an_update_from_a_folder_that_cannot_be_read_leaves_the_tables_up_to_date(changed: Path) -> None:
    (changed / NORTH).write_bytes("é".encode("cp1252"))
    (changed / "config.toml").write_text('rules_folder = "regles"\n', encoding="utf-8")
    done = run(changed, "db", "upgrade")
    assert done.code == 0 and "n'ont pas été comparées" in done.out and "UTF-8" in done.out
