"""`rules diff` and `rules replay`: what another book would change, and would have changed."""

import json
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from router.commands.comparison_texts import changes_json, changes_text, replay_json, replay_text
from router.commands.french import FrenchCommand
from router.commands.invocation import FAULT, OK, Invocation, config_option
from router.commands.policies import policy_in, published_desk
from router.desk.policy import Policy, PolicyRefused
from router.model.actor import Refused
from router.model.spelling import nearest_word
from router.rulebook.book import BeforeBook

if TYPE_CHECKING:
    from router.desk.house import Desk

IN_FORCE = ("publié", "publie")
DAY = click.DateTime(formats=["%Y-%m-%d"])
BOOK_HELP = (
    "Un livre est un dossier, le début de l'empreinte d'un recueil publié, ou « publié » (celui en vigueur)."
)


@click.command(cls=FrenchCommand, help=f"Ce qui change d'un livre de règles à un autre. {BOOK_HELP}")
@click.argument("old", metavar="ANCIEN")
@click.argument("new", metavar="NOUVEAU")
@click.option("--convention", metavar="IDENTIFIANT", help="Une seule convention (sinon la base, puis chacune).")
@click.option(
    "--at", type=DAY, metavar="AAAA-MM-JJ", help="Ce jour-là seulement (sinon tout, dès aujourd'hui)."
)
@click.option("--json", "as_json", is_flag=True, help="Écrit les changements pour un programme.")
@config_option
@click.pass_obj
def diff(
    invocation: Invocation, old: str, new: str, convention: str | None, at: datetime | None, *, as_json: bool
) -> int:
    """0 whether or not something changes; 1 when the comparison could not be finished."""
    # Imported here, as below: `rules check` must not wait for the database's library.
    from router.desk.comparison import (
        ComparisonUnfinished,
        beside_the_rules,
        changes,
        conventions_of,
        count_tickets,
    )

    now, desk = invocation.now(), published_desk(invocation)
    before, after = (_book(desk, named, now, convention) for named in (old, new))
    conventions = [_known(before, after, convention)] if convention else conventions_of(before, after)
    day = at.date() if at else now.astimezone(after.book.zone(None)).date()
    try:
        found = [
            changes(before.book, after.book, each, day, only_that_day=at is not None) for each in conventions
        ]
    except ComparisonUnfinished as unfinished:
        click.echo(str(unfinished), err=True)
        return FAULT
    except BeforeBook as error:
        raise click.UsageError(str(error)) from error
    if desk is not None:
        found = list(count_tickets(desk, found, now))
    beside = beside_the_rules(before, after)
    if as_json:
        click.echo(json.dumps(changes_json(found, beside), ensure_ascii=False, indent=2))
    else:
        click.echo(changes_text(found, beside))
    return OK


@click.command(
    cls=FrenchCommand, help="Redécide les dossiers passés d'une période sous un autre livre, sans rien écrire."
)
@click.option(
    "--rules",
    "folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    metavar="DOSSIER",
    help="L'autre livre : un dossier complet.",
)
@click.option(
    "--book", metavar="EMPREINTE", help="Ou le début de l'empreinte d'un recueil publié, ou « publié »."
)
@click.option("--from", "first", type=DAY, required=True, metavar="AAAA-MM-JJ", help="Premier jour, compris.")
@click.option("--to", "last", type=DAY, required=True, metavar="AAAA-MM-JJ", help="Dernier jour, compris.")
@click.option("--convention", metavar="IDENTIFIANT", help="Les dossiers d'une seule convention.")
@click.option("--json", "as_json", is_flag=True, help="Écrit les nombres pour un programme.")
@config_option
@click.pass_obj
def replay(
    invocation: Invocation,
    folder: Path | None,
    book: str | None,
    first: datetime,
    last: datetime,
    convention: str | None,
    *,
    as_json: bool,
) -> int:
    """Only numbers come out: no ticket is named, alerts included."""
    from router.desk.comparison import replay as replayed
    from router.reports.period import Period

    if (folder is None) == (book is None):
        raise click.UsageError("nommez l'autre livre, par --rules ou par --book.")
    desk = invocation.desk()
    policy = policy_in(folder) if folder else _book(desk, book or "", invocation.now(), convention)
    if convention is not None:
        _known(policy, policy, convention)
    try:
        period = Period.through(first.date(), last.date(), desk.settings.zone)
    except Refused as refused:
        raise click.UsageError(refused.message) from refused
    found = replayed(desk, policy, period, convention)
    if as_json:
        click.echo(json.dumps(replay_json(found), ensure_ascii=False, indent=2))
    else:
        click.echo(replay_text(policy.book, found, (first.date(), last.date())))
    return OK


def _book(desk: "Desk | None", named: str, now: datetime, convention: str | None) -> Policy:
    """The one in force is that which the convention goes by. Raises UsageError when the name is of no book, or of one
    that can't be used."""
    if named not in IN_FORCE and Path(named).is_dir():
        return policy_in(Path(named))
    if desk is None:
        raise click.UsageError(
            f"« {named} » n'est pas un dossier, et aucun recueil n'est publié ici. {BOOK_HELP}"
        )
    from router.desk.comparison import published

    try:
        if named in IN_FORCE:
            with desk.database.reading() as session:
                return desk.policies.at(session, now, convention)
        if not named or set(named.lower()) - set("0123456789abcdef"):
            raise click.UsageError(f"« {named} » n'est ni un dossier ni une empreinte. {BOOK_HELP}")
        return published(desk, named)
    except PolicyRefused as refused:
        raise click.UsageError(f"le recueil « {named} » ne se lit plus avec cette version.") from refused
    except Refused as refused:
        raise click.UsageError(refused.message) from refused


def _known(before: Policy, after: Policy, convention: str) -> str:
    known = [*dict.fromkeys([*after.book.conventions, *before.book.conventions])]
    if convention in known:
        return convention
    near = nearest_word(convention, known)
    mend = f"vouliez-vous « {near} » ?" if near else f"sont possibles : {', '.join(known)}."
    raise click.UsageError(f"la convention « {convention} » n'existe pas ; {mend}")
