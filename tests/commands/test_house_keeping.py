"""Rules, imports, journal, health, reports: what an administrator types."""

import json
import shutil
import sqlite3
from pathlib import Path

import pytest

from router.model.uai import college_uai
from router.settings import SHIPPED_RULES
from tests.commands.program import jsonl, run
from tests.commands.test_file import LINE

PAST = "2026-01-15T10:00:00+01:00"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(SHIPPED_RULES, tmp_path / "regles")
    return tmp_path


def break_a_rule(folder: Path) -> Path:
    path = folder / "regles" / "routing" / "30-materiel.toml"
    text = path.read_text(encoding="utf-8").replace("asset_owner == 'etat'", "asset_owner == 'etta'", 1)
    path.write_text(text, encoding="utf-8")
    return path


def test_a_sound_book_says_so_with_its_counts(folder: Path) -> None:
    done = run(folder, "rules", "check")
    assert done.code == 0, done
    assert done.out.startswith("Le recueil est complet")
    assert "règles nationales" in done.out
    assert json.loads(run(folder, "rules", "check", "regles", "--json").out) == []


def test_every_fault_has_its_place(folder: Path) -> None:
    break_a_rule(folder)
    (folder / "regles" / "clocks" / "calendars.toml").write_text(
        "[calendar.a]\ntimezone = 3\n", encoding="utf-8"
    )
    done = run(folder, "rules", "check", "regles")
    assert done.code == 1
    places = [line.split(": ", 1)[0] for line in done.out.splitlines()]
    assert "clocks/calendars.toml:2:12" in places
    assert any(place.startswith("routing/30-materiel.toml:") for place in places)
    assert "refusé en entier" in done.err
    found = run(folder, "rules", "check", "regles", "--json")
    assert found.code == 1
    assert set(json.loads(found.out)[0]) == {"file", "line", "column", "code", "message"}


def test_a_file_in_another_encoding_is_a_fault(folder: Path) -> None:
    path = folder / "regles" / "parties.toml"
    path.write_bytes(path.read_text(encoding="utf-8").encode("cp1252"))
    done = run(folder, "rules", "check", "regles")
    assert done.code == 1
    assert done.out.startswith("parties.toml:")
    assert "UTF-8" in done.out


def test_explain_by_options_and_by_json(folder: Path) -> None:
    spoken = run(folder, "rules", "explain", "--fact", "category=hardware", "--fact", "asset_owner=departement")
    assert spoken.code == 0, spoken
    assert "maintenance" in spoken.out
    assert "Ce qui changerait le responsable" in spoken.out
    written = run(
        folder, "rules", "explain", "--json", given='{"category": "hardware", "asset_owner": "departement"}'
    )
    found = json.loads(written.out)
    assert found["responsible"] == "departement_maintenance"
    assert found["trace"]["rule"] == found["rule"]
    as_a_line = run(
        folder, "rules", "explain", "--json", given=jsonl({"facts": {"category": "network"}, "id": 4})
    )
    assert json.loads(as_a_line.out)["facts"]["category"]["value"] == "network"


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--fact", "category"), "nom=valeur"),
        (("--fact", "category=hardwar"), "hardware"),
        (("--uai", "9019001A"), "lettre de contrôle"),
        (("--text", "a", "--at", "2026-01-01"), "décalage"),
    ],
)
def test_explain_refuses(folder: Path, options: tuple[str, ...], words: str) -> None:
    done = run(folder, "rules", "explain", *options)
    assert done.code == 2
    assert words in done.err
    assert "Traceback" not in done.err


def test_the_table(folder: Path) -> None:
    base = json.loads(run(folder, "rules", "table", "--json").out)
    north = json.loads(run(folder, "rules", "table", "--uai", college_uai(9019001), "--json").out)
    assert len(north) > len(base)
    assert {row["responsible"] for row in base} == {"departement_maintenance", "academie_dsi", "rssi", "rupn"}
    assert "responsable :" in run(folder, "rules", "table").out
    assert run(folder, "rules", "table", "--convention", "nulle-part").code == 2


