"""Collèges, what their inventory holds, and where parties are reached."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from router.store.tables.base import Base


class College(Base):
    """A public collège, as the directory names it. `convention_id` overrides the UAI's digits."""

    __tablename__ = "college"

    uai: Mapped[str] = mapped_column(String(8), primary_key=True)
    name: Mapped[str]
    town: Mapped[str]
    postcode: Mapped[str]
    departement: Mapped[str] = mapped_column(index=True)
    academie: Mapped[str]
    convention_id: Mapped[str | None] = mapped_column(index=True)
    state: Mapped[str]
    email: Mapped[str]
    phone: Mapped[str]
    directory: Mapped[dict[str, Any]]
    imported_at: Mapped[datetime]


class Asset(Base):
    """A thing of the inventory. `owner`, `zone` and `product_family` hold values of the facts of that name."""

    __tablename__ = "asset"
    __table_args__ = (UniqueConstraint("uai", "tag"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    uai: Mapped[str] = mapped_column(ForeignKey("college.uai"))
    tag: Mapped[str] = mapped_column(index=True)
    label: Mapped[str]
    product_family: Mapped[str]
    owner: Mapped[str]
    zone: Mapped[str]
    room: Mapped[str]
    serial: Mapped[str]
    warranty_until: Mapped[date | None]
    imported_at: Mapped[datetime]


class PartyChannel(Base):
    """Where a party is reached, for one convention or one collège, or everywhere when both are null."""

    __tablename__ = "party_channel"
    __table_args__ = (Index("ix_party_channel_lookup", "party", "convention_id", "uai"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    party: Mapped[str]
    convention_id: Mapped[str | None]
    uai: Mapped[str | None]
    email: Mapped[str]
    phone: Mapped[str]
    purpose: Mapped[str]  # "desk" | "lead" | "security" | "coordinator"


class CalendarChange(Base):
    """What was decided about days, one row per act, never changed: the calendars at any past instant can be folded
    again. `convention_id` and `uai` say whom it concerns, both null for the whole académie; `target_id` is the act
    that this one ends, accepts or refuses."""

    __tablename__ = "calendar_change"
    __table_args__ = (Index("ix_calendar_change_convention", "convention_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    actor: Mapped[str]
    institution: Mapped[str | None]
    kind: Mapped[str]
    convention_id: Mapped[str | None]
    uai: Mapped[str | None] = mapped_column(index=True)
    target_id: Mapped[int | None] = mapped_column(ForeignKey("calendar_change.id"), index=True)
    data: Mapped[dict[str, Any]]


class CalendarWords(Base):
    """The name and the reason beside a change: they may be erased, what it decided stays."""

    __tablename__ = "calendar_words"

    change_id: Mapped[int] = mapped_column(ForeignKey("calendar_change.id"), primary_key=True)
    actor_name: Mapped[str]
    reason: Mapped[str]
