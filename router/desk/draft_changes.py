"""What would change if a draft were signed: its book beside the one it starts from, and the tickets of the past year
that each change would have touched."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache

from router.desk.comparison import YEAR, ConventionChanges, DayChanges, changes, count_tickets
from router.desk.house import Desk
from router.rulebook.book import BeforeBook, Rulebook, UnknownConvention
from router.rulebook.changes import ComparisonUnfinished
from router.store.past import opened_between

SHOWN = 60
COUNTED_AT_ONCE = 20_000  # tickets; a page that is opened mustn't wait for more


@dataclass(frozen=True, slots=True)
class DraftChanges:
    """`unfinished` says why nothing could be compared. `left_out`: lines beyond what a page holds. The tickets are
    those of the year before `until`; `many`: too many of them to be counted unless asked for."""

    until: datetime
    days: tuple[DayChanges, ...] = ()
    notes: tuple[str, ...] = ()
    unfinished: str = ""
    left_out: int = 0
    many: bool = False


def draft_changes(
    desk: Desk, old: Rulebook, new: Rulebook, day: date, convention: str, until: datetime, *, count_all: bool
) -> DraftChanges:
    """Exact, from `day` on; with the tickets of the year before `until`, when they are few or `count_all`."""
    found = _compared(old, new, day, convention)
    if isinstance(found, str):
        return DraftChanges(until, unfinished=found)
    many = not count_all and _are_many(desk, until)
    if not many:
        (found,) = count_tickets(desk, [found], until)
    days = tuple(replace(each, lines=each.lines[:SHOWN]) for each in found.days if each.lines)
    return DraftChanges(
        until,
        days,
        tuple(dict.fromkeys(note for each in found.days for note in each.notes)),
        left_out=sum(len(each.lines) for each in found.days) - sum(len(each.lines) for each in days),
        many=many and bool(days),
    )


@lru_cache(maxsize=16)
def _compared(old: Rulebook, new: Rulebook, day: date, convention: str) -> ConventionChanges | str:
    """Kept with why it could not be done, which is what takes longest to find."""
    try:
        return changes(old, new, convention, day)
    except (ComparisonUnfinished, BeforeBook, UnknownConvention) as unfinished:
        return str(unfinished)


def _are_many(desk: Desk, until: datetime) -> bool:
    """Of all conventions: they are read to find those of one."""
    with desk.database.reading() as session:
        return opened_between(session, until - YEAR, until, COUNTED_AT_ONCE + 1) > COUNTED_AT_ONCE
