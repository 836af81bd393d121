"""Fold French text for comparison (case, accents, ligatures, apostrophes) and keep the way back.

Every folded character remembers the original character it came from, so that what is shown to people is
always cut out of their own words, never out of ours."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate
from typing import NamedTuple

from router.classify.markup import end_of_entity, entities, unescaped, without_tags

_LETTERS = {"œ": "oe", "Œ": "oe", "æ": "ae", "Æ": "ae", "ß": "ss", "ı": "i", "ø": "o", "Ø": "o", "€": " euros "}
_LETTERS |= dict(zip("ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘꞯʀꜱᴛᴜᴠᴡʏᴢ", "abcdefghijklmnopqrstuvwyz", strict=True))  # small capitals
_LETTERS |= dict(zip("ɑɡɩȷðđħłŧ", "agijddhlt", strict=True))
_LETTERS |= {
    chr(first + place): chr(ord("a") + place) for first in (0x1F150, 0x1F170, 0x1F1E6) for place in range(26)
}  # in a disc, in a square, of flags
_APOSTROPHES = "’‘ʼ`´′"
_DASHES = "‐‑‒–—―−"
_ADDRESS = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+")  # says who writes, not what fails
_LOOK_ALIKE = str.maketrans(
    "аеорсухіѕјԁһαορνικτАВЕКМНОРСТХІЅЈΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "aeopcyxisjdhaopviktABEKMHOPCTXISJABEZHIKMNOPTYX"
)
_DISGUISED = re.compile(r"[a-zA-Z]\w{0,63}?[\u0370-\u052f]|[\u0370-\u052f]\w{0,63}?[a-zA-Z]")
_FOREIGN = re.compile(r"[\u0370-\u052f]")
_ANY_WORD = re.compile(r"\w+")
_LONGEST_WORD = 64  # letters kept of one word; the longest of the trade has half of it
_WORD = re.compile(r"([a-z0-9]+(?:@[a-z0-9]+)?)")
_RAW_WORD = re.compile(r"[a-z0-9]+")


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
    return "".join(part for part in decomposed if not _unseen(part)).lower()


def _unseen(character: str) -> bool:
    """Accents, marks of no width or of direction, controls, halves of a pair: nothing that parts two letters."""
    kind = unicodedata.category(character)
    return kind in {"Mn", "Me", "Cf", "Cs"} or (kind == "Cc" and not character.isspace())


_TABLE = _Table()


class Word(NamedTuple):
    """A folded word and its place in the folded text."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded text. `origins[i]` is the index, in `original`, of the character that gave `text[i]`; `set_aside`:
    blanks stand in the place of what its author only quotes."""

    original: str
    text: str
    origins: range | list[int]
    set_aside: bool = False

    def quote(self, start: int, end: int) -> str:
        """The original words behind the folded span `start:end`; empty for an empty span."""
        if start >= end:
            return ""
        last = end_of_entity(self.original, self.origins[end - 1])
        while last < len(self.original) and _unseen(self.original[last]):
            last += 1
        return self.original[self.origins[start] : last]

    def words(self) -> Iterator[Word]:
        """Words in order; « op@le » is one word, written `opale`."""
        return map(Word._make, zip(*self.columns_of_words(), strict=True))

    def columns_of_words(self) -> tuple[list[str], list[int], list[int]]:
        """The words in order, where each begins, where each ends: lists side by side, for who reads many."""
        pieces = _WORD.split(self.text)  # what stands before, the word, what stands between, the word…
        ends = list(accumulate(map(len, pieces)))
        words = pieces[1::2]
        if "@" in self.text or max(map(len, words), default=0) > _LONGEST_WORD:
            words = [word[:_LONGEST_WORD].replace("@", "a") for word in words]
        return words, ends[0:-1:2], ends[1::2]


def fold(original: str) -> Folded:
    """Fold a text; tags and mail addresses become blanks of the same length, entities what they stand for."""
    visible = without_tags(original)
    if "@" in visible:
        visible = _ADDRESS.sub(_blank, visible)
    pieces = list(map(_TABLE.__getitem__, _undisguised(visible)))
    for entity in entities(visible):
        pieces[entity.start : entity.end] = [
            fold_characters(entity.character),
            *[""] * (entity.end - entity.start - 1),
        ]
    text = "".join(pieces)
    if len(text) == len(pieces) and all(pieces):
        return Folded(original, text, range(len(text)))
    origins = [index for index, piece in enumerate(pieces) for _ in piece]
    return Folded(original, text, origins)


def fold_characters(text: str) -> str:
    return "".join(map(_TABLE.__getitem__, text))


def raw_words(text: str) -> tuple[str, ...]:
    """Every folded word of a text, what tags hold included, entities undone (twice: a mail is often escaped twice)."""
    return tuple(_RAW_WORD.findall(fold_characters(_undisguised(unescaped(unescaped(text))))))


def fold_text(text: str) -> str:
    """The folded words of a text, single spaces between them: the key two spellings of a name share."""
    return " ".join(word.text for word in fold(text).words())


def _blank(match: re.Match[str]) -> str:
    return " " * len(match.group())


def _undisguised(text: str) -> str:
    """Cyrillic and Greek letters that look Latin, in words that hold Latin ones, are read as they look."""
    if text.isascii() or not _FOREIGN.search(text):
        return text
    return _ANY_WORD.sub(lambda word: _as_it_looks(word.group()), text)


def _as_it_looks(word: str) -> str:
    return word.translate(_LOOK_ALIKE) if _DISGUISED.search(word) else word
