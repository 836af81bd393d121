"""What the database itself refuses and indexes beyond the tables: an append-only journal, immutable
published books and decisions, and the text index. The migrations and the tests share these statements.

What a migration has used stays as it was that day: a later one adds its own, and `UP` is all of them."""

from collections.abc import Iterable

FIRST_APPEND_ONLY = ("event", "published_book", "decision", "account_event")
APPEND_ONLY = (*FIRST_APPEND_ONLY, "rule_draft_event", "calendar_change", "seal", "sealed_head")

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
UP = _up(APPEND_ONLY)
