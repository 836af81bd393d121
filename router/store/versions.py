"""The versions of the model learnt here, and which one speaks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from router.model.corrections import VersionState
from router.store.tables import CalendarChange, ClassifierVersion

MOST_SHOWN = 50
_CURRENT = select(ClassifierVersion.version).where(ClassifierVersion.state == VersionState.CURRENT.value)
# Asked in each transaction: the two in one question.
_STANDING = select(func.max(CalendarChange.id), _CURRENT.scalar_subquery())


@dataclass(frozen=True, slots=True)
class Standing:
    """What may have changed since a process read the rules: the last act about days (0: none), and the version of the
    model that speaks (None: the shipped one)."""

    change: int
    version: str | None


def standing(session: Session) -> Standing:
    change, version = session.execute(_STANDING).one()
    return Standing(change or 0, version)


def current(session: Session) -> str | None:
    """The version that speaks; None: the shipped one."""
    return session.scalar(_CURRENT)


def weights(session: Session, version: str) -> tuple[bytes, str] | None:
    """Its weights and the digest they were written with; None when there are none."""
    found = session.execute(
        select(ClassifierVersion.weights, ClassifierVersion.digest).where(ClassifierVersion.version == version)
    ).one_or_none()
    return (found[0], found[1]) if found and found[0] else None


def all_versions(session: Session) -> Sequence[ClassifierVersion]:
    """The latest first, without their weights."""
    newest = ClassifierVersion.trained_at.desc(), ClassifierVersion.version
    return session.scalars(select(ClassifierVersion).order_by(*newest).limit(MOST_SHOWN)).all()


def find(session: Session, version: str) -> ClassifierVersion | None:
    return session.get(ClassifierVersion, version)


def add(session: Session, values: Mapping[str, Any]) -> None:
    """A version just trained; one refused before under the same name is replaced."""
    before = session.get(ClassifierVersion, values["version"])
    if before is not None:
        session.delete(before)
        session.flush()
    session.add(ClassifierVersion(**values))
    session.flush()


def use(session: Session, version: str | None, at: datetime, by: str) -> None:
    """Makes a version speak, None the shipped one, in the place of the one that does."""
    session.execute(
        update(ClassifierVersion)
        .where(ClassifierVersion.state == VersionState.CURRENT.value)
        .values(state=VersionState.KEPT.value)
    )
    if version is not None:
        session.execute(
            update(ClassifierVersion)
            .where(ClassifierVersion.version == version)
            .values(state=VersionState.CURRENT.value, chosen_at=at, chosen_by=by)
        )
