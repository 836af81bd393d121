"""How many questions the form asks: the dialogue of each of the demonstration's incidents, played without a page.

The person answers the first question shown, truthfully when her words or the inventory say it, else « je ne sais
pas »; the questions are worked out again after each answer, as the form does."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from random import Random
from statistics import mean
from tempfile import TemporaryDirectory

from bench.machine import table
from router.commands.demo import SEED
from router.demo.cast import Cast
from router.demo.script import Filing, Playwright
from router.demo.territory import Place, Scene, settle
from router.desk.policy import Policy, load_policy, read_sources
from router.desk.reading import AssetFacts, Declared, read_declaration
from router.model.incident import Facts, FactValue
from router.rulebook.questions import next_questions
from router.settings import SHIPPED_RULES
from router.store.engine import open_database
from router.store.schema import upgrade

NOW = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)
FIRST = datetime(2025, 9, 1, tzinfo=UTC)
COLLEGES, ASSETS = 44, 4000
Values = Mapping[str, FactValue]


@dataclass(frozen=True, slots=True)
class Start:
    """Where a dialogue begins: what she declared, what was guessed for her, and what she would answer."""

    convention: str
    declared: Values
    guessed: Facts
    truth: Values


@dataclass(frozen=True, slots=True)
class Asked:
    """One question put, with what was known when it was."""

    fact: str
    settles_party: bool
    declared: Values


def dialogue(policy: Policy, start: Start, at: datetime = NOW) -> Iterator[Asked]:
    """Every question in the order it is put, until none can change anything."""
    vocabulary = policy.book.vocabulary
    declared = dict(start.declared)
    while questions := next_questions(policy.book, declared, start.guessed, at, convention=start.convention):
        first = questions[0]
        yield Asked(first.fact, first.settles_party, dict(declared))
        declared[first.fact] = start.truth.get(first.fact, vocabulary.facts[first.fact].default)


def starts(policy: Policy, number: int, *, words: bool = True) -> list[Start]:
    """The beginnings of the demonstration's dialogues. Without `words`: nothing but who asks and the type chosen."""
    scene = _scene()
    places = {place.uai: place for place in scene.places}
    filings = Playwright(Random(SEED), policy, scene.places, Cast(scene.cast)).filings(
        number, FIRST.date(), NOW
    )
    return [_start(policy, places[filing.uai], filing, words=words) for filing in filings]


def askable(policy: Policy) -> int:
    """How many questions there are to ask: every fact that has one."""
    return sum(fact.askable for fact in policy.book.vocabulary.facts.values())


def _start(policy: Policy, place: Place, filing: Filing, *, words: bool) -> Start:
    text, thing = filing.text, _thing(place, filing)
    known = (
        {"asset_owner": thing.owner, "zone": thing.zone, "product_family": thing.product_family}
        if thing
        else {}
    )
    truth = {"category": text.category.value, **known, **text.facts, **filing.facts}
    if not words:
        declared: Values = {"reporter_role": text.by.value, "category": truth["category"]}
        return Start(place.convention, declared, policy.book.vocabulary.resolve([]), truth)
    product = text.product if filing.names_product else ""
    declaration = Declared(text.subject, text.body, text.by.value, product, filing.facts)
    reading = read_declaration(policy, declaration, thing)
    return Start(place.convention, {"reporter_role": text.by.value, **filing.facts}, reading.facts, truth)


def _thing(place: Place, filing: Filing) -> AssetFacts | None:
    row = (
        next((row for row in place.assets if row["tag"] == filing.asset_tag), None)
        if filing.asset_tag
        else None
    )
    return AssetFacts(0, row["owner"], row["zone"], row["product_family"]) if row else None


@cache
def _scene() -> Scene:
    with TemporaryDirectory() as folder:
        database = open_database(f"sqlite:///{Path(folder) / 'dialogues.sqlite3'}", synchronous="OFF")
        upgrade(database.engine)
        with database.writing() as session:
            scene = settle(session, Random(SEED), COLLEGES, ASSETS, FIRST)
        database.engine.dispose()
    return scene


def main(quick: bool) -> None:
    policy = load_policy(read_sources(SHIPPED_RULES))
    rows = []
    for name, words in (("her words were read", True), ("only the type is known", False)):
        counts, settling = [], []
        for start in starts(policy, 150 if quick else 1_500, words=words):
            asked = list(dialogue(policy, start))
            counts.append(len(asked))
            settling.append(sum(each.settles_party for each in asked))
        spread = Counter(counts)
        none = spread[0] / len(counts)
        rows.append(
            (
                name,
                f"{len(counts)}",
                f"{mean(counts):.1f}",
                f"{mean(settling):.1f}",
                f"{none:.0%}",
                f"{max(counts)}",
            )
        )
    print(f"\nQuestions of the form; asking everything would be {askable(policy)} each time")
    table(("start", "dialogues", "asked, mean", "of which settle the party", "none asked", "most"), rows)
