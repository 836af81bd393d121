"""What a ticket is called when nobody gave it a subject: the beginning of what was told. Pure.

A subject stands in lists and in mails, so what it takes from a text is masked."""

import re

from router.classify.markup import as_shown
from router.classify.personal_data import find_personal_data, masked
from router.classify.substance import is_hollow
from router.desk.declaration import Declaration
from router.desk.policy import Policy

LONGEST_TITLE = 120
_SHORTEST_SENTENCE = 20  # « Bonjour ! » is no title
_END = re.compile(r"(?<=[a-zà-ÿ0-9)» \u00a0\u202f])[.!?…]{1,3}(?=\s)")


def title_of(policy: Policy, declaration: Declaration) -> str:
    """Her subject; without one, the first sentence of her text, masked."""
    given = declaration.subject.strip()
    if given:
        return given
    body = declaration.body
    told = masked(body, find_personal_data(body, policy.classifier.names))
    return first_sentence(as_shown(told).strip() or told)


def first_sentence(text: str) -> str:
    """The first line that says something, up to the end of its sentence, or cut after a word."""
    lines = [" ".join(line.split()) for line in text.splitlines()]
    said = [line for line in lines if line]
    if not said:
        return ""
    line = next((line for line in said if not is_hollow(line)), said[0])
    end = _END.search(line, _SHORTEST_SENTENCE)
    line = line[: end.end()] if end else line
    if len(line) > LONGEST_TITLE:
        whole = line[: LONGEST_TITLE - 1]
        cut = whole.rsplit(" ", 1)[0] if " " in whole[_SHORTEST_SENTENCE:] else whole
        return cut.rstrip(" ,;:.") + "…"
    return line.removesuffix(".") if not line.endswith("..") else line
