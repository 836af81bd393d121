"""One decision as pages show it: the party, the rule, the facts and where each comes from, in the book's words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from router.desk.corrected import Corrected
from router.desk.policy import Policy
from router.model.incident import FactValue
from router.model.words import Party
from router.store.tables import DecisionRow


@dataclass(frozen=True, slots=True)
class FactLine:
    """One known fact of the decision, in French, with where it comes from; `corrected`: by whom, when it was."""

    name: str
    label: str
    value: str
    source: str
    corrected: Corrected | None


@dataclass(frozen=True, slots=True)
class DecisionView:
    """Why this party: the rule, its articles and its sentence; what was only guessed."""

    at: datetime
    responsible: Party
    inform: tuple[Party, ...]
    rule: str
    title: str
    articles: tuple[tuple[str, str], ...]
    why: str
    cause: str
    facts: tuple[FactLine, ...]
    present: Mapping[str, FactValue]
    guessed: tuple[str, ...]
    rulebook: str


def decision_view(policy: Policy, row: DecisionRow, corrected: Mapping[str, Corrected]) -> DecisionView:
    """`corrected`: the facts that somebody had corrected by then."""
    vocabulary, articles = policy.book.vocabulary, policy.book.articles
    lines = [
        FactLine(
            name,
            vocabulary.facts[name].label,
            vocabulary.label(name, fact["value"]),
            fact["source"],
            corrected.get(name),
        )
        for name, fact in row.facts.items()
        if name in vocabulary.facts and fact["source"] != "unknown"
    ]
    return DecisionView(
        at=row.at,
        responsible=Party(row.responsible),
        inform=tuple(Party(party) for party in row.inform),
        rule=row.rule,
        title=row.title,
        articles=tuple((number, articles[number].title) for number in row.articles if number in articles),
        why=row.why,
        cause=row.cause,
        facts=tuple(lines),
        present={name: fact["value"] for name, fact in row.facts.items()},
        guessed=tuple(vocabulary.facts[name].label for name in row.guessed if name in vocabulary.facts),
        rulebook=row.rulebook,
    )
