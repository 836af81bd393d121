"""`decide` and `due`: their formats to the letter, without a database."""

from pathlib import Path
from typing import Any

import pytest

from router.model.uai import college_uai
from router.settings import SHIPPED_RULES
from tests.commands.program import errors, jsonl, run

AT = "2026-11-23T09:30:00+01:00"
NORTH = college_uai(9019001)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def decided(folder: Path, *lines: Any, options: tuple[str, ...] = ()) -> list[Any]:
    return run(folder, "decide", *options, given=jsonl(*lines)).lines


def test_the_fixed_format(folder: Path) -> None:
    facts = {"category": "security", "asset_owner": "departement", "personal_data_exposed": True}
    (found,) = decided(folder, {"id": "a", "facts": facts, "at": AT})
    assert list(found) == [
        "id",
        "responsible",
        "inform",
        "rule",
        "articles",
        "why",
        "priority",
        "facts",
        "rulebook",
    ]
    assert found["responsible"] == "rssi"
    assert found["inform"] == ["departement_maintenance", "dpo", "principal"]
    assert found["priority"] == "critical"
    assert "3.1.5" in found["articles"]
    assert found["facts"]["category"] == {"value": "security", "source": "declared"}
    assert found["facts"]["personal_data_exposed"] == {"value": True, "source": "declared"}
    assert found["facts"]["scope"] == {"value": "unknown", "source": "unknown"}
    assert found["facts"]["force_majeure"] == {"value": False, "source": "unknown"}
    assert len(found["rulebook"]) == 64


def test_nothing_known_goes_to_the_rupn_and_nothing_is_guessed_from_no_words(folder: Path) -> None:
    (found,) = decided(folder, {"id": 1, "facts": {}, "at": AT})
    assert found["responsible"] == "rupn"
    assert {fact["source"] for fact in found["facts"].values()} == {"unknown"}


def test_null_is_unknown(folder: Path) -> None:
    given = {"id": 1, "facts": {"category": None, "prerequisite": None}, "product": None, "uai": None, "at": AT}
    (found,) = decided(folder, given)
    assert found["facts"]["category"] == {"value": "unknown", "source": "unknown"}
    assert found["facts"]["prerequisite"] == {"value": False, "source": "unknown"}


def test_where_facts_come_from_first_wins(folder: Path) -> None:
    text = "Pronote affiche une page blanche"
    named, said, declared, only_words = decided(
        folder,
        {"id": 1, "facts": {}, "product": "GFC", "text": text, "at": AT},
        {"id": 2, "facts": {}, "text": text, "at": AT},
        {"id": 3, "facts": {"category": "hardware"}, "product": "GFC", "at": AT},
        {"id": 4, "facts": {}, "text": "Quelqu'un a cliqué et donné son mot de passe", "at": AT},
    )
    assert named["facts"]["product_family"] == {"value": "state_application", "source": "catalogue_product"}
    assert said["facts"]["product_family"] == {"value": "school_life_software", "source": "catalogue_text"}
    assert declared["facts"]["category"] == {"value": "hardware", "source": "declared"}
    assert declared["facts"]["software_origin"]["source"] == "catalogue_product"
    assert only_words["facts"]["category"]["source"] == "classifier"


def test_the_convention_of_the_digits(folder: Path) -> None:
    facts = {"category": "network", "product_family": "eole_server", "asset_owner": "departement"}
    base, north, elsewhere = decided(
        folder,
        {"id": 1, "facts": facts, "at": AT},
        {"id": 2, "facts": facts, "uai": NORTH, "at": AT},
        {"id": 3, "facts": facts, "uai": "0350003N", "at": AT},
    )
    assert base["responsible"] == elsewhere["responsible"] == "departement_maintenance"
    assert north["responsible"] == "academie_dsi"


def test_a_trace_when_asked(folder: Path) -> None:
    line = {"id": 1, "facts": {"category": "hardware"}, "at": AT}
    (plain,) = decided(folder, line)
    (traced,) = decided(folder, line, options=("--trace",))
    assert "trace" not in plain
    assert traced["trace"]["rule"] == traced["rule"] == plain["rule"]
    assert traced["trace"]["tried"]
    assert traced["trace"]["changes"]


