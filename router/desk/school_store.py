"""Where the school years in force come from and where imported ones go: the only tie to how days are recorded."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from router.clock.school import SchoolYears, Zone, shipped_school_years
from router.desk.calendar_days import import_school_years
from router.desk.calendar_fold import folded
from router.desk.house import Desk
from router.desk.recompute import Recomputed
from router.store import calendar_log
from router.store.journal import Signature

Kept = Recomputed


def years_in_force(desk: Desk) -> Mapping[Zone, SchoolYears]:
    """What is known of each zone today."""
    with desk.database.reading() as session:
        return {**shipped_school_years(), **folded(calendar_log.changes(session)).school}


def keep_years(desk: Desk, who: Signature, years: Sequence[SchoolYears], source: str, at: datetime) -> Kept:
    """Records newer school years, and moves the running deadlines in the same transaction."""
    return import_school_years(desk, who, years, source, at)
