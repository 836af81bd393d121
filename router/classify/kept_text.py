"""A text as it may be kept to learn from: cut where the model stops reading, and masked. Pure.

What the mask doesn't know by its form it knows by name: the words of whoever reports are masked wherever they stand."""

import re
from collections.abc import Iterable

from router.classify.classifier import Classifier
from router.classify.features import Reading
from router.classify.fold import fold_text
from router.classify.personal_data import MASKS, find_personal_data, masked
from router.model.words import PersonalKind

LONGEST_KEPT = 4_000
SHORTEST_NAME = 3  # « de », « le » would be masked everywhere
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_NAME = MASKS[PersonalKind.NAME]
_NAMES_IN_A_ROW = re.compile(rf"{re.escape(_NAME)}(?:[ \t'’-]*{re.escape(_NAME)})+")


def kept_text(classifier: Classifier, subject: str, body: str, people: Iterable[str] = ()) -> tuple[str, str]:
    """(subject, body) without quoted replies, signatures and personal data; `people`: names known beforehand.

    Only the names of products are spared: a word too many masked does no harm here."""
    reading = classifier.read(subject, body)
    spared = classifier.names
    names = frozenset(
        word
        for name in people
        for word in fold_text(name).replace("-", " ").replace("'", " ").split()
        if len(word) >= SHORTEST_NAME
    )
    kept = (
        _masked(_read_part(reading, each, text), names, spared) for each, text in enumerate((subject, body))
    )
    first, second = (text.strip()[:LONGEST_KEPT] for text in kept)
    return first, second


def _read_part(reading: Reading, segment: int, text: str) -> str:
    """Up to the last word the model reads: what follows is a signature, or somebody else's words."""
    ends = [word.end for word in reading.words if word.segment == segment]
    folded = reading.segments[segment]
    return text[: folded.origins[max(ends) - 1] + 1] if ends else ""


def _masked(text: str, names: frozenset[str], spared: frozenset[str]) -> str:
    """By form first: what is found keeps its kind."""
    shown = masked(text, find_personal_data(text, spared))
    if names:
        shown = _WORD.sub(lambda found: _NAME if fold_text(found[0]) in names else found[0], shown)
    return _NAMES_IN_A_ROW.sub(_NAME, shown)
