"""One row per sign-in: what a session's cookie names, and what ends it wherever its copies are."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, bindparam, delete, select, update
from sqlalchemy.orm import Session

from router.store.accounts import Identity
from router.store.rows import table_of
from router.store.tables import Account, SignIn

KEY_BYTES = 24


@dataclass(frozen=True, slots=True)
class Limits:
    """A sign-in lives while it began after one instant and was last seen after the other."""

    began_after: datetime
    seen_after: datetime


def begin(session: Session, account_id: int, device: str, at: datetime) -> str:
    """A new sign-in; its key, which nobody can guess."""
    key = secrets.token_urlsafe(KEY_BYTES)
    session.add(SignIn(id=key, account_id=account_id, device=device, began_at=at, seen_at=at, ended_at=None))
    return key


_ACCOUNT, _SIGN_IN = table_of(Account), table_of(SignIn)
_LIVING = (  # asked at each request: built once
    select(*(_ACCOUNT.c[name] for name in Identity._fields), _SIGN_IN.c.seen_at)
    .join_from(_SIGN_IN, _ACCOUNT, _SIGN_IN.c.account_id == _ACCOUNT.c.id)
    .where(
        _SIGN_IN.c.id == bindparam("key"),
        _ACCOUNT.c.active.is_(True),
        _SIGN_IN.c.ended_at.is_(None),
        _SIGN_IN.c.began_at > bindparam("began_after"),
        _SIGN_IN.c.seen_at > bindparam("seen_after"),
    )
)


def living(session: Session, key: str, limits: Limits) -> tuple[Identity, datetime] | None:
    """The active account a living sign-in is of, and when it was last seen: one statement, run at each request."""
    asked = {"key": key, "began_after": limits.began_after, "seen_after": limits.seen_after}
    row = session.connection().execute(_LIVING, asked).one_or_none()
    return (Identity(*row[:-1]), row.seen_at) if row else None


def seen(session: Session, key: str, at: datetime) -> None:
    """Last seen at `at`, unless a later request has said so already."""
    session.execute(update(SignIn).where(SignIn.id == key, SignIn.seen_at < at).values(seen_at=at))


def of_account(session: Session, account_id: int, limits: Limits) -> Sequence[SignIn]:
    """The living sign-ins of an account, the last seen first."""
    query = select(SignIn).where(SignIn.account_id == account_id, *_living(limits))
    return session.scalars(query.order_by(SignIn.seen_at.desc(), SignIn.id)).all()


def end(session: Session, key: str, at: datetime) -> None:
    session.execute(update(SignIn).where(SignIn.id == key, SignIn.ended_at.is_(None)).values(ended_at=at))


def end_all(session: Session, account_id: int, at: datetime, *, but: str | None = None) -> int:
    """Ends the sign-ins of an account, `but` one when it is given; how many."""
    statement = update(SignIn).where(SignIn.account_id == account_id, SignIn.ended_at.is_(None))
    if but is not None:
        statement = statement.where(SignIn.id != but)
    ended = session.execute(statement.values(ended_at=at))
    return int(ended.rowcount)  # type: ignore[attr-defined]


def sweep(session: Session, began_before: datetime) -> int:
    """Removes the sign-ins that began before, which no cookie can use any more; how many."""
    removed = session.execute(delete(SignIn).where(SignIn.began_at < began_before))
    return int(removed.rowcount)  # type: ignore[attr-defined]


def _living(limits: Limits) -> tuple[ColumnElement[bool], ...]:
    return (
        SignIn.ended_at.is_(None),
        SignIn.began_at > limits.began_after,
        SignIn.seen_at > limits.seen_after,
    )
