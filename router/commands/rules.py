"""`rules`: the book, checked, explained, tabulated, published."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from router.commands.comparing import diff, replay
from router.commands.drafts import draft, update
from router.commands.explain_ticket import GREATEST_KEY, explain_ticket
from router.commands.following import changes
from router.commands.french import FrenchGroup
from router.commands.invocation import Invocation, config_option
from router.commands.policies import RULES_OPTION, books_for
from router.commands.rule_sheets import export, import_sheet
from router.commands.rule_texts import explanation_text, sound_text, table_json, table_text
from router.commands.zones import zones
from router.desk.line_reading import Line, instant_of, object_in, refuse_unwritable
from router.desk.lines import (
    DECIDE_KEYS,
    decide_query,
    decision_line,
    decision_of,
    trace_of,
)
from router.desk.policy import Policy, PolicyRefused, publishable, read_sources
from router.model.actor import Invalid
from router.model.faults import Fault
from router.model.lines import LineError
from router.model.uai import parse_uai
from router.rulebook.decide import BeforeBook
from router.rulebook.explain import trace
from router.rulebook.remarks import remarks
from router.rulebook.tables import competence_table


@click.group(cls=FrenchGroup, help="Vérifie, explique, tabule, compare ou publie le recueil de règles.")
@config_option
def rules() -> None:
    """The family itself does nothing."""


rules.add_command(zones)
rules.add_command(draft)
rules.add_command(update)
rules.add_command(diff)
rules.add_command(replay)
rules.add_command(export)
rules.add_command(import_sheet)


@rules.command(help="Vérifie un dossier de règles entier : chaque faute avec sa place, le code 1 s'il y en a.")
@click.argument(
    "folder", metavar="[DOSSIER]", required=False, type=click.Path(exists=True, file_okay=False, path_type=Path)
)
@click.option("--json", "as_json", is_flag=True, help="Écrit les fautes pour un programme.")
@click.option("--watch", is_flag=True, help="Recommence à chaque enregistrement d'un fichier, jusqu'à Ctrl-C.")
@config_option
@click.pass_obj
def check(invocation: Invocation, folder: Path | None, *, as_json: bool, watch: bool) -> int:
    """Everything: the book, its proof, the clocks, the ladders, the lexicon."""
    folder = folder or invocation.settings().rules_folder
    if as_json and watch:
        raise click.UsageError("--watch parle à une personne : il ne va pas avec --json.")
    return _watched(invocation, folder) if watch else _checked(folder, as_json=as_json)


def _watched(invocation: Invocation, folder: Path) -> int:
    """Never stops at a fault: the file is being written. Ctrl-C is the way out, and no failure."""
    try:
        for _ in changes(folder):
            click.echo(f"--- {invocation.now().astimezone():%H:%M:%S}, {folder}")
            try:
                _checked(folder, as_json=False)
            except click.UsageError as error:  # a folder renamed or not readable for a moment
                click.echo(error.message)
            sys.stdout.flush()
    except KeyboardInterrupt:
        click.echo("Fin de la surveillance.")
    return 0


def _checked(folder: Path, *, as_json: bool) -> int:
    policy, faults = _examined(folder)
    if as_json:
        click.echo(json.dumps([_fault_json(fault) for fault in faults], ensure_ascii=False, indent=2))
    elif policy is None:
        _say_refused(folder, faults)
    else:
        click.echo(sound_text(policy, remarks(policy.book)))
    return 1 if policy is None else 0


@rules.command(help="Explique une décision : les faits en JSON sur l'entrée standard, ou en options.")
@click.option("--fact", "facts", multiple=True, metavar="NOM=VALEUR", help="Un fait ; à répéter.")
@click.option("--subject", help="L'objet du signalement.")
@click.option("--text", help="Son texte.")
@click.option("--product", help="Le produit nommé.")
@click.option("--uai", help="Le collège.")
@click.option("--at", metavar="INSTANT", help="L'instant, avec son décalage (sinon maintenant).")
@click.option(
    "--ticket",
    type=click.IntRange(1, GREATEST_KEY),
    metavar="NUMÉRO",
    help="Un dossier : sa décision, avec le recueil d'alors.",
)
@click.option("--json", "as_json", is_flag=True, help="Écrit l'explication pour un programme.")
@RULES_OPTION
@config_option
@click.pass_obj
def explain(
    invocation: Invocation,
    /,
    facts: Sequence[str],
    rules: Path | None,
    ticket: int | None,
    *,
    as_json: bool,
    **words: str | None,
) -> int:
    """Who, by which rule, which rules came before and what they lacked, what would change the answer."""
    given = {name: value for name, value in words.items() if value is not None}
    if ticket is not None:
        if facts or given or rules:
            raise click.UsageError("--ticket se suffit : un dossier a ses faits, sa date et son recueil.")
        return explain_ticket(invocation, ticket, as_json=as_json)
    try:
        line = _line_of(facts, given)
        query = decide_query(line, invocation.now())
        books = books_for(invocation, rules)
        policy, convention = books.find(query.at, query.uai)
        decision = decision_of(policy, query, convention)
    except (LineError, Invalid) as error:
        raise click.UsageError(f"{error.field} : {error.message}" if error.field else error.message) from error
    if as_json:
        answer = decision_line(line["id"], decision) | {"trace": trace_of(policy, decision, convention)}
        del answer["id"]
        click.echo(json.dumps(answer, ensure_ascii=False, indent=2))
    else:
        found = trace(policy.book, decision.facts, decision.at, convention=convention)
        click.echo(explanation_text(policy.book, decision, found))
    return 0


@rules.command(help="La table des compétences d'un jour : une ligne par règle, dans l'ordre.")
@click.option("--uai", help="Le collège dont la convention s'applique (sinon la base nationale).")
@click.option("--convention", help="La convention, par son identifiant.")
@click.option("--at", metavar="INSTANT", help="L'instant, avec son décalage (sinon maintenant).")
@click.option("--json", "as_json", is_flag=True, help="Écrit la table pour un programme.")
@RULES_OPTION
@config_option
@click.pass_obj
def table(
    invocation: Invocation,
    uai: str | None,
    convention: str | None,
    at: str | None,
    rules: Path | None,
    *,
    as_json: bool,
) -> int:
    """What a RACI sheet says, read from the book."""
    try:
        instant = instant_of({"at": at}, "at") or invocation.now()
        books = books_for(invocation, rules)
        policy, named = books.find(instant, parse_uai(uai) if uai else "", convention)
        if named is not None and named not in policy.book.conventions:
            raise LineError(
                f"la convention « {named} » n'existe pas ; sont possibles : {', '.join(policy.book.conventions)}."
            )
        rows = competence_table(policy.book, instant, named)
    except (LineError, Invalid) as error:
        raise click.UsageError(error.message) from error
    except BeforeBook as error:
        raise click.UsageError(str(error)) from error
    click.echo(
        json.dumps(table_json(rows), ensure_ascii=False, indent=2) if as_json else table_text(policy.book, rows)
    )
    return 0


@rules.command(help="Publie un dossier de règles pour toutes les conventions, à la première installation.")
@click.argument(
    "folder", metavar="[DOSSIER]", required=False, type=click.Path(exists=True, file_okay=False, path_type=Path)
)
@click.option("--reason", default="", help="Pourquoi : la décision des deux institutions.")
@click.option(
    "--from", "since", metavar="INSTANT", help="En vigueur à partir de cet instant, avec son décalage."
)
@click.option(
    "--force", is_flag=True, help="Publie sans projet ni accord, bien que des règles soient en vigueur."
)
@config_option
@click.pass_obj
def publish(invocation: Invocation, folder: Path | None, reason: str, since: str | None, *, force: bool) -> int:
    """The first book is in force from its own first rule, so that earlier incidents can be filed. A later one takes
    a draft and two people, unless it is forced, from now on. A faulty one is refused whole."""
    # Imported here: `check` and `explain` need no database.
    from router.desk.installation import first_instant, publish_folder

    desk, now = invocation.desk(), invocation.now()
    folder = folder or desk.settings.rules_folder
    policy, faults = _examined(folder)
    if policy is None:
        _say_refused(folder, faults)
        return 1
    try:
        start = instant_of({"from": since}, "from") or first_instant(desk, policy, now)
    except LineError as error:
        raise click.UsageError(error.message) from error
    known = publish_folder(desk, folder, start, reason, now, force=force)
    if known:
        click.echo(f"Ce recueil était déjà en vigueur : {policy.fingerprint[:12]}.")
    else:
        day = start.astimezone(desk.settings.zone)
        click.echo(
            f"Recueil publié : {policy.fingerprint[:12]}, en vigueur à partir du {day:%d/%m/%Y à %H:%M}."
        )
    return 0


def _examined(folder: Path) -> tuple[Policy | None, tuple[Fault, ...]]:
    try:
        return publishable(read_sources(folder))
    except PolicyRefused as refused:
        return None, refused.faults


def _say_refused(folder: Path, faults: Sequence[Fault]) -> None:
    for fault in faults:
        click.echo(str(fault))
    count = "1 faute" if len(faults) == 1 else f"{len(faults)} fautes"
    click.echo(f"{count} dans {folder} : ce recueil serait refusé en entier, celui en vigueur reste.", err=True)


def _fault_json(fault: Fault) -> dict[str, Any]:
    return {
        "file": fault.file,
        "line": fault.line,
        "column": fault.column,
        "code": fault.code,
        "message": fault.message,
    }


def _line_of(facts: Sequence[str], words: dict[str, str]) -> Line:
    """The options, or one JSON object on the standard input: facts alone, or a line of `decide`."""
    if facts or words:
        return {"id": 0, "facts": dict(_fact_of(each) for each in facts), **words}
    given = object_in(sys.stdin.buffer.read())
    refuse_unwritable(given)
    if "facts" in given and all(name in DECIDE_KEYS for name in given):
        return {"id": 0, **given}
    return {"id": 0, "facts": given}


def _fact_of(text: str) -> tuple[str, str | bool]:
    name, equals, value = text.partition("=")
    if not equals:
        raise LineError(f"« {text[:80]} » : un fait s'écrit nom=valeur.", "facts")
    return name.strip(), {"true": True, "false": False}.get(value.strip(), value.strip())
