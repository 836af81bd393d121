"""What is asked for (the fact `need`), when the words say it plainly; otherwise nothing is said.

A security matter is an alert unless training, advice or data is asked for: those three are therefore only
believed when no sign of an attack stands beside them."""

from router.classify.features import Reading, attacked
from router.classify.lexicon import CueHit

_ORDER = ("training", "data", "installation", "access", "advice", "breakdown")
CALM = frozenset({"training", "advice", "data"})


def need_of(reading: Reading) -> tuple[str | None, str | None]:
    """(need, the words that say it), or (None, None)."""
    alarming = attacked(reading)
    hits = [hit for hit in reading.cues if hit.group.need and not (alarming and hit.group.need in CALM)]
    if not hits:
        return None, None
    best = min(hits, key=_rank)
    return best.group.need, _quote(reading, best)


def _rank(hit: CueHit) -> tuple[int, int, int]:
    assert hit.group.need is not None
    return _ORDER.index(hit.group.need), -(hit.last - hit.first), hit.first


def _quote(reading: Reading, hit: CueHit) -> str:
    segment = reading.segments[reading.words[hit.first].segment]
    return segment.quote(reading.words[hit.first].start, reading.words[hit.last].end)
