"""What a text holds that identifies somebody, or opens a door: found by its form, shown, and masked.

Found by form, so neither complete nor free of error: a warning to whoever writes, who decides; a mask over what is kept
to learn from, where a word too many masked does no harm. Nothing found is stored or logged."""

import re
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from types import MappingProxyType
from typing import NamedTuple

from router.classify.fold import fold_characters
from router.classify.given_names import is_first_name, is_ordinary, is_particle, is_surname, named_people
from router.classify.shown_text import shown
from router.classify.told_secrets import PASSWORDS, plain_secrets
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
_NAME = rf"(?:{_CAPITAL}\.|{_CAPITAL}[\w’'-]*)"
_BETWEEN = (
    r"(?:(?:de[ \t]la|[Dd]e|[Dd]u|Des|La|Le|Les|El|Ben)[ \t]{1,4}){0,2}(?:d['’])?"
    r"(?!(?:MM?\.|M(?:me|lle|r)\b))"  # who is called next
)
_NAMES = rf"{_NAME}(?:[ \t]{{1,8}}{_BETWEEN}{_NAME}){{0,2}}"
_NUMBERED = r"rue|ruelle|avenue|boulevard|impasse|allée|lotissement|résidence|faubourg"
_STREETS = (
    rf"{_NUMBERED}|chemin|quai|square|sentier|av\.?|bd\.?|bvd|blvd|imp\.|all\.|ch\.|pl\.|rés\."
    r"|r\.|r(?=[ \t]{1,8}(?:de|du|des|la|d['’])\b)"
    r"|place|route|cours|passage|montée|hameau|lieu-dit"
)
_APART = r"[ \t._/-]{0,3}"  # between two figures of an account
_CHILD = (
    r"(?i:élèves?|eleves?|l['’]enfant|l[ae] (?:fille|fils|jeune|petite?)|parents? d[e'’]|[mp]ère d[e'’]|nommée?"
    r"|appelée?|prénommée?)"
)
_POLITE = r"(?:[Mm]onsieur|[Mm]adame|[Mm]ademoiselle|Maître|MM\.)"
_SHORT = r"(?:M\.|[Mm]mes?\.?|[Mm]lles?\.?|[Mm]r\.?)"
_OF = r"(?:d['’](?=[A-ZÉ])|de[ \t]{1,4}(?:[Ll]a[ \t]{1,4})?(?=[A-ZÉ])|du[ \t]{1,4}(?=[A-ZÉ]))?"

_WORDS = re.compile(r"[^\s]{1,40}")
_SHOWN = ("data", "other", "shouted", "called", "quiet")

