"""`clocks`: whether what is stored is what the tickets' events make, and what today's calendars would say."""

import json
from collections.abc import Mapping
from datetime import date, datetime, tzinfo
from typing import Any

import click

from router.commands.french import FrenchGroup
from router.commands.invocation import FAULT, OK, Invocation, config_option
from router.desk.clock_check import Checkup, judged_anew, verify_clocks
from router.desk.clock_difference import FROM_EVENTS, Checked, Difference, Value
from router.model.words import DeadlineKind

one_ticket = click.option(
    "--ticket", type=click.IntRange(1, 2**63 - 1), metavar="NUMÉRO", help="Un seul dossier."
)
for_programs = click.option("--json", "as_json", is_flag=True, help="Écrit le résultat pour un programme.")

WHAT: Mapping[Checked, str] = {
    Checked.DUE: "l'instant de l'échéance",
    Checked.PASSED: "l'instant déjà dépassé avant l'attente",
    Checked.UNKNOWN: "le premier jour inconnu",
    Checked.LIMIT: "la limite de l'attente",
    Checked.STEP: "l'instant d'une relance",
    Checked.SERVED: "le temps de service d'une prise en charge",
    Checked.NEXT: "la prochaine échéance de la file",
    Checked.VERDICT: "l'échéance, donc le verdict",
    Checked.UNTOLD: "l'entrée du journal qui ne suit pas des précédentes (numéro)",
    Checked.POLICY: "le recueil de règles du dossier",
    Checked.OPENED: "l'ouverture du dossier",
    Checked.RESOLVED: "la résolution du dossier",
    Checked.CLOSED: "la clôture du dossier",
    Checked.HOLDING: "une prise en charge (son début)",
    Checked.HOLDING_PARTY: "l'équipe d'une prise en charge",
    Checked.HOLDING_CLOCK: "l'horloge d'une prise en charge",
    Checked.HOLDING_FROM: "le début d'une prise en charge",
    Checked.HOLDING_UNTIL: "la fin d'une prise en charge",
    Checked.HOLDING_ENDED_BY: "ce qui a mis fin à une prise en charge",
    Checked.HOLDING_ACKNOWLEDGED: "la première réponse d'une prise en charge",
    Checked.WAIT: "une attente (son début)",
    Checked.WAIT_HOLDING: "la prise en charge d'une attente (son rang)",
    Checked.WAIT_CAUSE: "la cause d'une attente",
    Checked.WAIT_FROM: "le début d'une attente",
    Checked.WAIT_UNTIL: "la fin d'une attente",
    Checked.WAIT_LIMIT: "la limite d'une attente",
    Checked.WAIT_AUTHOR: "l'auteur d'une attente",
    Checked.DEADLINE: "une échéance (son départ)",
    Checked.DEADLINE_HOLDING: "la prise en charge de l'échéance (son rang)",
    Checked.DEADLINE_PARTY: "l'équipe de l'échéance",
    Checked.DEADLINE_CLOCK: "l'horloge de l'échéance",
    Checked.DEADLINE_STARTS: "le départ de l'échéance",
    Checked.DEADLINE_ALLOWANCE: "le délai de l'échéance, en secondes",
    Checked.DEADLINE_OPEN_DAYS: "le délai de l'échéance, en jours ouvrés",
    Checked.DEADLINE_STATE: "l'état de l'échéance",
    Checked.DEADLINE_MET: "l'instant où l'échéance a été tenue",
    Checked.DEADLINE_SETTLED: "la fin de l'échéance",
    Checked.DEADLINE_CALENDARS: "la dernière décision de jours que l'échéance compte (son numéro)",
    Checked.LADDER: "les relances prévues (leur nombre)",
    Checked.STEP_STATE: "l'état d'une relance",
    Checked.STEP_PLANNED: "l'instant prévu d'une relance partie",
    Checked.STEP_FIRED: "le départ d'une relance",
}
# What the rows say in one word, as the pages say it; what isn't here is said as it is.
WORDS: Mapping[str, str] = {
    "running": "en cours",
    "paused": "à l'arrêt",
    "met": "tenue",
    "cancelled": "sans objet",
    "pending": "en attente",
    "fired": "partie",
    "poison": "mise de côté",
    "resolved": "résolution",
    "transferred": "transmission",
    "corrected": "correction",
    "contested": "contestation",
    "arbitrated": "arbitrage",
    "first_level": "premier niveau",
    "requester": "réponse du collège",
    "part": "pièce",
    "supplier": "prestataire",
}
OF_SECONDS = (Checked.SERVED, Checked.DEADLINE_ALLOWANCE)
KINDS: Mapping[DeadlineKind, str] = {
    DeadlineKind.ACKNOWLEDGE: "prise en charge",
    DeadlineKind.RESOLVE: "résolution",
    DeadlineKind.PROMISE: "promesse au collège",
    DeadlineKind.ANSWER: "réponse attendue",
    DeadlineKind.FIRST_LEVEL: "premier niveau",
    DeadlineKind.ARBITRATE: "arbitrage",
    DeadlineKind.CLOSE: "confirmation",
}


