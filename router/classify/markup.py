"""Tags, blocks, quotations and entities of a text pasted from a mail or a page, found without trusting that it is well
made. Words that only stand between angle brackets (« <vos fichiers sont perdus> ») are no tag: they are read.

Blanks take their place, one for one, so that places in the text stay what they were; a tag that ends a line ends it."""

import re
from collections.abc import Iterator, Sequence
from html import unescape
from typing import NamedTuple

_BLOCKS = (("<style", "</style>"), ("<script", "</script>"), ("<!--", "-->"))
_ENDS_A_LINE = frozenset(
    """
        address article aside blockquote body br caption center dd div dl dt fieldset figcaption figure footer form h1
        h2 h3 h4 h5 h6 head header hr html legend li main nav ol p pre section table tbody tfoot thead title tr ul
    """.split()  # noqa: SIM905
)
_WITHIN_A_LINE = frozenset(
    """
        a abbr acronym area audio b base bdi bdo big button canvas cite code col colgroup data datalist del details dfn
        dialog em embed font i iframe img input ins kbd label link map mark menu meta noscript object optgroup option
        output param picture progress q s samp script select small source span strike strong style sub summary sup svg
        td template textarea th time tt u var video wbr
    """.split()  # noqa: SIM905
)
_KNOWN = _ENDS_A_LINE | _WITHIN_A_LINE
_VOID = frozenset("area base br col embed hr img input link meta param source wbr".split())  # noqa: SIM905
# Quantifiers that give nothing back: a text of « < » alone takes no more time than another.
_TAG = re.compile(
    r"(?<!<)<(?:(?P<ends>/?)(?P<name>(?:(?:o|v|w|x|m|st1):)?[a-z][a-z0-9-]*+)(?P<rest>(?:[\s/][^<>]*+)?)"
    r"|!(?:doctype\b|\[)[^<>]*+|\?xml\b[^<>]*+|(?:https?://|mailto:|www\.|cid:|tel:)[^<>\s]++)>",
    re.IGNORECASE,
)
_WITHOUT_VALUE = frozenset(
    {"hidden", "disabled", "checked", "selected", "nowrap", "noshade", "open", "readonly"}
)
# How mail programs mark what is quoted, besides the tag made for it.
_QUOTES = re.compile(
    r"\bclass\s{0,4}=\s{0,4}[\"']?[^\"'<>]{0,200}?\b(?:gmail_quote|yahoo_quoted|protonmail_quote|zmail_extra)",
    re.IGNORECASE,
)
# Within a line, and parting what stands on either side.
_PARTS = frozenset("button img input object option optgroup select td textarea th video audio iframe".split())  # noqa: SIM905
_ENTITY = re.compile(r"&(?:[a-z][a-z0-9]{1,24}|#[0-9]{1,6}|#x[0-9a-f]{1,5});", re.IGNORECASE)
# A mail is often escaped twice.
_ENTITIES = re.compile(r"&(?:amp;)?(?:[a-z][a-z0-9]{1,24}|#[0-9]{1,6}|#x[0-9a-f]{1,5});", re.IGNORECASE)


class Entity(NamedTuple):
    """`&eacute;`: its place, and the character it stands for; a space when nobody knows it."""

    start: int
    end: int
    character: str


def without_tags(text: str) -> str:
    """The text, its tags and what only a browser reads replaced by as many blanks, the last one a line end where the
    tag ends a line."""
    return _TAG.sub(_blank, _without_hidden(text)) if "<" in text else text


def quotations(text: str) -> Sequence[tuple[int, int]]:
    """Where the elements that quote another message stand, in order, none within another; one that is never closed
    goes to the end, as a text cut short leaves it."""
    if "<" not in text:
        return ()
    found: list[tuple[int, int]] = []
    begun, name, depth = 0, "", 0
    for tag in _TAG.finditer(_without_hidden(text)):
        kind, ends = _name_of(tag), tag["ends"] == "/"
        if not depth:
            if not ends and kind not in _VOID and _quotes(kind, tag):
                begun, name, depth = tag.start(), kind, 1
        elif kind == name:
            depth += -1 if ends else 1
            if not depth:
                found.append((begun, tag.end()))
    return (*found, (begun, len(text))) if depth else tuple(found)


