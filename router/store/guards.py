"""What the database itself refuses and indexes beyond the tables: an append-only journal, immutable
published books and decisions, and the text index. The migrations and the tests share these statements."""

APPEND_ONLY = ("event", "published_book", "decision", "account_event")

SQLITE_UP = (
    *(
        f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{table} is append only'); END"
        for table in APPEND_ONLY
        for verb in ("UPDATE", "DELETE")
    ),
    # ticket.search_text is already folded (no accent, no capital); rowid = ticket.id
    "CREATE VIRTUAL TABLE ticket_words USING fts5(search_text, prefix='2 3')",
)

SQLITE_DOWN = (
    "DROP TABLE ticket_words",
    *(f"DROP TRIGGER {table}_no_{verb}" for table in APPEND_ONLY for verb in ("update", "delete")),
)

POSTGRESQL_UP = (
    "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION '% is append only', TG_TABLE_NAME; END $$",
    *(
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        for table in APPEND_ONLY
    ),
    "CREATE INDEX ticket_words ON ticket USING gin (to_tsvector('simple', search_text))",
)

POSTGRESQL_DOWN = (
    "DROP INDEX ticket_words",
    *(f"DROP TRIGGER {table}_append_only ON {table}" for table in APPEND_ONLY),
    "DROP FUNCTION refuse_change()",
)

UP = {"sqlite": SQLITE_UP, "postgresql": POSTGRESQL_UP}
DOWN = {"sqlite": SQLITE_DOWN, "postgresql": POSTGRESQL_DOWN}
