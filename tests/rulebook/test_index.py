"""The fast index says what rule-engine says, on thousands of random facts, for the base and each convention."""

import random
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from router.model.incident import FactValue
from router.rulebook.book import BeforeBook, Rulebook, UnknownConvention, first_instant
from router.rulebook.decide import decide
from router.rulebook.sequence import RuleSequence
from tests.rulebook.conftest import AT

POINTS = 1_500


def random_facts(book: Rulebook, chance: random.Random) -> dict[str, FactValue]:
    return {
        name: chance.choice(values)
        for name, values in zip(book.vocabulary.domain.names, book.vocabulary.domain.values, strict=True)
    }


@pytest.mark.parametrize("convention", [None, "demo-nord", "demo-sud"])
def test_index_equals_the_sequence_of_rule_engine_rules(book: Rulebook, convention: str | None) -> None:
    chance = random.Random(f"index {convention}")
    for part in book.slices[convention]:
        sequence = RuleSequence.of(book.vocabulary, part)
        seen = set()
        for _ in range(POINTS):
            values = random_facts(book, chance)
            expected = sequence.winner(values)
            assert part.index.winner(values) is expected
            seen.add(expected.id if expected else "")
        assert len(seen) > 30


def test_alternatives_are_the_winners_of_each_value(book: Rulebook) -> None:
    chance = random.Random(3)
    index = book.slice_at(AT).index
    for _ in range(200):
        values = random_facts(book, chance)
        for fact in ("asset_owner", "category", "prerequisite"):
            for value, rule in index.alternatives(values, fact).items():
                assert rule is index.winner({**values, fact: value})
    assert index.alternatives(values, "force_majeure") == {}


def test_holidays_and_force_majeure_never_change_the_responsible(book: Rulebook) -> None:
    """A stated property, exact: no cube of any rule restricts these facts."""
    domain = book.vocabulary.domain
    for name in ("on_school_holiday", "force_majeure"):
        position = domain.position[name]
        local = [rule for convention in book.conventions.values() for rule in convention.rules]
        assert all(cube[position] == domain.full[position] for r in (*book.rules, *local) for cube in r.cubes)


def test_the_civil_day_is_the_conventions(book: Rulebook) -> None:
    before = datetime(2025, 8, 31, 21, 59, tzinfo=UTC)
    with pytest.raises(BeforeBook, match="31/08/2025"):
        book.slice_at(before)
    assert book.slice_at(datetime(2025, 8, 31, 22, 0, tzinfo=UTC)).since == date(2025, 9, 1)
    with pytest.raises(UnknownConvention):
        book.slice_at(AT, "nulle-part")
    with pytest.raises(ValueError, match="décalage"):
        book.slice_at(AT.replace(tzinfo=None))


@pytest.mark.parametrize("zone", ["Europe/Paris", "America/Guadeloupe", "Indian/Reunion", "America/Miquelon"])
def test_a_day_begins_when_the_zone_says_so(zone: str) -> None:
    """The days on which the hour changes included; rules are found by instant, without asking for the civil day."""
    place, day = ZoneInfo(zone), date(2025, 3, 1)
    while day < date(2026, 12, 31):
        begins = first_instant(day, place)
        assert begins.astimezone(place).date() == day
        assert (begins - timedelta(microseconds=1)).astimezone(place).date() == day - timedelta(days=1)
        day += timedelta(days=1)
    assert first_instant(date.min, place) < first_instant(date(1, 1, 3), place)


def test_decide_never_fails_on_valid_facts(book: Rulebook) -> None:
    chance = random.Random(11)
    from router.model.words import HOLDERS, Source

    for convention in (None, *book.conventions):
        for _ in range(1_000):
            facts = book.vocabulary.resolve([(Source.DECLARED, random_facts(book, chance))])
            decision = decide(book, facts, AT, convention=convention)
            assert decision.responsible in HOLDERS
            assert decision.responsible not in decision.inform
            assert list(decision.inform) == sorted(set(decision.inform))
            assert decision.articles
            assert decision.rulebook == book.fingerprint


def test_the_book_knows_its_conventions(book: Rulebook) -> None:
    assert book.convention_of("901") == "demo-nord"
    assert book.convention_of("902") == "demo-sud"
    assert book.convention_of("035") is None
    assert book.rule("nord-ent").local is not None
    with pytest.raises(KeyError):
        book.rule("inconnue")
