"""A book ten times the shipped one is proved whole, within the same budget of steps."""

import random
from collections.abc import Mapping

import pytest

from bench.large_book import grown
from router.rulebook.agreement import disagreements
from router.rulebook.book import Rulebook
from router.rulebook.load import load_book
from tests.rulebook.conftest import AT
from tests.rulebook.oracles import SatJudge

NAMES_EVERY_RULE = ("grey_zones.toml", "raci.toml")


@pytest.fixture(scope="module")
def large(sources: Mapping[str, str]) -> Rulebook:
    kept = {
        name: text
        for name, text in sources.items()
        if name not in NAMES_EVERY_RULE and not name.startswith("conventions/")
    }
    return load_book(grown(kept, 640))


def test_it_is_proved_with_its_properties_and_held_to_its_expressions(large: Rulebook, book: Rulebook) -> None:
    assert len(large.rules) > 500
    assert len(large.properties) == len(book.properties) >= 15
    assert disagreements(large) == ()


def test_a_solver_finds_no_hole_in_it(large: Rulebook) -> None:
    part = large.slice_at(AT)
    assert not SatJudge(large.vocabulary.domain).uncovered(cube for rule in part.rules for cube in rule.cubes)


def test_special_cases_of_the_same_party_change_nobody_s_responsible(large: Rulebook, book: Rulebook) -> None:
    chance, domain = random.Random(640), book.vocabulary.domain
    one, other = large.slice_at(AT).index, book.slice_at(AT).index
    special = 0
    for _ in range(3_000):
        values = {n: chance.choice(v) for n, v in zip(domain.names, domain.values, strict=True)}
        found, usual = one.winner(values), other.winner(values)
        assert found.assign is usual.assign
        special += found.id != usual.id
    assert special > 100
