"""`rules draft` and `rules update`: drafts of rules from the command line. Publishing them takes two people, on the
site."""

from datetime import date, datetime
from pathlib import Path

import click

from router.commands.french import FrenchCommand
from router.commands.invocation import OK, Invocation, config_option
from router.desk.policy import PolicyRefused, read_sources

KINDS = ("convention", "avenant", "comite")


class Day(click.ParamType[date]):
    """A civil day, as files write it."""

    name = "JOUR"

    def convert(self, value: str | date, param: click.Parameter | None, ctx: click.Context | None) -> date:
        if isinstance(value, date):
            return value
        try:
            return datetime.strptime(value, "%Y-%m-%d").date()  # noqa: DTZ007  # a day, not an instant
        except ValueError:
            self.fail(f"« {value} » n'est pas un jour : donnez une date comme 2027-01-31.", param, ctx)


@click.command(
    cls=FrenchCommand,
    help="Commence un projet de règles pour une convention ; écrit son numéro. Rien n'entre en vigueur.",
)
@click.option("--convention", required=True, metavar="ID", help="La convention, par son identifiant.")
@click.option(
    "--from-folder",
    "folder",
    required=True,
    metavar="DOSSIER",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Le dossier de règles complet du projet.",
)
@click.option("--title", required=True, help="Son titre, par exemple « Avenant n° 1 : copieurs ».")
@click.option("--kind", type=click.Choice(KINDS), help="Ce qui le justifie.")
@click.option("--reference", default="", help="La référence du texte signé.")
@click.option("--signed-on", type=Day(), help="Le jour de sa signature.")
@click.option("--article", "articles", multiple=True, metavar="N°", help="Un article touché ; à répéter.")
@click.option("--in-force", type=Day(), help="Le premier jour d'application.")
@config_option
@click.pass_obj
def draft(
    invocation: Invocation,
    convention: str,
    folder: Path,
    title: str,
    kind: str | None,
    reference: str,
    signed_on: date | None,
    articles: tuple[str, ...],
    in_force: date | None,
) -> int:
    """What is missing may be added on the site; a draft with faults is kept, and says so."""
    # Imported here, as below: other commands of `rules` need no database.
    from router.desk.draft_terms import Terms, of_convention
    from router.desk.drafting import prove, start
    from router.model.words import GroundsKind
    from router.store.journal import COMMAND

    desk, now = invocation.desk(), invocation.now()
    try:
        sources = read_sources(folder)
    except PolicyRefused as refused:
        raise click.UsageError(f"des fichiers de {folder} ne se lisent pas :\n{refused}") from refused
    terms = Terms(title, GroundsKind(kind) if kind else None, reference, signed_on, articles, in_force)
    draft_id = start(desk, convention, sources, terms, COMMAND, now)
    click.echo(draft_id)
    proof = prove(desk, convention, of_convention(sources, convention))
    for fault in proof.faults:
        click.echo(str(fault), err=True)
    click.echo(
        "Projet prouvé : une institution peut le proposer, sur le site."
        if proof.policy
        else "Projet gardé, mais pas prouvé : corrigez-le avant de le proposer.",
        err=True,
    )
    return OK


@click.command(
    cls=FrenchCommand,
    help="Fait un projet par convention quand les règles livrées ont changé. Rien n'entre en vigueur.",
)
@config_option
@click.pass_obj
def update(invocation: Invocation) -> int:
    """Once per version of the shipped rules."""
    from router.desk.product_update import offer_update

    made = offer_update(invocation.desk(), invocation.now())
    click.echo(said_of(made) or "Rien à proposer : les règles livrées sont en vigueur, ou déjà proposées.")
    return OK


def said_of(made: tuple[int, ...]) -> str:
    """Empty when no draft was made."""
    if not made:
        return ""
    count = "1 projet fait" if len(made) == 1 else f"{len(made)} projets faits"
    numbers = ", ".join(map(str, made))
    return (
        f"Les règles nationales livrées ont changé : {count} (n° {numbers}), à proposer et à approuver par les "
        "deux institutions. Celles en vigueur restent."
    )
