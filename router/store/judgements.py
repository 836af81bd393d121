"""Every deadline of one ticket as reports judge it, and the steps fired for it. Reads only; the conditions are the
figures' own, so a ticket's page and a report can't disagree."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from router.model.measures import Verdict
from router.store.figures import due, verdict
from router.store.tables import DeadlineRow, EscalationRow, HoldingRow


@dataclass(frozen=True, slots=True)
class JudgedRow:
    """A deadline, what it was judged on, and when its holding ended."""

    row: DeadlineRow
    verdict: Verdict
    due_at: datetime | None
    ended_at: datetime | None


def of_ticket(session: Session, ticket_id: int, at: datetime) -> list[JudgedRow]:
    """In the order in which they started; one query."""
    query = (
        select(
            DeadlineRow,
            verdict(DeadlineRow, at, HoldingRow.until_at),
            due(DeadlineRow),
            HoldingRow.until_at,
        )
        .outerjoin(HoldingRow, HoldingRow.id == DeadlineRow.holding_id)
        .where(DeadlineRow.ticket_id == ticket_id)
        .order_by(DeadlineRow.starts_at, DeadlineRow.id)
    )
    return [JudgedRow(row, Verdict(word), due_at, ended) for row, word, due_at, ended in session.execute(query)]


def steps_fired(session: Session, ticket_id: int) -> list[EscalationRow]:
    """Those that told somebody, in the order in which they were fired; one query."""
    query = select(EscalationRow).where(
        EscalationRow.ticket_id == ticket_id, EscalationRow.state == "fired", EscalationRow.act == "tell"
    )
    return list(session.scalars(query.order_by(EscalationRow.fired_at, EscalationRow.id)))
