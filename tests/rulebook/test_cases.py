"""The cases of tests/cases, in the words of the trade: facts → who, told, rule. Every rule has at least one."""

import tomllib
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from router.model.words import Source
from router.rulebook.book import Rulebook
from router.rulebook.decide import decide

FOLDER = Path(__file__).parents[1] / "cases"
CASES = [
    pytest.param(case, id=f"{path.stem}: {case['title']}")
    for path in sorted(FOLDER.glob("*.toml"))
    for case in tomllib.loads(path.read_text(encoding="utf-8"))["case"]
]
KEYS = {"title", "facts", "convention", "at", "responsible", "inform", "rule", "priority", "articles"}


def decision_of(book: Rulebook, case: dict[str, Any]) -> Any:
    facts = book.vocabulary.resolve([(Source.DECLARED, case["facts"])])
    at = case.get("at", datetime(2026, 11, 24, 9, 0, tzinfo=UTC))
    return decide(book, facts, at, convention=case.get("convention"))


@pytest.mark.parametrize("case", CASES)
def test_case(book: Rulebook, case: dict[str, Any]) -> None:
    assert set(case) <= KEYS
    decision = decision_of(book, case)
    assert (decision.responsible, list(decision.inform), decision.rule) == (
        case["responsible"],
        case["inform"],
        case["rule"],
    )
    assert decision.priority == case.get("priority", decision.priority)
    assert list(decision.articles) == case.get("articles", list(decision.articles))


def test_every_rule_has_a_case(book: Rulebook) -> None:
    told = Counter(case.values[0]["rule"] for case in CASES)
    local = [rule for convention in book.conventions.values() for rule in convention.rules]
    rules = {rule.id for rule in (*book.rules, *local)} | {book.incoherent.id if book.incoherent else ""}
    assert rules - set(told) == set()
    assert set(told) - rules == set()


def test_every_obligation_and_priority_is_met_by_a_case(book: Rulebook) -> None:
    decisions = [decision_of(book, case.values[0]) for case in CASES]
    met = {information.obligation for decision in decisions for information in decision.informations}
    local = [obligation for c in book.conventions.values() for obligation in c.obligations]
    assert {obligation.id for obligation in (*book.obligations, *local)} - met == set()
    assert {decision.priority for decision in decisions} >= {rule.priority for rule in book.priorities} - {
        "low"
    }
