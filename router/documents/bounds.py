"""What a text must not be before it is parsed: `tomllib` takes a time that grows with the square of a key's depth, and
Python refuses to read or to print very long numbers. One pass over the text, whatever it holds."""

import re
from collections.abc import Iterator

MAXIMUM_LENGTH = 1_000_000
DEEPEST_KEY = 16
LONGEST_WORD = 200

# Each alternative also takes what is never closed, and gives nothing back: a hostile text is read once.
_TEXT_OR_COMMENT = re.compile(
    r'"""(?:[^"\\]|\\.?|"(?!""))*+(?:"{3,5}|\Z)'
    r"|'''(?:[^']|'(?!''))*+(?:'{3,5}|\Z)"
    r'|"(?:[^"\\\n]|\\[^\n]?)*+"?'
    r"|'[^'\n]*+'?"
    r"|#[^\n]*+",
    re.DOTALL,
)
_BARE = "A-Za-z0-9_-"
_DEEP_KEY = re.compile(rf"(?<![{_BARE}])[{_BARE}]++(?:[ \t]*+\.[ \t]*+[{_BARE}]++){{{DEEPEST_KEY}}}")
_LONG_WORD = re.compile(rf"(?<![{_BARE}])[{_BARE}]{{{LONGEST_WORD + 1}}}")

TOO_LONG = "fichier trop long : un million de signes au plus"
TOO_DEEP = f"nom trop profond : {DEEPEST_KEY} parties séparées par des points au plus"
WORD_TOO_LONG = f"nom ou nombre trop long : {LONGEST_WORD} signes au plus"


def excess(text: str) -> tuple[int, str] | None:
    """The offset of the first thing out of bounds, and what it is, in French; None for an ordinary text."""
    if len(text) > MAXIMUM_LENGTH:
        return 0, TOO_LONG
    return min(_found(text), default=None)


def _found(text: str) -> Iterator[tuple[int, str]]:
    # Texts keep their length, so that offsets hold; a quoted key is a word like another.
    bare = _TEXT_OR_COMMENT.sub(_covered, text)
    for pattern, message in ((_DEEP_KEY, TOO_DEEP), (_LONG_WORD, WORD_TOO_LONG)):
        if found := pattern.search(bare):
            yield found.start(), message


def _covered(found: re.Match[str]) -> str:
    length = len(found[0])
    return " " * length if found[0][0] == "#" else "q" + " " * (length - 1)
