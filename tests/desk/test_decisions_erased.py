"""Who decided days, force majeure and rules, and why, is erased once it has long been over; what was decided stays."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from router.desk import draft_pages, housekeeping, sealing, suspensions
from router.desk.calendar_days import decide_days, withdraw_days
from router.desk.calendar_page import calendar_page
from router.desk.clock_check import verify_clocks
from router.desk.house import Desk
from router.store import calendar_log, journal, seals
from router.store.engine import Database
from router.store.tables import CalendarChange, CalendarWords, NoticeRow, RuleDraftEvent, RuleDraftWords
from tests.desk.drafts import approve, propose, settle_keepers, started
from tests.desk.test_calendar_days import SNOW, TUESDAY, dues, filed
from tests.desk.test_suspensions import FLOOD
from tests.desk.world import MONDAY, World

A_MONTH = timedelta(days=365.25 / 12)
SIXTY = 60 * A_MONTH  # what the settings say when nobody has said otherwise
NAMES = ("Personne Manager", "Routes fermées", "Inondation de la vallée", "Dégel")


@pytest.fixture
def world(database: Database) -> World:
    return settle_keepers(database)


def words(world: World) -> dict[str, int]:
    with world.desk.database.reading() as session:
        counted = {
            table.__tablename__: session.scalar(select(func.count()).select_from(table)) or 0
            for table in (CalendarChange, CalendarWords, RuleDraftEvent, RuleDraftWords)
        }
        letters = session.scalars(select(NoticeRow.body).where(NoticeRow.ticket_id.is_(None))).all()
    return counted | {"letters that name": sum(any(name in body for name in NAMES) for body in letters)}


def all_decided(world: World) -> int:
    """Days, taken back; force majeure, accepted; a draft, approved. A ticket that rests on them."""
    ticket = filed(world)
    decide_days(world.desk, world["manager"], SNOW, MONDAY)
    withdraw_days(world.desk, world["manager"], _last(world), "Dégel.", MONDAY)
    number = suspensions.declare_suspension(world.desk, world["manager"], FLOOD, MONDAY)
    suspensions.accept_suspension(world.desk, world["manager_academie"], number, MONDAY)
    draft = started(world)
    propose(world, draft)
    approve(world, draft)
    return ticket


def _last(world: World) -> int:
    with world.desk.database.reading() as session:
        return calendar_log.last_change(session)


def test_names_and_reasons_go_and_everything_that_rests_on_the_acts_holds(world: World) -> None:
    ticket = all_decided(world)
    before, stored = words(world), dues(world, ticket)
    assert before["calendar_words"] == 4 and before["rule_draft_words"] == 3 and before["letters that name"] > 3
    sealing.run_daily(world.desk, MONDAY)
    over = MONDAY + timedelta(days=3) + SIXTY
    assert housekeeping.erase_decisions(world.desk, over - timedelta(days=4)) == 0
    assert housekeeping.erase_decisions(world.desk, over) == 7
    assert housekeeping.erase_decisions(world.desk, over) == 0
    after = words(world)
    assert (after["calendar_words"], after["rule_draft_words"], after["letters that name"]) == (0, 0, 0)
    assert after["calendar_change"] == before["calendar_change"]
    assert after["rule_draft_event"] == before["rule_draft_event"]

    anew = World(
        Desk(world.desk.database, world.desk.settings), world.people
    )  # another process, nothing in mind
    assert verify_clocks(anew.desk).differences == () and dues(anew, ticket) == stored
    with anew.desk.database.reading() as session:
        assert journal.verify(session)[1] == () and seals.verify_seals(session)[1] == ()
    page = calendar_page(anew.desk, anew["manager"], None, over)
    assert {each.by.name for each in (*page.decisions, *page.suspensions)} == {""}
    sheet = draft_pages.sheet(anew.desk, anew["manager"], 1, over)
    assert {(each.name, each.reason) for each in sheet.story} == {("", "")}


def test_what_is_not_over_keeps_its_words_however_old_the_act(world: World) -> None:
    far = replace(SNOW, first=TUESDAY + timedelta(days=900), last=TUESDAY + timedelta(days=900))
    decide_days(world.desk, world["manager"], far, MONDAY)
    started(world)  # a draft that nobody has settled
    assert housekeeping.erase_decisions(world.desk, MONDAY + SIXTY + timedelta(days=800)) == 0
    assert housekeeping.erase_decisions(world.desk, MONDAY + SIXTY + timedelta(days=905)) == 1
    assert words(world)["rule_draft_words"] == 1


def test_the_one_who_accepted_is_kept_as_long_as_the_one_who_declared(world: World) -> None:
    asked = replace(FLOOD, last=FLOOD.first + timedelta(days=300))
    number = suspensions.declare_suspension(world.desk, world["manager"], asked, MONDAY)
    suspensions.accept_suspension(world.desk, world["manager_academie"], number, MONDAY)
    assert housekeeping.erase_decisions(world.desk, MONDAY + SIXTY + timedelta(days=290)) == 0
    assert housekeeping.erase_decisions(world.desk, MONDAY + SIXTY + timedelta(days=310)) == 2


@pytest.mark.parametrize(("months", "erased"), [(1, 1), (2, 0)])
def test_how_long_is_a_setting(world: World, months: int, erased: int) -> None:
    decide_days(world.desk, world["manager"], SNOW, MONDAY)
    desk = Desk(world.desk.database, replace(world.desk.settings, decision_retention_months=months))
    assert housekeeping.erase_decisions(desk, MONDAY + 1.2 * A_MONTH) == erased


def test_the_day_s_work_does_it(world: World) -> None:
    decide_days(world.desk, world["manager"], SNOW, MONDAY)
    housekeeping.run_daily(world.desk, _after(MONDAY))
    assert words(world)["calendar_words"] == 0


def _after(at: datetime) -> datetime:
    return at + SIXTY + timedelta(days=5)
