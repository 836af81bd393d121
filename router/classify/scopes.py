"""Who is touched (the fact `scope`), when the words say it plainly: « tout le collège », « mon ordinateur ».

A reading to be shown with its words and changed by the person; the widest one said wins, unless it is what works for
all but her (« tout le monde y arrive sauf moi »)."""

from collections.abc import Sequence

from router.classify.features import SENTENCE_END, Reading
from router.classify.lexicon import CueHit, uncovered

_WIDEST_FIRST = ("several_sites", "site", "room", "person")
_DENIED_BY = frozenset(["pas", "sauf", "ni", "hormis"])
_LOOKED_BACK = 2  # words: « pas dans toutes les salles »
_BUT_HER = "except"  # the value of the cues that set her apart
_FAILS = frozenset(["ne", "n", "pas", "plus", "rien", "aucun", "aucune", "personne", "sans"])
_ELSEWHERE = frozenset(["compared", "outcome"])
_MOST = 10  # exceptions: a text that makes more says nothing
_SENTENCE = 200  # characters: two words further apart are in no sentence that anybody reads
_CLAUSE = 20  # words of a clause looked at before one


def scope_of(reading: Reading) -> tuple[str | None, str | None]:
    """(scope, the words that say it), or (None, None)."""
    said = [hit for hit in reading.cues if hit.group.scope and _holds(reading, hit)]
    apart = [hit for hit in said if hit.group.value == _BUT_HER][:_MOST]
    if apart:
        said = _without_those_it_works_for(reading, said, apart)
    kept = uncovered(said)
    if not kept:
        return None, None
    best = min(kept, key=lambda hit: (_WIDEST_FIRST.index(hit.group.scope or ""), hit.first))
    return best.group.scope, _quote(reading, best)


def _holds(reading: Reading, hit: CueHit) -> bool:
    """Neither denied by the word before, nor in a clause that says that something works."""
    before = reading.texts[max(0, hit.first - _LOOKED_BACK) : hit.first]
    return not reading.cleared[hit.first] and not _DENIED_BY.intersection(before)


def _without_those_it_works_for(
    reading: Reading, said: Sequence[CueHit], apart: Sequence[CueHit]
) -> list[CueHit]:
    """« tout le monde imprime sauf moi »: she alone is touched. « plus rien n'imprime, sauf chez moi »: all but her."""
    alone = [hit for hit in apart if not _all_but_her(reading, hit) and _answers_others(reading, hit)]
    others = [hit for hit in said if hit.group.value != _BUT_HER]
    return [
        *alone,
        *(
            hit
            for hit in others
            if not any(
                hit.first < each.first and _one_sentence(reading, hit.first, each.first) for each in alone
            )
        ),
    ]


def _answers_others(reading: Reading, hit: CueHit) -> bool:
    """« les autres y arrivent, moi non », where what works elsewhere is told; not « il rit, moi pas »."""
    if reading.texts[hit.first] != "moi":
        return True
    clause = reading.words[hit.first].clause
    goes_on = hit.last + 1 < len(reading.words) and reading.words[hit.last + 1].clause == clause
    if goes_on or reading.words[hit.last].clause != clause:
        return False
    beside = (each for each in reading.cues if each.group.tells in _ELSEWHERE and each.last < hit.first)
    return any(_one_sentence(reading, each.first, hit.first) for each in beside)


def _all_but_her(reading: Reading, hit: CueHit) -> bool:
    """Whether what fails is told before her exception, or her answer says once more that it does (« moi non plus »)."""
    if reading.texts[hit.last + 1 : hit.last + 2] == ("plus",):
        return True
    if not hit.first:
        return False
    clause = reading.words[hit.first - 1].clause
    nearest = range(max(0, hit.first - _CLAUSE), hit.first)
    before = [place for place in nearest if reading.words[place].clause == clause]
    told = {each.first for each in reading.cues if each.group.need == "breakdown"}
    return any(reading.texts[place] in _FAILS or place in told for place in before)


def _one_sentence(reading: Reading, first: int, last: int) -> bool:
    here, there = reading.words[first], reading.words[last]
    if here.segment != there.segment or there.start - here.end > _SENTENCE:
        return False
    return not SENTENCE_END.search(reading.segments[here.segment].text, here.end, there.start)


def _quote(reading: Reading, hit: CueHit) -> str:
    segment = reading.segments[reading.words[hit.first].segment]
    return segment.quote(reading.words[hit.first].start, reading.words[hit.last].end)
