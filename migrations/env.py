"""Lets alembic reach the database: the connection it is handed, else the one the settings name."""

import os
from typing import Any

from alembic import context
from sqlalchemy import Connection

from router.settings import load_settings
from router.store.engine import create_engine_from
from router.store.tables import Base

# Objects that no table class describes: the text index, written by hand for each engine.
HAND_WRITTEN = "ticket_words"


def described(_object: Any, name: str | None, _kind: str, _reflected: bool, _other: Any) -> bool:
    return name is None or not name.startswith(HAND_WRITTEN)


def migrate(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        compare_type=True,
        compare_server_default=True,
        include_object=described,
        transactional_ddl=True,  # SQLite too: the engine speaks BEGIN itself.
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()


handed: Connection | None = context.config.attributes.get("connection")
if handed is not None:
    migrate(handed)
else:
    engine = create_engine_from(load_settings(None, os.environ).database_url)
    with engine.connect() as opened:
        migrate(opened)
    engine.dispose()
