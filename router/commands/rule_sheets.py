"""`rules export` and `rules import`: the RACI as a spreadsheet, out and back."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from pathlib import Path

import click

from router.commands.french import FrenchCommand
from router.commands.invocation import FAULT, OK, Invocation, config_option
from router.commands.policies import RULES_OPTION, Books, books_for
from router.commands.rule_texts import imported_text
from router.desk.raci_files import annexes, file_name
from router.desk.raci_import import Unreadable, open_raci, read_raci
from router.model.actor import Invalid, Refused
from router.rulebook.book import BeforeBook, Rulebook
from router.rulebook.raci import raci
from router.rulebook.simplified import simplified
from router.rulebook.vocabulary import unknown_word
from router.sheets.workbook import SheetFormat

CONVENTION_OPTION = click.option(
    "--convention", help="La convention, par son identifiant (sinon la base nationale)."
)


@click.command(cls=FrenchCommand, help="Écrit le RACI et le tableau simplifié d'un jour dans un classeur.")
@click.option(
    "--format",
    "kind",
    type=click.Choice([each.value for each in SheetFormat]),
    default=SheetFormat.XLSX.value,
    help="xlsx (par défaut) ou ods.",
)
@CONVENTION_OPTION
@click.option(
    "--at", "day", type=click.DateTime(["%Y-%m-%d"]), metavar="JOUR", help="Le jour (sinon aujourd'hui)."
)
@click.option(
    "-o", "--output", type=click.Path(dir_okay=False, path_type=Path), metavar="FICHIER", help="Où l'écrire."
)
@RULES_OPTION
@config_option
@click.pass_obj
def export(
    invocation: Invocation,
    kind: str,
    convention: str | None,
    day: datetime | None,
    output: Path | None,
    rules: Path | None,
) -> int:
    """The file says how it may be edited; `rules import` reads it back."""
    books = books_for(invocation, rules)
    book = book_of(books, noon(day.date()) if day else invocation.now(), convention)
    check_convention(book, convention)
    asked = day.date() if day else invocation.now().astimezone(book.zone(convention)).date()
    try:
        table, page = raci(book, asked, convention), simplified(book, asked, convention)
    except BeforeBook as error:
        raise click.UsageError(str(error)) from error
    path = output or Path(file_name(table, SheetFormat(kind)))
    written = annexes(book, table, page, SheetFormat(kind), invocation.settings().public_url)
    try:
        path.write_bytes(written)
    except OSError as error:
        raise click.UsageError(f"{path} ne peut pas être écrit ({error.strerror}).") from error
    click.echo(f"{len(table.rows)} lignes écrites dans {path}.")
    return OK


def book_of(books: Books, at: datetime, convention: str | None) -> Rulebook:
    """The book a convention goes by at an instant."""
    try:
        return books.find(at, convention=convention)[0].book
    except (Invalid, Refused) as error:
        raise click.UsageError(error.message) from error


def noon(day: date) -> datetime:
    """Within the civil day, wherever the convention is."""
    return datetime.combine(day, time(12), UTC)


def check_convention(book: Rulebook, convention: str | None) -> None:
    if convention is not None and convention not in book.conventions:
        raise click.UsageError(unknown_word(f"la convention « {convention} »", convention, book.conventions))


@click.command(
    "import",
    cls=FrenchCommand,
    help="Relit un RACI modifié : ce qui change, les règles proposées, ce qu'en dit la preuve.",
)
@click.argument("path", metavar="FICHIER", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@CONVENTION_OPTION
@click.option(
    "-o",
    "--output",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DOSSIER",
    help="Écrit les fichiers proposés, entiers, dans ce dossier.",
)
@RULES_OPTION
@config_option
@click.pass_obj
def import_sheet(
    invocation: Invocation, path: Path, convention: str | None, output: Path | None, rules: Path | None
) -> int:
    """Publishes nothing. The code is 1 when a cell makes no sense or when the proof refuses the proposal."""
    books, opened = books_for(invocation, rules), open_raci(path)
    book = book_of(books, invocation.now(), convention or opened.mark.convention)
    check_convention(book, convention)
    if book.fingerprint != opened.mark.fingerprint:  # exported for another day than today
        book = book_of(books, noon(opened.mark.day), opened.mark.convention)
    found = read_raci(book, opened, convention)
    if isinstance(found, Unreadable):
        for fault in found.faults:
            click.echo(str(fault))
        count = len(found.faults)
        click.echo(f"{count} cellule{'s' if count > 1 else ''} à corriger : rien n'est proposé.", err=True)
        return FAULT
    click.echo(imported_text(found))
    if output and found.proposal.sources:
        _write(output, found.proposal.sources)
    return FAULT if found.refusals else OK


def _write(folder: Path, sources: Mapping[str, str]) -> None:
    """Never over a file that is there: it may be the draft of somebody else."""
    present = [name for name in sources if (folder / name).exists()]
    if present:
        raise click.UsageError(f"{folder / present[0]} existe déjà : donnez un dossier neuf.")
    try:
        for name, text in sources.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text, encoding="utf-8")
    except OSError as error:
        raise click.UsageError(f"{folder} ne peut pas être écrit ({error.strerror}).") from error
    click.echo(f"\nÉcrit dans {folder} : {', '.join(sources)}.")
