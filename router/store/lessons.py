"""What a model may learn from, and be judged on: accepted corrections, and the tickets lately closed. Read only."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from router.model.corrections import CorrectionState
from router.model.words import Category
from router.store.retention import ERASED_SUBJECT
from router.store.tables import CorrectionRow, IncidentRow, Ticket

MOST_RECENT = 2_000


class Lesson(NamedTuple):
    """A text, masked and accepted, and the category a person said."""

    id: int
    subject: str
    body: str
    chosen: str


class Closed(NamedTuple):
    """A ticket that is over, with the category it ended with."""

    id: int
    subject: str
    body: str
    category: str
    alert: bool


def accepted(session: Session) -> Sequence[Lesson]:
    """In the order they were made: the same ones give the same model."""
    rows = session.execute(
        select(CorrectionRow.id, CorrectionRow.subject, CorrectionRow.body, CorrectionRow.chosen)
        .where(CorrectionRow.state == CorrectionState.ACCEPTED.value)
        .order_by(CorrectionRow.id)
    )
    return [Lesson(*row) for row in rows]


def lately_closed(session: Session, since: datetime) -> Sequence[Closed]:
    """The latest first, at most MOST_RECENT. Not those whose correction is learnt: a model would be judged on its
    own lessons; nor what the RSSI wrote to a technical owner."""
    learnt = exists().where(
        CorrectionRow.ticket_id == Ticket.id, CorrectionRow.state == CorrectionState.ACCEPTED.value
    )
    rows = session.execute(
        select(Ticket.id, IncidentRow.subject, IncidentRow.body, Ticket.category, Ticket.alert)
        .join(IncidentRow, IncidentRow.id == Ticket.incident_id)
        .where(
            Ticket.closed_at >= since,
            Ticket.opened.is_(False),
            Ticket.subject != ERASED_SUBJECT,
            Ticket.containment_of.is_(None),
            Ticket.category.in_([each.value for each in Category]),
            ~learnt,
        )
        .order_by(Ticket.id.desc())
        .limit(MOST_RECENT)
    )
    return [Closed(*row) for row in rows]