def test_a_faulty_book_is_refused_whole_and_the_one_in_force_stays(installation: Path) -> None:
    shutil.copytree(SHIPPED_RULES, installation / "regles")
    before = run(installation, "decide", given=jsonl({"id": 1, "facts": {}})).lines[0]["rulebook"]
    break_a_rule(installation)
    done = run(installation, "rules", "publish", "regles")
    assert done.code == 1
    assert "routing/30-materiel.toml:" in done.out
    assert run(installation, "decide", given=jsonl({"id": 1, "facts": {}})).lines[0]["rulebook"] == before


def test_a_first_book_too_far_ahead_would_bar_every_other(installation: Path) -> None:
    """As on the site: two years at most."""
    for path in (installation / "data").glob("aiguillage.sqlite3*"):
        path.unlink()
    assert run(installation, "db", "upgrade").code == 0
    shutil.copytree(SHIPPED_RULES, installation / "regles")
    done = run(installation, "rules", "publish", "regles", "--from", "2190-01-01T00:00:00+01:00")
    assert done.code == 1 and "trop loin" in done.err and "Traceback" not in done.err
    assert run(installation, "rules", "publish", "regles").code == 0


def test_a_book_published_later_is_in_force_from_then(installation: Path) -> None:
    shutil.copytree(SHIPPED_RULES, installation / "regles")
    run(installation, "rules", "publish", "regles")
    assert "déjà en vigueur" in run(installation, "rules", "publish", "regles").out
    old = run(installation, "decide", given=jsonl({"id": 1, "facts": {}, "at": PAST})).lines[0]["rulebook"]
    path = installation / "regles" / "convention.toml"
    path.write_text(path.read_text(encoding="utf-8") + "\n# Relu.\n", encoding="utf-8")
    assert run(installation, "rules", "publish", "regles", "--force", "--reason", "relecture").code == 0
    past, present = run(
        installation,
        "decide",
        given=jsonl({"id": 1, "facts": {}, "at": PAST}, {"id": 2, "facts": {}}),
    ).lines
    assert past["rulebook"] == old
    assert present["rulebook"] != old


def test_a_college_of_another_convention_than_its_digits(installation: Path) -> None:
    uai = college_uai(9019001)
    line = jsonl({"id": 1, "uai": uai, "facts": {"category": "network", "product_family": "eole_server"}})
    assert run(installation, "decide", given=line).lines[0]["responsible"] == "academie_dsi"
    with sqlite3.connect(installation / "data" / "aiguillage.sqlite3") as connection:
        connection.execute("UPDATE college SET convention_id = 'demo-sud' WHERE uai = ?", (uai,))
    connection.close()
    assert run(installation, "decide", given=line).lines[0]["responsible"] == "departement_maintenance"


def test_an_import_says_what_it_refused(installation: Path) -> None:
    (installation / "users.csv").write_text(
        "Nom;Courriel;Fonction;UAI\nA;a@example.org;RUPN;9019001A\n", encoding="utf-8"
    )
    done = run(installation, "import", "users", "users.csv")
    assert done.code == 1
    assert "Lignes refusées" in done.out
    assert (
        json.loads(run(installation, "import", "users", "users.csv", "--json").out)["refused"][0]["line"] == 2
    )
    assert run(installation, "import", "users", "absent.csv").code == 2
    assert run(installation, "import", "eleves", "users.csv").code == 2


def test_a_broken_journal_is_named(installation: Path) -> None:
    run(installation, "file", given=jsonl(LINE, {**LINE, "id": 2}))
    sound = run(installation, "journal", "verify")
    assert sound.code == 0
    assert "aucune rupture" in sound.out
    with sqlite3.connect(installation / "data" / "aiguillage.sqlite3") as connection:
        connection.execute("UPDATE event_detail SET text = 'autre chose' WHERE ticket_id = 2 AND seq = 1")
    connection.close()
    broken = run(installation, "journal", "verify")
    assert broken.code == 1
    assert broken.out.startswith("dossier 2, entrée 1 : ")
    assert run(installation, "journal", "verify", "--ticket", "1").code == 0
    assert json.loads(run(installation, "journal", "verify", "--json").out)["breaks"][0]["ticket"] == 2
    assert "n'existe pas" in run(installation, "journal", "verify", "--ticket", "9").err


