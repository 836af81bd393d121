"""What is asked is useful, what isn't asked can't matter."""

import random

import pytest

from router.model.incident import FactValue
from router.model.words import Source
from router.rulebook.book import Rulebook
from router.rulebook.decide import decide
from router.rulebook.questions import next_questions
from router.rulebook.vocabulary import FactError
from tests.rulebook.conftest import AT
from tests.rulebook.test_index import random_facts


def outcome(book: Rulebook, values: dict[str, FactValue]) -> tuple[object, ...]:
    decision = decide(book, book.vocabulary.resolve([(Source.DECLARED, values)]), AT)
    return decision.responsible, decision.inform, decision.priority


def askable(book: Rulebook) -> list[str]:
    return [name for name, fact in book.vocabulary.facts.items() if fact.askable]


def sensible(book: Rulebook, declared: dict[str, FactValue]) -> list[str]:
    """The facts one may be asked about, beside those."""
    values = book.vocabulary.resolve([(Source.DECLARED, declared)]).values()
    return [name for name in askable(book) if book.vocabulary.makes_sense(name, values)]


def test_after_the_last_question_nothing_can_change(book: Rulebook) -> None:
    """Dialogues with random people: once no question is left, the facts still open to a question change nothing."""
    chance = random.Random(1)
    asked = []
    for _ in range(40):
        truth = random_facts(book, chance)
        declared: dict[str, FactValue] = {}
        while questions := next_questions(book, declared, {}, AT):
            declared[questions[0].fact] = truth[questions[0].fact]
        asked.append(len(declared))
        expected = outcome(book, declared)
        for _ in range(25):
            rest = {
                name: chance.choice(list(book.vocabulary.domain.bits[name]))
                for name in sensible(book, declared)
            }
            assert outcome(book, {**rest, **declared}) == expected
    assert sum(asked) / len(asked) < len(askable(book)) - 2


def test_no_question_is_useless(book: Rulebook) -> None:
    """Each question asked has two answers that end differently, other answers being equal."""
    chance = random.Random(2)
    checked = 0
    for _ in range(12):
        truth = random_facts(book, chance)
        known = {name: truth[name] for name in chance.sample(askable(book), 6)}
        for question in next_questions(book, known, {}, AT):
            assert witnessed(book, known, question.fact, chance), (known, question.fact)
            checked += 1
    assert checked > 20


def witnessed(book: Rulebook, known: dict[str, FactValue], fact: str, chance: random.Random) -> bool:
    bits = book.vocabulary.domain.bits
    for _ in range(3_000):
        rest = {name: chance.choice(list(bits[name])) for name in askable(book)}
        if len({outcome(book, {**rest, **known, fact: value}) for value in bits[fact]}) > 1:
            return True
    return False


def test_a_certain_party_asks_only_about_who_is_told_and_priority(book: Rulebook) -> None:
    known: dict[str, FactValue] = {"category": "network", "asset_owner": "departement", "reporter_role": "rupn"}
    assert not any(question.settles_party for question in next_questions(book, known, {}, AT))


def test_everything_declared_leaves_no_question(book: Rulebook) -> None:
    known: dict[str, FactValue] = {name: book.vocabulary.facts[name].default for name in askable(book)}
    assert next_questions(book, known, {}, AT) == ()


def test_the_owner_is_the_first_question_for_hardware(book: Rulebook) -> None:
    first = next_questions(book, {"category": "hardware", "reporter_role": "rupn"}, {}, AT)[0]
    assert (first.fact, first.question) == ("asset_owner", "Qui possède ce matériel ?")
    assert first.values["approved"] == "Le collège, acheté avec l'accord du Département"


def test_the_category_comes_first_when_nothing_is_known(book: Rulebook) -> None:
    assert next_questions(book, {}, {}, AT)[0].fact == "category"


def test_the_first_level_is_nobodys_question_but_counts(book: Rulebook) -> None:
    known: dict[str, FactValue] = {"category": "pedagogical_resource", "reporter_role": "enseignant"}
    asked = [question.fact for question in next_questions(book, known, {}, AT)]
    assert "first_level_done" not in asked
    assert "scope" in asked
    known["reporter_role"] = "rupn"
    assert not [q for q in next_questions(book, known, {}, AT) if q.fact == "scope" and q.settles_party]


def test_a_guess_is_taken_as_it_stands(book: Rulebook) -> None:
    guessed = book.vocabulary.resolve([(Source.INVENTORY, {"asset_owner": "departement"})])
    known: dict[str, FactValue] = {"category": "hardware", "reporter_role": "rupn"}
    assert "asset_owner" not in [question.fact for question in next_questions(book, known, guessed, AT)]
    assert "asset_owner" in [q.fact for q in next_questions(book, known, {"asset_owner": "unknown"}, AT)]


def test_an_unknown_fact_is_refused(book: Rulebook) -> None:
    with pytest.raises(FactError):
        next_questions(book, {"asset_ownr": "etat"}, {}, AT)


def test_local_rules_change_the_questions(book: Rulebook) -> None:
    known: dict[str, FactValue] = {"category": "hardware", "asset_owner": "unknown", "reporter_role": "rupn"}
    national = [q.fact for q in next_questions(book, known, {}, AT) if q.settles_party]
    local = [q.fact for q in next_questions(book, known, {}, AT, convention="demo-sud") if q.settles_party]
    assert national == []
    assert set(local) == {"product_family", "zone", "need"}


@pytest.mark.parametrize("family", ["internet_line", "filtering", "vpn", "account", "unknown"])
def test_nobody_is_asked_who_owns_an_internet_cut(book: Rulebook, family: str) -> None:
    known: dict[str, FactValue] = {"category": "network", "product_family": family, "need": "breakdown"}
    for role in ("enseignant", "rupn"):
        asked = next_questions(book, {**known, "reporter_role": role}, {}, AT)
        assert not [question.fact for question in asked if question.settles_party]


def test_a_device_of_the_network_has_an_owner(book: Rulebook) -> None:
    known: dict[str, FactValue] = {"category": "network", "product_family": "wifi", "reporter_role": "rupn"}
    assert next_questions(book, known, {}, AT)[0].fact == "asset_owner"
    assert "asset_owner" not in facts_asked(book, {**known, "need": "access"})


def test_the_owner_of_a_computer_matters_to_an_application_only_when_the_computer_is_at_fault(
    book: Rulebook,
) -> None:
    known: dict[str, FactValue] = {
        "category": "metier_software",
        "software_origin": "etat",
        "reporter_role": "rupn",
        "product_family": "state_application",
    }
    assert facts_asked(book, known)[:1] == ["prerequisite"] and "asset_owner" not in facts_asked(book, known)
    assert facts_asked(book, {**known, "prerequisite": True})[0] == "asset_owner"
    assert facts_asked(book, {**known, "need": "access"})[:1] != ["prerequisite"]


def test_a_lesson_isnt_asked_about_attacks_nor_stolen_data(book: Rulebook) -> None:
    for need in ("training", "advice"):
        asked = facts_asked(book, {"category": "hardware", "need": need, "reporter_role": "enseignant"})
        assert not {"security_suspected", "personal_data_exposed"} & set(asked)


def test_an_answer_given_counts_even_where_nobody_asks(book: Rulebook) -> None:
    known: dict[str, FactValue] = {"category": "network", "product_family": "internet_line"}
    assert outcome(book, {**known, "asset_owner": "personal"})[0] != outcome(book, known)[0]


def facts_asked(book: Rulebook, known: dict[str, FactValue]) -> list[str]:
    return [question.fact for question in next_questions(book, known, {}, AT)]
