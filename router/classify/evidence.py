"""The words that counted, cut out of the person's own text."""

from collections.abc import Iterator, Sequence

from router.classify.features import Reading
from router.classify.model import ORDINARY, Scores
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


def evidence_for(reading: Reading, scores: Scores, category: Category, runner_up: Category) -> tuple[str, ...]:
    """Passages that speak for `category` rather than `runner_up`, weightiest first, at most six."""
    weights = [_gain(gain, category) - _gain(gain, runner_up) for gain in scores.gains]
    passages = sorted(
        ((sum(weights[first : last + 1]), -first, first, last) for first, last in _runs(reading, weights)),
        reverse=True,
    )
    if not passages:
        return ()
    floor = passages[0][0] * _LEAST_SHARE
    quotes = [_quote(reading, first, last) for weight, _, first, last in passages if weight >= floor]
    return tuple(dict.fromkeys(quote for quote in quotes if quote))[:_MOST]


def _gain(gain: Sequence[float], category: Category) -> float:
    """What a word adds for a category; an ordinary one is also helped by what denies security."""
    if category is Category.SECURITY:
        return gain[-1]
    return gain[ORDINARY.index(category)]


def _runs(reading: Reading, weights: Sequence[float]) -> Iterator[tuple[int, int]]:
    """Neighbouring words that all speak for the category, empty words trimmed at both ends."""
    start = 0
    for place in range(len(weights) + 1):
        if place < len(weights) and weights[place] > 0 and _same_clause(reading, start, place):
            continue
        yield from _trimmed(reading, start, place - 1)
        start = place if place < len(weights) and weights[place] > 0 else place + 1


def _same_clause(reading: Reading, start: int, place: int) -> bool:
    return reading.words[start].clause == reading.words[place].clause


def _trimmed(reading: Reading, first: int, last: int) -> Iterator[tuple[int, int]]:
    while first <= last and reading.texts[first] in _EMPTY:
        first += 1
    while last >= first and reading.texts[last] in _EMPTY:
        last -= 1
    if first <= last:
        yield first, last


def _quote(reading: Reading, first: int, last: int) -> str:
    segment = reading.segments[reading.words[first].segment]
    return segment.quote(reading.words[first].start, reading.words[last].end)[:_LONGEST].rstrip()
