"""Who is touched: a number (« 28 élèves »), a whole group (« toute la classe »), a class (« les 4e C »), a group
without number (« les familles »), or one person (« un élève »)."""

import re
from collections.abc import Iterator

from router.classify.facts.sight import Sight, longest
from router.classify.lexicon import CueHit
from router.model.told import ToldFact, ToldKind

_COUNTED = frozenset(
    """
        eleves collegues profs prof professeurs enseignants enseignantes personnes familles parents classes agents
        personnels surveillants assistants assistantes secretaires aesh aed gamins gosses utilisateurs stagiaires
        candidats collegiens jeunes intervenants adultes internes contractuels contractuelles remplacants stagiaire
        usagers inscrits participants invites tuteurs electeurs rationnaires demi lyceens visiteurs correspondants
        animateurs formateurs referents infirmieres cpe directeurs responsables enfants gars filles garcons
        mamans papas freres soeurs jumeaux sixiemes cinquiemes quatriemes troisiemes volontaires signataires salaries
        comptables cuisiniers etudiants apprenants delegues choristes joueurs abonnes
    """.split()  # noqa: SIM905
)
_BETWEEN = frozenset(
    """
        de d des mes nos ses les autres jeunes nouveaux nouvelles petits futurs anciens ces
    """.split()  # noqa: SIM905
)
_UNITS = """
    deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize
""".split()  # noqa: SIM905
_NUMBERS = {word: number for number, word in enumerate(_UNITS, start=2)} | {
    "vingt": 20, "trente": 30, "quarante": 40, "cent": 100, "dizaine": 10, "douzaine": 12, "quinzaine": 15,
    "vingtaine": 20, "trentaine": 30, "quarantaine": 40, "cinquantaine": 50, "centaine": 100,
}  # fmt: skip
_CANNOT = frozenset(
    """
        ne n pas plus plu rien impossible perdent perdu bloques bloquees bloque bloquee attendent attend introuvable
        refuse refuses refusee coinces coincee sans aucun aucune tombent restent reste disparu oublie
    """.split()  # noqa: SIM905
)
_ROUND = frozenset(
    """
        dizaine douzaine quinzaine vingtaine trentaine quarantaine centaine
    """.split()  # noqa: SIM905
)
_CLASS = re.compile(
    r"[3-6](?:e|em|eme|emes|ieme|iemes|es)[a-h1-9]?|(?:sixieme|cinquieme|quatrieme|troisieme)s?"
)
_OF_A_CLASS = frozenset(
    """
        la les ma mes nos des une aux leurs notre cette ces toute ulis segpa
    """.split()  # noqa: SIM905
)
_NOT_A_CLASS = frozenset(
    """
        etage fois trimestre heure semaine jour jours poste pc ordi page ligne periode partie type version alerte
        essai prise port rang rangee question etape chaine place annee generation bouton porte reprise tentative
    """.split()  # noqa: SIM905
)
_PARTS = re.compile(r"[a-h]|[1-9]|bleue|verte|rouge|segpa|ulis|curie")
_ARE = {
    "nous": ("sommes", "etions"),
    "on": ("est", "etait"),
    "ils": ("sont", "etaient"),
    "elles": ("sont", "etaient"),
}
_RANKS = {"": 0, "class": 1, "hers": 2, "some": 3, "one": 4}
_LAST = 5
_MOST_DIGITS = 4
_LARGEST_ROOM = 40
_AROUND = 6  # words


def people(sight: Sight) -> ToldFact | None:
    """A number first, then a whole group, a class, « mes élèves », another group, one person."""
    counted = _counted(sight) or _we_are(sight)
    if counted is not None:
        return counted
    hits = [hit for hit in longest(sight.of("people")) if _told(sight, hit) and _touched(sight, hit)]
    spans = [(_RANKS.get(hit.group.value, _LAST), hit.first, hit.last) for hit in hits]
    best = min((*spans, *_classes(sight)), default=None)
    if best is None:
        return None
    words = sight.quote(*best[1:])
    return ToldFact(ToldKind.PEOPLE, words.lower(), words)


