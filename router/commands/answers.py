"""`classify` and `decide`: lines in, lines out, without a database."""

from datetime import datetime
from pathlib import Path
from typing import Any

import click

from router.commands.french import FrenchCommand
from router.commands.invocation import Invocation, config_option
from router.commands.policies import RULES_OPTION, Books, books_for
from router.commands.streams import answer_standard_input
from router.desk.lines import (
    classify_line,
    decide_query,
    decision_line,
    decision_of,
    trace_of,
)


@click.command(cls=FrenchCommand, help="Lit {id, subject, body}, écrit la catégorie trouvée et ses indices.")
@RULES_OPTION
@config_option
@click.pass_obj
def classify(invocation: Invocation, rules: Path | None) -> int:
    """One classification per line."""
    now = invocation.now()
    policy = books_for(invocation, rules).find(now)[0]
    return answer_standard_input(lambda line: classify_line(policy, line), any_character=True)


@click.command(
    cls=FrenchCommand, help="Lit {id, facts, …}, écrit qui est compétent, par quelle règle et pourquoi."
)
@click.option(
    "--trace", "traced", is_flag=True, help="Ajoute les règles essayées et ce qui changerait la réponse."
)
@RULES_OPTION
@config_option
@click.pass_obj
def decide(invocation: Invocation, rules: Path | None, *, traced: bool) -> int:
    """One decision per line."""
    books = books_for(invocation, rules)
    now = invocation.now()
    return answer_standard_input(lambda line: _decided(books, line, now, traced=traced))


def _decided(books: Books, line: Any, now: datetime, *, traced: bool) -> dict[str, Any]:
    query = decide_query(line, now)
    policy, convention = books.find(query.at, query.uai)
    decision = decision_of(policy, query, convention)
    answer = decision_line(line["id"], decision)
    return answer | {"trace": trace_of(policy, decision, convention)} if traced else answer
