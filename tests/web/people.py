"""The people of the web tests, their collèges, and an application of theirs on a given database."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient

import web
from router.desk import passwords
from router.desk.house import Desk
from router.model.words import Role
from router.settings import MailMode, Settings
from router.store.engine import Database
from router.store.tables import Account, College

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
PASSWORD = "quatre mots pour essayer"
QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
UAI = "0359001U"


@dataclass
class SettableClock:
    """The time of a test, moved by hand."""

    at: datetime = NOON

    def __call__(self) -> datetime:
        return self.at

    def forward(self, length: timedelta) -> None:
        self.at += length


@cache
def quick_hash() -> str:
    return QUICK.hash(PASSWORD)


@contextmanager
def quick_hashes() -> Iterator[None]:
    """Real argon2, with the least work: the tests sign in hundreds of times."""
    usual, passwords.HASHER = passwords.HASHER, QUICK
    passwords._nobodys_hash.cache_clear()
    try:
        yield
    finally:
        passwords.HASHER = usual
        passwords._nobodys_hash.cache_clear()


def settings_for_tests(**changes: Any) -> Settings:
    return replace(Settings(mail_mode=MailMode.KEEP, data_folder=Path("unused")), **changes)


def an_application(database: Database, clock: SettableClock, **changes: Any) -> Flask:
    app = web.create_app(desk=Desk(database, settings_for_tests(**changes)), clock=clock)
    app.testing = True
    app.config["PROPAGATE_EXCEPTIONS"] = False  # an unforeseen error gets its page, as in production
    return app


def add_college(database: Database, uai: str = UAI, name: str = "Collège Élise-Martin") -> str:
    with database.writing() as session:
        session.add(
            College(
                uai=uai,
                name=name,
                town="Vaudreuil",
                postcode="35999",
                departement=uai[:3],
                academie="Académie d'essai",
                convention_id=None,
                state="OUVERT",
                email="college@example.org",
                phone="",
                directory={},
                imported_at=NOON,
            )
        )
    return uai


def add_account(database: Database, name: str, role: Role, **values: Any) -> int:
    """An active account with the tests' password; its id. Its address is made from its name."""
    columns: dict[str, Any] = {
        "email": f"{name.lower().replace(' ', '.')}@example.org",
        "duty": "technicien",
        "password_hash": quick_hash(),
        "party": None,
        "institution": None,
        "convention_id": None,
        "uai": None,
        "created_at": NOON,
        "signed_in_at": None,
        "active": True,
        "security_contact": False,
        "coordinator": False,
    }
    account = Account(name=name, role=role.value, **(columns | values))
    with database.writing() as session:
        session.add(account)
    return account.id


def sign_in(client: FlaskClient, email: str, password: str = PASSWORD, **options: Any) -> Any:
    """Through the sign-in form, with its token."""
    token = token_of(client.get("/connexion").text)
    form = {"email": email, "password": password, "csrf_token": token}
    return client.post("/connexion", data=form, **options)


def token_of(page: str) -> str:
    """The token of the first form of a page."""
    return page.split('name="csrf_token"', 1)[1].split('value="', 1)[1].split('"', 1)[0]
