"""A text as its reader sees it, tags left out and entities undone, with the way back to what was written. Pure.

`Mme&nbsp;K<b>erbrat</b>` is « Mme Kerbrat »: what identifies somebody is looked for there, and masked where it was
written. A text without markup costs one look."""

import re
from collections.abc import Sequence
from itertools import repeat
from typing import NamedTuple

from router.classify.markup import Unshown, unshown

_BLANKS = {ord(blank): " " for blank in "\u00a0\u1680\u202f\u205f\u3000"} | dict.fromkeys(
    range(0x2000, 0x200B), " "
)
_NO_WIDTH = "\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff"
_UNSEEN = re.compile(f"[{_NO_WIDTH}]")
_WRITTEN_OTHERWISE = re.compile(f"[<&{_NO_WIDTH}]")


class Shown(NamedTuple):
    """`text[i]` was written at `starts[i]:ends[i]`; `markup`: where tags and comments stand."""

    text: str
    starts: Sequence[int]
    ends: Sequence[int]
    markup: Sequence[tuple[int, int]]

    def written(self, start: int, end: int) -> tuple[int, int]:
        """Where what is shown at `start:end`, which is not empty, was written."""
        return self.starts[start], self.ends[end - 1]


def shown(written: str) -> Shown:
    """The text as it is shown: blanks of every kind are spaces, what has no width is left out too."""
    text = written if written.isascii() else written.translate(_BLANKS)
    if not _WRITTEN_OTHERWISE.search(text):
        return Shown(text, range(len(text)), range(1, len(text) + 1), ())
    pieces: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    place, others = 0, _otherwise(text)
    for each in (*others, Unshown(len(text), len(text), "", False)):
        pieces += [text[place : each.start], each.shown]
        starts += [*range(place, each.start), *repeat(each.start, len(each.shown))]
        ends += [*range(place + 1, each.start + 1), *repeat(each.end, len(each.shown))]
        place = each.end
    return Shown("".join(pieces), starts, ends, tuple((each.start, each.end) for each in others if each.markup))


def as_seen(written: str) -> str:
    """The words that were written, as they are shown, on one line."""
    return " ".join(shown(written).text.split())


def laid_bare(written: str) -> str:
    """The text as it is shown and nothing else: no tag is left, nor one that was escaped."""
    for _ in range(3):
        text = shown(written).text
        if text == written:
            break
        written = text
    return written


def _otherwise(text: str) -> Sequence[Unshown]:
    """What is shown otherwise than it is written, in order."""
    markup = [each._replace(shown=_UNSEEN.sub("", each.shown.translate(_BLANKS))) for each in unshown(text)]
    found = sorted([*markup, *(Unshown(*match.span(), "", False) for match in _UNSEEN.finditer(text))])
    kept, place = [], 0
    for each in found:
        if each.start >= place:
            kept.append(each)
            place = each.end
    return kept
