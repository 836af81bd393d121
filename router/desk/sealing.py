"""Once a day: seals the journal, and mails the seal to both institutions, in the transaction that makes it.

What they keep in their mailboxes is what nobody who can write in the database can change."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from router.desk.draft_terms import SIGNATORIES
from router.desk.house import Desk
from router.desk.policies import InForce
from router.desk.policy import NoPolicy
from router.model.words import Institution
from router.notices.compose import NoticeFacts, NoticeKind, SealWords, compose
from router.store import audience, outbox, retention, seals
from router.store.outbox import NewNotice
from router.store.seals import Seal

JOB = "seal"


@dataclass(frozen=True, slots=True)
class Untold:
    """An institution that receives no seal for a convention: it could prove nothing of it."""

    institution: Institution
    convention: str
    title: str


def run_daily(desk: Desk, at: datetime) -> int:
    """Makes the day's seal unless a worker has made it; returns how many seals were made."""
    with desk.database.writing() as session:
        if not retention.first_today(session, JOB, at.astimezone(desk.settings.zone).date(), at):
            return 0
        seal = seals.make_seal(session, at)
        _tell_institutions(desk, session, seal, at)
    return 1


def seal_untold(desk: Desk, at: datetime) -> tuple[Untold, ...]:
    """Which institutions no coordinator, nor mailbox of theirs, stands for; none before a book is published."""
    with desk.database.reading() as session:
        try:
            return untold(session, desk.policies.in_force(session, at))
        except NoPolicy:
            return ()


def untold(session: Session, books: InForce) -> tuple[Untold, ...]:
    """The same, in the caller's reading."""
    told = audience.coordinated(session)
    return tuple(
        Untold(institution, each.id, each.title)
        for each in books.conventions.values()
        for institution in SIGNATORIES
        if not told & {(institution, None), (institution, each.id)}
    )


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
