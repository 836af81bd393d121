"""How each person wants her messages: in one mail or one by one, and without which kinds."""

from collections.abc import Iterable
from typing import NamedTuple

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from router.store.tables import Account


class Choice(NamedTuple):
    """`declined` holds values of MailTopic."""

    grouped: bool
    declined: frozenset[str]


def of(session: Session, account_ids: Iterable[int]) -> dict[int, Choice]:
    """The choices of those accounts."""
    wanted = sorted(account_ids)
    if not wanted:
        return {}
    rows = session.execute(
        select(Account.id, Account.mail_grouped, Account.mail_declined).where(Account.id.in_(wanted))
    )
    return {key: Choice(grouped, frozenset(declined)) for key, grouped, declined in rows}


def keep(session: Session, account_id: int, choice: Choice) -> None:
    session.execute(
        update(Account)
        .where(Account.id == account_id)
        .values(mail_grouped=choice.grouped, mail_declined=sorted(choice.declined))
        .execution_options(synchronize_session=False)
    )
