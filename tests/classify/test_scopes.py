"""Who is touched, and whether the words say anything at all."""

import pytest

from router.classify import Classifier


@pytest.mark.parametrize(
    ("text", "scope", "words"),
    [
        ("Plus d'internet dans TOUT LE COLLÈGE", "site", "TOUT LE COLLÈGE"),
        ("Aucune salle n'a de wifi", "site", "Aucune salle"),
        ("proxy introuvable sur tous les postes de la salle 14", "room", "tous les postes de la salle"),
        ("L'écran de mon ordinateur est noir", "person", "mon ordinateur"),
        ("mon PC, et tout le collège avec", "site", "tout le collège"),
        ("Pronote en panne, d'autres collèges aussi", "several_sites", "d'autres collèges"),
        ("Ce n'est pas tout le collège : une tablette", None, None),
        ("ça ne touche pas tous les postes", None, None),
        ("tout le collège marche bien, la salle 3 non", None, None),
        ("Le vidéoprojecteur de la salle 204 ne s'allume plus", None, None),
        ("tout le monde arrive à imprimer sauf moi", "person", "sauf moi"),
        ("tout le monde sauf moi a accès à Pronote", "person", "sauf moi"),
        ("tous les postes impriment sauf le mien", "person", "sauf le mien"),
        ("les autres y arrivent, moi non", "person", "moi non"),
        ("Les autres n'y arrivent pas, moi non plus", None, None),
        ("L'élève rit. Moi pas.", None, None),
        ("Tous les ordinateurs sont en panne sauf le mien", "site", "Tous les ordinateurs"),
        ("Plus personne ne peut imprimer, sauf moi", "site", "Plus personne ne"),
        ("Tout le collège est coupé. Le matin, chacun y accède sauf moi", "site", "Tout le collège"),
    ],
)
def test_who_is_touched_is_read_with_its_words(
    classifier: Classifier, text: str, scope: str | None, words: str | None
) -> None:
    found = classifier.classify(text, "")
    assert (found.scope, found.scope_evidence) == (scope, words)


@pytest.mark.parametrize(
    "text",
    [
        "bonjour",
        "Bonjour madame, merci",
        "aide svp",
        "ça marche pas",
        "compte",
        "pronote",
        "pb",
        "zzz qqq",
        "12",
    ],
)
def test_nothing_rests_on_words_that_say_nothing(classifier: Classifier, text: str) -> None:
    assert not classifier.classify(text, "").telling


@pytest.mark.parametrize(
    "text",
    [
        "vpi hs",
        "plus internet",
        "imprimante en panne",
        "mot de passe oublié",
        "pb de compte elea pour un eleve",
        "piratage",
        "g cliké sur un lien chelou",
        "rançon",
    ],
)
def test_few_words_may_say_enough_and_an_attack_always_does(classifier: Classifier, text: str) -> None:
    assert classifier.classify(text, "").telling
