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
_BY = frozenset(["avant", "pour", "ici", "jusqu", "jusque", "sous"])
_LINKS = frozenset(
    """
        le la les l ce cet cette a au en de du des d h dans fin debut prochain prochaine un une
    """.split()  # noqa: SIM905
)
_ENDS = frozenset(
    """
        vacances semaine rentree recreation recre conseil mois trimestre noel midi paques week weekend toussaint
    """.split()  # noqa: SIM905
)
_SPANS = frozenset(["heure", "heures", "h", "minutes", "minute", "jours", "semaine", "semaines"])
_LONG_SPANS = frozenset(
    ["heure", "heures", "jour", "jours", "semaine", "semaines", "min", "mn", "minutes", "mois"]
)
_SOME = frozenset(
    """
        une un deux trois quatre cinq six huit dix quinze vingt quelques peu moins
    """.split()  # noqa: SIM905
)
_ALSO_EVENTS = frozenset(["conseil", "recreation", "recre"])
_CHECKED = frozenset(["avant", "soir", "aprem", "apres"])
_SAY_WHEN = _BY | _CHECKED | {"dans", "prochain", "prochaine", "demain"}
_MOST_WORDS = 7
_CLAUSE = 14  # words of a clause looked at around a day
_ABOUT = frozenset(
    """
        service application appli annales revision revisions sujets parcours mode
    """.split()  # noqa: SIM905
)
_EXAMINED = frozenset(
    """
        medical medicale medicaux clinique sante vue demande demandes dossier dossiers devis candidature projet
        approfondi gratuit ophtalmologique
    """.split()  # noqa: SIM905
)
_PUT = frozenset(["mettre", "met", "mettent", "mis", "mise", "mets"])  # « à l'épreuve »
_TAKERS = frozenset(
    """
        inscrit inscrits inscrite inscrites candidat candidats candidate candidates convoque convoques convoquee
        convoquees presente presentes presenter inscription inscriptions admis candidature candidatures
    """.split()  # noqa: SIM905
)
_PAST = frozenset(["depuis", "hier", "dernier", "derniere", "passe", "chaque", "tous"])
_HABIT = frozenset(
    """
        depuis de du le les chaque tous des un une certains autre ce meme dernier des jusque entre ni apres comme
    """.split()  # noqa: SIM905
)
_AUXILIARIES = frozenset(
    """
        avoir etre ai as a avons avez ont est sont etait etaient suis sommes avait avaient fut avais jai ete eu
    """.split()  # noqa: SIM905
)
_BETWEEN = frozenset(["pas", "deja", "tout", "bien", "ete", "plus", "encore", "rien", "tous", "toutes", "y"])
_PARTICIPLE = re.compile(r"\w+(?:é|ée|és|ées|i|is|it|ie|ies|u|ue|us|ues|ert|erte|ort|orte)")
_TOLD_OF_PAST = frozenset(
    """
        depuis hier dernier derniere passe avait avaient etait etaient marchait fonctionnait allait
    """.split()  # noqa: SIM905
)


def moments(sight: Sight) -> list[ToldFact]:
    """The exam when one is named, then the deadline when one is told apart from it."""
    exam = _exam(sight)
    spans = [span for span in (_event(sight), _by_then(sight), _coming(sight)) if span is not None]
    told = [_deadline(sight, *span) for span in sorted(spans)]
    deadline = next((each for each in told if exam is None or each.words not in exam.words), None)
    return [fact for fact in (exam, deadline) if fact is not None]


def _exam(sight: Sight) -> ToldFact | None:
    hit = next((hit for hit in longest(sight.of("exam")) if _at_stake(sight, hit)), None)
    if hit is None:
        return None
    words = sight.quote(hit.first, _through_date(sight, hit.last))
    return ToldFact(ToldKind.EXAM, words, words)


def _at_stake(sight: Sight, hit: CueHit) -> bool:
    """Not « l'application des examens », nor « ce n'est pas pour le brevet », nor what somebody looks into."""
    about = sight.texts[max(0, hit.first - 2) : hit.first]
    aside = sight.reading.cleared[hit.first] or sight.set_aside(hit.first) or _ABOUT.intersection(about)
    return not (aside or _looked_into(sight, hit))


def _looked_into(sight: Sight, hit: CueHit) -> bool:
    """« examen médical », « examen de la demande », « le dossier est à l'examen », « à toute épreuve »; not « inscrits
    à l'examen »."""
    texts, first = sight.texts, hit.first
    if hit.last > first or not texts[first].startswith(("examen", "epreuve")):
        return False
    after = next((word for word in texts[first + 1 : first + 4] if word not in _LINKS), "")
    before = texts[max(0, first - 6) : first]
    if after in _EXAMINED or before[-1:] in (("pour",), ("apres",), ("toute",), ("rude",)):
        return True
    if before[-2:] != ("a", "l"):
        return False
    return _TAKERS.isdisjoint(before) if texts[first] == "examen" else not _PUT.isdisjoint(before)


