"""The reference: rule-engine's own rules tried one after the other. Slow and plain; the index is checked against it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from router.model.incident import FactValue
from router.rulebook.book import Slice
from router.rulebook.entries import Rule
from router.rulebook.expression import parse_rule
from router.rulebook.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class RuleSequence:
    """The rules of one slice, each with its rule-engine twin."""

    rules: tuple[tuple[Rule, Any], ...]

    @classmethod
    def of(cls, vocabulary: Vocabulary, part: Slice) -> "RuleSequence":
        return cls(tuple((rule, parse_rule(rule.condition.text, vocabulary)) for rule in part.rules))

    def winner(self, values: Mapping[str, FactValue]) -> Rule | None:
        """The first rule whose expression holds for these complete facts, or None."""
        for rule, engine_rule in self.rules:
            if engine_rule.matches(values):
                return rule
        return None
