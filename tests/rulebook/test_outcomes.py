"""The searches through first-match lists, against brute force over every cell of small random domains."""

import random
from collections.abc import Iterator, Sequence
from itertools import product

import pytest

from router.rulebook.book import Rulebook
from router.rulebook.cubes import Budget, Cube, ProofUnfinished, inside, meets
from router.rulebook.outcomes import Line, reachable, sensitive, simplified
from router.rulebook.witness import readable, witness
from tests.rulebook.conftest import AT

FULL: Cube = (0b111, 0b1111, 0b11, 0b111)
BOOKS = range(120)


def cells(box: Cube) -> Iterator[Cube]:
    return product(*([1 << n for n in range(mask.bit_length()) if mask >> n & 1] for mask in box))


def label_at(cell: Cube, lines: Sequence[Line]) -> object:
    return next(label for cube, label in lines if meets(cell, cube))


def random_lines(chance: random.Random, labels: str = "abc") -> list[Line]:
    """Some lines, then one that holds whatever is left."""
    lines: list[Line] = [
        (tuple(chance.randrange(1, full + 1) for full in FULL), chance.choice(labels))
        for _ in range(chance.randrange(1, 14))
    ]
    return [*lines, (FULL, chance.choice(labels))]


def random_box(chance: random.Random) -> Cube:
    return tuple(chance.choice((full, chance.randrange(1, full + 1))) for full in FULL)


@pytest.mark.parametrize("seed", BOOKS)
def test_a_simplified_list_says_the_same_with_fewer_lines(seed: int) -> None:
    lines = random_lines(random.Random(seed))
    fewer = simplified(lines)
    assert len(fewer) <= len(lines)
    assert all(label_at(cell, fewer) == label_at(cell, lines) for cell in cells(FULL))


@pytest.mark.parametrize("seed", BOOKS)
def test_the_labels_that_can_come_out_of_a_box(seed: int) -> None:
    chance = random.Random(seed)
    lines, box = random_lines(chance), random_box(chance)
    assert reachable(box, lines, Budget(10_000)) == {label_at(cell, lines) for cell in cells(box)}


@pytest.mark.parametrize("seed", BOOKS)
def test_whether_one_fact_alone_changes_the_label(seed: int) -> None:
    chance = random.Random(seed)
    lines, box, position = random_lines(chance), random_box(chance), chance.randrange(len(FULL))
    found: dict[Cube, set[object]] = {}
    for cell in cells(box):
        rest = (*cell[:position], 0, *cell[position + 1 :])
        found.setdefault(rest, set()).add(label_at(cell, lines))
    expected = any(len(labels) > 1 for labels in found.values())
    assert sensitive(box, position, lines, Budget(10_000)) == expected


@pytest.mark.parametrize("seed", BOOKS)
def test_a_witness_is_bad_everywhere_and_missing_only_where_nothing_is(seed: int) -> None:
    """Bad: the first list says « a » while the second doesn't say « x »."""
    chance = random.Random(seed)
    lists = [random_lines(chance), random_lines(chance, "xy")]
    region = random_box(chance)

    def bad(cell: Cube) -> bool:
        return label_at(cell, lists[0]) == "a" and label_at(cell, lists[1]) != "x"

    found = witness(region, lists, lambda labels: "a" in labels[0] and labels[1] != {"x"}, Budget(10_000))
    assert (found is None) == (not any(map(bad, cells(region))))
    if found is not None:
        wide = readable(
            found, region, lists, lambda labels: labels[0] != {"a"} or "x" in labels[1], Budget(10_000)
        )
        assert inside(found, wide) and inside(wide, region)
        assert all(map(bad, cells(wide)))


def test_a_search_out_of_steps_is_no_answer() -> None:
    chance = random.Random(5)
    with pytest.raises(ProofUnfinished):
        for _ in range(50):
            witness(FULL, [random_lines(chance)], lambda labels: "a" in labels[0], Budget(0))


def test_the_shipped_lists_shrink_and_say_the_same(book: Rulebook) -> None:
    chance, domain = random.Random(9), book.vocabulary.domain
    for convention, parts in book.slices.items():
        for part in parts:
            lines: list[Line] = [(cube, rule.assign) for rule in part.rules for cube in rule.cubes]
            fewer = simplified(lines)
            assert len(fewer) < len(lines), convention
            for _ in range(500):
                cell = tuple(1 << chance.randrange(full.bit_length()) for full in domain.full)
                assert label_at(cell, fewer) == label_at(cell, lines)
    assert part.since <= AT.date()
