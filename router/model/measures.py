"""What a report counts, and how a deadline is judged. Closed lists; the definitions are in `docs/reports.md`."""

from enum import StrEnum


class Verdict(StrEnum):
    """How a deadline ended, or stands. Each holding has exactly one for its acknowledgement and one for its
    resolution, so that the five add up to what was received."""

    IN_TIME = "in_time"
    LATE = "late"
    RUNNING = "running"
    ENDED = "ended"  # the holding ended otherwise, before the deadline
    UNKNOWN = "unknown"  # beyond the known calendar


class Measure(StrEnum):
    """One figure of a report: a number of holdings, except the promises, which are deadlines."""

    RECEIVED = "received"
    ACKNOWLEDGED_IN_TIME = "acknowledged_in_time"
    ACKNOWLEDGED_LATE = "acknowledged_late"
    ACKNOWLEDGE_RUNNING = "acknowledge_running"
    ACKNOWLEDGE_ENDED = "acknowledge_ended"
    ACKNOWLEDGE_UNKNOWN = "acknowledge_unknown"
    RESOLVED_IN_TIME = "resolved_in_time"
    RESOLVED_LATE = "resolved_late"
    RESOLVE_RUNNING = "resolve_running"
    RESOLVE_ENDED = "resolve_ended"
    RESOLVE_UNKNOWN = "resolve_unknown"
    RESOLVED = "resolved"
    BREACHED = "breached"
    ESCALATED = "escalated"
    TRANSFERRED = "transferred"
    CONTESTED = "contested"
    CORRECTED = "corrected"
    FIRST_LEVEL = "first_level"
    ARBITRATED = "arbitrated"
    REOPENED = "reopened"
    PROMISE_KEPT = "promise_kept"
    PROMISE_BROKEN = "promise_broken"
    PROMISE_RUNNING = "promise_running"
    PROMISE_ENDED = "promise_ended"
    PROMISE_UNKNOWN = "promise_unknown"
    DUPLICATES = "duplicates"


PROMISES = {
    Measure.PROMISE_KEPT: Verdict.IN_TIME,
    Measure.PROMISE_BROKEN: Verdict.LATE,
    Measure.PROMISE_RUNNING: Verdict.RUNNING,
    Measure.PROMISE_ENDED: Verdict.ENDED,
    Measure.PROMISE_UNKNOWN: Verdict.UNKNOWN,
}
ACKNOWLEDGEMENTS = {
    Measure.ACKNOWLEDGED_IN_TIME: Verdict.IN_TIME,
    Measure.ACKNOWLEDGED_LATE: Verdict.LATE,
    Measure.ACKNOWLEDGE_RUNNING: Verdict.RUNNING,
    Measure.ACKNOWLEDGE_ENDED: Verdict.ENDED,
    Measure.ACKNOWLEDGE_UNKNOWN: Verdict.UNKNOWN,
}
RESOLUTIONS = {
    Measure.RESOLVED_IN_TIME: Verdict.IN_TIME,
    Measure.RESOLVED_LATE: Verdict.LATE,
    Measure.RESOLVE_RUNNING: Verdict.RUNNING,
    Measure.RESOLVE_ENDED: Verdict.ENDED,
    Measure.RESOLVE_UNKNOWN: Verdict.UNKNOWN,
}
EXITS = {
    Measure.TRANSFERRED: "transferred",
    Measure.CONTESTED: "contested",
    Measure.CORRECTED: "corrected",
    Measure.FIRST_LEVEL: "first_level",
    Measure.ARBITRATED: "arbitrated",
}
