"""`journal` and `health`: whether what was recorded still holds, and whether the service works."""

import json
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any

import click

from router.commands.french import FrenchCommand, FrenchGroup
from router.commands.invocation import FAULT, OK, Invocation, config_option
from router.desk.health import Health, desk_health
from router.desk.installation import verify_journal, verify_seals
from router.desk.sealing import Untold, seal_untold
from router.model.words import Institution
from router.store.journal import Break
from router.store.seals import Seal, SealBreak

NAMES = {Institution.DEPARTEMENT: "le Département", Institution.ACADEMIE: "l'académie"}


@dataclass(frozen=True, slots=True)
class Verified:
    """What a check of the journal read, and what no longer holds."""

    entries: int
    breaks: tuple[Break, ...]
    seals: tuple[Seal, ...]
    seal_breaks: tuple[SealBreak, ...]
    untold: tuple[Untold, ...] = ()


@click.group(cls=FrenchGroup, help="Vérifie le journal des dossiers.")
@config_option
def journal() -> None:
    """The family itself does nothing."""


@journal.command(
    help="Recalcule les chaînes du journal et les scellés ; nomme la première entrée rompue de chaque dossier."
)
@click.option("--ticket", type=click.IntRange(1, 2**63 - 1), metavar="NUMÉRO", help="Un seul dossier.")
@click.option(
    "--seal", "received", metavar="EMPREINTE", help="Un scellé reçu par courriel : est-il encore là ?"
)
@click.option("--json", "as_json", is_flag=True, help="Écrit le résultat pour un programme.")
@config_option
@click.pass_obj
def verify(invocation: Invocation, ticket: int | None, received: str | None, *, as_json: bool) -> int:
    """The code is 1 when a chain or a seal is broken, or the seal received isn't there."""
    desk = invocation.desk()
    entries, breaks = verify_journal(desk, ticket)
    whole = (*verify_seals(desk), seal_untold(desk, invocation.now())) if ticket is None else ((), ())
    found = Verified(entries, breaks, *whole)
    known = None if received is None else _sealed_as(found, received)
    sound = not found.breaks and not found.seal_breaks and (received is None or known is not None)
    if as_json:
        click.echo(json.dumps(_verified_json(found), ensure_ascii=False, indent=2))
        return OK if sound else FAULT
    for each in found.breaks:
        click.echo(f"dossier {each.ticket_id}, entrée {each.seq} : {each.reason}")
    for broken in found.seal_breaks:
        click.echo(f"scellé {broken.number}{_day(broken)} : {broken.reason}")
    click.echo(_summary(found))
    for missing in found.untold:
        click.echo(
            f"Le scellé du jour n'est envoyé à personne pour {NAMES[missing.institution]}, {missing.title} : "
            "cochez « Coordonne la convention » sur un compte actif de cette institution (page « Comptes »)."
        )
    if received is not None:
        click.echo(
            f"Cette empreinte est celle du scellé {known.number}."
            if known
            else "Aucun scellé n'a cette empreinte."
        )
    return OK if sound else FAULT


def _sealed_as(found: Verified, received: str) -> Seal | None:
    return next((each for each in found.seals if each.digest == received.strip().lower()), None)


def _day(broken: SealBreak) -> str:
    return f" du {broken.at:%d/%m/%Y}" if broken.at else ""


def _summary(found: Verified) -> str:
    many = len(found.breaks) + len(found.seal_breaks)
    seals = f", {len(found.seals)} scellé{'s' if len(found.seals) > 1 else ''}" if found.seals else ""
    return f"{found.entries} entrées vérifiées{seals}, {many or 'aucune'} rupture{'s' if many > 1 else ''}."


def _verified_json(found: Verified) -> dict[str, Any]:
    return {
        "entries": found.entries,
        "breaks": [
            {"ticket": each.ticket_id, "seq": each.seq, "message": each.reason} for each in found.breaks
        ],
        "seals": [
            {"number": each.number, "at": each.at.isoformat(), "digest": each.digest} for each in found.seals
        ],
        "seal_breaks": [
            {"seal": each.number, "ticket": each.ticket_id, "seq": each.seq, "message": each.reason}
            for each in found.seal_breaks
        ],
        "untold": [
            {"institution": each.institution.value, "convention": each.convention} for each in found.untold
        ],
    }


@click.command(cls=FrenchCommand, help="Dit si le service tient ses promesses en ce moment ; le code 1 sinon.")
@click.option("--json", "as_json", is_flag=True, help="Écrit l'état pour un programme.")
@config_option
@click.pass_obj
def health(invocation: Invocation, *, as_json: bool) -> int:
    """The same state as the page for monitors."""
    desk = invocation.desk()
    found = desk_health(desk, invocation.now())
    if as_json:
        click.echo(json.dumps(_health_json(found), ensure_ascii=False, indent=2))
    else:
        click.echo("Tout va bien." if found.ok else "\n".join(found.reasons))
        if found.fallen_model:
            click.echo(
                f"La version {found.fallen_model} du classement est illisible : le modèle livré répond à sa place."
            )
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
