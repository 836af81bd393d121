"""Where it is: the room told (« salle 204 », « B12 », « labo de physique ») and the zone it lies in."""

import re
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from router.classify.facts.sight import NUMBER_SIGNS, Sight, longest
from router.classify.lexicon import CueHit
from router.model.told import ToldFact, ToldKind

TEACHING = "pedagogique"
_MOST_DESCRIBED = 40
_CODE = re.compile(r"[a-h]\d{2,3}")  # « B12 »
_LETTERED = re.compile(r"[a-z]\d{1,3}")  # « salle A3 »
_SHORT = re.compile(r"s\d{1,3}")  # « s204 »
_NUMBER = re.compile(r"\d{1,3}(?:bis|ter)?|\d{2,3}[abc]")
_ROOM = frozenset(["salle", "salles", "sale", "sal", "labo", "laboratoire"])
_LETTERS = frozenset("abcdefgh")
_NOT_ROOMS = frozenset(
    """
        touche code erreur format page version norme prise port
    """.split()  # noqa: SIM905
)
_UNITS = frozenset(
    """
        minute minutes min mn seconde secondes sec heure heures h jour jours semaine semaines mois an ans fois
        euro euros eur pouces pouce go mo to ko mbit mbits mbps giga gigas pourcent exemplaires exemplaire points
        lignes eme jour eleves classes collegues personnes postes
    """.split()  # noqa: SIM905
)
_OPENERS = frozenset(["salle", "labo", "laboratoire", "bureau", "atelier"])
_OF = frozenset(["de", "d", "du", "des"])
_THE = frozenset(["la", "l", "le", "les"])
_ANY_ROOM = frozenset(
    """
        classe cours bain sa mon ma mes son ses notre nos votre chaque nouveau windows ordinateur pc poste ordi vote
        tous plusieurs autre bord travail
    """.split()  # noqa: SIM905
)
_WITH_SECOND = frozenset(
    """
        arts sciences assistante assistant principal principale vie
    """.split()  # noqa: SIM905
)
_NO_PLACE_AFTER = frozenset(
    """
        logiciel application appli module axess siecle notes programme site badge page ecran station
    """.split()  # noqa: SIM905
)


class Spot(NamedTuple):
    """A room told by the words `first..last`; its zone, empty when it doesn't say; 0 is the best `rank`."""

    first: int
    last: int
    zone: str
    rank: int
    numbered: bool = False


def places(sight: Sight) -> tuple[ToldFact | None, ToldFact | None]:
    """(the room, the zone)."""
    spots = [spot for spot in _spots(sight) if not sight.reading.cleared[spot.first]]
    spots = [spot for spot in spots if not sight.set_aside(spot.first)]
    best = min(spots, key=lambda spot: (spot.rank, spot.first), default=None)
    room = None
    if best is not None:
        words = sight.quote(best.first, best.last)
        room = ToldFact(ToldKind.ROOM, _named(sight, best, words), words)
    return room, _zone(sight, best, spots)


def _named(sight: Sight, spot: Spot, words: str) -> str:
    """A numbered room goes by its number alone, as inventories write it."""
    if not spot.numbered:
        return words
    first = spot.first
    while first < spot.last and (sight.texts[first] in _ROOM or sight.texts[first] in NUMBER_SIGNS):
        first += 1
    code = "".join(sight.texts[first : spot.last + 1])
    return (code[1:] if _SHORT.fullmatch(code) else code).upper()


def _zone(sight: Sight, best: Spot | None, spots: list[Spot]) -> ToldFact | None:
    """The zone of the room told, else of another place, else of whose machine it is."""
    said = next((spot for spot in (best, *spots) if spot is not None and spot.zone), None)
    if said is not None:
        return ToldFact(ToldKind.ZONE, said.zone, sight.quote(said.first, said.last))
    hit = next((hit for hit in sight.of("zone") if not sight.set_aside(hit.first)), None)
    if hit is None or best is not None:
        return None
    return ToldFact(ToldKind.ZONE, hit.group.value, sight.quote(hit.first, hit.last))


