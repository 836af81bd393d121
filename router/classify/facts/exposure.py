"""Words that say that people's data left, were seen, or were lost. Only the person's answer makes the fact."""

import re
from collections.abc import Sequence

from router.classify.facts.sight import Sight
from router.classify.features import SENTENCE_END
from router.classify.lexicon import CueHit
from router.model.told import ToldFact, ToldKind

_NEAR = 22  # words between what happened and the data it happened to
_CLOSE = 8  # words between who saw, and what was done or seen
_DENIED_BACK = 4  # « aucune donnée n'est partie »
_ASKED_BACK = 10  # words of its clause before what happened
_SENTENCE = 200  # characters in which a question ends
_RECEIVED = frozenset(["recu", "recus", "recue", "recues"])
_BY_HER = frozenset(["ai", "avons", "jai", "bien"])
_ASKS = re.compile(
    r"\b(?:peut on|on peut|puis je|je peux|pouvons nous|a t on le droit|avons nous le droit|ai je le droit|faut il"
    r"|doit on|dois je|comment)\b"
)
YES = "true"


def exposure(sight: Sight, *, alarming: bool) -> ToldFact | None:
    """Something happened (left, seen, lost) near words that name data about people; what anybody may do (see, open,
    receive) only beside who should not have, where an attack or a leak is feared (`alarming`) or others are named."""
    leaks = [hit for hit in sight.of("leak") if _stands(sight, hit) and not _only_spoken_of(sight, hit)]
    plain = next((hit for hit in leaks if hit.group.value == "plain"), None)
    if plain is not None:
        return _fact(sight, plain, plain)
    losses = [hit for hit in sight.of("loss") if _stands(sight, hit)]
    if not leaks and not losses:
        return None
    data = [hit for hit in sight.of("data") if not sight.denied(hit.first, 1) and not _no_data(sight, hit)]
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


def _only_spoken_of(sight: Sight, hit: CueHit) -> bool:
    """« peut-on envoyer les bulletins ? », « en cas de fuite de données » ask before, « reçu sur WhatsApp » came to
    her. A threat to publish is read: who threatens holds them."""
    place = hit.first
    first = place
    while first and place - first < _ASKED_BACK and sight.same_clause(first - 1, place):
        first -= 1
    before = sight.texts[first:place]
    if hit.group.value == "plain":
        return before[-2:] == ("cas", "de")
    received = sight.texts[hit.last] in _RECEIVED and (not before or before[-1] in _BY_HER)
    return received or (_ASKS.search(" ".join(before)) is not None and _a_question(sight, hit))


def _a_question(sight: Sight, hit: CueHit) -> bool:
    word = sight.words[hit.last]
    end = SENTENCE_END.search(sight.reading.segments[word.segment].text, word.end, word.end + _SENTENCE)
    return end is not None and end[0] == "?"


def _no_data(sight: Sight, hit: CueHit) -> bool:
    """« mes codes étaient notés », « Compte rendu : » above what she tells, « mes rapports avec… »"""
    said = sight.quote(hit.first, hit.last).lower()
    if said.endswith("notés") or (hit.first and sight.texts[hit.first - 1] == "mes" and said == "rapports"):
        return True
    word = sight.words[hit.last]
    text = sight.reading.segments[word.segment].text
    return sight.texts[hit.last] == "rendu" and text[word.end : word.end + 2].strip().startswith(":")


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
