"""The steps of many tickets fired at once: those that only tell somebody, read and written in a handful of statements.

What is written is what firing them one by one would write, in one transaction. Whatever raises undoes all of it: the
caller then fires the same steps one by one, which finds the one at fault."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
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
class _Batch:
    """What the steps of one batch share, and what they will write."""

    desk: Desk
    session: Session
    at: datetime
    policies: Mapping[str, Policy]
    around: Surroundings
    audiences: Audiences
    entries: list[Entry]
    notices: list[NewNotice]


def fire_together(
    desk: Desk, session: Session, tickets: Mapping[int, Ticket], steps: Sequence[DueStep], at: datetime
) -> None:
    """Fires these steps, all that are due of these locked tickets. Raises what the first faulty one raises."""
    claimed = firing.fire_steps(session, sorted({step.ticket_id for step in steps}), at)
    if claimed != {step.id for step in steps}:
        raise ClaimedElsewhere
    mine = [tickets[number] for number in sorted({step.ticket_id for step in steps})]
    around = firing.surroundings(session, mine)
    batch = _Batch(
        desk=desk,
        session=session,
        at=at,
        policies={name: desk.policies.named(session, name) for name in {each.policy for each in mine}},
        around=around,
        audiences=Audiences(session, around.reporters),
        entries=[],
        notices=[],
    )
    at_hand = {each.id: _at_hand(batch, each) for each in mine}
    with session.no_autoflush:  # the heads that move are written once, at the end
        for step in steps:
            _tell(batch, tickets[step.ticket_id], at_hand[step.ticket_id], step)
    journal.write_all(session, batch.entries, mine)
    outbox.enqueue(session, batch.notices)


def _at_hand(batch: _Batch, ticket: Ticket) -> tell.AtHand:
    around = batch.around
    if ticket.decision_id not in around.decisions:
        raise LookupError(f"ticket {ticket.id} has no decision")
    holding = around.holdings.get(ticket.holding_id) if ticket.holding_id else None
    return tell.AtHand(
        college=around.colleges.get(ticket.uai) or ticket.uai,
        reporter=None,
        decision=around.decisions[ticket.decision_id],
        holding=holding if holding is not None and holding.until_at is None else None,
        promises=tell.promised(each for each in around.of_ticket(ticket.id) if each.state in clocks.LIVE),
    )


def _tell(batch: _Batch, ticket: Ticket, at_hand: tell.AtHand, step: DueStep) -> None:
    at, deadline = batch.at, batch.around.deadlines[step.deadline_id]
    said = telling(ticket, step, deadline, batch.around.waits.get(ticket.id, []), at)
    moment = max(at, ticket.head_at)
    batch.entries.append(journal.link(ticket, moment, WORKER, EventKind.ESCALATED, said.data))
    post = tell.Post(
        batch.session, batch.desk.settings, batch.policies[ticket.policy], ticket, at,
        occasion=f"/{step.id}", deadline=DeadlineKind(deadline.kind), due_at=deadline.due_at,
        planned_at=step.due_at, at_hand=at_hand, together=batch.notices,
    )  # fmt: skip
    people = batch.audiences.people(ticket, deadline.party, said.names)
    tell.send(post, said.kind, people, at_once=step.urgent)
