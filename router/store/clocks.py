"""Holdings, pauses, deadlines and ladder steps of one ticket."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Integer, bindparam, func, select, update
from sqlalchemy.orm import Session

from router.model.words import DeadlineKind
from router.store.rows import insert_keyed, insert_row, insert_values
from router.store.tables import DeadlineRow, EscalationRow, HoldingRow, PauseRow, Ticket

LIVE = ("running", "paused")
QUEUE_KINDS = (
    DeadlineKind.ACKNOWLEDGE,
    DeadlineKind.RESOLVE,
    DeadlineKind.ANSWER,
    DeadlineKind.FIRST_LEVEL,
    DeadlineKind.ARBITRATE,
)
# Asked several times by every gesture: built once, and only bound to a ticket each time.
_TICKET = bindparam("ticket", type_=Integer)
_HOLDINGS = select(HoldingRow).where(HoldingRow.ticket_id == _TICKET).order_by(HoldingRow.seq)
_PAUSES = select(PauseRow).where(PauseRow.ticket_id == _TICKET).order_by(PauseRow.id)
_DEADLINES = select(DeadlineRow).where(DeadlineRow.ticket_id == _TICKET).order_by(DeadlineRow.id)
_NEXT_DUE = select(func.min(DeadlineRow.due_at)).where(
    DeadlineRow.ticket_id == _TICKET, DeadlineRow.state == "running", DeadlineRow.kind.in_(QUEUE_KINDS)
)
_PENDING = select(EscalationRow).where(
    EscalationRow.deadline_id == bindparam("deadline"), EscalationRow.state == "pending"
)


@dataclass(frozen=True, slots=True)
class NewStep:
    """A step to wait for: `offset` is service time from the deadline, `due_at` None while its clock stands still."""

    ticket_id: int
    deadline_id: int
    step: int
    cycle: int
    act: str
    due_at: datetime | None
    offset: timedelta = timedelta()
    tell: tuple[str, ...] = ()
    urgent: bool = False
    channel: str = "mail"


def add_steps(session: Session, steps: Sequence[NewStep]) -> None:
    """Waiting steps, in one statement."""
    rows = [
        {
            "ticket_id": step.ticket_id,
            "deadline_id": step.deadline_id,
            "step": step.step,
            "cycle": step.cycle,
            "act": step.act,
            "offset": int(step.offset.total_seconds()),
            "tell": list(step.tell),
            "urgent": step.urgent,
            "channel": step.channel,
            "due_at": step.due_at,
            "state": "pending",
        }
        for step in steps
    ]
    insert_values(session, EscalationRow, rows)


def add_holding(session: Session, holding: HoldingRow) -> None:
    holding.id = insert_row(session, holding)


def add_deadlines(session: Session, rows: Sequence[DeadlineRow]) -> None:
    """Deadlines of different kinds of one ticket, in one statement; each is given its id."""
    ids = insert_keyed(session, rows, "kind")
    for row in rows:
        row.id = ids[row.kind]


def next_holding_seq(session: Session, ticket: Ticket) -> int:
    if ticket.holding_id is None:
        return 1
    last = session.scalar(select(func.max(HoldingRow.seq)).where(HoldingRow.ticket_id == ticket.id))
    return (last or 0) + 1


def holding(session: Session, ticket: Ticket) -> HoldingRow | None:
    """The present holding, if the ticket has one."""
    if ticket.holding_id is None:
        return None
    row = session.get(HoldingRow, ticket.holding_id)
    return row if row is not None and row.until_at is None else None


def last_holding(session: Session, ticket: Ticket) -> HoldingRow | None:
    """The present holding, else the one that ended with the ticket's resolution."""
    return session.get(HoldingRow, ticket.holding_id) if ticket.holding_id is not None else None


def holdings(session: Session, ticket_id: int) -> list[HoldingRow]:
    return list(session.scalars(_HOLDINGS, {"ticket": ticket_id}))


def pauses(session: Session, ticket_id: int) -> list[PauseRow]:
    return list(session.scalars(_PAUSES, {"ticket": ticket_id}))


def open_pauses(session: Session, ticket_id: int) -> list[PauseRow]:
    return [pause for pause in pauses(session, ticket_id) if pause.until_at is None]


def deadlines(session: Session, ticket_id: int) -> list[DeadlineRow]:
    return list(session.scalars(_DEADLINES, {"ticket": ticket_id}))


def live_deadlines(session: Session, ticket_id: int) -> list[DeadlineRow]:
    return [row for row in deadlines(session, ticket_id) if row.state in LIVE]


def next_due(session: Session, ticket_id: int) -> datetime | None:
    """The earliest due instant of the ticket's live deadlines that somebody must answer for."""
    due: datetime | None = session.scalar(_NEXT_DUE, {"ticket": ticket_id})
    return due


def pending_steps(session: Session, deadline_id: int) -> list[EscalationRow]:
    return list(session.scalars(_PENDING, {"deadline": deadline_id}))


def cancel_steps(session: Session, deadline_id: int) -> None:
    session.execute(
        update(EscalationRow)
        .where(EscalationRow.deadline_id == deadline_id, EscalationRow.state == "pending")
        .values(state="cancelled")
    )


def unschedule(session: Session, deadline_id: int) -> None:
    """While a clock stands still its waiting steps have no instant."""
    session.execute(
        update(EscalationRow)
        .where(EscalationRow.deadline_id == deadline_id, EscalationRow.state == "pending")
        .values(due_at=None)
    )