def _classes(sight: Sight) -> Iterator[tuple[int, int, int]]:
    """« les 4e C », « ma 5eB », « toute la 3e 2 »; not « la 3e fois », nor « en 4e », which is a level taught."""
    for place in sight.numbers:
        yield from _class_at(sight, place)


def _class_at(sight: Sight, place: int) -> Iterator[tuple[int, int, int]]:
    texts = sight.texts
    before = texts[place - 1] if place and sight.same_clause(place - 1, place) else ""
    after = texts[place + 1] if place + 1 < len(texts) and sight.same_clause(place, place + 1) else ""
    if not _CLASS.fullmatch(texts[place]) or before not in _OF_A_CLASS or after in _NOT_A_CLASS:
        return
    if not (sight.reading.cleared[place] or sight.set_aside(place - 1)):
        yield _RANKS["class"], place - 1, place + 1 if _PARTS.fullmatch(after) else place


def scope_of_number(fact: ToldFact | None) -> str | None:
    """A handful of people is a room's worth; one alone or many say nothing that the words don't."""
    if fact is None or not fact.value.isdigit():
        return None
    return "room" if 2 <= int(fact.value) <= _LARGEST_ROOM else None


def _told(sight: Sight, hit: CueHit) -> bool:
    """Neither « pas tous les élèves », nor in a clause that says that all is well."""
    before = sight.texts[hit.first - 1] if hit.first else ""
    return not (sight.reading.cleared[hit.first] or before == "pas" or sight.set_aside(hit.first))


def _touched(sight: Sight, hit: CueHit) -> bool:
    """One person is only touched by what she can't do; « mes élèves » are, except in « comment… ? »."""
    if hit.group.value == "":
        return True
    if "comment" in sight.texts[: hit.first]:
        return False
    before = sight.texts[hit.first - 1] if hit.first else ""
    if hit.group.value == "hers" or before == "chez":
        return True
    around = (*range(max(0, hit.first - _AROUND), hit.first), *range(hit.last + 1, hit.last + _AROUND))
    near = (each for each in around if each < len(sight.texts) and sight.same_clause(hit.first, each))
    return any(sight.texts[each] in _CANNOT for each in near)


def _counted(sight: Sight) -> ToldFact | None:
    if _COUNTED.isdisjoint(sight.texts):
        return None
    for place, word in enumerate(sight.texts):
        if word not in _COUNTED:
            continue
        first = place - 1
        while first >= 0 and place - first < 4 and sight.texts[first] in _BETWEEN:
            first -= 1
        number = _number(sight.texts[first]) if first >= 0 and sight.same_clause(first, place) else 0
        if first > 0 and sight.texts[first - 1] in ("vingt", "trente", "quarante") and number < 10:
            first, number = first - 1, number + _NUMBERS[sight.texts[first - 1]]
        if number < 2 or _mobile(sight, place) or sight.reading.cleared[place] or sight.denied(first, 1):
            continue
        if sight.texts[first] in _ROUND and first and sight.texts[first - 1] in ("une", "la"):
            first -= 1
        return ToldFact(ToldKind.PEOPLE, str(number), sight.quote(first, place))
    return None


def _we_are(sight: Sight) -> ToldFact | None:
    """« nous sommes quatre », « on était 26 »; not « il est 8 h » nor « on est 3e »."""
    if _ARE.keys().isdisjoint(sight.texts):
        return None
    for place, word in enumerate(sight.texts[:-2]):
        if (
            word not in _ARE
            or sight.texts[place + 1] not in _ARE[word]
            or not sight.same_clause(place, place + 2)
        ):
            continue
        number = _number(sight.texts[place + 2])
        if number >= 2 and sight.texts[place + 3 : place + 4] not in (("h",), ("heures",)):
            return ToldFact(ToldKind.PEOPLE, str(number), sight.quote(place, place + 2))
    return None


def _mobile(sight: Sight, place: int) -> bool:
    """« deux classes mobiles » are carts."""
    return sight.texts[place + 1 : place + 2] in (("mobiles",), ("mobile",))


def _number(word: str) -> int:
    if word.isdigit():
        return int(word) if len(word) <= _MOST_DIGITS else 0
    return _NUMBERS.get(word, 0)
