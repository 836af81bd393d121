"""Messages that belong to no ticket: one per person, queued in the caller's transaction, once however often asked."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from router.notices.compose import NoticeFacts, NoticeKind, compose
from router.store import audience, outbox
from router.store.audience import Recipient


def queue_letters(
    session: Session, about: str, kind: NoticeKind, told: Iterable[Recipient], facts: NoticeFacts, at: datetime
) -> None:
    """`about` names what the message is about; with its kind and the address it is the message's key."""
    message = compose(kind, facts)
    rows = [
        outbox.NewNotice(
            key=f"{about}/{kind.value}/{recipient.address.lower()}",
            party="",
            address=recipient.address,
            kind=kind.value,
            subject=message.subject,
            body=message.text,
            urgent=False,
            created_at=at,
            next_try_at=at,
            account_id=recipient.account_id,
        )
        for recipient in audience.unique(told)
    ]
    outbox.enqueue(session, rows)
