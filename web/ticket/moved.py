"""How a deadline moved, in words: with the ticket's priority, or with the days that were decided."""

from collections.abc import Mapping
from datetime import datetime, tzinfo
from typing import Any

from router.model.words import DeadlineKind
from web.words import allowance, label, service_hours, short_moment


def moved_by_priority(change: Mapping[str, Any], zone: tzinfo) -> str:
    kind = label(DeadlineKind(change["kind"])).lower()
    before, after = change["due_at"]
    if before and after:
        new, old = (short_moment(datetime.fromisoformat(each), zone) for each in (after, before))
        return f"{kind} le {new}, au lieu du {old}"
    old_days, new_days = change.get("open_days", (None, None))
    old_seconds, new_seconds = change["allowance"]
    old_length = (
        service_hours(old_seconds) if new_days is old_days is None else allowance(old_seconds, old_days)
    )
    return f"{kind} en {allowance(new_seconds, new_days)}, au lieu de {old_length}"


def moved_by_days(change: Mapping[str, Any], zone: tzinfo) -> str:
    kind = label(DeadlineKind(change["kind"])).lower()
    before, after = (
        short_moment(datetime.fromisoformat(each), zone) if each else None for each in change["due_at"]
    )
    if before and after:
        return f"{kind} le {after}, au lieu du {before}"
    if after:
        return f"{kind} le {after}"
    return f"{kind}, dont le jour n'est plus connu" if before else f"{kind}, en attente"
