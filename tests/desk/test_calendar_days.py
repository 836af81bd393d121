"""Days decided by people: whose tickets move, what is refused, and what each deadline remembers."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from router.clock.targets import Clock
from router.desk import handle, settling
from router.desk.calendar_days import DaysAsked, decide_days, withdraw_days
from router.desk.clock_check import judged_anew, verify_clocks
from router.desk.house import Desk
from router.model.actor import Conflict, Forbidden, Invalid, NotFound, Refused
from router.model.words import DayCause, DeadlineKind, EventKind, Reach
from router.store import calendar_log
from router.store.engine import Database
from router.store.tables import DeadlineRow, EscalationRow, EventRow, Ticket
from tests.desk.drafts import settle_keepers
from tests.desk.world import MONDAY, NORTH, NORTH_TOO, SOUTH, World, notices

HARDWARE = {"category": "hardware", "asset_owner": "departement", "need": "breakdown"}
TUESDAY = MONDAY.date() + timedelta(days=1)
SNOW = DaysAsked(Reach.CONVENTION, "demo-nord", None, TUESDAY, TUESDAY, (), DayCause.SNOW, "Routes fermées.")


@pytest.fixture
def world(database: Database) -> World:
    return settle_keepers(database)


def dues(world: World, ticket: int) -> dict[str, datetime | None]:
    with world.desk.database.reading() as session:
        rows = session.query(DeadlineRow).filter(DeadlineRow.ticket_id == ticket).order_by(DeadlineRow.id)
        return {row.kind: row.due_at for row in rows}


def steps(world: World, ticket: int) -> dict[int, datetime]:
    with world.desk.database.reading() as session:
        rows = session.query(EscalationRow).filter(EscalationRow.ticket_id == ticket)
        return {row.id: row.due_at for row in rows if row.due_at}


def events(world: World, ticket: int, kind: EventKind) -> list[EventRow]:
    with world.desk.database.reading() as session:
        return session.query(EventRow).filter(EventRow.ticket_id == ticket, EventRow.kind == kind.value).all()


def filed(world: World, uai: str = NORTH) -> int:
    who = "rupn" if uai == NORTH else "rupn_too" if uai == NORTH_TOO else "rupn_south"
    return world.file(who=who, at=MONDAY, facts=HARDWARE).ticket


def test_a_closed_day_moves_the_open_tickets_it_concerns_and_says_so_in_each(world: World) -> None:
    north, other, south = filed(world), filed(world, NORTH_TOO), filed(world, SOUTH)
    before = {ticket: dues(world, ticket) for ticket in (north, other, south)}
    done = decide_days(world.desk, world["manager"], SNOW, MONDAY + timedelta(minutes=5))
    assert done.tickets == 2 and done.moved_tickets == 2 and done.moved == 6
    for ticket in (north, other):
        after = dues(world, ticket)
        assert after["resolve"] > before[ticket]["resolve"]  # type: ignore[operator]
        (event,) = events(world, ticket, EventKind.RECOMPUTED)
        assert [each["kind"] for each in event.data["moved"]] == ["acknowledge", "resolve", "promise"]
    assert dues(world, south) == before[south] and not events(world, south, EventKind.RECOMPUTED)
    assert verify_clocks(world.desk).differences == ()


def test_a_day_after_the_deadline_moves_the_steps_that_come_later(world: World) -> None:
    """The deadline falls before the closed day and stays; who is told two days after it is told later."""
    ticket = filed(world)
    before, due = steps(world, ticket), dues(world, ticket)
    after = max(each for each in due.values() if each).date() + timedelta(days=1)
    closed = replace(SNOW, first=after, last=after + timedelta(days=6))
    done = decide_days(world.desk, world["manager"], closed, MONDAY)
    assert done.moved == 0 and dues(world, ticket) == due
    moved = [number for number, at in steps(world, ticket).items() if at != before[number]]
    assert moved and all(steps(world, ticket)[each] > before[each] for each in moved)
    assert verify_clocks(world.desk).differences == ()


def test_a_step_that_is_due_already_stays_as_late_as_it_is(world: World) -> None:
    ticket = filed(world)
    before, late = steps(world, ticket), MONDAY + timedelta(days=1)
    waiting = [number for number, at in before.items() if at <= late]
    other = replace(SNOW, first=TUESDAY + timedelta(days=9), last=TUESDAY + timedelta(days=9))
    decide_days(world.desk, world["manager"], other, late)
    assert waiting and all(steps(world, ticket)[each] == before[each] for each in waiting)
    last = max(
        before.values()
    )  # no worker has passed since: it waits, and the calendar puts it off to another past
    closed = replace(SNOW, first=last.date(), last=last.date(), clock=None)
    decide_days(world.desk, world["manager"], closed, last + timedelta(days=20))
    assert max(steps(world, ticket).values()) > last
    assert verify_clocks(world.desk).differences == ()


def test_a_ticket_filed_after_the_decision_knows_of_it(world: World) -> None:
    before = dues(world, filed(world))
    decide_days(world.desk, world["manager"], SNOW, MONDAY)
    assert dues(world, filed(world))["resolve"] > before["resolve"]  # type: ignore[operator]


def test_withdrawn_everything_is_as_it_was(world: World) -> None:
    ticket = filed(world)
    before = dues(world, ticket)
    decide_days(world.desk, world["manager"], SNOW, MONDAY)
    (event,) = events(world, ticket, EventKind.RECOMPUTED)
    done = withdraw_days(world.desk, world["manager"], event.data["change"], "Dégel.", MONDAY)
    assert done.moved == 3 and dues(world, ticket) == before
    causes = [each.data["cause"] for each in events(world, ticket, EventKind.RECOMPUTED)]
    assert causes == ["days_decided", "days_withdrawn"]
    with pytest.raises(Conflict, match="déjà retirée"):
        withdraw_days(world.desk, world["manager"], event.data["change"], "Dégel.", MONDAY)


def test_rehearsed_it_tells_what_would_move_and_changes_nothing(world: World) -> None:
    ticket = filed(world)
    before = dues(world, ticket)
    done = decide_days(world.desk, world["manager"], SNOW, MONDAY, rehearse=True)
    assert done.moved == 3 and dues(world, ticket) == before
    assert not events(world, ticket, EventKind.RECOMPUTED)
    assert decide_days(world.desk, world["manager"], SNOW, MONDAY).moved == 3


def test_the_narrowest_decision_wins(world: World) -> None:
    ticket = filed(world)
    before = dues(world, ticket)
    decide_days(world.desk, world["manager"], SNOW, MONDAY)
    open_here = replace(
        SNOW,
        reach=Reach.COLLEGE,
        key=NORTH,
        hours=("08:00-12:00", "13:30-17:30"),
        cause=DayCause.OTHER,
        reason="Collège ouvert malgré la neige.",
    )
    decide_days(world.desk, world["principal"], open_here, MONDAY)
    assert dues(world, ticket) == before


def test_a_half_day_counts_its_hours(world: World) -> None:
    ticket = filed(world)
    before = dues(world, ticket)["resolve"]
    half = replace(SNOW, hours=("08:00-12:00",), cause=DayCause.HALF_DAY, clock=Clock.PEDAGOGIQUE)
    decide_days(world.desk, world["manager"], half, MONDAY)
    after = dues(world, ticket)["resolve"]
    assert before is not None and after is not None and after > before


def test_a_settled_deadline_stays_as_judged_then_and_is_shown_as_judged_now(world: World) -> None:
    ticket = filed(world)
    due = dues(world, ticket)["resolve"]
    assert due is not None
    late = due + timedelta(minutes=30)
    handle.take(world.desk, world["technician"], ticket, MONDAY + timedelta(minutes=10))
    settling.resolve(world.desk, world["technician"], ticket, "Câble changé.", late)
    decide_days(world.desk, world["manager"], SNOW, late + timedelta(hours=1))
    assert dues(world, ticket)["resolve"] == due
    assert verify_clocks(world.desk).differences == ()
    (found,) = judged_anew(world.desk, ticket).differences
    assert (found.kind, found.stored) == (DeadlineKind.RESOLVE, due)
    assert isinstance(found.computed, datetime) and found.computed > late


def test_a_value_changed_behind_our_back_is_named(world: World) -> None:
    ticket = filed(world)
    with world.desk.database.writing() as session:
        row = session.query(DeadlineRow).filter(DeadlineRow.kind == "resolve").one()
        row.due_at = row.due_at + timedelta(seconds=1)  # type: ignore[operator]
        session.get_one(Ticket, ticket).due_at = datetime(2030, 1, 1, tzinfo=UTC)
    found = verify_clocks(world.desk).differences
    assert {each.what.value for each in found} == {"due", "step", "next"}
    assert all(each.ticket == ticket for each in found)


@pytest.mark.parametrize(
    ("who", "changes", "refusal", "words"),
    [
        ("manager", {"last": TUESDAY - timedelta(days=3)}, Invalid, "avant le premier"),
        ("manager", {"last": TUESDAY + timedelta(days=400)}, Invalid, "dépasse un an"),
        ("manager", {"first": date(2036, 1, 4), "last": date(2036, 1, 4)}, Invalid, "trois ans"),
        ("manager", {"hours": ("24:00-25:00",)}, Invalid, "illisible"),
        ("manager", {"hours": ("12:00-08:00",)}, Invalid, "finit avant de commencer"),
        ("manager", {"hours": ("08:00-12:00", "11:00-13:00")}, Invalid, "se chevauchent"),
        ("manager", {"reason": " \u200b "}, Invalid, "motif"),
        ("manager", {"reason": "x" * 501}, Invalid, "500 caractères"),
        ("manager", {"reach": Reach.ACADEMIE, "key": ""}, Forbidden, "ce périmètre"),
        ("manager", {"key": "demo-sud"}, Forbidden, "ce périmètre"),
        ("manager_academie", {"key": "lune"}, NotFound, "convention n'existe pas"),
        ("manager", {"reach": Reach.COLLEGE, "key": "9019999Z"}, NotFound, "UAI"),
        ("principal", {}, Forbidden, "ce périmètre"),
        ("principal", {"reach": Reach.COLLEGE, "key": NORTH_TOO}, Forbidden, "ce périmètre"),
        ("rupn", {"reach": Reach.COLLEGE, "key": NORTH}, Forbidden, "ce périmètre"),
        ("technician", {}, Forbidden, "ce périmètre"),
        ("administrator", {}, Forbidden, "ce périmètre"),
    ],
)
def test_what_cannot_be_decided_is_refused_and_changes_nothing(
    world: World, who: str, changes: dict[str, object], refusal: type[Refused], words: str
) -> None:
    ticket = filed(world)
    before = dues(world, ticket)
    with pytest.raises(refusal, match=words):
        decide_days(world.desk, world[who], replace(SNOW, **changes), MONDAY)  # type: ignore[arg-type]
    assert dues(world, ticket) == before


def test_the_same_decision_sent_twice_is_one(world: World) -> None:
    decide_days(world.desk, world["manager"], SNOW, MONDAY)
    for who in ("manager", "manager_academie"):
        with pytest.raises(Conflict, match="déjà décidé"):
            decide_days(world.desk, world[who], replace(SNOW, reason="Neige."), MONDAY)
    with world.desk.database.reading() as session:
        (decided,) = calendar_log.changes(session)
        assert len(notices(session)) == 1
    other = replace(SNOW, clock=Clock.ADMINISTRATIF, hours=("08:00-12:00",))
    decide_days(world.desk, world["manager"], other, MONDAY)
    decide_days(world.desk, world["manager"], SNOW, MONDAY)  # the later wins: it says something again
    withdraw_days(world.desk, world["manager"], decided.id, "Erreur.", MONDAY)


def test_closing_a_clock_for_a_whole_year_is_refused(world: World) -> None:
    closed = replace(SNOW, clock=Clock.ADMINISTRATIF, last=date(2027, 10, 1))
    decide_days(world.desk, world["manager"], closed, MONDAY)
    longer = replace(closed, first=date(2027, 10, 2), last=date(2028, 9, 30))
    with pytest.raises(Invalid, match="aucune heure ouverte pendant un an"):
        decide_days(world.desk, world["manager"], longer, MONDAY + timedelta(hours=12))


def test_closing_a_college_or_all_that_is_known_for_a_year_is_refused(world: World) -> None:
    """Also where the next opening isn't even known: its days end before it."""
    year = replace(SNOW, reach=Reach.COLLEGE, key=NORTH, last=TUESDAY + timedelta(days=365))
    with pytest.raises(Invalid, match=r"« Collège des Tilleuls ».*aucune heure ouverte pendant un an"):
        decide_days(world.desk, world["principal"], year, MONDAY + timedelta(hours=9))
    decide_days(world.desk, world["principal"], replace(year, last=TUESDAY + timedelta(days=200)), MONDAY)
    closed = replace(SNOW, first=date(2026, 11, 24), last=date(2027, 11, 20), clock=Clock.PEDAGOGIQUE)
    decide_days(world.desk, world["manager"], closed, MONDAY)
    rest = replace(closed, first=date(2027, 11, 21), last=date(2028, 8, 31))
    with pytest.raises(Invalid, match="aucune heure ouverte pendant un an"):
        decide_days(world.desk, world["manager"], rest, MONDAY + timedelta(hours=12))


