"""Changes a few keys of one entry of a TOML text, and leaves everything else as it was written: order, comments,
spaces. Also says values as TOML."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from router.documents.document import Document, parse_document, split_lines

_CONTROL = re.compile("[\x00-\x1f\x7f]")


def amended(file: str, text: str, line: int, changes: Mapping[str, str | None]) -> str:
    """The text with keys of the entry that begins at `line` (its `[[…]]`) changed, added, or taken away (None)."""
    lines = _lines(text)
    first, last = _bounds(parse_document(file, text), line, lines)
    entry = lines[first:last]
    for key, value in changes.items():
        entry = _with(entry, key, value)
    return "".join([*lines[:first], *entry, *lines[last:]])


def entry_text(file: str, text: str, line: int) -> str:
    """The entry that begins at a line, alone."""
    lines = _lines(text)
    first, last = _bounds(parse_document(file, text), line, lines)
    return "".join(lines[first - 1 : last])


def inserted_after(file: str, text: str, line: int, entry: str) -> str:
    """The text with another entry right after the one that begins at `line`."""
    lines = _lines(text)
    _, last = _bounds(parse_document(file, text), line, lines)
    return "".join([*lines[:last], "\n", entry, *lines[last:]])


def appended(text: str, entry: str) -> str:
    return f"{text.rstrip()}\n\n{entry}"


def toml_text(text: str) -> str:
    """A string on one line."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
    return f'"{_CONTROL.sub(_escaped, escaped)}"'


def _escaped(control: re.Match[str]) -> str:
    return f"\\u{ord(control[0]):04X}"


def toml_texts(texts: Sequence[str]) -> str:
    return f"[{', '.join(map(toml_text, texts))}]"


def toml_day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _lines(text: str) -> list[str]:
    lines = split_lines(text.replace("\r\n", "\n"))
    if lines and not lines[-1].endswith("\n"):
        lines[-1] += "\n"
    return lines


def _bounds(document: Document, line: int, lines: Sequence[str]) -> tuple[int, int]:
    """The entry's own lines, after its `[[…]]`, without the blanks and comments that belong to what follows."""
    starts = {document.key_place(path).line for path in document.offsets if _is_entry(document, path)}
    last = min((start for start in starts if start > line), default=len(lines) + 1) - 1
    while last > line and (not lines[last - 1].strip() or lines[last - 1].startswith("#")):
        last -= 1
    return line, last


def _is_entry(document: Document, path: tuple[str | int, ...]) -> bool:
    """A table of the first or second level, with a header of its own: not one written inside an entry."""
    if len(path) > 2:
        return False
    value: Any = document.data
    for step in path:
        value = value[step]
    return isinstance(value, dict)


def _with(entry: Sequence[str], key: str, value: str | None) -> list[str]:
    found = next((n for n, line in enumerate(entry) if line.split("=", 1)[0].strip() == key), None)
    written = [] if value is None else [f"{key} = {value}\n"]
    if found is None:
        return [*entry, *written]
    end = found + 1
    while not _whole("".join(entry[found:end])):
        end += 1
    return [*entry[:found], *written, *entry[end:]]


def _whole(text: str) -> bool:
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return False
    return True
