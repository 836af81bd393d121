"""Once a day: erases names and words that have been kept long enough, and forgets old sign-ins and attempts.

What is erased lies beside the journal's chain, and beside the logs of what was decided, which stay valid (see
`docs/decisions/0004`)."""

from datetime import UTC, date, datetime, time, timedelta

from router.desk import accounts, sign_ins
from router.desk.house import Desk
from router.model.words import ChangeKind
from router.notices.compose import NoticeKind
from router.store import calendar_log, retention
from router.store.calendar_log import Recorded

JOB = "housekeeping"
DAYS_A_MONTH = 365.25 / 12
BATCH = 200
LETTERS = (
    NoticeKind.DAYS_DECIDED,
    NoticeKind.SUSPENSION_DECLARED,
    NoticeKind.SUSPENSION_ACCEPTED,
    NoticeKind.SUSPENSION_REFUSED,
    NoticeKind.DRAFT_PROPOSED,
    NoticeKind.DRAFT_APPROVED,
    NoticeKind.DRAFT_REFUSED,
    NoticeKind.DRAFT_REWORKED,
    NoticeKind.DRAFT_WITHDRAWN,
)
"""The messages that told of a decision, with the name and the reason in them."""


def run_daily(desk: Desk, at: datetime) -> int:
    """Does the day's housekeeping unless a worker has done it; returns how many tickets were erased."""
    with desk.database.writing() as session:
        if not retention.first_today(session, JOB, at.astimezone(desk.settings.zone).date(), at):
            return 0
    accounts.sweep_attempts(desk, at)
    sign_ins.sweep(desk, at)
    erase_decisions(desk, at)
    return erase_old(desk, at)


def erase_decisions(desk: Desk, at: datetime) -> int:
    """Erases who decided days, force majeure and rules, and their reasons, once that has been over long enough; what
    was decided stays, with its institution and the account's number. Returns how many acts were erased."""
    before = at - timedelta(days=desk.settings.decision_retention_months * DAYS_A_MONTH)
    with desk.database.writing() as session:
        acts = {each.id: each for each in calendar_log.changes(session)}
        named = (each for each in acts.values() if each.actor_name or each.reason)
        over = [each.id for each in named if _over(each, acts.get(each.target or each.id, each)) < before]
        erased = retention.erase_calendar_words(session, over) + retention.erase_draft_words(session, before)
        retention.erase_letters(session, LETTERS, before)
    return erased


def _over(act: Recorded, about: Recorded) -> datetime:
    """When an act had no more effect: as late as the days it is about."""
    match about.kind:
        case ChangeKind.DAYS_DECIDED:
            last = date.fromisoformat(about.data["last"])
            return max(act.at, datetime.combine(last, time.max, UTC))
        case ChangeKind.SUSPENSION_DECLARED:
            return max(act.at, datetime.fromisoformat(about.data["end"]))
        case _:
            return act.at


def erase_old(desk: Desk, at: datetime) -> int:
    """Erases the names and words of tickets closed longer ago than the settings allow, in small transactions."""
    ordinary = at - timedelta(days=desk.settings.retention_months * DAYS_A_MONTH)
    alerts = at - timedelta(days=desk.settings.alert_retention_months * DAYS_A_MONTH)
    erased = 0
    while found := _one_batch(desk, ordinary, alerts):
        erased += found
    return erased


def _one_batch(desk: Desk, ordinary: datetime, alerts: datetime) -> int:
    with desk.database.writing() as session:
        ticket_ids = retention.closed_before(session, ordinary, alerts, BATCH)
        if ticket_ids:
            retention.erase(session, ticket_ids)
        return len(ticket_ids)
