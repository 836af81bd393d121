"""Accounts, their reset links, what was done to them, and attempts counted per key."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, delete, func, or_, select, tuple_, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from router.model.words import Role
from router.store.tables import Account, AccountEvent, College, PasswordReset, RateLimit

PAGE = 50


class Identity(NamedTuple):
    """What of an account says who acts, named as its columns: read at each request, without the rest of the row."""

    id: int
    name: str
    email: str
    role: str
    duty: str
    party: str | None
    institution: str | None
    convention_id: str | None
    uai: str | None
    security_contact: bool
    coordinator: bool
    deputy: bool


def by_id(session: Session, account_id: int) -> Account | None:
    return session.get(Account, account_id)


def locked(session: Session, account_id: int) -> Account | None:
    """The account as it is now, locked where the database can: a sign-in and a change of password wait for each
    other, so that no session outlives a password that ended them all."""
    return session.get(Account, account_id, with_for_update=True, populate_existing=True)


def by_email(session: Session, email: str) -> Account | None:
    """The account of an address, given in lower case."""
    return session.scalar(select(Account).where(Account.email == email))


def names_of(session: Session, account_ids: Iterable[int]) -> dict[int, str]:
    rows = session.execute(select(Account.id, Account.name).where(Account.id.in_(sorted(set(account_ids)))))
    return {row.id: row.name for row in rows}


def college(session: Session, uai: str) -> College | None:
    return session.get(College, uai)


def active_administrators(session: Session) -> int:
    """How many people may still administer the whole service. Their rows are locked where the database can,
    so that two who leave at once don't both count the other."""
    rows = session.scalars(
        select(Account.id)
        .where(
            Account.role == Role.ADMINISTRATOR.value,
            Account.active.is_(True),
            Account.convention_id.is_(None),
        )
        .order_by(Account.id)
        .with_for_update()
    )
    return len(rows.all())


# --- Lists --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which accounts a list shows; None or empty asks nothing."""

    words: str = ""
    role: Role | None = None
    uai: str = ""
    convention_id: str | None = None
    active: bool | None = None


def page_of(
    session: Session, wanted: Wanted, after: int | None, limit: int = PAGE
) -> Sequence[tuple[Account, str | None]]:
    """A page of accounts with their collège's name, by name; `after` is the id of the last one of the page before."""
    query = (
        select(Account, College.name)
        .outerjoin(College, College.uai == Account.uai)
        .where(*_conditions(wanted))
        .order_by(Account.name, Account.id)
        .limit(limit)
    )
    if after is not None:
        last = select(Account.name).where(Account.id == after).scalar_subquery()
        query = query.where(tuple_(Account.name, Account.id) > tuple_(last, after))
    return [(account, name) for account, name in session.execute(query)]


def first_of_each_role(session: Session) -> Sequence[Account]:
    """The oldest active account of each role, party and institution."""
    oldest = (
        select(func.min(Account.id))
        .where(Account.active.is_(True), Account.password_hash.is_not(None))
        .group_by(Account.role, Account.party, Account.institution)
    )
    return session.scalars(select(Account).where(Account.id.in_(oldest)).order_by(Account.id)).all()


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    for word in wanted.words.lower().split():
        pattern = _contains(word)
        conditions.append(
            or_(
                Account.email.like(pattern, escape="\\"),
                func.lower(Account.name).like(pattern, escape="\\"),
                func.lower(Account.uai).like(pattern, escape="\\"),
            )
        )
    if wanted.role is not None:
        conditions.append(Account.role == wanted.role.value)
    if wanted.uai:
        conditions.append(Account.uai == wanted.uai)
    if wanted.convention_id is not None:
        conditions.append(Account.convention_id == wanted.convention_id)
    if wanted.active is not None:
        conditions.append(Account.active.is_(wanted.active))
    return conditions


def _contains(word: str) -> str:
    escaped = word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"


# --- Reset links --------------------------------------------------------------------------------------


def add_reset(session: Session, token_hash: str, account_id: int, expires_at: datetime) -> None:
    session.add(
        PasswordReset(token_hash=token_hash, account_id=account_id, expires_at=expires_at, used_at=None)
    )


def account_of_reset(session: Session, token_hash: str, at: datetime) -> Account | None:
    """The active account an unused link still opens at `at`."""
    return session.scalar(
        select(Account)
        .join(PasswordReset, PasswordReset.account_id == Account.id)
        .where(
            PasswordReset.token_hash == token_hash,
            PasswordReset.used_at.is_(None),
            PasswordReset.expires_at > at,
            Account.active.is_(True),
        )
    )


def use_reset(session: Session, token_hash: str, at: datetime) -> int | None:
    """Spends a link: the account's id, or None when somebody already has, or its time has run."""
    return session.scalar(
        update(PasswordReset)
        .where(
            PasswordReset.token_hash == token_hash,
            PasswordReset.used_at.is_(None),
            PasswordReset.expires_at > at,
        )
        .values(used_at=at)
        .returning(PasswordReset.account_id)
        .execution_options(synchronize_session=False)
    )


def drop_resets(session: Session, account_id: int) -> None:
    """Every other link of the account stops working."""
    session.execute(
        delete(PasswordReset).where(PasswordReset.account_id == account_id, PasswordReset.used_at.is_(None))
    )


# --- What was done ------------------------------------------------------------------------------------


def record(
    session: Session, account_id: int, at: datetime, actor: str, kind: str, data: dict[str, Any]
) -> None:
    session.add(AccountEvent(account_id=account_id, at=at, actor=actor, kind=kind, data=data))


def events_of(session: Session, account_id: int, limit: int = PAGE) -> Sequence[AccountEvent]:
    """The latest acts on an account, newest first."""
    query = select(AccountEvent).where(AccountEvent.account_id == account_id)
    return session.scalars(query.order_by(AccountEvent.id.desc()).limit(limit)).all()


# --- Attempts -----------------------------------------------------------------------------------------


def count_attempt(session: Session, key: str, window_at: datetime) -> int:
    """Counts one more attempt, and says how many the window now holds."""
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    statement = (
        dialect.insert(RateLimit)
        .values(key=key, window_at=window_at, attempts=1)
        .on_conflict_do_update(index_elements=["key", "window_at"], set_={"attempts": RateLimit.attempts + 1})
        .returning(RateLimit.attempts)
    )
    return int(session.scalars(statement).one())


def forgive(session: Session, key: str) -> None:
    """Forgets the attempts of a key: the last one was right."""
    session.execute(delete(RateLimit).where(RateLimit.key == key))


def sweep_attempts(session: Session, before: datetime) -> int:
    """Removes windows that began before; how many."""
    removed = session.execute(delete(RateLimit).where(RateLimit.window_at < before))
    return int(removed.rowcount)  # type: ignore[attr-defined]