def test_two_decisions_that_follow_each_other_never_close_a_college_for_a_year(world: World) -> None:
    """Neither now nor later, whoever decides the second one."""
    here = replace(SNOW, reach=Reach.COLLEGE, key=NORTH, last=TUESDAY + timedelta(days=324))
    decide_days(world.desk, world["principal"], here, MONDAY)
    rest = replace(here, first=TUESDAY + timedelta(days=325), last=TUESDAY + timedelta(days=649))
    with pytest.raises(Invalid, match=r"« Collège des Tilleuls ».*aucune heure ouverte pendant un an"):
        decide_days(world.desk, world["principal"], rest, MONDAY)
    for_all = replace(rest, reach=Reach.CONVENTION, key="demo-nord")
    with pytest.raises(Invalid, match="« Collège des Tilleuls »"):
        decide_days(world.desk, world["manager"], for_all, MONDAY)
    south = replace(for_all, key="demo-sud")
    decide_days(world.desk, world["manager_academie"], south, MONDAY)
    later = replace(here, key=NORTH_TOO, first=TUESDAY + timedelta(days=60), last=TUESDAY + timedelta(days=400))
    decide_days(world.desk, world["manager"], later, MONDAY)
    later_still = replace(later, first=TUESDAY + timedelta(days=401), last=TUESDAY + timedelta(days=640))
    with pytest.raises(Invalid, match="« Collège du Gué »"):
        decide_days(world.desk, world["manager"], later_still, MONDAY)


