"""Small files as people have them: CSV of any dialect, XLSX, ODS. Every name in them is invented."""

from collections.abc import Sequence
from datetime import date
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import xlsxwriter

Cell = str | float | date | None
Rows = Sequence[Sequence[Cell]]


def csv_bytes(rows: Rows, *, encoding: str = "utf-8", delimiter: str = ";", newline: str = "\r\n") -> bytes:
    return "".join(delimiter.join(str(cell or "") for cell in row) + newline for row in rows).encode(encoding)


def xlsx_bytes(rows: Rows, *, before: Sequence[str] = (), hidden: Sequence[str] = ()) -> bytes:
    """A workbook whose last sheet holds the rows; `before` are sheets of one sentence in front of it."""
    kept = BytesIO()
    with xlsxwriter.Workbook(kept, {"default_date_format": "dd/mm/yyyy"}) as workbook:
        for name in (*before, *hidden):
            sheet = workbook.add_worksheet(name)
            sheet.write(0, 0, "À lire avant tout")
            if name in hidden:
                sheet.hide()
        sheet = workbook.add_worksheet("Données")
        sheet.activate()
        for line, row in enumerate(rows):
            for column, cell in enumerate(row):
                sheet.write(line, column, cell)
    return kept.getvalue()


def ods_bytes(rows: Rows) -> bytes:
    body = "".join(
        f"<table:table-row>{''.join(_ods_cell(cell) for cell in row)}</table:table-row>" for row in rows
    )
    content = (
        '<?xml version="1.0" encoding="UTF-8"?><office:document-content '
        'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" office:version="1.2">'
        f'<office:body><office:spreadsheet><table:table table:name="Données">{body}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    manifest = (
        '<?xml version="1.0" encoding="UTF-8"?><manifest:manifest '
        'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.2">'
        '<manifest:file-entry manifest:full-path="/" '
        'manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/>'
        '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>'
        "</manifest:manifest>"
    )
    kept = BytesIO()
    with ZipFile(kept, "w", ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", manifest)
        archive.writestr("content.xml", content)
    return kept.getvalue()


def _ods_cell(cell: Cell) -> str:
    if cell is None:
        return "<table:table-cell/>"
    if isinstance(cell, date):
        return f'<table:table-cell office:value-type="date" office:date-value="{cell.isoformat()}"/>'
    if isinstance(cell, str):
        return (
            '<table:table-cell office:value-type="string">'
            f"<text:p>{cell.replace('&', '&amp;').replace('<', '&lt;')}</text:p></table:table-cell>"
        )
    return f'<table:table-cell office:value-type="float" office:value="{cell}"/>'
