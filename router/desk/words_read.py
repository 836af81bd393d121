"""What a ticket's words were read as when it was filed, for its page. What was erased since says nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from router.model.incident import FRENCH


@dataclass(frozen=True, slots=True)
class WordsRead:
    """The passages that counted, the category they point to and the next likely one; `unsure` when the reading
    abstained; `language` is the code of the one it was written in."""

    evidence: tuple[str, ...]
    category: str
    runner_up: str
    unsure: bool
    language: str


def words_read(kept: Mapping[str, Any]) -> WordsRead | None:
    """From what the incident keeps of its reading; None when it keeps nothing, or when the words said nothing."""
    if "category" not in kept or not kept.get("telling", True):
        return None
    return WordsRead(
        evidence=tuple(kept.get("evidence", ())),
        category=kept["category"],
        runner_up=kept.get("runner_up") or "",
        unsure=bool(kept.get("abstained")),
        language=kept.get("language", FRENCH),
    )
