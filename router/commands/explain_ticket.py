"""`rules explain --ticket N`: why a ticket of this installation was decided so, under the book of its time."""

import json
from typing import Any

import click

from router.commands.invocation import Invocation

GREATEST_KEY = 2**31 - 1


def explain_ticket(invocation: Invocation, ticket: int, *, as_json: bool) -> int:
    """Raises UsageError when no ticket of that number is for this command to read."""
    # Imported here: `explain` on given facts needs no database.
    from router.desk.explanations import ticket_json

    found = ticket_json(invocation.desk(), ticket)
    if found is None:
        raise click.UsageError(
            f"le dossier n° {ticket} n'existe pas, ou c'est une alerte : elle s'explique sur sa page, à qui la lit."
        )
    click.echo(json.dumps(found, ensure_ascii=False, indent=2) if as_json else _text(found))
    return 0


def _text(found: dict[str, Any]) -> str:
    trace = found["trace"]
    lines = [
        f"Dossier n° {found['ticket']}, décidé le {found['at']} : {found['responsible']}, règle {found['rule']}.",
        found["why"],
        f"Articles {', '.join(found['articles'])} ; recueil {found['rulebook'][:12]} ; cause : {found['cause']}.",
    ]
    if trace["rule"] != found["rule"] or trace["responsible"] != found["responsible"]:
        lines.append(f"Choisi par une personne ; d'après les faits seuls : {trace['sentence']}")
    known = [f"  {name} = {fact['value']} ({fact['source']})" for name, fact in trace["facts"].items()]
    changes = [f"  {change['sentence']}" for change in trace["changes"]]
    lines += ["", "Faits connus :", *known]
    return "\n".join([*lines, *(["", "Ce qui aurait changé la réponse :", *changes] if changes else [])])
