"""Steps whose time has come: found with their tickets locked, marked, set aside, and what their messages must know.

Everything is read and written for many tickets at once; nothing here decides whom a step tells."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

from sqlalchemy import Text, bindparam, cast, select, update
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
_TICKET = table_of(Ticket).c
_OLDEST_DUE = (
    select(Ticket.id)
    .join(EscalationRow, EscalationRow.ticket_id == Ticket.id)
    .where(EscalationRow.state == "pending", EscalationRow.due_at <= bindparam("at"))
    .order_by(EscalationRow.due_at, EscalationRow.id)
    .limit(bindparam("most"))
)
_OLDEST_OF_A_LANE = _OLDEST_DUE.where(Ticket.id % bindparam("lanes") == bindparam("lane"))


class DueStep(NamedTuple):
    """A waiting step whose time has come, by the columns that firing it needs."""

    id: int
    ticket_id: int
    deadline_id: int
    step: int
    cycle: int
    act: str
    tell: Sequence[str]
    urgent: bool
    due_at: datetime | None


def lock_tickets_with_due_steps(session: Session, at: datetime, limit: int) -> dict[int, Ticket]:
    """The tickets of the `limit` oldest steps due at `at`, those that nobody else is working on, locked for this
    transaction."""
    oldest = session.execute(_LOCKED_OLDEST, {"at": at, "most": limit})
    return tickets_by_number(session, {row.id for row in oldest})


_LOCKED_OLDEST = _OLDEST_DUE.with_for_update(skip_locked=True, of=Ticket)


def tickets_with_due_steps(
    session: Session, at: datetime, limit: int, lane: tuple[int, int] = (1, 0)
) -> dict[int, Ticket]:
    """The tickets of the `limit` oldest steps due at `at`, as they are now, not locked; of one lane of so many."""
    lanes, mine = lane
    query = _OLDEST_DUE if lanes == 1 else _OLDEST_OF_A_LANE
    asked = {"at": at, "most": limit} | ({} if lanes == 1 else {"lanes": lanes, "lane": mine})
    return tickets_by_number(session, {row.id for row in session.execute(query, asked)})


def tickets_by_number(session: Session, ids: Iterable[int]) -> dict[int, Ticket]:
    return {row.id: row for row in session.scalars(select(Ticket).where(Ticket.id.in_(sorted(ids))))}


def heads(session: Session, ids: Iterable[int]) -> dict[int, tuple[int, str]]:
    """How far each of these tickets' journal has come: whatever is done to a ticket moves it."""
    query = select(_TICKET.id, _TICKET.head_seq, _TICKET.head_hash).where(_TICKET.id.in_(sorted(ids)))
    return {number: (seq, digest) for number, seq, digest in session.connection().execute(query)}


def due_steps(session: Session, ticket_ids: list[int], at: datetime) -> list[DueStep]:
    """The due steps of tickets this transaction has locked, oldest first."""
    due = (_STEP.ticket_id.in_(ticket_ids), _STEP.state == "pending", _STEP.due_at <= at)
    query = select(*_READ).where(*due).order_by(_STEP.due_at, _STEP.id)
    found = session.connection().execute(query)
    return [DueStep._make((*row[:_TELL], _names(row[_TELL]), *row[_TELL + 1 :])) for row in found]


_TELL = DueStep._fields.index("tell")
_READ = [cast(_STEP.tell, Text).label(name) if name == "tell" else _STEP[name] for name in DueStep._fields]


@lru_cache(maxsize=1000)
def _names(written: str) -> tuple[str, ...]:
    """Whom a step tells: the ladders' few lists, each read once however many steps have it."""
    return tuple(json.loads(written))


def fire_steps(session: Session, ticket_ids: Iterable[int], at: datetime) -> set[int]:
    """Marks fired every step of these tickets that waits and is due; which ones."""
    due = (_STEP.ticket_id.in_(sorted(ticket_ids)), _STEP.state == "pending", _STEP.due_at <= at)
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
