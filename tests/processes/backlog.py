"""Many due steps from few: some tickets filed by the use case, the others copies of their rows under their own numbers,
each with a journal chained anew, so that it verifies like any other."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from sqlalchemy import func, insert, select, text

from router.model.words import EventKind
from router.store import journal
from router.store.engine import Database
from router.store.journal import Signature
from router.store.tables import Base, EscalationRow
from tests.desk.world import MONDAY, World

LONG_AFTER = MONDAY + timedelta(days=90)
PEOPLE = ("rupn", "bursar", "teacher", "principal", "rupn_south")
ROWS = 5_000
COPIED = ("incident", "ticket", "decision", "holding", "deadline", "escalation", "ticket_party")
# No foreign key says these two.
POINTS_TO = {"decision_id": "decision", "holding_id": "holding"}

Row = dict[str, Any]


def fill(world: World, steps: int, models: int = 40) -> int:
    """Overdue tickets of several kinds until `steps` steps are due long after; returns how many tickets there are."""
    for number in range(models):
        subject = f"Le vidéoprojecteur n° {number} ne s'allume plus"
        asset = "VP-204" if number % 3 == 0 and PEOPLE[number % 5] != "rupn_south" else ""
        world.file(PEOPLE[number % 5], subject=subject, external_id=f"n{number}", asset_tag=asset)
    database = world.desk.database
    originals = _originals(database)
    each = due(database) / models
    copies = max(0, round((steps - due(database)) / each))
    while copies > 0:
        some = min(copies, ROWS // 10)
        _copy(database, [originals[number % models] for number in range(some)])
        copies -= some
    with database.engine.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT").execute(text("ANALYZE"))
        return connection.scalar(select(func.count()).select_from(Base.metadata.tables["ticket"])) or 0


def due(database: Database) -> int:
    """Steps that wait and whose time has come, long after."""
    with database.reading() as session:
        query = select(func.count(EscalationRow.id)).where(
            EscalationRow.state == "pending", EscalationRow.due_at <= LONG_AFTER
        )
        return session.scalar(query) or 0


def _originals(database: Database) -> list[dict[str, list[Row]]]:
    """The rows of each ticket, by table."""
    found: dict[int, dict[str, list[Row]]] = defaultdict(lambda: defaultdict(list))
    with database.engine.connect() as connection:
        for name in (*COPIED, "event", "event_detail"):
            table = Base.metadata.tables[name]
            for row in connection.execute(select(table).order_by(*table.primary_key)).mappings():
                owner = row["id"] if name in ("ticket", "incident") else row["ticket_id"]
                found[owner][name].append(dict(row))
    return [found[number] for number in sorted(found)]


def _copy(database: Database, originals: Iterable[Mapping[str, list[Row]]]) -> None:
    with database.writing() as session:
        connection = session.connection()
        highest = {
            name: connection.scalar(select(func.max(Base.metadata.tables[name].c.id))) or 0
            for name in COPIED
            if "id" in Base.metadata.tables[name].c
        }
        made: dict[str, list[Row]] = defaultdict(list)
        for original in originals:
            numbers: dict[tuple[str, int], int] = {}
            for name in COPIED:
                for row in original[name]:
                    if "id" in row:
                        highest[name] += 1
                        numbers[name, row["id"]] = highest[name]
            for name in COPIED:
                made[name] += [_moved(name, row, numbers) for row in original[name]]
            _chain(made, original, made["ticket"][-1])
        for name in (*COPIED, "event", "event_detail"):
            table = Base.metadata.tables[name]
            for start in range(0, len(made[name]), ROWS):
                connection.execute(insert(table), made[name][start : start + ROWS])
        if connection.dialect.name == "postgresql":
            for name, last in highest.items():
                connection.execute(text(f"SELECT setval('{name}_id_seq', {last})"))


def _moved(name: str, row: Row, numbers: Mapping[tuple[str, int], int]) -> Row:
    moved = dict(row)
    for column in Base.metadata.tables[name].columns:
        target = POINTS_TO.get(column.name) if name == "ticket" else None
        for key in column.foreign_keys:
            target = key.column.table.name
        if column.name == "id":
            target = name
        if target and (found := numbers.get((target, row[column.name]))):
            moved[column.name] = found
    if name == "incident":
        moved["external_id"] = None
    return moved


def _chain(made: dict[str, list[Row]], original: Mapping[str, list[Row]], ticket: Row) -> None:
    head: Any = SimpleNamespace(id=ticket["id"], head_seq=0, head_hash=journal.GENESIS, head_at=None)
    for event, detail in zip(original["event"], original["event_detail"], strict=True):
        who = Signature(event["actor"], detail["actor_name"])
        kind = EventKind(event["kind"])
        entry = journal.link(
            head, event["at"], who, kind, event["data"], text=detail["text"], internal=detail["internal"]
        )
        made["event"].append(entry.event)
        made["event_detail"].append(entry.detail)
    ticket |= {"head_seq": head.head_seq, "head_hash": head.head_hash, "head_at": head.head_at}
