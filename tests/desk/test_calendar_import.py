"""The official calendar looked at, then put in force: which days change, whom it reaches, what refuses."""

from base64 import b64encode
from dataclasses import replace
from datetime import date
from pathlib import Path
from zlib import compress

import pytest

from router.clock.school_changes import DayState
from router.desk.calendar_import import (
    MOVED,
    ZONES,
    Preview,
    import_calendar,
    known_zones,
    look_at,
    put_in_force,
)
from router.desk.school_store import years_in_force
from router.desk.stock import import_file
from router.intake.report import ImportKind
from router.intake.school_calendar import MAX_BYTES
from router.model.actor import Conflict, Forbidden, Invalid, TooLarge
from router.store.engine import Database
from tests.desk.world import MONDAY, World, settle_world
from tests.intake.school_files import CORSE, OFFICIAL, Off, csv_file, csv_lines, csv_of

HARDWARE = {"category": "hardware", "asset_owner": "departement", "need": "breakdown"}
SNOWED = [
    replace(each, back="2027-03-15") if each.zones == ("Zone B",) and "Hiver" in each.description else each
    for each in OFFICIAL
    if each.first < "2027-09-01"
]
"""The official year 2026-2027, with a week more in zone B: invented."""


@pytest.fixture
def world(database: Database) -> World:
    return settle_world(database)


def look(world: World, content: bytes, zone: str = "", who: str = "administrator") -> Preview:
    return look_at(world.desk, world[who], content, "calendrier.csv", zone, MONDAY)


def test_a_preview_names_the_days_and_counts_the_tickets_that_follow_the_zone(world: World) -> None:
    world.file(facts=HARDWARE)
    world.file("rupn_south", facts=HARDWARE)
    found = look(world, csv_file(SNOWED))
    assert found.changes
    by_zone = {each.name: each for each in found.zones}
    assert by_zone["Zone A"].runs == by_zone["Zone C"].runs == ()
    (run,) = by_zone["Zone B"].runs
    assert (run.first, run.last, run.name) == (date(2027, 3, 8), date(2027, 3, 14), "Vacances d'hiver")
    assert (run.before, run.after) == (DayState.CLASS, DayState.HOLIDAY)
    assert (by_zone["Zone A"].tickets, by_zone["Zone B"].tickets) == (0, 2), "both conventions follow zone B"
    report = found.report
    assert (report.created, report.changed) == (0, 3)
    assert report.read == report.kept + sum(report.skipped.values())
    assert report.kept == report.created + report.changed + report.unchanged


def test_what_is_known_already_changes_nothing(world: World, tmp_path: Path) -> None:
    content = csv_file(each for each in OFFICIAL if each.first < "2027-09-01")
    found = look(world, content)
    assert not found.changes
    assert found.report.unchanged == found.report.kept > 0
    path = tmp_path / "calendrier.csv"
    path.write_bytes(content)
    report = import_file(world.desk, ImportKind.CALENDAR, path, MONDAY)
    assert "Ces jours sont déjà connus : rien ne change." in report.text()
    with pytest.raises(Conflict, match="déjà connu"):
        put_in_force(world.desk, world["administrator"], found.packed, found.name, "", found.stamp, MONDAY)


def test_days_unknown_so_far_are_said_to_be(world: World) -> None:
    found = look(world, csv_file(CORSE))
    (corse,) = found.zones
    (run,) = corse.runs
    assert (run.first, run.last, run.before) == (corse.first, corse.last, DayState.UNKNOWN)
    assert found.report.created == found.report.kept == len(CORSE)


def test_one_refused_line_and_nothing_is_proposed(world: World) -> None:
    lines = [line.replace("Zone C", "Zone D", 1) for line in csv_lines(SNOWED)]
    found = look(world, csv_of(lines))
    assert found.report.refused and not found.changes and found.zones == ()
    with pytest.raises(Conflict):
        put_in_force(world.desk, world["administrator"], found.packed, found.name, "", found.stamp, MONDAY)
    assert look(world, csv_file(SNOWED), "B").changes


