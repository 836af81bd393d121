"""A week of believable tickets in the small world, made by the use cases with past times; and its signed-in people."""

from datetime import datetime, timedelta
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

import web
from router.desk import alert, escalate, handle, redecide, settling
from router.desk.attachments import GivenFile
from router.model.words import Party, PauseCause
from router.store.tables import Account, College
from tests.desk.world import MONDAY, NORTH, NORTH_TOO, SOUTH, World, hours
from tests.web.people import PASSWORD, SettableClock, quick_hash, sign_in

NOW = MONDAY + timedelta(days=2, hours=1, minutes=20)
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 2000
BREACH = "Un message réclame de l'argent pour rendre les fichiers de la salle info. Tous les documents ont changé de nom."
BREAKDOWNS = (
    ("rupn", "Le vidéoprojecteur de la salle 204 ne s'allume plus", "Rien ne se passe quand on appuie sur le bouton.\nLe voyant reste rouge.", "VP-204"),
    ("teacher", "Les tablettes de la classe mobile ne se rechargent pas", "Six tablettes sur douze restent à 3 % après une nuit sur le chariot.", ""),
    ("rupn_too", "Plus d'internet dans tout le bâtiment B", "Le wifi répond mais aucune page ne s'ouvre, ni sur les postes fixes.", ""),
    ("bursar", "L'imprimante de l'intendance n'imprime que des pages blanches", "Elle sert aux factures, nous sommes en fin de mois.", ""),
    ("rupn", "Deux postes de la salle info restent sur un écran noir", "Postes 7 et 8, depuis la coupure de courant de vendredi.", ""),
    ("rupn_too", "Le tableau interactif de la salle 12 ne suit plus le stylet", "Le tracé apparaît dix centimètres à côté.", ""),
)  # fmt: skip


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
    from dataclasses import replace

    return replace(world[key], name=name)


def busy_week(world: World) -> dict[str, int]:
    """Tickets in every state; their numbers by a short name."""
    made = {f"breakdown{n}": _file(world, n) for n in range(len(BREAKDOWNS))}
    made |= _handled(world) | _contested(world) | _security(world)
    escalate.run_due(world.desk, NOW - hours(0.5))
    return made


def _file(world: World, number: int) -> int:
    who, subject, body, tag = BREAKDOWNS[number]
    at = MONDAY - timedelta(days=6 - number)
    return world.file(who, subject, body, at, asset_tag=tag).ticket


def _handled(world: World) -> dict[str, int]:
    desk, technician = world.desk, world["technician"]
    taken = world.file(
        "rupn", "Le clavier du poste du CDI ne répond plus", "Plusieurs touches sont bloquées.", MONDAY
    ).ticket
    handle.take(desk, technician, taken, MONDAY + hours(2))
    handle.comment(desk, technician, taken, "Je passe mardi matin avec un clavier neuf.", MONDAY + hours(3))
    handle.note(
        desk,
        technician,
        taken,
        "Prendre aussi une souris : même lot, même panne à Pontclair.",
        MONDAY + hours(3.2),
    )
    asked = world.file(
        "teacher",
        "Le son ne sort plus de l'ordinateur de la salle 108",
        "Les enceintes sont branchées.",
        MONDAY + hours(1),
    ).ticket
    handle.ask_information(
        desk, technician, asked, "Le son sort-il avec un casque branché à la place ?", MONDAY + hours(4)
    )
    paused = world.file(
        "rupn",
        "L'écran du poste 3 du CDI reste éteint",
        "Testé sur une autre prise.",
        MONDAY + hours(1.5),
        asset_tag="VP-204",
    ).ticket
    handle.take(desk, world["colleague"], paused, MONDAY + hours(2))
    handle.pause(
        desk,
        world["colleague"],
        paused,
        PauseCause.PART,
        "Écran commandé, livraison prévue jeudi.",
        None,
        MONDAY + hours(5),
    )
    solved = world.file(
        "rupn",
        "Le vidéoprojecteur de la salle 101 clignote",
        "Toutes les cinq minutes.",
        MONDAY - timedelta(days=3),
    ).ticket
    handle.take(desk, technician, solved, MONDAY - timedelta(days=3) + hours(2))
    handle.comment(
        desk,
        world["rupn"],
        solved,
        "Voici la photo.",
        MONDAY - timedelta(days=3) + hours(3),
        files=[GivenFile("ecran salle 101.png", PNG)],
    )
    settling.resolve(
        desk, technician, solved, "Câble HDMI changé : il était pincé derrière l'armoire.", MONDAY + hours(6)
    )
    first = world.file(
        "teacher",
        "Mes élèves n'ouvrent pas le parcours Éléa",
        "Message « vous n'êtes pas inscrit ».",
        MONDAY + hours(2),
    ).ticket
    return {"taken": taken, "asked": asked, "paused": paused, "solved": solved, "first": first}


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


COLLEGES = (NORTH, NORTH_TOO, SOUTH)
