"""The state of one ticket on the stage, and how long things take there."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from router.clock.calendar import add
from router.desk.counter import standing_of
from router.desk.gestures import Standing
from router.desk.house import Desk
from router.desk.policy import Policy
from router.model.words import DeadlineKind, Party, TicketStatus
from router.store import clocks
from router.store.rehearsal import Glance, glance, next_step_at
from router.store.tables import Ticket

CLOCK_OF = {
    Party.DEPARTEMENT_MAINTENANCE: "pedagogique",
    Party.ACADEMIE_DSI: "administratif",
    Party.RSSI: "permanent",
    Party.RUPN: "pedagogique",
}

AT_WORK = (TicketStatus.NEW, TicketStatus.ASSIGNED, TicketStatus.IN_PROGRESS)
LIMITS = (DeadlineKind.ANSWER, DeadlineKind.FIRST_LEVEL)


@dataclass(frozen=True, slots=True)
class Seen:
    """A ticket as it stands: `limit` is when its present wait or first level ends by itself."""

    id: int
    standing: Standing
    category: str
    limit: datetime | None


def look(desk: Desk, ticket_id: int) -> Seen:
    with desk.database.reading() as session:
        row = glance(session, ticket_id)
        if TicketStatus(row.status) in AT_WORK and row.holder != Party.RUPN:
            return Seen(ticket_id, _at_work(row), row.category, None)
        ticket = session.get_one(Ticket, ticket_id)
        policy = desk.policies.named(session, ticket.policy)
        standing = standing_of(session, policy, ticket)
        limit = _limit(session, standing, ticket_id)
    return Seen(ticket_id, standing, ticket.category, limit)


def _at_work(ticket: Glance) -> Standing:
    """Of a ticket that a team holds, with nothing waiting: its own row says it all."""
    return Standing(
        uai=ticket.uai,
        convention_id=ticket.convention_id,
        holder=Party(ticket.holder),
        status=TicketStatus(ticket.status),
        alert=ticket.alert,
        waiting_for_requester=False,
        assignee_id=ticket.assignee_id,
        reporter_id=ticket.reporter_id,
        acknowledged=ticket.acknowledged_at is not None,
        first_level=False,
        review_pending=ticket.review == "pending",
        reopen_until=None,
    )


def _limit(session: Session, standing: Standing, ticket_id: int) -> datetime | None:
    if standing.status is not TicketStatus.WAITING and not standing.first_level:
        return None
    waits = (row.due_at for row in clocks.live_deadlines(session, ticket_id) if row.kind in LIMITS)
    return next((due for due in waits if due), None)


def next_step(desk: Desk) -> datetime | None:
    """When something falls due next."""
    with desk.database.reading() as session:
        return next_step_at(session)


def after(policy: Policy, convention: str | None, party: Party, start: datetime, work: timedelta) -> datetime:
    """When `work` has gone by on the party's clock."""
    found = add(policy.calendar(convention, CLOCK_OF[party]), start, work)
    return found if isinstance(found, datetime) else start + 3 * work