def test_the_one_open_day_between_two_closures_stays(world: World) -> None:
    """A Sunday, opened; the days around it are closed."""
    sunday = date(2027, 9, 19)
    here = replace(SNOW, reach=Reach.COLLEGE, key=NORTH)
    opened = replace(
        here,
        first=sunday,
        last=sunday,
        hours=("08:00-12:00",),
        cause=DayCause.OTHER,
    )
    decide_days(world.desk, world["principal"], opened, MONDAY)
    opening = last_act(world)
    decide_days(world.desk, world["principal"], replace(here, last=sunday - timedelta(days=1)), MONDAY)
    after = replace(here, first=sunday + timedelta(days=1), last=sunday + timedelta(days=300))
    decide_days(world.desk, world["principal"], after, MONDAY)
    closing = last_act(world)
    with pytest.raises(Invalid, match=r"aucune heure ouverte pendant un an.*raccourcissez d'abord"):
        withdraw_days(world.desk, world["principal"], opening, "Erreur.", MONDAY)
    withdraw_days(world.desk, world["principal"], closing, "Réouverture.", MONDAY)
    withdraw_days(world.desk, world["principal"], opening, "Erreur.", MONDAY)


def last_act(world: World) -> int:
    with world.desk.database.reading() as session:
        return calendar_log.last_change(session)


