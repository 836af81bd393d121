"""One sentence among others: an attack told between a printer and a keyboard is drowned in the whole text's score."""

import math
from heapq import nlargest

from router.classify.doubt import PLAIN_OVER
from router.classify.features import Reading, part_of, sentences
from router.classify.model import SECURITY_COLUMN, Model, Scores, by_word

_SHORTEST = 4  # words
_MOST = 40  # sentences of one text read anew, those that lean most


def plain_in_a_sentence(model: Model, reading: Reading, scores: Scores) -> bool:
    """Whether a sentence, were it alone, would be an attack told plainly. `scores` are of the whole reading."""
    spans = sentences(reading)
    if len(spans) < 2:
        return False
    leaning = by_word(scores, len(reading.words), SECURITY_COLUMN)
    likely = [(lean, first, end) for first, end in spans if (lean := _alone(leaning, first, end, model)) > 0]
    return any(
        model.score(part_of(reading, first, end)).security >= PLAIN_OVER
        for _, first, end in nlargest(_MOST, likely)
    )


def _alone(leaning: list[float], first: int, end: int, model: Model) -> float:
    """About the logit of security that these words would have alone: a block's features share one length, so fewer
    of them weigh more each. Good enough to leave most sentences unread, not to judge one."""
    if end - first < _SHORTEST:
        return -math.inf
    return model.bias[SECURITY_COLUMN - 1] + sum(leaning[first:end]) * math.sqrt(len(leaning) / (end - first))
