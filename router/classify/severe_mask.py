"""What a text kept to learn from may hold besides what the form's guard finds: masked with severity. Pure.

Written otherwise (blanks of every kind, signs between figures, « arobase »), it identifies as well; a word too
many does no harm here. Every run is bounded."""

import re
import unicodedata
from collections.abc import Callable, Iterator

from router.classify.fold import fold_characters
from router.classify.personal_data import MASKS
from router.model.words import PersonalKind

_SEVERE = (
    (
        PersonalKind.MAIL,
        re.compile(
            r"(?<![\w.+-])[\w.+-]{1,64} {0,2}(?:@|\uff20|[\[(]at[\])]|\barobase\b) {0,2}[\w-]{1,63}"
            r"(?:(?: ?\. ?| point )[\w-]{2,63}){1,4}",
            re.IGNORECASE,
        ),
    ),
    (
        PersonalKind.PASSWORD,
        re.compile(
            r"\b(?:mot de passe|mdp|pwd|password)[ :=(«\"“'\n]{1,4}(?!\[)(?=\S{0,40}\d)\S{4,60}",
            re.IGNORECASE,
        ),
    ),
)

# What a run of figures is, the first that it looks like.
_MONTH = r"(?:janv|févr|fevr|mars|avril|mai|juin|juil|août|aout|sept|oct|nov|déc|dec)[a-zéû]{0,6}\.?"
_DATES = re.compile(
    r"(?<![\w/.-])(?:(?:0?[1-9]|[12]\d|3[01]) ?(?P<by>[ /._–-]) ?(?:0?[1-9]|1[0-2]) ?(?P=by) ?(?:19|20)\d{2}"
    r"|(?:19|20)\d{2}(?P<then>[-/.])(?:0[1-9]|1[0-2])(?P=then)(?:0[1-9]|[12]\d|3[01]))(?![\d/]|[.-]\d)",
    re.IGNORECASE,
)
_BORN = re.compile(rf"(?<=\bn)(ée?s? le )(?:[12]?\d|3[01]|1er) {_MONTH} (?:19|20)\d{{2}}\b", re.IGNORECASE)
_MACHINES = re.compile(r"(?<![\w.])(?!(?:\d\.){3}\d(?!\d))(?:\d{1,3}\.){3}\d{1,3}(?![\w]|\.\d)")
_RUN = re.compile(r"(?<!\w)\+?\d(?:[\W_]{0,3}\d){7,40}(?P<letters>[ -]?[A-Z]{1,2}\b)?")
_NOT_A_FIGURE = re.compile(r"\D")
_BESIDE = re.compile(
    r"\b(?:mot de passe|mdp|pwd|password)(?:[ \t]{1,4}est\b)?[ \t:=«\"“']{1,6}(?P<word>[^\W\d_]{4,40})",
    re.IGNORECASE,
)


def plain(text: str) -> str:
    """The same, every blank of a line a space, nothing unseen between two letters, letters and figures as typed."""
    if text.isascii():
        return text
    return "".join(_plain(each) for each in text)


def _plain(character: str) -> str:
    kind = unicodedata.category(character)
    if kind in {"Zs", "Cf"}:
        return " " if kind == "Zs" else ""
    usual = unicodedata.normalize("NFKC", character) if kind[0] in "LN" else character
    return usual if len(usual) == 1 else character


def unknown_secrets(text: str, is_word: Callable[[str], bool]) -> Iterator[tuple[int, int]]:
    """Where « mdp soleilvert » stands: a word that people don't use, beside « mot de passe »."""
    for match in _BESIDE.finditer(text):
        if not is_word(fold_characters(match["word"])):
            yield match.span("word")


def masked_severely(text: str) -> str:
    """Figures in a row, addresses spelt out, what stands beside « mot de passe »."""
    for kind, form in _SEVERE:
        text = form.sub(MASKS[kind], text)
    text = _DATES.sub(MASKS[PersonalKind.DATE], text)
    text = _BORN.sub(rf"\1{MASKS[PersonalKind.DATE]}", text)
    text = _MACHINES.sub(MASKS[PersonalKind.MACHINE], text)
    return _RUN.sub(lambda run: MASKS[_kind_of(run)], text)


def _kind_of(run: re.Match[str]) -> PersonalKind:
    """What figures in a row are, by how many there are and how they begin."""
    figures = _NOT_A_FIGURE.sub("", run[0])
    if run["letters"]:
        return PersonalKind.INE if len(figures) in {9, 10} else PersonalKind.NUMBER
    if (figures[0] == "0" or run[0][0] == "+") and 9 <= len(figures) <= 14:
        return PersonalKind.PHONE
    return PersonalKind.CARD if len(figures) == 16 else PersonalKind.NUMBER
