"""Fold French text for comparison (case, accents, ligatures, apostrophes) and keep the way back.

Every folded character remembers the original character it came from, so that what is shown to people is
always cut out of their own words, never out of ours."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

_LETTERS = {"œ": "oe", "Œ": "oe", "æ": "ae", "Æ": "ae", "ß": "ss", "ø": "o", "Ø": "o", "€": " euros "}
_APOSTROPHES = "’‘ʼ`´′"
_DASHES = "‐‑‒–—―−"
_HIDDEN = re.compile(
    r"<[^<>\n]{1,300}>"  # tags of a pasted mail
    r"|&[a-z]{2,6};"
    r"|[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+",  # addresses say who writes, not what fails
    re.IGNORECASE,
)
_WORD = re.compile(r"[a-z0-9]+(?:@[a-z0-9]+)?")


class _Table(dict[str, str]):
    """One character → its folded form, computed at first sight."""

    def __missing__(self, character: str) -> str:
        folded = _fold_character(character)
        self[character] = folded
        return folded


def _fold_character(character: str) -> str:
    if character in _LETTERS:
        return _LETTERS[character]
    if character in _APOSTROPHES:
        return "'"
    if character in _DASHES:
        return "-"
    decomposed = unicodedata.normalize("NFKD", character)
    return "".join(part for part in decomposed if not unicodedata.combining(part)).lower()


_TABLE = _Table()


class Word(NamedTuple):
    """A folded word and its place in the folded text."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded text. `origins[i]` is the index, in `original`, of the character that gave `text[i]`."""

    original: str
    text: str
    origins: range | list[int]

    def quote(self, start: int, end: int) -> str:
        """The original words behind the folded span `start:end`; empty for an empty span."""
        if start >= end:
            return ""
        last = self.origins[end - 1] + 1
        while last < len(self.original) and unicodedata.combining(self.original[last]):
            last += 1
        return self.original[self.origins[start] : last]

    def words(self) -> Iterator[Word]:
        """Words in order; « op@le » is one word, written `opale`."""
        for match in _WORD.finditer(self.text):
            yield Word(match.group().replace("@", "a"), match.start(), match.end())


def fold(original: str) -> Folded:
    """Fold a text; tags and mail addresses become blanks of the same length."""
    visible = _HIDDEN.sub(_blank, original) if _may_hide(original) else original
    pieces = [_TABLE[character] for character in visible]
    text = "".join(pieces)
    if len(text) == len(pieces) and all(pieces):
        return Folded(original, text, range(len(text)))
    origins = [index for index, piece in enumerate(pieces) for _ in piece]
    return Folded(original, text, origins)


def fold_text(text: str) -> str:
    """The folded words of a text, single spaces between them: the key two spellings of a name share."""
    return " ".join(word.text for word in fold(text).words())


def _blank(match: re.Match[str]) -> str:
    return " " * len(match.group())


def _may_hide(text: str) -> bool:
    return "<" in text or "@" in text or "&" in text
