"""What the readers of facts share: the words, the cues that tell a fact, the numbers, and how to quote."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from router.classify.features import Reading, ReadWord
from router.classify.lexicon import CueHit, uncovered

DENIALS = frozenset(["pas", "jamais", "aucun", "aucune", "ni", "sans", "hormis", "sauf"])
NUMBER_SIGNS = frozenset(["n", "no", "num", "numero"])  # « salle n° 12 »
_BEFORE_NOT = frozenset(["est", "mais", "et", "ou", "non", "sont"])
_FIGURES = "0123456789"
_MOST_HITS = 40  # of one kind, and of numbers: a text that says more of them says nothing
_NO_HITS: tuple[CueHit, ...] = ()


@dataclass(frozen=True, slots=True)
class Sight:
    """A reading, its cues sorted by what they tell, the places of the words that hold a figure."""

    reading: Reading
    words: Sequence[ReadWord]
    texts: Sequence[str]
    hits: Mapping[str, list[CueHit]]
    numbers: Sequence[int]

    def of(self, tells: str) -> Sequence[CueHit]:
        return self.hits.get(tells, _NO_HITS)

    def quote(self, first: int, last: int) -> str:
        """The person's own words from place `first` to `last`, inclusive."""
        start = self.words[first]
        return self.reading.segments[start.segment].quote(start.start, self.words[last].end)

    def same_clause(self, first: int, last: int) -> bool:
        return self.words[first].clause == self.words[last].clause

    def denied(self, place: int, looked_back: int = 2) -> bool:
        """Whether a word just before, in the same clause, denies what stands at `place`."""
        clause = self.words[place].clause
        before = range(max(0, place - looked_back), place)
        return any(self.texts[each] in DENIALS and self.words[each].clause == clause for each in before)

    def set_aside(self, place: int) -> bool:
        """« mais pas au CDI », « ce n'est pas la salle 12 », « sauf les 6e »; not « ne marche pas au CDI »."""
        clause = self.words[place].clause
        for before in range(max(0, place - 3), place):
            word = self.texts[before]
            if self.words[before].clause != clause or word not in DENIALS:
                continue
            first = before == 0 or self.words[before - 1].clause != clause
            missing = self.texts[before + 1] in ("de", "d")  # « pas de convocation d'examen »
            if word != "pas" or (not missing and (first or self.texts[before - 1] in _BEFORE_NOT)):
                return True
        return False

    def stands(self, hit: CueHit, looked_back: int = 2) -> bool:
        """Neither denied nor in a clause that says that what it names works."""
        return not self.reading.cleared[hit.first] and not self.denied(hit.first, looked_back)


def look_at(reading: Reading) -> Sight:
    hits: dict[str, list[CueHit]] = {}
    for hit in reading.cues:
        tells = hit.group.tells
        if tells and reading.words[hit.first].clause == reading.words[hit.last].clause:
            kept = hits.setdefault(tells, [])
            if len(kept) < _MOST_HITS:
                kept.append(hit)
    texts = reading.texts
    numbers = [place for place, text in enumerate(texts) if text[-1] in _FIGURES or text[0] in _FIGURES]
    return Sight(reading, reading.words, texts, hits, numbers[:_MOST_HITS])


def longest(hits: Sequence[CueHit]) -> list[CueHit]:
    """The hits that no longer one covers, in the order of the text."""
    if len(hits) < 2:
        return list(hits)
    return sorted(uncovered(hits), key=lambda hit: hit.first)
