"""The small territory of the use cases' tests, its people with a password, and the pages around it."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import unescape
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update

import web
from router.store.engine import Database, open_database
from router.store.tables import Account, Ticket
from tests.databases import Databases
from tests.desk.world import MONDAY, World, settle_world
from tests.web.people import SettableClock, quick_hash, quick_hashes, settings_for_tests, sign_in, token_of


@dataclass
class Pages:
    """An application on a world, one client, and a clock."""

    world: World
    app: Flask
    clock: SettableClock
    client: FlaskClient = field(init=False)

    def __post_init__(self) -> None:
        self.client = self.app.test_client()

    def sign_in(self, who: str) -> "Pages":
        self.client = self.app.test_client()
        assert sign_in(self.client, self.world[who].email).status_code == 302
        return self

    def form(self, address: str = "/signaler") -> dict[str, Any]:
        """The hidden fields of a form as the page gives them."""
        page = self.client.get(address).text
        fields: dict[str, Any] = {"csrf_token": token_of(page)}
        for name in ("key", "uai"):
            if found := re.search(rf'name="{name}"[^>]*value="([^"]*)"', page):
                fields[name] = found.group(1)
        return fields

    def post(self, data: dict[str, Any], **options: Any) -> Any:
        return self.client.post("/signaler", data=data, **options)

    def tickets(self) -> int:
        with self.world.desk.database.reading() as session:
            return session.scalar(select(func.count(Ticket.id))) or 0


def open_pages(database: Database, **changes: Any) -> Pages:
    """Needs `quick_hashes` and a secret key in the environment."""
    world = settle_world(database, settings_for_tests(**changes))
    with database.writing() as session:
        session.execute(update(Account).values(password_hash=quick_hash()))
    clock = SettableClock(MONDAY)
    app = web.create_app(desk=world.desk, clock=clock)
    app.testing = True
    app.config["PROPAGATE_EXCEPTIONS"] = False
    return Pages(world, app, clock)


def text_of(page: str) -> str:
    """What is read on a page: no tags, plain spaces."""
    bare = unescape(re.sub(r"<[^>]+>", "", page))
    return re.sub(r"[\s\u00a0\u202f]+", " ", bare)


@contextmanager
def pages_on_sqlite(databases: Databases, monkeypatch: pytest.MonkeyPatch) -> Iterator[Pages]:
    """The pages on a fresh SQLite database, dropped afterwards."""
    monkeypatch.setenv("AIGUILLAGE_SECRET_KEY", "k" * 40)
    url = databases.migrated("sqlite")
    database = open_database(url, synchronous="NORMAL")
    with quick_hashes():
        yield open_pages(database)
    database.engine.dispose()
    databases.drop(url)
