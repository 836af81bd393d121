"""School dates that a calendar's table carries, in the place of the shipped ones of its zone (`school_coverage`,
`school_holidays`): what a deadline that rests on imported dates is recomputed by. Pure."""

from collections.abc import Mapping

from router.clock.school import SchoolYears, Vacation, Zone
from router.clock.toml_reading import MISSING_KEY, Node, period_of

COVERAGE = "school_coverage"
HOLIDAYS = "school_holidays"
KEYS = (COVERAGE, HOLIDAYS)


def carried_dates(settings: Mapping[str, Node], zone: Zone) -> SchoolYears | None:
    """The dates the table carries; None when it carries none, or when a fault was noted."""
    if COVERAGE not in settings:
        if HOLIDAYS in settings:
            settings[HOLIDAYS].fault_at_key(
                MISSING_KEY,
                f"il manque « {COVERAGE} = … » : de quel jour à quel jour ces vacances sont connues.",
            )
        return None
    if zone is Zone.NONE:
        settings[COVERAGE].fault_at_key(MISSING_KEY, "il manque « school_zone = … » : la zone de ces dates.")
    keys = ("from", "to", "obtained")
    entries = settings[COVERAGE].table(keys, required=keys)
    period = period_of(entries, "la période connue")
    obtained = entries["obtained"].day() if "obtained" in entries else None
    rows = settings[HOLIDAYS].rows() if HOLIDAYS in settings else ()
    vacations = [each for row in rows if (each := _vacation(row))]
    if period is None or obtained is None:
        return None
    return SchoolYears(zone, *period, tuple(sorted(vacations, key=lambda each: each.first)), obtained)


def _vacation(node: Node) -> Vacation | None:
    entries = node.table(["from", "to", "reason", "confirmed"], required=["from", "to"])
    period = period_of(entries, "cette période de vacances")
    name = entries["reason"].text() if "reason" in entries else None
    confirmed = entries["confirmed"].flag() if "confirmed" in entries else True
    return Vacation(name or "", *period, confirmed is not False) if period else None
