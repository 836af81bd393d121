"""Who is told of a draft's gestures, in their own transaction: whoever may approve it, then whoever wrote it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from router.desk.draft_terms import KEEPERS, SIGNATORIES
from router.desk.house import Desk
from router.desk.letters import queue_letters
from router.model.actor import Actor
from router.model.words import DraftStatus, Institution
from router.notices.compose import NoticeFacts, NoticeKind
from router.store import audience
from router.store.audience import Recipient
from router.store.tables import RuleDraft

ACCOUNT = "account:"  # as a signature names a person
BY: Mapping[Institution, str] = {Institution.DEPARTEMENT: "Département", Institution.ACADEMIE: "académie"}


@dataclass(frozen=True, slots=True)
class DraftNews:
    """What somebody has just done to a draft, as its message tells it."""

    draft: RuleDraft
    kind: NoticeKind
    actor: Actor
    at: datetime
    reason: str = ""


def tell_approvers(desk: Desk, session: Session, news: DraftNews) -> None:
    """Whoever may approve it: the people who keep the rules for the other institution."""
    _queue(desk, session, news, _approvers(session, news.draft, news.actor.institution))


def tell_withdrawn(desk: Desk, session: Session, news: DraftNews) -> None:
    """A draft is taken out of the approvers' hands, or ended: they, if it was before them, and those who wrote it.

    To be called while the draft still says for whom it was proposed."""
    draft, told = news.draft, _authors(session, news)
    if draft.status == DraftStatus.PROPOSED and draft.proposed_for:
        told += _approvers(session, draft, Institution(draft.proposed_for))
    _queue(desk, session, news, [each for each in told if each.account_id != news.actor.id])


def tell_authors(desk: Desk, session: Session, news: DraftNews) -> None:
    """Who began it and who proposed it, as long as their accounts are active; not whoever has just answered."""
    _queue(desk, session, news, _authors(session, news))


def _approvers(session: Session, draft: RuleDraft, proposing: Institution | None) -> list[Recipient]:
    return [
        each
        for institution in SIGNATORIES
        if institution != proposing
        for each in audience.signatories(session, draft.convention_id, institution, KEEPERS)
    ]


def _authors(session: Session, news: DraftNews) -> list[Recipient]:
    ids = {news.draft.proposed_by, _account_of(news.draft.author)} - {None, news.actor.id}
    found = (audience.account(session, each) for each in sorted(each for each in ids if each))
    return [each for each in found if each]


def _account_of(signature: str) -> int | None:
    """None for a draft that the command line or a product update began."""
    key = signature.removeprefix(ACCOUNT)
    return int(key) if key != signature and key.isdecimal() else None


def _queue(desk: Desk, session: Session, news: DraftNews, recipients: Iterable[Recipient]) -> None:
    draft, actor = news.draft, news.actor
    convention = desk.policies.named(session, draft.base_fingerprint).convention(draft.convention_id)
    by = BY.get(actor.institution) if actor.institution else None
    facts = NoticeFacts(
        link=f"{desk.settings.public_url}/recueil/projets/{draft.id}",
        at=news.at,
        zone=desk.settings.timezone,
        subject=draft.title,
        party=convention.title if convention else draft.convention_id,
        actor=f"{actor.name} ({by})" if by else actor.name,
        reason=news.reason,
        applies_from=draft.in_force_from,
    )
    # A draft is proposed once per version: a change makes it a draft again.
    queue_letters(session, f"draft/{draft.id}/{draft.version}", news.kind, recipients, facts, news.at)
