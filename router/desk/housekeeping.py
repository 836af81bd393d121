"""Once a day: erases names and words that have been kept long enough, and forgets old sign-ins and attempts.

What is erased lies beside the journal's chain, which stays valid (see `docs/decisions/0004`)."""

from datetime import datetime, timedelta

from router.desk import accounts, sign_ins
from router.desk.house import Desk
from router.store import retention

JOB = "housekeeping"
DAYS_A_MONTH = 365.25 / 12
BATCH = 200


def run_daily(desk: Desk, at: datetime) -> int:
    """Does the day's housekeeping unless a worker has done it; returns how many tickets were erased."""
    with desk.database.writing() as session:
        if not retention.first_today(session, JOB, at.astimezone(desk.settings.zone).date(), at):
            return 0
    accounts.sweep_attempts(desk, at)
    sign_ins.sweep(desk, at)
    return erase_old(desk, at)


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
