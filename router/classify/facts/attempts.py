"""What she has already tried (« j'ai redémarré », « testé sur un autre poste »), so that nobody asks again."""

from router.classify.facts.sight import Sight, longest
from router.classify.lexicon import CueHit
from router.model.told import ToldFact, ToldKind

_MOST = 4
_MOST_WORDS = 6  # after the cue, to the end of what is said of it
_STOPS = frozenset(
    """
        et mais rien sans toujours ca c pourtant il elle ils elles on meme idem pareil sinon donc ni puis pour
    """.split()  # noqa: SIM905
)
_INSISTS = frozenset(
    ["meme", "malgre", "apres", "pareil", "idem"]
)  # « ne marche pas même après… » denies nothing
_SINCE = frozenset(["qu", "que", "quand", "depuis", "lorsque", "si"])
_NOT_A_REPAIR = frozenset(
    """
        nom etablissement college academie poste coefficient adresse departement classe
    """.split()  # noqa: SIM905
)
_TAIL = frozenset(
    """
        de du des le la les l un une a au aux avec en dans sur d mon ma mes
    """.split()  # noqa: SIM905
)


def attempts(sight: Sight) -> list[ToldFact]:
    """At most four, in the order of the text, each with its object."""
    found: list[ToldFact] = []
    reached = -1
    for hit in longest(sight.of("tried")):
        if hit.first <= reached or not _done(sight, hit):
            continue
        first, last = _from_subject(sight, hit.first), _to_object(sight, hit.last)
        reached = last
        found.append(ToldFact(ToldKind.TRIED, hit.group.value, sight.quote(first, last)))
    return found[:_MOST]


def _done(sight: Sight, hit: CueHit) -> bool:
    """Not « pas encore redémarré »; what works after it doesn't undo it."""
    if _a_cause(sight, hit):
        return False
    return sight.texts[hit.first] in _INSISTS or (
        not sight.denied(hit.first, 3) and not _denied_inside(sight, hit)
    )


def _a_cause(sight: Sight, hit: CueHit) -> bool:
    """« depuis qu'on a changé le switch » says since when; « j'ai changé de nom » repairs nothing."""
    before = [
        sight.texts[place]
        for place in range(max(0, hit.first - 3), hit.first)
        if sight.same_clause(place, hit.first)
    ]
    after = sight.texts[hit.last + 1 : hit.last + 3]
    return bool(_SINCE.intersection(before)) or bool(_NOT_A_REPAIR.intersection(after))


def _denied_inside(sight: Sight, hit: CueHit) -> bool:
    return any(sight.texts[place] in ("pas", "jamais", "rien") for place in range(hit.first + 1, hit.last))


def _from_subject(sight: Sight, first: int) -> int:
    """« j'ai », « nous avons », « on a »: the subject belongs to the words."""
    before = first - 1
    if before >= 0 and sight.texts[before] in ("j", "nous", "on", "je") and sight.same_clause(before, first):
        return before
    return first


def _to_object(sight: Sight, last: int) -> int:
    end = last
    for place in range(last + 1, min(last + 1 + _MOST_WORDS, len(sight.texts))):
        if not sight.same_clause(last, place) or sight.texts[place] in _STOPS:
            break
        end = place
    while end > last and sight.texts[end] in _TAIL:
        end -= 1
    return end
