"""What is written once stays: whatever the order, the database itself refuses to change, remove or replace it."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, UniqueConstraint, select, text
from sqlalchemy.exc import DBAPIError

from router.desk import sealing
from router.desk.calendar_days import DaysAsked, decide_days
from router.model.words import DayCause, Reach
from router.store.engine import Database, create_engine_from
from router.store.guards import APPEND_ONLY, UNIQUE
from router.store.tables import AccountEvent, Base, PublishedBook, RuleDraft, RuleDraftEvent
from tests.databases import Databases
from tests.desk.world import MONDAY, NORTH, settle_world


def a_row_in_each(database: Database) -> None:
    world = settle_world(database)
    world.file()
    day = MONDAY.date()
    asked = DaysAsked(Reach.COLLEGE, NORTH, None, day, day, (), DayCause.OTHER, "Neige.")
    decide_days(world.desk, world["principal"], asked, MONDAY)
    sealing.run_daily(world.desk, MONDAY)
    with database.writing() as session:
        draft = RuleDraft(
            convention_id="demo-nord", title="t", sources={}, fingerprint="f", base_fingerprint="one",
            reference="", articles=[], status="approved", author="command", started_at=MONDAY,
        )  # fmt: skip
        session.add(draft)
        session.flush()
        of_draft = {"draft_id": draft.id, "fingerprint": "f"}
        session.add(RuleDraftEvent(**of_draft, at=MONDAY, actor="command", kind="started", version=1))
        session.add(AccountEvent(account_id=1, at=MONDAY, actor="command", kind="created", data={}))
        session.add(
            PublishedBook(
                **of_draft, sources={}, in_force_from=MONDAY, published_at=MONDAY, published_by="command",
                reason="", convention_id="demo-nord", number=1,
            )
        )  # fmt: skip


@pytest.fixture
def filled(database: Database) -> Engine:
    a_row_in_each(database)
    return database.engine


@pytest.fixture
def filled_sqlite(databases: Databases) -> Iterator[Engine]:
    url = databases.migrated("sqlite")
    engine = create_engine_from(url, synchronous="NORMAL")
    a_row_in_each(Database(engine))
    yield engine
    engine.dispose()
    databases.drop(url)


def refused(engine: Engine, name: str, order: str) -> None:
    """As it is read from the table itself: what the order would have lost is still there."""
    everything = select(Base.metadata.tables[name])
    with engine.connect() as connection:
        before = connection.execute(everything).all()
    assert before, f"{name} has no row to lose"
    with pytest.raises(DBAPIError, match=f"{name} is append only"), engine.begin() as connection:
        connection.execute(text(order))
    with engine.connect() as connection:
        assert connection.execute(everything).all() == before


def test_no_order_changes_or_removes_a_row(filled: Engine) -> None:
    for name in APPEND_ONLY:
        table = Base.metadata.tables[name]
        columns, last = ", ".join(table.c.keys()), table.c.keys()[-1]
        key = ", ".join(column.name for column in table.primary_key)
        again = f"INTO {name} ({columns}) SELECT {columns} FROM {name} WHERE true"
        orders = [
            f"UPDATE {name} SET {last} = {last}",
            f"DELETE FROM {name}",
            f"INSERT {again} ON CONFLICT ({key}) DO UPDATE SET {last} = excluded.{last}",
        ]
        if filled.dialect.name == "sqlite":
            orders += [
                f"INSERT OR REPLACE {again}",
                f"REPLACE {again}",
                f"UPDATE OR REPLACE {name} SET {last} = {last}",
            ]
        else:
            orders += [f"TRUNCATE {name} CASCADE"]
        for order in orders:
            refused(filled, name, order)


def test_no_row_of_another_key_takes_its_place(filled_sqlite: Engine) -> None:
    """By SQLite's own row number, under a key that is free; by each other column that must be unique."""

    def columns(name: str, *but: str) -> str:
        return ", ".join(each.name for each in Base.metadata.tables[name].c if each.name not in but)

    for name, moved in (("event", "seq"), ("sealed_head", "ticket_id")):
        rest = columns(name, moved)
        for number in ("rowid", "oid", "_rowid_"):
            order = f"({number}, {moved}, {rest}) SELECT rowid, {moved} + 90, {rest} FROM {name}"
            refused(filled_sqlite, name, f"INSERT OR REPLACE INTO {name} {order}")
    rest = columns("event", "seq")
    order = f"INSERT OR REPLACE INTO event (seq, {rest}) SELECT CAST(seq AS TEXT), {rest} FROM event"
    refused(filled_sqlite, "event", order)
    for freed in ("draft_id", "number"):
        rest = columns("published_book", "id", freed)
        order = f"INTO published_book ({rest}) SELECT {rest} FROM published_book WHERE number = 1"
        refused(filled_sqlite, "published_book", f"INSERT OR REPLACE {order}")


def test_the_guards_know_every_key() -> None:
    """A unique index added later must be guarded too, by a new trigger."""
    for name in APPEND_ONLY:
        table = Base.metadata.tables[name]
        keys = {tuple(index.columns.keys()) for index in table.indexes if index.unique}
        keys |= {tuple(each.columns.keys()) for each in table.constraints if isinstance(each, UniqueConstraint)}
        primary = tuple(table.primary_key.columns.keys())
        if len(primary) > 1:  # one integer is SQLite's own row number
            keys.add(primary)
        assert keys == set(UNIQUE.get(name, ())), name
