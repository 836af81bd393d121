"""TOML text with the place of each key, value and list item: `tomllib` gives the values, a small scanner of the
same text gives the places, so that a fault can be named at its line and column."""

import re
import tomllib
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from router.model.faults import Fault

Path = tuple[str | int, ...]

MAXIMUM_LENGTH = 1_000_000

_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_KEY = re.compile(r"""[A-Za-z0-9_-]+|"(?:[^"\\\n]|\\.)*"|'[^'\n]*'""")
_STRING = re.compile(
    r'"""(?:[^"\\]|\\.|"(?!""))*"{3,5}' r"|'''(?:[^']|'(?!''))*'{3,5}" r'|"(?:[^"\\\n]|\\.)*"' r"|'[^'\n]*'",
    re.DOTALL,
)
_SCALAR = re.compile(r"\d{4}-\d\d-\d\d[ Tt]\d\d:\d\d[^,\]}\s#]*|[^,\]}\s#]+")
_ERROR_PLACE = re.compile(r"\s*\(at (?:line (\d+), column (\d+)|end of document)\)$")


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a file; line and column count from 1."""

    file: str
    line: int = 1
    column: int = 1

    def fault(self, code: str, message: str) -> Fault:
        return Fault(self.file, self.line, self.column, code, message)


@dataclass(frozen=True, slots=True)
class Document:
    """One parsed file. `offsets` maps a path to the offsets of its key and of its value."""

    file: str
    text: str
    data: Mapping[str, Any]
    offsets: Mapping[Path, tuple[int, int]]
    line_starts: tuple[int, ...]

    def key_place(self, path: Path) -> Place:
        """The place of the key at `path`, or of its nearest known parent."""
        while path and path not in self.offsets:
            path = path[:-1]
        return self._place(self.offsets[path][0]) if path else Place(self.file)

    def value_place(self, path: Path, offset: int = 0) -> Place:
        """The place of the value at `path`; for a string, of its character number `offset`."""
        if path not in self.offsets:
            return self.key_place(path)
        start = self.offsets[path][1]
        return self._place(start + _opening(self.text, start) + offset)

    def _place(self, offset: int) -> Place:
        line = bisect_right(self.line_starts, offset)
        return Place(self.file, line, offset - self.line_starts[line - 1] + 1)


class UnreadableFile(Exception):
    """A file that isn't TOML at all; `fault` says where."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.message)
        self.fault = fault


def parse_document(file: str, text: str) -> Document:
    """Parse one file. Raises UnreadableFile when it isn't TOML, or is too long or too deep."""
    if len(text) > MAXIMUM_LENGTH:
        raise UnreadableFile(Fault(file, 1, 1, "AIG001", "fichier trop long : un million de signes au plus."))
    text = text.replace("\r\n", "\n")
    try:
        data = tomllib.loads(text)
        offsets = _Scanner(text).scan()
    except tomllib.TOMLDecodeError as error:
        raise UnreadableFile(_syntax_fault(file, text, str(error))) from error
    except RecursionError as error:
        raise UnreadableFile(Fault(file, 1, 1, "AIG001", "trop de crochets imbriqués.")) from error
    return Document(file, text, data, offsets, _line_starts(text))


def _syntax_fault(file: str, text: str, message: str) -> Fault:
    found = _ERROR_PLACE.search(message)
    reason = message[: found.start()] if found else message
    if found and found[1]:
        line, column = int(found[1]), int(found[2])
    else:
        line, column = text.count("\n") + 1, 1
    advice = "Vérifiez les guillemets, les crochets et le signe = sur cette ligne ou juste avant."
    return Fault(file, line, column, "AIG001", f"le fichier n'est pas du TOML lisible ({reason}). {advice}")


def _line_starts(text: str) -> tuple[int, ...]:
    return (0, *(found.end() for found in re.finditer("\n", text)))


def _opening(text: str, start: int) -> int:
    """The length of what opens a string: its quotes, and the first newline that TOML trims."""
    for quotes in ('"""', "'''"):
        if text.startswith(quotes, start):
            return 4 if text.startswith("\n", start + 3) else 3
    return 1 if text[start : start + 1] in ("'", '"') else 0


class _Scanner:
    """Walks TOML already known to be valid, and notes where each path begins."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._found: dict[Path, tuple[int, int]] = {}
        self._lengths: dict[Path, int] = {}

    def scan(self) -> dict[Path, tuple[int, int]]:
        base: Path = ()
        for start in self._blocks():
            if self._text.startswith("[", start):
                base = self._header(start)
            else:
                self._pair(base)
        return self._found

    def _blocks(self) -> Iterator[int]:
        self._skip()
        while self._at < len(self._text):
            yield self._at
            self._skip()

    def _skip(self) -> None:
        found = _BLANK.match(self._text, self._at)
        self._at = found.end() if found else self._at

    def _take(self, mark: str) -> bool:
        self._skip()
        taken = self._text.startswith(mark, self._at)
        self._at += len(mark) if taken else 0
        return taken

    def _match(self, pattern: re.Pattern[str]) -> str:
        found = pattern.match(self._text, self._at)
        if found is None:
            raise tomllib.TOMLDecodeError(f"Unexpected text at offset {self._at}")
        self._at = found.end()
        return found[0]

    def _keys(self) -> list[str]:
        keys: list[str] = []
        while not keys or self._take("."):
            self._skip()
            key = self._match(_KEY)
            keys.append(key[1:-1] if key[0] in "\"'" else key)
        return keys

    def _header(self, start: int) -> Path:
        is_array = self._text.startswith("[[", start)
        self._at += 2 if is_array else 1
        *parents, last = self._keys()
        self._take("]]" if is_array else "]")
        path: Path = ()
        for key in parents:
            path = self._entered((*path, key))
        path = (*path, last)
        if is_array:
            self._lengths[path] = self._lengths.get(path, 0) + 1
            path = self._entered(path)
        self._found.setdefault(path, (start, start))
        return path

    def _entered(self, path: Path) -> Path:
        return (*path, self._lengths[path] - 1) if path in self._lengths else path

    def _pair(self, base: Path) -> None:
        start = self._at
        path = (*base, *self._keys())
        self._take("=")
        self._skip()
        self._found[path] = (start, self._at)
        self._value(path)

    def _value(self, path: Path) -> None:
        match self._text[self._at : self._at + 1]:
            case "[":
                self._array(path)
            case "{":
                self._inline_table(path)
            case '"' | "'":
                self._match(_STRING)
            case _:
                self._match(_SCALAR)

    def _array(self, path: Path) -> None:
        self._take("[")
        index = 0
        while not self._take("]"):
            self._found[(*path, index)] = (self._at, self._at)
            self._value((*path, index))
            self._take(",")
            index += 1

    def _inline_table(self, path: Path) -> None:
        self._take("{")
        while not self._take("}"):
            self._pair(path)
            self._take(",")
