"""Where each key and value of a TOML text stands: `tomllib` gives values without their place.

Reads a text that `tomllib` has already accepted; it checks nothing and never raises on such a text."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

Path = tuple[str | int, ...]
Place = tuple[int, int]

_TOKEN = re.compile(
    r"""(?P<skip>[ \t\r]+|\#[^\n]*)
      | (?P<newline>\n)
      | (?P<text>\"{3}(?:\\.|[^\\])*?\"{3,5}|'{3}.*?'{3,5}|"(?:\\.|[^"\\])*"|'[^']*')
      | (?P<mark>[\[\]{}=,.])
      | (?P<bare>[^\s\#\[\]{}=,."']+)""",
    re.VERBOSE | re.DOTALL,
)
_FIRST: Place = (1, 1)


@dataclass(frozen=True, slots=True)
class Places:
    """`keys` and `values`: line and column, from 1, of each path (keys, and positions in arrays)."""

    keys: Mapping[Path, Place]
    values: Mapping[Path, Place]

    def of_key(self, path: Path) -> Place:
        """The place of a key, or of its nearest known parent."""
        return self._nearest(self.keys, path)

    def of_value(self, path: Path) -> Place:
        """The place of a value, or of its nearest known parent."""
        return self._nearest(self.values, path)

    def _nearest(self, places: Mapping[Path, Place], path: Path) -> Place:
        while path:
            if (found := places.get(path) or self.keys.get(path) or self.values.get(path)) is not None:
                return found
            path = path[:-1]
        return _FIRST


def places_of(text: str) -> Places:
    """The place of every key and value of a valid TOML text."""
    walker = _Walker(list(_tokens(text)))
    walker.document()
    return Places(MappingProxyType(walker.keys), MappingProxyType(walker.values))


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    place: Place

    @property
    def key(self) -> str:
        return self.text[1:-1] if self.kind == "text" else self.text


def _tokens(text: str) -> list[_Token]:
    tokens, line, line_start = [], 1, 0
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup or "skip"
        if kind != "skip":
            tokens.append(_Token(kind, match.group(), (line, match.start() - line_start + 1)))
        if breaks := match.group().count("\n"):
            line += breaks
            line_start = match.start() + match.group().rindex("\n") + 1
    tokens.append(_Token("end", "", (line, len(text) - line_start + 1)))
    return tokens


@dataclass(slots=True)
class _Walker:
    tokens: list[_Token]
    position: int = 0
    keys: dict[Path, Place] = field(default_factory=dict)
    values: dict[Path, Place] = field(default_factory=dict)
    _rows: dict[Path, int] = field(default_factory=dict)

    @property
    def token(self) -> _Token:
        return self.tokens[self.position]

    def document(self) -> None:
        table: Path = ()
        while self.token.kind != "end":
            if self.token.kind == "newline":
                self.position += 1
            elif self.token.text == "[":
                table = self._header()
            else:
                self._pair(table)

    def _header(self) -> Path:
        place, repeated = self.token.place, self.tokens[self.position + 1].text == "["
        self.position += 2 if repeated else 1
        names = self._dotted("]")
        self.position += 2 if repeated else 1
        path: Path = ()
        for name in names[:-1]:
            path = self._inside((*path, name))
        path = (*path, names[-1])
        if repeated:
            self._rows[path] = self._rows.get(path, -1) + 1
            self.keys.setdefault(path, place)
        path = self._inside(path)
        for end in range(1, len(path) + 1):
            self.keys.setdefault(path[:end], place)
            self.values.setdefault(path[:end], place)
        return path

    def _inside(self, path: Path) -> Path:
        """In an array of tables, a name stands for the latest table."""
        return (*path, self._rows[path]) if path in self._rows else path

    def _dotted(self, closing: str) -> list[str]:
        names = []
        while self.token.text != closing or self.token.kind == "text":
            if self.token.kind in ("text", "bare"):
                names.append(self.token.key)
            self.position += 1
        return names

    def _pair(self, table: Path) -> None:
        place = self.token.place
        path = (*table, *self._dotted("="))
        self.position += 1
        for end in range(len(table) + 1, len(path) + 1):
            self.keys.setdefault(path[:end], place)
        self._value(path)

    def _value(self, path: Path) -> None:
        self.values[path] = self.token.place
        match self.token.kind, self.token.text:
            case "mark", "[":
                self._array(path)
            case "mark", "{":
                self._inline_table(path)
            case _:
                self._scalar()

    def _array(self, path: Path) -> None:
        self.position += 1
        row = 0
        while not self._closes("]"):
            if self.token.kind == "newline" or self._closes(","):
                self.position += 1
                continue
            self._value((*path, row))
            row += 1
        self.position += 1

    def _inline_table(self, path: Path) -> None:
        self.position += 1
        while not self._closes("}"):
            if self.token.kind == "newline" or self._closes(","):
                self.position += 1
                continue
            self._pair(path)
        self.position += 1

    def _scalar(self) -> None:
        while self.token.kind not in ("newline", "end") and not any(map(self._closes, ",]}")):
            self.position += 1

    def _closes(self, mark: str) -> bool:
        return self.token.kind == "mark" and self.token.text == mark
