"""Lines of `classify` and `decide`: what they may hold, and what is answered. Pure: no file, no database.

The formats are fixed, since other programs depend on them; docs/commands.md describes each."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from router.desk.line_reading import Line, facts_of, instant_of, keys_of, text_of, written
from router.desk.policy import Policy
from router.desk.reading import Declared, question_asked, read_declaration
from router.desk.weighing import weigh
from router.model.incident import UNKNOWN, Classification, Decision, Facts
from router.model.lines import LineError
from router.model.told import Told, ToldKind
from router.model.uai import parse_uai
from router.rulebook.decide import BeforeBook
from router.rulebook.explain import trace
from router.rulebook.vocabulary import FactError

CLASSIFY_KEYS = ("id", "subject", "body")
DECIDE_KEYS = ("id", "facts", "product", "subject", "text", "uai", "at")


# --- classify -------------------------------------------------------------------------------------


def classify_line(policy: Policy, line: Line) -> Line:
    """`{id, category, confidence, evidence, security, abstained, runner_up, doubt, question, telling, language,
    facts}`. Raises LineError."""
    keys_of(line, CLASSIFY_KEYS, CLASSIFY_KEYS)
    found = policy.classifier.classify(text_of(line, "subject"), text_of(line, "body"))
    return {
        "id": line["id"],
        "category": found.category.value,
        "confidence": round(found.confidence, 6),
        "evidence": [words for words in map(written, found.evidence) if words],
        "security": round(found.security, 6),
        "abstained": found.abstained,
        "runner_up": found.runner_up.value if found.runner_up else None,
        "doubt": found.doubt,
        "question": question_asked(policy, found, in_doubt=found.doubt),
        "telling": found.telling,
        "language": found.language,
        "facts": told_facts(found.told) | _told_scope(found),
    }


def _told_scope(found: Classification) -> dict[str, Any]:
    """Who is touched, which rules read by words of its own (« toute la salle », « 28 élèves »)."""
    if found.scope is None or found.scope_evidence is None:
        return {}
    return {"scope": {"value": found.scope, "words": written(found.scope_evidence)}}


def told_facts(told: Told) -> dict[str, Any]:
    """`{name: {value, words}}`; what was tried, possibly several things, as two lists."""
    facts: dict[str, Any] = {
        fact.kind.value: {"value": written(fact.value), "words": written(fact.words)} for fact in told.facts
    }
    tried = told.all_of(ToldKind.TRIED)
    if tried:
        facts["tried"] = {
            "value": [fact.value for fact in tried],
            "words": [written(fact.words) for fact in tried],
        }
    return facts


# --- decide ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Query:
    """One line of `decide`: what was declared, where, when. `uai` is empty for the base book."""

    declared: Declared
    uai: str
    at: datetime


def decide_query(line: Line, now: datetime) -> Query:
    """Raises LineError, or Invalid for a mistaken UAI (saying the right letter)."""
    keys_of(line, DECIDE_KEYS, ("id", "facts"))
    uai = text_of(line, "uai")
    return Query(
        declared=Declared(
            subject=text_of(line, "subject"),
            body=text_of(line, "text"),
            reporter_role=UNKNOWN,
            product=text_of(line, "product"),
            facts=facts_of(line),
        ),
        uai=parse_uai(uai) if uai else "",
        at=instant_of(line, "at") or now,
    )


def decision_of(policy: Policy, query: Query, convention: str | None) -> Decision:
    """Raises LineError at the fact, or at `at` before the book's first rule."""
    try:
        reading = read_declaration(policy, query.declared)
        return weigh(policy, reading, query.at, convention)[1]
    except FactError as error:
        raise LineError(error.message, error.field) from error
    except BeforeBook as error:
        raise LineError(str(error), error.field) from error


def decision_line(identity: str | int, decision: Decision) -> dict[str, Any]:
    """`{id, responsible, inform, rule, articles, why, priority, facts, rulebook}`."""
    return {
        "id": identity,
        "responsible": decision.responsible.value,
        "inform": [party.value for party in decision.inform],
        "rule": decision.rule,
        "articles": list(decision.articles),
        "why": decision.why,
        "priority": decision.priority.value,
        "facts": sourced(decision.facts),
        "rulebook": decision.rulebook,
    }


def trace_of(policy: Policy, decision: Decision, convention: str | None) -> Mapping[str, Any]:
    return trace(policy.book, decision.facts, decision.at, convention=convention).to_json()


def sourced(facts: Facts) -> dict[str, Any]:
    return {name: {"value": fact.value, "source": fact.source.value} for name, fact in facts.items.items()}
