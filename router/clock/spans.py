"""Opening hours as people write them: « 08:00-12:00 », several a day."""

import re
from collections.abc import Iterable
from itertools import pairwise

from router.clock.service_calendar import MINUTES_A_DAY, Span

_SPAN = re.compile(r"([0-2][0-9]):([0-5][0-9])-([0-2][0-9]):([0-5][0-9])", re.ASCII)


class SpanError(ValueError):
    """Not a span, or two that overlap; the sentence is French and says the mend."""


def span_of(text: str) -> Span:
    """`08:00-12:00`, up to `24:00`. Raises SpanError."""
    found = _SPAN.fullmatch(text)
    hours = [int(part) for part in found.groups()] if found else [99] * 4
    span = Span(hours[0] * 60 + hours[1], hours[2] * 60 + hours[3])
    if max(span.start, span.end) > MINUTES_A_DAY:
        raise SpanError(f"plage illisible « {text} » : écrivez « 08:00-12:00 », de 00:00 à 24:00.")
    if span.start == MINUTES_A_DAY:
        raise SpanError(f"la plage « {text} » commence à 24:00 : écrivez-la au lendemain, dès 00:00.")
    if span.end <= span.start:
        raise SpanError(
            f"la plage « {text} » finit avant de commencer, ou ne dure rien : après minuit, "
            "écrivez « …-24:00 » et la suite au jour suivant."
        )
    return span


def overlap_of(earlier: Span, later: Span) -> str | None:
    """What is wrong with two spans in order; touching ones are allowed."""
    if later.start >= earlier.end:
        return None
    return f"les plages {earlier} et {later} se chevauchent : réunissez-les ou séparez-les."


def spans_of(texts: Iterable[str]) -> tuple[Span, ...]:
    """The spans of a day, put in order. Raises SpanError for the first that doesn't hold."""
    spans = tuple(sorted(map(span_of, texts)))
    for earlier, later in pairwise(spans):
        if wrong := overlap_of(earlier, later):
            raise SpanError(wrong)
    return spans
