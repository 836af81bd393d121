"""What she has already tried (« j'ai redémarré ») and compared (« chez moi ça marche »), so that nobody asks again."""

from router.classify.facts.sight import Sight, longest
from router.classify.lexicon import CueHit
from router.model.told import ToldFact, ToldKind

_SUBJECTS = frozenset(["j", "jai", "nous", "on", "je"])
_MOST = 4
_APART = 5  # words, at most, from where she looked to what she saw
_ANSWERS = frozenset(["si", "oui", "non", "pareil", "idem", "ok"])
_MOST_ANSWER = 6  # words before the answer
_NOT_OUTCOMES_AFTER = frozenset(["de", "la", "le", "un", "une", "ne", "n", "en", "du", "ou"])
_SENTENCE_END = frozenset(".;!?\n")
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
    compared = _compared(sight) if len(found) < _MOST else None
    if compared is not None and not any(compared.words in each.words for each in found):
        found.append(compared)
    return found[:_MOST]


def _compared(sight: Sight) -> ToldFact | None:
    """Another place, thing or person, and what happens there: « ailleurs c'est rapide », « pareil sous Firefox »."""
    outcomes = [hit for hit in sight.of("outcome") if not _taken_for_another(sight, hit)]
    for where in longest(sight.of("compared")):
        near = [hit for hit in outcomes if _beside(sight, where, hit)]
        if near:
            best = min(
                near, key=lambda hit: (_apart(where, hit), hit.first < where.first, hit.first - hit.last)
            )
            first, last = min(where.first, best.first), max(where.last, best.last)
            return ToldFact(ToldKind.TRIED, "elsewhere", sight.quote(first, last))
    return _short_answer(sight)


def _taken_for_another(sight: Sight, hit: CueHit) -> bool:
    """« le mot de passe », « ne s'ouvre plus »: a noun, or the trouble itself."""
    before = sight.texts[hit.first - 1] if hit.first else ""
    after = sight.texts[hit.last + 1] if hit.last + 1 < len(sight.texts) else ""
    return before in _NOT_OUTCOMES_AFTER or (after in ("pas", "plus") and sight.texts[hit.last] != "non")


def _short_answer(sight: Sight) -> ToldFact | None:
    """« Dans le B si. », « Les 4e oui. »: a short clause that ends with its answer."""
    texts, words = sight.texts, sight.words
    if _ANSWERS.isdisjoint(texts):
        return None
    for place, word in enumerate(texts):
        if word not in _ANSWERS or not _ends(sight, place):
            continue
        first = place
        while first and place - first < _MOST_ANSWER and sight.same_clause(first - 1, place):
            first -= 1
        begins = first == 0 or not sight.same_clause(first - 1, place)
        if begins and place - first >= 2 and texts[place - 1] not in ("ou", "et", "que", "c"):
            assert words[first].segment == words[place].segment
            return ToldFact(ToldKind.TRIED, "elsewhere", sight.quote(first, place))
    return None


def _ends(sight: Sight, place: int) -> bool:
    """Whether a mark or the end of the text follows."""
    word = sight.words[place]
    after = sight.reading.segments[word.segment].text[word.end : word.end + 2].strip(" »)")
    return not after or after[0] in ".,;:!?\n"


def _beside(sight: Sight, where: CueHit, outcome: CueHit) -> bool:
    """A few words apart in one sentence, neither within the other."""
    if not 0 < _apart(where, outcome) <= _APART:
        return False
    begin, end = sorted((where, outcome), key=lambda hit: hit.first)
    here, there = sight.words[begin.last], sight.words[end.first]
    if here.segment != there.segment:
        return False
    return not _SENTENCE_END.intersection(sight.reading.segments[here.segment].text[here.end : there.start])


def _apart(one: CueHit, other: CueHit) -> int:
    return max(one.first, other.first) - min(one.last, other.last)


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
    if before >= 0 and sight.texts[before] in _SUBJECTS and sight.same_clause(before, first):
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
