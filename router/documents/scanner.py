"""Where each key and value of a TOML text stands. It reads what `tomllib` has already accepted, and checks nothing."""

import re
import tomllib
from collections.abc import Iterator

Path = tuple[str | int, ...]
Offsets = tuple[int, int]

_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_KEY = re.compile(r"""[A-Za-z0-9_-]+|"(?:[^"\\\n]|\\.)*"|'[^'\n]*'""")
_STRING = re.compile(
    r'"""(?:[^"\\]|\\.|"(?!""))*"{3,5}' r"|'''(?:[^']|'(?!''))*'{3,5}" r'|"(?:[^"\\\n]|\\.)*"' r"|'[^'\n]*'",
    re.DOTALL,
)
_SCALAR = re.compile(r"\d{4}-\d\d-\d\d[ Tt]\d\d:\d\d[^,\]}\s#]*|[^,\]}\s#]+")


def scan(text: str) -> dict[Path, Offsets]:
    """The offsets of the key and of the value at each path: keys, and positions in lists.

    Raises TOMLDecodeError where the text isn't TOML, RecursionError when it is too deep."""
    return _Scanner(text).scan()


class _Scanner:
    """Walks TOML already known to be valid, and notes where each path begins."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._found: dict[Path, Offsets] = {}
        self._lengths: dict[Path, int] = {}

    def scan(self) -> dict[Path, Offsets]:
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
            keys.append(tomllib.loads(f"key = {key}")["key"] if key[0] in "\"'" else key)
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
        self._imply(path, 0, start)
        self._found[path] = (start, start)
        return path

    def _imply(self, path: Path, known: int, start: int) -> None:
        """A parent that no line of its own names stands where it is first implied."""
        for end in range(known + 1, len(path)):
            self._found.setdefault(path[:end], (start, start))

    def _entered(self, path: Path) -> Path:
        return (*path, self._lengths[path] - 1) if path in self._lengths else path

    def _pair(self, base: Path) -> None:
        start = self._at
        path = (*base, *self._keys())
        self._take("=")
        self._skip()
        self._imply(path, len(base), start)
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
