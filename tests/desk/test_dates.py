"""The days to watch: announced 90 days before, not a day earlier nor a day after; an end written down, at once."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from router.desk.calendar_titles import calendar_titles, title_of
from router.desk.dates import dates_to_watch
from router.desk.policy import load_policy, read_sources
from router.settings import SHIPPED_RULES
from tests.desk.world import shipped_policy

NORTH = "conventions/demo-nord.toml"
SIGNED = "signed_on = 2025-07-03"
SCHOOL_YEAR, NOTICE = date(2027, 8, 31), date(2027, 2, 28)
GFC = date(2027, 1, 1)


def told(today: date, words: str, day: date, **changed: str) -> bool:
    policy = shipped_policy()
    if changed:
        sources = read_sources(SHIPPED_RULES)
        sources[NORTH] = sources[NORTH].replace(SIGNED, f"{SIGNED}\n{changed['more']}")
        policy = load_policy(sources)
    found = dates_to_watch({None: policy, "demo-nord": policy}, today)
    return any(words in each.words and each.day == day for each in found)


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("reconduite tacitement (article 6)", SCHOOL_YEAR),
        ("au 31/08/2027, avec six mois de préavis (article 7.2)", NOTICE),
        ("« GFC » n'est plus en service", GFC),
    ],
)
def test_announced_ninety_days_before_until_the_day_itself(words: str, day: date) -> None:
    first = day - timedelta(days=90)
    assert not told(first - timedelta(days=1), words, day)
    assert told(first, words, day)
    assert told(day, words, day)
    assert not told(day + timedelta(days=1), words, day)


def test_whoever_asks_how_long_a_convention_lasts_is_told_however_far() -> None:
    policy, today = shipped_policy(), date(2026, 9, 1)
    found = {each.day: each.words for each in dates_to_watch({"demo-nord": policy}, today, lives=True)}
    assert "reconduite tacitement" in found[SCHOOL_YEAR] and "six mois de préavis" in found[NOTICE]
    ended = SCHOOL_YEAR + timedelta(days=1)
    assert SCHOOL_YEAR not in {each.day for each in dates_to_watch({"demo-nord": policy}, ended, lives=True)}


def test_a_convention_has_its_own_calendars_only() -> None:
    words = " ".join(each.words for each in dates_to_watch({"demo-nord": shipped_policy()}, date(2026, 11, 23)))
    assert (
        "calendrier pédagogique de « Convention du Département du Val-Nord" in words and "Val-Sud" not in words
    )


def test_the_next_school_year_follows_the_last_day_of_this_one() -> None:
    assert told(date(2027, 8, 31), "reconduite", SCHOOL_YEAR)
    assert told(date(2028, 6, 2), "reconduite", date(2028, 8, 31))
    assert told(date(2028, 2, 1), "six mois de préavis", date(2028, 2, 29)), "a leap year's last of February"


def test_a_notice_given_is_told_at_once_and_nothing_is_renewed() -> None:
    more = "notice_given_on = 2027-02-28\nends_on = 2027-08-31"
    assert told(date(2026, 9, 1), "préavis donné le 28/02/2027", SCHOOL_YEAR, more=more)
    assert told(SCHOOL_YEAR, "Dernier jour de « Convention du Département du Val-Nord", SCHOOL_YEAR, more=more)
    assert not told(date(2027, 8, 1), "reconduite", SCHOOL_YEAR, more=more)


def test_a_rule_that_ends_and_a_rule_that_begins() -> None:
    sources = read_sources(SHIPPED_RULES)
    old = 'since = 2025-09-01\nchecked_on = 2026-11-23\noverrides = ["copieur-proprietaire-inconnu"]'
    assert old in sources[NORTH]
    sources[NORTH] = sources[NORTH].replace(old, old.replace("2025-09-01", "2025-09-01\nuntil = 2027-09-01"))
    policy = load_policy(sources)
    words = "« Copieurs : loués par les collèges » ne s'applique plus."
    for today, expected in ((date(2027, 6, 2), False), (date(2027, 6, 3), True), (date(2027, 9, 1), True)):
        found = [each.words for each in dates_to_watch({"demo-nord": policy}, today)]
        assert (words in found) is expected, today


def test_what_calendars_know_no_more_is_told_however_far() -> None:
    assert told(
        date(2026, 11, 23),
        "Dernier jour connu du calendrier pédagogique de « Convention du Département du Val-Nord",
        date(2028, 8, 31),
    )


def test_a_calendar_is_called_by_what_it_serves() -> None:
    conventions = tuple(shipped_policy().book.conventions.values())
    titles = calendar_titles(conventions)
    assert titles["permanent"] == "calendrier permanent"
    assert titles["sud-administratif"].startswith(
        "calendrier administratif de « Convention du Département du Val-Sud"
    )
    north, south = conventions
    shared = calendar_titles((north, replace(south, clocks={"administratif": "nord-pedagogique"})))
    assert shared["nord-pedagogique"] == f"calendrier de « {north.title} » et « {south.title} »"
    assert title_of(titles, "essai") == "calendrier « essai »"
