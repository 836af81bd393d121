"""A workbook as XLSX, by xlsxwriter."""

from datetime import datetime, time
from io import BytesIO

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from router.sheets.workbook import Sheet, Workbook, guarded

_TEXT = "@"  # a spreadsheet must not make a date of « 3.1.5 »
_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}


def xlsx(workbook: Workbook) -> bytes:
    """The file's bytes."""
    kept = BytesIO()
    with xlsxwriter.Workbook(kept, _OPTIONS) as book:
        book.set_properties({"title": workbook.title, "created": datetime.combine(workbook.day, time())})
        plain = book.add_format({"num_format": _TEXT, "text_wrap": True, "valign": "top"})
        head = book.add_format(
            {"num_format": _TEXT, "text_wrap": True, "valign": "top", "bold": True, "bottom": 1}
        )
        link = book.add_format({"num_format": _TEXT, "valign": "top", "underline": 1})
        for sheet in workbook.sheets:
            _write(book.add_worksheet(sheet.name), sheet, plain, head, link)
    return kept.getvalue()


def _write(written: Worksheet, sheet: Sheet, plain: Format, head: Format, link: Format) -> None:
    written.set_landscape()
    written.set_paper(9)  # A4
    written.fit_to_pages(1, 0)
    written.freeze_panes(*sheet.frozen)
    if sheet.frozen[0]:
        written.repeat_rows(0, sheet.frozen[0] - 1)
    for index, column in enumerate(sheet.columns):
        written.set_column(index, index, column.width, plain, {"hidden": column.hidden})
    for line, row in enumerate(sheet.rows):
        for index, cell in enumerate(row):
            if cell.link:
                written.write_url(line, index, cell.link, link, guarded(cell.text))
            elif cell.text:
                written.write_string(line, index, guarded(cell.text), head if line < sheet.frozen[0] else plain)