def test_what_is_refused_and_where(folder: Path) -> None:
    lines = [
        {"id": 1},
        {"id": 2, "facts": []},
        {"id": 3, "facts": {"categorie": "hardware"}},
        {"id": 4, "facts": {"category": "hardwar"}},
        {"id": 5, "facts": {"prerequisite": "oui"}},
        {"id": 6, "facts": {"category": True}},
        {"id": 7, "facts": {}, "at": "2026-11-23T09:30:00"},
        {"id": 8, "facts": {}, "at": "hier"},
        {"id": 9, "facts": {}, "at": "2025-08-31T12:00:00+02:00"},
        {"id": 10, "facts": {}, "at": "9999-12-31T23:59:59-12:00"},
        {"id": 11, "facts": {}, "uai": "9019001A"},
        {"id": 12, "facts": {}, "uai": "350003O"},
        {"id": 13, "facts": {}, "body": "texte"},
        {"id": 14, "facts": {}, "text": ["a"]},
        {"id": 15, "facts": {}, "at": 12},
    ]
    done = run(folder, "decide", given=jsonl(*lines))
    assert errors(done.lines) == [
        (1, "facts"),
        (2, "facts"),
        (3, "facts.categorie"),
        (4, "facts.category"),
        (5, "facts.prerequisite"),
        (6, "facts.category"),
        (7, "at"),
        (8, "at"),
        (9, "at"),
        (10, "at"),
        (11, "uai"),
        (12, "uai"),
        (13, "body"),
        (14, "text"),
        (15, "at"),
    ]
    assert NORTH[-1] in done.lines[10]["error"]["message"]
    assert done.code == 1
    assert done.err == ""


def test_another_folder_of_rules(folder: Path) -> None:
    assert decided(folder, {"id": 1, "facts": {}, "at": AT}, options=("--rules", str(SHIPPED_RULES)))[0]["rule"]
    (folder / "vide").mkdir()
    done = run(folder, "decide", "--rules", "vide", given="")
    assert done.code == 2
    assert "vocabulary.toml" in done.err


def test_without_a_database_none_is_made_and_its_library_stays_away(folder: Path) -> None:
    assert run(folder, "decide", given=jsonl({"id": 1, "facts": {}, "at": AT})).code == 0
    assert list(folder.iterdir()) == []
    imported = run(folder, "decide", given="", PYTHONPROFILEIMPORTTIME="1").err
    assert "sqlalchemy" not in imported
    assert "flask" not in imported


CALENDAR = """
[calendar.exemple]
timezone = "Europe/Paris"
monday = ["08:00-12:00", "13:30-17:30"]
public_holidays = "metropole"
"""


def test_due_on_a_calendar_of_one_s_own(folder: Path) -> None:
    (folder / "c.toml").write_text(CALENDAR, encoding="utf-8")
    line = {"id": 1, "calendar": "exemple", "start": "2026-11-23T08:00:00+01:00", "allowance": "PT4H30M"}
    pause = [["2026-11-23T09:00:00+01:00", "2026-11-23T10:00:00+01:00"]]
    done = run(
        folder,
        "due",
        "--calendars",
        "c.toml",
        given=jsonl(line, {**line, "id": 2, "pauses": pause}, {**line, "id": 3, "allowance": "P1D"}),
    )
    assert done.lines[:2] == [
        {"id": 1, "due": "2026-11-23T14:00:00+01:00"},
        {"id": 2, "due": "2026-11-23T15:00:00+01:00"},
    ]
    assert errors(done.lines) == [(3, "allowance")]
    assert done.code == 1


def test_due_on_the_shipped_calendars(folder: Path) -> None:
    line = {"id": 1, "calendar": "nord-pedagogique", "start": "2099-01-05T08:00:00+01:00", "allowance": "PT1H"}
    (found,) = run(folder, "due", given=jsonl(line)).lines
    assert found["due"] is None
    assert found["unknown_from"] == "2028-09-01"


def test_due_refuses_a_faulty_calendar(folder: Path) -> None:
    (folder / "c.toml").write_text(CALENDAR.replace("12:00", "25:00"), encoding="utf-8")
    done = run(folder, "due", "--calendars", "c.toml", given="")
    assert done.code == 2
    assert "c.toml:4:" in done.err
