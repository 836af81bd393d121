"""`file`: one ticket per line, each in a transaction of its own."""

import click

from router.commands.french import FrenchCommand
from router.commands.invocation import Invocation, config_option
from router.commands.streams import answer_standard_input
from router.desk.file_lines import file_line


@click.command(
    cls=FrenchCommand, help="Lit {id, uai, reporter, subject, body, …}, ouvre le dossier, écrit son numéro."
)
@config_option
@click.pass_obj
def file(invocation: Invocation) -> int:
    """The clock is read for each line: a long file must not be refused as « in the future »."""
    desk = invocation.desk()
    return answer_standard_input(lambda line: file_line(desk, line, invocation.now()))
