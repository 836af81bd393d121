"""Decisions per second of processor time: the index, and `decide`, against rule-engine's rules one by one.

Two references. `first rule`: rule-engine evaluates the rules in order until one matches; that finds the holder.
`whole`: it evaluates the priorities, the obligations and the alert's definition too, as a Decision holds them."""

import random
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from time import process_time
from typing import Any

from bench.machine import table
from router.model.incident import Facts, FactValue
from router.model.words import Source
from router.rulebook.book import Rulebook, Slice
from router.rulebook.decide import decide
from router.rulebook.expression import parse_rule
from router.rulebook.load import load_book, read_folder
from router.rulebook.sequence import RuleSequence
from router.settings import SHIPPED_RULES

AT = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
CASES = Path(__file__).parents[1] / "tests/cases"
RANDOM_POINTS = 2_000
ROUNDS = 5
Values = Mapping[str, FactValue]


@dataclass(frozen=True, slots=True)
class WholeSequence:
    """Everything a decision takes, by rule-engine alone."""

    rules: RuleSequence
    priorities: tuple[Any, ...]
    obligations: tuple[Any, ...]
    alert: Any

    @classmethod
    def of(cls, book: Rulebook, part: Slice) -> "WholeSequence":
        def parsed(entries: Sequence[Any]) -> tuple[Any, ...]:
            return tuple(parse_rule(entry.condition.text, book.vocabulary) for entry in entries)

        return cls(
            RuleSequence.of(book.vocabulary, part),
            parsed(book.priorities),
            parsed(part.obligations),
            parsed([book.alert])[0],
        )

    def decide(self, values: Values) -> object:
        rule = self.rules.winner(values)
        alert = self.alert.matches(values)
        priority = None if alert else next(each for each in self.priorities if each.matches(values))
        return rule, alert, priority, [each for each in self.obligations if each.matches(values)]


def main(quick: bool) -> None:
    book = load_book(read_folder(SHIPPED_RULES))
    part = book.slice_at(AT)
    whole = WholeSequence.of(book, part)
    points = {"random facts": _random_points(book), "cases of the trade": _cases(book)}
    print(f"\nDecisions: {len(part.rules)} rules, {len(part.index.owners)} cubes")
    table(
        (
            "facts",
            "first rule /s",
            "whole /s",
            "index /s",
            "× first rule",
            "decide /s",
            "× first rule",
            "× whole",
            "category guessed /s",
        ),
        [_measured(name, values, book, part, whole, quick) for name, values in points.items()],
    )


def _measured(
    name: str, points: list[Values], book: Rulebook, part: Slice, whole: WholeSequence, quick: bool
) -> tuple[str, ...]:
    declared = [book.vocabulary.resolve([(Source.DECLARED, values)]) for values in points]
    least = 0.1 if quick else 1.0
    first = _per_second(whole.rules.winner, points, least)
    entire = _per_second(whole.decide, points, least)
    index = _per_second(part.index.winner, points, least)

    def decided(facts: Facts) -> object:
        return decide(book, facts, AT)

    built = _per_second(decided, declared, least)
    rates = (f"{first:,.0f}", f"{entire:,.0f}", f"{index:,.0f}", f"{index / first:.0f}")
    ratios = (f"{built / first:.0f}", f"{built / entire:.0f}")
    guessed = _per_second(decided, [_read_in_words(book, values) for values in points], least)
    return (f"{name} ({len(points)})", *rates, f"{built:,.0f}", *ratios, f"{guessed:,.0f}")


def _read_in_words(book: Rulebook, values: Values) -> Facts:
    """The same facts, their category read by the classifier: what would have changed the party is looked for."""
    declared = {name: value for name, value in values.items() if name != "category"}
    guess = {"category": values["category"]}
    return book.vocabulary.resolve([(Source.DECLARED, declared), (Source.CLASSIFIER, guess)])


def _per_second(work: Callable[[Any], object], items: Sequence[Any], least: float) -> float:
    """The best of several rounds, each of at least `least` seconds of processor time."""
    best = 0.0
    for _ in range(ROUNDS):
        done, begin = 0, process_time()
        while (spent := process_time() - begin) < least:
            for item in items:
                work(item)
            done += len(items)
        best = max(best, done / spent)
    return best


def _random_points(book: Rulebook) -> list[Values]:
    chance = random.Random(20261124)
    domain = book.vocabulary.domain
    return [
        {name: chance.choice(values) for name, values in zip(domain.names, domain.values, strict=True)}
        for _ in range(RANDOM_POINTS)
    ]


def _cases(book: Rulebook) -> list[Values]:
    """The facts of tests/cases: incidents as people declare them, most facts unknown."""
    files = [tomllib.loads(path.read_text(encoding="utf-8")) for path in sorted(CASES.glob("*.toml"))]
    return [
        book.vocabulary.resolve([(Source.DECLARED, case["facts"])]).values()
        for file in files
        for case in file["case"]
    ]
