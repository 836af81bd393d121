"""`serve`, `worker`, `db`: the processes of an installation, and its tables."""

import logging
import os
import sys

import click

from router.commands.drafts import said_of
from router.commands.french import FrenchCommand, FrenchGroup
from router.commands.invocation import OK, Invocation, config_option
from router.desk.installation import bring_up, offer_shipped
from router.model.actor import Refused
from router.settings import Settings
from router.worker import run_worker

WEB = "web:create_app()"  # by name: the domain imports no web library
GRACE_SECONDS = 20


@click.group(cls=FrenchGroup, help="Met la base de données à niveau.")
@config_option
def db() -> None:
    """The family itself does nothing."""


@db.command(help="Crée les tables, ou les amène à cette version. Une base à jour reste telle quelle.")
@config_option
@click.pass_obj
def upgrade(invocation: Invocation) -> int:
    """Walks the migrations up."""
    settings = invocation.settings()
    bring_up(settings)
    click.echo("La base de données est à jour.")
    try:
        offered = said_of(offer_shipped(settings, invocation.now()))
    except Refused as refusal:  # the tables are up to date whatever the rules folder holds
        offered = f"Les règles livrées n'ont pas été comparées à celles en vigueur. {refusal.message}"
    if offered:
        click.echo(offered)
    return OK


@click.command(
    cls=FrenchCommand, help="Sert l'application web à l'adresse de la configuration, jusqu'à SIGTERM."
)
@config_option
@click.pass_obj
def serve(invocation: Invocation) -> None:
    """Becomes the web server: no process in between keeps a signal from it."""
    desk = invocation.desk()
    desk.database.engine.dispose()
    if invocation.config is not None:
        os.environ["AIGUILLAGE_CONFIG"] = str(invocation.config.resolve())
    bind = f"{desk.settings.host}:{desk.settings.port}"
    command = gunicorn(desk.settings, bind)
    os.execv(command[0], command)  # noqa: S606  # our own interpreter, no shell


@click.command(cls=FrenchCommand, help="Suit les échéances et envoie les messages, jusqu'à SIGTERM.")
@click.option("--once", is_flag=True, help="Un seul passage, puis s'arrête.")
@click.option(
    "--log-level", type=click.Choice(["info", "warning", "error"]), default="info", help="Détail des journaux."
)
@config_option
@click.pass_obj
def worker(invocation: Invocation, log_level: str, *, once: bool) -> int:
    """Logs go to the standard error."""
    desk = invocation.desk()
    desk.database.engine.dispose()
    logging.basicConfig(level=log_level.upper(), format="%(asctime)s %(levelname)s %(message)s")
    run_worker(desk.settings, once=once)
    return OK


def gunicorn(settings: Settings, bind: str, grace_seconds: int = GRACE_SECONDS) -> list[str]:
    """The command that serves the application on `bind` with the processes and threads of the settings."""
    return [
        sys.executable,
        "-m",
        "gunicorn",
        "--bind",
        bind,
        "--workers",
        str(settings.web_workers),
        "--threads",
        str(settings.web_threads),
        "--worker-class",
        "gthread",
        "--graceful-timeout",
        str(grace_seconds),
        "--no-control-socket",  # it would lie in the home folder, which a service may not have
        WEB,
    ]
