"""The decisions past tickets began with, for what looks back over many of them: read in batches, each ticket once,
in the order of their numbers, so that memory doesn't grow with them."""

import json
from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import Text, cast, func, select
from sqlalchemy.orm import Session

from router.model.incident import FactValue
from router.rulebook.replay import PastDecision
from router.store.rows import table_of
from router.store.tables import DecisionRow, Ticket

BATCH = 5_000
_KEPT_TEXTS = 20_000
_TICKET, _DECISION = table_of(Ticket), table_of(DecisionRow)
_OTHER = _DECISION.alias()
_FIRST = select(func.min(_OTHER.c.id)).where(_OTHER.c.ticket_id == _TICKET.c.id).scalar_subquery()
_PAST = (
    select(
        _TICKET.c.id,
        _TICKET.c.convention_id,
        _TICKET.c.alert,
        _DECISION.c.at,
        _DECISION.c.responsible,
        _DECISION.c.rule,
        cast(_DECISION.c.facts, Text),  # the same text is decoded once
    )
    .select_from(_TICKET.join(_DECISION, _DECISION.c.id == _FIRST))
    .order_by(_TICKET.c.id)
    .limit(BATCH)
)


def first_decisions(
    session: Session, since: datetime, until: datetime, *, convention: str | None = None
) -> Iterator[PastDecision]:
    """The first decision of each ticket opened from `since` on and before `until`, of one convention or of all."""
    wanted = _PAST.where(_TICKET.c.opened_at >= since, _TICKET.c.opened_at < until)
    last, texts = 0, _Texts()
    while True:
        rows = session.connection().execute(wanted.where(_TICKET.c.id > last)).all()
        for row in rows:
            # Not asked of the database: it would find a convention's tickets by their day, and sort them all again for
            # each batch.
            if convention is None or row[1] == convention:
                yield PastDecision._make((*row[1:6], texts.facts(row[6])))
        if len(rows) < BATCH:
            return
        last = rows[-1][0]


def opened_between(session: Session, since: datetime, until: datetime, most: int) -> int:
    """How many tickets were opened then, of all conventions; counted no further than `most`."""
    some = select(_TICKET.c.id).where(_TICKET.c.opened_at >= since, _TICKET.c.opened_at < until).limit(most)
    return session.connection().scalar(select(func.count()).select_from(some.subquery())) or 0


def still_open(session: Session, convention: str) -> int:
    """How many of a convention's tickets are open, alerts left out: their number is nobody's business here."""
    theirs = (_TICKET.c.convention_id == convention) & _TICKET.c.opened & ~_TICKET.c.alert
    return session.connection().scalar(select(func.count()).select_from(_TICKET).where(theirs)) or 0


class _Texts:
    """Facts as stored, with their sources, to facts and their values; the same text gives the same object."""

    def __init__(self) -> None:
        self._kept: dict[str, dict[str, FactValue]] = {}

    def facts(self, text: str) -> dict[str, FactValue]:
        found = self._kept.get(text)
        if found is None:
            if len(self._kept) >= _KEPT_TEXTS:
                self._kept.clear()
            found = self._kept[text] = {name: fact["value"] for name, fact in json.loads(text).items()}
        return found
