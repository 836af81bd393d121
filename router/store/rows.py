"""New rows, one statement per table, without the session's bookkeeping: what a gesture adds is seldom read back
in the same transaction, and never changed in it. The objects only carry values; they stay out of the session."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Insert, Table, insert
from sqlalchemy.orm import Session
from sqlalchemy.sql.dml import ReturningInsert

from router.store.tables import Base


def insert_row(session: Session, row: Base) -> int:
    """Inserts one row of a table keyed by `id`; returns the key."""
    return insert_value(session, type(row), _values(row))


def insert_value(session: Session, kind: type[Base], values: Mapping[str, Any]) -> int:
    """The same, the row given as values by column."""
    result = session.connection().execute(_insertion(kind), values)
    assert result.inserted_primary_key is not None
    key: int = result.inserted_primary_key[0]
    return key


def insert_values(session: Session, kind: type[Base], values: Sequence[Mapping[str, Any]]) -> None:
    """Inserts rows given as values by column, the same columns in each."""
    if values:
        session.connection().execute(_insertion(kind), values)


def insert_keyed(session: Session, rows: Sequence[Base], told_by: str) -> dict[Any, int]:
    """Inserts rows of one table keyed by `id`; returns the keys by the column `told_by`, distinct among them.

    (Asking for the keys in the rows' order would cost a statement per row on SQLite.)"""
    if not rows:
        return {}
    insertion = _keyed_insertion(type(rows[0]), told_by)
    result = session.connection().execute(insertion, [_values(row) for row in rows])
    return {row[0]: row[1] for row in result}


def table_of(kind: type[Base]) -> Table:
    table = kind.__table__
    assert isinstance(table, Table)
    return table


@cache
def _insertion(kind: type[Base]) -> Insert:
    return insert(table_of(kind))


@cache
def _keyed_insertion(kind: type[Base], told_by: str) -> ReturningInsert[Any]:
    table = table_of(kind)
    return insert(table).returning(table.c[told_by], table.c.id)


@cache
def _columns(kind: type[Base]) -> tuple[str, ...]:
    """Every column but the key the database gives."""
    return tuple(column.name for column in table_of(kind).columns if column.name != "id")


def _values(row: Base) -> dict[str, Any]:
    given = vars(row)
    return {name: given.get(name) for name in _columns(type(row))}
