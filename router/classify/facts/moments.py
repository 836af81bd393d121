"""When it has to work: an exam named (« DNB blanc jeudi »), or a plain deadline (« avant 14h »)."""

import re
from collections.abc import Sequence

from router.classify.facts.sight import Sight, longest
from router.classify.lexicon import CueHit
from router.model.told import ToldFact, ToldKind

_DAYS = frozenset(
    """
        lundi mardi mercredi jeudi vendredi samedi dimanche demain
    """.split()  # noqa: SIM905
)
_MONTHS = frozenset(
    """
        janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre janv fev sept oct
        nov dec
    """.split()  # noqa: SIM905
)
_PARTS = frozenset(["matin", "midi", "soir", "aprem"])
_TIME = re.compile(r"\d{1,2}h(?:\d{2})?")
_DATE_NUMBER = re.compile(r"\d{1,2}(?:er)?")
_BY = frozenset(["avant", "pour", "ici"])
_LINKS = frozenset(
    """
        le la les l ce cet cette a au en de du des d h dans fin debut prochain prochaine un une
    """.split()  # noqa: SIM905
)
_ENDS = frozenset(
    """
        vacances semaine rentree recreation recre conseil mois trimestre noel midi paques
    """.split()  # noqa: SIM905
)
_SPANS = frozenset(["heure", "heures", "h", "minutes", "minute", "jours", "semaine", "semaines"])
_LONG_SPANS = frozenset(["heure", "heures", "jour", "jours", "semaine", "semaines"])
_MOST_WORDS = 7
_ABOUT = frozenset(
    """
        service application appli annales revision revisions sujets parcours
    """.split()  # noqa: SIM905
)
_PAST = frozenset(["depuis", "hier", "dernier", "derniere", "passe", "chaque", "tous"])


def moments(sight: Sight) -> list[ToldFact]:
    """The exam when one is named, then the deadline when one is told apart from it."""
    exam = _exam(sight)
    spans = [span for span in (_event(sight), _by_then(sight)) if span is not None]
    deadline = _deadline(sight, *min(spans)) if spans else None
    if exam is not None and deadline is not None and deadline.words in exam.words:
        deadline = None
    return [fact for fact in (exam, deadline) if fact is not None]


def _exam(sight: Sight) -> ToldFact | None:
    hit = next((hit for hit in longest(sight.of("exam")) if _at_stake(sight, hit)), None)
    if hit is None:
        return None
    words = sight.quote(hit.first, _through_date(sight, hit.last))
    return ToldFact(ToldKind.EXAM, words, words)


def _at_stake(sight: Sight, hit: CueHit) -> bool:
    """Not « l'application des examens », nor « ce n'est pas pour le brevet »."""
    about = sight.texts[max(0, hit.first - 2) : hit.first]
    return not (sight.reading.cleared[hit.first] or sight.set_aside(hit.first) or _ABOUT.intersection(about))


def _event(sight: Sight) -> tuple[int, int] | None:
    """What takes place counts as a deadline only with its day or hour."""
    for hit in longest(sight.of("event")):
        last = _through_date(sight, hit.last)
        if last > hit.last and sight.stands(hit):
            return hit.first, last
    return None


def _by_then(sight: Sight) -> tuple[int, int] | None:
    """« avant vendredi », « pour demain », « d'ici la fin de la semaine », « demain »."""
    texts = sight.texts
    for place, word in enumerate(texts):
        if word in _BY or (word == "dans" and _some_days(texts, place)):
            last = _the_twelfth(texts, place) or _through_date(sight, place)
            if last > place:
                return place - (word == "ici" and place > 0 and texts[place - 1] == "d"), last
        elif word == "demain":
            return place, _through_date(sight, place)
        elif word in ("soir", "aprem", "apres") and place and texts[place - 1] in ("ce", "cet", "cette"):
            last = _afternoon(texts, place)
            if last:
                return place - 1, last
    return None


def _some_days(texts: Sequence[str], place: int) -> bool:
    """« dans 8 jours », « dans deux heures », « dans une heure »."""
    span = texts[place + 1 : place + 3]
    if len(span) < 2 or span[1] not in _LONG_SPANS:
        return False
    return span[0].isdigit() or span[0] in ("une", "deux", "trois", "quelques")


def _the_twelfth(texts: Sequence[str], place: int) -> int:
    """The last word of « avant le 12 » alone; 0 when a month follows, or anything else stands there."""
    said = texts[place : place + 3]
    if len(said) < 3 or said[0] != "avant" or said[1] != "le" or not _DATE_NUMBER.fullmatch(said[2]):
        return 0
    return 0 if texts[place + 3 : place + 4] and texts[place + 3] in _MONTHS else place + 2


def _afternoon(texts: Sequence[str], place: int) -> int:
    """The last word of « soir », « aprem », « après-midi » at `place`; 0 for « cet après »."""
    if texts[place] != "apres":
        return place
    return place + 1 if texts[place + 1 : place + 2] == ("midi",) else 0


def _deadline(sight: Sight, first: int, last: int) -> ToldFact:
    words = sight.quote(first, last)
    return ToldFact(ToldKind.DEADLINE, words, words)


def _through_date(sight: Sight, place: int) -> int:
    """The last word of the day or hour told right after `place`; `place` itself when none is."""
    texts, last = sight.texts, place
    for following in range(place + 1, min(place + 1 + _MOST_WORDS, len(texts))):
        word = texts[following]
        if not _near(sight, place, following):
            break
        if word in _PAST:
            return place
        if _tells_when(sight, following):
            last = following
        elif word not in _LINKS and not _DATE_NUMBER.fullmatch(word):
            break
    return last


def _near(sight: Sight, place: int, following: int) -> bool:
    return sight.words[following].segment == sight.words[place].segment and sight.same_clause(place, following)


def _tells_when(sight: Sight, place: int) -> bool:
    word, texts = sight.texts[place], sight.texts
    before = texts[place - 1] if place else ""
    if word in _PARTS:
        return not (word == "matin" and before == "ce")
    if word in _DAYS or word in _ENDS or _TIME.fullmatch(word):
        return True
    if word in _MONTHS:
        return before not in ("d", "de")
    if word == "journee":
        return "fin" in texts[max(0, place - 3) : place]
    if word == "h" or word in _SPANS:
        return (before.isdigit() and word == "h") or "dans" in texts[max(0, place - 3) : place]
    return before == "h" and word.isdigit()