@click.group(cls=FrenchGroup, help="Recalcule les échéances enregistrées et dit toute différence.")
@config_option
def clocks() -> None:
    """The family itself does nothing."""


@clocks.command(help="Refait le temps de chaque dossier d'après son journal ; nomme toute différence.")
@one_ticket
@for_programs
@config_option
@click.pass_obj
def verify(invocation: Invocation, ticket: int | None, *, as_json: bool) -> int:
    """Each value under the calendars as they were decided when it was computed. The code is 1 when one differs."""
    desk = invocation.desk()
    found = verify_clocks(desk, ticket)
    _say(found, "enregistré", "recalculé", desk.settings.zone, as_json=as_json)
    return FAULT if found.differences else OK


@clocks.command(help="Nomme les échéances closes que les calendriers d'aujourd'hui jugeraient autrement.")
@one_ticket
@for_programs
@config_option
@click.pass_obj
def judge(invocation: Invocation, ticket: int | None, *, as_json: bool) -> int:
    """Nothing is changed: a verdict stays as it was given."""
    desk = invocation.desk()
    _say(judged_anew(desk, ticket), "jugé alors", "jugé maintenant", desk.settings.zone, as_json=as_json)
    return OK


def _say(found: Checkup, stored: str, computed: str, zone: tzinfo, *, as_json: bool) -> None:
    if as_json:
        lines = [_as_json(each) for each in found.differences]
        document = {"tickets": found.tickets, "deadlines": found.deadlines, "differences": lines}
        click.echo(json.dumps(document, ensure_ascii=False, indent=2))
        return
    for each in found.differences:
        kind = f" ({KINDS[each.kind]})" if each.kind else ""
        told = "selon le journal" if each.what in FROM_EVENTS else computed
        values = f"{stored} {_shown(each, each.stored, zone)}, {told} {_shown(each, each.computed, zone)}"
        click.echo(f"dossier {each.ticket}, {WHAT[each.what]}{kind} : {values}")
    count, tickets = len(found.differences), f"{found.tickets} dossier{'s' if found.tickets > 1 else ''}"
    click.echo(
        f"{tickets}, {found.deadlines} échéances recalculées, {count or 'aucune'} "
        f"différence{'s' if count > 1 else ''}."
    )


def _shown(each: Difference, value: Value, zone: tzinfo) -> str:
    match value:
        case datetime():
            return f"{value.astimezone(zone):%d/%m/%Y à %H:%M:%S}"
        case date():
            return f"{value:%d/%m/%Y}"
        case int():
            return f"{value} s" if each.what in OF_SECONDS else str(value)
        case str():
            return WORDS.get(value, value)
        case None:
            return "aucun"


def _as_json(each: Difference) -> dict[str, Any]:
    def plain(value: Value) -> str | int | None:
        return value.isoformat() if isinstance(value, date) else value

    return {
        "ticket": each.ticket,
        "what": each.what.value,
        "deadline": each.kind.value if each.kind else None,
        "stored": plain(each.stored),
        "computed": plain(each.computed),
    }