def test_only_an_administrator_sees_or_imports_it(world: World) -> None:
    for who in ("manager", "lead", "principal", "rupn"):
        with pytest.raises(Forbidden):
            look(world, csv_file(SNOWED), who=who)
        with pytest.raises(Forbidden):
            known_zones(world.desk, world[who])
        with pytest.raises(Forbidden):
            put_in_force(world.desk, world[who], "", "calendrier.csv", "", "", MONDAY)


def test_what_the_page_did_not_send_is_refused(world: World) -> None:
    found = look(world, csv_file(SNOWED))
    bomb = b64encode(compress(b";" * (MAX_BYTES + 1), 9)).decode()
    for packed in ("", "***", b64encode(b"pas comprimable").decode(), bomb):
        with pytest.raises(Invalid, match="n'est pas revenu entier"):
            put_in_force(world.desk, world["administrator"], packed, found.name, "", found.stamp, MONDAY)
    for zone, stamp in (("A", found.stamp), ("", "0" * 64)):
        with pytest.raises(Conflict) as refused:
            put_in_force(world.desk, world["administrator"], found.packed, found.name, zone, stamp, MONDAY)
        assert refused.value.message == MOVED


def test_a_file_that_cannot_be_read_is_said_on_its_field(world: World, tmp_path: Path) -> None:
    for content, words in ((b"", "Choisissez le fichier"), (b"bonjour", "aucune ligne de titres")):
        with pytest.raises(Invalid, match=words) as refused:
            look(world, content)
        assert refused.value.field == "file"
    with pytest.raises(Invalid, match="La zone « Z » n'existe pas") as unknown:
        look(world, csv_file(SNOWED), "Z")
    assert unknown.value.field == "zone"
    large = tmp_path / "grand.csv"
    with large.open("wb") as file:
        file.truncate(50 * 1024**2)
    with pytest.raises(TooLarge, match="dépasse 5 Mo"):
        import_calendar(world.desk, large, MONDAY)


def test_a_zone_is_chosen_for_a_calendar_alone(world: World, tmp_path: Path) -> None:
    path = tmp_path / "annuaire.csv"
    path.write_text("Identifiant\n", encoding="utf-8")
    with pytest.raises(Invalid, match="qu'à l'import du calendrier"):
        import_file(world.desk, ImportKind.COLLEGES, path, MONDAY, zones=("A",))


def test_every_zone_says_what_is_known_of_it(world: World) -> None:
    known = {each.name: each for each in known_zones(world.desk, world["administrator"])}
    assert list(known) == list(ZONES.values())
    assert known["Zone B"].last == date(2028, 8, 31)
    assert known["La Réunion"].last is None


def test_what_was_looked_at_is_kept_and_moves_the_deadlines(world: World) -> None:
    """Runs once days are recorded."""
    world.file(facts=HARDWARE, at=MONDAY)
    added = Off("Vacances de la Toussaint", "2026-10-17", f"{MONDAY.date():%Y-%m}-30", ("Zone B",))
    content = csv_file([added if each.first == added.first else each for each in OFFICIAL])
    found = look(world, content, "B")
    kept = put_in_force(world.desk, world["administrator"], found.packed, found.name, "B", found.stamp, MONDAY)
    assert (kept.tickets, kept.moved > 0) == (1, True)
    assert not look(world, content, "B").changes
    with pytest.raises(Conflict):
        put_in_force(world.desk, world["administrator"], found.packed, found.name, "B", found.stamp, MONDAY)


def test_the_command_keeps_at_once_and_the_same_file_again_changes_nothing(
    world: World, tmp_path: Path
) -> None:
    """Runs once days are recorded."""
    path = tmp_path / "calendrier.csv"
    path.write_bytes(csv_file([*SNOWED, *CORSE]))
    first = import_file(world.desk, ImportKind.CALENDAR, path, MONDAY)
    assert (first.created, first.changed) == (len(CORSE), 3)
    assert "échéances déplacées" in first.text()
    again = import_file(world.desk, ImportKind.CALENDAR, path, MONDAY)
    assert (again.created, again.changed, again.unchanged) == (0, 0, first.kept)
    known = years_in_force(world.desk)
    assert [each.value for each in known] == ["A", "B", "C", "corse"]
