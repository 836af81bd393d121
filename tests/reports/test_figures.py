"""Small stories whose figures were worked out by hand, on both databases.

Département Nord, pedagogical clock: 8-12 and 13:30-17:30, Wednesday afternoon until 15:30, Paris time (UTC+1).
Normal priority: answer within 8 service hours, resolve within 40. Filed on Monday at 9:30, so to be answered by
Tuesday 9:30 and resolved by the next Monday 11:30."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import event, select

from router.desk import escalate, handle, oversee, redecide, settling
from router.model.actor import Forbidden, Invalid
from router.model.measures import ACKNOWLEDGEMENTS, EXITS, PROMISES, RESOLUTIONS, Measure
from router.model.words import Category, DeadlineKind, Party, PauseCause
from router.reports.alert_total import Untold
from router.reports.compliance import Line, Report
from router.reports.period import Period
from router.store.tables import DeadlineRow, HoldingRow
from tests.desk.world import MONDAY, World

PARIS = ZoneInfo("Europe/Paris")
QUARTER = Period(date(2026, 10, 1), date(2027, 1, 1), PARIS)
NOVEMBER = Period(date(2026, 11, 1), date(2026, 12, 1), PARIS)
HOUR = 3600
LATER = datetime(2026, 12, 2, 12, 0, tzinfo=UTC)


def paris(day: int, hour: int, minute: int = 0, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=PARIS)


def report(
    world: World, at: datetime = LATER, period: Period = NOVEMBER, convention: str | None = None
) -> Report:
    return oversee.report(world.desk, period, convention=convention, at=at)


def total(found: Report, party: Party = Party.DEPARTEMENT_MAINTENANCE) -> Line:
    return next(table.total for table in found.parties if table.party is party)


def counts(line: Line) -> dict[Measure, int]:
    return {measure: line[measure] for measure in Measure if line[measure]}


def projector(world: World, at: datetime = MONDAY) -> int:
    return world.file(asset_tag="VP-204", at=at).ticket


def resolved(world: World, ticket: int, at: datetime) -> None:
    settling.resolve(world.desk, world["technician"], ticket, "Lampe changée.", at)


def test_in_time_late_and_paused(world: World) -> None:
    quick, late, asked = (projector(world) for _ in range(3))
    handle.take(world.desk, world["technician"], quick, paris(23, 10, 30))
    resolved(world, quick, paris(24, 10, 30))  # 6 h 30 on Monday, 2 h 30 on Tuesday: 9 h
    resolved(world, late, paris(30, 14, 30))  # 36 h 30 that week, 5 h the next Monday: 41 h 30
    handle.ask_information(world.desk, world["technician"], asked, "Quel voyant ?", paris(23, 11))
    handle.answer(world.desk, world["rupn"], asked, "Le rouge.", paris(25, 10))
    resolved(world, asked, paris(25, 11))  # 1 h 30 before the question, 1 h after the answer
    found = report(world)
    line = total(found)
    assert counts(line) == {
        Measure.RECEIVED: 3,
        Measure.ACKNOWLEDGED_IN_TIME: 2,
        Measure.ACKNOWLEDGED_LATE: 1,
        Measure.RESOLVED_IN_TIME: 2,
        Measure.RESOLVED_LATE: 1,
        Measure.RESOLVED: 3,
        Measure.BREACHED: 1,
    }
    assert (line.median, line.ninth_decile) == (9 * HOUR, 41.5 * HOUR)
    assert line.acknowledge_share == line.resolve_share == pytest.approx(2 / 3)
    (hardware,) = found.parties[0].lines
    assert (hardware.category, hardware.counts) == (Category.HARDWARE, line.counts)
    # The promise: 56 service hours since Monday 9:30, that is Wednesday, December 2nd, 12:00: all kept.
    assert counts(found.promise_total) == {Measure.PROMISE_KEPT: 3}


def test_the_instant_of_the_deadline_is_in_time_and_a_second_later_is_not(world: World) -> None:
    on_time, too_late = projector(world), projector(world)
    handle.take(world.desk, world["technician"], on_time, paris(24, 9, 30))
    handle.take(world.desk, world["technician"], too_late, paris(24, 9, 30) + timedelta(seconds=1))
    resolved(world, on_time, paris(30, 11, 30))
    resolved(world, too_late, paris(30, 11, 30) + timedelta(seconds=1))
    line = total(report(world))
    assert (line[Measure.ACKNOWLEDGED_IN_TIME], line[Measure.ACKNOWLEDGED_LATE]) == (1, 1)
    assert (line[Measure.RESOLVED_IN_TIME], line[Measure.RESOLVED_LATE]) == (1, 1)
    assert (line.median, line.ninth_decile) == (40 * HOUR, 40 * HOUR + 1)


def test_what_runs_is_late_once_its_deadline_has_passed(world: World) -> None:
    projector(world)
    before = counts(total(report(world, at=paris(24, 9, 30))))
    assert before == {Measure.RECEIVED: 1, Measure.ACKNOWLEDGE_RUNNING: 1, Measure.RESOLVE_RUNNING: 1}
    between = counts(total(report(world, at=paris(24, 9, 31))))
    assert between == {
        Measure.RECEIVED: 1,
        Measure.ACKNOWLEDGED_LATE: 1,
        Measure.RESOLVE_RUNNING: 1,
        Measure.BREACHED: 1,
    }
    found = report(world, at=paris(7, 9, month=12))
    assert total(found)[Measure.RESOLVED_LATE] == 1
    assert counts(found.promise_total) == {Measure.PROMISE_BROKEN: 1}


def test_a_transfer_hides_no_breach(world: World) -> None:
    answered, silent = projector(world), projector(world)
    handle.take(world.desk, world["technician"], answered, paris(23, 10))
    for ticket, at in ((answered, paris(23, 11)), (silent, paris(24, 14, 30))):
        redecide.transfer(
            world.desk, world["technician"], ticket, Party.ACADEMIE_DSI, "3.2.1", "Écran de l'État.", at
        )
    found = report(world, at=paris(24, 15))
    assert counts(total(found)) == {
        Measure.RECEIVED: 2,
        Measure.ACKNOWLEDGED_IN_TIME: 1,
        Measure.ACKNOWLEDGED_LATE: 1,  # its answer was due on Tuesday at 9:30, before it left
        Measure.RESOLVE_ENDED: 2,
        Measure.TRANSFERRED: 2,
        Measure.BREACHED: 1,
    }
    assert counts(total(found, Party.ACADEMIE_DSI)) == {
        Measure.RECEIVED: 2,
        Measure.ACKNOWLEDGED_LATE: 1,  # the first one's was due on Tuesday morning, seven office hours on
        Measure.ACKNOWLEDGE_RUNNING: 1,
        Measure.RESOLVE_RUNNING: 2,
        Measure.BREACHED: 1,
    }
    assert total(found).median is None


def test_no_pause_mends_a_passed_deadline_nor_hides_it(world: World) -> None:
    ticket = projector(world)
    handle.pause(
        world.desk, world["technician"], ticket, PauseCause.PART, "Lampe commandée.", None, paris(30, 14)
    )
    paused = total(report(world, at=paris(30, 15)))
    assert (paused[Measure.RESOLVED_LATE], paused[Measure.ACKNOWLEDGED_LATE]) == (1, 1)
    resolved(world, ticket, paris(1, 9, month=12))
    ended = total(report(world))
    assert ended[Measure.RESOLVED_LATE] == 1
    assert ended.median == 41 * HOUR  # 36 h 30, then 8:00-12:00 and 13:30-14:00 until the pause


def test_resolved_during_a_pause_is_judged_on_the_clock_s_instant(world: World) -> None:
    ticket = projector(world)
    handle.ask_information(world.desk, world["technician"], ticket, "Quel voyant ?", paris(23, 11, 30))
    resolved(world, ticket, paris(24, 16))
    found = report(world)
    assert total(found)[Measure.RESOLVED_IN_TIME] == 1
    assert total(found).median == 2 * HOUR
    assert counts(found.promise_total) == {Measure.PROMISE_KEPT: 1}
    with world.desk.database.reading() as session:
        rows = session.scalars(select(DeadlineRow).where(DeadlineRow.kind != DeadlineKind.CLOSE.value))
        assert all(row.due_at is not None for row in rows if row.met_at and row.kind != DeadlineKind.ANSWER)
        holding = session.scalars(select(HoldingRow)).one()
        assert holding.served_seconds == 2 * HOUR


def test_a_reopened_ticket_is_a_new_holding_and_says_so(world: World) -> None:
    ticket = projector(world)
    resolved(world, ticket, paris(23, 10, 30))
    settling.reopen(world.desk, world["rupn"], ticket, "Il s'éteint encore.", paris(24, 9))
    line = total(report(world, at=paris(24, 10)))
    assert (line[Measure.RECEIVED], line[Measure.REOPENED], line[Measure.RESOLVED]) == (2, 1, 1)
    assert line[Measure.RESOLVE_RUNNING] == 1
    assert counts(report(world, at=paris(24, 10)).promise_total) == {
        Measure.PROMISE_KEPT: 1,
        Measure.PROMISE_RUNNING: 1,
    }


def test_a_duplicate_counts_apart_only(world: World) -> None:
    original, duplicate = projector(world), projector(world)
    settling.link_duplicate(world.desk, world["technician"], duplicate, original, paris(23, 10))
    found = report(world, at=paris(23, 11))
    assert (total(found)[Measure.RECEIVED], total(found)[Measure.DUPLICATES]) == (1, 1)
    assert total(found)[Measure.RESOLVED] == 0
    assert sum(found.promise_total.counts.values()) == 1


def test_escalations_are_those_at_the_deadline_or_after(world: World) -> None:
    projector(world)
    escalate.run_due(world.desk, paris(24, 9))  # the reminder, an hour before
    assert total(report(world, at=paris(24, 9))).steps == 0
    escalate.run_due(world.desk, paris(24, 14, 30))  # at 9:30 and four service hours after: 15:00
    line = total(report(world, at=paris(24, 14, 30)))
    assert (line.steps, line[Measure.ESCALATED]) == (1, 1)
    escalate.run_due(world.desk, paris(24, 15))
    line = total(report(world, at=paris(24, 15)))
    assert (line.steps, line[Measure.ESCALATED]) == (2, 1)


def test_a_deadline_beyond_the_calendar_is_neither_in_time_nor_late(world: World) -> None:
    at = datetime(2028, 8, 30, 8, 0, tzinfo=UTC)  # the pedagogical calendar is known until the day after
    projector(world, at)
    period = Period(date(2028, 8, 1), date(2028, 9, 1), PARIS)
    found = report(world, at=at + timedelta(days=90), period=period)
    assert counts(total(found)) == {
        Measure.RECEIVED: 1,
        Measure.ACKNOWLEDGE_UNKNOWN: 1,
        Measure.RESOLVE_UNKNOWN: 1,
    }
    assert counts(found.promise_total) == {Measure.PROMISE_UNKNOWN: 1}
    assert found.basis.covered_until == date(2028, 8, 31)


def test_the_five_verdicts_add_up_to_what_was_received(world: World) -> None:
    a_little_of_everything(world)
    for table in report(world, at=paris(26, 12)).parties:
        for line in (*table.lines, table.total):
            assert sum(line[measure] for measure in ACKNOWLEDGEMENTS) == line[Measure.RECEIVED]
            assert sum(line[measure] for measure in RESOLUTIONS) == line[Measure.RECEIVED]
            assert line[Measure.BREACHED] <= line[Measure.ACKNOWLEDGED_LATE] + line[Measure.RESOLVED_LATE]
            ended = line[Measure.RESOLVED] + sum(line[measure] for measure in EXITS)
            assert ended <= line[Measure.RECEIVED]


@pytest.mark.parametrize("name", ["manager", "manager_academie", "lead", "dsi_lead"])
def test_every_figure_is_the_number_of_rows_behind_it(world: World, name: str) -> None:
    a_little_of_everything(world)
    at, actor = paris(26, 12), world[name]
    found = oversee.report_for(world.desk, actor, NOVEMBER, None, at)
    checked = 0
    for table in found.parties:
        for line in (*table.lines, table.total):
            for measure in set(Measure) - set(PROMISES):
                page = oversee.behind(
                    world.desk, actor, NOVEMBER, None, measure, table.party, line.category, None, at
                ).page
                assert page.total == len(page.lines) == line[measure], (table.party, line.category, measure)
                checked += line[measure] > 0
    for line in (*found.promises, found.promise_total):
        for measure in PROMISES:
            page = oversee.behind(
                world.desk, actor, NOVEMBER, None, measure, None, line.category, None, at
            ).page
            assert page.total == len(page.lines) == line[measure]
    assert checked > 20


def test_each_sees_her_territory_and_no_alert(world: World) -> None:
    world.file("rupn_south", at=MONDAY)
    projector(world)
    world.file("teacher", subject="Compte piraté", facts={"category": "security"}, at=MONDAY)
    at = paris(24, 8)
    north = oversee.report_for(world.desk, world["manager"], NOVEMBER, None, at)
    both = oversee.report_for(world.desk, world["manager_academie"], NOVEMBER, None, at)
    south = oversee.report_for(world.desk, world["manager_academie"], NOVEMBER, "demo-sud", at)
    assert [found.total[Measure.RECEIVED] for found in (north, both, south)] == [1, 2, 1]
    assert (north.convention, both.convention) == ("demo-nord", None)
    assert (north.conventions, [key for key, _ in both.conventions]) == ((), ["demo-nord", "demo-sud"])
    assert report(world, at=at).total[Measure.RECEIVED] == 2
    assert report(world, at=at, convention="demo-sud").total[Measure.RECEIVED] == 1
    for name in ("rupn", "technician", "rssi", "dpo", "administrator", "principal"):
        with pytest.raises(Forbidden):
            oversee.report_for(world.desk, world[name], NOVEMBER, None, at)
    with pytest.raises(Forbidden):
        oversee.report_for(world.desk, world["manager"], NOVEMBER, "demo-sud", at)
    with pytest.raises(Invalid, match="n'existe pas"):
        oversee.report_for(world.desk, world["manager_academie"], NOVEMBER, "inventée", at)


def test_alerts_are_one_total_untold_below_five(world: World) -> None:
    for _ in range(4):
        world.file("teacher", subject="Compte piraté", facts={"category": "security"}, at=MONDAY)
    over = datetime(2027, 1, 1, tzinfo=PARIS)
    north = "demo-nord"
    assert report(world, at=over, period=QUARTER, convention=north).alerts is Untold.FEW
    assert report(world, at=over, period=QUARTER, convention=north).empty
    world.file("teacher", subject="Compte piraté", facts={"category": "security"}, at=MONDAY)
    assert report(world, at=over, period=QUARTER, convention=north).alerts == 5
    assert oversee.report_for(world.desk, world["manager"], QUARTER, None, over).alerts == 5
    academie = world["manager_academie"]
    assert oversee.report_for(world.desk, academie, QUARTER, north, over).alerts == 5
    assert oversee.report_for(world.desk, academie, QUARTER, "demo-sud", over).alerts is Untold.FEW
    assert oversee.report_for(world.desk, academie, QUARTER, None, over).alerts is Untold.PART


def test_no_other_period_tells_its_alerts(world: World) -> None:
    """Else two that differ by one day would tell whether that day had one."""
    for _ in range(6):
        world.file("teacher", subject="Compte piraté", facts={"category": "security"}, at=MONDAY)
    over = datetime(2027, 1, 1, tzinfo=PARIS)
    others = [
        NOVEMBER,
        Period(date(2026, 10, 1), date(2027, 1, 2), PARIS),
        Period(date(2026, 10, 1), date(2026, 12, 31), PARIS),
        Period(date(2026, 9, 1), date(2026, 12, 1), PARIS),
        Period(date(2026, 1, 1), date(2027, 1, 1), PARIS),
        Period(date(2026, 7, 1), date(2027, 1, 1), PARIS),
    ]
    for period in others:
        assert report(world, at=over, period=period, convention="demo-nord").alerts is Untold.PERIOD
    running = over - timedelta(seconds=1)
    assert report(world, at=running, period=QUARTER, convention="demo-nord").alerts is Untold.PERIOD


def test_the_period_is_of_civil_days(world: World) -> None:
    projector(world, at=paris(1, 0, month=12))
    projector(world, at=paris(1, 0, month=12) - timedelta(microseconds=1))
    assert report(world).total[Measure.RECEIVED] == 1
    assert (
        report(world, period=Period(date(2026, 12, 1), date(2026, 12, 2), PARIS)).total[Measure.RECEIVED] == 1
    )


def test_the_queries_don_t_grow_with_the_rows(world: World) -> None:
    def asked() -> int:
        seen: list[str] = []

        def note(*arguments: object) -> None:
            seen.append(str(arguments[2]))

        event.listen(world.desk.database.engine, "before_cursor_execute", note)
        oversee.report_for(world.desk, world["manager"], NOVEMBER, None, LATER)
        oversee.behind(world.desk, world["manager"], NOVEMBER, None, Measure.RECEIVED, None, None, None, LATER)
        event.remove(world.desk.database.engine, "before_cursor_execute", note)
        return len([statement for statement in seen if statement.startswith("SELECT")])

    projector(world)
    few = asked()
    a_little_of_everything(world)
    assert asked() == few <= 13  # one of them asks what was last decided about days


def test_a_long_list_is_cut_and_goes_on(world: World) -> None:
    tickets = [projector(world, MONDAY + timedelta(minutes=n // 2)) for n in range(52)]
    arguments = (NOVEMBER, None, Measure.RECEIVED, Party.DEPARTEMENT_MAINTENANCE, None)
    first = oversee.behind(world.desk, world["manager"], *arguments, None, LATER).page
    second = oversee.behind(world.desk, world["manager"], *arguments, first.after, LATER).page
    assert (len(first.lines), len(second.lines), first.total, second.after) == (50, 2, 52, None)
    assert [line.ticket.id for line in (*first.lines, *second.lines)] == tickets[::-1]


def a_little_of_everything(world: World) -> None:
    """One ticket of each fate."""
    technician, rupn = world["technician"], world["rupn"]
    taken, fixed, late, moved, back, waiting, again, twice, original = (projector(world) for _ in range(9))
    handle.take(world.desk, technician, taken, paris(23, 10))
    resolved(world, fixed, paris(23, 11))
    resolved(world, again, paris(23, 11))
    settling.reopen(world.desk, rupn, again, "Toujours en panne.", paris(24, 10))
    settling.link_duplicate(world.desk, technician, twice, original, paris(23, 12))
    for ticket in (moved, back):
        redecide.transfer(
            world.desk, technician, ticket, Party.ACADEMIE_DSI, "3.2.1", "Écran de l'État.", paris(24, 11)
        )
    redecide.transfer(
        world.desk,
        world["dsi"],
        back,
        Party.DEPARTEMENT_MAINTENANCE,
        "3.1.3",
        "Inscrit à l'inventaire.",
        paris(24, 15),
    )
    handle.pause(world.desk, technician, waiting, PauseCause.SUPPLIER, "Devis demandé.", None, paris(24, 15))
    world.file("rupn", "Pronote ne s'ouvre plus", "Erreur à la connexion.", MONDAY)
    world.file("rupn", "Plus de réseau dans tout le collège", "Aucun poste n'a Internet.", MONDAY)
    world.file("teacher", "Mot de passe de l'ENT perdu", "Un élève ne peut plus entrer.", MONDAY)
    world.file("teacher", subject="Compte piraté", facts={"category": "security"}, at=MONDAY)
    escalate.run_due(world.desk, paris(25, 17))
    del late
