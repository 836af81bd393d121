"""The daily seals over the journal's heads. Append only, like the journal."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from router.store.tables.base import Base


class SealRow(Base):
    """Scellé: one digest over the head of every ticket's journal at an instant, and over the seal before it."""

    __tablename__ = "seal"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)  # from 1, without a gap
    at: Mapped[datetime]
    tickets: Mapped[int]
    entries: Mapped[int]
    previous: Mapped[str]
    digest: Mapped[str]


class SealedHead(Base):
    """A ticket's head as a seal found it, written only when it had moved since the seal before."""

    __tablename__ = "sealed_head"

    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), primary_key=True)
    seal: Mapped[int] = mapped_column(ForeignKey("seal.number"), primary_key=True)
    seq: Mapped[int]
    hash: Mapped[str]
