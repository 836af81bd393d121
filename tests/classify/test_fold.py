"""Folding forgets accents and case, and never forgets where it came from."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from router.classify.fold import fold, fold_text


def test_spellings_of_one_name_share_a_key() -> None:
    assert fold_text("ÉLÉA") == fold_text("Elea") == "elea"
    assert fold_text("Œuvre") == "oeuvre"
    assert fold_text("L’Éduc de Normandie") == fold_text("l'educ DE normandie")
    assert fold_text("Op@le") == "opale"
    assert fold_text("M@gistère") == "magistere"


def test_a_decomposed_accent_stays_with_its_letter_when_quoted() -> None:
    text = unicodedata.normalize("NFD", "la clé cassée")
    folded = fold(text)
    word = list(folded.words())[1]
    assert word.text == "cle"
    assert folded.quote(word.start, word.end) == unicodedata.normalize("NFD", "clé")


def test_tags_and_addresses_are_not_read() -> None:
    assert fold_text("<p class='wifi'>écran</p> noir, jean.martin@example.org") == "ecran noir"


@given(st.text(max_size=300))
def test_every_word_quotes_a_piece_of_the_original(text: str) -> None:
    folded = fold(text)
    for word in folded.words():
        assert folded.quote(word.start, word.end) in text
