"""French typography for what the templates say: no line may begin with a sign of punctuation.

Works on the templates' own words when they are compiled, never on what people wrote."""

import re
from collections.abc import Iterable

from jinja2.ext import Extension
from jinja2.lexer import Token, TokenStream

NARROW = "\u202f"  # before ; ? ! inside « » and in large numbers
WIDE = "\u00a0"  # before :

_BEFORE_SIGN = re.compile(r"(?<=\S)[ \u00a0](?=[;?!](?:\s|<|$|\)|»))")
_BEFORE_COLON = re.compile(r"(?<=[^\s{]) (?=:(?:\s|<|$))")
_OPENING = re.compile(r"« ")
_CLOSING = re.compile(r" (?=»)")


def french(words: str) -> str:
    """The same words, with the spaces that must not break."""
    words = _BEFORE_SIGN.sub(NARROW, words)
    words = _BEFORE_COLON.sub(WIDE, words)
    words = _OPENING.sub("«" + WIDE, words)
    return _CLOSING.sub(WIDE, words)


class FrenchSpaces(Extension):
    """Applies `french` to the text and the quoted words of templates."""

    def filter_stream(self, stream: TokenStream) -> Iterable[Token]:
        for token in stream:
            if token.type in ("data", "string"):
                yield Token(token.lineno, token.type, french(token.value))
            else:
                yield token
