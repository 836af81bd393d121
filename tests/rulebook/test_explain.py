"""The trace, the table and the remarks."""

import json
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from router.model.incident import UNKNOWN, Facts
from router.model.words import Party, Source
from router.rulebook.book import Rulebook
from router.rulebook.decide import decide
from router.rulebook.explain import trace
from router.rulebook.load import load_book
from router.rulebook.remarks import remarks
from router.rulebook.tables import competence_table
from tests.rulebook.conftest import AT

CASES = tomllib.loads((Path(__file__).parent / "explanations.toml").read_text(encoding="utf-8"))["case"]


def test_the_trace_says_who_why_and_what_would_change(book: Rulebook, declare: Callable[..., Facts]) -> None:
    found = trace(book, declare(category="hardware", asset_owner="etablissement"), AT)
    assert found.rule.id == "materiel-sans-accord"
    assert found.sentence.startswith("Référent numérique du collège (RUPN) : Acheté sur fonds propres")
    assert found.sentence.endswith("(article 3.1.3).")
    sentences = [change.sentence for change in found.changes]
    assert "Si l'État avait fourni le matériel, ce serait l'académie." in sentences
    assert any(
        text.startswith("Si le matériel était inscrit à l'inventaire du Département,") for text in sentences
    )


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["title"])
def test_what_would_have_changed_reads_like_french(
    book: Rulebook, declare: Callable[..., Facts], case: dict[str, Any]
) -> None:
    found = trace(book, declare(**case["facts"]), AT, convention=case.get("convention"))
    assert found.responsible == case["responsible"]
    sentences = [change.sentence for change in found.changes]
    assert set(case["says"]) <= set(sentences), sentences
    assert not [text for text in sentences if any(words in text for words in case.get("silent", ()))]


def test_every_value_and_party_has_its_words(book: Rulebook) -> None:
    for name, fact in book.vocabulary.facts.items():
        said = fact.supposed or all(value in fact.supposing for value in fact.values if value != UNKNOWN)
        assert said, name
    assert all(party.said for party in book.parties.values())


def test_every_change_said_is_true(book: Rulebook, declare: Callable[..., Facts]) -> None:
    facts = declare(category="metier_software", software_origin="etat", prerequisite=True)
    for change in trace(book, facts, AT).changes:
        for value in change.values:
            other = book.slice_at(AT).index.winner({**facts.values(), change.fact: value})
            assert other.assign is change.responsible
            assert other.assign is not Party.DEPARTEMENT_MAINTENANCE


def test_the_rules_before_the_winner_say_what_they_lacked(
    book: Rulebook, declare: Callable[..., Facts]
) -> None:
    found = trace(book, declare(category="hardware", asset_owner="etat"), AT)
    tried = {rule.rule: [lack.fact for lack in rule.lacks] for rule in found.tried}
    assert tried["materiel-personnel"] == ["asset_owner"]
    assert tried["alerte-securite"] == ["category"]
    assert all(tried.values())


def test_the_trace_is_json(book: Rulebook, declare: Callable[..., Facts]) -> None:
    facts = declare(category="network", product_family="eole_server")
    told = json.loads(json.dumps(trace(book, facts, AT, convention="demo-nord").to_json()))
    assert (told["rule"], told["local"]) == ("nord-serveurs-eole", "demo-nord")
    assert told["also"][0] == "serveur-eole"
    assert told["facts"]["category"] == {"value": "network", "source": "declared"}


def test_guessed_names_only_guesses_that_could_change_the_party(book: Rulebook) -> None:
    layers = [
        (Source.DECLARED, {"asset_owner": "departement"}),
        (Source.CATALOGUE_TEXT, {"product_family": "projector"}),
        (Source.CLASSIFIER, {"category": "hardware"}),
    ]
    assert decide(book, book.vocabulary.resolve(layers), AT).guessed == ("category",)


def test_the_table_has_a_row_per_rule_in_order(book: Rulebook) -> None:
    rows = competence_table(book, AT, "demo-nord")
    part = book.slice_at(AT, "demo-nord")
    assert [row.rule for row in rows] == [rule.id for rule in part.rules]
    alert = next(row for row in rows if row.rule == "alerte-securite")
    assert alert.told == (Party.PRINCIPAL,)
    assert set(alert.told_sometimes) == {Party.ACADEMIE_DSI, Party.DEPARTEMENT_MAINTENANCE, Party.DPO}
    assert sum(row.local for row in rows) == 3
    assert alert.conditions[0].startswith("Type d'incident : Sécurité ; Besoin :")


def test_the_shipped_book_declares_its_overlaps(book: Rulebook) -> None:
    assert {remark.code for remark in remarks(book)} <= {"AIG903"}


def test_undeclared_overlaps_and_open_negations_are_remarked(sources: dict[str, str]) -> None:
    name = "routing/70-ressources.toml"
    text = sources[name].replace(
        'overrides = ["plateforme-etat", "ressource-etat", ', 'overrides = ["plateforme-etat", '
    )
    text = text.replace(
        "software_origin == 'departement'",
        "software_origin not in ['etat', 'etablissement', 'none', 'unknown']",
    )
    text = text.replace("scope in ['person', 'room', 'site', 'unknown']", "scope != 'several_sites'")
    found = {
        remark.code: remark for remark in remarks(load_book({**sources, name: text})) if remark.file == name
    }
    assert "« ressource-etat »" in found["AIG902"].message
    assert "scope" in found["AIG901"].message
