"""A text as it may be kept to learn from: cut where the model stops reading, and masked. Pure.

What the mask doesn't know by its form it knows by name: the words of whoever reports are masked wherever they stand."""

import re
from collections.abc import Iterable

from router.classify.classifier import Classifier
from router.classify.features import LONGEST_TEXT, Reading
from router.classify.fold import fold, fold_text
from router.classify.given_names import any_first_name
from router.classify.personal_data import MASKS, PersonalData, find_personal_data, masked
from router.classify.severe_mask import masked_severely, plain, unknown_secrets
from router.classify.shown_text import laid_bare
from router.model.words import PersonalKind

LONGEST_KEPT = 4_000
SHORTEST_NAME = 3  # « de », « le » would be masked everywhere
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_NAME = MASKS[PersonalKind.NAME]
_MARK = re.compile("|".join(re.escape(each) for each in MASKS.values()))
_BLANKS = re.compile(r"\s+")
_NAMES_IN_A_ROW = re.compile(rf"{re.escape(_NAME)}(?:[ \t'’-]{{0,8}}{re.escape(_NAME)})+")


def kept_text(classifier: Classifier, subject: str, body: str, people: Iterable[str] = ()) -> tuple[str, str]:
    """(subject, body) without quoted replies, signatures and personal data; `people`: names known beforehand.

    Only the names of products are spared: a word too many masked does no harm here."""
    reading = classifier.read(subject, body)
    people = tuple(people)
    kept = (
        masked_whole(classifier, _read_part(reading, each, text), people)
        for each, text in enumerate((subject, body))
    )
    first, second = (text.strip()[:LONGEST_KEPT] for text in kept)
    return first, second


def without_names(text: str, people: Iterable[str]) -> str:
    """The names known beforehand are masked wherever they stand."""
    names = _parts(people)
    shown = (
        _WORD.sub(lambda found: _NAME if fold_text(found[0]) in names else found[0], text) if names else text
    )
    return _NAMES_IN_A_ROW.sub(_NAME, shown)


def only_masks_more(stored: str, left: str) -> bool:
    """Whether `left` is nothing, or `stored` with marks of the mask in the place of some of its words."""
    whole, pieces = " ".join(stored.split()), [" ".join(each.split()) for each in _MARK.split(left)]
    if len(pieces) == 1:
        return pieces[0] in {"", whole}
    first, last = pieces[0], pieces[-1]
    place, end = len(first), len(whole) - len(last)
    if not (whole.startswith(first) and whole.endswith(last)):
        return False
    for piece in pieces[1:-1]:
        found = whole.find(piece, _word_at(whole, place) + 1, end)  # a mark hides something
        if found < 0:
            return False
        place = found + len(piece)
    return _word_at(whole, place) < end


def _word_at(text: str, place: int) -> int:
    return place + 1 if text[place : place + 1] == " " else place


def _parts(people: Iterable[str]) -> frozenset[str]:
    return frozenset(
        word
        for name in people
        for word in fold_text(name).replace("-", " ").replace("'", " ").split()
        if len(word) >= SHORTEST_NAME
    )


def _read_part(reading: Reading, segment: int, text: str) -> str:
    """Up to the last word the model reads, without the lines it leaves out before: those are somebody else's words."""
    stop = max((word.end for word in reading.words if word.segment == segment), default=0)
    if not stop:
        return ""
    folded, whole = reading.segments[segment], fold(text[:LONGEST_TEXT]).text
    pieces, place = [], 0
    for blank in _BLANKS.finditer(folded.text, 0, stop):
        if blank[0] != whole[blank.start() : blank.end()]:
            pieces += [text[place : folded.origins[blank.start()]], "\n" if "\n" in blank[0] else " "]
            place = folded.origins[blank.end()]
    return "".join([*pieces, text[place : folded.origins[stop - 1] + 1]])


def masked_whole(classifier: Classifier, text: str, people: Iterable[str]) -> str:
    """All that identifies somebody masked, whoever wrote it: when a text is kept, and again when a reader has masked
    more, as it is shown: nothing of its markup is kept. By form first: what is found keeps its kind. Only the names of
    products are spared."""
    text = laid_bare(plain(text))
    names = classifier.names

    def is_word(word: str) -> bool:
        return classifier.model.knows(word) or word in names

    def hidden(kind: PersonalKind, spans: Iterable[tuple[int, int]]) -> str:
        return masked(text, [PersonalData(kind, start, end, text[start:end]) for start, end in spans])

    text = masked(text, find_personal_data(text, names))
    text = hidden(PersonalKind.PASSWORD, unknown_secrets(text, is_word))
    text = hidden(PersonalKind.NAME, any_first_name(text, names, is_word))
    return _NAMES_IN_A_ROW.sub(_NAME, without_names(masked_severely(text), people))
