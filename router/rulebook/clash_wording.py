"""One entry as three texts say it, side by side: where it was begun, what each side made of it. Only what differs is
set apart. Values in, values out."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from router.rulebook.entry_wording import TITLE, WordedEntry, WordedLine

_WORD = re.compile(r"\S+\s*")


@dataclass(frozen=True, slots=True)
class Piece:
    """A few words; `changed`: they weren't there at the start."""

    text: str
    changed: bool


@dataclass(frozen=True, slots=True)
class Reading:
    """What one side says under a label, case by case; nothing when it says nothing of it."""

    texts: tuple[tuple[Piece, ...], ...]
    changed: bool

    @property
    def only_shorter(self) -> bool:
        """Whether it changed without a new word: nothing in it stands out."""
        return self.changed and not any(piece.changed for text in self.texts for piece in text)


@dataclass(frozen=True, slots=True)
class ClashLine:
    """A label under which the three don't say the same. A reading is None where the whole entry isn't there."""

    label: str
    base: Reading | None
    ours: Reading | None
    theirs: Reading | None


@dataclass(frozen=True, slots=True)
class WordedClash:
    """`alike` is what all that have the entry say in the same words."""

    differing: tuple[ClashLine, ...]
    alike: tuple[WordedLine, ...]


def side_by_side(base: WordedEntry | None, ours: WordedEntry | None, theirs: WordedEntry | None) -> WordedClash:
    """Each is None where the entry isn't there: not written yet, or taken out."""
    start, *sides = (_said(each) for each in (base, ours, theirs))
    differing: list[ClashLine] = []
    alike: list[WordedLine] = []
    for label in _labels((start, *sides)):
        told = [each.get(label, ()) for each in (start, *sides) if each is not None]
        if all(texts == told[0] for texts in told):
            alike.append(WordedLine(label, told[0]))
        else:
            readings = (_reading(start, each, label) for each in (start, *sides))
            differing.append(ClashLine(label, *readings))
    return WordedClash(tuple(differing), tuple(alike))


_Said = dict[str, tuple[str, ...]]


def _said(entry: WordedEntry | None) -> _Said | None:
    if entry is None:
        return None
    return {TITLE: (entry.title,)} | {line.label: line.texts for line in entry.lines}


def _labels(sides: Iterable[_Said | None]) -> Iterable[str]:
    """In the order of whoever says most."""
    known = sorted((each for each in sides if each is not None), key=len, reverse=True)
    return dict.fromkeys(label for each in known for label in each)


def _reading(start: _Said | None, side: _Said | None, label: str) -> Reading | None:
    if side is None:
        return None
    now = side.get(label, ())
    if start is None:
        return Reading(tuple((Piece(text, False),) for text in now), False)
    before = start.get(label, ())
    return Reading(tuple(tuple(_marked(before, now, text)) for text in now), now != before)


def _marked(before: tuple[str, ...], now: tuple[str, ...], text: str) -> Iterator[Piece]:
    """The words that are new in a text; among several cases, a case is new or it isn't."""
    if text in before:
        yield Piece(text, False)
    elif len(before) != 1 or len(now) != 1:
        yield Piece(text, True)
    else:
        old, new = _WORD.findall(before[0]), _WORD.findall(text)
        alike = SequenceMatcher(
            None, [each.strip() for each in old], [each.strip() for each in new], autojunk=False
        )
        for what, _, _, first, last in alike.get_opcodes():
            if first < last:
                said = "".join(new[first:last])
                yield Piece(said.rstrip(), what != "equal")
                yield Piece(said[len(said.rstrip()) :], False)
