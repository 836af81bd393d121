"""What happens by itself when time passes: reminders and escalations, waits that end, first levels timed out,
tickets the collège lets close. A step is fired in the transaction that records it, so at most once; a step whose
handling fails is set aside with its error and stops nothing else."""

import logging
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from random import Random

from sqlalchemy.exc import DBAPIError, InterfaceError, InternalError, OperationalError
from sqlalchemy.orm import Session

from router.clock.ladders import Told
from router.desk import redecide, tell
from router.desk.clocking import end_waits, refresh_due, run_again, settle
from router.desk.escalate_together import Made, make_together, write_together
from router.desk.house import Desk
from router.desk.ladder_words import Audiences, telling
from router.desk.policy import Policy
from router.model.words import DeadlineKind, EventKind, Party, TicketStatus
from router.notices.compose import NoticeKind
from router.store import audience, clocks, firing, journal
from router.store.firing import DueStep
from router.store.journal import WORKER
from router.store.tables import DeadlineRow, EscalationRow, Ticket

TELL = "tell"
log = logging.getLogger(__name__)


def run_due(
    desk: Desk,
    at: datetime,
    *,
    batch: int = 100,
    go_on: Callable[[], bool] = lambda: True,
    together: bool = True,
) -> int:
    """Fires every step due at `at`, oldest first, until none is left that another worker isn't already firing.

    Returns how many were fired. The tickets of the `batch` oldest steps are one transaction; `go_on` is asked between
    two of them. Without `together` each step is fired by itself: the same, slower."""
    total, lane = 0, _ALL
    while go_on():
        found, fired = _one_batch(desk, at, batch, lane, together=together)
        total += fired
        if not found and lane == _ALL:
            break
        # Others have fired, or changed, what was found here: each then keeps to tickets of its own.
        lane = _ALL if not found else lane if fired >= found else (LANES, _DICE.randrange(LANES))
    return total


LANES = 8
_ALL = (1, 0)
_DICE = Random()  # noqa: S311 (dice, no secret: it keeps workers out of each other's way)


@dataclass(frozen=True, slots=True)
class _Found:
    """The tickets of the oldest due steps, how many steps that is, and what was made of those that only tell."""

    tickets: tuple[int, ...]
    steps: int
    made: tuple[Made, ...]


def _one_batch(
    desk: Desk, at: datetime, batch: int, lane: tuple[int, int], *, together: bool
) -> tuple[int, int]:
    """How many steps were found due, and how many of them fired."""
    if desk.database.locks_rows:
        with desk.database.writing() as session:
            # The ticket is locked before its steps, as every gesture does: the two can't wait for each other.
            locked = firing.lock_tickets_with_due_steps(session, at, batch)
            found = _found(desk, session, locked, at, together=together)
            return found.steps, _write(desk, session, found, at)
    with desk.database.reading() as session:
        tickets = firing.tickets_with_due_steps(session, at, batch, lane)
        found = _found(desk, session, tickets, at, together=together)
    if not found.steps:
        return 0, 0
    with desk.database.writing() as session:
        return found.steps, _write(desk, session, found, at)


def _found(
    desk: Desk, session: Session, tickets: Mapping[int, Ticket], at: datetime, *, together: bool
) -> _Found:
    steps = firing.due_steps(session, list(tickets), at)
    made = _made(desk, session, tickets, steps, at) if together else ()
    return _Found(tuple(tickets), len(steps), made)


def _made(
    desk: Desk, session: Session, tickets: Mapping[int, Ticket], steps: Sequence[DueStep], at: datetime
) -> tuple[Made, ...]:
    """What is written at once: the steps of the tickets of which nothing else than telling is due. None when one of
    them can't be fired: one by one, it will be found."""
    # Whether a deputy is told depends on what her RUPN has done: that is looked at ticket by ticket.
    acted_on = {step.ticket_id for step in steps if step.act != TELL or Told.DEPUTY in step.tell}
    telling_only = [step for step in steps if step.ticket_id not in acted_on]
    try:
        return make_together(desk, session, tickets, telling_only, at)
    except Exception as error:
        _check_connected(error)
        log.warning("%d steps are fired one by one (%s)", len(telling_only), type(error).__name__)
        session.expire_all()
        return ()


