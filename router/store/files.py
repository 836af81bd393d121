"""Attachments of a ticket: their names for the page, one content at a time for the download."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from router.store.tables import Attachment


@dataclass(frozen=True, slots=True)
class FileName:
    id: int
    name: str
    size: int
    added_at: datetime


def names(session: Session, ticket_id: int) -> list[FileName]:
    rows = session.execute(
        select(Attachment.id, Attachment.name, Attachment.size, Attachment.added_at)
        .where(Attachment.ticket_id == ticket_id)
        .order_by(Attachment.id)
    )
    return [FileName(*row) for row in rows]


def content(session: Session, ticket_id: int, attachment_id: int) -> tuple[str, str, bytes] | None:
    """(name, media type, bytes) of one attachment of that ticket."""
    row = session.execute(
        select(Attachment.name, Attachment.media_type, Attachment.content).where(
            Attachment.id == attachment_id, Attachment.ticket_id == ticket_id
        )
    ).one_or_none()
    return (row[0], row[1], row[2]) if row else None
