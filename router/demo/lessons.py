"""Corrections already read, most accepted and some refused, and a few that wait for whoever tries the demonstration."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from router.desk import review_corrections as review
from router.desk.house import Desk
from router.model.actor import Actor
from router.model.corrections import CorrectionState

LEFT_TO_READ = timedelta(days=21)
REFUSED_EACH = 6


def judge_corrections(desk: Desk, actors: Sequence[Actor], now: datetime) -> int:
    """How many were judged: those older than three weeks, by the académie's manager and by the RSSI."""
    judges = [each for each in actors if each.role in review.JUDGES and each.convention_id is None]
    return sum(_judge(desk, judge, now) for judge in judges)


def _judge(desk: Desk, judge: Actor, now: datetime) -> int:
    judged, after = 0, None
    while True:
        page = review.corrections_to_read(desk, judge, CorrectionState.PENDING, after)
        for line in page.lines:
            if line.at > now - LEFT_TO_READ:
                continue
            judged += 1
            if judged % REFUSED_EACH == 0:
                review.refuse(desk, judge, line.id, now)
            else:
                review.accept(desk, judge, line.id, line.subject, line.body, now)
        after = page.after
        if after is None:
            return judged
