"""The workers themselves."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from router.store.tables.base import Base


class WorkerBeat(Base):
    __tablename__ = "worker_beat"

    name: Mapped[str] = mapped_column(primary_key=True)
    started_at: Mapped[datetime]
    beat_at: Mapped[datetime]


class OnceADay(Base):
    """A periodic job already done for its period: inserted, or refused by the key."""

    __tablename__ = "once"

    job: Mapped[str] = mapped_column(primary_key=True)
    period: Mapped[str] = mapped_column(primary_key=True)
    done_at: Mapped[datetime]
