"""What a person wrote, without what cannot be seen: marks of direction, characters of no width, controls.

They come with a paste, or hide what a text says. French typography (fine and ordinary no-break spaces) stays, and so
do the joiners that hold one emoji together."""

import re

# Controls but tab and line ends; soft hyphen; direction marks and embeddings; zero width; line and paragraph marks.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200c\u200e\u200f"
    "\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\U000e0001]"
)
_PICTURE = "\u2190-\u21ff\u2300-\u2bff\u3030\u303d\u3297\u3299\U0001f000-\U0001faff"
_LOOSE_JOINER = re.compile(f"(?<![{_PICTURE}\ufe0f])\u200d|\u200d(?![{_PICTURE}])")
_SPACES = {"\u2028": "\n", "\u2029": "\n"}


def seen(text: str) -> str:
    """The text as people see it; a mark of line or paragraph becomes a line end."""
    if text.isascii() and text.isprintable():
        return text
    lines = "".join(_SPACES.get(character, character) for character in text)
    return _LOOSE_JOINER.sub("", _UNSEEN.sub("", lines))
