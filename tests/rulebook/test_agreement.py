"""What decides is what is written: the check that holds cubes to the expressions, and the index to the cubes."""

from dataclasses import replace

import pytest

from router.rulebook.agreement import disagreement, disagreements, misindexed, misread
from router.rulebook.book import Rulebook
from router.rulebook.cubes import Budget, ProofUnfinished, volume
from router.rulebook.expression import Condition, read_condition
from tests.rulebook.conftest import AT

STEPS = 100_000


def test_the_shipped_book_agrees_with_itself(book: Rulebook) -> None:
    assert disagreements(book) == ()


def test_every_condition_is_tried_and_few_points_are_enough(book: Rulebook) -> None:
    """Far fewer points than the own facts have, since values that nothing tells apart are tried once together."""
    domain = book.vocabulary.domain
    spent = everything = 0
    for rule in book.rules:
        budget = Budget(STEPS)
        assert disagreement(book.vocabulary, rule.condition, budget) is None
        assert budget.steps < STEPS
        spent += STEPS - budget.steps
        everything += volume(tuple(domain.full[domain.position[name]] for name in rule.condition.facts))
    assert spent * 20 < everything


@pytest.mark.parametrize("fact", ["category", "need", "prerequisite", "first_level_done"])
def test_a_cube_read_wrongly_is_found_with_a_point(book: Rulebook, fact: str) -> None:
    """Each cube of each rule that restricts the fact, one bit put in or taken out."""
    domain, tried = book.vocabulary.domain, 0
    position = domain.position[fact]
    for rule in book.rules:
        for number, cube in enumerate(rule.cubes):
            if cube[position] == domain.full[position]:
                continue
            for mask in {cube[position] | domain.full[position], cube[position] & (cube[position] - 1)}:
                wrong = (*cube[:position], mask, *cube[position + 1 :])
                cubes = (*rule.cubes[:number], wrong, *rule.cubes[number + 1 :])
                condition = replace(rule.condition, cubes=cubes)
                assert disagreement(book.vocabulary, condition, Budget(STEPS)) is not None, (rule.id, mask)
                tried += 1
    assert tried >= 5


def test_the_fault_names_the_rule_s_place_and_the_point(book: Rulebook) -> None:
    rule = book.rules[0]
    wrong = replace(rule, condition=replace(rule.condition, cubes=()))
    (fault,) = misread(book.vocabulary, [wrong], Budget(STEPS))
    assert (fault.code, fault.file, fault.line) == ("AIG111", rule.place.file, rule.place.line)
    assert "need = training" in fault.message


def test_a_text_that_says_something_else_is_found(book: Rulebook) -> None:
    one = read_condition("zone == 'none' and not prerequisite", book.vocabulary)
    other = read_condition("zone == 'none' or not prerequisite", book.vocabulary)
    mixed = Condition(one.text, other.cubes, one.facts)
    assert disagreement(book.vocabulary, mixed, Budget(STEPS)) is not None


def test_an_index_with_one_wrong_bit_or_another_order_is_found(book: Rulebook) -> None:
    part = book.slice_at(AT)
    laid = (*part.rules, *book.priorities, *part.obligations, book.alert)
    domain = book.vocabulary.domain
    assert list(misindexed(domain, part, laid)) == []
    (name, by_value), *others = part.index.masks
    value = next(iter(by_value))
    flipped = ((name, {**by_value, value: by_value[value] ^ 4}), *others)
    wrong = replace(part, index=replace(part.index, masks=flipped))
    assert [fault.code for fault in misindexed(domain, wrong, laid)] == ["AIG111"]
    forgotten = replace(part, index=replace(part.index, masks=tuple(others)))
    assert list(misindexed(domain, forgotten, laid))
    assert list(misindexed(domain, part, (laid[1], laid[0], *laid[2:])))


def test_an_unfinished_check_is_no_success(book: Rulebook) -> None:
    assert [fault.code for fault in disagreements(book, steps=10)] == ["AIG110"]
    with pytest.raises(ProofUnfinished):
        list(misread(book.vocabulary, book.rules, Budget(10)))
