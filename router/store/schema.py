"""Brings a database to the tables of this release, by its migrations. Never creates a table any other way."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Walks the database up to `revision`; one already there is left as it is."""
    with engine.connect() as connection, _foreign_keys_waiting(connection):
        command.upgrade(_config(connection), revision)


def downgrade(engine: Engine, revision: str) -> None:
    """Walks the database down to `revision`; `base` removes every table."""
    with engine.connect() as connection, _foreign_keys_waiting(connection):
        command.downgrade(_config(connection), revision)


def revisions() -> list[str]:
    """Every revision, oldest first."""
    return [each.revision for each in ScriptDirectory(str(MIGRATIONS)).walk_revisions()][::-1]


def current_revision(engine: Engine) -> str | None:
    """The revision the database is at; None where nothing was ever created."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def is_current(engine: Engine) -> bool:
    """Whether the database is at this release's last revision."""
    return current_revision(engine) == ScriptDirectory(str(MIGRATIONS)).get_current_head()


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


@contextmanager
def _foreign_keys_waiting(connection: Connection) -> Iterator[None]:
    """SQLite changes a table by copying it, which enforced foreign keys would refuse; others need nothing."""
    if connection.dialect.name != "sqlite":
        yield
        return
    driver = connection.connection.driver_connection
    assert driver is not None
    driver.execute("PRAGMA foreign_keys=OFF")  # Has no effect inside a transaction, hence before any.
    try:
        yield
    finally:
        driver.execute("PRAGMA foreign_keys=ON")
