"""`file`: tickets from lines, once each; and the same words decide alike whatever the door."""

import json
import sqlite3
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from router.model.uai import college_uai
from tests.commands.program import errors, jsonl, run

NORTH = college_uai(9019001)
LINE: dict[str, Any] = {
    "id": "a-1",
    "uai": NORTH,
    "reporter": {"role": "enseignant", "name": "Léa Marin", "email": "lea@example.org"},
    "subject": "Vidéoprojecteur en panne",
    "body": "Il ne s'allume plus depuis ce matin.",
    "asset_tag": "VP-204",
    "at": "2026-11-23T09:30:00+01:00",
}


def count(folder: Path, table: str) -> int:
    with sqlite3.connect(folder / "data" / "aiguillage.sqlite3") as connection:
        found: int = connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
    connection.close()
    return found


def test_the_fixed_format(installation: Path) -> None:
    done = run(installation, "file", given=jsonl(LINE))
    assert done.code == 0, done
    (found,) = done.lines
    assert list(found) == ["id", "ticket", "responsible", "rule", "deadlines"]
    assert found["id"] == "a-1"
    assert found["ticket"] == 1
    assert found["responsible"] == "departement_maintenance"
    assert [list(each) for each in found["deadlines"]] == [["kind", "party", "due_at"]] * len(
        found["deadlines"]
    )
    assert {each["kind"] for each in found["deadlines"]} == {"acknowledge", "resolve", "promise"}
    assert found["deadlines"][0]["due_at"] == "2026-11-24T09:30:00+01:00"
    assert run(installation, "journal", "verify").code == 0


def test_the_same_line_twice_is_the_same_ticket(installation: Path) -> None:
    first, second = run(installation, "file", given=jsonl(LINE, LINE)).lines
    (third,) = run(installation, "file", given=jsonl(LINE)).lines
    assert first == second == third
    assert count(installation, "ticket") == 1


def test_the_same_id_with_other_content_is_an_error_and_the_rest_goes_on(installation: Path) -> None:
    other = {**LINE, "body": "Autre chose."}
    done = run(installation, "file", given=jsonl(LINE, other, {**other, "id": 2}))
    assert errors(done.lines) == [("a-1", "id")]
    assert "« a-1 »" in done.lines[1]["error"]["message"]
    assert done.lines[2]["ticket"] == 2
    assert done.code == 1


def test_a_number_and_the_same_digits_in_a_text_are_two_ids(installation: Path) -> None:
    found = run(
        installation, "file", given=jsonl({**LINE, "id": 7}, {**LINE, "id": "7"}, {**LINE, "id": 7})
    ).lines
    assert [(line["id"], line["ticket"]) for line in found] == [(7, 1), ("7", 2), (7, 1)]


def test_no_id_of_a_file_is_that_of_a_form(installation: Path) -> None:
    """A form's ticket is looked up under `form:`: what a file gives stays in its own names, whatever it spells."""
    ids = ["form:1:abc", "file:a-1", "file-number:7", "a-1", 7]
    done = run(installation, "file", given=jsonl(*({**LINE, "id": each} for each in ids)))
    assert [line["ticket"] for line in done.lines] == [1, 2, 3, 4, 5]
    with sqlite3.connect(installation / "data" / "aiguillage.sqlite3") as connection:
        kept = {row[0] for row in connection.execute("SELECT external_id FROM incident")}
    connection.close()
    assert len(kept) == 5
    assert all(each.startswith(("file:", "file-number:")) for each in kept)


def test_each_line_is_kept_on_its_own(installation: Path) -> None:
    lines = (LINE, {"id": 2}, {**LINE, "id": 3, "uai": college_uai(9029002)}, {**LINE, "id": 4})
    done = run(installation, "file", given=jsonl(*lines))
    assert [line.get("ticket") for line in done.lines] == [1, None, None, 2]
    assert count(installation, "ticket") == 2


def test_a_reporter_with_an_account_finds_her_ticket(installation: Path) -> None:
    reporter = {"role": "rupn", "name": "Inès Delmarque", "email": "Ines@example.org"}
    run(installation, "file", given=jsonl({**LINE, "reporter": reporter}))
    with sqlite3.connect(installation / "data" / "aiguillage.sqlite3") as connection:
        assert connection.execute("SELECT reporter_id FROM ticket").fetchone()[0] == 1
    connection.close()


