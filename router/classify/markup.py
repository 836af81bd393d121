"""Tags, blocks and entities of a text pasted from a mail or a page, found without trusting that it is well made.

Blanks take their place, one for one, so that places in the text stay what they were."""

import re
from collections.abc import Iterator
from html import unescape
from typing import NamedTuple

_BLOCKS = (("<style", "</style>"), ("<script", "</script>"), ("<!--", "-->"))
_TAG = re.compile(r"<[^<>\n]{1,300}>|</?[a-z][^<>]{1,600}>", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:[a-z][a-z0-9]{1,24}|#[0-9]{1,6}|#x[0-9a-f]{1,5});", re.IGNORECASE)


class Entity(NamedTuple):
    """`&eacute;`: its place, and the character it stands for; a space when nobody knows it."""

    start: int
    end: int
    character: str


def without_tags(text: str) -> str:
    """The text, its tags and what only a browser reads replaced by as many blanks."""
    if "<" not in text:
        return text
    for opening, closing in _BLOCKS:
        text = _without_blocks(text, opening, closing)
    return _TAG.sub(lambda tag: " " * len(tag.group()), text)


def entities(text: str) -> Iterator[Entity]:
    """The entities of a text, in order."""
    if "&" in text:
        for match in _ENTITY.finditer(text):
            written = match.group()
            character = unescape(written)
            yield Entity(match.start(), match.end(), " " if character == written else character)


def unescaped(text: str) -> str:
    """The text with what each entity stands for in its place."""
    return _ENTITY.sub(lambda entity: unescape(entity.group()), text) if "&" in text else text


def joined_over_tags(text: str) -> str:
    """The text as a browser shows it, tags gone: « ran&lt;b&gt;çon » is one word there."""
    return _TAG.sub("", text)


def end_of_entity(text: str, start: int) -> int:
    """Where the entity that begins at `start` ends; `start` + 1 when none does."""
    match = _ENTITY.match(text, start)
    return match.end() if match else start + 1


def _without_blocks(text: str, opening: str, closing: str) -> str:
    """One that never ends is left: what follows may be the message."""
    lowered = text.lower()
    if len(lowered) != len(text) or opening not in lowered:
        return text
    pieces, place = [], 0
    while (start := lowered.find(opening, place)) >= 0:
        end = lowered.find(closing, start)
        if end < 0:
            break
        end += len(closing)
        pieces += [text[place:start], " " * (end - start)]
        place = end
    return "".join([*pieces, text[place:]])
