"""Corrections already read, the right ones accepted and the wrong ones refused, and a few that wait for whoever tries
the demonstration: a wrong one among them, which a manager refuses."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from router.desk import review_corrections as review
from router.desk.house import Desk
from router.model.actor import Actor
from router.model.corrections import CorrectionState
from router.model.words import Category

LEFT_TO_READ = timedelta(days=21)


def judge_corrections(desk: Desk, actors: Sequence[Actor], truth: Mapping[int, Category], now: datetime) -> int:
    """How many were judged: those older than three weeks, by the académie's manager and by the RSSI. `truth`: what
    each ticket really was about."""
    judges = [each for each in actors if each.role in review.JUDGES and each.convention_id is None]
    return sum(_judge(desk, judge, truth, now) for judge in judges)


def _judge(desk: Desk, judge: Actor, truth: Mapping[int, Category], now: datetime) -> int:
    judged, after = 0, None
    while True:
        page = review.corrections_to_read(desk, judge, CorrectionState.PENDING, after)
        for line in page.lines:
            if line.at > now - LEFT_TO_READ:
                continue
            judged += 1
            if line.chosen is truth.get(line.ticket_id):
                review.accept(desk, judge, line.id, line.subject, line.body, now)
            else:
                review.refuse(desk, judge, line.id, now)
        after = page.after
        if after is None:
            return judged
