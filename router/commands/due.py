"""`due`: when an allowance has run on a calendar, line by line."""

from collections.abc import Mapping
from pathlib import Path

import click

from router.clock.calendar import CalendarsRefused, ServiceCalendar, calendars_of, load_calendars
from router.clock.due import due_line
from router.commands.french import FrenchCommand
from router.commands.invocation import Invocation, config_option
from router.commands.streams import answer_standard_input


@click.command(cls=FrenchCommand, help="Lit {id, calendar, start, allowance, pauses}, écrit l'échéance.")
@click.option(
    "--calendars",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FICHIER",
    help="Fichier de calendriers (sinon ceux du recueil en vigueur, sinon ceux livrés).",
)
@config_option
@click.pass_obj
def due(invocation: Invocation, calendars: Path | None) -> int:
    """One due time per line."""
    try:
        known = _in_file(calendars) if calendars else _in_force(invocation)
    except CalendarsRefused as refused:
        raise click.UsageError(f"calendriers refusés :\n{refused}") from refused
    return answer_standard_input(lambda line: due_line(known, line))


def _in_file(path: Path) -> Mapping[str, ServiceCalendar]:
    try:
        return calendars_of(path.read_text(encoding="utf-8-sig"), path.name)
    except (OSError, UnicodeDecodeError) as error:
        raise click.UsageError(f"le fichier {path} ne peut pas être lu en UTF-8.") from error


def _in_force(invocation: Invocation) -> Mapping[str, ServiceCalendar]:
    settings = invocation.settings()
    if settings.sqlite_file is None or settings.sqlite_file.is_file():
        # Imported here: without a database its library is never loaded.
        from router.desk.installation import published_sources

        sources = published_sources(settings, invocation.now())
        if sources is not None:
            return load_calendars(sources)
    clocks = sorted((settings.rules_folder / "clocks").glob("*.toml"))
    return load_calendars({f"clocks/{path.name}": path.read_text(encoding="utf-8") for path in clocks})
