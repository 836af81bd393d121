"""Migrations lead, from nothing and step by step, to exactly what the table classes say, on both engines."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, text

from router.store.engine import create_engine_from
from router.store.guards import UP
from router.store.schema import current_revision, downgrade, is_current, revisions, upgrade
from router.store.tables import Base
from tests.databases import KINDS, Databases

VERSIONS = Path(__file__).resolve().parents[2] / "migrations" / "versions"
POSTGRESQL_CATALOGUE = (
    "SELECT 'column', table_name, column_name, data_type, is_nullable, coalesce(column_default, '') "
    "FROM information_schema.columns WHERE table_schema = 'public'",
    "SELECT 'constraint', conrelid::regclass::text, conname, pg_get_constraintdef(oid) "
    "FROM pg_constraint WHERE connamespace = 'public'::regnamespace",
    "SELECT 'index', tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "SELECT 'trigger', tgrelid::regclass::text, tgname, pg_get_triggerdef(oid) "
    "FROM pg_trigger WHERE NOT tgisinternal",
    "SELECT 'function', proname, prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace",
)


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def empty_engine(kind: str, databases: Databases) -> Iterator[Engine]:
    yield from opened(databases, databases.empty(kind))


@pytest.fixture
def engine_of_the_classes(kind: str, databases: Databases) -> Iterator[Engine]:
    yield from opened(databases, databases.empty(kind))


def opened(databases: Databases, url: str) -> Iterator[Engine]:
    engine = create_engine_from(url, synchronous="NORMAL")
    yield engine
    engine.dispose()
    databases.drop(url)


def schema_of(engine: Engine) -> set[tuple[str, ...]]:
    """Everything the database says of its own shape, but for alembic's own table."""
    with engine.connect() as connection:
        found = sqlite_schema if engine.dialect.name == "sqlite" else postgresql_schema
        return {row for row in found(connection) if "alembic_version" not in " ".join(row)}


def sqlite_schema(connection) -> Iterator[tuple[str, ...]]:
    rows = connection.execute(text("SELECT type, tbl_name, name, coalesce(sql, '') FROM sqlite_master"))
    for kind, table, name, sql in rows:
        # Columns and constraints may be written in another order: each is compared by itself.
        for part in (parts_of(sql) if kind == "table" else sql.splitlines()) or [""]:
            yield kind, table, name, re.sub(r"\s+", " ", part).strip(" ,").replace('"', "")


def parts_of(sql: str) -> list[str]:
    """What a table is made of: its head, then each column and constraint, whatever lines they are on."""
    head, _, body = sql.partition("(")
    found, depth = [""], 0
    for character in body.rstrip()[:-1]:
        depth += (character == "(") - (character == ")")
        if character == "," and depth == 0:
            found.append("")
        else:
            found[-1] += character
    return [head, *found]


def postgresql_schema(connection) -> Iterator[tuple[str, ...]]:
    for question in POSTGRESQL_CATALOGUE:
        for row in connection.execute(text(question)):
            yield tuple(str(cell) for cell in row)


def test_migrations_make_exactly_what_the_classes_say(
    empty_engine: Engine, engine_of_the_classes: Engine, kind: str
) -> None:
    upgrade(empty_engine)
    with engine_of_the_classes.begin() as connection:
        Base.metadata.create_all(connection)
        for statement in UP[kind]:
            connection.exec_driver_sql(statement.replace("%", "%%") if kind == "postgresql" else statement)
    migrated, described = schema_of(empty_engine), schema_of(engine_of_the_classes)
    assert sorted(migrated - described) == []
    assert sorted(described - migrated) == []


def test_alembic_sees_nothing_left_to_do(empty_engine: Engine) -> None:
    upgrade(empty_engine)
    with empty_engine.connect() as connection:
        options = {"compare_type": True, "include_object": described_by_a_class}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, Base.metadata) == []


def described_by_a_class(_object: object, name: str | None, *_rest: object) -> bool:
    return name is None or not name.startswith(("ticket_words", "alembic"))


def test_each_migration_walks_up_down_and_up_again(empty_engine: Engine) -> None:
    before = "base"
    for revision in revisions():
        shape_before = schema_of(empty_engine)
        upgrade(empty_engine, revision)
        shape = schema_of(empty_engine)
        downgrade(empty_engine, before)
        assert schema_of(empty_engine) == shape_before
        upgrade(empty_engine, revision)
        assert schema_of(empty_engine) == shape
        before = revision
    assert is_current(empty_engine)


def test_upgrading_twice_changes_nothing(empty_engine: Engine) -> None:
    assert current_revision(empty_engine) is None
    upgrade(empty_engine)
    shape = schema_of(empty_engine)
    upgrade(empty_engine)
    assert schema_of(empty_engine) == shape


def test_migrations_are_numbered_in_a_row_and_tell_their_story() -> None:
    files = sorted(VERSIONS.glob("*.py"))
    assert [path.name[:4] for path in files] == [f"{number:04}" for number in range(1, len(files) + 1)]
    stories = {path.name: ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) for path in files}
    assert [name for name, story in stories.items() if not story or len(story.splitlines()) < 3] == []
