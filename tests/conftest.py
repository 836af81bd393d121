"""What every test may ask for: a fresh database of either engine. And what could not run is said, loudly.

A test that needs a database takes `database_url`, `engine` or `database`: it runs twice, on SQLite and on
PostgreSQL, each time on a database of its own. `module_database_url`, `module_engine`: one for a whole file.
"""

import os
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from hypothesis import settings
from sqlalchemy import Engine

from router.store.engine import Database, create_engine_from
from tests.databases import KINDS, Databases
from tests.postgres import shared_server

settings.register_profile("meaning", deadline=None)  # what holds of any text holds on a busy machine too
settings.load_profile("meaning")


@pytest.fixture(scope="session")
def run_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all processes of one test run share."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else base


@pytest.fixture(scope="session")
def databases(run_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Databases]:
    """Makes databases of either kind; PostgreSQL starts when first asked for."""
    with ExitStack() as opened:
        addresses: list[str] = []

        def server_url() -> str:
            if not addresses:
                addresses.append(opened.enter_context(shared_server(run_folder)))
            return addresses[0]

        made = Databases(tmp_path_factory.mktemp("databases"), server_url)
        yield made
        made.close()


@pytest.fixture(params=KINDS)
def database_url(request: pytest.FixtureRequest, databases: Databases) -> Iterator[str]:
    """A database of this test alone, at the last migration."""
    url = databases.migrated(request.param)
    yield url
    databases.drop(url)


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    made = create_engine_from(database_url, synchronous="NORMAL")
    yield made
    made.dispose()


@pytest.fixture
def database(engine: Engine) -> Database:
    return Database(engine)


@pytest.fixture(scope="module", params=KINDS)
def module_database_url(request: pytest.FixtureRequest, databases: Databases) -> Iterator[str]:
    """A database for all tests of one file, at the last migration."""
    url = databases.migrated(request.param)
    yield url
    databases.drop(url)


@pytest.fixture(scope="module")
def module_engine(module_database_url: str) -> Iterator[Engine]:
    made = create_engine_from(module_database_url, synchronous="NORMAL")
    yield made
    made.dispose()


def pytest_sessionfinish(session: pytest.Session) -> None:
    """A skipped test is one that could not run: in continuous integration that is a failure."""
    if _skipped(session.config) and os.environ.get("CI") == "true" and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    skipped = _skipped(config)
    if not skipped:
        return
    terminalreporter.section("COULD NOT RUN", sep="!", red=True, bold=True)
    for name, reason in skipped:
        terminalreporter.write_line(f"{name}: {reason}")
    terminalreporter.write_line(
        f"{len(skipped)} tests could not run; with CI=true this is a failure.", red=True
    )


def _skipped(config: pytest.Config) -> list[tuple[str, str]]:
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    if not isinstance(reporter, pytest.TerminalReporter):
        return []
    return [(report.nodeid, str(report.longrepr[2])) for report in reporter.stats.get("skipped", [])]
