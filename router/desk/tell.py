"""Puts messages in the outbox, in the use case's own transaction: no message exists before its commit."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from router.clock.calendar import next_opening
from router.desk.policy import Policy
from router.model.words import DeadlineKind, Party
from router.notices.compose import CHOICES_PATH, NoticeFacts, NoticeKind, Promise, compose
from router.settings import Settings
from router.store import audience, clocks, outbox, tickets
from router.store.audience import Recipient
from router.store.outbox import NewNotice
from router.store.tables import DeadlineRow, DecisionRow, HoldingRow, Ticket

TOLD_KINDS = (DeadlineKind.ACKNOWLEDGE, DeadlineKind.RESOLVE, DeadlineKind.PROMISE, DeadlineKind.FIRST_LEVEL)


@dataclass(frozen=True, slots=True)
class AtHand:
    """What the use case has in its hands already, of a new ticket or of many at once, so that it isn't read again."""

    college: str
    reporter: Recipient | None
    decision: DecisionRow
    holding: HoldingRow | None
    promises: tuple[Promise, ...]
    opening: datetime | None = None  # from when ordinary messages may go; None: not looked for yet


@dataclass(frozen=True, slots=True)
class Post:
    """What the messages about one gesture on one ticket have in common."""

    session: Session
    settings: Settings
    policy: Policy
    ticket: Ticket
    at: datetime
    actor: str = ""
    reason: str = ""
    limit_at: datetime | None = None
    occasion: str = ""  # makes the key unique beyond (ticket, event number, kind, address)
    deadline: DeadlineKind | None = None
    due_at: datetime | None = None
    planned_at: datetime | None = None
    at_hand: AtHand | None = None
    together: list[NewNotice] | None = (
        None  # where messages wait to be queued in one statement; None: each at once
    )


def send(post: Post, kind: NoticeKind, recipients: Iterable[Recipient], *, at_once: bool = False) -> int:
    """Queues one message per address. Unless `at_once`, it waits for the opening hours of the ticket's clock; what
    concerns an alert never waits, and goes before everything else."""
    told = audience.unique(recipients)
    if not told:
        return 0
    message = compose(kind, _facts(post))
    urgent = post.ticket.alert or kind is NoticeKind.CONTAINMENT
    not_before = post.at if urgent or at_once else _opening(post)
    stem = f"{post.ticket.id}/{post.ticket.head_seq}/{kind.value}{post.occasion}"
    notices = [
        NewNotice(
            key=f"{stem}/{recipient.address.lower()}",
            ticket_id=post.ticket.id,
            account_id=recipient.account_id,
            party=recipient.party,
            address=recipient.address,
            kind=kind.value,
            subject=message.subject,
            body=message.text,
            urgent=urgent,
            created_at=post.at,
            next_try_at=not_before,
            waits=not_before > post.at,
        )
        for recipient in told
    ]
    if post.together is None:
        outbox.enqueue(post.session, notices)
    else:
        post.together.extend(notices)
    return len(notices)


def tell_reporter(post: Post, kind: NoticeKind) -> None:
    """To whoever declared, at the address given then; that it was received, at once, whatever the hour."""
    found = post.at_hand.reporter if post.at_hand else tickets.reporter(post.session, post.ticket)
    if found is not None:
        send(post, kind, [found], at_once=kind is NoticeKind.RECEIVED)


def tell_holder(post: Post, kind: NoticeKind) -> None:
    """To the person who took the ticket, else to the holder's desk."""
    assignee = post.ticket.assignee_id
    found = audience.account(post.session, assignee) if assignee else None
    party = Party(post.ticket.holder)
    send(post, kind, [found] if found else audience.of_party(post.session, post.ticket, party))


def tell_parties(post: Post, kind: NoticeKind, parties: Sequence[Party]) -> None:
    found = [one for party in parties for one in audience.of_party(post.session, post.ticket, party)]
    send(post, kind, found)


def _facts(post: Post) -> NoticeFacts:
    ticket, book = post.ticket, post.policy.book
    link = f"{post.settings.public_url}/dossiers/{ticket.id}"
    zone = post.policy.zone(ticket.convention_id, post.settings.zone).key
    if ticket.alert:
        return NoticeFacts(
            link=link, at=post.at, zone=zone, number=ticket.id, confidential=True,
            limit_at=post.limit_at, deadline=post.deadline, due_at=post.due_at, planned_at=post.planned_at,
        )  # fmt: skip
    decision = _decision(post)
    return NoticeFacts(
        link=link,
        at=post.at,
        zone=zone,
        number=ticket.id,
        college=post.at_hand.college if post.at_hand else tickets.college_name(post.session, ticket.uai),
        subject=ticket.subject,
        party=book.parties[Party(ticket.holder)].name,
        rule=decision.title,
        why=decision.why,
        articles=tuple(decision.articles),
        promises=_promises(post),
        actor=post.actor,
        reason=post.reason,
        limit_at=post.limit_at,
        deadline=post.deadline,
        due_at=post.due_at,
        planned_at=post.planned_at,
        choices=post.settings.public_url + CHOICES_PATH,
    )


def _decision(post: Post) -> DecisionRow:
    if post.at_hand:
        return post.at_hand.decision
    decision = post.session.get(DecisionRow, post.ticket.decision_id)
    if decision is None:
        raise LookupError(f"ticket {post.ticket.id} has no decision")
    return decision


def _promises(post: Post) -> tuple[Promise, ...]:
    return (
        post.at_hand.promises if post.at_hand else promised(clocks.live_deadlines(post.session, post.ticket.id))
    )


def promised(deadlines: Iterable[DeadlineRow]) -> tuple[Promise, ...]:
    """What the live deadlines of a ticket let hope for."""
    return tuple(
        Promise(DeadlineKind(row.kind), row.due_at, row.unknown_from)
        for row in deadlines
        if row.kind in TOLD_KINDS
    )


def _opening(post: Post) -> datetime:
    at_hand = post.at_hand
    if at_hand and at_hand.opening:
        return at_hand.opening
    holding = at_hand.holding if at_hand else clocks.last_holding(post.session, post.ticket)
    return opening(post.policy, post.ticket, holding, post.at)


def opening(policy: Policy, ticket: Ticket, holding: HoldingRow | None, at: datetime) -> datetime:
    """From when the ordinary messages of a ticket may go, by its holder's clock; at once when it has none, or when
    its calendar doesn't say."""
    if holding is None:
        return at
    found = next_opening(policy.calendar(ticket.convention_id, holding.clock, ticket.uai), at)
    return found if isinstance(found, datetime) else at
