"""The tests' own databases are real, separate, and at the last migration."""

from sqlalchemy import Engine, inspect, text

from router.store.schema import is_current
from router.store.tables import Base


def test_a_fresh_database_is_at_the_last_migration(engine: Engine) -> None:
    assert is_current(engine)
    assert set(Base.metadata.tables) <= set(inspect(engine).get_table_names())


def test_what_one_test_writes(engine: Engine) -> None:
    with engine.begin() as connection:
        assert connection.execute(text("SELECT count(*) FROM once")).scalar() == 0
        connection.execute(text("INSERT INTO once VALUES ('a', 'b', '2026-09-01T00:00:00.000000Z')"))


def test_another_does_not_see(engine: Engine) -> None:
    with engine.begin() as connection:
        assert connection.execute(text("SELECT count(*) FROM once")).scalar() == 0
