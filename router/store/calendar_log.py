"""What was decided about days, as it was recorded: added, never changed. Folds nothing and judges nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select, text
from sqlalchemy.orm import Session

from router.model.words import ChangeKind, Institution
from router.store.clocks import LIVE
from router.store.journal import Signature
from router.store.rows import insert_row, insert_values
from router.store.tables import CalendarChange, CalendarWords, DeadlineRow

_LAST = select(func.max(CalendarChange.id))
# Any number no other advisory lock of the product uses.
_ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(7520)")


@dataclass(frozen=True, slots=True)
class Recorded:
    """One act: what it says, who did it and why. The words are empty once erased."""

    id: int
    at: datetime
    actor: str
    institution: Institution | None
    kind: ChangeKind
    convention: str | None
    uai: str | None
    target: int | None
    data: Mapping[str, Any]
    actor_name: str
    reason: str


def last_change(session: Session) -> int:
    """The number of the latest act; 0 when there is none."""
    return session.scalar(_LAST) or 0


def behind(session: Session, change: int) -> bool:
    """Whether a live deadline doesn't take that act into account."""
    query = select(DeadlineRow.id).where(DeadlineRow.state.in_(LIVE), DeadlineRow.calendars < change).limit(1)
    return session.scalar(query) is not None


def one_at_a_time(session: Session) -> None:
    """Acts are numbered in the order in which they take effect: PostgreSQL's writers wait here for each other, as
    SQLite's do anyway."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(_ONE_AT_A_TIME)


def record(
    session: Session,
    at: datetime,
    who: Signature,
    kind: ChangeKind,
    data: Mapping[str, Any],
    *,
    institution: Institution | None = None,
    convention: str | None = None,
    uai: str | None = None,
    target: int | None = None,
    reason: str = "",
) -> int:
    """Adds an act with its words; returns its number."""
    row = CalendarChange(
        at=at,
        actor=who.actor,
        institution=institution.value if institution else None,
        kind=kind.value,
        convention_id=convention,
        uai=uai,
        target_id=target,
        data=dict(data),
    )
    change = insert_row(session, row)
    words = {"change_id": change, "actor_name": who.name, "reason": reason}
    insert_values(session, CalendarWords, [words])
    return change


def changes(session: Session, up_to: int | None = None) -> list[Recorded]:
    """Every act in order, or those up to a number. There are a few a week at most, so they are read whole."""
    return _recorded(session, [CalendarChange.id <= up_to] if up_to is not None else [])


def found(session: Session, change: int) -> Recorded | None:
    return next(iter(_recorded(session, [CalendarChange.id == change])), None)


def acts(
    session: Session,
    kind: ChangeKind,
    convention: str | None,
    uai: str | None,
    limit: int,
    before: int | None = None,
) -> list[Recorded]:
    """The latest acts of a kind that concern a convention (with `uai`, that collège or all of them), newest first,
    those for everybody among them."""
    conditions: list[ColumnElement[bool]] = [
        CalendarChange.kind == kind.value,
        or_(CalendarChange.convention_id.is_(None), CalendarChange.convention_id == convention),
    ]
    if uai is not None:
        conditions.append(or_(CalendarChange.uai.is_(None), CalendarChange.uai == uai))
    if before is not None:
        conditions.append(CalendarChange.id < before)
    return _recorded(session, conditions, newest=limit)


def following(session: Session, targets: Sequence[int]) -> list[Recorded]:
    """What was done about these acts since, in order."""
    return _recorded(session, [CalendarChange.target_id.in_(targets)]) if targets else []


def _recorded(
    session: Session, conditions: Sequence[ColumnElement[bool]], *, newest: int | None = None
) -> list[Recorded]:
    query = (
        select(CalendarChange, CalendarWords)
        .outerjoin(CalendarWords, CalendarWords.change_id == CalendarChange.id)
        .where(*conditions)
        .order_by(CalendarChange.id if newest is None else CalendarChange.id.desc())
        .limit(newest)
    )
    return [
        Recorded(
            row.id,
            row.at,
            row.actor,
            Institution(row.institution) if row.institution else None,
            ChangeKind(row.kind),
            row.convention_id,
            row.uai,
            row.target_id,
            row.data,
            words.actor_name if words else "",
            words.reason if words else "",
        )
        for row, words in session.execute(query)
    ]
