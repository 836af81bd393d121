"""Who is told of what is decided about days, in the same transaction: the other institution, and whoever asked it."""

from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from router.clock.decided_days import Suspension
from router.desk.draft_messages import BY
from router.desk.draft_terms import SIGNATORIES
from router.desk.house import Desk
from router.desk.letters import queue_letters
from router.model.actor import Actor
from router.model.words import Role
from router.notices.compose import NoticeFacts, NoticeKind
from router.notices.moments import day_in_words
from router.store import audience
from router.store.calendar_log import Recorded

A_DAY = timedelta(days=1)


def tell_decided(
    desk: Desk,
    session: Session,
    change: int,
    actor: Actor,
    convention: str | None,
    where: str,
    first: date,
    last: date,
    reason: str,
    at: datetime,
) -> None:
    """The managers of the institutions she doesn't sign for: the figures of both rest on these days."""
    books = desk.policies.in_force(session, at)
    concerned = [convention] if convention else list(books.conventions)
    told = [
        each
        for one in concerned
        for institution in SIGNATORIES
        if institution is not actor.institution
        for each in audience.signatories(session, one, institution, (Role.MANAGER,))
    ]
    facts = _facts(desk, period_in_words(first, last), where, actor, reason, at)
    queue_letters(session, f"days/{change}", NoticeKind.DAYS_DECIDED, told, facts, at)


def tell_declared(
    desk: Desk, session: Session, number: int, suspension: Suspension, actor: Actor, reason: str, at: datetime
) -> None:
    """The managers of the other institution, who may answer."""
    told = [
        each
        for institution in SIGNATORIES
        if institution is not actor.institution
        for each in audience.signatories(session, suspension.convention, institution, (Role.MANAGER,))
    ]
    facts = _about(desk, session, suspension, actor, reason, at)
    queue_letters(session, f"suspension/{number}", NoticeKind.SUSPENSION_DECLARED, told, facts, at)


def tell_answered(
    desk: Desk,
    session: Session,
    declared: Recorded,
    suspension: Suspension,
    kind: NoticeKind,
    actor: Actor,
    reason: str,
    at: datetime,
) -> None:
    """Whoever declared it, as long as her account is active."""
    key = declared.actor.removeprefix("account:")
    found = audience.account(session, int(key)) if key.isdecimal() else None
    facts = _about(desk, session, suspension, actor, reason, at)
    queue_letters(session, f"suspension/{declared.id}", kind, [found] if found else [], facts, at)


def period_in_words(first: date, last: date) -> str:
    """« lundi 23 novembre 2026 », « du … au … »."""
    if first == last:
        return day_in_words(first)
    return f"du {day_in_words(first)} au {day_in_words(last)}"


def _about(
    desk: Desk, session: Session, suspension: Suspension, actor: Actor, reason: str, at: datetime
) -> NoticeFacts:
    books = desk.policies.in_force(session, at)
    found = books.convention(suspension.convention)
    zone = books.of(suspension.convention).book.zone(suspension.convention)
    first, last = suspension.start.astimezone(zone).date(), suspension.end.astimezone(zone).date() - A_DAY
    where = found.title if found else suspension.convention
    return _facts(desk, period_in_words(first, last), where, actor, reason, at)


def _facts(desk: Desk, period: str, where: str, actor: Actor, reason: str, at: datetime) -> NoticeFacts:
    by = BY.get(actor.institution) if actor.institution else None
    return NoticeFacts(
        link=f"{desk.settings.public_url}/calendrier",
        at=at,
        zone=desk.settings.timezone,
        subject=period,
        party=where,
        actor=f"{actor.name} ({by})" if by else actor.name,
        reason=reason,
    )
