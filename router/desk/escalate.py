"""What happens by itself when time passes: reminders and escalations, waits that end, first levels timed out,
tickets the collège lets close. A step is fired in the transaction that records it, so at most once; a step whose
handling fails is set aside with its error and stops nothing else."""

import logging
import traceback
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from router.clock.ladders import Told
from router.desk import redecide, tell
from router.desk.clocking import end_waits, refresh_due, run_again, settle
from router.desk.house import Desk
from router.desk.policy import Policy
from router.model.words import DeadlineKind, EventKind, Party, PauseCause, TicketStatus
from router.notices.compose import NoticeKind
from router.store import audience, clocks, journal, tickets
from router.store.audience import Recipient
from router.store.journal import WORKER
from router.store.tables import DeadlineRow, EscalationRow, Ticket

log = logging.getLogger(__name__)


def run_due(desk: Desk, at: datetime, *, batch: int = 50, go_on: Callable[[], bool] = lambda: True) -> int:
    """Fires every step due at `at`, oldest first, until none is left that another worker isn't already firing.

    Returns how many were fired. Each batch of tickets is one transaction; `go_on` is asked between two of them."""
    total = 0
    while go_on() and (fired := _one_batch(desk, at, batch)):
        total += fired
    return total


def _one_batch(desk: Desk, at: datetime, batch: int) -> int:
    with desk.database.writing() as session:
        # The ticket is locked before its steps, as every gesture does: the two can't wait for each other.
        locked = {
            row.id: row for row in clocks.lock_free(session, clocks.tickets_with_due_steps(session, at, batch))
        }
        steps = clocks.due_steps(session, list(locked), at)
        for step in steps:
            _fire_or_set_aside(desk, session, locked[step.ticket_id], step.id, at)
        return len(steps)


def _fire_or_set_aside(desk: Desk, session: Session, ticket: Ticket, step_id: int, at: datetime) -> None:
    try:
        with session.begin_nested():
            _fire(desk, session, ticket, step_id, at)
    except Exception as error:
        # The kind and the place only: an exception's words may hold what people wrote.
        place = traceback.extract_tb(error.__traceback__)[-1]
        words = f"{type(error).__name__} ({Path(place.filename).name}:{place.lineno})"
        log.error("escalation %s of ticket %s set aside: %s", step_id, ticket.id, words)
        session.expire_all()
        clocks.set_aside(session, step_id, words, at)


def _fire(desk: Desk, session: Session, ticket: Ticket, step_id: int, at: datetime) -> None:
    step = session.get_one(EscalationRow, step_id)
    if step.state != "pending":  # an earlier step of the same batch has settled its deadline
        return
    deadline = session.get_one(DeadlineRow, step.deadline_id)
    policy = desk.policies.named(session, ticket.policy)
    planned = step.due_at
    step.state, step.fired_at = "fired", at
    session.flush()
    post = tell.Post(
        session, desk.settings, policy, ticket, at,
        occasion=f"/{step.id}", deadline=DeadlineKind(deadline.kind), due_at=deadline.due_at, planned_at=planned,
    )  # fmt: skip
    match step.act:
        case "tell":
            _tell(post, step, deadline)
        case "resume":
            _resume(post, deadline)
        case "forward":
            _forward(desk, policy, post, deadline)
        case "close":
            _close(post, deadline)
        case _:
            raise ValueError(f"unknown act {step.act}")


def _tell(post: tell.Post, step: EscalationRow, deadline: DeadlineRow) -> None:
    ticket = post.ticket
    elsewhere = deadline.kind == DeadlineKind.ANSWER and not _asked_of_college(post.session, ticket.id)
    told = _without_requester(step.tell) if elsewhere else step.tell
    if Told.DEPUTY in told and _has_answered(post.session, ticket):
        told = [name for name in told if name != Told.DEPUTY]
        if not told:  # the step has no object any more
            step.state, step.fired_at = "cancelled", None
            return
    stand_in = Told.DEPUTY in told
    people = _people(post.session, ticket, Party(deadline.party), told)
    before = post.due_at is not None and post.at < post.due_at
    data = {
        "deadline": deadline.id,
        "kind": deadline.kind,
        "party": deadline.party,
        "step": step.step,
        "cycle": step.cycle,
        "tell": told,
        "due_at": post.due_at.isoformat() if post.due_at else None,
        "planned_at": post.planned_at.isoformat() if post.planned_at else None,
        "overdue": not before,
    }
    deputies = audience.deputies(post.session, ticket) if stand_in else []
    if stand_in:
        data["deputy"] = bool(deputies)
    journal.append(post.session, ticket, max(post.at, ticket.head_at), WORKER, EventKind.ESCALATED, data)
    kind = NoticeKind.ESCALATION if elsewhere and not ticket.alert else _kind(ticket, deadline)
    tell.send(post, kind, people, at_once=step.urgent)
    if stand_in:
        found = deputies or audience.of_party(post.session, ticket, Party.PRINCIPAL)
        tell.send(post, NoticeKind.DEPUTY if deputies else NoticeKind.NO_DEPUTY, found, at_once=step.urgent)


