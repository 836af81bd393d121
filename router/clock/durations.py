"""Durations as people and programs write them here: ISO 8601, hours, minutes and seconds only."""

import re
from datetime import timedelta

_SHAPE = re.compile(r"PT(?=\d)(?:([0-9]{1,9})H)?(?:([0-9]{1,9})M)?(?:([0-9]{1,9})S)?", re.ASCII)


class DurationError(ValueError):
    """Not a duration we accept; the sentence is French and says the mend."""


def duration_of(text: str) -> timedelta:
    """`PT4H30M` as a timedelta, zero included. Days are refused: a day has no fixed length in service time.

    Raises DurationError."""
    found = _SHAPE.fullmatch(text)
    if not found:
        raise DurationError(
            f"durée illisible « {text} » : écrivez des heures, minutes ou secondes entières, comme "
            "« PT4H », « PT90M » ou « PT1H30M » (les jours se comptent en heures de service)."
        )
    hours, minutes, seconds = (int(part or 0) for part in found.groups())
    return timedelta(hours=hours, minutes=minutes, seconds=seconds)


def signed_duration_of(text: str) -> timedelta:
    """As `duration_of`, with an optional leading « - » for before. Raises DurationError."""
    return -duration_of(text[1:]) if text.startswith("-") else duration_of(text)


def duration_text(length: timedelta) -> str:
    """A duration in whole seconds as `duration_of` reads it: `PT4H30M`, `PT0S`."""
    minutes, seconds = divmod(int(length.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    parts = ((hours, "H"), (minutes, "M"), (seconds, "S"))
    return "PT" + ("".join(f"{count}{unit}" for count, unit in parts if count) or "0S")
