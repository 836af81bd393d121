"""The total of security alerts, told to people who may not see one: only where no subtraction tells less than five.

One length of time, the civil quarter, once it is over; and all conventions together only when each is told. Two figures
that are told then never overlap without being equal parts of one another, so their difference is told already."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum

from router.reports.definitions import ALERTS_SHOWN_FROM
from router.reports.period import Period


class Untold(StrEnum):
    """Why a total isn't told."""

    FEW = "fewer_than_five"
    PERIOD = "not_a_finished_quarter"
    PART = "would_tell_a_convention"


IN_WORDS = {
    Untold.FEW: f"moins de {ALERTS_SHOWN_FROM}",
    Untold.PERIOD: "indiqué seulement pour un trimestre civil entier et terminé",
    Untold.PART: f"indiqué convention par convention : l'une en a moins de {ALERTS_SHOWN_FROM}",
}


def alert_total(
    counts: Mapping[str | None, int], conventions: Sequence[str], period: Period, at: datetime
) -> int | Untold:
    """The alerts opened in the period, `counts` giving them by convention (None: a collège of none).

    `conventions` are those the report covers: one that has no alert counts as having none."""
    if not period.is_quarter or at < period.bounds[1]:
        return Untold.PERIOD
    parts = [counts.get(name, 0) for name in conventions]
    others = sum(counts.values()) - sum(parts)
    total = sum(parts) + others
    if total < ALERTS_SHOWN_FROM:
        return Untold.FEW
    parts += [others] if others else []
    return total if min(parts) >= ALERTS_SHOWN_FROM else Untold.PART


def alerts_in_words(alerts: int | Untold) -> str:
    return IN_WORDS[alerts] if isinstance(alerts, Untold) else str(alerts)
