"""`rules zones`: the register of grey zones, in words or for a program."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from router.commands.invocation import Invocation, config_option
from router.commands.policies import RULES_OPTION, books_for
from router.model.actor import Refused
from router.rulebook.book import BeforeBook, Rulebook
from router.rulebook.zones import Standing

if TYPE_CHECKING:
    from router.desk.grey_zones import Register, ZoneRule

STANDINGS = {
    Standing.OPEN: "ouverte",
    Standing.PARTLY: "tranchée en partie",
    Standing.DECIDED: "tranchée",
}


@click.command(help="Les zones grises : ce que la convention laisse ouvert, et ce qui est tranché.")
@click.option(
    "--convention", metavar="NOM", help="La convention (sinon la base nationale, où tout est ouvert)."
)
@click.option("--json", "as_json", is_flag=True, help="Écrit le registre pour un programme.")
@RULES_OPTION
@config_option
@click.pass_obj
def zones(invocation: Invocation, convention: str | None, rules: Path | None, *, as_json: bool) -> int:
    """The questions, the provisional answers, and who settled what."""
    # Imported here: the commands that need no database don't load its library.
    from router.desk.grey_zones import register_json, register_of

    try:
        at = invocation.now()
        policy, _ = books_for(invocation, rules).find(at, convention=convention)
        book = policy.book
        found = register_of(book, convention, at)
    except Refused as error:
        raise click.UsageError(error.message) from error
    except BeforeBook as error:
        raise click.UsageError(str(error)) from error
    if as_json:
        click.echo(json.dumps(register_json(found), ensure_ascii=False, indent=2))
    else:
        click.echo(register_text(book, found))
    return 0


def register_text(book: Rulebook, found: "Register") -> str:
    """One paragraph per zone, then how many are left for the next avenant."""
    lines: list[str] = []
    for zone in found.zones:
        articles = ", ".join(each.number for each in zone.articles)
        lines += [
            f"{zone.id} : {zone.question} ({STANDINGS[zone.standing]} ; articles {articles})",
            f"    {zone.why}",
        ]
        lines += [f"    en attendant : {_named(book, rule)}" for rule in zone.provisional]
        lines += [f"    décidé : {_decided(book, rule)}" for rule in zone.settled_by]
    left = len(found.agenda)
    return "\n".join([*lines, "", f"À l'ordre du jour du prochain avenant : {left} sur {len(found.zones)}."])


def _named(book: Rulebook, rule: "ZoneRule") -> str:
    return f"{book.parties[rule.responsible].name} (règle {rule.id})"


def _decided(book: Rulebook, rule: "ZoneRule") -> str:
    local = rule.local
    said = f", {local.decided_on:%d/%m/%Y}, {local.signatory} : {local.decision}" if local else ""
    return _named(book, rule) + said
