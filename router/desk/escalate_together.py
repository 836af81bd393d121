"""The steps of many tickets fired at once: those that only tell somebody, read and written in a handful of statements.

What is written is what firing them one by one would write, in one transaction. It is made first, of the tickets as they
are, and written only for those that nothing has happened to since: what is done to a ticket moves its journal's head.
So a database with one writer at a time makes it wait for the writing, not for the wording."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from router.desk import tell
from router.desk.house import Desk
from router.desk.ladder_words import Audiences, telling
from router.desk.policy import Policy
from router.model.words import DeadlineKind, EventKind
from router.store import clocks, firing, journal, outbox
from router.store.firing import DueStep, Surroundings
from router.store.journal import WORKER, Entry
from router.store.outbox import NewNotice
from router.store.tables import Ticket


class ClaimedElsewhere(Exception):
    """Some of the steps are no longer waiting: nothing of the batch may be written."""


@dataclass(frozen=True, slots=True)
class Made:
    """What firing one ticket's due steps will write, made of it as it was at `head`."""

    ticket: Ticket
    head: tuple[int, str]
    steps: list[int] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    notices: list[NewNotice] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Batch:
    """What the steps of one batch share."""

    desk: Desk
    session: Session
    at: datetime
    policies: Mapping[str, Policy]
    around: Surroundings
    audiences: Audiences


def make_together(
    desk: Desk, session: Session, tickets: Mapping[int, Ticket], steps: Sequence[DueStep], at: datetime
) -> tuple[Made, ...]:
    """What firing these steps, all that are due of these tickets, will write, ticket by ticket.

    Writes nothing, and takes the tickets out of the session: their heads move in memory. Raises what the first faulty
    step raises."""
    of_ticket: dict[int, list[DueStep]] = defaultdict(list)
    for step in steps:
        of_ticket[step.ticket_id].append(step)
    mine = [tickets[number] for number in sorted(of_ticket)]
    around = firing.surroundings(session, mine)
    batch = _Batch(
        desk=desk,
        session=session,
        at=at,
        policies={name: desk.policies.named(session, name) for name in {each.policy for each in mine}},
        around=around,
        audiences=Audiences(session, around.reporters),
    )
    for ticket in mine:
        session.expunge(ticket)
    return tuple(_made(batch, ticket, of_ticket[ticket.id]) for ticket in mine)


def write_together(session: Session, made: Sequence[Made], at: datetime) -> frozenset[int]:
    """Fires the steps of the tickets that are as they were when it was made; which tickets.

    Raises ClaimedElsewhere when the steps that wait are others all the same: the caller undoes it all."""
    now = firing.heads(session, [each.ticket.id for each in made])
    same = [each for each in made if now.get(each.ticket.id) == each.head]
    if not same:
        return frozenset()
    numbers = frozenset(each.ticket.id for each in same)
    if firing.fire_steps(session, numbers, at) != {step for each in same for step in each.steps}:
        raise ClaimedElsewhere
    entries = [entry for each in same for entry in each.entries]
    journal.write_all(session, entries, [each.ticket for each in same])
    outbox.enqueue(session, [notice for each in same for notice in each.notices])
    return numbers


def _made(batch: _Batch, ticket: Ticket, steps: Sequence[DueStep]) -> Made:
    made = Made(ticket, (ticket.head_seq, ticket.head_hash))
    at_hand = _at_hand(batch, ticket)
    for step in steps:
        _tell(batch, made, at_hand, step)
        made.steps.append(step.id)
    return made


def _at_hand(batch: _Batch, ticket: Ticket) -> tell.AtHand:
    around = batch.around
    if ticket.decision_id not in around.decisions:
        raise LookupError(f"ticket {ticket.id} has no decision")
    found = around.holdings.get(ticket.holding_id) if ticket.holding_id else None
    holding = found if found is not None and found.until_at is None else None
    return tell.AtHand(
        college=around.colleges.get(ticket.uai) or ticket.uai,
        reporter=None,
        decision=around.decisions[ticket.decision_id],
        holding=holding,
        promises=tell.promised(each for each in around.of_ticket(ticket.id) if each.state in clocks.LIVE),
        opening=tell.opening(batch.policies[ticket.policy], ticket, holding, batch.at),
    )


def _tell(batch: _Batch, made: Made, at_hand: tell.AtHand, step: DueStep) -> None:
    at, ticket, deadline = batch.at, made.ticket, batch.around.deadlines[step.deadline_id]
    said = telling(ticket, step, deadline, batch.around.waits.get(ticket.id, []), at)
    moment = max(at, ticket.head_at)
    made.entries.append(journal.link(ticket, moment, WORKER, EventKind.ESCALATED, said.data))
    post = tell.Post(
        batch.session, batch.desk.settings, batch.policies[ticket.policy], ticket, at,
        occasion=f"/{step.id}", deadline=DeadlineKind(deadline.kind), due_at=deadline.due_at,
        planned_at=step.due_at, at_hand=at_hand, together=made.notices,
    )  # fmt: skip
    people = batch.audiences.people(ticket, deadline.party, said.names)
    tell.send(post, said.kind, people, at_once=step.urgent)
