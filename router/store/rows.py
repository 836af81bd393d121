"""New rows, one statement per table, without the session's bookkeeping: what a gesture adds is seldom read back
in the same transaction, and never changed in it. The objects only carry values; they stay out of the session."""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import Dialect, Insert, Table, Text, Update, bindparam, cast, column, func, insert, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.dml import ReturningInsert
from sqlalchemy.sql.selectable import TableValuedAlias

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
    if not values:
        return
    if sent_whole(session, values):
        source, columns = recordset(kind, tuple(values[0]))
        statement = insert(table_of(kind)).from_select(columns, select(*source.c))
        session.connection().execute(statement, {"rows": as_document(values)})
        return
    run_for_each(session, _insertion(kind), values)


def run_for_each(session: Session, statement: Insert | Update, values: Sequence[Mapping[str, Any]]) -> None:
    """Runs a statement once per row of values, all with the same names: what `execute` does, without its work on
    each row, which on SQLite costs more than the row."""
    connection = session.connection()
    if len(values) < MANY or connection.dialect.name != "sqlite":
        connection.execute(statement, values)
        return
    words, columns = _for_the_driver(statement, tuple(values[0]), connection.dialect)
    rows = [tuple(write(row[name]) if write else row[name] for name, write in columns) for row in values]
    connection.exec_driver_sql(words, rows)


@lru_cache(maxsize=64)
def _for_the_driver(
    statement: Insert | Update, names: tuple[str, ...], dialect: Dialect
) -> tuple[str, tuple[tuple[str, Callable[[Any], Any] | None], ...]]:
    """The statement's words, and for each of its places the value's name and how it is written."""
    compiled = statement.compile(dialect=dialect, column_keys=list(names))
    assert isinstance(compiled, SQLCompiler) and compiled.positiontup is not None
    types = {name: compiled.binds[name].type.dialect_impl(dialect) for name in compiled.positiontup}
    return str(compiled), tuple((name, types[name].bind_processor(dialect)) for name in compiled.positiontup)


MANY = 20


def sent_whole(session: Session, values: Sequence[Mapping[str, Any]]) -> bool:
    """Whether these rows are better sent as one document: to a server, each row of a statement run many times is a
    message of its own, which costs more than the row."""
    return len(values) >= MANY and session.get_bind().dialect.name == "postgresql"


@cache
def recordset(kind: type[Base], names: tuple[str, ...]) -> tuple[TableValuedAlias, tuple[str, ...]]:
    """The rows of a document bound as `rows` (PostgreSQL), as a table with these columns of `kind`."""
    table = table_of(kind)
    document = cast(bindparam("rows", type_=Text), JSONB)
    columns = [column(name, table.c[name].type) for name in names]
    return func.jsonb_to_recordset(document).table_valued(*columns).render_derived(
        "given", with_types=True
    ), names


def as_document(values: Sequence[Mapping[str, Any]]) -> str:
    return json.dumps(list(values), ensure_ascii=False, default=_as_text)


def _as_text(value: Any) -> str:
    if isinstance(value, datetime) and value.tzinfo is None:
        raise ValueError(f"naive datetime {value!r}")
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} can't be sent")


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
