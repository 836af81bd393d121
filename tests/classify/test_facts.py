"""The cases of facts.toml, and what holds of any text: words cut out of it, nothing told by an empty one."""

import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from router.classify import Classifier
from router.classify.corpus import read_texts
from router.classify.facts import told_in
from router.classify.facts.tags import known_tag
from router.model.told import NOTHING_TOLD, Told, ToldFact, ToldKind
from tests.classify.steps import calls

CASES = tomllib.loads((Path(__file__).parent / "facts.toml").read_text(encoding="utf-8"))["case"]
KEYS = {"text", "told", "values", "not_told"}
PIECES = st.sampled_from(
    ["salle", "204", "b12", "s33", "PC-0412", "l'", "élèves", "28", "trois", "avant", "14h", "demain", "DNB", "œuvre",
     "j'ai", "redémarré", "câble", "changé", "ne", "pas", "perdu", "les bulletins", "marche", ".", ",", "\n", "ﬁn", "—",
     "oui", "ailleurs", "poste", "les", "4e", "C", "vendredi", "voit", "un élève", "notes", "«", "même",
     "la", "bureau", "de", "n°", "\u0301", "🙂", "jeudi", "des", "classe", "toute", "volé"]
)  # fmt: skip
TEXTS = st.lists(PIECES, max_size=25).map(" ".join)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["text"][:60])
def test_what_is_read_in_words(classifier: Classifier, case: dict[str, Any]) -> None:
    assert set(case) <= KEYS
    told = classifier.classify(case["text"], "").told
    for name, words in case.get("told", {}).items():
        assert words in [fact.words for fact in told.all_of(ToldKind(name))], (name, told)
    for name, value in case.get("values", {}).items():
        assert value in [fact.value for fact in told.all_of(ToldKind(name))], (name, told)
    for name in case.get("not_told", ()):
        assert told.of(ToldKind(name)) is None, told


def test_every_fact_has_cases_for_and_against() -> None:
    told = {name for case in CASES for name in case.get("told", {})}
    not_told = {name for case in CASES for name in case.get("not_told", ())}
    assert told == set(ToldKind) and not_told >= set(ToldKind) - {ToldKind.NEED}


@given(subject=TEXTS, body=TEXTS)
def test_the_words_are_always_hers(classifier: Classifier, subject: str, body: str) -> None:
    for fact in classifier.classify(subject, body).told.facts:
        assert fact.words and (fact.words in subject or fact.words in body)
        assert fact.value


def test_the_same_in_a_body_as_in_a_subject_and_nothing_in_none(classifier: Classifier) -> None:
    words = "Le vidéoprojecteur de la salle 204 ne s'allume plus, j'ai redémarré. DNB blanc jeudi."
    assert classifier.classify(words, "").told == classifier.classify("", words).told
    assert classifier.classify("", "  \n").told == NOTHING_TOLD


def test_a_signature_and_a_quoted_reply_tell_nothing(classifier: Classifier) -> None:
    body = "Pronote ne s'ouvre plus sur mon poste.\nCordialement,\nA. Ville, salle 204\n> avant lundi, salle 12"
    told = classifier.classify("Pronote", body).told
    assert told.of(ToldKind.ROOM) is None and told.of(ToldKind.DEADLINE) is None


def test_a_number_of_people_refines_who_is_touched_and_lowers_nothing(classifier: Classifier) -> None:
    found = classifier.classify("Trois collègues n'ont plus de son", "")
    assert (found.scope, found.scope_evidence) == ("room", "Trois collègues")
    assert classifier.classify("180 élèves n'ont plus de son", "").scope is None
    assert classifier.classify("Trois collègues, et tout le collège avec", "").scope == "site"


def test_a_tag_of_the_inventory_is_found_however_it_is_written() -> None:
    known = ["VP-204", "901-0012-0034", "INV 77"]
    assert known_tag("le vp204 est mort", known) == ("VP-204", "vp204")
    assert known_tag("VP 204, salle 12", known) == ("VP-204", "VP 204")
    assert known_tag("poste 901-0012-0034.", known) == ("901-0012-0034", "901-0012-0034")
    assert known_tag("salle 204", known) is None
    assert known_tag("rien ici", known) is None


def test_facts_are_replaced_and_refused_by_kind() -> None:
    told = Told((ToldFact(ToldKind.ROOM, "204", "s204"), ToldFact(ToldKind.TRIED, "restarted", "redémarré")))
    assert told.without(["room", "nothing"]).facts == told.facts[1:]
    assert told.without([]) is told
    again = told.with_fact(ToldFact(ToldKind.ROOM, "Salle 204", "s204"))
    assert [fact.value for fact in again.facts] == ["Salle 204", "restarted"]


def test_reading_the_facts_takes_less_than_reading_the_words(classifier: Classifier) -> None:
    texts = read_texts("dev")
    readings = [classifier.read(text.subject, text.body) for text in texts]  # and the words are remembered
    told = calls(lambda: [told_in(reading) for reading in readings])
    assert told < calls(lambda: [classifier.read(text.subject, text.body) for text in texts])


@pytest.mark.parametrize(
    "words",
    [
        "cdi salle 12 ",
        "bureau de paul ",
        "j'ai redémarré ",
        "perdu les bulletins ",
        "PC-0412 ",
        "28 élèves ",
        "poste 6 ",
        "les 4e C ",
        "chez moi pareil ",
        "dans le B si. ",
        "vote vendredi ",
        "un élève voit les notes d'un autre élève ",
    ],
)
def test_a_text_that_repeats_itself_costs_no_more_than_its_length(classifier: Classifier, words: str) -> None:
    long, short = (classifier.read("", words * (length // len(words))) for length in (20_000, 5_000))
    assert calls(lambda: told_in(long)) < 10 * max(calls(lambda: told_in(short)), 1_000)
