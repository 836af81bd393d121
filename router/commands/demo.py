"""`demo`: a made-up installation, loaded once, then served with its worker until Ctrl-C."""

import json
import os
import socket
import sys
from dataclasses import fields, replace
from pathlib import Path

import click

from router.commands.french import FrenchCommand
from router.commands.invocation import FAULT, OK, Invocation, config_option
from router.commands.running import gunicorn
from router.demo.load import Scale, is_loaded, load
from router.demo.people import shown_accounts
from router.demo.supervision import Child, supervise
from router.desk.passwords import DEMO_PASSWORD
from router.settings import EMBEDDED, Settings, demo_settings

TRIED_PORTS = 50
GRACE_SECONDS = 4  # of the application: whoever tries it alone has nothing to finish
SEED = 2025
WHOLE = Scale()


@click.command(
    cls=FrenchCommand, help="Charge une académie fictive, la sert avec son travail de fond, jusqu'à Ctrl-C."
)
@click.option("--port", type=click.IntRange(0, 65535), help="Port (sinon 8000, ou le premier libre après lui).")
@click.option("--no-serve", "only_load", is_flag=True, help="Charge les données et s'arrête.")
@click.option("--seed", type=int, default=SEED, show_default=True, help="Graine du tirage des données.")
@click.option(
    "--colleges", type=click.IntRange(2, 44), default=WHOLE.colleges, show_default=True, help="Collèges."
)
@click.option(
    "--assets", type=click.IntRange(0, 20_000), default=WHOLE.assets, show_default=True, help="Matériels."
)
@click.option(
    "--tickets", type=click.IntRange(2, 20_000), default=WHOLE.tickets, show_default=True, help="Dossiers."
)
@config_option
@click.pass_obj
def demo(
    invocation: Invocation,
    port: int | None,
    seed: int,
    colleges: int,
    assets: int,
    tickets: int,
    *,
    only_load: bool,
) -> int:
    """Started again, it keeps its data."""
    settings = _settings(invocation)
    _check_folder(settings.data_folder)
    with _listening(port, settings) as listener:
        settings = _reached_at(settings, listener)
        if is_loaded(settings):
            _say(f"Données de démonstration gardées : {settings.data_folder}")
        else:
            done = load(settings, invocation.now(), seed, Scale(colleges, assets, tickets), _say)
            _say(f"{done.tickets} dossiers chargés en {done.seconds:.0f} s.")
        return OK if only_load else _serve(settings, listener)


def _settings(invocation: Invocation) -> Settings:
    """The demonstration never fills a database that a configuration file names for something else."""
    settings = invocation.settings()
    if settings.source != EMBEDDED and not settings.demo:
        raise click.UsageError(
            f"{settings.source} décrit une vraie installation : la démonstration n'y touche pas. "
            "Écrivez-y « demo = true », ou lancez-la d'un autre dossier."
        )
    return demo_settings(settings)


def _check_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        writable = os.access(folder, os.W_OK | os.X_OK)
    except OSError:
        writable = False
    if not writable:
        raise click.UsageError(f"le dossier de données {folder} n'est pas accessible en écriture.")


def _listening(port: int | None, settings: Settings) -> socket.socket:
    """A socket already bound: nobody can take the port between its choice and the server's start."""
    first = settings.port if port is None else port
    tried = range(first, first + (TRIED_PORTS if port is None else 1))
    for candidate in tried:
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((settings.host, candidate))
            listener.listen(128)
        except OSError:
            listener.close()
        else:
            return listener
    raise click.UsageError(f"aucun port libre de {tried[0]} à {tried[-1]} : donnez-en un avec --port.")


def _reached_at(settings: Settings, listener: socket.socket) -> Settings:
    host, port = listener.getsockname()
    return replace(
        settings, port=port, public_url=f"http://{host}:{port}", data_folder=settings.data_folder.resolve()
    )


def _serve(settings: Settings, listener: socket.socket) -> int:
    config = settings.data_folder / "demo.toml"
    config.write_text(_toml(settings), encoding="utf-8")
    environment = {**os.environ, "AIGUILLAGE_CONFIG": str(config)}
    descriptor = listener.fileno()
    web = [*gunicorn(settings, f"fd://{descriptor}", GRACE_SECONDS), "--log-level", "warning"]
    worker = [sys.executable, "-m", "router", "worker", "--log-level", "warning"]
    stopped_by_itself = supervise(
        (Child("application", web, (descriptor,)), Child("travail de fond", worker)),
        environment,
        settings.public_url,
        lambda: _say(_welcome(settings)),
    )
    if stopped_by_itself:
        click.echo(f"La démonstration s'arrête : {stopped_by_itself} s'est arrêté tout seul.", err=True)
        return FAULT
    _say("Arrêté. Les données sont gardées.")
    return OK


def _toml(settings: Settings) -> str:
    """The settings as a configuration file, for the two processes."""
    lines = ["# Écrit par « aiguillage demo » à chaque démarrage."]
    for each in fields(settings):
        value = getattr(settings, each.name)
        if each.name == "source" or value is None:
            continue
        plain = str(value) if isinstance(value, Path) else list(value) if isinstance(value, tuple) else value
        lines.append(f"{each.name} = {json.dumps(plain, ensure_ascii=False)}")
    return "\n".join(lines) + "\n"


def _welcome(settings: Settings) -> str:
    accounts = shown_accounts()
    width = max(len(email) for email, _ in accounts)
    lines = [f"  {email:<{width}}  {label}" for email, label in accounts]
    return "\n".join(
        [
            "",
            f"Aiguillage est prêt : {settings.public_url}",
            "",
            f"Un compte par rôle, mot de passe « {DEMO_PASSWORD} » pour tous :",
            *lines,
            "",
            "Ctrl-C arrête tout ; les données restent pour la prochaine fois.",
        ]
    )


def _say(line: str) -> None:
    click.echo(line)
    sys.stdout.flush()
