"""Rows whose content doesn't matter: what a test doesn't say is filled in, so that it says only what it judges."""

from typing import Any, TypeVar

from sqlalchemy import inspect
from sqlalchemy.types import TypeEngine

from router.store.columns import Instant
from router.store.tables import Base
from tests.notices.rows import AT

Row = TypeVar("Row", bound=Base)
PLAIN: dict[type, Any] = {str: "", int: 0, bool: False}


def row(kind: type[Row], **said: Any) -> Row:
    """A row of this table; a column neither said, nullable nor filled by the database gets a plain value."""
    needed = [
        column
        for column in inspect(kind).columns
        if not (column.nullable or column.primary_key or column.server_default or column.key in said)
    ]
    return kind(**{column.key: _plain(column.type) for column in needed}, **said)


def _plain(kind: TypeEngine[Any]) -> Any:
    # What is neither an instant nor a plain type is a JSON document.
    return AT if isinstance(kind, Instant) else PLAIN.get(kind.python_type, {})
