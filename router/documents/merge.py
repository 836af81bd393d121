"""Two texts of one TOML file that both come from a third, joined entry by entry: what only one of them changed is
taken from it, what both changed otherwise is a clash for a person to settle. Knows no rule."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from router.documents.document import split_lines

WHOLE = "*"
_HEADER = re.compile(r"^\[\[?[A-Za-z0-9_.\-]+\]\]?[ \t]*(#.*)?$")
_NAMES = ("title", "label", "name", "id")
_TOLD_APART_BY = ("id", "number", "title", "when")


class Side(StrEnum):
    OURS = "ours"
    THEIRS = "theirs"


@dataclass(frozen=True, slots=True)
class Clash:
    """What both changed, each otherwise; None where one took it out (`base`: where neither had it at the start).
    `key` names it among the clashes of its file, WHOLE when the file isn't cut into entries that can be told apart.
    `label` is its title."""

    key: str
    label: str
    base: str | None
    ours: str | None
    theirs: str | None


@dataclass(frozen=True, slots=True)
class Merged:
    """`text` is None when the file is taken out; it leaves aside the clashes that nobody settled."""

    text: str | None
    clashes: tuple[Clash, ...]


def merge(base: str | None, ours: str | None, theirs: str | None, chosen: Mapping[str, Side]) -> Merged:
    """`chosen`: by key, whose words are kept where both changed."""
    if theirs in {base, ours}:
        return Merged(ours, ())
    if ours == base:
        return Merged(theirs, ())
    parts = [_entries(text) if text is not None else None for text in (base, ours, theirs)]
    old, one, other = parts
    if old is None or one is None or other is None or not _same_order(old, one):
        clash = Clash(WHOLE, "", base, ours, theirs)
        return Merged(ours if chosen.get(WHOLE) is Side.OURS else theirs, (clash,))
    return _joined(old, one, other, chosen)


def changed_entries(old: str | None, new: str | None) -> tuple[str, ...] | None:
    """The titles of the entries that differ; None when the texts can't be cut into entries."""
    before, after = _entries(old or ""), _entries(new or "")
    if before is None or after is None:
        return None
    keys = [key for key in dict.fromkeys([*before, *after]) if not _same(before.get(key), after.get(key))]
    return tuple(dict.fromkeys(_label(after.get(key) or before[key], key) for key in keys))


def _joined(
    old: Mapping[str, str], one: Mapping[str, str], other: Mapping[str, str], chosen: Mapping[str, Side]
) -> Merged:
    kept: dict[str, str | None] = {}
    clashes: list[Clash] = []
    for key in dict.fromkeys([*other, *one]):
        before, ours, theirs = old.get(key), one.get(key), other.get(key)
        if _same(theirs, before) or _same(ours, theirs):
            kept[key] = ours
        elif _same(ours, before):
            kept[key] = theirs
        else:
            clashes.append(Clash(key, _label(ours or theirs or "", key), before, ours, theirs))
            kept[key] = ours if chosen.get(key) is Side.OURS else theirs
    order = _ordered(list(other), list(one))
    return Merged(_written([text for key in order if (text := kept[key]) is not None]), tuple(clashes))


def _ordered(theirs: list[str], ours: Sequence[str]) -> list[str]:
    """Their order, in which what only ours has comes right after what it follows there."""
    order = list(theirs)
    for place, key in enumerate(ours):
        if key not in order:
            before = ours[place - 1] if place else None
            order.insert(order.index(before) + 1 if before is not None else 0, key)
    return order


def _written(entries: Sequence[str]) -> str:
    return "\n\n".join(entry.rstrip() for entry in entries if entry.strip()) + "\n"


def _same_order(old: Mapping[str, str], new: Mapping[str, str]) -> bool:
    """Whether what both have stands in the same order: where order decides, moving an entry is a change of its own."""
    return [key for key in old if key in new] == [key for key in new if key in old]


def _same(one: str | None, other: str | None) -> bool:
    return (one is None) == (other is None) and (one or "").rstrip() == (other or "").rstrip()


def _entries(text: str) -> dict[str, str] | None:
    """The text cut before each table, by what names it; what stands before the first one under an empty key. None when
    one alone isn't TOML (a cut fell within a value), or when two have one name."""
    found: dict[str, str] = {}
    lines: list[str] = []
    for line in [*split_lines(text), None]:
        if line is not None and not _HEADER.match(line.rstrip("\r\n")):
            lines.append(line)
            continue
        entry, lines = "".join(lines), [line] if line is not None else []
        key = _key(entry)
        if key is None or key in found:
            return None
        found[key] = entry
    return found


def _key(entry: str) -> str | None:
    """Its table, what tells it apart there, and its first day: an entry ended on a day goes on under the same id."""
    value = _read(entry)
    if value is None:
        return None
    first = entry.partition("\n")[0].strip()
    if not first.startswith("["):
        return ""
    name = next((value[each] for each in _TOLD_APART_BY if each in value), "")
    return " ".join(str(each) for each in (first, name, value.get("since", "")) if each)


def _label(entry: str, key: str) -> str:
    value = _read(entry) or {}
    return next((str(value[name]) for name in _NAMES if value.get(name)), key)


def _read(entry: str) -> dict[str, object] | None:
    """The keys of the entry alone, without its heading."""
    heading, _, keys = entry.partition("\n")
    try:
        return tomllib.loads(keys if heading.startswith("[") else entry)
    except tomllib.TOMLDecodeError:
        return None
