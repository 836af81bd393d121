"""What only a past that is played back needs: when something falls due next, and what the outbox sent meanwhile."""

from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from router.model.words import NoticeState
from router.store.tables import EscalationRow, NoticeRow


def next_step_at(session: Session) -> datetime | None:
    """The earliest instant at which a step waits to be fired."""
    return session.scalar(select(func.min(EscalationRow.due_at)).where(EscalationRow.state == "pending"))


def settle_notices(session: Session, until: datetime) -> None:
    """Every message due before `until` left at the instant it was due: what a channel that keeps messages does."""
    session.execute(
        update(NoticeRow)
        .where(NoticeRow.state == NoticeState.QUEUED, NoticeRow.next_try_at <= until)
        .values(state=NoticeState.SENT, sent_at=NoticeRow.next_try_at, attempts=1)
    )
