"""Published books: whole, immutable rows."""

from datetime import datetime

from sqlalchemy import bindparam, insert, inspect, select
from sqlalchemy.orm import Session

from router.store.rows import table_of
from router.store.tables import PublishedBook


def any_published(session: Session) -> bool:
    """Whether a book was ever published here; a database without tables has none."""
    if not inspect(session.connection()).has_table(PublishedBook.__tablename__):
        return False
    return session.scalar(select(PublishedBook.id).limit(1)) is not None


_BOOK = table_of(PublishedBook).c
_IN_FORCE = (  # asked at each request: built once
    select(_BOOK.fingerprint)
    .where(_BOOK.in_force_from <= bindparam("at"))
    .order_by(_BOOK.in_force_from.desc(), _BOOK.id.desc())
    .limit(1)
)


def fingerprint_in_force(session: Session, at: datetime) -> str | None:
    """The fingerprint of the book in force at `at`, the latest publication winning."""
    found: str | None = session.connection().scalar(_IN_FORCE, {"at": at})
    return found


def fingerprints_beginning(session: Session, prefix: str, limit: int) -> list[str]:
    """The published books whose fingerprint begins so, at most `limit` of them."""
    column = _BOOK.fingerprint
    wanted = select(column).where(column.startswith(prefix, autoescape=True)).distinct().order_by(column)
    return list(session.connection().scalars(wanted.limit(limit)))


def sources_of(session: Session, fingerprint: str) -> dict[str, str]:
    """The files of a published book. Raises LookupError when no such book was published."""
    sources = session.scalar(
        select(PublishedBook.sources).where(PublishedBook.fingerprint == fingerprint).limit(1)
    )
    if sources is None:
        raise LookupError(fingerprint)
    return dict(sources)


def publish(
    session: Session,
    fingerprint: str,
    sources: dict[str, str],
    *,
    in_force_from: datetime,
    at: datetime,
    by: str,
    reason: str,
) -> None:
    session.execute(
        insert(PublishedBook).values(
            fingerprint=fingerprint,
            sources=sources,
            in_force_from=in_force_from,
            published_at=at,
            published_by=by,
            reason=reason,
        )
    )