def test_the_seals_are_checked_and_one_received_is_found(installation: Path) -> None:
    (installation / "config.toml").write_text('mail_mode = "keep"\n', encoding="utf-8")
    run(installation, "file", given=jsonl(LINE))
    assert run(installation, "worker", "--once").code == 0
    (seal,) = json.loads(run(installation, "journal", "verify", "--json").out)["seals"]
    found = run(installation, "journal", "verify", "--seal", seal["digest"])
    assert (found.code, found.out.splitlines()[-1]) == (0, "Cette empreinte est celle du scellé 1.")
    assert "1 scellé, aucune rupture" in found.out
    assert found.out.count("Le scellé du jour n'est envoyé à personne pour") == 4, "nobody has an account here"
    assert "cochez « Coordonne la convention »" in found.out
    untold = json.loads(run(installation, "journal", "verify", "--json").out)["untold"]
    assert {each["institution"] for each in untold} == {"departement", "academie"}
    other = run(installation, "journal", "verify", "--seal", "0" * 64)
    assert (other.code, other.out.splitlines()[-1]) == (1, "Aucun scellé n'a cette empreinte.")
    with sqlite3.connect(installation / "data" / "aiguillage.sqlite3") as connection:
        connection.execute("DROP TRIGGER seal_no_update")
        connection.execute("UPDATE seal SET entries = 1, tickets = 9")
    connection.close()
    broken = run(installation, "journal", "verify")
    assert broken.code == 1
    assert broken.out.startswith("scellé 1 du ")


def test_health_without_a_worker_then_with_one(installation: Path) -> None:
    assert run(installation, "health").code == 1
    (installation / "config.toml").write_text('mail_mode = "keep"\n', encoding="utf-8")
    assert run(installation, "worker", "--once").code == 0
    done = run(installation, "health", "--json")
    assert done.code == 0
    assert json.loads(done.out)["ok"] is True


def test_a_report_in_both_formats(installation: Path) -> None:
    run(installation, "file", given=jsonl(LINE))
    days = ("--from", "2026-11-01", "--to", "2026-11-30")
    assert json.loads(run(installation, "report", *days).out)
    table = run(installation, "report", *days, "--format", "csv")
    assert table.code == 0
    assert ";" in table.out
    assert run(installation, "report", "--from", "2026-11-30", "--to", "2026-11-01").code == 1
    assert "donnez une date" in run(installation, "report", "--from", "hier", "--to", "2026-11-01").err


def test_the_configuration_is_found_and_faults_are_said(installation: Path) -> None:
    (installation / "autre.toml").write_text("porte = 80\n", encoding="utf-8")
    for call in (("--config", "autre.toml", "health"), ("health", "--config", "autre.toml")):
        done = run(installation, *call)
        assert done.code == 2
        assert "autre.toml:1" in done.err
        assert "port" in done.err
    assert run(installation, "health", AIGUILLAGE_CONFIG="absent.toml").code == 2


def test_mistaken_calls_are_answered_in_french(tmp_path: Path) -> None:
    wrong = {
        ("decid",): "vouliez-vous decide",
        ("rules", "chek"): "vouliez-vous check",
        ("decide", "--trac"): "vouliez-vous --trace",
        ("import",): "Il manque",
        (
            "report",
            "--from",
            "2026-01-01",
            "--to",
            "2026-02-01",
            "--format",
            "pdf",
        ): "choisissez parmi json, csv",
    }
    for call, words in wrong.items():
        done = run(tmp_path, *call)
        assert done.code == 2
        assert words in done.err


def test_help_is_french_and_names_every_command(tmp_path: Path) -> None:
    done = run(tmp_path, "--help")
    assert done.code == 0
    for name in ("classify", "decide", "file", "due", "rules", "import", "report", "journal", "health", "demo"):
        assert f"  {name} " in done.out
    assert "Show this message" not in run(tmp_path, "rules", "check", "--help").out
