"""Who is touched (the fact `scope`), when the words say it plainly: « tout le collège », « mon ordinateur ».

A reading to be shown with its words and changed by the person; the widest one said wins."""

from router.classify.features import Reading
from router.classify.lexicon import CueHit

_WIDEST_FIRST = ("several_sites", "site", "room", "person")
_DENIED_BY = frozenset(["pas", "sauf", "ni", "hormis"])
_LOOKED_BACK = 2  # words: « pas dans toutes les salles »


def scope_of(reading: Reading) -> tuple[str | None, str | None]:
    """(scope, the words that say it), or (None, None)."""
    said = [hit for hit in reading.cues if hit.group.scope and _holds(reading, hit)]
    kept = [hit for hit in said if not any(_within(hit, other) for other in said)]
    if not kept:
        return None, None
    best = min(kept, key=lambda hit: (_WIDEST_FIRST.index(hit.group.scope or ""), hit.first))
    return best.group.scope, _quote(reading, best)


def _holds(reading: Reading, hit: CueHit) -> bool:
    """Neither denied by the word before, nor in a clause that says that something works."""
    before = reading.texts[max(0, hit.first - _LOOKED_BACK) : hit.first]
    return not reading.cleared[hit.first] and not _DENIED_BY.intersection(before)


def _within(hit: CueHit, other: CueHit) -> bool:
    """« tous les postes » isn't said by « tous les postes de la salle »."""
    longer = other.last - other.first > hit.last - hit.first
    return longer and other.first <= hit.first and hit.last <= other.last


def _quote(reading: Reading, hit: CueHit) -> str:
    segment = reading.segments[reading.words[hit.first].segment]
    return segment.quote(reading.words[hit.first].start, reading.words[hit.last].end)
