"""`clocks`: whether the stored instants are what the tickets' rows make, and what today's calendars would say."""

import json
from collections.abc import Mapping
from datetime import date, datetime, tzinfo
from typing import Any

import click

from router.commands.french import FrenchGroup
from router.commands.invocation import FAULT, OK, Invocation, config_option
from router.desk.clock_check import Checked, Checkup, Difference, Value, judged_anew, verify_clocks
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
}
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


@clocks.command(help="Recalcule chaque échéance, relance et temps de service ; nomme toute différence.")
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
        values = f"{stored} {_shown(each.stored, zone)}, {computed} {_shown(each.computed, zone)}"
        click.echo(f"dossier {each.ticket}, {WHAT[each.what]}{kind} : {values}")
    count = len(found.differences)
    click.echo(
        f"{found.tickets} dossiers, {found.deadlines} échéances recalculées, {count or 'aucune'} "
        f"différence{'s' if count > 1 else ''}."
    )


def _shown(value: Value, zone: tzinfo) -> str:
    if isinstance(value, datetime):
        return f"{value.astimezone(zone):%d/%m/%Y à %H:%M:%S}"
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    return "aucun" if value is None else f"{value} s"


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
