"""What she has already tried (« j'ai redémarré ») and compared (« chez moi ça marche »), so that nobody asks again."""

import re

from router.classify.facts.sight import Sight, longest
from router.classify.features import SENTENCE_END
from router.classify.lexicon import CueHit
from router.model.told import ToldFact, ToldKind

_SUBJECTS = frozenset(["j", "jai", "nous", "on", "je"])
_MOST = 4
_APART = 5  # words, at most, from where she looked to what she saw
_ANSWERS = frozenset(["si", "oui", "non", "pareil", "idem", "ok"])
_SAYS = frozenset(
    """
        dit dis dise disait disent dire repond repondu repondre fait fais mis clique cliquer voir comme si presque
    """.split()  # noqa: SIM905
)  # « j'ai dit oui », « pour voir si »: no answer to « et là ? »
_REST = frozenset(
    """
        reste autre autres rangee cote voisin voisine moi ping cable cables cordon prise prises piles site sites web
    """.split()  # noqa: SIM905
)
_WHERE = frozenset(["en", "sur", "sous", "dans", "depuis", "chez", "avec", "par"])
_MOST_ANSWER = 6  # words before the answer
_NOT_OUTCOMES_AFTER = frozenset(["de", "la", "le", "un", "une", "ne", "n", "en", "du", "ou"])
_MOST_WORDS = 6  # after the cue, to the end of what is said of it
_STOPS = frozenset(
    """
        et mais rien sans toujours ca c pourtant il elle ils elles on meme idem pareil sinon donc ni puis pour
    """.split()  # noqa: SIM905
)
_INSISTS = frozenset(
    ["meme", "malgre", "apres", "pareil", "idem"]
)  # « ne marche pas même après… » denies nothing
_SOMEBODY = frozenset(["eleve", "eleves", "gamin", "gamins", "menage"])  # « un élève a débranché… »: the cause
_TOUCHED = frozenset(["replugged", "restarted"])
_FOUND = frozenset(["trouve", "trouvee", "trouves", "trouvees", "ramasse", "ramassee", "inconnue"])
_SAME = frozenset(["meme", "memes", "identique", "identiques"])
_TROUBLES = frozenset(
    ["souci", "chose", "probleme", "resultat", "message", "erreur", "panne", "ecran", "image", "effet"]
)
_WORKS = frozenset(["marche", "marchent", "fonctionne", "fonctionnent", "va", "vont"])
_BARE = re.compile(r"(?:re-?)?(?:test|essay|tent|verifi|install)e?s?|(?:re)?installes?|recalibres?")
_ACCENTS = re.compile("[éèêàçÉÈÊÀÇ]")
_SINCE = frozenset(["qu", "que", "quand", "depuis", "lorsque", "si"])
_NOT_A_REPAIR = frozenset(
    """
        nom etablissement college academie poste coefficient adresse departement classe formation stage parquet
        peinture carrelage code etiquettes
    """.split()  # noqa: SIM905
)
_AUXILIARIES = frozenset(["ai", "a", "avons", "ont", "as", "avez", "jai", "ete", "deja", "tout"])
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
    for where in longest([hit for hit in sight.of("compared") if not _everybody(sight, hit)]):
        near = [hit for hit in outcomes if _beside(sight, where, hit) and not _of_a_noun(sight, where, hit)]
        if near:
            best = min(
                near, key=lambda hit: (_apart(where, hit), hit.first < where.first, hit.first - hit.last)
            )
            first, last = min(where.first, best.first), max(where.last, best.last)
            return ToldFact(ToldKind.TRIED, "elsewhere", sight.quote(first, last))
    return _short_answer(sight)


def _everybody(sight: Sight, hit: CueHit) -> bool:
    """« tout le monde », where « Le Monde » is a site that opens."""
    return (
        sight.texts[hit.first : hit.last + 1] == ("le", "monde")
        and sight.texts[max(0, hit.first - 1)] == "tout"
    )


