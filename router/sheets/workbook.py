"""What a workbook holds before it becomes a file: sheets of texts, with frozen headers, widths and hidden columns.

Every cell is a text. One that a spreadsheet would take for a formula is guarded by an apostrophe, which `unguarded`
takes away when the sheet is read back."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

GUARD = "'"
_RISKY = ("=", "+", "-", "@", GUARD)
_UNPRINTABLE = re.compile("[^\n\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
REPLACEMENT = "\ufffd"


class SheetFormat(StrEnum):
    XLSX = "xlsx"
    ODS = "ods"


@dataclass(frozen=True, slots=True)
class Column:
    """`width` counts characters."""

    width: int
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """A text, and the address it leads to, if any."""

    text: str
    link: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """`frozen`: how many rows and columns stay in sight; the frozen rows are the header."""

    name: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]
    frozen: tuple[int, int] = (1, 0)


@dataclass(frozen=True, slots=True)
class Workbook:
    """The first sheet is the one in front. `day` is all the file says of time: same content, same bytes."""

    title: str
    day: date
    sheets: Sequence[Sheet]


def cells(*texts: str) -> tuple[Cell, ...]:
    return tuple(map(Cell, texts))


def guarded(text: str) -> str:
    """The text as it may safely be written: no formula, no character a cell can't hold. A tab becomes a space."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    text = _UNPRINTABLE.sub(REPLACEMENT, text)
    return GUARD + text if text.startswith(_RISKY) else text


def unguarded(text: str) -> str:
    """What `guarded` was given."""
    return text[1:] if text.startswith(GUARD) and text[1:].startswith(_RISKY) else text


def column_name(index: int) -> str:
    """0 → A, 26 → AA."""
    name = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def address(line: int, index: int) -> str:
    """The address of a cell as people read it; lines count from 1, columns from 0."""
    return f"{column_name(index)}{line}"
