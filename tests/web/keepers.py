"""The pages of whoever keeps the rules, over the world of drafts."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import update

import web
from router.store.engine import Database
from router.store.tables import Account
from tests.desk.drafts import settle_keepers
from tests.desk.world import MONDAY
from tests.web.declare_world import Pages
from tests.web.people import SettableClock, quick_hash, quick_hashes, settings_for_tests


@contextmanager
def keepers_pages(database: Database, monkeypatch: pytest.MonkeyPatch) -> Iterator[Pages]:
    """Nobody is signed in yet; everybody has the tests' password."""
    monkeypatch.setenv("AIGUILLAGE_SECRET_KEY", "k" * 40)
    with quick_hashes():
        world = settle_keepers(database, settings_for_tests())
        with database.writing() as session:
            session.execute(update(Account).values(password_hash=quick_hash()))
        app = web.create_app(desk=world.desk, clock=SettableClock(MONDAY))
        app.testing = True
        app.config["PROPAGATE_EXCEPTIONS"] = False
        yield Pages(world, app, SettableClock(MONDAY))