def _has_answered(session: Session, ticket: Ticket) -> bool:
    """Whether the holder has taken the ticket in hand: nobody need stand in for her."""
    holding = clocks.holding(session, ticket)
    return holding is not None and holding.acknowledged_at is not None


def _asked_of_college(session: Session, ticket_id: int) -> bool:
    """Whether the last wait somebody chose is for the collège's answer."""
    chosen = [row.cause for row in clocks.pauses(session, ticket_id) if row.cause != PauseCause.FORCE_MAJEURE]
    return chosen[-1:] == [PauseCause.REQUESTER]


def _without_requester(names: list[str]) -> list[str]:
    """Who is reminded of a wait for a part or a supplier: the collège owes nothing, its holder does."""
    return list(dict.fromkeys(Told.HOLDER.value if name == Told.REQUESTER else name for name in names))


def _kind(ticket: Ticket, deadline: DeadlineRow) -> NoticeKind:
    if ticket.alert:
        return NoticeKind.ALERT_ESCALATION
    return NoticeKind.REMINDER if deadline.kind == DeadlineKind.ANSWER else NoticeKind.ESCALATION


def _people(session: Session, ticket: Ticket, party: Party, names: list[str]) -> list[Recipient]:
    found: list[Recipient] = []
    for name in names:
        found += _named(session, ticket, party, name)
    return found


def _named(session: Session, ticket: Ticket, party: Party, name: str) -> list[Recipient]:
    match Told(name):
        case Told.HOLDER:
            assignee = audience.account(session, ticket.assignee_id) if ticket.assignee_id else None
            return [assignee] if assignee else audience.of_party(session, ticket, party)
        case Told.LEAD:
            return audience.leads(session, ticket, party)
        case Told.COORDINATORS:
            return audience.coordinators(session, ticket)
        case Told.REQUESTER:
            reporter = tickets.reporter(session, ticket)
            return [reporter] if reporter else []
        case Told.PRINCIPAL | Told.RUPN | Told.RSSI | Told.DPO:
            left_out = name == Told.PRINCIPAL and ticket.alert and ticket.principal_excluded
            return [] if left_out else audience.of_party(session, ticket, Party(name))
        case Told.DEPUTY:  # has a message of her own
            return []


def _resume(post: tell.Post, deadline: DeadlineRow) -> None:
    """The limit of a wait: the clock runs again, from that limit whatever the hour of this pass."""
    session, ticket = post.session, post.ticket
    limit = end_waits(session, ticket, post.at)
    settle(session, deadline, post.at, met=False)
    ticket.status = (TicketStatus.IN_PROGRESS if ticket.assignee_id else TicketStatus.ASSIGNED).value
    session.flush()
    run_again(session, post.policy, ticket)
    data = {"cause": "limit", "limit_at": limit.isoformat()}
    journal.append(session, ticket, max(post.at, ticket.head_at), WORKER, EventKind.RESUMED, data)
    tell.tell_holder(post, NoticeKind.RESUMED)
    tell.tell_reporter(post, NoticeKind.RESUMED)


def _forward(desk: Desk, policy: Policy, post: tell.Post, deadline: DeadlineRow) -> None:
    """The RUPN has not answered in time (3.2.4): the ticket goes on without her. During arbitration it stays: the
    coordinators alone say where it goes, and what they decide opens a first level anew where one is due."""
    session, ticket = post.session, post.ticket
    moment = max(post.at, ticket.head_at)
    settle(session, deadline, moment, met=False)
    stays = ticket.status == TicketStatus.ARBITRATION
    data = {"deadline": deadline.id, "arbitration": stays}
    journal.append(session, ticket, moment, WORKER, EventKind.FIRST_LEVEL_TIMED_OUT, data)
    if stays:
        refresh_due(session, ticket)
        return
    redecide.forward(redecide.Turn(session, desk.settings, policy, ticket, WORKER, moment))


def _close(post: tell.Post, deadline: DeadlineRow) -> None:
    """The collège has neither confirmed nor reopened within the window."""
    session, ticket = post.session, post.ticket
    moment = max(post.at, ticket.head_at)
    settle(session, deadline, moment, met=True)
    if ticket.status != TicketStatus.RESOLVED:
        return
    ticket.status, ticket.closed_at = TicketStatus.CLOSED.value, moment
    journal.append(session, ticket, moment, WORKER, EventKind.CLOSED, {"by": "time"})
    tell.tell_reporter(post, NoticeKind.CLOSED)
