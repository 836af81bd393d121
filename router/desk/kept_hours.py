"""What a new book doesn't move: an open ticket keeps the hours of the book it was opened under. Said before signing."""

from collections.abc import Iterator
from dataclasses import dataclass

from router.clock.targets import Clock
from router.desk.policy import Policy


@dataclass(frozen=True, slots=True)
class KeptHours:
    """`clocks`: those whose week, holidays or days differ in the new book; `tickets`: open now, they keep the older."""

    clocks: tuple[Clock, ...]
    tickets: int


def kept_hours(old: Policy, new: Policy, convention: str, tickets: int) -> KeptHours | None:
    """None when a convention's clocks go by the same hours in both books."""
    clocks = tuple(_changed(old, new, convention))
    return KeptHours(clocks, tickets) if clocks else None


def _changed(old: Policy, new: Policy, convention: str) -> Iterator[Clock]:
    """As they are written: what was decided about days since holds under either."""
    before, after = old.convention(convention), new.convention(convention)
    if before is None or after is None:
        return
    for clock in Clock:
        one, other = (policy.calendars[each.clocks[clock]] for policy, each in ((old, before), (new, after)))
        if one != other:
            yield clock
