"""A person's own text cut where the words that counted begin and end. Pure."""

import re
from collections.abc import Sequence

LONGEST = 500


def segments(text: str, evidence: Sequence[str], *, whole: bool = False) -> list[tuple[str, bool]]:
    """The text in pieces, in order; True for a piece that counted. A long text ends with « … » unless `whole`."""
    shown = text if whole or len(text) <= LONGEST else _clipped(text)
    counted = sorted({words for words in evidence if words}, key=len, reverse=True)
    if not counted:
        return [(shown, False)] if shown else []
    pieces = re.split(f"({'|'.join(map(re.escape, counted))})", shown)
    return [(piece, place % 2 == 1) for place, piece in enumerate(pieces) if piece]


def _clipped(text: str) -> str:
    """Its beginning, up to the end of a word; of one word without an end, what fits."""
    begun = text[: LONGEST + 1]
    whole = begun.rsplit(maxsplit=1)[0] if any(map(str.isspace, begun.strip())) else begun[:LONGEST]
    return whole.rstrip() + "…"
