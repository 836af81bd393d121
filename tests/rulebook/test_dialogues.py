"""The form's dialogues over the demonstration's incidents: a SAT solver judges every question put, and every question
that was not. No asked question is useless, and none that could change something is left out."""

from collections.abc import Iterator
from random import Random
from statistics import mean

import pytest

from bench.dialogues import NOW, Asked, Start, askable, dialogue, starts
from router.desk.policy import Policy, load_policy, read_sources
from router.model.words import Source
from router.rulebook.outcomes import Line, outcomes_of
from router.rulebook.questions import known_box, next_questions
from router.settings import SHIPPED_RULES
from tests.rulebook.oracles import SensitivityJudge

DIALOGUES, JUDGED = 80, 25


@pytest.fixture(scope="module")
def policy() -> Policy:
    return load_policy(read_sources(SHIPPED_RULES))


def judged_lists(policy: Policy, start: Start, *, party_only: bool = False) -> list[tuple[Line, ...]]:
    outcomes = outcomes_of(policy.book, policy.book.slice_at(NOW, start.convention))
    if party_only:
        return [outcomes.parties]
    return [outcomes.parties, outcomes.priorities, *(lines for _, lines in outcomes.informed)]


def can_change(policy: Policy, start: Start, asked: Asked, fact: str, *, party_only: bool = False) -> bool:
    vocabulary = policy.book.vocabulary
    known = {
        name: found.value for name, found in start.guessed.items.items() if found.source is not Source.UNKNOWN
    } | dict(asked.declared)
    values = vocabulary.resolve([(Source.DECLARED, known)]).values()
    free = [
        name
        for name, definition in vocabulary.facts.items()
        if definition.askable and name not in known and vocabulary.makes_sense(name, values)
    ]
    box = known_box(vocabulary, known, free)
    position = vocabulary.domain.position[fact]
    lists = judged_lists(policy, start, party_only=party_only)
    return any(SensitivityJudge(box, position).differs(lines) for lines in lists)


def sample(policy: Policy, *, words: bool) -> Iterator[tuple[Start, list[Asked]]]:
    found = starts(policy, DIALOGUES, words=words)
    for start in Random(4).sample(found, JUDGED):
        yield start, list(dialogue(policy, start))


@pytest.mark.parametrize("words", [True, False], ids=["her words were read", "only the type is known"])
def test_every_question_can_change_something(policy: Policy, words: bool) -> None:
    judged = settling = 0
    for start, asked in sample(policy, words=words):
        for each in asked:
            assert can_change(policy, start, each, each.fact, party_only=each.settles_party), each
            judged += 1
            settling += each.settles_party
    assert judged > JUDGED and settling > 5


def test_what_is_left_out_can_change_nothing(policy: Policy) -> None:
    """At the end of a dialogue no question is left; whatever was not asked is judged without effect on the party."""
    judged = 0
    for start, asked in sample(policy, words=True):
        declared = dict(start.declared)
        for each in asked:
            declared[each.fact] = start.truth.get(each.fact, policy.book.vocabulary.facts[each.fact].default)
        assert next_questions(policy.book, declared, start.guessed, NOW, convention=start.convention) == ()
        end = Asked("", False, declared)
        for name, fact in policy.book.vocabulary.facts.items():
            if fact.askable and name not in declared and _has_meaning(policy, start, end, name):
                assert not can_change(policy, start, end, name, party_only=True), (name, declared)
                judged += 1
    assert judged > 20


def _has_meaning(policy: Policy, start: Start, end: Asked, name: str) -> bool:
    guessed = start.guessed.items[name]
    vocabulary = policy.book.vocabulary
    values = {**start.guessed.values(), **end.declared}
    return guessed.source is Source.UNKNOWN and vocabulary.makes_sense(name, values)


def test_few_are_asked(policy: Policy) -> None:
    """Once the words are read, less than a third of what there is to ask; beyond her words, fewer still."""
    read = [len(list(dialogue(policy, start))) for start in starts(policy, DIALOGUES)]
    bare = [len(list(dialogue(policy, start))) for start in starts(policy, DIALOGUES, words=False)]
    assert 0 < mean(read) < askable(policy) / 3
    assert mean(read) < mean(bare) < askable(policy) / 2
    assert max(*read, *bare) < askable(policy)
