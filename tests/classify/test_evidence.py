"""What is shown as the reason of a category: words that explain it, and nobody's secret on the list of alarms."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from router.classify import Classifier
from router.classify.fold import fold_text
from router.classify.personal_data import find_personal_data

WHEN = st.sampled_from(
    ["mardi", "24", "novembre", "vers", "10h15", "hier soir", "1er", "9", "à", "le", "jeudi", "14h"]
)
SAID = st.sampled_from(
    ["virus", "mdp : Soleil24", "06 12 34 56 78", "piraté", "Kevin Durand", "a@example.org", "&eacute;", "<b>",
     "e\u0301", "cliqué sur un lien"]
)  # fmt: skip
WHAT = st.sampled_from(
    ["plus de réseau", "wifi coupé", "salle 12", "Pronote", "écran noir", "virus", "mot de passe"]
)


@given(st.lists(st.one_of(WHEN, WHAT), max_size=12).map(" ".join))
def test_no_reason_is_made_of_days_and_hours_alone(classifier: Classifier, text: str) -> None:
    telling = set(fold_text("plus réseau wifi coupé salle Pronote écran noir virus mot passe").split())
    for words in classifier.classify("", text).evidence:
        assert telling.intersection(fold_text(words).split()), words


def test_a_class_or_a_kind_of_network_explains(classifier: Classifier) -> None:
    found = classifier.classify("", "Mardi 24 novembre vers 10h15, plus de réseau pour la 6eB en 4g")
    assert "réseau" in " ".join(found.evidence)
    assert not any(
        words in ("Mardi 24 novembre", "10h15", "24 novembre vers 10h15") for words in found.evidence
    )


@pytest.mark.parametrize(
    ("text", "secrets"),
    [
        ("Un inconnu a demandé le tel de sa mère 06 12 34 56 78", ("06", "78")),
        ("Le mot de passe de ma mère est chaton, un élève l'a piraté", ("chaton",)),
        ("mdp : Doudou2013 donné à un inconnu par mail", ("Doudou2013",)),
        ("Il a volé mon numéro de sécu 2 85 05 78 006 084 42, je suis piratée", ("2 85", "42")),
        ("Kevin Durand a piraté mon compte avec un virus", ("Kevin", "Durand")),
    ],
)
def test_the_list_of_alarms_highlights_nobody_and_no_secret(
    classifier: Classifier, text: str, secrets: tuple[str, ...]
) -> None:
    shown = " ".join(classifier.alarming("", text))
    assert shown and not any(secret in shown for secret in secrets), shown


@given(st.lists(SAID, max_size=10).map(" ".join))
def test_alarms_are_her_own_words_and_none_is_personal(classifier: Classifier, text: str) -> None:
    for words in classifier.alarming("", text):
        assert words in text
        assert not any(one.words == words for one in find_personal_data(text))
