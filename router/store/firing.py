"""Steps whose time has come: found with their tickets locked, marked, set aside, and what their messages must know.

Everything is read and written for many tickets at once; nothing here decides whom a step tells."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from router.store.audience import Recipient
from router.store.rows import table_of
from router.store.tables import (
    College,
    DeadlineRow,
    DecisionRow,
    EscalationRow,
    HoldingRow,
    IncidentRow,
    PauseRow,
    Ticket,
)

_ESCALATION = table_of(EscalationRow)
_STEP = _ESCALATION.c
_OLDEST_DUE = (
    select(Ticket.id)
    .join(EscalationRow, EscalationRow.ticket_id == Ticket.id)
    .where(EscalationRow.state == "pending", EscalationRow.due_at <= bindparam("at"))
    .order_by(EscalationRow.due_at, EscalationRow.id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True, of=Ticket)
)


class DueStep(NamedTuple):
    """A waiting step whose time has come, by the columns that firing it needs."""

    id: int
    ticket_id: int
    deadline_id: int
    step: int
    cycle: int
    act: str
    tell: list[str]
    urgent: bool
    due_at: datetime | None


def lock_tickets_with_due_steps(session: Session, at: datetime, limit: int) -> dict[int, Ticket]:
    """The tickets of the `limit` oldest steps due at `at`, those that nobody else is working on, locked for this
    transaction."""
    oldest = session.execute(_OLDEST_DUE, {"at": at, "most": limit})
    ids = sorted({row.id for row in oldest})
    return {row.id: row for row in session.scalars(select(Ticket).where(Ticket.id.in_(ids)))}


def due_steps(session: Session, ticket_ids: list[int], at: datetime) -> list[DueStep]:
    """The due steps of tickets this transaction has locked, oldest first."""
    due = (_STEP.ticket_id.in_(ticket_ids), _STEP.state == "pending", _STEP.due_at <= at)
    query = select(*(_STEP[name] for name in DueStep._fields)).where(*due).order_by(_STEP.due_at, _STEP.id)
    return [DueStep(*row) for row in session.connection().execute(query)]


def fire_steps(session: Session, ticket_ids: list[int], at: datetime) -> set[int]:
    """Marks fired every step of these tickets that waits and is due; which ones."""
    due = (_STEP.ticket_id.in_(ticket_ids), _STEP.state == "pending", _STEP.due_at <= at)
    firing = update(_ESCALATION).where(*due).values(state="fired", fired_at=at).returning(_STEP.id)
    return {row.id for row in session.connection().execute(firing)}


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What messages about many tickets need to know, by key."""

    deadlines: Mapping[int, DeadlineRow]
    decisions: Mapping[int | None, DecisionRow]
    holdings: Mapping[int, HoldingRow]
    waits: Mapping[int, list[PauseRow]]
    colleges: Mapping[str, str]
    reporters: Mapping[int, Recipient]
    _by_ticket: Mapping[int, list[DeadlineRow]]

    def of_ticket(self, ticket_id: int) -> list[DeadlineRow]:
        """The ticket's deadlines, in their order."""
        return self._by_ticket.get(ticket_id, [])


def surroundings(session: Session, tickets: Sequence[Ticket]) -> Surroundings:
    """One question per table, however many tickets there are."""
    ids = [each.id for each in tickets]
    found = session.scalars(select(DeadlineRow).where(DeadlineRow.ticket_id.in_(ids)).order_by(DeadlineRow.id))
    by_ticket: dict[int, list[DeadlineRow]] = defaultdict(list)
    for row in found:
        by_ticket[row.ticket_id].append(row)
    decisions = session.scalars(
        select(DecisionRow).where(DecisionRow.id.in_([each.decision_id for each in tickets]))
    )
    holdings = session.scalars(
        select(HoldingRow).where(HoldingRow.id.in_([each.holding_id for each in tickets]))
    )
    waits: dict[int, list[PauseRow]] = defaultdict(list)
    for pause in session.scalars(select(PauseRow).where(PauseRow.ticket_id.in_(ids)).order_by(PauseRow.id)):
        waits[pause.ticket_id].append(pause)
    colleges = session.execute(
        select(College.uai, College.name).where(College.uai.in_({each.uai for each in tickets}))
    )
    reporters = session.execute(
        select(Ticket.id, IncidentRow.reporter_email, IncidentRow.reporter_id)
        .join(IncidentRow, IncidentRow.id == Ticket.incident_id)
        .where(Ticket.id.in_(ids))
    )
    return Surroundings(
        deadlines={row.id: row for rows in by_ticket.values() for row in rows},
        decisions={row.id: row for row in decisions},
        holdings={row.id: row for row in holdings},
        waits=waits,
        colleges={row.uai: row.name for row in colleges},
        reporters={number: Recipient(email, "", account) for number, email, account in reporters if email},
        _by_ticket=by_ticket,
    )


def set_aside(session: Session, step_id: int, error: str, at: datetime) -> None:
    """A step that can't be fired stops nothing: it waits, with its error, for somebody to look."""
    session.execute(
        update(EscalationRow)
        .where(EscalationRow.id == step_id)
        .values(state="poison", error=error, fired_at=at)
    )