def test_what_is_refused_and_where(installation: Path) -> None:
    reporter = LINE["reporter"]
    lines = [
        {**LINE, "id": 1, "uai": "9019001A"},
        {**LINE, "id": 2, "uai": college_uai(9019044)},
        {**LINE, "id": 3, "reporter": "moi"},
        {**LINE, "id": 4, "reporter": {**reporter, "role": "prof"}},
        {**LINE, "id": 5, "reporter": {**reporter, "email": "pas une adresse"}},
        {**LINE, "id": 6, "reporter": {**reporter, "phone": "01"}},
        {**LINE, "id": 7, "reporter": {"role": "rupn", "name": "a"}},
        {**LINE, "id": 8, "subject": " ", "body": ""},
        {**LINE, "id": 9, "subject": "x" * 201},
        {**LINE, "id": 10, "body": "x" * 20_001},
        {**LINE, "id": 11, "at": "2036-01-01T08:00:00+01:00"},
        {**LINE, "id": 12, "at": "2026-11-23T09:30:00"},
        {**LINE, "id": 17, "at": "2020-01-06T09:30:00+01:00"},
        {**LINE, "id": 13, "facts": {"category": "hardwar"}},
        {**LINE, "id": 14, "facts": {"reporter_role": "eleve"}},
        {**LINE, "id": 15, "room": "x" * 101},
        {**LINE, "id": 16, "text": "x"},
        {**LINE, "id": "x" * 201},
    ]
    done = run(installation, "file", given=jsonl(*lines))
    assert errors(done.lines) == [
        (1, "uai"),
        (2, "uai"),
        (3, "reporter"),
        (4, "reporter.role"),
        (5, "reporter.email"),
        (6, "reporter.phone"),
        (7, "reporter.email"),
        (8, "subject"),
        (9, "subject"),
        (10, "body"),
        (11, "at"),
        (12, "at"),
        (17, "at"),
        (13, "facts.category"),
        (14, "facts.reporter_role"),
        (15, "room"),
        (16, "text"),
        ("x" * 201, "id"),
    ]
    assert NORTH[-1] in done.lines[0]["error"]["message"]
    assert count(installation, "ticket") == 0
    before = run(installation, "decide", given=jsonl({"id": 1, "facts": {}, "at": "2020-01-06T09:30:00+01:00"}))
    assert errors(before.lines) == [(1, "at")]


def test_without_a_database_it_says_what_to_do(tmp_path: Path) -> None:
    done = run(tmp_path, "file", given=jsonl(LINE))
    assert done.code == 2
    assert "aiguillage db upgrade" in done.err
    assert list(tmp_path.iterdir()) == []


CATEGORIES = st.sampled_from(["hardware", "network", "metier_software", "pedagogical_resource", "security"])
WORDS = st.sampled_from(
    [
        "Pronote ne s'ouvre plus",
        "plus d'internet dans le collège",
        "j'ai cliqué sur un faux message et donné mon mot de passe",
        "GFC : l'unité centrale ne démarre plus",
        "installer Scratch sur les postes",
        "l'ENT refuse mon mot de passe",
        "bonjour",
    ]
)
DECLARED = st.fixed_dictionaries(
    {},
    optional={
        "category": CATEGORIES,
        "asset_owner": st.sampled_from(["departement", "etablissement", "etat", "unknown"]),
        "scope": st.sampled_from(["person", "site", "several_sites"]),
        "urgency": st.sampled_from(["normal", "blocking", "exam"]),
        "personal_data_exposed": st.booleans(),
    },
)


@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.tuples(WORDS, WORDS, DECLARED, st.sampled_from(["", "GFC", "Éléa"])), min_size=8, max_size=8)
)
def test_decide_says_what_file_does(
    installation: Path, cases: list[tuple[str, str, dict[str, Any], str]]
) -> None:
    roles = ["rupn", "enseignant", "principal", "gestionnaire"] * 2
    asked, filed = [], []
    for (subject, body, facts, product), role in zip(cases, roles, strict=True):
        common = {"uai": NORTH, "subject": subject, "product": product, "at": LINE["at"]}
        number = f"{abs(hash((subject, body, str(facts), product, role)))}"
        asked.append({**common, "id": number, "text": body, "facts": {**facts, "reporter_role": role}})
        reporter = {**LINE["reporter"], "role": role}
        filed.append({**common, "id": number, "body": body, "facts": facts, "reporter": reporter})
    decisions = run(installation, "decide", given=jsonl(*asked)).lines
    tickets = run(installation, "file", given=jsonl(*filed)).lines
    assert [(d["responsible"], d["rule"]) for d in decisions] == [
        (t["responsible"], t["rule"]) for t in tickets
    ]


def test_a_filed_ticket_is_explained_by_its_number(installation: Path) -> None:
    run(installation, "file", given=jsonl(LINE))
    found = json.loads(run(installation, "rules", "explain", "--ticket", "1", "--json").out)
    assert (found["ticket"], found["rule"]) == (1, found["trace"]["rule"])
    assert found["trace"]["facts"]["asset_owner"] == {"value": "departement", "source": "inventory"}
    spoken = run(installation, "rules", "explain", "--ticket", "1")
    assert spoken.code == 0 and "Si l'État avait fourni le matériel, ce serait l'académie." in spoken.out
    for options, words in (
        (("--ticket", "99"), "n'existe pas"),
        (("--ticket", "1", "--uai", NORTH), "se suffit"),
    ):
        refused = run(installation, "rules", "explain", *options)
        assert refused.code == 2 and words in refused.err and "Traceback" not in refused.err


def test_an_alert_is_not_explained_by_its_number(installation: Path) -> None:
    run(
        installation,
        "file",
        given=jsonl({**LINE, "id": "b-1", "facts": {"category": "security"}, "asset_tag": ""}),
    )
    assert run(installation, "rules", "explain", "--ticket", "1").code == 2


def test_the_grey_zones_in_words_and_for_a_program(installation: Path) -> None:
    zones = json.loads(run(installation, "rules", "zones", "--convention", "demo-nord", "--json").out)
    standing = {zone["id"]: zone["standing"] for zone in zones}
    assert (standing["copieurs"], standing["telephonie"]) == ("decided", "open")
    assert "ordre du jour" in run(installation, "rules", "zones").out
    refused = run(installation, "rules", "zones", "--convention", "lune")
    assert refused.code == 2 and "n'existe pas" in refused.err
