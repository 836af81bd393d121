"""A workbook as ODS: a zip of small XML parts, written by hand. Nothing here reads one.

The libraries that write it bring a whole document model and lxml for what is six parts of fixed XML around the cells;
widths, hidden columns and frozen panes would have to be spelled out in XML all the same.

OpenDocument 1.3: a string cell holds one paragraph a line; runs of spaces have an element of their own, since readers
collapse them."""

import re
from collections.abc import Iterator
from io import BytesIO
from xml.sax.saxutils import escape, quoteattr
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from router.sheets.workbook import Cell, Column, Sheet, Workbook, guarded

MEDIA_TYPE = "application/vnd.oasis.opendocument.spreadsheet"
_PARTS = ("content.xml", "styles.xml", "settings.xml", "meta.xml")
_NAMESPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{place}:1.0"'
    for name, place in (
        ("office", "office"),
        ("style", "style"),
        ("text", "text"),
        ("table", "table"),
        ("number", "datastyle"),
        ("config", "config"),
        ("meta", "meta"),
        ("fo", "xsl-fo-compatible"),
    )
)
_OTHERS = (
    'xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:ooo="http://openoffice.org/2004/office" office:version="1.3"'
)
_CELL = '<style:style style:name="{name}" style:family="table-cell" style:data-style-name="text">{inside}</style:style>'
_WRAP = '<style:table-cell-properties fo:wrap-option="wrap" style:vertical-align="top"{more}/>'
_CHARACTER_CM = 0.19
_SPACES = re.compile(r" {2,}|^ | $")


def ods(workbook: Workbook) -> bytes:
    """The file's bytes."""
    kept = BytesIO()
    moment = (*workbook.day.timetuple()[:3], 0, 0, 0)
    with ZipFile(kept, "w", ZIP_DEFLATED) as archive:
        # First and not compressed: that is how the kind of an OpenDocument is recognised.
        archive.writestr(ZipInfo("mimetype", moment), MEDIA_TYPE, ZIP_STORED)
        for name, part in (
            ("META-INF/manifest.xml", _manifest()),
            ("content.xml", _part("document-content", _styles(workbook) + _body(workbook))),
            ("styles.xml", _part("document-styles", _page_styles())),
            ("settings.xml", _part("document-settings", _settings(workbook))),
            ("meta.xml", _part("document-meta", _meta(workbook))),
        ):
            archive.writestr(ZipInfo(name, moment), part, ZIP_DEFLATED)
    return kept.getvalue()


def _part(root: str, inside: str) -> str:
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<office:{root} {_NAMESPACES} {_OTHERS}>{inside}</office:{root}>'


def _manifest() -> str:
    entries = "".join(
        f'<manifest:file-entry manifest:full-path="{name}" manifest:media-type="{kind}"/>'
        for name, kind in (("/", MEDIA_TYPE), *((name, "text/xml") for name in _PARTS))
    )
    space = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
    opening = f'<manifest:manifest xmlns:manifest="{space}" manifest:version="1.3">'
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{opening}{entries}</manifest:manifest>'


def _styles(workbook: Workbook) -> str:
    widths = sorted({column.width for sheet in workbook.sheets for column in sheet.columns})
    columns = "".join(
        f'<style:style style:name="w{width}" style:family="table-column">'
        f'<style:table-column-properties style:column-width="{width * _CHARACTER_CM:.2f}cm"/></style:style>'
        for width in widths
    )
    plain = _CELL.format(name="plain", inside=_WRAP.format(more=""))
    bold = _WRAP.format(more=' fo:border-bottom="0.5pt solid #000000"')
    head = _CELL.format(name="head", inside=bold + '<style:text-properties fo:font-weight="bold"/>')
    sheet = '<style:style style:name="sheet" style:family="table" style:master-page-name="landscape"/>'
    text = '<number:text-style style:name="text"><number:text-content/></number:text-style>'
    return f"<office:automatic-styles>{text}{columns}{plain}{head}{sheet}</office:automatic-styles>"


def _page_styles() -> str:
    """A4 landscape, as wide as one page."""
    layout = (
        '<office:automatic-styles><style:page-layout style:name="a4"><style:page-layout-properties '
        'fo:page-width="29.7cm" fo:page-height="21cm" style:print-orientation="landscape" fo:margin="0.8cm" '
        'style:scale-to-X="1" style:scale-to-Y="0"/></style:page-layout></office:automatic-styles>'
    )
    master = '<style:master-page style:name="landscape" style:page-layout-name="a4"/>'
    return f"{layout}<office:master-styles>{master}</office:master-styles>"


