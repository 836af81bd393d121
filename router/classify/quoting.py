"""What a pasted mail holds besides what is signalled: quoted replies, forwarded headers, signatures, legal notices.

Nothing is set aside unless words stand before it: a message that is only quoted, or starts so, is read whole.
Every pattern is bounded: a hostile text takes no more time than an ordinary one."""

import re
from bisect import bisect_left

_QUOTED_LINES = re.compile(r"^[ \t]*>[^\n]*(?:\n[ \t]*>[^\n]*)*", re.MULTILINE)
# Announces a quotation. When lines under it begin by « > », what follows them is hers again.
_WROTE = re.compile(
    r"^[ \t]*(?:le [^\n]{4,160}(?:\n[^\n]{0,60})?\ba ecrit[ \t]*:"
    r"|on [^\n]{4,160}(?:\n[^\n]{0,60})?\bwrote[ \t]*:)",
    re.MULTILINE,
)
_REST_IS_NOT_HERS = re.compile(
    r"^[ \t]*(?:"
    r"-{2,}[ \t]*(?:message d'origine|message original|message transfere|original message|forwarded message)"
    r"|-- ?$"
    r"|(?:de|from)[ \t]*:[^\n]{1,200}\n(?:[^\n]{0,200}\n){0,3}?[ \t]*(?:envoye|date|sent|a|to)[^\n:]{0,20}:"
    r"|(?:envoye|envoyee) (?:de|depuis|a partir de|avec) (?:mon |ma |outlook|yahoo|gmail|l'application|la messagerie)"
    r"|sent from my |get outlook for |telechargez outlook"
    r"|ce (?:message|courriel|mail|e-mail)(?: electronique)?,? (?:et|ainsi que) (?:ses |les |toutes? )"
    r"[^\n]{0,40}pieces? jointe"
    r"|(?:les informations contenues dans|l'integrite de) ce (?:message|courriel|mail)"
    r"|this (?:e-?mail|message)(?: and [^\n]{1,60})? (?:is|are|may be|contains) [^\n]{0,30}confidential"
    r"|si vous (?:n'etes pas le (?:bon )?destinataire|avez recu ce (?:message|courriel|mail) par erreur)"
    r"|(?:avant d'imprimer|pensez a l'environnement|n'imprimez ce)"
    r")",
    re.MULTILINE,
)
_CLOSING = re.compile(
    r"\b(?:(?:bien |tres |sinceres? )?cordialement|bien a (?:vous|toi)|cdlt|cdt"
    r"|(?:meilleures )?salutations|salutations distinguees)\b"
)


def own_words(text: str) -> str:
    """A folded text with blanks, as many, in the place of what its author doesn't say herself."""
    own = _without_quotations(text)
    rest = next((match for match in _REST_IS_NOT_HERS.finditer(own) if _said(own, match.start())), None)
    stop = rest.start() if rest else len(own)
    closing = next((match for match in _CLOSING.finditer(own, stop // 3, stop)), None)
    return _blanked(own, closing.start() if closing else stop, len(own))


def _without_quotations(text: str) -> str:
    """Without « Le … a écrit : » and the lines it announces; without lines that begin by « > »."""
    quoted = [match.span() for match in _QUOTED_LINES.finditer(text) if _said(text, match.start())]
    begins = [begin for begin, _ in quoted]
    for announced in _WROTE.finditer(text):
        start, end = announced.span()
        if not _said(text, start):
            continue
        place = bisect_left(begins, end)
        if place < len(begins) and not text[end : begins[place]].strip():
            quoted.append((start, end))
        else:
            quoted.append((start, len(text)))
            break  # nothing is left to set aside
    for start, end in quoted:
        text = _blanked(text, start, end)
    return text


def _said(text: str, before: int) -> bool:
    return not text[:before].isspace() and before > 0


def _blanked(text: str, start: int, end: int) -> str:
    """Line ends stay: they end clauses."""
    hidden = "".join("\n" if each == "\n" else " " for each in text[start:end])
    return text[:start] + hidden + text[end:]
