"""What a person says against the classifier's suggestion is recorded in the transaction of her gesture.

By which role, never by whom; the text masked before it is written; one correction in force for a ticket."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from router.classify.kept_text import kept_text
from router.desk.house import Desk
from router.desk.policy import Policy
from router.desk.reading import Reading
from router.desk.told_kept import product_told
from router.model.actor import Actor
from router.model.corrections import CorrectionGesture, CorrectionState
from router.model.incident import GUESSES, FactValue
from router.model.words import Category, Source
from router.store import corrections, tickets
from router.store.sight import visible_to
from router.store.tables import IncidentRow, Ticket


@dataclass(frozen=True, slots=True)
class Said:
    """What a person said about a ticket's words: a category (or that nobody knows), a product's id; None: not said."""

    gesture: CorrectionGesture
    role: str
    at: datetime
    category: FactValue | None
    product: str | None


@dataclass(frozen=True, slots=True)
class Words:
    """What was written, by whom it is reported, and how it came in."""

    subject: str
    body: str
    people: tuple[str, ...]
    channel: str
    confidence: float | None
    mention: str  # the product found in the text
    kept: tuple[str, str] | None = None  # masked beforehand, out of the transaction


def suggested_by_words(reading: Reading) -> Category | None:
    """The category that the text alone suggests: what the form shows to whoever says nothing."""
    read = (
        values["category"] for source, values in reading.layers if source in GUESSES and "category" in values
    )
    return _category(next(read, None))


def note_filing(
    session: Session, policy: Policy, ticket: Ticket, reading: Reading, words: Words, role: str
) -> None:
    """She chose another category than the words' suggestion, or named another product than theirs."""
    said = Said(
        CorrectionGesture.FILED,
        role,
        ticket.opened_at,
        _declared_category(reading),
        reading.product.product_id if reading.product else None,
    )
    _note(session, policy, ticket, words, said)


def other_category(suggested: Category | None, said: FactValue | None) -> Category | None:
    """The category said against the one that the words suggested: the only word worth keeping them for. None when
    nothing was suggested or said, or when both are the same."""
    chosen = _category(said)
    return chosen if suggested is not None and chosen is not suggested else None


@dataclass(frozen=True, slots=True)
class Masked:
    """What a ticket's words, as they were read, leave to learn from."""

    subject: str
    body: str
    kept: tuple[str, str]


def masked_beforehand(desk: Desk, actor: Actor, ticket_id: int, said: FactValue | None) -> Masked | None:
    """The words of a ticket about to be corrected, masked before the write lock is taken: others write meanwhile.
    None when they are not worth keeping, or when she may not see it, which the gesture itself then says."""
    with desk.database.asking() as session:
        ticket = tickets.seen(session, ticket_id, visible_to(actor))
        if ticket is None or other_category(_category(ticket.suggested), said) is None:
            return None
        incident = tickets.incident(session, ticket)
        policy = desk.policies.named(session, ticket.policy)
        subject, body, people = incident.subject, incident.body, (incident.reporter_name,)
    return Masked(subject, body, kept_text(policy.classifier, subject, body, people))


def note_correction(
    session: Session, policy: Policy, ticket: Ticket, incident: IncidentRow, said: Said, ready: Masked | None
) -> None:
    """A team said another category, or another product, than what the words had suggested; or came back to it.
    `ready` serves while the words are those that were masked: erased since, they leave nothing."""
    fresh = ready is not None and (ready.subject, ready.body) == (incident.subject, incident.body)
    scores = incident.classification.get("scores", {})
    words = Words(
        incident.subject,
        incident.body,
        (incident.reporter_name,),
        incident.channel,
        scores.get(ticket.suggested),
        product_told(incident),
        ready.kept if ready is not None and fresh else None,
    )
    if said.category is not None:
        corrections.supersede(session, ticket.id)
    _note(session, policy, ticket, words, said)


def kept_of(
    policy: Policy, reading: Reading, subject: str, body: str, people: Iterable[str]
) -> tuple[str, str] | None:
    """What a filing leaves to learn from, masked before the write lock is taken; None when it says nothing against
    the words."""
    if other_category(suggested_by_words(reading), _declared_category(reading)) is None:
        return None
    return kept_text(policy.classifier, subject, body, people)


def words_of(
    reading: Reading,
    subject: str,
    body: str,
    people: Iterable[str],
    channel: str,
    suggested: Category | None,
    kept: tuple[str, str] | None,
) -> Words:
    """A declaration's words, as read."""
    scores = reading.classification.scores
    return Words(
        subject,
        body,
        tuple(people),
        channel,
        scores.get(suggested) if suggested else None,
        reading.mention.product_id if reading.mention else "",
        kept,
    )


def _note(session: Session, policy: Policy, ticket: Ticket, words: Words, said: Said) -> None:
    suggested = _category(ticket.suggested)
    chosen = other_category(suggested, said.category)
    other_product = bool(words.mention) and said.product not in {None, words.mention}
    if not (chosen or other_product):
        return
    subject, body = ("", "")
    if chosen:
        subject, body = words.kept or kept_text(policy.classifier, words.subject, words.body, words.people)
    corrections.add(
        session,
        {
            "ticket_id": ticket.id,
            "at": said.at,
            "gesture": said.gesture.value,
            "channel": words.channel,
            "role": said.role,
            "suggested": suggested.value if suggested else "",
            "confidence": words.confidence,
            "chosen": chosen.value if chosen else ticket.category,
            "product_suggested": words.mention,
            "product": said.product if other_product and said.product is not None else words.mention,
            "version": ticket.suggested_by or "",
            "subject": subject,
            "body": body,
            "state": (CorrectionState.PENDING if chosen else CorrectionState.COUNTED).value,
        },
    )


def _declared_category(reading: Reading) -> FactValue | None:
    category = reading.facts.items["category"]
    return category.value if category.source is Source.DECLARED else None


def _category(value: FactValue | None) -> Category | None:
    return Category(str(value)) if value in set(Category) else None
