"""Once a day: seals the journal, and mails the seal to both institutions, in the transaction that makes it.

What they keep in their mailboxes is what nobody who can write in the database can change."""

from datetime import datetime

from sqlalchemy.orm import Session

from router.desk.house import Desk
from router.notices.compose import NoticeFacts, NoticeKind, SealWords, compose
from router.store import audience, outbox, retention, seals
from router.store.outbox import NewNotice
from router.store.seals import Seal

JOB = "seal"


def run_daily(desk: Desk, at: datetime) -> int:
    """Makes the day's seal unless a worker has made it; returns how many seals were made."""
    with desk.database.writing() as session:
        if not retention.first_today(session, JOB, at.astimezone(desk.settings.zone).date(), at):
            return 0
        seal = seals.make_seal(session, at)
        _tell_institutions(desk, session, seal, at)
    return 1


def _tell_institutions(desk: Desk, session: Session, seal: Seal, at: datetime) -> None:
    words = SealWords(seal.number, seal.at, seal.tickets, seal.entries, seal.digest, seal.previous)
    link = f"{desk.settings.public_url}/"
    message = compose(NoticeKind.SEAL, NoticeFacts(link=link, at=at, zone=desk.settings.timezone, seal=words))
    notices = [
        NewNotice(
            key=f"seal/{seal.number}/{recipient.address.lower()}",
            party=recipient.party,
            address=recipient.address,
            kind=NoticeKind.SEAL.value,
            subject=message.subject,
            body=message.text,
            urgent=False,
            created_at=at,
            next_try_at=at,
            account_id=recipient.account_id,
        )
        for recipient in audience.unique(audience.all_coordinators(session))
    ]
    outbox.enqueue(session, notices)
