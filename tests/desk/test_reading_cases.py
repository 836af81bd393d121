"""The cases of tests/cases/lecture: from words, product, answers and inventory to sourced facts and a holder."""

import tomllib
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from router.desk.policy import Policy, load_policy, read_sources
from router.desk.reading import AssetFacts, Declared, Reading, read_declaration
from router.model.incident import UNKNOWN
from router.model.words import Source
from router.rulebook.decide import decide
from router.settings import SHIPPED_RULES
from tests.commands.program import jsonl, run

FOLDER = Path(__file__).parents[1] / "cases" / "lecture"
DAY = datetime.fromisoformat("2026-11-24T10:00:00+01:00")  # a case without a date is judged on this day
CASES = [
    case for path in sorted(FOLDER.glob("*.toml")) for case in tomllib.loads(path.read_text("utf-8"))["reading"]
]
KEYS = {"title", "text", "product", "facts", "asset", "convention", "at", "read", "responsible", "reason"}
NAMED = [pytest.param(case, id=case["title"]) for case in CASES]


@pytest.fixture(scope="module")
def policy() -> Policy:
    return load_policy(read_sources(SHIPPED_RULES))


def reading_of(policy: Policy, case: dict[str, Any]) -> Reading:
    declared = Declared("", case.get("text", ""), UNKNOWN, case.get("product", ""), case.get("facts", {}))
    asset = AssetFacts(1, **case["asset"]) if "asset" in case else None
    return read_declaration(policy, declared, asset)


def differences(policy: Policy, case: dict[str, Any]) -> list[str]:
    reading = reading_of(policy, case)
    decision = decide(policy.book, reading.facts, case.get("at", DAY), convention=case.get("convention"))
    read = {name: reading.facts.items[name] for name in case["read"]}
    lines = [
        f"« {case['title']} » : pour « {name} », le cas attend « {case['read'][name][0]} » ({case['read'][name][1]}) ;"
        f" il a été lu « {fact.value} » ({fact.source})."
        for name, fact in read.items()
        if [fact.value, fact.source] != case["read"][name]
    ]
    if decision.responsible != case["responsible"]:
        lines.append(
            f"« {case['title']} » : le cas attend « {case['responsible']} » ; le recueil répond"
            f" « {decision.responsible} », par la règle « {decision.title} »."
        )
    return lines


@pytest.mark.parametrize("case", NAMED)
def test_words_are_read_and_routed(policy: Policy, case: dict[str, Any]) -> None:
    assert set(case) <= KEYS
    assert case["reason"].endswith(".")
    found = differences(policy, case)
    assert not found, "\n" + "\n".join(found)


def test_a_wrong_expectation_is_told_in_plain_words(policy: Policy) -> None:
    case = {"title": "Wifi", "text": "Le wifi est en panne", "read": {"category": ["hardware", "declared"]}}
    assert differences(policy, {**case, "responsible": "rupn"}) == [
        "« Wifi » : pour « category », le cas attend « hardware » (declared) ;"
        " il a été lu « network » (catalogue_text).",
        "« Wifi » : le cas attend « rupn » ; le recueil répond « departement_maintenance », par la règle"
        " « Réseau dont on ignore le propriétaire ».",
    ]


def test_each_source_is_met_and_no_title_comes_twice() -> None:
    assert len(CASES) >= 30
    assert len({case["title"] for case in CASES}) == len(CASES)
    met = {source for case in CASES for _, source in case["read"].values()}
    # What the calendar proposes is read by the form alone, for its collège and its day (tests/web/test_exam_days.py).
    assert met == {source.value for source in Source} - {Source.CALENDAR.value}


def test_the_command_reads_as_the_room_does(policy: Policy, tmp_path: Path) -> None:
    """`decide` knows no inventory and takes a collège rather than a convention: the other cases, by the base book."""
    cases = [case for case in CASES if "asset" not in case and "convention" not in case]
    assert len(cases) >= 25
    lines = [
        {
            "id": case["title"],
            "facts": case.get("facts", {}),
            "product": case.get("product"),
            "text": case.get("text"),
            "at": case.get("at", DAY).isoformat(),
        }
        for case in cases
    ]
    found = run(tmp_path, "decide", "--rules", str(SHIPPED_RULES), given=jsonl(*lines)).lines
    assert [line["responsible"] for line in found] == [case["responsible"] for case in cases]
    assert [
        {name: [line["facts"][name]["value"], line["facts"][name]["source"]] for name in case["read"]}
        for line, case in zip(found, cases, strict=True)
    ] == [case["read"] for case in cases]
