"""Words that say that people's data left, were seen, or were lost. Only the person's answer makes the fact."""

from collections.abc import Sequence

from router.classify.facts.sight import Sight
from router.classify.lexicon import CueHit
from router.model.told import ToldFact, ToldKind

_NEAR = 22  # words between what happened and the data it happened to
_CLOSE = 8  # words between who saw, and what was done or seen
_DENIED_BACK = 4  # « aucune donnée n'est partie »
YES = "true"


def exposure(sight: Sight, *, alarming: bool) -> ToldFact | None:
    """Something happened (left, seen, lost) near words that name data about people; what anybody may do (see, open,
    receive) only beside who should not have, where an attack or a leak is feared (`alarming`) or others are named."""
    leaks = [hit for hit in sight.of("leak") if _stands(sight, hit)]
    plain = next((hit for hit in leaks if hit.group.value == "plain"), None)
    if plain is not None:
        return _fact(sight, plain, plain)
    losses = [hit for hit in sight.of("loss") if _stands(sight, hit)]
    if not leaks and not losses:
        return None
    data = [hit for hit in sight.of("data") if not sight.denied(hit.first, 1)]
    named = [hit for hit in data if not hit.group.value]
    secrets = [hit for hit in sight.of("secret") if not sight.denied(hit.first, 1)]
    sure = [hit for hit in leaks if not hit.group.value]
    found = _nearest(sight, sure, [*named, *secrets]) or _nearest(sight, losses, named)
    readers = [hit for hit in sight.of("reader") if alarming or hit.group.value == "others"]
    if found is None and alarming:
        found = _nearest(sight, losses, data)
    return found or _seen_by(sight, readers, leaks, [*data, *secrets])


def _seen_by(
    sight: Sight, readers: Sequence[CueHit], seen: Sequence[CueHit], data: Sequence[CueHit]
) -> ToldFact | None:
    """« un parent voit les notes d'un autre élève »: who, what was done, what: close together."""
    for reader in readers:
        if sight.reading.cleared[reader.first]:
            continue
        done = [hit for hit in seen if _close(sight, reader, hit)]
        held = [hit for hit in data if _close(sight, reader, hit) and not _overlap(reader, hit)]
        pairs = [
            (_apart(one, two), one.first, one, two) for one in done for two in held if not _overlap(one, two)
        ]
        if pairs:
            _, _, one, other = min(pairs, key=lambda pair: pair[:2])
            first, last = min(one.first, other.first, reader.first), max(one.last, other.last, reader.last)
            return ToldFact(ToldKind.PERSONAL_DATA_EXPOSED, YES, sight.quote(first, last))
    return None


def _overlap(one: CueHit, other: CueHit) -> bool:
    return one.first <= other.last and other.first <= one.last


def _close(sight: Sight, one: CueHit, other: CueHit) -> bool:
    return _apart(one, other) <= _CLOSE and _same_segment(sight, one, other)


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
