"""What is erased of old tickets: names, words, files. Dates, facts and decisions stay: figures and journal hold."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import delete, select, text, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from router.model.words import OPEN_DRAFTS
from router.store import corrections
from router.store.tables import (
    Attachment,
    CalendarWords,
    EventDetail,
    IncidentRow,
    NoticeRow,
    OnceADay,
    RuleDraft,
    RuleDraftEvent,
    RuleDraftWords,
    Ticket,
)

NOTHING = ""
ERASED_SUBJECT = "(texte effacé)"


def closed_before(session: Session, ordinary: datetime, alerts: datetime, limit: int) -> list[int]:
    """Closed tickets past their time whose words are still there, oldest first, locked."""
    past = ((Ticket.alert.is_(False)) & (Ticket.closed_at < ordinary)) | (
        Ticket.alert.is_(True) & (Ticket.closed_at < alerts)
    )
    query = (
        select(Ticket.id)
        .where(Ticket.opened.is_(False), Ticket.subject != ERASED_SUBJECT, past)
        .order_by(Ticket.id)
        .limit(limit)
    )
    return list(session.scalars(query.with_for_update(skip_locked=True)))


def erase(session: Session, ticket_ids: Sequence[int]) -> None:
    """Erases the tickets' names and words, beside the chain and everywhere else they were copied."""
    incidents = select(Ticket.incident_id).where(Ticket.id.in_(ticket_ids))
    session.execute(delete(EventDetail).where(EventDetail.ticket_id.in_(ticket_ids)))
    session.execute(delete(Attachment).where(Attachment.ticket_id.in_(ticket_ids)))
    session.execute(delete(NoticeRow).where(NoticeRow.ticket_id.in_(ticket_ids)))
    corrections.erase_of(session, ticket_ids)
    session.execute(
        update(IncidentRow)
        .where(IncidentRow.id.in_(incidents))
        .values(
            reporter_id=None,
            reporter_name=NOTHING,
            reporter_email=NOTHING,
            reporter_phone=NOTHING,
            filed_by=None,
            subject=ERASED_SUBJECT,
            body=NOTHING,
            room=NOTHING,
            product=NOTHING,
            classification={},
            external_id=None,
        )
    )
    session.execute(
        update(Ticket)
        .where(Ticket.id.in_(ticket_ids))
        .values(subject=ERASED_SUBJECT, search_text=NOTHING, room=NOTHING, reporter_id=None, assignee_id=None)
    )
    if session.get_bind().dialect.name == "sqlite":
        session.execute(
            text("UPDATE ticket_words SET search_text = '' WHERE rowid = :id"),
            [{"id": each} for each in ticket_ids],
        )


def erase_calendar_words(session: Session, changes: Sequence[int]) -> int:
    """Erases the names and reasons beside these acts about days; how many were there."""
    erased = (
        delete(CalendarWords).where(CalendarWords.change_id.in_(changes)).returning(CalendarWords.change_id)
    )
    return len(session.execute(erased).all())


def erase_draft_words(session: Session, before: datetime) -> int:
    """Erases the names and reasons beside the events of drafts settled before then; how many were there."""
    is_open = RuleDraft.status.in_([each.value for each in OPEN_DRAFTS])
    lately = select(RuleDraftEvent.draft_id).where(RuleDraftEvent.at >= before)
    settled = select(RuleDraft.id).where(~is_open, RuleDraft.id.not_in(lately))
    events = select(RuleDraftEvent.id).where(RuleDraftEvent.draft_id.in_(settled))
    erased = (
        delete(RuleDraftWords).where(RuleDraftWords.event_id.in_(events)).returning(RuleDraftWords.event_id)
    )
    return len(session.execute(erased).all())


def erase_letters(session: Session, kinds: Sequence[str], before: datetime) -> None:
    """Erases the messages of these kinds that belong to no ticket and are that old."""
    session.execute(
        delete(NoticeRow).where(
            NoticeRow.ticket_id.is_(None), NoticeRow.kind.in_(kinds), NoticeRow.created_at < before
        )
    )


def first_today(session: Session, job: str, day: date, at: datetime) -> bool:
    """Whether this process is the first to take up the day's `job`: the key lets one in."""
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    row = {"job": job, "period": day.isoformat(), "done_at": at}
    taken = session.execute(
        dialect.insert(OnceADay).values(row).on_conflict_do_nothing().returning(OnceADay.job)
    ).first()
    return taken is not None
