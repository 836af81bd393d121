"""What would change if a draft were signed: the comparison of its book with the published one, in sentences."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from router.desk.policy import Policy
from router.rulebook.book import BeforeBook, Rulebook, UnknownConvention
from router.rulebook.change_wording import line_in_words
from router.rulebook.changes import ComparisonUnfinished, Dated, Kind
from router.rulebook.compare import compare_from

SHOWN = 60
_HANDS = (Kind.HOLDER, Kind.NEW_VALUE, Kind.LOST_VALUE, Kind.IMPOSSIBLE, Kind.POSSIBLE)
_REASONS = (Kind.RULE,)


@dataclass(frozen=True, slots=True)
class ChangedDays:
    """From a day on (`until` excluded; None: for good), what changes: who is competent, then who is told and how
    urgent it is, then the reasons given for an unchanged answer."""

    since: date
    until: date | None
    hands: tuple[str, ...]
    told: tuple[str, ...]
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Changes:
    """`unfinished` says why nothing could be compared. `left_out`: sentences beyond what a page holds."""

    days: tuple[ChangedDays, ...] = ()
    notes: tuple[str, ...] = ()
    unfinished: str = ""
    left_out: int = 0


def changes_between(old: Policy, new: Policy, day: date, convention: str) -> Changes:
    """Exact, from `day` on."""
    return _compared(old.book, new.book, day, convention)


@lru_cache(maxsize=16)
def _compared(old: Rulebook, new: Rulebook, day: date, convention: str) -> Changes:
    try:
        stretches = compare_from(old, new, day, convention)
    except (ComparisonUnfinished, BeforeBook, UnknownConvention) as unfinished:
        return Changes(unfinished=str(unfinished))
    days = tuple(_told(old, new, each) for each in stretches if each.comparison.lines)
    notes = dict.fromkeys(note for each in stretches for note in each.comparison.notes)
    said = sum(len(each.comparison.lines) for each in stretches)
    shown = sum(len(each.hands) + len(each.told) + len(each.reasons) for each in days)
    return Changes(days, tuple(notes), left_out=said - shown)


def _told(old: Rulebook, new: Rulebook, dated: Dated) -> ChangedDays:
    lines = dated.comparison.lines[:SHOWN]

    def said(*, hands: bool, reasons: bool) -> tuple[str, ...]:
        wanted = [
            line for line in lines if (line.kind in _HANDS) is hands and (line.kind in _REASONS) is reasons
        ]
        return tuple(line_in_words(old, new, dated.comparison, line) for line in wanted)

    return ChangedDays(
        dated.since,
        dated.until,
        said(hands=True, reasons=False),
        said(hands=False, reasons=False),
        said(hands=False, reasons=True),
    )
