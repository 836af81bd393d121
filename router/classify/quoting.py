"""What a pasted mail holds besides what is signalled: quoted replies, forwarded headers, signatures, legal notices.

Nothing is set aside unless words stand before it: a message that is only quoted, or starts so, is read whole.
Every pattern is bounded: a hostile text takes no more time than an ordinary one."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence

_QUOTED_LINES = re.compile(r"^[ \t]*>[^\n]*(?:\n[ \t]*>[^\n]*)*", re.MULTILINE)
# Announces a quotation, with its date. When quoted lines follow it, what comes after them is hers again. « Le support
# m'a écrit : … » tells what somebody wrote to her: her own words.
_ON_A_DAY = r"(?:(?:lun|mar|mer|jeu|ven|sam|dim)[a-z]{0,5}\.?,? )?(?:a )?\d"
_ON_DAY = r"(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6}\.?,? )?(?:[a-z]{3,9}\.? )?\d"
_WROTE = re.compile(
    rf"^[ \t]*(?:le (?={_ON_A_DAY})[^\n]{{4,400}}?(?:\n[^\n]{{0,100}}?)?"
    r"(?<![mtl]')(?<!nous )(?<!vous )(?<!lui )\ba ecrit[ \t]*:"
    rf"|on (?={_ON_DAY})[^\n]{{4,400}}?(?:\n[^\n]{{0,100}}?)?\bwrote[ \t]*:)",
    re.MULTILINE,
)
_ANOTHER_MESSAGE = re.compile(
    r"^[ \t]*(?:"
    r"-{2,}[ \t]*(?:message d'origine|message original|message transfere|original message|forwarded message)"
    r"|(?:de|from)[ \t]*:[^\n]{1,200}\n(?:[^\n]{0,200}\n){0,3}?[ \t]*(?:envoye|date|sent|a|to)[^\n:]{0,20}:"
    r"|ce (?:message|courriel|mail|e-mail)(?: electronique)?,? (?:et|ainsi que) (?:ses |les |toutes? )"
    r"[^\n]{0,40}pieces? jointe"
    r"|(?:les informations contenues dans|l'integrite de) ce (?:message|courriel|mail)"
    r"|this (?:e-?mail|message)(?: and [^\n]{1,60})? (?:is|are|may be|contains) [^\n]{0,30}confidential"
    r"|si vous (?:n'etes pas le (?:bon )?destinataire|avez recu ce (?:message|courriel|mail) par erreur)"
    r"|(?:avant d'imprimer|pensez a l'environnement|n'imprimez ce)"
    r")",
    re.MULTILINE,
)
_SIGNATURE = re.compile(
    r"^[ \t]*(?:--[ \t]*$"
    r"|(?:envoye|envoyee) (?:de|depuis|a partir de|avec) (?:mon |ma |outlook|yahoo|gmail|l'application|la messagerie)"
    r"|sent from my |get outlook for |telechargez outlook)",
    re.MULTILINE,
)
_CLOSING = re.compile(
    r"\b(?:(?:bien |tres |sinceres? )?cordialement|bien a (?:vous|toi)|cdlt|cdt"
    r"|(?:meilleures )?salutations|salutations distinguees)\b"
)
# One of them stands in every closing formula.
_CLOSES = ("cordialement", "bien a ", "cdlt", "cdt", "salutations")
# Under a signature, but hers.
_AFTERTHOUGHT = re.compile(
    r"(?:^[ \t]*|(?<=[.!?;,]) {1,4})(?:p\. ?s\b\.?|ps\b|post-?scriptum)[ \t]{0,8}[:.,;)-]", re.MULTILINE
)


def own_words(text: str, quoted: Sequence[tuple[int, int]] = ()) -> str:
    """A folded text with blanks, as many, in the place of what its author doesn't say herself; `quoted`: where it
    quotes by its markup."""
    own = _without_quotations(text, quoted)
    another = next((match for match in _ANOTHER_MESSAGE.finditer(own) if _said(own, match.start())), None)
    stop = another.start() if another else len(own)
    signed = _signed(own, 0, stop)
    if signed == len(own):
        return own
    hidden = [(stop, len(own))]
    if signed < stop and (after := _AFTERTHOUGHT.search(own, signed, stop)):
        hidden.append((signed, after.start()))
        signed = _signed(own, after.end(), stop)
    return _blanked(own, [*hidden, (signed, stop)])


def _signed(text: str, begin: int, stop: int) -> int:
    """Where a signature begins; a closing formula is one, unless it comes early in the text."""
    drawn = next(
        (match for match in _SIGNATURE.finditer(text, begin, stop) if _said(text, match.start())), None
    )
    last = drawn.start() if drawn else stop
    closing = any(word in text for word in _CLOSES) and _CLOSING.search(text, max(begin, last // 3), last)
    return closing.start() if closing else last


def _without_quotations(text: str, marked: Sequence[tuple[int, int]]) -> str:
    """Without « Le … a écrit : » and the lines it announces; without lines that begin by « > », nor what is marked."""
    lines = _QUOTED_LINES.finditer(text) if ">" in text else ()
    spans = sorted([*(match.span() for match in lines), *marked])
    quoted = [span for span in spans if _said(text, span[0])]
    begins = [begin for begin, _ in quoted]
    announcing = _WROTE.finditer(text) if "a ecrit" in text or "wrote" in text else ()
    for announced in announcing:
        start, end = announced.span()
        if not _said(text, start):
            continue
        place = bisect_left(begins, end)
        if place < len(begins) and not text[end : begins[place]].strip():
            quoted.append((start, end))
        else:
            quoted.append((start, len(text)))
            break  # nothing is left to set aside
    return _blanked(text, quoted) if quoted else text


def _said(text: str, before: int) -> bool:
    return not text[:before].isspace() and before > 0


def _blanked(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """Line ends stay: they end clauses."""
    pieces, place = [], 0
    for start, end in sorted(spans):
        if end > place:
            hidden = text[max(start, place) : end]
            pieces += [text[place:start], "".join("\n" if each == "\n" else " " for each in hidden)]
            place = end
    return "".join([*pieces, text[place:]])
