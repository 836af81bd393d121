"""Words that say that people's data left, were seen, or were lost. Only the person's answer makes the fact."""

from collections.abc import Sequence

from router.classify.facts.sight import Sight
from router.classify.lexicon import CueHit
from router.model.told import ToldFact, ToldKind

_NEAR = 22  # words between what happened and the data it happened to
_DENIED_BACK = 4  # « aucune donnée n'est partie »
YES = "true"


def exposure(sight: Sight) -> ToldFact | None:
    """Something happened (left, seen, lost) near words that name data about people."""
    leaks = [hit for hit in sight.of("leak") if _stands(sight, hit)]
    plain = next((hit for hit in leaks if hit.group.value == "plain"), None)
    if plain is not None:
        return _fact(sight, plain, plain)
    losses = [hit for hit in sight.of("loss") if _stands(sight, hit)]
    data = [hit for hit in sight.of("data") if not sight.denied(hit.first, 1)]
    secrets = [hit for hit in sight.of("secret") if not sight.denied(hit.first, 1)]
    return _nearest(sight, leaks, [*data, *secrets]) or _nearest(sight, losses, data)


def _stands(sight: Sight, hit: CueHit) -> bool:
    return not sight.reading.cleared[hit.first] and not sight.denied(hit.first, _DENIED_BACK)


def _nearest(sight: Sight, happened: Sequence[CueHit], data: Sequence[CueHit]) -> ToldFact | None:
    pairs = [(_apart(one, other), one.first, one, other) for one in happened for other in data]
    near = [pair for pair in pairs if pair[0] <= _NEAR and _same_segment(sight, pair[2], pair[3])]
    if not near:
        return None
    _, _, one, other = min(near, key=lambda pair: pair[:2])
    return _fact(sight, one, other)


def _apart(one: CueHit, other: CueHit) -> int:
    return max(one.first, other.first) - min(one.last, other.last)


def _same_segment(sight: Sight, one: CueHit, other: CueHit) -> bool:
    return sight.words[one.first].segment == sight.words[other.first].segment


def _fact(sight: Sight, one: CueHit, other: CueHit) -> ToldFact:
    words = sight.quote(min(one.first, other.first), max(one.last, other.last))
    return ToldFact(ToldKind.PERSONAL_DATA_EXPOSED, YES, words)
