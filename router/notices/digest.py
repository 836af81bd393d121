"""One mail for several messages to one person: the subject of each, a line of it, and where to read it. Pure.

Made from the messages as they were composed, so that it says nothing they don't say, and the same at each try."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from router.notices.compose import TEXTS, Message, message_of

ADDRESS_ALONE = re.compile(r"https?://\S+")


@dataclass(frozen=True, slots=True)
class Line:
    """A message in short. `what` and `link` are empty when its text has none."""

    subject: str
    what: str
    link: str


def compose_digest(messages: Sequence[Message], choices: str = "") -> Message:
    """The messages in the order given. `choices`: the page where the reader says how she wants them."""
    lines = [in_short(message) for message in messages]
    return message_of(TEXTS.get_template("_digest.txt").render(lines=lines, choices=choices))


def in_short(message: Message) -> Line:
    """Its subject, the first sentence after the greeting, and the first address alone on its line: ours, since
    people's words are set apart by a margin."""
    lines = message.text.splitlines()
    said = [line for line in lines[1:] if line.strip()]
    link = next((line for line in lines if ADDRESS_ALONE.fullmatch(line)), "")
    return Line(message.subject, said[0] if said and said[0] != link else "", link)
