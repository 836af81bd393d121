"""What a check of the stored instants may find: one value of one row that isn't what it should be."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from router.model.words import DeadlineKind

Value = datetime | date | int | str | None


class Checked(StrEnum):
    """Which value. Those of the first group follow from a ticket's rows, the others from its events."""

    DUE = "due"
    PASSED = "passed"
    UNKNOWN = "unknown"
    LIMIT = "limit"
    STEP = "step"
    SERVED = "served"
    NEXT = "next"
    VERDICT = "verdict"

    UNTOLD = "untold"
    POLICY = "policy"
    OPENED = "opened"
    RESOLVED = "resolved"
    CLOSED = "closed"
    HOLDING = "holding"
    HOLDING_PARTY = "holding_party"
    HOLDING_CLOCK = "holding_clock"
    HOLDING_FROM = "holding_from"
    HOLDING_UNTIL = "holding_until"
    HOLDING_ENDED_BY = "holding_ended_by"
    HOLDING_ACKNOWLEDGED = "holding_acknowledged"
    WAIT = "wait"
    WAIT_HOLDING = "wait_holding"
    WAIT_CAUSE = "wait_cause"
    WAIT_FROM = "wait_from"
    WAIT_UNTIL = "wait_until"
    WAIT_LIMIT = "wait_limit"
    WAIT_AUTHOR = "wait_author"
    DEADLINE = "deadline"
    DEADLINE_HOLDING = "deadline_holding"
    DEADLINE_PARTY = "deadline_party"
    DEADLINE_CLOCK = "deadline_clock"
    DEADLINE_STARTS = "deadline_starts"
    DEADLINE_ALLOWANCE = "deadline_allowance"
    DEADLINE_OPEN_DAYS = "deadline_open_days"
    DEADLINE_STATE = "deadline_state"
    DEADLINE_MET = "deadline_met"
    DEADLINE_SETTLED = "deadline_settled"
    DEADLINE_CALENDARS = "deadline_calendars"
    LADDER = "ladder"
    STEP_STATE = "step_state"
    STEP_PLANNED = "step_planned"
    STEP_FIRED = "step_fired"


FROM_ROWS = (
    *(Checked.DUE, Checked.PASSED, Checked.UNKNOWN, Checked.LIMIT),
    *(Checked.STEP, Checked.SERVED, Checked.NEXT, Checked.VERDICT),
)
FROM_EVENTS = frozenset(Checked) - frozenset(FROM_ROWS)


@dataclass(frozen=True, slots=True)
class Difference:
    """One value that isn't what it should be. `kind` is the deadline's, None for a ticket's, a holding's or a
    wait's."""

    ticket: int
    what: Checked
    kind: DeadlineKind | None
    stored: Value
    computed: Value
