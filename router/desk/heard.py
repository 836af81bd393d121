"""What the model read in a ticket's words when it was opened. Deciding anew rests on it: a model learnt since changes
nothing in a ticket that is already there."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from router.model.incident import Classification
from router.model.words import Category


def as_heard(read: Classification, document: Mapping[str, Any]) -> Classification:
    """A reading made now, with all that a model says in it as it was said first; what the lexicon of the ticket's own
    book says is the same anyway. Unchanged where nothing says which model read (before 0008, or words erased)."""
    if "version" not in document:
        return read
    return replace(
        read,
        category=Category(document["category"]),
        confidence=document["confidence"],
        evidence=tuple(document["evidence"]),
        security=document["security"],
        abstained=document["abstained"],
        runner_up=Category(document["runner_up"]) if document["runner_up"] else None,
        scores={Category(name): share for name, share in document["scores"].items()},
        telling=document["telling"],
        doubt=document.get("doubt", read.doubt),
    )
