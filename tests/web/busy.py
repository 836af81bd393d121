"""A week of believable tickets in the small world, made by the use cases with past times; and its signed-in people."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from html import unescape
from typing import Any

from flask import Flask, url_for
from flask.testing import FlaskClient
from sqlalchemy import event, make_url, update

import web
from router.desk import alert, escalate, handle, redecide, settling
from router.desk.attachments import GivenFile
from router.model.words import Party, PauseCause
from router.store.engine import Database, open_database
from router.store.tables import Account, College
from tests.databases import Databases
from tests.desk.world import MONDAY, World, hours, settle_world
from tests.web.people import PASSWORD, SettableClock, quick_hash, quick_hashes, sign_in, token_of

NOW = MONDAY + timedelta(days=2, hours=1, minutes=20)
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 2000
BREACH = "Un message réclame de l'argent pour rendre les fichiers. Tous les documents ont changé de nom."
PROJECTOR = "Rien ne se passe quand on appuie sur le bouton.\nLe voyant reste rouge."
TABLETS = "Six tablettes sur douze restent à 3 % après une nuit sur le chariot."
INTERNET = "Le wifi répond mais aucune page ne s'ouvre, ni sur les postes fixes."
BREAKDOWNS = (
    ("rupn", "Le vidéoprojecteur de la salle 204 ne s'allume plus", PROJECTOR, "VP-204"),
    ("teacher", "Les tablettes de la classe mobile ne se rechargent pas", TABLETS, ""),
    ("rupn_too", "Plus d'internet dans tout le bâtiment B", INTERNET, ""),
    ("bursar", "L'imprimante de l'intendance sort des pages blanches", "Elle sert aux factures du mois.", ""),
    ("rupn", "Deux postes de la salle info restent sur un écran noir", "Depuis la coupure de courant.", ""),
    (
        "rupn_too",
        "Le tableau interactif ne suit plus le stylet",
        "Le tracé apparaît dix centimètres à côté.",
        "",
    ),
)


def open_doors(world: World) -> None:
    """Everyone may sign in with the tests' password; names and towns that a page really meets."""
    names = {
        "rupn": "Aïcha Benali", "technician": "Nadia Roche", "colleague": "Hugo Lemaire", "lead": "Paul Ferrand",
        "teacher": "Marc Delcourt", "bursar": "Sylvie Prat", "principal": "Jeanne Corvec", "rssi": "Karim Haddad",
        "dsi": "Léa Vannier", "dsi_lead": "Bruno Castel", "rupn_too": "Yann Le Goff",
    }  # fmt: skip
    with world.desk.database.writing() as session:
        session.execute(update(Account).values(password_hash=quick_hash()))
        for key, name in names.items():
            session.execute(update(Account).where(Account.id == world[key].id).values(name=name))
        session.execute(update(College).values(phone="0200000000"))
    world.people.update({key: _named(world, key, name) for key, name in names.items()})


def _named(world: World, key: str, name: str) -> Any:
    return replace(world[key], name=name)


def busy_week(world: World) -> dict[str, int]:
    """Tickets in every state; their numbers by a short name."""
    made = {f"breakdown{n}": _file(world, n) for n in range(len(BREAKDOWNS))}
    made |= _handled(world) | _waiting(world) | _contested(world) | _security(world)
    escalate.run_due(world.desk, NOW - hours(0.5))
    return made


def _file(world: World, number: int) -> int:
    who, subject, body, tag = BREAKDOWNS[number]
    at = MONDAY - timedelta(days=6 - number)
    return world.file(who, subject, body, at, asset_tag=tag).ticket