def _write(desk: Desk, session: Session, found: _Found, at: datetime) -> int:
    """Writes what was made, where nothing has happened since; the other steps of the tickets, those still due, are
    fired one by one. How many were fired."""
    done = _written(session, found.made, at)
    left = sorted(set(found.tickets) - done)
    steps = firing.due_steps(session, left, at)
    locked = firing.tickets_by_number(session, left) if steps else {}
    for step in steps:
        fire_one(desk, session, locked[step.ticket_id], step.id, at)
    return sum(len(each.steps) for each in found.made if each.ticket.id in done) + len(steps)


def _written(session: Session, made: Sequence[Made], at: datetime) -> frozenset[int]:
    if not made:
        return frozenset()
    try:
        with session.begin_nested():
            return write_together(session, made, at)
    except Exception as error:
        _check_connected(error)
        log.warning("%d tickets are taken one by one (%s)", len(made), type(error).__name__)
        session.expire_all()
        return frozenset()


def _check_connected(error: Exception) -> None:
    """What the database can't do just now (a connection that broke, two that wait for each other, a full disk) is no
    fault of a step: the transaction is lost whole, and a later pass fires it."""
    passing = isinstance(error, OperationalError | InternalError | InterfaceError)
    if passing or (isinstance(error, DBAPIError) and error.connection_invalidated):
        raise error


def fire_one(desk: Desk, session: Session, ticket: Ticket, step_id: int, at: datetime) -> None:
    """Fires one step of a locked ticket by itself, or sets it aside with its error."""
    try:
        with session.begin_nested():
            _fire(desk, session, ticket, step_id, at)
    except Exception as error:
        _check_connected(error)
        # The kind and the place only: an exception's words may hold what people wrote.
        place = traceback.extract_tb(error.__traceback__)[-1]
        words = f"{type(error).__name__} ({Path(place.filename).name}:{place.lineno})"
        log.error("escalation %s of ticket %s set aside: %s", step_id, ticket.id, words)
        session.expire_all()
        firing.set_aside(session, step_id, words, at)


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
    asked = deadline.kind == DeadlineKind.ANSWER
    waits = clocks.pauses(post.session, ticket.id) if asked else []
    said = telling(ticket, step, deadline, waits, post.at)
    names, stand_in = said.names, Told.DEPUTY in said.names
    if stand_in and (_has_answered(post.session, ticket) or _is_over(deadline, post.at)):
        names, stand_in = [name for name in names if name != Told.DEPUTY], False
        if not names:  # the step has no object any more
            step.state, step.fired_at = "cancelled", None
            return
    deputies = audience.deputies(post.session, ticket) if stand_in else []
    data = said.data | {"tell": names} | ({"deputy": bool(deputies)} if stand_in else {})
    moment = max(post.at, ticket.head_at)
    journal.append(post.session, ticket, moment, WORKER, EventKind.ESCALATED, data)
    people = Audiences(post.session).people(ticket, deadline.party, names)
    tell.send(post, said.kind, people, at_once=step.urgent)
    if stand_in:
        found = deputies or audience.of_party(post.session, ticket, Party.PRINCIPAL)
        tell.send(post, NoticeKind.DEPUTY if deputies else NoticeKind.NO_DEPUTY, found, at_once=step.urgent)


def _is_over(deadline: DeadlineRow, at: datetime) -> bool:
    """Whether the time to answer has run out: the ticket goes on in this very pass, nobody can stand in any more."""
    return deadline.due_at is not None and deadline.due_at <= at


def _has_answered(session: Session, ticket: Ticket) -> bool:
    """Whether the holder has taken the ticket in hand: nobody need stand in for her."""
    holding = clocks.holding(session, ticket)
    return holding is not None and holding.acknowledged_at is not None


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
