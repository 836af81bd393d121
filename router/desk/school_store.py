"""Where the school years in force come from and where imported ones go: the only tie to how days are recorded."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from router.clock.school import SchoolYears, Zone, shipped_school_years
from router.desk.house import Desk
from router.model.actor import Conflict
from router.store.journal import Signature


@dataclass(frozen=True, slots=True)
class Kept:
    """How many running tickets were looked at again, and how many deadlines moved."""

    tickets: int
    moved: int


def years_in_force(desk: Desk) -> Mapping[Zone, SchoolYears]:
    """What is known of each zone today."""
    return shipped_school_years()


def keep_years(desk: Desk, who: Signature, years: Sequence[SchoolYears], source: str, at: datetime) -> Kept:
    """Records newer school years, and moves the running deadlines in the same transaction."""
    raise Conflict("Les calendriers importés ne peuvent pas encore être enregistrés ici : rien n'a changé.")