def _handled(world: World) -> dict[str, int]:
    desk, technician, friday = world.desk, world["technician"], MONDAY - timedelta(days=3)
    taken = world.file(
        "rupn", "Le clavier du poste du CDI ne répond plus", "Des touches sont bloquées.", MONDAY
    ).ticket
    handle.take(desk, technician, taken, MONDAY + hours(2))
    handle.comment(desk, technician, taken, "Je passe mardi matin avec un clavier neuf.", MONDAY + hours(3))
    handle.note(
        desk, technician, taken, "Prendre aussi une souris : même lot, même panne.", MONDAY + hours(3.2)
    )
    solved = world.file("rupn", "Le vidéoprojecteur de la salle 101 clignote", "Sans arrêt.", friday).ticket
    handle.take(desk, technician, solved, friday + hours(2))
    photograph = [GivenFile("ecran salle 101.png", PNG)]
    handle.comment(desk, world["rupn"], solved, "Voici la photo.", friday + hours(3), files=photograph)
    settling.resolve(desk, technician, solved, "Câble HDMI changé : il était pincé.", MONDAY + hours(6))
    return {"taken": taken, "solved": solved}


def _waiting(world: World) -> dict[str, int]:
    desk, colleague = world.desk, world["colleague"]
    subject = "Le son ne sort plus de l'ordinateur de la salle 108"
    asked = world.file("teacher", subject, "Les enceintes sont branchées.", MONDAY + hours(1)).ticket
    question = "Le son sort-il avec un casque branché à la place ?"
    handle.ask_information(desk, world["technician"], asked, question, MONDAY + hours(4))
    subject = "L'écran du poste 3 du CDI reste éteint"
    paused = world.file("rupn", subject, "Testé ailleurs.", MONDAY + hours(1.5), asset_tag="VP-204").ticket
    handle.take(desk, colleague, paused, MONDAY + hours(2))
    reason = "Écran commandé, livraison prévue jeudi."
    handle.pause(desk, colleague, paused, PauseCause.PART, reason, None, MONDAY + hours(5))
    subject = "Mes élèves n'ouvrent pas le parcours Éléa"
    first = world.file("teacher", subject, "Message « vous n'êtes pas inscrit ».", MONDAY + hours(2)).ticket
    return {"asked": asked, "paused": paused, "first": first}


def _contested(world: World) -> dict[str, int]:
    ticket = world.file(
        "rupn_too",
        "Le chariot de portables du plan national ne s'allume plus",
        "Étiquette de l'académie dessus.",
        MONDAY,
    ).ticket
    moves = (
        ("technician", Party.ACADEMIE_DSI, "D211-14", "Matériel du plan national, absent de notre inventaire."),
        (
            "dsi",
            Party.DEPARTEMENT_MAINTENANCE,
            "3.1.3",
            "Remis au Département à la rentrée, l'étiquette est ancienne.",
        ),
        ("technician", Party.ACADEMIE_DSI, "D211-14", "Aucune trace de cette remise dans l'inventaire."),
    )
    for number, (who, to, article, reason) in enumerate(moves):
        redecide.transfer(world.desk, world[who], ticket, to, article, reason, MONDAY + hours(number + 1))
    return {"contested": ticket}


def _security(world: World) -> dict[str, int]:
    desk, rssi = world.desk, world["rssi"]
    breach = world.file(
        "teacher",
        "Les fichiers de la salle info sont illisibles",
        BREACH,
        NOW - hours(1.2),
        facts={"category": "security", "asset_owner": "departement"},
    ).ticket
    handled = world.file(
        "rupn",
        "Un faux courriel de l'académie a été ouvert",
        "Le mot de passe a été donné.",
        MONDAY,
        facts={"category": "security"},
    ).ticket
    alert.acknowledge(desk, rssi, handled, MONDAY + hours(0.3))
    alert.log_action(desk, rssi, handled, "Mot de passe changé, sessions fermées.", MONDAY + hours(0.5))
    alert.log_action(
        desk,
        rssi,
        handled,
        "Même expéditeur que l'alerte de la semaine passée.",
        MONDAY + hours(0.6),
        private=True,
    )
    alert.contain(
        desk,
        rssi,
        handled,
        "Bloquer l'adresse de l'expéditeur sur le filtrage.",
        {"category": "network", "asset_owner": "departement"},
        MONDAY + hours(0.7),
    )
    denied = world.file(
        "teacher",
        "Écran bizarre au poste 4",
        "Un message exige une rançon, tout est chiffré.",
        NOW - hours(3),
        facts={"category": "hardware"},
    ).ticket
    return {"breach": breach, "handled": handled, "denied": denied}