def test_the_other_institution_is_told_of_what_is_decided_never_of_a_rehearsal(world: World) -> None:
    decide_days(world.desk, world["manager"], SNOW, MONDAY, rehearse=True)
    with world.desk.database.reading() as session:
        assert notices(session) == []
    decide_days(world.desk, world["manager"], SNOW, MONDAY)
    decide_days(world.desk, world["principal"], replace(SNOW, reach=Reach.COLLEGE, key=NORTH), MONDAY)
    with world.desk.database.reading() as session:
        found = notices(session)
    both = [("days_decided", f"{name}@example.org") for name in ("manager", "manager-too", "manager-academie")]
    assert found[0] == both[2] and sorted(found[1:]) == sorted(both)


def test_what_was_rehearsed_and_then_changed_leaves_no_trace(world: World) -> None:
    """A number that a rehearsal has given back may be another act's: nothing of the first is remembered."""
    ticket = filed(world)
    wednesday = replace(SNOW, first=TUESDAY + timedelta(days=1), last=TUESDAY + timedelta(days=1))
    decide_days(world.desk, world["manager"], SNOW, MONDAY, rehearse=True)
    decide_days(world.desk, world["manager"], wednesday, MONDAY)
    found = dues(world, ticket)
    with world.desk.database.reading() as session:
        policy = world.desk.policies.at(session, MONDAY, "demo-nord")
    calendar = policy.calendar("demo-nord", "pedagogique")
    assert [calendar.day(each).kind for each in (TUESDAY, wednesday.first)] == ["usual", "closure"]
    fresh = replace(world, desk=open_desk_again(world))
    assert verify_clocks(fresh.desk).differences == () and dues(fresh, ticket) == found


def open_desk_again(world: World) -> Desk:
    """As another process sees it."""
    return Desk(world.desk.database, world.desk.settings)
