"""Reads an XLSX or ODS workbook in a process of its own, so that a bomb or a parser's crash stays there.

Run as a script, without the rest of the product: the workbook comes on stdin; one JSON object a line goes out
on stdout: `{"sheet": name}`, then `{"line": n, "cells": [...]}` for each row that holds something, or
`{"error": kind}`; called with `--merged`, also `{"merged": [line, column]}` for each merged cell, its first line and
column, and `{"formula": [line, column]}` for each computed one. Every cell is a text: whole floats lose their point,
dates are ISO."""

import json
import posixpath
import resource
import sys
from collections.abc import Iterable
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from io import BytesIO
from typing import Any
from xml.etree import ElementTree
from zipfile import ZipFile

from python_calamine import CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

MEMORY_LIMIT = 2 * 1024**3
CPU_SECONDS = 120
RACI_SECONDS = 5  # a RACI takes one: a cell at the very bottom of its sheet would take minutes, for nothing
MERGED = "--merged"
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
OFFICE = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
Places = dict[str, list[tuple[int, int]]]
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
        spans, formulas = _oddities(content) if MERGED in sys.argv else ({}, {})
        _emit_sheets(CalamineWorkbook.from_filelike(BytesIO(content)), spans, formulas)
    except PasswordError:
        _emit({"error": "password"})
    except BaseException:  # the parser's own panics aren't Exceptions; the parent says it in French
        _emit({"error": "unreadable"})
    return 0


def _limit_appetite() -> None:
    seconds = RACI_SECONDS if MERGED in sys.argv else CPU_SECONDS
    for what, limit in ((resource.RLIMIT_AS, MEMORY_LIMIT), (resource.RLIMIT_CPU, seconds)):
        with suppress(ValueError, OSError):  # not every system lets it be lowered
            resource.setrlimit(what, (limit, limit))


def _emit_sheets(workbook: CalamineWorkbook, spans: Places, formulas: Places) -> None:
    for sheet in workbook.sheets_metadata:
        if sheet.typ is not SheetTypeEnum.WorkSheet or sheet.visible is not SheetVisibleEnum.Visible:
            continue
        _emit({"sheet": sheet.name})
        read = workbook.get_sheet_by_name(sheet.name)
        if MERGED in sys.argv:
            found = [(line + 1, column) for (line, column), _ in read.merged_cell_ranges or ()]
            for place in found or spans.get(sheet.name, []):
                _emit({"merged": place})
            for place in formulas.get(sheet.name, []):
                _emit({"formula": place})
        rows = read.to_python(skip_empty_area=False)
        for line, row in enumerate(rows, start=1):
            cells = [cell_text(value) for value in row]
            if any(cells):
                _emit({"line": line, "cells": cells})


def _oddities(content: bytes) -> tuple[Places, Places]:
    """What the reader doesn't give, by sheet: the merged cells of an ODS, and the computed cells of either kind."""
    with ZipFile(BytesIO(content)) as archive:
        if "content.xml" in archive.namelist():
            tables = {
                table.get(f"{TABLE}name", ""): list(_ods_cells(table))
                for table in _xml(archive, "content.xml").iter(f"{TABLE}table")
            }
            spans = {name: [place for place, cell in cells if _spans(cell)] for name, cells in tables.items()}
            computed = {
                name: [place for place, cell in cells if cell.get(f"{TABLE}formula") is not None]
                for name, cells in tables.items()
            }
            return spans, computed
        return {}, {name: _xlsx_formulas(_xml(archive, part)) for name, part in _xlsx_parts(archive)}


def _xml(archive: ZipFile, part: str) -> ElementTree.Element:
    return ElementTree.fromstring(archive.read(part))  # noqa: S314  # apart, memory and time bounded


def _ods_cells(table: ElementTree.Element) -> Iterable[tuple[tuple[int, int], ElementTree.Element]]:
    line = 1
    for row in table.iter(f"{TABLE}table-row"):
        column = 0
        for cell in row:
            yield (line, column), cell
            column += int(cell.get(f"{TABLE}number-columns-repeated", "1"))
        line += int(row.get(f"{TABLE}number-rows-repeated", "1"))


def _spans(cell: ElementTree.Element) -> bool:
    return any(cell.get(f"{TABLE}number-{what}-spanned", "1") != "1" for what in ("columns", "rows"))


def _xlsx_parts(archive: ZipFile) -> Iterable[tuple[str, str]]:
    """The name of each sheet of an XLSX, and the part it is written in."""
    targets = {each.get("Id"): each.get("Target", "") for each in _xml(archive, "xl/_rels/workbook.xml.rels")}
    for sheet in _xml(archive, "xl/workbook.xml").findall(".//{*}sheet"):
        part = posixpath.normpath(posixpath.join("/xl", targets.get(sheet.get(f"{OFFICE}id"), ""))).lstrip("/")
        if part in archive.namelist():
            yield sheet.get("name", ""), part


def _xlsx_formulas(sheet: ElementTree.Element) -> list[tuple[int, int]]:
    computed = (cell.get("r", "") for cell in sheet.findall(".//{*}c") if cell.find("{*}f") is not None)
    return [_place(address) for address in computed if address]


def _place(address: str) -> tuple[int, int]:
    """« C7 » → line 7, column 2."""
    letters = address.rstrip("0123456789")
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(address[len(letters) :]), column - 1


def _emit(thing: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(thing, ensure_ascii=True) + "\n")


if __name__ == "__main__":
    sys.exit(main())
