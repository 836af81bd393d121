"""Messages for the tests of the outbox: no ticket behind them, invented addresses."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from router.store import outbox
from router.store.engine import Database
from router.store.outbox import NewNotice
from router.store.tables import NoticeRow

AT = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


def notice(
    key: str,
    *,
    address: str = "accueil@college.example.org",
    urgent: bool = False,
    wait: timedelta = timedelta(0),
    waits: bool = False,
    kind: str = "received",
    account_id: int | None = None,
) -> NewNotice:
    return NewNotice(
        key=key,
        party="rupn",
        address=address,
        kind=kind,
        subject=f"Sujet {key}",
        body=f"Texte {key}\n",
        urgent=urgent,
        created_at=AT,
        next_try_at=AT + wait,
        waits=waits,
        account_id=account_id,
    )


def queue(database: Database, *notices: NewNotice) -> None:
    with database.writing() as session:
        outbox.enqueue(session, notices)


def stored(database: Database) -> dict[str, NoticeRow]:
    with database.reading() as session:
        return {row.key: row for row in session.scalars(select(NoticeRow).order_by(NoticeRow.id))}
