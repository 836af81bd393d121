"""Published books: whole, immutable rows, each of one convention or of all."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import Select, bindparam, func, insert, inspect, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, defer

from router.store.rows import table_of
from router.store.tables import PublishedBook

MOST_SHOWN = 200


class PublishedAtOnce(Exception):
    """Somebody else published for this convention, or from this draft, in the same instant."""


@dataclass(frozen=True, slots=True)
class Edition:
    """Which book, of whom (None: of all), since when; the later (`in_force_from`, `id`) wins."""

    id: int
    convention_id: str | None
    fingerprint: str
    in_force_from: datetime

    @property
    def rank(self) -> tuple[datetime, int]:
        return self.in_force_from, self.id


@dataclass(frozen=True, slots=True)
class Grounds:
    """What justifies a publication of one convention, the draft it comes from, who proposed it, who approved it."""

    draft_id: int
    kind: str
    reference: str
    signed_on: date
    articles: list[str] = field(default_factory=list)
    proposed_by: int | None = None
    proposed_for: str | None = None
    approved_by: int | None = None
    approved_for: str | None = None


def any_published(session: Session) -> bool:
    """Whether a book was ever published here; a database without tables has none."""
    if not inspect(session.connection()).has_table(PublishedBook.__tablename__):
        return False
    return session.scalar(select(PublishedBook.id).limit(1)) is not None


_BOOK = table_of(PublishedBook).c


def _latest(bounded: bool) -> Select[tuple[int, str | None, str, datetime]]:
    """The latest publication of each convention, and of all."""
    rank = (
        func.row_number()
        .over(partition_by=_BOOK.convention_id, order_by=(_BOOK.in_force_from.desc(), _BOOK.id.desc()))
        .label("rank")
    )
    query = select(_BOOK.id, _BOOK.convention_id, _BOOK.fingerprint, _BOOK.in_force_from, rank)
    if bounded:
        query = query.where(_BOOK.in_force_from <= bindparam("at"))
    ranked = query.subquery()
    return select(ranked.c.id, ranked.c.convention_id, ranked.c.fingerprint, ranked.c.in_force_from).where(
        ranked.c.rank == 1
    )


_IN_FORCE = _latest(bounded=True)  # asked at each request: built once
_LAST = _latest(bounded=False)


def editions_in_force(session: Session, at: datetime) -> dict[str | None, Edition]:
    """By convention (None: for all), what was last in force at `at`, in one query."""
    rows = session.connection().execute(_IN_FORCE, {"at": at})
    return {
        row.convention_id: Edition(row.id, row.convention_id, row.fingerprint, row.in_force_from)
        for row in rows
    }


def editions_until(session: Session, convention: str | None, at: datetime, limit: int) -> list[Edition]:
    """What a convention went by until `at` (None: the books for all), the present one first."""
    known = PublishedBook.convention_id.is_(None)
    rows = session.scalars(
        select(PublishedBook)
        .where(known if convention is None else known | (PublishedBook.convention_id == convention))
        .where(PublishedBook.in_force_from <= at)
        .order_by(PublishedBook.in_force_from.desc(), PublishedBook.id.desc())
        .limit(limit)
        .options(defer(PublishedBook.sources))
    )
    return [Edition(row.id, row.convention_id, row.fingerprint, row.in_force_from) for row in rows]


def one_file(session: Session, editions: Collection[int], file: str) -> dict[int, str | None]:
    """By edition, the text of one file of its book, the others left where they are; None when it has no such file."""
    text = PublishedBook.sources[file].as_string()
    rows = session.execute(select(PublishedBook.id, text).where(PublishedBook.id.in_(editions)))
    return {row.id: row[1] for row in rows}


def last_editions(session: Session) -> dict[str | None, Edition]:
    """By convention (None: for all), the last publication, in force already or to come."""
    rows = session.connection().execute(_LAST)
    return {
        row.convention_id: Edition(row.id, row.convention_id, row.fingerprint, row.in_force_from)
        for row in rows
    }


def edition_of(editions: Mapping[str | None, Edition], convention: str | None) -> Edition | None:
    """Among the latest of each, the one a convention goes by: its own, or a later one for all."""
    found = [editions[each] for each in {convention, None} if each in editions]
    return max(found, key=lambda edition: edition.rank, default=None)


def wait_for_publications(session: Session) -> None:
    """One publication at a time: the next one sees what the last one wrote. (SQLite: one writer at a time anyway.)"""
    session.execute(select(PublishedBook.id).order_by(PublishedBook.id).limit(1).with_for_update())


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
    sources: Mapping[str, str],
    *,
    in_force_from: datetime,
    at: datetime,
    by: str,
    reason: str,
    convention: str | None = None,
    base: str | None = None,
    grounds: Grounds | None = None,
) -> None:
    """Adds a publication. Raises PublishedAtOnce when another one of this convention took its number."""
    values = {
        "fingerprint": fingerprint,
        "sources": dict(sources),
        "in_force_from": in_force_from,
        "published_at": at,
        "published_by": by,
        "reason": reason,
        "convention_id": convention,
        "number": _next_number(session, convention) if convention else None,
        "base_fingerprint": base,
    }
    if grounds is not None:
        values |= {name: getattr(grounds, name) for name in Grounds.__dataclass_fields__}
    try:
        session.execute(insert(PublishedBook).values(values))
    except IntegrityError as error:
        raise PublishedAtOnce from error


def _next_number(session: Session, convention: str) -> int:
    last = select(func.max(PublishedBook.number)).where(PublishedBook.convention_id == convention)
    return (session.scalar(last) or 0) + 1


def history(session: Session, convention: str | None) -> list[PublishedBook]:
    """What concerned a convention (None: everything), newest in force first, without the files."""
    query = (
        select(PublishedBook)
        .order_by(PublishedBook.in_force_from.desc(), PublishedBook.id.desc())
        .limit(MOST_SHOWN)
    )
    if convention is not None:
        query = query.where(
            or_(PublishedBook.convention_id == convention, PublishedBook.convention_id.is_(None))
        )
    return list(session.scalars(query.options(defer(PublishedBook.sources, raiseload=True))))


def publication(session: Session, publication_id: int) -> PublishedBook | None:
    return session.get(PublishedBook, publication_id)
