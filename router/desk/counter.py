"""How every gesture on a ticket begins and ends: found and locked under the person's visibility, checked against
what the ticket allows, then recorded and told in the same transaction."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from router.clock.allowances import due
from router.desk import tell
from router.desk.gestures import Gesture, Standing, holds, of_college, possible
from router.desk.house import Desk
from router.desk.policy import Policy
from router.model.actor import Actor, Conflict, Forbidden, NotFound, Refused
from router.model.words import DeadlineKind, EventKind, Party, PauseCause, Role, TicketStatus
from router.store import clocks, journal, story, tickets
from router.store.journal import Signature
from router.store.tables import DeadlineRow, PauseRow, Ticket

NOT_FOUND = "Ce dossier n'existe pas, ou il n'est pas à vous."
NOT_NOW = "Ce n'est pas possible sur ce dossier tel qu'il est."


@dataclass(frozen=True, slots=True)
class Case:
    """One ticket on the counter: the transaction, the policy it was opened under, who acts and when."""

    desk: Desk
    session: Session
    policy: Policy
    ticket: Ticket
    standing: Standing
    actor: Actor
    at: datetime

    @property
    def who(self) -> Signature:
        return Signature(self.actor.signature, self.actor.name)

    def record(
        self, kind: EventKind, data: Mapping[str, Any] | None = None, *, text: str = "", internal: bool = False
    ) -> None:
        journal.append(self.session, self.ticket, self.at, self.who, kind, data, text=text, internal=internal)

    def post(self, *, reason: str = "", limit_at: datetime | None = None) -> tell.Post:
        return tell.Post(
            self.session,
            self.desk.settings,
            self.policy,
            self.ticket,
            self.at,
            actor=self.actor.name,
            reason=reason,
            limit_at=limit_at,
        )


@contextmanager
def counter(desk: Desk, actor: Actor, ticket_id: int, gesture: Gesture, at: datetime) -> Iterator[Case]:
    """Opens the transaction of one gesture. Raises NotFound, Forbidden, or Conflict when somebody was first."""
    with desk.database.writing() as session:
        ticket = tickets.for_change(session, ticket_id, actor)
        if ticket is None:
            raise NotFound(NOT_FOUND)
        # Two people may read the time before one waits for the other's lock: time never runs back in a ticket.
        moment = max(at, ticket.head_at)
        policy = desk.policies.named(session, ticket.policy)
        standing = for_reader(session, ticket, actor, standing_of(session, policy, ticket))
        if gesture not in possible(actor, standing, moment):
            raise _refusal(session, actor, ticket, standing, gesture)
        yield Case(desk, session, policy, ticket, standing, actor, moment)


def standing_of(session: Session, policy: Policy, ticket: Ticket) -> Standing:
    """What the ticket allows, read from its rows."""
    return standing_from(
        policy, ticket, clocks.pauses(session, ticket.id), clocks.deadlines(session, ticket.id)
    )


def standing_from(
    policy: Policy, ticket: Ticket, pauses: Sequence[PauseRow], deadlines: Sequence[DeadlineRow]
) -> Standing:
    """The same, from the ticket's rows already read."""
    waits = {pause.cause for pause in pauses if pause.until_at is None}
    return Standing(
        uai=ticket.uai,
        convention_id=ticket.convention_id,
        holder=Party(ticket.holder),
        status=TicketStatus(ticket.status),
        alert=ticket.alert,
        waiting_for_requester=PauseCause.REQUESTER in waits,
        assignee_id=ticket.assignee_id,
        reporter_id=ticket.reporter_id,
        acknowledged=ticket.acknowledged_at is not None,
        first_level=any(row.kind == DeadlineKind.FIRST_LEVEL and row.state in clocks.LIVE for row in deadlines),
        review_pending=ticket.review == "pending",
        reopen_until=None if ticket.opened else _reopen_until(policy, ticket, deadlines),
    )


def for_reader(session: Session, ticket: Ticket, actor: Actor, standing: Standing) -> Standing:
    """With what only the data protection officer's gesture needs to know."""
    if actor.role is not Role.DPO:
        return standing
    told = tickets.concerns(session, ticket.id, Party.DPO)
    noted = story.last_of(session, ticket.id, EventKind.DATA_NOTED) is not None
    return replace(standing, data_to_note=told and not noted)


def _reopen_until(policy: Policy, ticket: Ticket, deadlines: Sequence[DeadlineRow]) -> datetime | None:
    """While resolved, until it closes by itself; once closed, for the reopening window."""
    if ticket.closed_at is None:
        return _last_close(deadlines)
    limit = policy.targets.limits.reopening
    until = due(
        policy.calendar(ticket.convention_id, limit.clock, ticket.uai), ticket.closed_at, limit.allowance
    )
    return until if isinstance(until, datetime) else None


def _last_close(deadlines: Sequence[DeadlineRow]) -> datetime | None:
    """The due instant of the latest closing deadline that wasn't dropped."""
    closing = [row for row in deadlines if row.kind == DeadlineKind.CLOSE and row.state != "cancelled"]
    return closing[-1].due_at if closing else None


OF_COLLEGE = frozenset({Gesture.ANSWER, Gesture.CONFIRM, Gesture.REOPEN})
PASSING = OF_COLLEGE | {Gesture.RESUME, Gesture.PAUSE, Gesture.ASK, Gesture.TAKE, Gesture.ACKNOWLEDGE}
SETTLING = {
    TicketStatus.RESOLVED: (EventKind.RESOLVED, "résolu"),
    TicketStatus.CLOSED: (EventKind.CLOSED, "clos"),
}


def _refusal(session: Session, actor: Actor, ticket: Ticket, standing: Standing, gesture: Gesture) -> Refused:
    """Who was first, when somebody was; else that the gesture isn't hers."""
    if standing.status in SETTLING:
        kind, word = SETTLING[standing.status]
        last = story.last_of(session, ticket.id, kind)
        by = f" par {last.actor_name}" if last else ""
        return Conflict(
            f"Ce dossier vient d'être {word}{by} : rien n'a été changé. Relisez-le avant de continuer."
        )
    hers = of_college(actor, standing) if gesture in OF_COLLEGE else holds(actor, standing)
    if hers and gesture in PASSING:
        return Conflict("Le dossier a changé d'état entre-temps : relisez-le avant de continuer.")
    return Forbidden(NOT_NOW)
