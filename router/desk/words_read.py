"""What a ticket's words were read as, for the pages that say it. What was erased since says nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from router.model.incident import FRENCH, Classification

LEAST_LIKELY = 0.05  # what is less likely than that is not worth a mention


@dataclass(frozen=True, slots=True)
class WordsRead:
    """The passages that counted and still stand in what is shown, the category they point to and the next likely one
    (empty when there is none to speak of); `unsure` when the reading
    abstained; `language` is the code of the one it was written in."""

    evidence: tuple[str, ...]
    category: str
    runner_up: str
    unsure: bool
    language: str


def second_of(words: Classification) -> str:
    """The next likely category of a reading; empty when it is hardly likely."""
    return _likely(words.runner_up or "", {name.value: share for name, share in words.scores.items()})


def words_read(kept: Mapping[str, Any], *shown: str) -> WordsRead | None:
    """From what the incident keeps of its reading; None when it keeps nothing, or when the words said nothing."""
    if "category" not in kept or not kept.get("telling", True):
        return None
    return WordsRead(
        evidence=tuple(words for words in kept.get("evidence", ()) if any(words in each for each in shown)),
        category=kept["category"],
        runner_up=_likely(kept.get("runner_up") or "", kept.get("scores", {})),
        unsure=bool(kept.get("abstained")),
        language=kept.get("language", FRENCH),
    )


def _likely(category: str, scores: Mapping[str, float]) -> str:
    return category if scores.get(category, 1.0) >= LEAST_LIKELY else ""
