"""The known word that somebody probably meant."""

from collections.abc import Iterable
from difflib import get_close_matches

_LONGEST_WORD = 80  # letters compared: the time it takes grows with the square


def nearest_word(word: str, known: Iterable[str]) -> str | None:
    """The closest of the known words; None when none is close."""
    return next(iter(get_close_matches(word[:_LONGEST_WORD], list(known), 1)), None)
