"""A region said as a condition is the same region when it is read back; what a convention may take, said shortly."""

import random
from datetime import date

import pytest

from router.rulebook.book import Rulebook
from router.rulebook.condition_text import condition_text, condition_toml
from router.rulebook.cubes import Budget, Cube, Cubes, gap, joined, meets, spread, without
from router.rulebook.expression import read_condition
from router.rulebook.raci import slice_of_day

STEPS = 1_000_000


def same(one: Cubes, other: Cubes) -> bool:
    budget = Budget(STEPS)
    pairs = ((one, other), (other, one))
    return all(gap(cube, cover, budget) is None for cubes, cover in pairs for cube in cubes)


def any_cube(book: Rulebook, chance: random.Random) -> Cube:
    """A few facts restricted, to a few values."""
    return tuple(
        (chance.randrange(1, full + 1) & full) or full if chance.random() < 0.25 else full
        for full in book.vocabulary.domain.full
    )


def test_every_rule_said_again_is_the_same_rule(book: Rulebook) -> None:
    for rule in (*book.rules, *(rule for each in book.conventions.values() for rule in each.rules)):
        again = read_condition(condition_text(book.vocabulary, rule.cubes), book.vocabulary)
        assert same(rule.cubes, again.cubes), rule.id


@pytest.mark.parametrize("seed", range(40))
def test_any_region_said_is_the_same_region(book: Rulebook, seed: int) -> None:
    chance = random.Random(seed)
    cubes = tuple(any_cube(book, chance) for _ in range(chance.randrange(1, 4)))
    if gap(book.vocabulary.domain.full, cubes, Budget(STEPS)) is None:
        return
    text = condition_text(book.vocabulary, cubes)
    if len(text) < 1_500 and text.count("'") < 200:  # what the language takes
        assert same(cubes, read_condition(text, book.vocabulary).cubes), text


@pytest.mark.parametrize("seed", range(40))
def test_what_is_left_of_a_region_is_exact(book: Rulebook, seed: int) -> None:
    chance = random.Random(seed)
    region = (any_cube(book, chance), any_cube(book, chance))
    taken = tuple(any_cube(book, chance) for _ in range(3))
    left = without(region, taken)
    assert not any(meets(cube, other) for cube in left for other in taken)
    assert same((*left, *taken), (*region, *taken))
    wide = spread(left, region, taken)
    assert same(left, wide) and len(wide) <= max(1, len(left))
    assert same(joined(left), left)


def test_what_a_convention_may_take_from_a_grey_zone_can_be_written(book: Rulebook) -> None:
    """For each rule open to arbitration: the part that no rule before it takes, within what the language allows."""
    rules = slice_of_day(book, date(2026, 11, 24), None).rules
    for index, rule in enumerate(rules):
        if rule.arbitrage:
            taken = [cube for other in rules[:index] for cube in other.cubes]
            region = spread(without(rule.cubes, taken), rule.cubes, taken)
            again = read_condition(condition_text(book.vocabulary, region), book.vocabulary)
            assert same(region, again.cubes), rule.id


def test_a_long_condition_is_written_on_several_lines() -> None:
    assert condition_toml("category == 'hardware'") == "\"category == 'hardware'\""
    assert condition_toml("(x)\nor (y)") == '"""\n(x)\nor (y)\n"""'
