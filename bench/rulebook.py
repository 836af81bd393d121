"""What proving, comparing, deciding and explaining cost, with the shipped book and with one of six hundred rules."""

import random
from collections.abc import Callable, Mapping
from datetime import date
from time import process_time
from typing import Any

import rule_engine

from bench.large_book import grown
from bench.machine import table
from router.model.words import Source
from router.rulebook.agreement import disagreements
from router.rulebook.book import Rulebook
from router.rulebook.compare import compare
from router.rulebook.decide import decide
from router.rulebook.explain import trace
from router.rulebook.load import fingerprint, load_book, read_folder
from router.rulebook.sequence import RuleSequence
from router.settings import SHIPPED_RULES
from tests.rulebook.conftest import AT

LARGE = 640
DAY = date(2026, 11, 24)
POINTS = 2_000
LEFT_OUT = ("grey_zones.toml", "raci.toml")  # they name the shipped rules one by one
CHANGED = ("routing/30-materiel.toml", 'assign = "academie_dsi"', 'assign = "rupn"')


def main(quick: bool) -> None:
    shipped = {name: text for name, text in read_folder(SHIPPED_RULES).items() if name not in LEFT_OUT}
    one_local = {name: text for name, text in shipped.items() if not name.endswith("demo-sud.toml")}
    without_local = {name: text for name, text in shipped.items() if not name.startswith("conventions/")}
    large = grown(without_local, LARGE) | {
        name: text for name, text in one_local.items() if name.startswith("conventions/")
    }
    print("\nThe rulebook, base and one local file: seconds of processor time, or per second")
    table(
        (
            "book", "cubes", "parse, prove, properties", "hold to rule-engine", "compare with one rule changed",
            "index /s", "decide /s", "rule-engine in order /s", "its Chain /s", "× in order", "× Chain", "trace /s",
        ),
        [_measured(sources, quick) for sources in (one_local, large)],
    )  # fmt: skip


def _measured(sources: Mapping[str, str], quick: bool) -> tuple[str, ...]:
    book, proving = _fresh(sources)
    begin = process_time()
    assert disagreements(book) == ()
    holding = process_time() - begin
    points = _points(book, 100 if quick else POINTS)
    facts = [book.vocabulary.resolve([(Source.DECLARED, values)]) for values in points]
    part = book.slice_at(AT)
    sequence = RuleSequence.of(book.vocabulary, part)
    chain = rule_engine.Chain([(twin, rule) for rule, twin in sequence.rules])
    assert all(chain.evaluate(each) is part.index.winner(each) for each in points[:60])
    in_order, chained = _per_second(sequence.winner, points[:60]), _per_second(chain.evaluate, points[:60])
    index = _per_second(part.index.winner, points)
    return (
        f"{len(part.rules)} rules",
        f"{sum(len(rule.cubes) for rule in part.rules)}",
        f"{proving:.2f}",
        f"{holding:.2f}",
        _comparing(book, sources),
        f"{index:,.0f}",
        f"{_per_second(lambda each: decide(book, each, AT), facts):,.0f}",
        f"{in_order:,.0f}",
        f"{chained:,.0f}",
        f"{index / in_order:,.0f}",
        f"{index / chained:,.0f}",
        f"{_per_second(lambda each: trace(book, each, AT), facts[:60]):,.0f}",
    )


def _fresh(sources: Mapping[str, str]) -> tuple[Rulebook, float]:
    """The book and what loading it costs; a blank line at the end of a file keeps an earlier load from serving."""
    again = {**sources, "convention.toml": sources["convention.toml"] + "\n"}
    assert fingerprint(again) != fingerprint(sources)
    begin = process_time()
    return load_book(again), process_time() - begin


def _comparing(book: Rulebook, sources: Mapping[str, str]) -> str:
    file, old, new = CHANGED
    changed = load_book({**sources, file: sources[file].replace(old, new, 1), "properties.toml": ""})
    begin = process_time()
    compare(book, changed, DAY)
    return f"{process_time() - begin:.2f}"


def _points(book: Rulebook, number: int) -> list[dict[str, Any]]:
    chance, domain = random.Random(20261128), book.vocabulary.domain
    return [
        {name: chance.choice(values) for name, values in zip(domain.names, domain.values, strict=True)}
        for _ in range(number)
    ]


def _per_second(work: Callable[[Any], object], items: list[Any]) -> float:
    begin = process_time()
    for item in items:
        work(item)
    return len(items) / (process_time() - begin)
