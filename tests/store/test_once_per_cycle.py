"""The last guard against a step told twice: the database itself has one row per deadline, step and cycle."""

import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from router.store.engine import Database
from router.store.rows import table_of
from router.store.tables import EscalationRow
from tests.desk.world import settle_world

STEP = table_of(EscalationRow)


def test_a_step_has_one_row_in_a_cycle_and_another_in_the_next(database: Database) -> None:
    world = settle_world(database)
    world.file(asset_tag="VP-204")
    with database.reading() as session:
        values = dict(session.execute(select(STEP).limit(1)).mappings().one())
    del values["id"]
    for state in ("pending", "fired"):
        with pytest.raises(IntegrityError), database.writing() as session:
            session.execute(insert(STEP).values(values | {"state": state}))
    with database.writing() as session:
        session.execute(insert(STEP).values(values | {"cycle": values["cycle"] + 1}))
        session.execute(insert(STEP).values(values | {"step": 999}))
