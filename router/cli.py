"""The command line. Each command lies in its own file of `commands/`, imported only when it is called: a program
that starts `aiguillage classify` for a few lines must not wait for the database's or the web server's libraries.

Reads the clock once per call, hands it down, and turns what can go wrong into one French sentence."""

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import import_module

import click

from router.commands.french import FrenchGroup, said
from router.commands.invocation import FAULT, OK, USAGE, Invocation, config_option
from router.model.actor import Refused
from router.settings import SettingsError


@dataclass(frozen=True, slots=True)
class Entry:
    """Where a command lies, and the line `--help` says of it without importing it."""

    module: str
    help: str


COMMANDS: Mapping[str, Entry] = {
    "classify": Entry("answers.classify", "Dit la catégorie d'incidents, ligne à ligne (JSON Lines)."),
    "decide": Entry("answers.decide", "Dit qui est compétent, ligne à ligne (JSON Lines)."),
    "file": Entry("filing.file", "Ouvre des dossiers, ligne à ligne (JSON Lines)."),
    "due": Entry("due.due", "Calcule des échéances, ligne à ligne (JSON Lines)."),
    "rules": Entry("rules.rules", "Vérifie, explique, tabule, compare ou publie le recueil de règles."),
    "import": Entry(
        "stock.stock", "Importe les collèges, l'inventaire, les comptes ou le calendrier scolaire."
    ),
    "report": Entry("report.report", "Écrit les chiffres d'une période (JSON ou CSV)."),
    "clocks": Entry("clocks.clocks", "Recalcule les échéances enregistrées et dit toute différence."),
    "classifier": Entry(
        "classifier.classifier", "Apprend des corrections acceptées ; choisit la version en service."
    ),
    "journal": Entry("watch.journal", "Vérifie le journal des dossiers."),
    "health": Entry("watch.health", "Dit si le service tient ses promesses en ce moment."),
    "db": Entry("running.db", "Met la base de données à niveau."),
    "serve": Entry("running.serve", "Sert l'application web."),
    "worker": Entry("running.worker", "Suit les échéances et envoie les messages."),
    "demo": Entry("demo.demo", "Essaie Aiguillage avec des données fictives."),
}


class Commands(FrenchGroup):
    """The root: finds a command by its name, and imports that one only."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        entry = COMMANDS.get(cmd_name)
        if entry is None:
            return None
        module, _, name = entry.module.partition(".")
        command: click.Command = getattr(import_module(f"router.commands.{module}"), name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commandes"):
            formatter.write_dl([(name, entry.help) for name, entry in COMMANDS.items()])


@click.command(cls=Commands, help="Aiguillage : les incidents numériques des collèges, au bon service.")
@config_option
def root() -> None:
    """The group itself does nothing."""


def main(arguments: list[str] | None = None) -> None:
    """Runs one command and exits: 0 when all is well, 1 for a refused line or a fault, 2 for a usage error."""
    sys.exit(run(arguments))


def run(arguments: list[str] | None = None) -> int:
    """The same, giving the exit code back."""
    try:
        outcome = root.main(arguments, "aiguillage", standalone_mode=False, obj=Invocation(_now))
    except BrokenPipeError:
        # Whoever read the answers has gone: nobody is left to tell, and Python would try again at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAULT
    except (click.ClickException, SettingsError) as error:
        click.echo(said(error), err=True)
        return USAGE
    except (Refused, click.Abort, KeyboardInterrupt) as error:
        click.echo(error.message if isinstance(error, Refused) else "Interrompu.", err=True)
        return FAULT
    except Exception as error:
        if not _of_the_database(error):
            raise
        name = type(error).__name__
        click.echo(f"La base de données ne répond pas comme attendu ({name}) : voyez ses journaux.", err=True)
        return FAULT
    return outcome if isinstance(outcome, int) else OK


def _of_the_database(error: Exception) -> bool:
    """Told by its name, so that commands without a database need not import its library."""
    return any(each.__module__.startswith("sqlalchemy.") for each in type(error).__mro__)


def _now() -> datetime:
    return datetime.now(UTC)
