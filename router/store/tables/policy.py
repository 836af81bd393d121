"""What was published."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Mapped, mapped_column

from router.store.tables.base import Base


class PublishedBook(Base):
    """A proved set of rules, calendars, targets and ladders, whole and immutable, in force from a date."""

    __tablename__ = "published_book"

    id: Mapped[int] = mapped_column(primary_key=True)
    fingerprint: Mapped[str] = mapped_column(index=True)
    sources: Mapped[dict[str, Any]]
    in_force_from: Mapped[datetime] = mapped_column(index=True)
    published_at: Mapped[datetime]
    published_by: Mapped[str]
    reason: Mapped[str]
