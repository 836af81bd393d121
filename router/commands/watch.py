"""`journal` and `health`: whether what was recorded still holds, and whether the service works."""

import json
from dataclasses import asdict
from datetime import timedelta
from typing import Any

import click

from router.commands.french import FrenchCommand, FrenchGroup
from router.commands.invocation import FAULT, OK, Invocation, config_option
from router.desk.health import Health
from router.desk.health import health as health_of
from router.desk.installation import verify_journal


@click.group(cls=FrenchGroup, help="Vérifie le journal des dossiers.")
@config_option
def journal() -> None:
    """The family itself does nothing."""


@journal.command(help="Recalcule les chaînes du journal ; nomme la première entrée rompue de chaque dossier.")
@click.option("--ticket", type=click.IntRange(1, 2**63 - 1), metavar="NUMÉRO", help="Un seul dossier.")
@click.option("--json", "as_json", is_flag=True, help="Écrit le résultat pour un programme.")
@config_option
@click.pass_obj
def verify(invocation: Invocation, ticket: int | None, *, as_json: bool) -> int:
    """The code is 1 when a chain is broken."""
    count, breaks = verify_journal(invocation.desk(), ticket)
    if as_json:
        found = [{"ticket": each.ticket_id, "seq": each.seq, "message": each.reason} for each in breaks]
        click.echo(json.dumps({"entries": count, "breaks": found}, ensure_ascii=False, indent=2))
        return FAULT if breaks else OK
    for each in breaks:
        click.echo(f"dossier {each.ticket_id}, entrée {each.seq} : {each.reason}")
    click.echo(f"{count} entrées vérifiées, {len(breaks) or 'aucune'} rupture{'s' if len(breaks) > 1 else ''}.")
    return FAULT if breaks else OK


@click.command(cls=FrenchCommand, help="Dit si le service tient ses promesses en ce moment ; le code 1 sinon.")
@click.option("--json", "as_json", is_flag=True, help="Écrit l'état pour un programme.")
@config_option
@click.pass_obj
def health(invocation: Invocation, *, as_json: bool) -> int:
    """The same state as the page for monitors."""
    desk = invocation.desk()
    found = health_of(desk.database, invocation.now())
    if as_json:
        click.echo(json.dumps(_health_json(found), ensure_ascii=False, indent=2))
    else:
        click.echo("Tout va bien." if found.ok else "\n".join(found.reasons))
        click.echo(
            f"Messages en attente : {found.queued} ; mis de côté : {found.failed} ; relances en échec : {found.poison}."
        )
    return OK if found.ok else FAULT


def _health_json(found: Health) -> dict[str, Any]:
    """Ages in seconds."""
    return {
        name: value.total_seconds() if isinstance(value, timedelta) else value
        for name, value in asdict(found).items()
    }
