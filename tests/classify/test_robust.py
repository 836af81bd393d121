"""Whatever is pasted in a form is read calmly: cases as data, properties over any text, no catastrophe of time."""

import tomllib
from collections.abc import Callable
from pathlib import Path
from time import process_time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from router.classify import Classifier
from router.classify.corpus import catalogue_entries, lexicon_sources
from router.classify.features import LONGEST_TEXT
from router.classify.fold import fold
from router.classify.kept_text import kept_text
from router.classify.personal_data import find_personal_data, masked

CASES: list[dict[str, Any]] = tomllib.loads(Path(__file__).with_name("robust.toml").read_text("utf-8"))["case"]
SHIPPED = Classifier.load(lexicon_sources(), catalogue_entries())
ODD = st.text(
    st.one_of(st.characters(), st.sampled_from("<>&;@\u200b\u202e\u0301\x00\ud800\n\t\"'аіο0123456789")),
    max_size=300,
)
BITS = st.lists(
    st.sampled_from(
        ["mdp: ", "Le 3 nov. 2026, X a écrit :\n", "> cité\n", "De : a\nEnvoyé : b\n", "&eacute;", "&#233;", "<b>",
         "<style>", "</style>", "<!--", "-->", "virus ", "cliqué sur ", "M. Untel ", "06 12 34 56 78 ", "\u200b",
         "e\u0301", "а", "\ud800", "\x00", "the ", "is ", "Cordialement\n", "-- \n", "a@example.org ", "🙂", "Pronote ",
         "<blockquote>", "</blockquote>", "<br>", "<div class=\"gmail_quote\">", "</div>", "<< ", " >>", "PS : "]
    ),
    max_size=30,
).map("".join)  # fmt: skip
ANY_TEXT = st.one_of(ODD, BITS)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["why"])
def test_what_people_paste(case: dict[str, Any]) -> None:
    subject, body = case.get("subject", ""), case["body"]
    found, read = SHIPPED.classify(subject, body), SHIPPED.read(subject, body).texts
    if "like" in case:
        assert read == SHIPPED.read("", case["like"]).texts
        assert found.scores == SHIPPED.classify("", case["like"]).scores
    assert found.language == case.get("language", found.language)
    assert found.category == case.get("category", found.category)
    assert found.abstained is case.get("abstains", found.abstained)
    assert found.doubt is case.get("doubt", found.doubt)
    assert not case.get("asked") or found.doubt or found.category == "security"
    assert set(case.get("words", ())) <= set(read)
    assert all(words in subject or words in body for words in found.evidence)


@given(ANY_TEXT, ANY_TEXT)
@settings(max_examples=200, deadline=None)
def test_any_text_is_read_the_same_twice_and_quoted_from_itself(subject: str, body: str) -> None:
    found = SHIPPED.classify(subject, body)
    assert found == SHIPPED.classify(subject, body)
    assert sum(found.scores.values()) == pytest.approx(1)
    assert all(words and (words in subject or words in body) for words in found.evidence)
    assert not (found.doubt_question and not found.doubt)


@given(ANY_TEXT)
@settings(max_examples=200, deadline=None)
def test_a_masked_text_masked_again_is_the_same(text: str) -> None:
    once = masked(text, find_personal_data(text))
    assert masked(once, find_personal_data(once)) == once


@pytest.mark.parametrize(
    "piece",
    ["\n", "\r\n", " ", "mdp:", "mdp : ", "M. A ", "<", "<a ", "<style>", "<!--", "&", "a@", "a.", ">\n", "de : a\n",
     "le a\n", "le 1 ", "e\u0301", "\u0301", "\u200b", "\ud800", "a", " a", "virus ", "perdu x ", "1 rue ", "élève ",
     "Kevin ", "Kevin de ", "KEVIN, ", "K. ", "code ", "erreur code ", "tapé x comme ", "rue de la ", "FR76 30",
     "&amp;", "r<b>", "&nbsp;M. ", "<b>Mme </b>A", "<a>06 12", "mdp : ab ", "mdp de ", "code de ", "Mme De La ", "Xia ",
     "<!-- a@b.fr -->",
     "<p>", "a<blockquote>b</blockquote>", "<div class=\"gmail_quote\">", "<div class=", "</p", "le 3 a\n", "le 3 nov ",
     "a\n>b\n", "cdt\nps : a\n", "-- \n", "<< ", "sauf moi ", "tout le monde, sauf moi ", "les autres oui, moi non, ",
     "la classe ", "pas besoin de formation ", "peut-on publier les notes "],
    ids=repr,
)  # fmt: skip
def test_no_text_takes_more_than_its_length(piece: str) -> None:
    """Four times the text, four times the work: a square would be sixteen times."""

    assert _grows_as_its_length(
        lambda length: (piece * (length // len(piece) + 1))[:length], _read_and_searched
    )


@pytest.mark.parametrize(
    "blank", [" ", "\t", "\n", "\u00a0", "\u202f", "\u200b", "0", ".", "-", "/", "A", "_", "@", ","], ids=repr
)
@pytest.mark.parametrize(
    "start", ["", "mdp:", "mdp : «", "mot de passe est", "code", "élève", "M.", "1", "1 rue", "06", "+33", "FR76",
              "INE", "a@a", "Abc", "BP", "mdp : abc", "code du", "Mme de", "madame", "<b>", "carte", "4970"],
    ids=repr,
)  # fmt: skip
def test_one_long_run_after_any_form_is_masked_at_once(start: str, blank: str) -> None:
    """A square of 20 000 blanks is sixteen times that of 5 000."""
    assert _grows_as_its_length(lambda length: start + blank * (length - len(start)), _kept)


def _read_and_searched(text: str) -> None:
    SHIPPED.classify("", text)
    find_personal_data(text)


def _kept(text: str) -> None:
    kept_text(SHIPPED, "", text)
    find_personal_data(text)


def _grows_as_its_length(text_of: Callable[[int], str], work: Callable[[str], None]) -> bool:
    """Whether a text costs less than ten times its quarter: no time is looked at, only what one is worth of another."""

    def cost(length: int) -> float:
        text, best = text_of(length), float("inf")
        for _ in range(3):
            start = process_time()
            work(text)
            best = min(best, process_time() - start)
        return best

    return cost(LONGEST_TEXT) < 10 * max(cost(LONGEST_TEXT // 4), 0.005)


def test_a_word_without_end_is_read_by_its_beginning() -> None:
    (word,) = fold("pronote" * 3_000).words()
    assert len(word.text) == 64 and word.end == 21_000
