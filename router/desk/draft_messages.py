"""Who is told of a draft's gestures, in their own transaction: whoever may approve it, then whoever wrote it."""

from collections.abc import Iterable, Mapping
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


def tell_approvers(desk: Desk, session: Session, draft: RuleDraft, actor: Actor, at: datetime) -> None:
    """Whoever may approve it: the people who keep the rules for the other institution."""
    told = _approvers(session, draft, actor.institution)
    _queue(desk, session, draft, NoticeKind.DRAFT_PROPOSED, told, actor, at)


def tell_withdrawn(
    desk: Desk,
    session: Session,
    draft: RuleDraft,
    kind: NoticeKind,
    actor: Actor,
    at: datetime,
    reason: str = "",
) -> None:
    """A draft is taken out of the approvers' hands, or ended: they, if it was before them, and those who wrote it.

    To be called while the draft still says for whom it was proposed."""
    told = _authors(session, draft, actor)
    if draft.status == DraftStatus.PROPOSED and draft.proposed_for:
        told += _approvers(session, draft, Institution(draft.proposed_for))
    _queue(
        desk, session, draft, kind, [each for each in told if each.account_id != actor.id], actor, at, reason
    )


def tell_authors(
    desk: Desk,
    session: Session,
    draft: RuleDraft,
    kind: NoticeKind,
    actor: Actor,
    at: datetime,
    reason: str = "",
) -> None:
    """Who began it and who proposed it, as long as their accounts are active; not whoever has just answered."""
    _queue(desk, session, draft, kind, _authors(session, draft, actor), actor, at, reason)


def _approvers(session: Session, draft: RuleDraft, proposing: Institution | None) -> list[Recipient]:
    return [
        each
        for institution in SIGNATORIES
        if institution != proposing
        for each in audience.signatories(session, draft.convention_id, institution, KEEPERS)
    ]


def _authors(session: Session, draft: RuleDraft, actor: Actor) -> list[Recipient]:
    ids = {draft.proposed_by, _account_of(draft.author)} - {None, actor.id}
    found = (audience.account(session, each) for each in sorted(each for each in ids if each))
    return [each for each in found if each]


def _account_of(signature: str) -> int | None:
    """None for a draft that the command line or a product update began."""
    key = signature.removeprefix(ACCOUNT)
    return int(key) if key != signature and key.isdecimal() else None


def _queue(
    desk: Desk,
    session: Session,
    draft: RuleDraft,
    kind: NoticeKind,
    recipients: Iterable[Recipient],
    actor: Actor,
    at: datetime,
    reason: str = "",
) -> None:
    convention = desk.policies.named(session, draft.base_fingerprint).convention(draft.convention_id)
    by = BY.get(actor.institution) if actor.institution else None
    facts = NoticeFacts(
        link=f"{desk.settings.public_url}/recueil/projets/{draft.id}",
        at=at,
        zone=desk.settings.timezone,
        subject=draft.title,
        party=convention.title if convention else draft.convention_id,
        actor=f"{actor.name} ({by})" if by else actor.name,
        reason=reason,
        applies_from=draft.in_force_from,
    )
    # A draft is proposed once per version: a change makes it a draft again.
    queue_letters(session, f"draft/{draft.id}/{draft.version}", kind, recipients, facts, at)
