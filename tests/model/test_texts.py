"""What can't be seen goes; what people really write stays."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from router.model.texts import seen


@pytest.mark.parametrize(
    ("given_text", "kept"),
    [
        ("Pro\u200bnote", "Pronote"),
        ("\ufeffPronote", "Pronote"),
        ("facture\u202efdp.exe", "facturefdp.exe"),
        ("\u2066caché\u2069", "caché"),
        ("a\u200eb\u200fc\u061cd", "abcd"),
        ("mot\u00ad de passe", "mot de passe"),
        ("zéro\x00 \x1b[31mrouge\x9b", "zéro [31mrouge"),
        ("jointe\u200dment", "jointement"),
        ("fin\u200d", "fin"),
        ("une ligne\u2028une autre", "une ligne\nune autre"),
    ],
)
def test_what_cannot_be_seen_goes(given_text: str, kept: str) -> None:
    assert seen(given_text) == kept


@pytest.mark.parametrize(
    "text",
    [
        "Panne\u202f: « rien ne va\u00a0» !",
        "L’écran de l’élève, œuvre, Éléa, ça",
        "e\u0301crit de\u0301compose\u0301",
        "\U0001f469\u200d\U0001f3eb en salle, \U0001f468\u200d\U0001f469\u200d\U0001f467",
        "\U0001f3f3\ufe0f\u200d\U0001f308 et \u2764\ufe0f\u200d\U0001f525",
        "\U0001f44d\U0001f3fd\u200d\u2642\ufe0f",
        "première ligne\r\nseconde\tcolonne",
        "مرحبا שלום",
    ],
)
def test_what_people_write_stays(text: str) -> None:
    assert seen(text) == text


@given(st.text())
def test_once_is_enough(text: str) -> None:
    assert seen(seen(text)) == seen(text)
