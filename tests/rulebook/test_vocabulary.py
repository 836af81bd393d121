"""Facts: layers, precedence, defaults, derivation, and clear refusals."""

from typing import Any

import pytest

from router.model.words import Source
from router.rulebook.book import Rulebook
from router.rulebook.vocabulary import FactError, FactKind


def test_the_first_layer_that_knows_wins(book: Rulebook) -> None:
    facts = book.vocabulary.resolve(
        [
            (Source.DECLARED, {"category": "hardware", "asset_owner": "unknown", "zone": None}),
            (Source.INVENTORY, {"asset_owner": "etat", "zone": "pedagogique"}),
            (Source.CATALOGUE_PRODUCT, {"category": "metier_software", "software_origin": "etat"}),
            (Source.CLASSIFIER, {"category": "network", "need": "breakdown"}),
        ]
    )
    assert (facts.value("category"), facts.items["category"].source) == ("hardware", Source.DECLARED)
    assert (facts.value("asset_owner"), facts.items["asset_owner"].source) == ("etat", Source.INVENTORY)
    assert facts.value("zone") == "pedagogique"
    assert facts.items["software_origin"].source is Source.CATALOGUE_PRODUCT
    assert facts.items["scope"].source is Source.UNKNOWN
    assert set(facts.items) == set(book.vocabulary.facts)


def test_a_declared_false_is_an_answer(book: Rulebook) -> None:
    layers = [(Source.DECLARED, {"prerequisite": False}), (Source.CATALOGUE_TEXT, {"prerequisite": True})]
    assert book.vocabulary.resolve(layers).value("prerequisite") is False


@pytest.mark.parametrize(
    ("role", "done"), [("rupn", True), ("technicien", True), ("enseignant", False), ("unknown", False)]
)
def test_the_first_level_is_done_when_a_rupn_or_technician_reports(
    book: Rulebook, role: str, done: bool
) -> None:
    facts = book.vocabulary.resolve([(Source.DECLARED, {"reporter_role": role})])
    assert facts.value("first_level_done") is done
    assert (facts.items["first_level_done"].source is Source.DECLARED) is done


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("asset_ownr", "etat", "vouliez-vous « asset_owner »"),
        ("asset_owner", "etatt", "vouliez-vous « etat »"),
        ("asset_owner", True, "un mot entre guillemets"),
        ("asset_owner", 3, "un mot entre guillemets"),
        ("asset_owner", ["etat"], "un mot entre guillemets"),
        ("prerequisite", "true", "true ou false, sans guillemets"),
        ("prerequisite", 1, "true ou false"),
        ("x" * 5_000, "y", "n'existe pas"),
    ],
)
def test_a_wrong_fact_is_refused_with_its_mend(book: Rulebook, name: str, value: Any, words: str) -> None:
    with pytest.raises(FactError) as refusal:
        book.vocabulary.resolve([(Source.DECLARED, {name: value})])
    assert refusal.value.field == f"facts.{name}"
    assert words in refusal.value.message


def test_every_fact_is_shown_and_asked_or_sourced(book: Rulebook) -> None:
    for fact in book.vocabulary.facts.values():
        assert fact.label
        assert bool(fact.question) != bool(fact.source)
        assert all(fact.values.values())
        assert (fact.kind is FactKind.BOOL) == (set(fact.values) == {True, False})
    assert book.vocabulary.label("prerequisite", True) == "Oui"
    assert book.vocabulary.label("category", "network") == "Réseau, internet"