# The group « data » (or another of these) is what is shown and masked; without it, the whole. Earlier kinds win over
# later ones.
_FORMS: Mapping[PersonalKind, tuple[re.Pattern[str], ...]] = MappingProxyType(
    {
        PersonalKind.PASSWORD: PASSWORDS,
        PersonalKind.IBAN: (
            re.compile(rf"(?<!\w)(?:FR|MC){_APART}\d{_APART}\d(?:{_APART}[0-9A-Z]){{23}}(?!\w)", re.IGNORECASE),
            re.compile(
                r"(?<!\w)(?:AT|BE|CH|DE|DK|ES|FI|GB|IE|IT|LU|MA|NL|PL|PT|RO|SE|TN|TR)\d{2}"
                r"(?:[ .-]?[0-9A-Z]{4}){3,6}(?:[ .-]?[0-9A-Z]{1,3})?(?!\w)"
            ),
            re.compile(rf"(?<!\w)\d(?:{_APART}\d){{9}}(?:{_APART}[0-9A-Z]){{11}}{_APART}\d{_APART}\d(?!\w)"),
        ),
        PersonalKind.CARD: (
            re.compile(
                r"(?<![\w+])(?P<card>\d{4}(?:[ .-]?\d{4}){3}|3[47]\d{2}[ .-]?\d{6}[ .-]?\d{5})(?![\w]|[.-]\d)"
            ),
            re.compile(
                r"\b(?:carte|cb|visa|mastercard)\b[^\n\d]{0,40}(?P<data>\d{4}(?:[ .-]?\d{4}){3})(?![\w]|[.-]\d)",
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
            re.compile(
                r"\bINE\b[^\w\n]{0,4}(?P<data>\d(?:[ .-]?\d){8}[ .-]?[0-9A-Za-z][ .-]?[A-Za-z])\b",
                re.IGNORECASE,
            ),
            re.compile(
                r"\bINE\b[^\w\n]{0,4}(?P<data>(?=(?:[A-Za-z]{0,4}\d){4})[0-9A-Za-z]{10,11})\b", re.IGNORECASE
            ),
        ),
        PersonalKind.MAIL: (re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{2,63}){1,5}"),),
        PersonalKind.PHONE: (
            re.compile(
                r"(?<![\w+])(?:(?:\+|00)(?:33|262|590|594|596)[ \t.-]{0,8}(?:\(0\)[ \t.-]{0,8})?|0[ \t.-]?)"
                r"[1-9](?:[ \t.-]?\d{2}){4}(?!\d)"
            ),
            re.compile(
                r"(?<![\w+])(?:\+|00)(?:33|262|590|594|596)[ \t.-]{0,3}\(0?[1-9]\)(?:[ \t.-]{0,3}\d{2}){4}(?!\d)"
            ),
            re.compile(r"(?<![\w+/])0[1-9](?:[ ]?[/–_-][ ]?\d{2}){4}(?![\d/])"),
            re.compile(r"(?<![\w+.])0[1-9]\d{2}([ .-])\d{3}\1\d{3}(?!\d|\.\d)"),
        ),
        PersonalKind.ADDRESS: (
            re.compile(
                rf"\b\d{{1,4}}(?:[ ,]{{1,8}}|[ \t]{{0,8}}(?:bis|ter|quater|[abcd])[ ,]{{1,8}})"
                rf"(?:{_STREETS})(?:(?<=\.)|[ \t])[ \t]{{0,8}}[^\n,;.!?()]{{2,60}}"
                rf"(?:,?[ \t]{{0,8}}\d{{5}}[ \t]{{1,8}}{_NAME}(?:[ -]{_NAME}){{0,3}})?",
                re.IGNORECASE,
            ),
            re.compile(  # the number last: « rue des Lilas, n° 12 »
                rf"\b(?:{_NUMBERED})[ \t]{{1,8}}(?:(?:de|du|des|la|le|les)[ \t]{{1,8}}|[ld]['’]){{0,3}}"
                r"[^\W\d_][\w’'-]{2,30}(?:[ \t]{1,8}[^\W\d_][\w’'-]{2,30}){0,2}?,?[ \t]{1,8}(?:n°?|numéro)?[ \t]{0,8}"
                r"\d{1,4}(?:[ \t]{0,8}(?:bis|ter))?(?![\w.,]{0,1}\d"
                r"|[ \t]{0,8}(?:postes?|pc|h|min|salles?|ordi\w{0,8}|tablettes?)\b)",
                re.IGNORECASE,
            ),
        ),
        PersonalKind.NAME: (
            re.compile(rf"\b(?P<who>{_CHILD})[ \t:,]{{0,8}}(?:[Ll][ae] |(?P<of>d['’]))?(?P<data>{_NAMES})"),
            re.compile(rf"\b{_POLITE}[ \t]{{1,8}}(?P<data>{_NAMES})"),
            re.compile(
                rf"\b(?:{_SHORT}[ \t]{{1,8}}|(?<!\.)M(?:\.|[ \t]{{1,3}})(?={_CAPITAL}[a-zà-ÿ]{{2}}))"
                rf"(?P<called>{_OF}{_NAMES})"
            ),
            re.compile(
                rf"\b(?:MME|MLLE|MR)[ \t]{{1,8}}(?P<called>(?:D[EU][ \t]|L[AE][ \t]){{0,2}}{_CAPITAL}[\w’'-]+)"
            ),
            re.compile(rf"\b(?:{_SHORT})[ \t]{{1,8}}(?P<quiet>[a-zà-ÿ]{{2}}[a-zà-ÿ’'-]{{1,30}})(?!\w)"),
            re.compile(
                rf"\b(?P<shouted>{_CAPITAL}[a-zà-ÿ]{{2,}}(?:-{_CAPITAL}[a-zà-ÿ]+)?"
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
        PersonalKind.CARD: "[carte bancaire]",
        PersonalKind.NAME: "[nom]",
        PersonalKind.DATE: "[date]",
        PersonalKind.MACHINE: "[adresse IP]",
        PersonalKind.NUMBER: "[numéro]",
    }
)


class _Span(NamedTuple):
    kind: PersonalKind
    start: int
    end: int


def find_personal_data(text: str, spared: Set[str] = frozenset()) -> tuple[PersonalData, ...]:
    """What is found in the text as it is shown, in the order of the text, none over another; what stands within may
    hold tags.

    `spared` are words that only look like names (products, the collège's own), casefolded."""
    read = text[:LONGEST]
    view = shown(read)
    taken = bytearray(len(read))  # a text may hold thousands: each is checked at its own place only
    found: list[PersonalData] = []

    def take(kind: PersonalKind, start: int, end: int) -> None:
        met = taken.find(1, start, end)
        # « l'élève Kerbrat Martin », of which « Martin » is known
        if met > start and kind is PersonalKind.NAME:
            end = start + len(_without_duties(text[start:met].rstrip(), spared, alone=False))
        if end > start and not any(taken[start:end]):
            taken[start:end] = b"\1" * (end - start)
            found.append(PersonalData(kind, start, end, text[start:end]))

    for kind, first, last in _candidates(view.text, spared):
        take(kind, *view.written(first, last))
    for start, end in view.markup:
        for kind, place, stop in _within_a_tag(read[start:end]):
            take(kind, start + place, start + stop)
    return tuple(sorted(found, key=lambda one: one.start))


def _within_a_tag(tag: str) -> Iterator[_Span]:
    """What a link holds: « mailto:… », « tel:… »."""
    for kind in (PersonalKind.MAIL, PersonalKind.PHONE):
        for form in _FORMS[kind]:
            yield from (_Span(kind, *match.span()) for match in form.finditer(tag))


def _candidates(text: str, spared: Set[str]) -> Iterator[_Span]:
    """What may be found, the first first: over another, the one that comes later is not found."""
    for kind, forms in _FORMS.items():
        if kind is PersonalKind.NAME:
            yield from (_Span(kind, *span) for span in named_people(text, spared))
        for form in forms:
            for match in form.finditer(text):
                if one := _finding(kind, match, spared):
                    yield one
        if kind is PersonalKind.PASSWORD:
            for start, end in plain_secrets(text):
                if text[start:end].casefold() not in spared:
                    yield _Span(kind, start, end)


def _finding(kind: PersonalKind, match: re.Match[str], spared: Set[str]) -> _Span | None:
    groups = match.groupdict()
    if groups.get("error") or not _is_card(groups.get("card")):
        return None
    group = next((name for name in _SHOWN if groups.get(name)), 0)
    start = match.start(group)
    words = match[group].rstrip()
    if kind is PersonalKind.NAME:
        words = _name_in(match, str(group), words, spared)
    if kind is PersonalKind.PASSWORD and words.casefold() in spared:
        return None
    return _Span(kind, start, start + len(words)) if words else None


def _is_card(number: str | None) -> bool:
    """Whether the figures hold together as those of a card do (Luhn); also when there is none."""
    figures = [int(each) for each in reversed(number or "") if each.isdecimal()]
    doubled = [figure * 2 - 9 * (figure > 4) for figure in figures[1::2]]
    return sum(figures[::2], sum(doubled)) % 10 == 0


def _name_in(match: re.Match[str], group: str, words: str, spared: Set[str]) -> str:
    """The name that a form found, without what follows it and is none; empty when there is none."""
    if group == "called":
        return _called(words, spared)
    if group == "quiet":
        # « discipline de M. parti »
        doubtful = match[0].startswith("M.") and not is_surname(fold_characters(words))
        return "" if doubtful or _ordinary(words) or words.casefold() in spared else words
    if "who" in match.re.groupindex and not _stands_out(match, words):
        return ""
    return _without_duties(words, spared, alone=group == "shouted")


def _stands_out(match: re.Match[str], words: str) -> bool:
    """Not « les élèves d'Ukraine », nor « LISTE DES ELEVES VENDUE »: only a known name does there."""
    before = match.string[max(match.start() - 20, 0) : match.start()].rpartition("\n")[2]
    after = match.string[match.end() : match.end() + 20].partition("\n")[0]
    beside = before + after
    calm = any(each.islower() for each in beside) and not {"[", "]"}.intersection(beside)  # a mask is no word
    shouted = match["who"].isupper() and words.isupper() and not calm
    if not (shouted or match["of"]):
        return True
    return any(is_first_name(each) or is_surname(each) for each in map(fold_characters, words.split()))


def _called(words: str, spared: Set[str]) -> str:
    """What « Mme » calls is somebody, were it a word of a product (« Mme Blanc », « M. Le Page »): up to the next such
    word, or duty. An initial, « Ould » may be all there is of a name; « Le » may not."""
    end, alone, introduced = 0, 0, False
    for word in _WORDS.finditer(words):
        folded = fold_characters(word[0].strip(".")).replace("’", "'").removeprefix("d'")
        ordinary = is_ordinary(folded) and not is_surname(folded)
        if end and word[0] == "du":  # « M. Delaunay du Département »
            break
        if end and not introduced and (ordinary or word[0].casefold() in spared) and not is_particle(folded):
            break
        introduced = is_particle(folded)
        if len(folded) == 1 or introduced:
            alone = alone if ordinary and word[0][-1] != "." else word.end()
            continue
        if not end and ordinary:
            return ""
        end = word.end()
    return words[: end or alone]


def _without_duties(words: str, spared: Set[str], *, alone: bool) -> str:
    """Without what follows a name and is none (« Mme Ferrier CPE »); nothing is left of « les élèves Pix », nor of
    « Inscriptions DNB » where only letters made a name of it (`alone`)."""
    if any(each.casefold().strip(".") in spared for each in (words, *words.split())):
        return ""
    kept = words.split()
    if len(words) == 1 or (alone and _ordinary(kept[0])):  # « l'élève A », « Mon QCM »
        return ""
    if alone and _ordinary(kept[-1]) and not is_first_name(fold_characters(kept[0])):
        return ""
    while kept and _ordinary(kept[-1]):
        kept.pop()
    return words[: words.rindex(kept[-1]) + len(kept[-1])] if kept else ""


def _ordinary(word: str) -> bool:
    return is_ordinary(fold_characters(word.strip(".")))


def masked(text: str, found: Iterable[PersonalData]) -> str:
    """The text with a word of its kind in the place of each finding."""
    pieces, place = [], 0
    for one in sorted(found, key=lambda one: one.start):
        pieces += [text[place : one.start], MASKS[one.kind]]
        place = one.end
    return "".join([*pieces, text[place:]])
