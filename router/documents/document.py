"""One TOML text: `tomllib` gives its values, the scanner their places."""

import re
import tomllib
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from router.documents.bounds import excess
from router.documents.french import french_reason, is_placed_after
from router.documents.scanner import Offsets, Path, scan
from router.model.faults import Fault

_ERROR_PLACE = re.compile(r"\s*\(at (?:line (\d+), column (\d+)|end of document)\)$")


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a file; line and column count from 1."""

    file: str
    line: int = 1
    column: int = 1

    def fault(self, code: str, message: str) -> Fault:
        return Fault(self.file, self.line, self.column, code, message)


class UnreadableDocument(Exception):
    """A text that isn't TOML: where reading stopped, and why, in French with the mend."""

    def __init__(self, place: Place, message: str) -> None:
        super().__init__(message)
        self.place = place


class ExcessiveDocument(UnreadableDocument):
    """A text too long or too deep to be read."""


@dataclass(frozen=True, slots=True)
class Document:
    """One parsed file. `offsets` maps a path to the offsets of its key and of its value."""

    file: str
    text: str
    data: Mapping[str, Any]
    offsets: Mapping[Path, Offsets]
    line_starts: tuple[int, ...]

    def key_place(self, path: Path) -> Place:
        """The place of the key at `path`, or of its nearest known parent."""
        while path and path not in self.offsets:
            path = path[:-1]
        return self._place(self.offsets[path][0]) if path else Place(self.file)

    def value_place(self, path: Path) -> Place:
        """Where the value at `path` begins (a string: at its quotes), or the key of its nearest known parent."""
        return self._place(self.offsets[path][1]) if path in self.offsets else self.key_place(path)

    def text_place(self, path: Path, character: int = 0) -> Place:
        """The place of a character of the string at `path`; where any other value begins."""
        if path not in self.offsets:
            return self.key_place(path)
        start = self.offsets[path][1]
        return self._place(start + _opening(self.text, start) + character)

    def _place(self, offset: int) -> Place:
        return _place(self.file, self.line_starts, offset)


def parse_document(file: str, text: str) -> Document:
    """Parse one file. Raises UnreadableDocument when it isn't TOML, ExcessiveDocument when it is out of bounds."""
    text = text.replace("\r\n", "\n")
    if found := excess(text):
        offset, message = found
        raise ExcessiveDocument(_place(file, _line_starts(text), offset), message)
    try:
        return Document(file, text, tomllib.loads(text), scan(text), _line_starts(text))
    except ValueError as error:  # TOMLDecodeError is one
        raise _unreadable(file, text, str(error)) from error
    except RecursionError as error:
        raise ExcessiveDocument(Place(file), "trop de crochets imbriqués") from error


def split_lines(text: str) -> list[str]:
    """The lines as TOML and editors count them, each with its end: the other marks of Unicode end none."""
    return re.findall(r"[^\n]*\n|[^\n]+", text)


def _place(file: str, line_starts: tuple[int, ...], offset: int) -> Place:
    line = bisect_right(line_starts, offset)
    return Place(file, line, offset - line_starts[line - 1] + 1)


def _unreadable(file: str, text: str, message: str) -> UnreadableDocument:
    found = _ERROR_PLACE.search(message)
    if found is None or not found[1]:
        return UnreadableDocument(Place(file, text.count("\n") + 1), french_reason(message))
    line, column = int(found[1]), int(found[2])
    if is_placed_after(message):
        written = text.split("\n")[line - 1]
        column = len(written) - len(written.lstrip()) + 1
    return UnreadableDocument(Place(file, line, column), french_reason(message))


def _line_starts(text: str) -> tuple[int, ...]:
    return (0, *(found.end() for found in re.finditer("\n", text)))


def _opening(text: str, start: int) -> int:
    """The length of what opens a string: its quotes, and the first newline that TOML trims."""
    for quotes in ('"""', "'''"):
        if text.startswith(quotes, start):
            return 4 if text.startswith("\n", start + 3) else 3
    return 1 if text[start : start + 1] in ("'", '"') else 0
