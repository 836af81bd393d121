"""The cases of tests/cases, in the words of the trade: facts → who, told, rule. Every rule has at least one."""

from collections import Counter
from itertools import pairwise

import pytest

from router.rulebook.book import Rulebook
from tests.rulebook.cases import Case, complaints, copied, decision_of, shipped_cases

CASES = shipped_cases()
SOUND = {
    "title": "Un poste à l'inventaire",
    "facts": {"category": "hardware", "asset_owner": "departement"},
    "responsible": "departement_maintenance",
    "inform": [],
    "rule": "materiel-inventorie",
    "articles": ["3.1.3", "3.1.1", "L213-2"],
    "reason": "L'inventaire le porte.",
}


@pytest.mark.parametrize("case", [pytest.param(case, id=f"{case.file}: {case.title}") for case in CASES])
def test_case(book: Rulebook, case: Case) -> None:
    found = complaints(book, case)
    assert not found, "\n" + "\n".join(found)


def test_there_are_cases_enough_and_none_is_told_twice(book: Rulebook) -> None:
    assert len(CASES) >= 200
    titles = sorted(case.title for case in CASES)
    assert [one for one, other in pairwise(titles) if one == other] == []
    questions = [repr([case.told.get(key) for key in ("facts", "convention", "at")]) for case in CASES]
    assert {question for question, count in Counter(questions).items() if count > 1} == set()


def test_every_rule_has_a_case(book: Rulebook) -> None:
    told = {case.told["rule"] for case in CASES}
    local = [rule for convention in book.conventions.values() for rule in convention.rules]
    rules = {rule.id for rule in (*book.rules, *local)} | {book.incoherent.id if book.incoherent else ""}
    assert rules - told == set()
    assert told - rules == set()


def test_every_obligation_and_priority_is_met_by_a_case(book: Rulebook) -> None:
    decisions = [decision_of(book, case.told) for case in CASES]
    met = {information.obligation for decision in decisions for information in decision.informations}
    local = [obligation for c in book.conventions.values() for obligation in c.obligations]
    assert {obligation.id for obligation in (*book.obligations, *local)} - met == set()
    assert {decision.priority for decision in decisions} >= {rule.priority for rule in book.priorities}


def test_every_answer_that_matters_is_met_by_a_case(book: Rulebook) -> None:
    """Each value of each fact but the family of a product: there are too many of those, and the rules name the rest."""
    met = {(name, value) for case in CASES for name, value in case.told["facts"].items()}
    left = {
        (name, value)
        for name, fact in book.vocabulary.facts.items()
        for value in fact.values
        if name != "product_family" and value not in ("unknown", False) and (name, value) not in met
    }
    assert left == set()


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        (
            {"rule": "materiel-etat"},
            "pour la règle, le cas attend « materiel-etat » ; le recueil répond « mate",
        ),
        (
            {"responsible": "rupn"},
            "pour le responsable, le cas attend « rupn » ; le recueil répond « departement_main",
        ),
        ({"inform": ["dpo"]}, "pour qui est prévenu, le cas attend « dpo » ; le recueil répond personne."),
        (
            {"articles": ["3.1.3"]},
            "pour les articles, le cas attend « 3.1.3 » ; le recueil répond « 3.1.3 », « 3.1.1",
        ),
        ({"priority": "high"}, "pour la priorité, le cas attend « high » ; le recueil répond « normal »."),
        ({"articles": []}, "« articles » est vide."),
        ({"reason": ""}, "« reason » est vide."),
        ({"reason": None}, "« reason » est vide."),
        (
            {"reason": "LE MATERIEL est à l'inventaire du Département, qui le dépanne !"},
            "« reason » recopie la phrase de la règle : dites pourquoi avec vos mots.",
        ),
        ({"facts": {"categorie": "hardware"}}, "« categorie » n'est pas un fait du vocabulaire."),
        ({"facts": {"zone": "cave"}}, "« cave » n'est pas une réponse possible à « Lieu »."),
        ({"convention": "demo-est"}, "il n'y a pas de convention « demo-est »."),
        ({"because": "…"}, "« because » n'est pas une ligne connue."),
    ],
)
def test_a_faulty_case_is_told_in_plain_words(book: Rulebook, changed: dict[str, object], message: str) -> None:
    (found,) = complaints(book, Case("materiel.toml", {**SOUND, **changed}))
    assert found.startswith(f"materiel.toml, « Un poste à l'inventaire » : {message}")


@pytest.mark.parametrize("key", ["facts", "responsible", "inform", "rule", "articles", "reason"])
def test_a_line_left_out_is_named(book: Rulebook, key: str) -> None:
    case = Case("materiel.toml", {name: value for name, value in SOUND.items() if name != key})
    assert complaints(book, case) == (
        f"materiel.toml, « Un poste à l'inventaire » : il manque la ligne « {key} ».",
    )


def test_a_sound_case_stands_and_a_short_likeness_is_no_copy(book: Rulebook) -> None:
    assert complaints(book, Case("materiel.toml", SOUND)) == ()
    assert not copied(
        "Le poste est à l'inventaire du Département.", "Le matériel est à l'inventaire du Département."
    )