def _spots(sight: Sight) -> Iterator[Spot]:
    for place in sight.numbers:
        spot = _numbered(sight, place)
        if spot is not None:
            yield spot
    named = [hit for hit in sight.of("place") if _a_place(sight, hit)]
    described = list(islice(_described(sight), _MOST_DESCRIBED)) if _OPENERS.intersection(sight.texts) else []
    for hit in longest(named):
        if not any(spot.first <= hit.first and hit.last <= spot.last for spot in described):
            sure = bool(hit.group.value) or sight.texts[hit.first] in _OPENERS
            yield Spot(hit.first, hit.last, hit.group.value, 1 if sure else 2)
    for spot in described:
        cue = next((hit for hit in named if spot.first <= hit.first and hit.last <= spot.last), None)
        yield spot._replace(zone=cue.group.value) if cue and cue.group.value else spot


def _numbered(sight: Sight, place: int) -> Spot | None:
    texts, word = sight.texts, sight.texts[place]
    before = texts[place - 1] if place and sight.same_clause(place - 1, place) else ""
    if before in _ROOM and _LETTERED.fullmatch(word):
        return Spot(place - 1, place, TEACHING, 0, numbered=True)
    coded = _CODE.fullmatch(word) is not None and not _joined(sight, place)
    if (coded or _SHORT.fullmatch(word)) and before not in _NOT_ROOMS:
        return Spot(place, place, TEACHING, 0, numbered=True)
    if not _NUMBER.fullmatch(word):
        return None
    first = _opening(sight, place)
    if first is not None:
        return Spot(first, place, TEACHING, 0, numbered=True)
    after = texts[place + 1] if place + 1 < len(texts) else ""
    by_number = before == "la" or (before == "en" and len(word) > 1)  # « la 204 », « en 204 », not « en 2 »
    if by_number and after not in _UNITS and _alone(sight, place):
        return Spot(place, place, TEACHING, 0 if len(word) == 3 else 1, numbered=True)
    return None


def _opening(sight: Sight, place: int) -> int | None:
    """Where « salle n° 204 », « salle B 12 », « s 204 » begins, its number being at `place`."""
    texts, first = sight.texts, place - 1
    if (
        first >= 1
        and texts[first] in _LETTERS
        and texts[first - 1] in _ROOM
        and sight.same_clause(first - 1, place)
    ):
        return first - 1
    while first >= 0 and place - first < 3 and texts[first] in NUMBER_SIGNS:
        first -= 1
    if first < 0 or sight.words[first].segment != sight.words[place].segment:
        return None
    if texts[first] in _ROOM:
        return first
    if texts[first] == "s" and first == place - 1 and len(texts[place]) > 1:
        return first
    return None


def _joined(sight: Sight, place: int) -> bool:
    """Part of a longer code (« PC-B12-3 »)."""
    word = sight.words[place]
    text = sight.reading.segments[word.segment].text
    around = (text[word.start - 1 : word.start], text[word.end : word.end + 1])
    return any(mark in ("-", "_", "/") for mark in around if mark)


def _alone(sight: Sight, place: int) -> bool:
    word = sight.words[place]
    after = sight.reading.segments[word.segment].text[word.end : word.end + 2].strip()
    return not after.startswith(("%", "/", ":", "°", "€", "-", ",5"))


def _a_place(sight: Sight, hit: CueHit) -> bool:
    """« le logiciel de vie scolaire » is no place."""
    before = sight.texts[max(0, hit.first - 3) : hit.first]
    return not _NO_PLACE_AFTER.intersection(before)


def _described(sight: Sight) -> Iterator[Spot]:
    """« salle d'espagnol », « bureau de la psychologue », « labo de langues »: what it is for names it."""
    texts = sight.texts
    for first, word in enumerate(texts):
        if word not in _OPENERS or first + 2 >= len(texts) or texts[first + 1] not in _OF:
            continue
        last = first + 2
        if texts[last] in _THE and last + 1 < len(texts):
            last += 1
        if texts[last] in _ANY_ROOM or texts[last][0].isdigit() or not sight.same_clause(first, last):
            continue
        if texts[last] in _WITH_SECOND and last + 1 < len(texts) and _goes_on(texts[last + 1]):
            last += 1
        yield Spot(first, last, "" if word in ("bureau", "atelier") else TEACHING, 1)


def _goes_on(word: str) -> bool:
    return word.endswith(("e", "es", "s", "t", "x")) and len(word) > 4
