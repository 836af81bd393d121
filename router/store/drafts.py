"""Drafts of books, and what was done to them: events only ever added, names and reasons beside."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, defer

from router.model.words import OPEN_DRAFTS, DraftStep, Institution
from router.store.journal import Signature
from router.store.tables import RuleDraft, RuleDraftEvent, RuleDraftWords

PAGE = 30


class StartedAtOnce(Exception):
    """A product update already made this convention's draft."""


@dataclass(frozen=True, slots=True)
class Told:
    """One event of a draft, with the name and the reason that lie beside it; empty once erased."""

    event: RuleDraftEvent
    actor_name: str
    reason: str


def add(session: Session, draft: RuleDraft) -> int:
    """Raises StartedAtOnce for a second draft of one product update."""
    try:
        session.add(draft)
        session.flush()
    except IntegrityError as error:
        raise StartedAtOnce from error
    return draft.id


def find(session: Session, draft_id: int) -> RuleDraft | None:
    return session.get(RuleDraft, draft_id)


def locked(session: Session, draft_id: int) -> RuleDraft | None:
    """The draft as it is now, locked where the database can: of two who settle it at once, one waits."""
    return session.get(RuleDraft, draft_id, with_for_update=True, populate_existing=True)


def record(
    session: Session,
    draft: RuleDraft,
    at: datetime,
    who: Signature,
    step: DraftStep,
    institution: Institution | None = None,
    reason: str = "",
) -> None:
    """Adds the next event of a draft, in the caller's transaction."""
    event = RuleDraftEvent(
        draft_id=draft.id,
        at=at,
        actor=who.actor,
        institution=institution.value if institution else None,
        kind=step.value,
        fingerprint=draft.fingerprint,
        version=draft.version,
    )
    session.add(event)
    session.flush()
    session.add(RuleDraftWords(event_id=event.id, actor_name=who.name, reason=reason))


def page(session: Session, convention: str | None, *, is_open: bool, before: int | None) -> list[RuleDraft]:
    """Drafts without their files, the latest first; one more than a page, to know whether there are others.
    `before`: the id of the last one of the page before."""
    statuses = [each.value for each in OPEN_DRAFTS]
    query = select(RuleDraft).order_by(RuleDraft.id.desc()).limit(PAGE + 1)
    query = query.where(RuleDraft.status.in_(statuses) if is_open else RuleDraft.status.not_in(statuses))
    if convention is not None:
        query = query.where(RuleDraft.convention_id == convention)
    if before is not None:
        query = query.where(RuleDraft.id < before)
    return list(session.scalars(query.options(defer(RuleDraft.sources, raiseload=True))))


def updates_waiting(session: Session) -> int:
    """Drafts that product updates made and nobody has settled."""
    query = select(func.count(RuleDraft.id)).where(
        RuleDraft.shipped_base.is_not(None), RuleDraft.status.in_([each.value for each in OPEN_DRAFTS])
    )
    return session.scalar(query) or 0


def story(session: Session, draft_id: int) -> list[Told]:
    """What was done to a draft, in order."""
    query = (
        select(RuleDraftEvent, RuleDraftWords)
        .outerjoin(RuleDraftWords, RuleDraftWords.event_id == RuleDraftEvent.id)
        .where(RuleDraftEvent.draft_id == draft_id)
        .order_by(RuleDraftEvent.id)
    )
    return [
        Told(event, words.actor_name if words else "", words.reason if words else "")
        for event, words in session.execute(query)
    ]


def signed(session: Session, draft_ids: Sequence[int]) -> dict[tuple[int, str], str]:
    """(draft, step) → the name, as it was, of who last proposed and who approved each of them."""
    query = (
        select(RuleDraftEvent.draft_id, RuleDraftEvent.kind, RuleDraftWords.actor_name)
        .join(RuleDraftWords, RuleDraftWords.event_id == RuleDraftEvent.id)
        .where(
            RuleDraftEvent.draft_id.in_(draft_ids),
            RuleDraftEvent.kind.in_((DraftStep.PROPOSED.value, DraftStep.APPROVED.value)),
        )
        .order_by(RuleDraftEvent.id)
    )
    return {(draft_id, kind): name for draft_id, kind, name in session.execute(query)}


def of_product_update(session: Session, convention: str, shipped_base: str) -> bool:
    """Whether a product update already made this convention's draft."""
    query = select(RuleDraft.id).where(
        RuleDraft.convention_id == convention, RuleDraft.shipped_base == shipped_base
    )
    return session.scalar(query) is not None
