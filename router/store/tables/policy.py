"""What was published, what is being prepared, and who did what to it."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from router.store.tables.base import Base


class PublishedBook(Base):
    """A proved set of rules, calendars, targets and ladders, whole and immutable, in force from a date.

    Of one convention, or of all of them when `convention_id` is null (first installation, demonstration).
    `number` counts a convention's own publications from 1: two at once can't both be the next one."""

    __tablename__ = "published_book"
    __table_args__ = (
        Index("uq_published_book_number", "convention_id", "number", unique=True),
        Index("uq_published_book_draft_id", "draft_id", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    fingerprint: Mapped[str] = mapped_column(index=True)
    sources: Mapped[dict[str, Any]]
    in_force_from: Mapped[datetime] = mapped_column(index=True)
    published_at: Mapped[datetime]
    published_by: Mapped[str]
    reason: Mapped[str]
    convention_id: Mapped[str | None]
    number: Mapped[int | None]
    base_fingerprint: Mapped[str | None]
    draft_id: Mapped[int | None] = mapped_column(ForeignKey("rule_draft.id"))
    kind: Mapped[str | None]  # convention | avenant | comite
    reference: Mapped[str | None]
    signed_on: Mapped[date | None]
    articles: Mapped[list[str] | None]
    proposed_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    proposed_for: Mapped[str | None]  # the proposer's institution
    approved_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    approved_for: Mapped[str | None]


class RuleDraft(Base):
    """A book being prepared for one convention. Proved when it is proposed, and again when it is approved.

    `version` goes up with each change of its files or terms; `shipped_base` is set when a product update made it,
    once per convention."""

    __tablename__ = "rule_draft"
    __table_args__ = (
        Index("ix_rule_draft_list", "convention_id", "status", "id"),
        Index("uq_rule_draft_shipped_base", "convention_id", "shipped_base", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    convention_id: Mapped[str]
    title: Mapped[str]
    sources: Mapped[dict[str, Any]]
    fingerprint: Mapped[str]
    base_fingerprint: Mapped[str]
    version: Mapped[int] = mapped_column(server_default=text("1"))
    kind: Mapped[str | None]
    reference: Mapped[str]
    signed_on: Mapped[date | None]
    articles: Mapped[list[str]]
    in_force_from: Mapped[date | None]  # a civil day of the convention
    status: Mapped[str]
    author: Mapped[str]  # "account:12", "command", "product"
    started_at: Mapped[datetime]
    proposed_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    proposed_for: Mapped[str | None]
    proposed_at: Mapped[datetime | None]
    shipped_base: Mapped[str | None]


class RuleDraftEvent(Base):
    """What was done to a draft, by whom. Append only; holds no name and no free text."""

    __tablename__ = "rule_draft_event"

    id: Mapped[int] = mapped_column(primary_key=True)
    draft_id: Mapped[int] = mapped_column(ForeignKey("rule_draft.id"), index=True)
    at: Mapped[datetime]
    actor: Mapped[str]
    institution: Mapped[str | None]
    kind: Mapped[str]
    fingerprint: Mapped[str]
    version: Mapped[int]


class RuleDraftWords(Base):
    """Beside an event: the actor's name as it was, and her reason. May be erased; the event stays."""

    __tablename__ = "rule_draft_words"

    event_id: Mapped[int] = mapped_column(ForeignKey("rule_draft_event.id"), primary_key=True)
    actor_name: Mapped[str]
    reason: Mapped[str]
