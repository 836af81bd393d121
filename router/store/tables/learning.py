"""What people say against the classifier, and the versions of the model made from it."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from router.store.tables.base import Base


class CorrectionRow(Base):
    """A person said another category, or another product, than what the words had suggested.

    Never who, only by which role. `subject` and `body` are masked before they are written, and empty once nobody may
    learn from them any more."""

    __tablename__ = "correction"
    __table_args__ = (Index("ix_correction_state", "state", "id"), Index("ix_correction_at", "at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), index=True)
    at: Mapped[datetime]
    gesture: Mapped[str]
    channel: Mapped[str]
    role: Mapped[str]  # of the account; of whoever reports, when filed
    suggested: Mapped[str]
    confidence: Mapped[float | None]  # the model's, in the category suggested
    chosen: Mapped[str]
    product_suggested: Mapped[str]
    product: Mapped[str]
    version: Mapped[str]
    subject: Mapped[str]
    body: Mapped[str]
    state: Mapped[str]
    decided_at: Mapped[datetime | None]
    decided_role: Mapped[str | None]


class ClassifierVersion(Base):
    """A model learnt here. The weights lie in the database, so that every process and machine has the same ones.

    The shipped model has no row: it speaks when none is current."""

    __tablename__ = "classifier_version"
    __table_args__ = (
        Index(
            "uq_classifier_version_current",
            "state",
            unique=True,
            sqlite_where=text("state = 'current'"),
            postgresql_where=text("state = 'current'"),
        ),
        Index("ix_classifier_version_trained_at", "trained_at"),
    )

    version: Mapped[str] = mapped_column(primary_key=True)
    trained_at: Mapped[datetime]
    base: Mapped[str]  # the shipped model's version then
    texts: Mapped[int]
    corrections: Mapped[int]
    figures: Mapped[dict[str, Any]]
    state: Mapped[str]
    chosen_at: Mapped[datetime | None]
    chosen_by: Mapped[str | None]  # "command"
    digest: Mapped[str]  # SHA-256 of the weights
    weights: Mapped[bytes | None] = mapped_column(deferred=True)
