"""Many tickets from few: filed through the use case as people write, then copies of their rows made by the database
itself, which no journal check would pass: they exist only here."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, Table, func, insert, literal, select, text

from bench.grounds import Ground
from bench.texts import texts
from router.desk import handle, settling
from router.model.words import Party
from router.store.tables import Base
from tests.desk.world import MONDAY

PEOPLE = ("rupn", "teacher", "bursar", "principal", "rupn_too")  # all under one convention: one long queue
# In the order of their references; the journal's rows and the ladder's come along, though no list reads them.
COPIED = (
    "incident",
    "ticket",
    "decision",
    "holding",
    "deadline",
    "escalation",
    "event",
    "event_detail",
    "notice",
    "ticket_party",
)
INDEX_WORDS = text(
    "INSERT INTO ticket_words (rowid, search_text) SELECT id, search_text FROM ticket WHERE id > :id"
)
UNDECLARED = {
    ("ticket", "decision_id"): "decision",
    ("ticket", "holding_id"): "holding",
}  # no foreign key says so


def file_some(ground: Ground, count: int) -> None:
    """Filed over ten weeks before today, as people write; of what the team holds, some is taken, waits, is done."""
    found = texts()
    for number in range(count):
        subject, body = found[number % len(found)]
        at = MONDAY - timedelta(days=70) + timedelta(minutes=100 * number)
        filed = ground.world.file(PEOPLE[number % len(PEOPLE)], subject, body, at)
        if filed.responsible is Party.DEPARTEMENT_MAINTENANCE:
            _handle(ground, filed.ticket, number, at + timedelta(minutes=30))


def _handle(ground: Ground, ticket: int, number: int, at: datetime) -> None:
    desk, technician = ground.world.desk, ground.world["technician" if number % 2 else "colleague"]
    match number % 5:
        case 0:
            handle.take(desk, technician, ticket, at)
        case 1:
            handle.ask_information(desk, technician, ticket, "Depuis quand ?", at)
        case 2:
            settling.resolve(desk, technician, ticket, "Le câble est changé.", at)
        case _:
            pass  # still to be taken


def copy_up_to(ground: Ground, count: int, names: Sequence[str] = COPIED) -> None:
    """Doubles every table by statements of the database, until there are `count` tickets."""
    with ground.world.desk.database.engine.begin() as connection:
        tables = [Base.metadata.tables[name] for name in names]
        ticket = Base.metadata.tables["ticket"]
        while (made := connection.scalar(select(func.count()).select_from(ticket)) or 0) < count:
            highest = {each.name: _highest(connection, each) for each in tables if "id" in each.c}
            before = highest["ticket"]
            for each in tables:
                _copy(connection, each, highest, upto=count - made)
            if ground.engine == "sqlite":
                connection.execute(INDEX_WORDS, {"id": before})
    with ground.world.desk.database.engine.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT").execute(text("ANALYZE"))


def _copy(connection: Connection, table_: Table, highest: dict[str, int], upto: int) -> None:
    """Each row once more, its keys moved beyond the highest; only those of the first `upto` tickets."""
    columns = list(table_.columns)
    moved = [_moved(table_, column, highest) for column in columns]
    source = select(*moved)
    key = {"ticket": "id", "incident": "id"}.get(table_.name, "ticket_id")
    connection.execute(insert(table_).from_select(columns, source.where(table_.c[key] <= upto)))


def _moved(table_: Table, column: Column[Any], highest: dict[str, int]) -> ColumnElement[Any]:
    if column.name == "id":
        return column + highest[table_.name]
    if (table_.name, column.name) == ("notice", "key"):
        return column + literal(f"/copy {highest['notice']}")
    target = UNDECLARED.get((table_.name, column.name))
    for reference in column.foreign_keys:
        target = reference.column.table.name
    return column + highest[target] if target in highest else column


def _highest(connection: Connection, table_: Table) -> int:
    return connection.scalar(select(func.max(table_.c.id))) or 0
