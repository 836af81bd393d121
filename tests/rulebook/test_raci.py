"""The RACI says what the decisions do: its letters, its exceptions, and the simplified table that leaves rows out."""

import random
import tomllib
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from router.model.incident import Facts
from router.model.words import Party, Source
from router.rulebook.book import BeforeBook, Rulebook, UnknownConvention
from router.rulebook.cubes import inside
from router.rulebook.decide import decide
from router.rulebook.load import load_book
from router.rulebook.raci import DUTIES, ELSEWHERE, Letter, Mention, Raci, RaciRow, RowKind, raci
from router.rulebook.simplified import simplified

DAY = date(2026, 11, 24)
AT = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
ROWS = tomllib.loads((Path(__file__).parents[1] / "raci" / "letters.toml").read_text(encoding="utf-8"))["row"]
CONVENTIONS = (None, "demo-nord", "demo-sud")


def letters(mentions: tuple[Mention, ...]) -> str:
    return " ".join(str(m.letter) if m.always else f"({m.letter})" for m in mentions)


def row_of(table: Raci, identifier: str) -> RaciRow:
    return next(row for row in table.rows if row.id == identifier)


def any_facts(book: Rulebook, chance: random.Random) -> Facts:
    """Each fact at random; half of the time left unknown, so that broad rules win too."""
    given = {
        name: chance.choice(tuple(fact.values))
        for name, fact in book.vocabulary.facts.items()
        if chance.random() < 0.5
    }
    return book.vocabulary.resolve([(Source.DECLARED, given)])


@pytest.mark.parametrize("case", [pytest.param(row, id=row["title"]) for row in ROWS])
def test_a_row_says(book: Rulebook, case: dict[str, Any]) -> None:
    table = raci(book, DAY, case.get("convention"))
    ((group, row),) = [(g, r) for g in table.groups for r in g.rows if r.title == case["title"]]
    assert {party.value: letters(found) for party, found in row.mentions.items()} == case["letters"]
    assert group.title == case["heading"]
    assert [each.title for each in row.exceptions] == case.get("sauf", [e.title for e in row.exceptions])


@pytest.mark.parametrize("convention", CONVENTIONS)
def test_each_row_has_one_who_acts_and_one_who_answers(book: Rulebook, convention: str | None) -> None:
    for row in raci(book, DAY, convention).rows:
        expected = 0 if row.kind is RowKind.DUTY else 1
        assert len(row.holders(Letter.RESPONSIBLE)) == expected, row.id
        assert len(row.holders(Letter.ACCOUNTABLE)) == expected, row.id


@pytest.mark.parametrize("convention", CONVENTIONS)
def test_the_letters_are_what_decisions_do(book: Rulebook, convention: str | None) -> None:
    """Whoever decides, the row of the rule shows who acts; who is told has an I there or in the duty's own row."""
    table, chance = raci(book, DAY, convention), random.Random(7)
    told_in_own_row = {row.id: row for row in table.rows if row.kind is RowKind.DUTY}
    for _ in range(3_000):
        decision = decide(book, any_facts(book, chance), AT, convention=convention)
        row = row_of(table, decision.rule)
        assert row.responsible is decision.responsible
        for line in decision.informations:
            assert line.party in told_in_own_row[line.obligation].mentions
        reporter = decision.facts.items["reporter_role"].value
        for party in row.holders(Letter.INFORMED):
            if any(m.letter is Letter.INFORMED and m.always for m in row.mentions[party]):
                assert party in decision.inform or reporter in book.parties[party].reports_as


@pytest.mark.parametrize("convention", CONVENTIONS)
def test_whoever_wins_instead_is_said(book: Rulebook, convention: str | None) -> None:
    """A rule that fits but doesn't win, before another party, names the winner after « sauf »."""
    table, chance = raci(book, DAY, convention), random.Random(11)
    rules = book.slice_at(AT, convention).rules
    checked = 0
    for _ in range(3_000):
        facts = any_facts(book, chance)
        point = book.vocabulary.domain.point(facts.values())
        winner, *others = (rule for rule in rules if any(inside(point, cube) for cube in rule.cubes))
        for other in others:
            if other.assign is not winner.assign and any(row.id == other.id for row in table.rows):
                said = {each.rule for each in row_of(table, other.id).exceptions} | set(table.foremost)
                assert winner.id in said, (winner.id, other.id)
                checked += 1
    assert checked > 50


@pytest.mark.parametrize("convention", CONVENTIONS)
def test_the_simplified_table_names_the_same_party_for_everything(
    book: Rulebook, convention: str | None
) -> None:
    page, chance = simplified(book, DAY, convention), random.Random(13)
    shown = {row.id for line in page.lines for rows in line.kinds.values() for row in rows}
    rules = book.slice_at(AT, convention).rules
    assert len(shown) < 50 < len(rules)
    for _ in range(5_000):
        point = book.vocabulary.domain.point(any_facts(book, chance).values())
        fitting = [rule for rule in rules if any(inside(point, cube) for cube in rule.cubes)]
        assert next(rule for rule in fitting if rule.id in shown).assign is fitting[0].assign


def test_every_heading_of_the_convention_is_in_both_tables_in_its_order(book: Rulebook) -> None:
    titles = [heading.title for heading in book.headings]
    assert [group.title for group in raci(book, DAY).groups] == [*titles, ELSEWHERE, DUTIES]
    assert [line.title for line in simplified(book, DAY).lines] == [*titles, ELSEWHERE]


def test_a_rule_that_a_convention_takes_over_whole_has_no_row(book: Rulebook) -> None:
    local = book.conventions["demo-nord"].rules[1]
    (replaced,) = local.overrides
    assert row_of(raci(book, DAY), replaced)
    assert replaced not in {row.id for row in raci(book, DAY, "demo-nord").rows}


def test_without_headings_the_rules_keep_their_own_groups(sources: dict[str, str]) -> None:
    bare = load_book({name: text for name, text in sources.items() if name != "raci.toml"})
    titles = [group.title for group in raci(bare, DAY).groups]
    assert set(titles) == {rule.group for rule in bare.rules} | {ELSEWHERE, DUTIES}


def test_a_rule_may_name_who_answers(sources: dict[str, str]) -> None:
    name = "routing/30-materiel.toml"
    text = sources[name].replace('id = "materiel-etat"', 'id = "materiel-etat"\naccountable = "dpo"', 1)
    row = row_of(raci(load_book({**sources, name: text}), DAY), "materiel-etat")
    assert row.holders(Letter.ACCOUNTABLE) == (Party.DPO,)
    assert row.responsible is Party.ACADEMIE_DSI


def test_days_and_conventions_that_do_not_exist(book: Rulebook) -> None:
    with pytest.raises(BeforeBook):
        raci(book, date(2020, 1, 1))
    with pytest.raises(UnknownConvention):
        raci(book, DAY, "lune")
