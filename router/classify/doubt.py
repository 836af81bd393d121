"""A doubt about security: the words may speak of an attack, and don't say so. One plain question settles it.

A score only asks. What becomes a fact is what a person answers."""

from collections.abc import Callable

from router.classify.features import Reading
from router.classify.language import UNREADABLE
from router.classify.lexicon import Lexicon
from router.classify.needs import CALM
from router.model.incident import FRENCH

DOUBTED_OVER = 0.2
"""Probability of security that is enough to ask, and beside a plain sign of an attack to say it."""

LIKELIER_THAN_NOT = 0.5
"""Probability of security from which the detector fires in a language read badly."""

PLAIN_OVER = 0.9
"""Confidence that is enough to say an attack without asking, in a language read badly; and to ask, of one sentence
among others."""


def doubted(
    reading: Reading,
    security: float,
    need: str | None,
    *,
    suspected: bool,
    sure: bool,
    telling: bool,
    language: str,
    told_apart: bool,
    beside: Callable[[], bool],
) -> bool:
    """`suspected`: the detector fires; `sure`: its answer is one to rely on; `telling`: the words say something;
    `told_apart`: the detector fires too without the
    clauses that ask for training, advice or data (« un conseil svp : tous nos documents ont changé de nom »): such a
    need, only read in the words, must not hush it. Who asks for them and tells nothing else is not doubted; nor is a
    text whose language we read badly, where a low probability says nothing: there a word of an attack asks. What is
    in letters nobody here reads is doubted: only she knows what it says. `beside`, asked last as it reads the words
    once more: an attack is told plainly in one sentence among others, or in what was set aside as not hers."""
    if language == UNREADABLE:
        return True
    calm = need in CALM
    if suspected and telling:
        return (told_apart or reading.attacked or reading.hinted) if calm else not sure
    if reading.hinted or (telling and reading.attacked):
        return True
    if telling and language != FRENCH:
        return any(hit.group.foreign for hit in reading.cues)
    return (telling and not calm and security >= DOUBTED_OVER) or beside()


def beside_the_request(reading: Reading) -> list[bool]:
    """Of each word, whether its clause asks for no training, advice or data."""
    asked = {
        reading.words[hit.first].clause
        for hit in reading.cues
        if hit.group.need in CALM and not hit.group.value
    }
    return [word.clause not in asked for word in reading.words]


def question_for(reading: Reading, lexicon: Lexicon) -> str:
    """The question of the lexicon that suits the words: the first, in the order of its file, one of whose cues stands
    in a clause that doesn't deny it. Empty when none does."""
    said = {hit.group.question for hit in reading.cues if not reading.cleared[hit.first]}
    return next((group.question for group in lexicon.groups if group.question and group.question in said), "")
