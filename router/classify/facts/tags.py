"""The tag of a thing, told by its shape (« PC-0412 ») or by the words before (« n° d'inventaire 4512 »).

What the inventory knows wins over any shape: `known_tag` looks for it among all that could be a tag."""

import re
from collections.abc import Iterable, Iterator

from router.classify.facts.sight import NUMBER_SIGNS, Sight
from router.model.told import ToldFact, ToldKind

_RUN = re.compile(r"[a-z0-9]+(?:[-_/][a-z0-9]+)*")
_SHAPED = re.compile(
    r"[a-z]{1,6}(?:[-_][a-z0-9]{1,6})?[-_]\d{2,6}[a-z]?"  # PC-0412, VP-B12-03
    r"|[a-z]{1,6}-\d{3,6}-[a-z0-9]{1,3}"  # VZ-44120-B
    r"|\d{3}-\d{4}-\d{3,5}"  # 901-0012-0034
    r"|(?:pc|vp|vpi|tab|imp|ord|port|ecr|srv|inv|clg|tbi|eni|nb|lap)\d{3,6}"
)
_NOT_TAGS = re.compile(
    r"err-.*|covid-?\d+|mp-?\d|usb-?\d|wpa?-?\d|cat-?\d|rj-?45|office-?\d+|win(?:dows)?-?\d+|[a-z]-?\d{1,2}"
)
_SAY_TAG = frozenset(
    """
        etiquette etiquettes inventaire inv serie tag matricule immobilisation sn immo etiquete etiquetee
        reference
    """.split()  # noqa: SIM905
)
_THINGS = frozenset(
    """
        poste pc ordi ordinateur ordinatteur fixe unite machine tour portable tablette liseuse ecran camera borne
        copieur imprimante scanner chariot valise valisette mallette paillasse prise ilot switch commutateur baie
        badgeuse telephone combine casque robot vpi vp videoprojecteur videoproj projecteur tbi tni eni tableau
        chromebook ipad serveur badge lecteur vitrine plotter traceur douchette
    """.split()  # noqa: SIM905
)
_ONE_OF_MANY = re.compile(r"\d{1,2}|[a-h]\d{1,2}")  # « poste 6 », « tablette n° 12 »
_COUNTS = frozenset(
    """
        minute minutes min mn seconde secondes sec heure heures h jour jours semaine semaines mois an ans fois euros
        pouces pouce go mo to ko pourcent pages page feuilles ports postes eleves ans volts v w watts cm m
    """.split()  # noqa: SIM905
)
_BEFORE = 5
_MARKS = str.maketrans("", "", "-_/. #°:")
_LINKS = frozenset(
    """
        n no num numero est de d l le c la du sur portant ref
    """.split()  # noqa: SIM905
)
_NOT_BEFORE = frozenset(
    """
        erreur code page version message article salle ticket dossier
    """.split()  # noqa: SIM905
)


def tags(sight: Sight) -> ToldFact | None:
    """The first word that has the shape of a tag, or that is said to be one; a thing that works (« le PC-0412 marche,
    c'est le PC-0413 ») only when no other is named: its own trouble may follow (« il s'allume bien, mais… »)."""
    cleared = sight.reading.cleared
    found = [
        (cleared[place], place, run)
        for place in sight.numbers
        if (run := _run(sight, place)) and _is_tag(sight, place, run)
    ]
    if found:
        _, _, run = min(found)
        return ToldFact(ToldKind.ASSET_TAG, run.upper(), run)
    spots = [
        (cleared[spot[0]], *spot) for place in sight.numbers if (spot := _one_of_many(sight, place)) is not None
    ]
    if not spots:
        return None
    words = sight.quote(*min(spots)[1:])
    return ToldFact(ToldKind.ASSET_TAG, words.upper(), words)


def _one_of_many(sight: Sight, place: int) -> tuple[int, int] | None:
    """« poste 6 », « tablette n° 12 », « pc 3 »: what stands on the thing when it has no tag; not « pc 15 minutes »."""
    texts, first = sight.texts, place - 1
    if not _ONE_OF_MANY.fullmatch(texts[place]) or place < 1:
        return None
    while first > 0 and place - first < 3 and texts[first] in NUMBER_SIGNS:
        first -= 1
    after = texts[place + 1] if place + 1 < len(texts) and sight.same_clause(place, place + 1) else ""
    named = texts[first] in _THINGS and sight.same_clause(first, place)
    if not named or after in _COUNTS or sight.set_aside(first) or not _whole(sight, place):
        return None
    return first, place + _joined(sight, place)


def _joined(sight: Sight, place: int) -> bool:
    """« prise 1-27 »: the number goes on in the next word."""
    here, following = sight.words[place], sight.words[place + 1 : place + 2]
    text = sight.reading.segments[here.segment].text
    return bool(following) and text[here.end : following[0].start] == "-" and following[0].text.isdigit()


def _whole(sight: Sight, place: int) -> bool:
    """Not the beginning of an hour, a share, a version (« 11.2 »), a telephone number (« portable 06 12… »)."""
    word = sight.words[place]
    after = sight.reading.segments[word.segment].text[word.end : word.end + 3].lstrip()
    return (
        after[:1] not in ("%", "°")
        and not after[:1].isdigit()
        and not (after[:1] in (".", ",", ":", "/") and after[1:2].isdigit())
    )


def known_tag(text: str, known: Iterable[str]) -> tuple[str, str] | None:
    """(the tag as the inventory writes it, the words) of the first known tag that stands in a text."""
    runs = {_key(run): run for run in reversed(list(_runs(text)))}
    if not runs:
        return None
    found = {key: tag for tag in known if (key := _key(tag)) in runs}
    return next(((found[key], run) for key, run in reversed(runs.items()) if key in found), None)


def _runs(text: str) -> Iterator[str]:
    """The words that hold a figure, with what a dash ties to them; a name and its number apart too (« PC 0412 »)."""
    spans = [match.span() for match in re.finditer(r"[^\W_]+(?:[-_/.][^\W_]+)*", text)]
    for place, (start, end) in enumerate(spans):
        if any(letter.isdigit() for letter in text[start:end]):
            yield text[start:end]
            if place and text[spans[place - 1][1] : start] == " ":
                yield text[spans[place - 1][0] : end]


def _key(tag: str) -> str:
    return tag.upper().translate(_MARKS)


def _run(sight: Sight, place: int) -> str | None:
    """The whole code that the word at `place` is a part of, in her own words."""
    word = sight.words[place]
    segment = sight.reading.segments[word.segment]
    start, end, text = word.start, word.end, segment.text
    while start > 1 and text[start - 1] in "-_/" and text[start - 2].isalnum():
        start -= 2
        while start and text[start - 1].isalnum():
            start -= 1
    while end + 1 < len(text) and text[end] in "-_/" and text[end + 1].isalnum():
        end += 2
        while end < len(text) and text[end].isalnum():
            end += 1
    return segment.quote(start, end) if end - start >= 3 else None


def _is_tag(sight: Sight, place: int, run: str) -> bool:
    before = sight.texts[max(0, place - _BEFORE) : place]
    shape = run.lower()
    if _NOT_TAGS.fullmatch(shape) or _NOT_BEFORE.intersection(before[-2:]):
        return False
    if _SHAPED.fullmatch(shape):
        return True
    while before and before[-1] in _LINKS:
        before = before[:-1]
    return bool(before) and before[-1] in _SAY_TAG and _RUN.fullmatch(shape) is not None
