"""Corrections of the classifier by people: kept, replaced, read by whoever may, counted."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, update
from sqlalchemy.orm import Session

from router.model.corrections import CorrectionState
from router.store.rows import insert_value
from router.store.tables import CorrectionRow

# What still may hold a text, or a judgement about one.
JUDGED = (CorrectionState.PENDING, CorrectionState.ACCEPTED, CorrectionState.REFUSED)
WORDLESS: Mapping[str, str] = {"subject": "", "body": ""}


def add(session: Session, values: Mapping[str, Any]) -> None:
    insert_value(session, CorrectionRow, {"decided_at": None, "decided_role": None, **values})


def supersede(session: Session, ticket_id: int) -> None:
    """A later word replaces what was said of this ticket's category: its texts go."""
    _settle(session, CorrectionRow.ticket_id == ticket_id, CorrectionState.SUPERSEDED)


def erase_of(session: Session, ticket_ids: Sequence[int]) -> None:
    """The tickets' words are erased: the corrections' too. That they were made, and of what, stays."""
    _settle(session, CorrectionRow.ticket_id.in_(ticket_ids), CorrectionState.ERASED)


def _settle(session: Session, which: ColumnElement[bool], state: CorrectionState) -> None:
    session.execute(
        update(CorrectionRow)
        .where(which, CorrectionRow.state.in_(JUDGED))
        .values(state=state.value, **WORDLESS)
        .execution_options(synchronize_session=False)
    )
