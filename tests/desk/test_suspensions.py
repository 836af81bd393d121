"""Force majeure (article 11): two institutions, the clocks it stops, what it leaves alone, what is refused."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from router.desk import handle, ticket_time
from router.desk.calendar_page import calendar_page
from router.desk.clock_check import verify_clocks
from router.desk.suspensions import (
    SuspensionAsked,
    accept_suspension,
    declare_suspension,
    end_suspension,
    refuse_suspension,
    withdraw_suspension,
)
from router.desk.ticket_time import Agreement
from router.model.actor import Conflict, Forbidden, Invalid, NotFound, Refused
from router.model.words import DeadlineKind, Party
from router.store.engine import Database
from tests.desk.drafts import settle_keepers
from tests.desk.test_calendar_days import TUESDAY, dues, filed
from tests.desk.world import MONDAY, NORTH, NORTH_TOO, SOUTH, World, notices

YEARS_AGO, A_MONTH_AGO = TUESDAY - timedelta(days=900), TUESDAY - timedelta(days=30)
FLOOD = SuspensionAsked("demo-nord", (), (), TUESDAY, TUESDAY + timedelta(days=1), "Inondation de la vallée.")


@pytest.fixture
def world(database: Database) -> World:
    return settle_keepers(database)


def accepted_messages(world: World) -> int:
    with world.desk.database.reading() as session:
        return sum(kind == "suspension_accepted" for kind, _ in notices(session))


def agreed(world: World, asked: SuspensionAsked = FLOOD, at: datetime = MONDAY) -> int:
    number = declare_suspension(world.desk, world["manager"], asked, at)
    accept_suspension(world.desk, world["manager_academie"], number, at)
    return number


def test_nothing_stands_still_before_both_institutions_agree(world: World) -> None:
    ticket = filed(world)
    before = dues(world, ticket)
    number = declare_suspension(world.desk, world["manager"], FLOOD, MONDAY)
    assert dues(world, ticket) == before
    would = accept_suspension(world.desk, world["manager_academie"], number, MONDAY, rehearse=True)
    assert would.moved == 3 and dues(world, ticket) == before
    assert accepted_messages(world) == 0
    done = accept_suspension(world.desk, world["manager_academie"], number, MONDAY)
    assert done == would and accepted_messages(world)
    after = dues(world, ticket)
    assert all(after[kind] > before[kind] for kind in before)  # type: ignore[operator]
    assert verify_clocks(world.desk).differences == ()


def test_some_colleges_only(world: World) -> None:
    here, elsewhere, south = filed(world), filed(world, NORTH_TOO), filed(world, SOUTH)
    before = {ticket: dues(world, ticket) for ticket in (here, elsewhere, south)}
    agreed(world, replace(FLOOD, uais=(NORTH,)))
    assert dues(world, here) != before[here]
    assert all(dues(world, each) == before[each] for each in (elsewhere, south))


def test_one_partys_force_majeure_leaves_the_promise_and_the_others_clocks(world: World) -> None:
    ticket = filed(world)
    before = dues(world, ticket)
    agreed(world, replace(FLOOD, parties=(Party.ACADEMIE_DSI,)))
    assert dues(world, ticket) == before
    agreed(world, replace(FLOOD, parties=(Party.DEPARTEMENT_MAINTENANCE,)))
    after = dues(world, ticket)
    assert after["promise"] == before["promise"]
    assert after["resolve"] != before["resolve"] and after["acknowledge"] != before["acknowledge"]


def test_an_alert_waits_for_no_flood_unless_the_rssi_itself_is_named(world: World) -> None:
    ticket = world.file(facts={"category": "security"}).ticket
    before = dues(world, ticket)
    agreed(world, replace(FLOOD, first=MONDAY.date(), last=TUESDAY))
    assert dues(world, ticket) == before
    agreed(world, replace(FLOOD, first=MONDAY.date(), last=TUESDAY, parties=(Party.RSSI,)))
    assert dues(world, ticket)["resolve"] > before["resolve"]  # type: ignore[operator]


def test_it_may_end_sooner(world: World) -> None:
    ticket = filed(world)
    before = dues(world, ticket)
    number = agreed(world, replace(FLOOD, last=TUESDAY + timedelta(days=9)))
    longer = dues(world, ticket)
    end_suspension(world.desk, world["manager_academie"], number, TUESDAY, "La décrue est venue.", MONDAY)
    after = dues(world, ticket)
    assert all(before[kind] < after[kind] < longer[kind] for kind in before)  # type: ignore[operator]
    assert verify_clocks(world.desk).differences == ()
    for day in (TUESDAY, TUESDAY - timedelta(days=1), TUESDAY + timedelta(days=20), date.min, date.max):
        with pytest.raises(Invalid, match="jour de la période"):
            end_suspension(world.desk, world["manager"], number, day, "Encore.", MONDAY)


def test_a_wait_whose_end_was_told_keeps_it_and_takes_nothing_off(world: World) -> None:
    ticket = filed(world)
    handle.take(world.desk, world["technician"], ticket, MONDAY)
    handle.ask_information(world.desk, world["technician"], ticket, "Quel voyant ?", MONDAY)
    told = dues(world, ticket)["answer"]
    agreed(world, at=MONDAY + timedelta(minutes=5))
    time = ticket_time.show(world.desk, world["technician"], ticket, MONDAY + timedelta(minutes=10))
    (answer,) = (each for each in time.judgements if each.kind is DeadlineKind.ANSWER)
    assert answer.due_at == told
    assert (answer.recount.agreement, answer.recount.taken_off) == (Agreement.CHOSEN, ())
    (promise,) = (each for each in time.judgements if each.kind is DeadlineKind.PROMISE)
    assert promise.recount.agreement is Agreement.SAME and promise.recount.taken_off


def test_a_past_period_whose_tickets_still_run_counts(world: World) -> None:
    ticket = filed(world)
    before = dues(world, ticket)
    later = MONDAY + timedelta(days=4)
    agreed(world, at=later)
    assert dues(world, ticket) != before


def test_six_months_open_what_article_11_allows(world: World) -> None:
    agreed(world, replace(FLOOD, last=TUESDAY + timedelta(days=170)))
    assert long_ones(world) == []
    agreed(world, replace(FLOOD, first=TUESDAY + timedelta(days=171), last=TUESDAY + timedelta(days=200)))
    assert long_ones(world) == [(TUESDAY, TUESDAY + timedelta(days=200))] * 2


def long_ones(world: World) -> list[tuple[date, date]]:
    page = calendar_page(world.desk, world["manager"], None, MONDAY)
    return [(run.first, run.last) for each in page.suspensions if (run := each.opens_termination)]


def test_what_is_only_declared_or_was_ended_lengthens_nothing(world: World) -> None:
    number = agreed(world, replace(FLOOD, last=TUESDAY + timedelta(days=170)))
    more = replace(FLOOD, first=TUESDAY + timedelta(days=171), last=TUESDAY + timedelta(days=200))
    waiting = declare_suspension(world.desk, world["manager"], more, MONDAY)
    assert long_ones(world) == []
    end_suspension(
        world.desk, world["manager"], number, TUESDAY + timedelta(days=150), "La décrue est venue.", MONDAY
    )
    accept_suspension(world.desk, world["manager_academie"], waiting, MONDAY)
    assert long_ones(world) == []


@pytest.mark.parametrize(
    ("who", "changes", "refusal", "words"),
    [
        ("rupn", {}, Forbidden, "pilotage"),
        ("administrator", {}, Forbidden, "pilotage"),
        ("manager_of_both", {}, Forbidden, "pilotage"),
        ("manager", {"convention": "demo-sud"}, Forbidden, "pilotage"),
        ("manager_academie", {"convention": "lune"}, NotFound, "convention"),
        ("manager", {"last": TUESDAY - timedelta(days=2)}, Invalid, "avant le premier"),
        ("manager", {"last": TUESDAY + timedelta(days=500)}, Invalid, "dépasse un an"),
        ("manager", {"first": YEARS_AGO, "last": YEARS_AGO}, Invalid, "an d'ici"),
        ("manager", {"first": date.max, "last": date.max}, Invalid, "an d'ici"),
        ("manager", {"first": date.min, "last": date.min}, Invalid, "an d'ici"),
        ("manager", {"uais": ("9999999Z",)}, Invalid, "pas de cette convention"),
        ("manager", {"uais": (SOUTH,)}, Invalid, "pas de cette convention"),
        ("manager", {"parties": (Party.DPO,)}, Invalid, "tiennent des dossiers"),
        ("manager", {"reason": "  "}, Invalid, "motif"),
        ("manager", {"first": A_MONTH_AGO, "last": A_MONTH_AGO}, Invalid, "rien ne serait changé"),
    ],
)
def test_what_cannot_be_declared_is_refused(
    world: World, who: str, changes: dict[str, object], refusal: type[Refused], words: str
) -> None:
    filed(world)
    with pytest.raises(refusal, match=words):
        declare_suspension(world.desk, world[who], replace(FLOOD, **changes), MONDAY)  # type: ignore[arg-type]


def test_one_answer_by_the_other_institution_and_only_one(world: World) -> None:
    number = declare_suspension(world.desk, world["manager"], FLOOD, MONDAY)
    for who in ("manager", "manager_too"):
        with pytest.raises(Forbidden, match="à l'autre de répondre"):
            accept_suspension(world.desk, world[who], number, MONDAY)
    with pytest.raises(Forbidden, match="acceptez-la ou refusez-la"):
        withdraw_suspension(world.desk, world["manager_academie"], number, "Erreur.", MONDAY)
    refuse_suspension(world.desk, world["manager_academie"], number, "Le pont est resté ouvert.", MONDAY)
    with pytest.raises(Conflict, match="déjà sa réponse"):
        accept_suspension(world.desk, world["manager_academie"], number, MONDAY)
    with pytest.raises(Conflict, match="pas en vigueur"):
        end_suspension(world.desk, world["manager"], number, TUESDAY, "Fini.", MONDAY)
    with pytest.raises(NotFound):
        accept_suspension(world.desk, world["manager_academie"], 999, MONDAY)


def test_what_is_covered_already_is_not_declared_again(world: World) -> None:
    agreed(world)
    with pytest.raises(Conflict, match="couvre déjà"):
        declare_suspension(world.desk, world["manager_academie"], replace(FLOOD, uais=(NORTH,)), MONDAY)


def test_what_waits_for_an_answer_is_not_declared_a_second_time(world: World) -> None:
    """A form sent twice, or one that the other institution has declared meanwhile: one answer settles it."""
    number = declare_suspension(world.desk, world["manager"], FLOOD, MONDAY)
    for who in ("manager", "manager_too", "manager_academie"):
        with pytest.raises(Conflict, match="attend déjà"):
            declare_suspension(world.desk, world[who], replace(FLOOD, reason="Crue."), MONDAY)
    assert told(world) == [("suspension_declared", "manager-academie@example.org")]
    declare_suspension(world.desk, world["manager"], replace(FLOOD, uais=(NORTH,)), MONDAY)
    withdraw_suspension(world.desk, world["manager"], number, "Erreur.", MONDAY)
    declare_suspension(world.desk, world["manager"], FLOOD, MONDAY)


def test_the_other_institution_is_told_then_whoever_declared_it(world: World) -> None:
    number = declare_suspension(world.desk, world["manager"], FLOOD, MONDAY)
    asked = ("suspension_declared", "manager-academie@example.org")
    assert told(world) == [asked]
    refuse_suspension(world.desk, world["manager_academie"], number, "Le pont est resté ouvert.", MONDAY)
    assert told(world) == [asked, ("suspension_refused", "manager@example.org")]
    agreed(world)
    assert told(world)[2:] == [asked, ("suspension_accepted", "manager@example.org")]


def told(world: World) -> list[tuple[str, str]]:
    with world.desk.database.reading() as session:
        return notices(session)
