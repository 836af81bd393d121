"""The words that counted, cut out of the person's own text: never a date or an hour alone, which explains nothing, nor,
for another reader than herself, what identifies somebody or opens a door."""

import re
from collections.abc import Iterator, Sequence, Set

from router.classify.features import Reading
from router.classify.model import ORDINARY, SECURITY_COLUMN, Scores, by_word
from router.classify.personal_data import LONGEST, find_personal_data
from router.classify.told_secrets import SAID_TO_BE_ONE
from router.model.words import Category

_MOST = 6
_LONGEST = 300  # characters of one passage: a text without an end may be one
_LEAST_SHARE = 0.15  # of the weightiest passage
_EMPTY = frozenset(
    """
        a ai au aux avec ce ces cet cette d dans de des du elle en est et il ils j je l la le les
        leur lui m ma mais me mes mon n ne nos notre nous on ou par pas pour qu que qui s sa se
        ses si son sont sur t te tu un une vos votre vous y c ca bonjour merci svp depuis
    """.split()  # noqa: SIM905
)
_WHEN = frozenset(
    """
        lundi mardi mercredi jeudi vendredi samedi dimanche lundis mardis mercredis jeudis vendredis samedis dimanches
        janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre janv fev sept oct nov dec
        h hier demain avant apres vers entre jusqu jusque jour jours heure heures semaine semaines mois matin midi soir
        aprem aujourd hui er minute minutes min mn
    """.split()  # noqa: SIM905
)
_HOUR = re.compile(r"\d+(?:h\d{0,2}|er|min|mn)?")  # « 24 », « 10h15 », « 1er », not « 4g » nor « 6eb »
_NO_PLACES: Set[int] = frozenset()


def evidence_for(
    reading: Reading, scores: Scores, category: Category, runner_up: Category, hidden: Set[int] = _NO_PLACES
) -> tuple[str, ...]:
    """Passages that speak for `category` rather than `runner_up`, weightiest first, at most six; no word of a `hidden`
    place is in one."""
    weights = by_word(scores, len(reading.words), _column(category), _column(runner_up))
    for place in hidden:
        weights[place] = 0.0
    passages = sorted(_passages(reading, weights), reverse=True)
    if not passages:
        return ()
    floor = passages[0][0] * _LEAST_SHARE
    quotes = [_quote(reading, first, last) for weight, _, first, last in passages if weight >= floor]
    return tuple(dict.fromkeys(quote for quote in quotes if quote))[:_MOST]


def strongest_passage(reading: Reading, weights: Sequence[float]) -> str:
    """The words that weigh most, cut out of the text; empty when none does."""
    best = max(_passages(reading, weights), default=None)
    return _quote(reading, *best[2:]) if best else ""


def _passages(reading: Reading, weights: Sequence[float]) -> Iterator[tuple[float, int, int, int]]:
    """Of each passage, what it weighs, then its first and last words: the weightiest, then earliest, is the highest."""
    for first, last in _runs(reading, weights):
        yield sum(weights[first : last + 1]), -first, first, last


def private_places(reading: Reading, spared: Set[str]) -> frozenset[int]:
    """The places of the words that are personal data or a told secret; `spared`: words that are no names."""
    hidden: list[int] = []
    for number, segment in enumerate(reading.segments):
        spans = [(one.start, one.end) for one in find_personal_data(segment.original, spared)]
        spans += [match.span("data") for match in SAID_TO_BE_ONE.finditer(segment.original[:LONGEST])]
        covered = bytearray(len(segment.original))
        for start, end in spans:
            covered[start:end] = b"\1" * (end - start)
        hidden += [
            place
            for place, word in enumerate(reading.words)
            if word.segment == number
            and any(covered[segment.origins[each]] for each in range(word.start, word.end))
        ]
    return frozenset(hidden)


def _column(category: Category) -> int:
    """Where a row of the model holds what it says of a category, after its length."""
    return 1 + ORDINARY.index(category) if category in ORDINARY else SECURITY_COLUMN


def _runs(reading: Reading, weights: Sequence[float]) -> Iterator[tuple[int, int]]:
    """Neighbouring words of a clause that all speak for the category, empty words trimmed at both ends."""
    place, many = 0, len(weights)
    while place < many:
        if weights[place] <= 0:
            place += 1
            continue
        start, clause = place, reading.words[place].clause
        while place < many and weights[place] > 0 and reading.words[place].clause == clause:
            place += 1
        yield from _trimmed(reading, start, place - 1)


def _trimmed(reading: Reading, first: int, last: int) -> Iterator[tuple[int, int]]:
    while first <= last and reading.texts[first] in _EMPTY:
        first += 1
    while last >= first and reading.texts[last] in _EMPTY:
        last -= 1
    if first <= last and not all(map(_tells_when, reading.texts[first : last + 1])):
        yield first, last


def _tells_when(word: str) -> bool:
    """A figure, an hour, a day, a month, or an empty word between them: true of any breakdown."""
    if word in _WHEN or word in _EMPTY:
        return True
    return _HOUR.fullmatch(word) is not None


def _quote(reading: Reading, first: int, last: int) -> str:
    segment = reading.segments[reading.words[first].segment]
    quote = segment.quote(reading.words[first].start, reading.words[last].end)
    if len(quote) > _LONGEST:
        cut = quote[: _LONGEST + 1]
        quote = cut.rsplit(maxsplit=1)[0] if len(cut.split()) > 1 else cut[:_LONGEST]
    return quote.rstrip()