def as_shown(text: str) -> str:
    """The text as a reader of the page sees it: no tags, entities replaced by what they stand for."""
    return unescape(without_tags(text))


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
    return _TAG.sub(_closed_up, text)


def _closed_up(tag: re.Match[str]) -> str:
    blank = _blank(tag)
    return blank.strip(" ") if blank.isspace() else blank


class Unshown(NamedTuple):
    """A tag, a comment, an entity: its place, and what a reader of the page sees there."""

    start: int
    end: int
    shown: str
    markup: bool


def unshown(text: str) -> Iterator[Unshown]:
    """What a reader of the page sees otherwise than it is written; in no order, one may stand within another."""
    hidden = text
    if "<" in text:
        yield from (Unshown(start, end, "", True) for start, end in _blocks(text))
        hidden = _without_hidden(text)
        for tag in _TAG.finditer(hidden):
            if (seen := _seen_as(tag)) is not None:
                yield Unshown(tag.start(), tag.end(), seen, True)
    if "&" in text:
        for entity in _ENTITIES.finditer(hidden):
            if (character := unescape(unescape(entity.group()))) != entity.group():
                yield Unshown(entity.start(), entity.end(), character, False)


def _seen_as(tag: re.Match[str]) -> str | None:
    """What a tag shows: nothing, a blank, the end of a line; None for words that only look like a tag."""
    if tag["name"] is None:
        return " "
    kind = _name_of(tag)
    if not kind:
        return None
    if kind in _ENDS_A_LINE:
        return "\n"
    return " " if kind in _PARTS else ""


def end_of_entity(text: str, start: int) -> int:
    """Where the entity that begins at `start` ends; `start` + 1 when none does."""
    match = _ENTITY.match(text, start)
    return match.end() if match else start + 1


def _blank(tag: re.Match[str]) -> str:
    written = tag.group()
    if tag["name"] is None:
        return " " * len(written)
    kind = _name_of(tag)
    if not kind:
        return written
    return " " * (len(written) - 1) + ("\n" if kind in _ENDS_A_LINE else " ")


def _name_of(tag: re.Match[str]) -> str:
    """The tag's name; empty for words that only look like one (« <base élèves perdue> »)."""
    name, rest = (tag["name"] or "").lower(), (tag["rest"] or "").strip(" \t\r\n/")
    if tag["ends"] or ":" in name or '="' in rest or "='" in rest:
        return name
    return (
        name if name in _KNOWN and (not rest or "=" in rest or _WITHOUT_VALUE.issuperset(rest.split())) else ""
    )


def _quotes(kind: str, tag: re.Match[str]) -> bool:
    return kind == "blockquote" or (bool(kind) and _QUOTES.search(tag["rest"]) is not None)


def _without_hidden(text: str) -> str:
    for opening, closing in _BLOCKS:
        text = _without_blocks(text, opening, closing)
    return text


def _without_blocks(text: str, opening: str, closing: str) -> str:
    pieces, place = [], 0
    for start, end in _closed(text, opening, closing):
        pieces += [text[place:start], " " * (end - start)]
        place = end
    return "".join([*pieces, text[place:]]) if pieces else text


def _blocks(text: str) -> Iterator[tuple[int, int]]:
    """Where what only a browser reads stands: as `_without_hidden` finds it, one kind after the other."""
    for opening, closing in _BLOCKS:
        yield from _closed(text, opening, closing)
        text = _without_blocks(text, opening, closing)


def _closed(text: str, opening: str, closing: str) -> Iterator[tuple[int, int]]:
    """Blocks that end; one that never does is left: what follows may be the message."""
    lowered = text.lower()
    if len(lowered) != len(text) or opening not in lowered:
        return
    place = 0
    while (start := lowered.find(opening, place)) >= 0:
        end = lowered.find(closing, start)
        if end < 0:
            return
        place = end + len(closing)
        yield start, place