def _event(sight: Sight) -> tuple[int, int] | None:
    """What takes place counts as a deadline only with its day or hour."""
    for hit in longest(sight.of("event")):
        last = _through_date(sight, hit.last)
        dated = last > hit.last and sight.texts[last] not in _ALSO_EVENTS
        if dated and sight.stands(hit) and not _past(sight, hit.first):
            return hit.first, last
    return None


def _by_then(sight: Sight) -> tuple[int, int] | None:
    """« avant vendredi », « pour demain », « d'ici la fin de la semaine », « demain »."""
    texts = sight.texts
    if _SAY_WHEN.isdisjoint(texts):
        return None
    for place, word in enumerate(texts):
        if word not in _SAY_WHEN:
            continue
        if word in _CHECKED and _past(sight, place):
            continue
        if word in _BY or (word == "dans" and _some_days(texts, place)):
            last = _the_twelfth(texts, place) or _through_date(sight, place)
            if last > place:
                return place - (word == "ici" and place > 0 and texts[place - 1] == "d"), last
        elif word in ("prochain", "prochaine") and place and texts[place - 1] in ("semaine", "mois"):
            return place - 1, _through_date(sight, place)
        elif word == "demain":
            return place, _through_date(sight, place)
        elif word in ("soir", "aprem", "apres") and place and texts[place - 1] in ("ce", "cet", "cette"):
            last = _afternoon(texts, place)
            if last:
                return place - 1, last
    return None


def _coming(sight: Sight) -> tuple[int, int] | None:
    """A day to come, said alone: « on vote vendredi », « séance mardi matin »; not « jeudi, le serveur est tombé »."""
    if _DAYS.isdisjoint(sight.texts):
        return None
    days = [place for place, word in enumerate(sight.texts) if word in _DAYS]
    if len({sight.texts[place] for place in days}) > 1:
        return None  # « lundi le son, mardi l'image »: a story
    place = next((place for place in days if _to_come(sight, place)), None)
    return None if place is None else (place, _through_date(sight, place))


def _to_come(sight: Sight, place: int) -> bool:
    if not place or not _near(sight, place - 1, place):
        return False
    after = sight.texts[place + 1] if place + 1 < len(sight.texts) else ""
    if sight.texts[place - 1] in _HABIT or after in _PAST or after == "noir" or _participle(sight, place - 1):
        return False
    return not _past(sight, place)


def _past(sight: Sight, place: int) -> bool:
    """Whether the clause tells what was done, or since when."""
    clause = [each for each in _around(sight, place) if sight.same_clause(each, place)]
    return any(sight.texts[each] in _TOLD_OF_PAST or _done_there(sight, each) for each in clause)


def _around(sight: Sight, place: int) -> range:
    return range(max(0, place - _CLAUSE), min(len(sight.texts), place + _CLAUSE))


def _done_there(sight: Sight, place: int) -> bool:
    """« a été coupé », « est tombée »: an auxiliary, then a participle. Accents tell « classe » from « classé »."""
    if sight.texts[place] not in _AUXILIARIES:
        return False
    following = place + 1
    while following < len(sight.texts) and sight.texts[following] in _BETWEEN:
        following += 1
    if following >= len(sight.texts) or not _near(sight, place, following):
        return False
    return _participle(sight, following)


def _participle(sight: Sight, place: int) -> bool:
    return _PARTICIPLE.fullmatch(sight.quote(place, place).lower()) is not None


def _some_days(texts: Sequence[str], place: int) -> bool:
    """« dans 8 jours », « dans deux heures », « dans une heure »."""
    span = texts[place + 1 : place + 3]
    if len(span) < 2 or span[1] not in _LONG_SPANS:
        return False
    return span[0].isdigit() or span[0] in _SOME


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
    if word in _ENDS and texts[max(0, place - 2) : place] == ("de", "la"):
        return texts[max(0, place - 3)] == "fin"
    if word in _DAYS or word in _ENDS or _TIME.fullmatch(word):
        return True
    return _tells_more(texts, place, before)


def _tells_more(texts: Sequence[str], place: int, before: str) -> bool:
    """A month, the end of the day, a span, an hour in two words (« 14 h 30 »)."""
    word = texts[place]
    if word in _MONTHS:
        return before not in ("d", "de")
    if word == "journee":
        return "fin" in texts[max(0, place - 3) : place]
    if word == "h" or word in _SPANS:
        return (before.isdigit() and word == "h") or "dans" in texts[max(0, place - 3) : place]
    return before == "h" and word.isdigit()
