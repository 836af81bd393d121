"""What the database itself refuses and indexes beyond the tables: an append-only journal, immutable
published books and decisions, and the text index. The migrations and the tests share these statements.

What a migration has used stays as it was that day: a later one adds its own, and `UP` is all of them."""

from collections.abc import Iterable, Mapping

FIRST_APPEND_ONLY = ("event", "published_book", "decision", "account_event")
APPEND_ONLY = (*FIRST_APPEND_ONLY, "rule_draft_event", "calendar_change", "seal", "sealed_head")
# What makes a row of theirs unique, beyond SQLite's own row number (which a key `id` or `number` is).
UNIQUE: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "event": (("ticket_id", "seq"),),
    "sealed_head": (("ticket_id", "seal"),),
    "published_book": (("convention_id", "number"), ("draft_id",)),
}

# ticket.search_text is already folded (no accent, no capital); rowid = ticket.id
SQLITE_WORDS = "CREATE VIRTUAL TABLE ticket_words USING fts5(search_text, prefix='2 3')"
POSTGRESQL_WORDS = "CREATE INDEX ticket_words ON ticket USING gin (to_tsvector('simple', search_text))"
REFUSE_CHANGE = (
    "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION '% is append only', TG_TABLE_NAME; END $$"
)


def made_append_only(engine: str, tables: Iterable[str]) -> tuple[str, ...]:
    """The statements that make tables refuse any change of their rows."""
    if engine == "sqlite":
        return tuple(
            f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append only'); END"
            for table in tables
            for verb in ("UPDATE", "DELETE")
        )
    return tuple(
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        for table in tables
    )


def made_ordinary(engine: str, tables: Iterable[str]) -> tuple[str, ...]:
    """The statements that undo `made_append_only`."""
    if engine == "sqlite":
        return tuple(f"DROP TRIGGER {table}_no_{verb}" for table in tables for verb in ("update", "delete"))
    return tuple(f"DROP TRIGGER {table}_append_only ON {table}" for table in tables)


def made_irreplaceable(engine: str, tables: Iterable[str]) -> tuple[str, ...]:
    """The statements that make tables refuse a row whose key is taken. `INSERT OR REPLACE` would delete the one there
    without a word to the triggers above: SQLite asks them only when told to, by each connection. PostgreSQL has no such
    order: its `ON CONFLICT DO UPDATE` is an UPDATE, which they refuse."""
    if engine != "sqlite":
        return ()
    return tuple(
        f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} WHEN {_taken(table)} "
        f"BEGIN SELECT RAISE(ABORT, '{table} is append only'); END"
        for table in tables
    )


def made_replaceable(engine: str, tables: Iterable[str]) -> tuple[str, ...]:
    """The statements that undo `made_irreplaceable`."""
    return tuple(f"DROP TRIGGER {table}_no_replace" for table in tables) if engine == "sqlite" else ()


def _taken(table: str) -> str:
    keys = (("rowid",), *UNIQUE.get(table, ()))
    same = (" AND ".join(f"{column} = NEW.{column}" for column in key) for key in keys)
    return " OR ".join(f"EXISTS (SELECT 1 FROM {table} WHERE {each})" for each in same)  # noqa: S608 (our own names)


def _up(tables: Iterable[str]) -> dict[str, tuple[str, ...]]:
    return {
        "sqlite": (*made_append_only("sqlite", tables), SQLITE_WORDS),
        "postgresql": (REFUSE_CHANGE, *made_append_only("postgresql", tables), POSTGRESQL_WORDS),
    }


FIRST_UP = _up(FIRST_APPEND_ONLY)
FIRST_DOWN = {
    "sqlite": ("DROP TABLE ticket_words", *made_ordinary("sqlite", FIRST_APPEND_ONLY)),
    "postgresql": (
        "DROP INDEX ticket_words",
        *made_ordinary("postgresql", FIRST_APPEND_ONLY),
        "DROP FUNCTION refuse_change()",
    ),
}
UP = {
    engine: (*statements, *made_irreplaceable(engine, APPEND_ONLY))
    for engine, statements in _up(APPEND_ONLY).items()
}
