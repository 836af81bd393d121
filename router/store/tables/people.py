"""Accounts, and what guards them."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from router.store.tables.base import Base


class Account(Base):
    """A person who may sign in. `party`, `convention_id`, `uai` bound what she sees; null means no bound."""

    __tablename__ = "account"
    __table_args__ = (Index("ix_account_name", "name", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    role: Mapped[str]
    duty: Mapped[str]  # a value of the fact reporter_role
    password_hash: Mapped[str | None]
    party: Mapped[str | None]
    institution: Mapped[str | None]
    convention_id: Mapped[str | None]
    uai: Mapped[str | None] = mapped_column(ForeignKey("college.uai"), index=True)
    security_contact: Mapped[bool] = mapped_column(server_default=text("false"))
    coordinator: Mapped[bool] = mapped_column(server_default=text("false"))
    deputy: Mapped[bool] = mapped_column(server_default=text("false"))  # told when the collège's RUPN is silent
    active: Mapped[bool] = mapped_column(server_default=text("true"))
    mail_grouped: Mapped[bool] = mapped_column(server_default=text("true"))
    mail_declined: Mapped[list[str]] = mapped_column(server_default=text("'[]'"))  # MailTopic
    created_at: Mapped[datetime]
    signed_in_at: Mapped[datetime | None]


class SignIn(Base):
    """One session of a person: its cookie holds nothing but `id`. Swept when nothing can use it any more."""

    __tablename__ = "sign_in"

    id: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    device: Mapped[str]  # browser and system in plain words, never what the browser said of itself
    began_at: Mapped[datetime] = mapped_column(index=True)
    seen_at: Mapped[datetime]  # to within a few minutes
    ended_at: Mapped[datetime | None]


class PasswordReset(Base):
    __tablename__ = "password_reset"

    token_hash: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class AccountEvent(Base):
    """What was done to an account, by whom. Append only; holds no name and no address."""

    __tablename__ = "account_event"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    at: Mapped[datetime]
    actor: Mapped[str]  # "account:12", or "public" for whoever isn't signed in
    kind: Mapped[str]
    data: Mapped[dict[str, Any]]


class RateLimit(Base):
    """Attempts counted per key in a fixed window that starts at `window_at`."""

    __tablename__ = "rate_limit"

    key: Mapped[str] = mapped_column(primary_key=True)
    window_at: Mapped[datetime] = mapped_column(primary_key=True)
    attempts: Mapped[int]
