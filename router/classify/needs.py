"""What is asked for (the fact `need`), when the words say it plainly; otherwise nothing is said.

What is asked outranks a symptom; what words only imply (« mot de passe ») comes between the two. A security matter is
an alert unless training, advice or data is asked for: those three are therefore only believed when no sign of an attack
stands beside them, and said in other ways (`widened`) only where nothing at all points to an attack."""

import re
from collections.abc import Iterable

from router.classify.features import Reading
from router.classify.lexicon import CueHit

_ORDER = ("training", "data", "installation", "access", "advice", "breakdown")
_REPAIR = "breakdown"
CALM = frozenset({"training", "advice", "data"})
FEWEST_ASKING = 4  # words of a question that no cue tells: a word alone (« hameçon ») asks nothing
_SINCE = frozenset(["depuis", "apres", "derniere", "impossible", "echec"])
_DONE = frozenset(["installation", "training"])
_BEFORE = 5  # words looked at before what would be asked for
_NOT_WANTED = re.compile(
    r"\bpas (?:du tout )?(?:besoin|(?:une|de|d|la) (?:demande|question)) d[eu]?\b"
    r"|\bne (?:demande|demandons|veux|voulons|cherche|cherchons) pas\b"
)
_LEFT_OUT = re.compile(r"\b(?:sans|sans une?|sans aucune?|est pas (?:pour )?une?|inutile de)$")

Need = tuple[str | None, str | None]
"""(need, the words that say it), or (None, None)."""


def need_of(reading: Reading) -> Need:
    """As the plainest words say it; what is known of security leans on these alone."""
    return _best(reading, (hit for hit in reading.cues if hit.group.need and not hit.group.value))


def asked_quietly(reading: Reading, words: str) -> Need:
    """The need of a question about security that the model knows to be one by `words`: what its cues say, else an
    advice. They are believed beside a sign of an attack, for it only makes a question of an alert."""
    hits = [hit for hit in reading.cues if hit.group.need in CALM]
    best = min(hits, key=_rank, default=None)
    return ("advice", words) if best is None else (best.group.need, _quote(reading, best))


def widened(reading: Reading, plain: Need, *, suspected: bool, doubt: bool) -> Need:
    """As any words say it. Where the detector fires nothing is added, and no symptom makes a
    need: an attack is nothing to repair."""
    if suspected:
        return plain if plain[0] != _REPAIR else (None, None)
    hits = (hit for hit in reading.cues if hit.group.need and _asked_now(reading, hit))
    return _best(reading, (hit for hit in hits if not (doubt and hit.group.need in CALM and hit.group.value)))


def _best(reading: Reading, hits: Iterable[CueHit]) -> Need:
    alarming = reading.attacked
    kept = [hit for hit in hits if not (alarming and hit.group.need in CALM) and not _refused(reading, hit)]
    if not kept:
        return None, None
    best = min(kept, key=_rank)
    return best.group.need, _quote(reading, best)


def _refused(reading: Reading, hit: CueHit) -> bool:
    """« pas besoin de formation », « ce n'est pas une demande de conseil », « sans une formation »: what is said not to
    be asked for. « sans accès à Pronote » asks for one."""
    if hit.group.need == _REPAIR:
        return False
    clause = reading.words[hit.first].clause
    places = range(max(0, hit.first - _BEFORE), hit.first)
    before = " ".join(reading.texts[each] for each in places if reading.words[each].clause == clause)
    if _NOT_WANTED.search(" ".join((before, *reading.texts[hit.first : hit.last + 1]))):
        return True
    return hit.group.need != "access" and _LEFT_OUT.search(before) is not None


def _asked_now(reading: Reading, hit: CueHit) -> bool:
    """Not « mon mot de passe marche », « depuis la mise à jour de », « impossible d'installer », « en déménageant »:
    what works, was done, or fails, is not asked for."""
    if hit.group.value and reading.cleared[hit.first]:
        return False
    if hit.group.need not in _DONE:
        return True
    clause = reading.words[hit.first].clause
    before = range(max(0, hit.first - 3), hit.first)
    done = any(reading.texts[each] in _SINCE and reading.words[each].clause == clause for each in before)
    return not done and (hit.first == 0 or reading.texts[hit.first - 1] != "en")


def _rank(hit: CueHit) -> tuple[int, int, int, int]:
    """Requests, then what is implied, then symptoms, then a bare question."""
    need, tier = hit.group.need, hit.group.value
    assert need is not None
    late = 3 if tier == "otherwise" else 2 if need == _REPAIR else tier == "implied"
    return int(late), _ORDER.index(need), -(hit.last - hit.first), hit.first


def _quote(reading: Reading, hit: CueHit) -> str:
    segment = reading.segments[reading.words[hit.first].segment]
    return segment.quote(reading.words[hit.first].start, reading.words[hit.last].end)
