"""The HTML part of a message, made from its plain text, so that both say the same. Pure.

Nothing is loaded from anywhere, nobody is counted; it reads in order, in any size, with any colours."""

import re
from html import escape
from itertools import groupby

MARGIN = "    "
"""Set before each line of somebody's words."""

_BODY = "max-width:42em;margin:1em;font-family:sans-serif;line-height:1.5;overflow-wrap:anywhere"


def as_html(text: str, title: str = "Aiguillage") -> str:
    """The same words, escaped, paragraph by paragraph; only an address we put alone on its line is a link."""
    paragraphs = re.split(r"\n{2,}", text.strip("\n"))
    head = (
        '<!doctype html>\n<html lang="fr"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        f'<title>{escape(title)}</title></head><body style="{_BODY}">'
    )
    return head + "\n" + "\n".join(_paragraph(each.split("\n")) for each in paragraphs) + "\n</body></html>\n"


def _paragraph(lines: list[str]) -> str:
    """What each run of lines is: somebody's words, a list, the rule above our signature, or a paragraph."""
    return "\n".join(_run(kind, list(run)) for kind, run in groupby(lines, _kind))


def _kind(line: str) -> str:
    if line.startswith(MARGIN):
        return "quote"
    if line.startswith("- "):
        return "list"
    return "rule" if line == "--" else "words"


def _run(kind: str, lines: list[str]) -> str:
    match kind:
        case "quote":
            words = "<br>\n".join(_spaced(line.removeprefix(MARGIN)) for line in lines)
            return f"<blockquote>{words}</blockquote>"
        case "list":
            items = "\n".join(f"<li>{escape(line.removeprefix('- '))}</li>" for line in lines)
            return f"<ul>\n{items}\n</ul>"
        case "rule":
            return "<hr>"
        case _:
            return "<p>" + "<br>\n".join(map(_line, lines)) + "</p>"


def _line(line: str) -> str:
    if re.fullmatch(r"https?://\S+", line):
        return f'<a href="{escape(line)}">{escape(line)}</a>'
    return _spaced(line)


def _spaced(line: str) -> str:
    words = line.lstrip(" ")
    return "&nbsp;" * (len(line) - len(words)) + escape(words)
