"""What a ticket's words were read as when it was opened. Deciding anew rests on it: a model learnt since changes
nothing in a ticket that is already there."""

from collections.abc import Mapping
from typing import Any

from router.model.incident import Classification
from router.model.words import Category


def heard_from(document: Mapping[str, Any]) -> Classification | None:
    """The reading kept beside an incident; None for one that doesn't say which model made it (before 0008, or its
    words erased): those words are read again."""
    if "version" not in document:
        return None
    return Classification(
        category=Category(document["category"]),
        confidence=document["confidence"],
        evidence=tuple(document["evidence"]),
        security=document["security"],
        abstained=document["abstained"],
        runner_up=Category(document["runner_up"]) if document["runner_up"] else None,
        scores={Category(name): share for name, share in document["scores"].items()},
        need=document["need"],
        need_evidence=document["need_evidence"],
        scope=document["scope"],
        scope_evidence=document["scope_evidence"],
        telling=document["telling"],
    )
