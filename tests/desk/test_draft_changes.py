"""What a draft's page says would change: in words, from its first day, with last year's tickets, and nothing where
nothing does."""

from datetime import date, timedelta

import pytest

from router.desk import draft_changes, draft_pages
from router.desk.comparison import ChangeLine
from router.desk.draft_changes import DraftChanges
from router.desk.draft_terms import of_convention
from router.desk.policy import load_policy
from router.rulebook.changes import Kind
from router.store.engine import Database
from tests.desk.drafts import COPIER, FILE, NORTH, TODAY, shipped, started, with_copiers
from tests.desk.drafts import approve as approve_draft
from tests.desk.drafts import propose as propose_draft
from tests.desk.world import MONDAY, World, settle_world, shipped_policy

DAY = timedelta(days=1)


@pytest.fixture
def world(database: Database) -> World:
    return settle_world(database)


def changes(world: World, sources: dict[str, str], day: date = TODAY) -> DraftChanges:
    new = load_policy(of_convention(sources, NORTH))
    return draft_changes.draft_changes(
        world.desk, shipped_policy().book, new.book, day, NORTH, MONDAY, count_all=False
    )


def kinds(found: DraftChanges) -> list[Kind]:
    return [line.line.kind for day in found.days for line in day.lines]


def lines_of(world: World, draft_id: int, at=MONDAY + DAY, **asked: bool) -> tuple[ChangeLine, ...]:
    sheet = draft_pages.sheet(world.desk, world["manager"], draft_id, at, **asked)
    assert sheet.changes is not None
    return tuple(line for day in sheet.changes.days for line in day.lines)


def file_copiers(world: World) -> None:
    for who, at, number in (
        ("rupn", MONDAY, "now"),
        ("rupn", MONDAY - 300 * DAY, "this year"),
        ("rupn", MONDAY - 400 * DAY, "before"),
        ("rupn_south", MONDAY, "elsewhere"),
    ):
        world.file(who, "Le copieur est en panne", facts=dict(COPIER), at=at, external_id=number)
    world.file("rupn", "La ligne est coupée", facts={"category": "network"}, at=MONDAY, external_id="network")


def test_copiers_change_hands(world: World) -> None:
    (days,) = changes(world, with_copiers()).days
    assert days.since == TODAY and days.until is None
    ((heading, (line,)),) = days.parts
    assert heading == "Change de mains"
    assert "« copieur »" in line.text and line.text.endswith("RUPN → Département")


def test_a_rule_that_ends_later_shows_with_its_date(world: World) -> None:
    sources = shipped()
    old = 'since = 2025-09-01\nchecked_on = 2026-11-23\noverrides = ["copieur-proprietaire-inconnu"]'
    sources[FILE] = sources[FILE].replace(old, old.replace("2025-09-01", "2025-09-01\nuntil = 2027-09-01"))
    found = changes(world, sources)
    assert [days.since for days in found.days] == [date(2027, 9, 1)] and kinds(found) == [Kind.HOLDER]


def test_another_reason_for_the_same_answer_is_told_apart(world: World) -> None:
    sources = shipped()
    why = "qui appelle le loueur."
    assert sources[FILE].count(why) == 1
    sources[FILE] = sources[FILE].replace(why, "qui appelle son loueur.")
    assert kinds(changes(world, sources)) == [Kind.RULE]


def test_a_comment_changes_nothing(world: World) -> None:
    found = changes(world, shipped() | {FILE: shipped()[FILE] + "\n# Relu.\n"})
    assert (found.days, found.notes, found.unfinished, found.left_out) == ((), (), "", 0)


def test_a_day_before_the_first_rule_is_compared_from_that_rule_on(world: World) -> None:
    (days,) = changes(world, with_copiers(), date(2020, 1, 1)).days
    assert days.since == date(2025, 9, 1)


def test_each_line_says_how_many_tickets_of_the_past_year_it_would_have_touched(world: World) -> None:
    file_copiers(world)
    (line,) = lines_of(world, started(world))
    assert line.tickets == 2


def test_once_approved_the_year_is_the_one_before(world: World) -> None:
    file_copiers(world)
    draft_id = started(world)
    propose_draft(world, draft_id, at=MONDAY + DAY / 24)
    approve_draft(world, draft_id, at=MONDAY + DAY / 24)
    world.file("rupn", "Encore", facts=dict(COPIER), at=MONDAY + DAY, external_id="after")
    (line,) = lines_of(world, draft_id, MONDAY + 20 * DAY)
    assert line.tickets == 2


def test_many_tickets_are_counted_only_when_asked_for(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    file_copiers(world)
    draft_id = started(world)
    monkeypatch.setattr(draft_changes, "COUNTED_AT_ONCE", 4)
    assert [line.tickets for line in lines_of(world, draft_id)] == [2], (
        "four of the year, as many as are counted"
    )
    monkeypatch.setattr(draft_changes, "COUNTED_AT_ONCE", 3)
    assert [line.tickets for line in lines_of(world, draft_id)] == [None]
    assert [line.tickets for line in lines_of(world, draft_id, count_all=True)] == [2]
