"""What a text holds that identifies somebody, or opens a door: found by its form, shown, and masked.

Found by form, so neither complete nor free of error: a warning to whoever writes, who decides; a mask over what is kept
to learn from, where a word too many masked does no harm. Nothing found is stored or logged."""

import re
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from types import MappingProxyType

from router.model.words import PersonalKind

LONGEST = 20_000  # characters read; nobody writes more by hand


@dataclass(frozen=True, slots=True)
class PersonalData:
    """One finding: text[start:end] is `words`."""

    kind: PersonalKind
    start: int
    end: int
    words: str


# Every run is bounded: two unbounded ones that may share the same blanks are a square of them, on a text pasted.
_CAPITAL = r"[A-ZÀÂÄÇÉÈÊËÎÏÔÖÙÛÜŸ]"
_NAME = rf"{_CAPITAL}[\w’'-]*\.?"
_NAMES = rf"{_NAME}(?:[ \t]{{1,8}}(?:de[ \t]|du[ \t]|d['’])?{_NAME}){{0,2}}"
_STREETS = (
    r"rue|avenue|av\.?|boulevard|bd|impasse|allée|place|chemin|route|quai|square|cours|lotissement|résidence|sentier"
    r"|ruelle"
)
_DOOR = r"mots? de passe|mdp|m\.d\.p\.?|password|code (?:d['’]accès|wifi|secret|pin|ent)|clé (?:wifi|wpa)"
_OF_WHAT = r"(?:[ \t]{1,8}(?:(?:de|du|des|pour|wifi|actuel|provisoire|est)\b|[dc]['’]\w{0,30}|\w{1,30})){0,3}?"
_CHILD = (
    r"(?i:élèves?|eleves?|l['’]enfant|l[ae] (?:fille|fils|jeune|petite?)|parents? d[e'’]|[mp]ère d[e'’]|nommée?"
    r"|appelée?|prénommée?)"
)
_CIVIL = r"(?:M\.|MM\.|Mmes?|Mlle|Monsieur|Madame|Mademoiselle|Maître|Mr)"

# The group « data » is what is shown and masked; without it, the whole. Earlier kinds win over later ones.
_FORMS: Mapping[PersonalKind, tuple[re.Pattern[str], ...]] = MappingProxyType(
    {
        # What follows a colon or « est », and holds a figure or a sign: « mon mot de passe est expiré » tells none.
        PersonalKind.PASSWORD: (
            re.compile(
                rf"\b(?:{_DOOR}){_OF_WHAT}[ \t]{{0,8}}(?::|=|\best\b|c['’]est)[ \t]{{0,8}}(?:[«\"“'][ \t]{{0,8}})?"
                r"(?P<data>(?=\S{0,40}[\d!@#$%&*_+?-])\S{4,40}?)(?=[ \t]{0,8}[»\"”']|[.,;)]?(?:\s|$))",
                re.IGNORECASE,
            ),
        ),
        PersonalKind.SOCIAL_SECURITY: (
            re.compile(
                r"(?<!\d)[1278][ \t.]?\d{2}[ \t.]?(?:0[1-9]|1[0-2]|[2-9]\d)[ \t.]?(?:\d{2}|2[ABab])[ \t.]?\d{3}"
                r"[ \t.]?\d{3}(?:[ \t.-]{0,3}\d{2})?(?!\d)"
            ),
        ),
        PersonalKind.INE: (
            re.compile(r"(?<!\w)(?:\d{10}[A-Za-z]|\d{9}[A-Za-z]{2})(?!\w)"),
            re.compile(r"\bINE\b[^\w\n]{0,4}(?P<data>[0-9A-Za-z]{10,11})\b"),
        ),
        PersonalKind.IBAN: (
            re.compile(r"(?<!\w)FR\d{2}(?:[ ]?[0-9A-Z]{4}){5}[ ]?[0-9A-Z]{3}(?!\w)", re.IGNORECASE),
        ),
        PersonalKind.MAIL: (re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{2,63}){1,5}"),),
        PersonalKind.PHONE: (
            re.compile(
                r"(?<![\w+])(?:(?:\+|00)(?:33|262|590|594|596)[ \t.-]{0,8}(?:\(0\)[ \t.-]{0,8})?|0[ \t.-]?)"
                r"[1-9](?:[ \t.-]?\d{2}){4}(?!\d)"
            ),
        ),
        PersonalKind.ADDRESS: (
            re.compile(
                rf"\b\d{{1,4}}(?:[ ,]{{1,8}}|[ \t]{{0,8}}(?:bis|ter|quater|[abcd])[ ,]{{1,8}})"
                rf"(?:{_STREETS})[ \t]{{1,8}}[^\n,;.!?()]{{2,60}}"
                rf"(?:,?[ \t]{{0,8}}\d{{5}}[ \t]{{1,8}}{_NAME}(?:[ -]{_NAME}){{0,3}})?",
                re.IGNORECASE,
            ),
        ),
        PersonalKind.NAME: (
            re.compile(rf"\b{_CHILD}[ \t:,]{{0,8}}(?:[Ll][ae] |d['’])?(?P<data>{_NAMES})"),
            re.compile(rf"\b{_CIVIL}[ \t]{{1,8}}(?P<data>{_NAMES})"),
            re.compile(
                rf"\b(?P<data>{_CAPITAL}[a-zà-ÿ]{{2,}}(?:-{_CAPITAL}[a-zà-ÿ]+)?"
                rf"[ \t]{{1,8}}{_CAPITAL}{{3,}}(?:-{_CAPITAL}+)?)"
            ),
        ),
    }
)

MASKS: Mapping[PersonalKind, str] = MappingProxyType(
    {
        PersonalKind.PASSWORD: "[mot de passe]",
        PersonalKind.SOCIAL_SECURITY: "[numéro de sécurité sociale]",
        PersonalKind.INE: "[INE]",
        PersonalKind.IBAN: "[IBAN]",
        PersonalKind.MAIL: "[adresse mail]",
        PersonalKind.PHONE: "[téléphone]",
        PersonalKind.ADDRESS: "[adresse]",
        PersonalKind.NAME: "[nom]",
    }
)


def find_personal_data(text: str, spared: Set[str] = frozenset()) -> tuple[PersonalData, ...]:
    """What is found, in the order of the text, none over another.

    `spared` are words that only look like names (products, the collège's own), casefolded."""
    read = text[:LONGEST]
    taken = bytearray(len(read))  # a text may hold thousands: each is checked at its own place only
    found: list[PersonalData] = []
    for kind, forms in _FORMS.items():
        for form in forms:
            for match in form.finditer(read):
                one = _finding(kind, match, spared)
                if one and not any(taken[one.start : one.end]):
                    taken[one.start : one.end] = b"\1" * (one.end - one.start)
                    found.append(one)
    return tuple(sorted(found, key=lambda one: one.start))


def _finding(kind: PersonalKind, match: re.Match[str], spared: Set[str]) -> PersonalData | None:
    group = "data" if "data" in match.re.groupindex else 0
    start = match.start(group)
    words = match[group].rstrip()
    if kind is PersonalKind.NAME and any(
        each.casefold().strip(".") in spared for each in (words, *words.split())
    ):
        return None
    return PersonalData(kind, start, start + len(words), words) if words else None


def masked(text: str, found: Iterable[PersonalData]) -> str:
    """The text with a word of its kind in the place of each finding."""
    pieces, place = [], 0
    for one in sorted(found, key=lambda one: one.start):
        pieces += [text[place : one.start], MASKS[one.kind]]
        place = one.end
    return "".join([*pieces, text[place:]])