def _meta(workbook: Workbook) -> str:
    created = f"<meta:creation-date>{workbook.day.isoformat()}T00:00:00</meta:creation-date>"
    return f"<office:meta><dc:title>{escape(workbook.title)}</dc:title>{created}</office:meta>"


def _settings(workbook: Workbook) -> str:
    """The rows and columns that stay in sight."""
    sheets = "".join(_panes(sheet) for sheet in workbook.sheets)
    tables = f'<config:config-item-map-named config:name="Tables">{sheets}</config:config-item-map-named>'
    front = _item("ActiveTable", "string", workbook.sheets[0].name)
    view = f"{_item('ViewId', 'string', 'view1')}{tables}{front}"
    views = '<config:config-item-map-indexed config:name="Views"><config:config-item-map-entry>'
    closing = "</config:config-item-map-entry></config:config-item-map-indexed>"
    inside = f'<config:config-item-set config:name="ooo:view-settings">{views}{view}{closing}</config:config-item-set>'
    return f"<office:settings>{inside}</office:settings>"


def _panes(sheet: Sheet) -> str:
    rows, columns = sheet.frozen
    items = (
        _item("HorizontalSplitMode", "short", 2 if columns else 0),
        _item("VerticalSplitMode", "short", 2 if rows else 0),
        _item("HorizontalSplitPosition", "int", columns),
        _item("VerticalSplitPosition", "int", rows),
        _item("ActiveSplitRange", "short", 3 if columns else 2),
        _item("PositionRight", "int", columns),
        _item("PositionBottom", "int", rows),
    )
    name = quoteattr(sheet.name)
    return f"<config:config-item-map-entry config:name={name}>{''.join(items)}</config:config-item-map-entry>"


def _item(name: str, kind: str, value: str | int) -> str:
    return f'<config:config-item config:name="{name}" config:type="{kind}">{escape(str(value))}</config:config-item>'


def _body(workbook: Workbook) -> str:
    tables = "".join(_table(sheet) for sheet in workbook.sheets)
    return f"<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body>"


def _table(sheet: Sheet) -> str:
    opening = f'<table:table table:name={quoteattr(sheet.name)} table:style-name="sheet">'
    columns = "".join(map(_column, sheet.columns))
    rows = [
        f"<table:table-row>{''.join(_cells(sheet, line))}</table:table-row>" for line in range(len(sheet.rows))
    ]
    header = "".join(rows[: sheet.frozen[0]])
    header = f"<table:table-header-rows>{header}</table:table-header-rows>" if header else ""
    return f"{opening}{columns}{header}{''.join(rows[sheet.frozen[0] :])}</table:table>"


def _column(column: Column) -> str:
    hidden = ' table:visibility="collapse"' if column.hidden else ""
    style = f'table:style-name="w{column.width}" table:default-cell-style-name="plain"'
    return f"<table:table-column {style}{hidden}/>"


def _cells(sheet: Sheet, line: int) -> Iterator[str]:
    style = "head" if line < sheet.frozen[0] else "plain"
    for cell in sheet.rows[line]:
        yield _cell(cell, style)


def _cell(cell: Cell, style: str) -> str:
    if not cell.text:
        return f'<table:table-cell table:style-name="{style}"/>'
    inside = "".join(f"<text:p>{_linked(line, cell.link)}</text:p>" for line in guarded(cell.text).split("\n"))
    return (
        f'<table:table-cell table:style-name="{style}" office:value-type="string">{inside}</table:table-cell>'
    )


def _linked(text: str, link: str) -> str:
    words = _spaced(text)
    return f'<text:a xlink:type="simple" xlink:href={quoteattr(link)}>{words}</text:a>' if link else words


def _spaced(text: str) -> str:
    """Escaped, with the spaces that a reader would collapse said aloud."""
    at, parts = 0, []
    for found in _SPACES.finditer(text):
        parts.append(escape(text[at : found.start()]))
        parts.append(f'<text:s text:c="{len(found[0])}"/>')
        at = found.end()
    return "".join([*parts, escape(text[at:])])