def application(world: World, at: datetime = NOW) -> Flask:
    app = web.create_app(desk=world.desk, clock=SettableClock(at))
    app.testing = True
    app.config["PROPAGATE_EXCEPTIONS"] = False
    return app


def signed_in(app: Flask, name: str) -> FlaskClient:
    client = app.test_client()
    answer = sign_in(client, address(name), PASSWORD)
    assert answer.status_code == 302, answer.text
    return client


def address(name: str) -> str:
    return f"{name.replace('_', '-')}@example.org"


@dataclass
class Office:
    """The busy world, its application, and one signed-in client for each person who was asked for."""

    world: World
    app: Flask
    made: dict[str, int]
    clients: dict[str, FlaskClient] = field(default_factory=dict)

    def by(self, name: str) -> FlaskClient:
        if name not in self.clients:
            self.clients[name] = signed_in(self.app, name)
        return self.clients[name]

    def post(self, name: str, path: str, data: dict[str, Any] | None = None, **options: Any) -> Any:
        """A form sent with the token of the person's own session."""
        client = self.by(name)
        token = token_of(client.get("/mon-compte").text)
        return client.post(path, data={"csrf_token": token} | (data or {}), **options)

    def make(self, name: str, ticket: int, gesture: str, **fields: Any) -> Any:
        """A gesture by its name; the fields without their prefix."""
        with self.app.test_request_context():
            path = url_for(f"ticket.{gesture}", ticket_id=ticket)
        return self.post(name, path, {f"{gesture}-{key}": value for key, value in fields.items()})


def open_office(database: Database, *, busy: bool = True) -> Office:
    """Needs `quick_hashes` and a secret key in the environment."""
    world = settle_world(database)
    open_doors(world)
    made = busy_week(world) if busy else {}
    return Office(world, application(world), made)


@contextmanager
def sqlite_office(databases: Databases, *, busy: bool = True) -> Iterator[Office]:
    """An office on a SQLite database of its own."""
    model = _model(databases, busy)
    url = databases.migrated("sqlite")
    _copy(make_url(model.url).database or "", make_url(url).database or "")
    database = open_database(url, synchronous="NORMAL")
    world = World(replace(model.world.desk, database=database), model.world.people)
    with quick_hashes():
        yield Office(world, application(world), model.made)
    database.engine.dispose()
    databases.drop(url)


def _copy(source: str, target: str) -> None:
    """With what its journal still holds, which copying the file would leave behind."""
    with closing(sqlite3.connect(source)) as full, closing(sqlite3.connect(target)) as empty:
        full.backup(empty)


@dataclass(frozen=True)
class Model:
    """A database filled once, that tests copy."""

    url: str
    world: World
    made: dict[str, int]


MODELS: dict[tuple[int, bool], Model] = {}


def _model(databases: Databases, busy: bool) -> Model:
    key = (id(databases), busy)
    if key not in MODELS:
        url = databases.migrated("sqlite")
        database = open_database(url, synchronous="NORMAL")
        with quick_hashes():
            world = settle_world(database)
            open_doors(world)
            MODELS[key] = Model(url, world, busy_week(world) if busy else {})
        database.engine.dispose()
    return MODELS[key]


@contextmanager
def statements(office: Office | World) -> Iterator[list[str]]:
    """The SQL statements that run inside the block."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        seen.append(statement)

    world = office if isinstance(office, World) else office.world
    engine = world.desk.database.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)


def text_of(page: str) -> str:
    """What a reader reads: no tag, single spaces."""
    body = re.sub(r"<(script|style).*?</\1>", " ", page, flags=re.S)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).replace("\u202f", " ").split())
