"""What a draft's page says would change: in words, from its first day, and nothing where nothing does."""

from datetime import date

from router.desk.draft_changes import Changes, changes_between
from router.desk.draft_terms import of_convention
from router.desk.policy import load_policy
from tests.desk.drafts import FILE, NORTH, TODAY, shipped, with_copiers
from tests.desk.world import shipped_policy


def changes(sources: dict[str, str], day: date = TODAY) -> Changes:
    return changes_between(shipped_policy(), load_policy(of_convention(sources, NORTH)), day, NORTH)


def test_copiers_change_hands() -> None:
    (days,) = changes(with_copiers()).days
    assert days.since == TODAY and days.until is None
    (line,) = days.hands
    assert "« copieur »" in line and line.endswith("RUPN → Département")
    assert days.told == ()


def test_a_rule_that_ends_later_shows_with_its_date() -> None:
    sources = shipped()
    old = 'since = 2025-09-01\nchecked_on = 2026-11-23\noverrides = ["copieur-proprietaire-inconnu"]'
    sources[FILE] = sources[FILE].replace(old, old.replace("2025-09-01", "2025-09-01\nuntil = 2027-09-01"))
    (days,) = changes(sources).days
    assert days.since == date(2027, 9, 1) and len(days.hands) == 1


def test_another_reason_for_the_same_answer_is_told_apart() -> None:
    sources = shipped()
    why = "qui appelle le loueur."
    assert sources[FILE].count(why) == 1
    sources[FILE] = sources[FILE].replace(why, "qui appelle son loueur.")
    (days,) = changes(sources).days
    assert (days.hands, days.told, len(days.reasons)) == ((), (), 1)


def test_a_comment_changes_nothing() -> None:
    found = changes(shipped() | {FILE: shipped()[FILE] + "\n# Relu.\n"})
    assert (found.days, found.notes, found.unfinished, found.left_out) == ((), (), "", 0)


def test_a_day_before_the_first_rule_is_compared_from_that_rule_on() -> None:
    (days,) = changes(with_copiers(), date(2020, 1, 1)).days
    assert days.since == date(2025, 9, 1)
