"""The tag of a thing, told by its shape (« PC-0412 ») or by the words before (« n° d'inventaire 4512 »).

What the inventory knows wins over any shape: `known_tag` looks for it among all that could be a tag."""

import re
from collections.abc import Iterable, Iterator

from router.classify.facts.sight import Sight
from router.model.told import ToldFact, ToldKind

_RUN = re.compile(r"[a-z0-9]+(?:[-_/][a-z0-9]+)*")
_SHAPED = re.compile(
    r"[a-z]{1,6}(?:[-_][a-z0-9]{1,6})?[-_]\d{2,6}[a-z]?"  # PC-0412, VP-B12-03
    r"|[a-z]{1,6}-\d{3,6}-[a-z0-9]{1,3}"  # VZ-44120-B
    r"|\d{3}-\d{4}-\d{3,5}"  # 901-0012-0034
    r"|(?:pc|vp|vpi|tab|imp|ord|port|ecr|srv|inv|clg|tbi|eni|nb|lap)\d{3,6}"
)
_NOT_TAGS = re.compile(
    r"err-.*|covid-?\d+|mp-?\d|usb-?\d|wpa?-?\d|cat-?\d|rj-?45|office-?\d+|win(?:dows)?-?\d+|[a-z]-?\d{1,2}"
)
_SAY_TAG = frozenset(
    """
        etiquette etiquettes inventaire inv serie tag matricule immobilisation sn immo etiquete etiquetee
        reference
    """.split()  # noqa: SIM905
)
_BEFORE = 5
_MARKS = str.maketrans("", "", "-_/. #°:")
_LINKS = frozenset(
    """
        n no num numero est de d l le c la du sur portant ref
    """.split()  # noqa: SIM905
)
_NOT_BEFORE = frozenset(
    """
        erreur code page version message article salle ticket dossier
    """.split()  # noqa: SIM905
)


def tags(sight: Sight) -> ToldFact | None:
    """The first word that has the shape of a tag, or that is said to be one."""
    for place in sight.numbers:
        run = _run(sight, place)
        if run is not None and _is_tag(sight, place, run):
            return ToldFact(ToldKind.ASSET_TAG, run.upper(), run)
    return None


def known_tag(text: str, known: Iterable[str]) -> tuple[str, str] | None:
    """(the tag as the inventory writes it, the words) of the first known tag that stands in a text."""
    runs = {_key(run): run for run in reversed(list(_runs(text)))}
    if not runs:
        return None
    found = {key: tag for tag in known if (key := _key(tag)) in runs}
    return next(((found[key], run) for key, run in reversed(runs.items()) if key in found), None)


def _runs(text: str) -> Iterator[str]:
    """The words that hold a figure, with what a dash ties to them; a name and its number apart too (« PC 0412 »)."""
    spans = [match.span() for match in re.finditer(r"[^\W_]+(?:[-_/.][^\W_]+)*", text)]
    for place, (start, end) in enumerate(spans):
        if any(letter.isdigit() for letter in text[start:end]):
            yield text[start:end]
            if place and text[spans[place - 1][1] : start] == " ":
                yield text[spans[place - 1][0] : end]


def _key(tag: str) -> str:
    return tag.upper().translate(_MARKS)


def _run(sight: Sight, place: int) -> str | None:
    """The whole code that the word at `place` is a part of, in her own words."""
    word = sight.words[place]
    segment = sight.reading.segments[word.segment]
    start, end, text = word.start, word.end, segment.text
    while start > 1 and text[start - 1] in "-_/" and text[start - 2].isalnum():
        start -= 2
        while start and text[start - 1].isalnum():
            start -= 1
    while end + 1 < len(text) and text[end] in "-_/" and text[end + 1].isalnum():
        end += 2
        while end < len(text) and text[end].isalnum():
            end += 1
    return segment.quote(start, end) if end - start >= 3 else None


def _is_tag(sight: Sight, place: int, run: str) -> bool:
    before = sight.texts[max(0, place - _BEFORE) : place]
    shape = run.lower()
    if _NOT_TAGS.fullmatch(shape) or _NOT_BEFORE.intersection(before[-2:]):
        return False
    if _SHAPED.fullmatch(shape):
        return True
    while before and before[-1] in _LINKS:
        before = before[:-1]
    return bool(before) and before[-1] in _SAY_TAG and _RUN.fullmatch(shape) is not None
