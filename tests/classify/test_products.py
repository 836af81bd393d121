"""The catalogue names the products of collèges, and they are found as people write them."""

import tomllib

import pytest

from router.classify import Classifier, find_product, find_products
from router.classify.corpus import RULES, catalogue_entries
from router.classify.fold import fold_text


def test_the_catalogue_is_wide_and_no_name_has_two_owners() -> None:
    products = catalogue_entries()
    assert len(products) >= 220
    owners: dict[str, str] = {}
    for product in products:
        for name in (product.name, *product.synonyms, *product.misspellings):
            assert owners.setdefault(fold_text(name), product.id) == product.id, name
    assert len({product.id for product in products}) == len(products)


def test_facts_are_words_of_the_vocabulary() -> None:
    facts = tomllib.loads((RULES / "vocabulary.toml").read_text(encoding="utf-8"))["facts"]
    for product in catalogue_entries():
        assert "product_family" in product.facts
        for name, value in product.facts.items():
            assert value in facts[name]["values"], (product.id, name, value)


def test_gfc_is_replaced_by_opale_and_keeps_its_facts() -> None:
    products = tomllib.loads((RULES / "catalogue.toml").read_text(encoding="utf-8"))["product"]
    gfc = next(product for product in products if product["id"] == "gfc")
    assert gfc["until"].isoformat() == "2027-01-01"
    assert gfc["replaced_by"] == "opale"
    assert gfc["facts"]["category"] == "metier_software"
    assert "Op@le" in gfc["note"]


@pytest.mark.parametrize(
    ("text", "product", "words"),
    [
        ("je ne peux pas ouvrir Op@le ce matin", "opale", "Op@le"),
        ("OPALE PLANTE", "opale", "OPALE"),
        ("impossible d'aller sur l'E-Sidoc", "esidoc", "E-Sidoc"),
        ("deux bornes wi-fi éteintes", "borne-wifi", "bornes wi-fi"),
        ("les Vidéo-projecteurs du 2e", "videoprojecteur", "Vidéo-projecteurs"),
        ("m@gistere ne valide rien", "magistere", "m@gistere"),
        ("le T.B.I. est décalé", "tbi", "T.B.I"),
        ("robots Thymio en panne", "thymio", "robots Thymio"),
    ],
)
def test_a_product_is_found_with_the_words_used(
    classifier: Classifier, text: str, product: str, words: str
) -> None:
    mentions = {mention.product_id: mention for mention in find_products(classifier.index, text)}
    assert mentions[product].words == words
    assert mentions[product].exact


@pytest.mark.parametrize(
    ("text", "product"),
    [
        ("pronnotte", "pronote"),
        ("Cyclaades", "cyclades"),
        ("imprimantte", "imprimante"),
        ("vidéoprojectuer", "videoprojecteur"),
        ("afellnet", "affelnet"),
    ],
)
def test_a_slip_is_mended_and_said(classifier: Classifier, text: str, product: str) -> None:
    mention = find_product(classifier.index, text)
    assert mention is not None
    assert mention.product_id == product


def test_ordinary_words_are_not_products(classifier: Classifier) -> None:
    text = "il a encore un souci au début, entre le module et l'école, sans intérêt pour les délégués"
    assert find_products(classifier.index, text) == ()


def test_an_article_and_a_noun_are_no_name(classifier: Classifier) -> None:
    """« la classe » is no Laclasse.com; « le livre scolaire » is the name of one."""
    assert find_products(classifier.index, "deux élèves de la classe") == ()
    found = find_products(classifier.index, "laclasse, La classe.com, le livre scolaire")
    assert [mention.product_id for mention in found] == ["laclasse", "lelivrescolaire"]


def test_a_declared_name_that_nobody_knows_is_nothing(classifier: Classifier) -> None:
    assert find_product(classifier.index, "") is None
    assert find_product(classifier.index, "truc bleu machin") is None


def test_finding_twice_gives_the_same(classifier: Classifier) -> None:
    text = "pronotte et SIECLE et le vidéoproj"
    assert find_products(classifier.index, text) == find_products(classifier.index, text)