def _taken_for_another(sight: Sight, hit: CueHit) -> bool:
    """« le mot de passe », « ne s'ouvre plus », « marche ni… ni… », « toujours les mêmes »: a noun, or the trouble."""
    texts, last = sight.texts, hit.last
    before = texts[hit.first - 1] if hit.first else ""
    after = texts[last + 1] if last + 1 < len(texts) else ""
    if before in _NOT_OUTCOMES_AFTER or (after in ("pas", "plus") and texts[last] != "non"):
        return True
    if before == "toujours" and texts[last] in _SAME:
        return True
    return (after == "ni" and texts[last] in _WORKS) or (before == "et" and texts[last] == "non")


def _of_a_noun(sight: Sight, where: CueHit, hit: CueHit) -> bool:
    """« les mêmes nom et prénom, le sien », « identique à la sienne »: alike, and nothing was compared."""
    texts, last = sight.texts, hit.last
    if hit.first > where.first or texts[last] not in _SAME or texts[last + 1] in _TROUBLES:
        return False
    return sight.same_clause(last, last + 1)


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
        if begins and place - first >= 2 and _answers(sight, first, place):
            assert words[first].segment == words[place].segment
            return ToldFact(ToldKind.TRIED, "elsewhere", sight.quote(first, place))
    return None


def _answers(sight: Sight, first: int, place: int) -> bool:
    """Not « j'ai dit oui », « (si », « oui/non »; nor « les casques ok », which is the state of a thing, unless it is
    told of another (« le reste ok ») or was looked at (« câble ok »)."""
    before = sight.texts[place - 1]
    end, word = sight.words[place - 1].end, sight.words[place]
    if before in ("ou", "et", "que", "c") or (before in _SAYS and word.text not in ("pareil", "idem")):
        return False
    if set('(/«"').intersection(sight.reading.segments[word.segment].text[end : word.start]):
        return False
    told = sight.texts[first:place]
    if word.text != "ok" or told[0] in _WHERE or not _REST.isdisjoint(told):
        return True
    others = (*sight.of("compared"), *sight.of("people"))
    return any(first <= hit.first < place for hit in others)


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
    return not SENTENCE_END.search(sight.reading.segments[here.segment].text, here.end, there.start)


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
    """« depuis que mon PC a changé de prise » says since when, « quelqu'un l'a débranché » why, « j'ai branché une clé
    trouvée » what happened; « j'ai changé de nom » repairs nothing."""
    texts, first = sight.texts, hit.first
    start = first
    while start and first - start < _MOST_WORDS and sight.same_clause(start - 1, first):
        start -= 1
    before, after = texts[max(start, first - 3) : first], texts[hit.last + 1 : hit.last + 3]
    if not _SINCE.isdisjoint(before) or not _NOT_A_REPAIR.isdisjoint(after):
        return True
    since = start and texts[start] in ("que", "qu") and texts[start - 1] in ("depuis", "des", "apres", "parce")
    other = "quelqu" in before or (hit.group.value in _TOUCHED and not _SOMEBODY.isdisjoint(before))
    return bool(since) or other or _by_chance(sight, hit) or _happens(sight, hit)


def _by_chance(sight: Sight, hit: CueHit) -> bool:
    """« j'ai branché une clé trouvée », « j'ai appuyé sur des touches en voulant… »"""
    told = range(hit.last + 1, min(hit.last + 1 + _MOST_WORDS, len(sight.texts)))
    said = {sight.texts[each] for each in told if sight.same_clause(hit.last, each)}
    return "voulant" in said or (hit.group.value in _TOUCHED and not _FOUND.isdisjoint(said))


def _happens(sight: Sight, hit: CueHit) -> bool:
    """« il teste les mots de passe », « se réinstalle chaque matin »: the present, where the accent of a participle
    would be written, as others are."""
    word = sight.texts[hit.first]
    before = sight.texts[hit.first - 1] if hit.first else ""
    if hit.last - hit.first > 1 or not _BARE.fullmatch(word) or before in _AUXILIARIES:
        return False
    said = sight.quote(hit.first, hit.first).lower()
    segment = sight.reading.segments[sight.words[hit.first].segment]
    return "é" not in said[-3:] and "\u0301" not in said and _ACCENTS.search(segment.original) is not None


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
