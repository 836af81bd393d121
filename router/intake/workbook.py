"""Reads an XLSX or ODS workbook in a process of its own, so that a bomb or a parser's crash stays there.

Run as a script, without the rest of the product: the workbook comes on stdin; one JSON object a line goes out
on stdout: `{"sheet": name}`, then `{"line": n, "cells": [...]}` for each row that holds something, or
`{"error": kind}`; called with `--merged`, also `{"merged": [line, column]}` for each merged cell, its first line and
column. Every cell is a text: whole floats lose their point, dates are ISO."""

import json
import resource
import sys
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from io import BytesIO
from typing import Any
from xml.etree import ElementTree
from zipfile import ZipFile

from python_calamine import CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

MEMORY_LIMIT = 2 * 1024**3
CPU_SECONDS = 120
MERGED = "--merged"
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
LARGEST_EXACT = 2.0**53  # beyond it a float no longer holds each integer


def cell_text(value: Any) -> str:
    """One cell as a person would type it: 12.0 → 12, a date → 2027-06-30, true → oui."""
    match value:
        case bool():
            return "oui" if value else "non"
        case float() if value.is_integer() and abs(value) < LARGEST_EXACT:
            return str(int(value))
        case datetime():
            midnight = value.time() == time()
            return value.date().isoformat() if midnight else value.isoformat(sep=" ")
        case date() | time():
            return value.isoformat()
        case timedelta() | float() | int():
            return str(value)
    return str(value)


def main() -> int:
    _limit_appetite()
    try:
        content = sys.stdin.buffer.read()
        spans = _ods_spans(content) if MERGED in sys.argv else {}
        _emit_sheets(CalamineWorkbook.from_filelike(BytesIO(content)), spans)
    except PasswordError:
        _emit({"error": "password"})
    except BaseException:  # the parser's own panics aren't Exceptions; the parent says it in French
        _emit({"error": "unreadable"})
    return 0


def _limit_appetite() -> None:
    for what, limit in ((resource.RLIMIT_AS, MEMORY_LIMIT), (resource.RLIMIT_CPU, CPU_SECONDS)):
        with suppress(ValueError, OSError):  # not every system lets it be lowered
            resource.setrlimit(what, (limit, limit))


def _emit_sheets(workbook: CalamineWorkbook, spans: dict[str, list[tuple[int, int]]]) -> None:
    for sheet in workbook.sheets_metadata:
        if sheet.typ is not SheetTypeEnum.WorkSheet or sheet.visible is not SheetVisibleEnum.Visible:
            continue
        _emit({"sheet": sheet.name})
        read = workbook.get_sheet_by_name(sheet.name)
        if MERGED in sys.argv:
            found = [(line + 1, column) for (line, column), _ in read.merged_cell_ranges or ()]
            for place in found or spans.get(sheet.name, []):
                _emit({"merged": place})
        rows = read.to_python(skip_empty_area=False)
        for line, row in enumerate(rows, start=1):
            cells = [cell_text(value) for value in row]
            if any(cells):
                _emit({"line": line, "cells": cells})


def _ods_spans(content: bytes) -> dict[str, list[tuple[int, int]]]:
    """The merged cells of each sheet of an ODS, which the reader doesn't give. An XLSX has none of these parts."""
    with ZipFile(BytesIO(content)) as archive:
        if "content.xml" not in archive.namelist():
            return {}
        root = ElementTree.fromstring(archive.read("content.xml"))  # noqa: S314  # apart, memory and time bounded
    return {table.get(f"{TABLE}name", ""): _table_spans(table) for table in root.iter(f"{TABLE}table")}


def _table_spans(table: ElementTree.Element) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    line = 1
    for row in table.iter(f"{TABLE}table-row"):
        column = 0
        for cell in row:
            spanned = (cell.get(f"{TABLE}number-{what}-spanned", "1") for what in ("columns", "rows"))
            if any(number != "1" for number in spanned):
                found.append((line, column))
            column += int(cell.get(f"{TABLE}number-columns-repeated", "1"))
        line += int(row.get(f"{TABLE}number-rows-repeated", "1"))
    return found


def _emit(thing: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(thing, ensure_ascii=True) + "\n")


if __name__ == "__main__":
    sys.exit(main())
