"""A territory whose school holidays nobody has published here still gets deadlines, and nothing is guessed."""

from datetime import UTC, date, datetime, timedelta

import pytest

from router.clock.calendar import add
from router.clock.school import SchoolYears, Vacation, Zone
from router.desk.calendar_days import import_school_years
from router.desk.declaration import Declaration
from router.desk.declare import file_incident
from router.desk.policy import EMPTY_CALENDAR, PolicyRefused, load_policy, read_sources
from router.desk.publish import publish
from router.model.actor import Invalid
from router.model.incident import Reporter
from router.model.uai import college_uai
from router.model.words import Channel, DeadlineKind
from router.settings import SHIPPED_RULES
from router.store.journal import COMMAND
from router.store.tables import College
from tests.desk.world import MONDAY, World

CALENDARS = "clocks/calendars.toml"
CHRISTMAS = (date(2026, 12, 19), date(2027, 1, 3))
CHRISTMAS_EVE = datetime(2026, 12, 24, 16, 0, tzinfo=UTC)  # a Thursday, 17:00 in Corsica


def following(zone: str, more: str = "") -> dict[str, str]:
    sources = read_sources(SHIPPED_RULES)
    before, after = sources[CALENDARS].split("[calendar.nord-pedagogique]", 1)
    after = after.replace('school_zone = "B"', f'school_zone = "{zone}"{more}', 1)
    return {**sources, CALENDARS: f"{before}[calendar.nord-pedagogique]{after}"}


@pytest.mark.parametrize("zone", ["corse", "guadeloupe", "mayotte"])
def test_a_convention_that_would_never_have_a_deadline_is_refused_with_the_mend(zone: str) -> None:
    with pytest.raises(PolicyRefused) as refusal:
        load_policy(following(zone))
    (fault,) = refusal.value.faults
    assert (fault.file, fault.code) == ("conventions/demo-nord.toml", EMPTY_CALENDAR)
    assert "nord-pedagogique" in fault.message and 'school_zone = "none"' in fault.message


def test_once_its_dates_are_imported_it_is_taken(world: World) -> None:
    years = SchoolYears(
        Zone.CORSE, date(2025, 9, 1), date(2027, 8, 31), (Vacation("Noël", *CHRISTMAS),), date(2026, 11, 1)
    )
    with pytest.raises(PolicyRefused):
        publish(world.desk, following("corse"), in_force_from=MONDAY, reason="Essai", by="command", at=MONDAY)
    import_school_years(world.desk, COMMAND, [years], "corse.ics", MONDAY)
    policy = publish(
        world.desk, following("corse"), in_force_from=MONDAY, reason="Essai", by="command", at=MONDAY
    )
    with world.desk.database.reading() as session:
        dated = world.desk.policies.named(session, policy.fingerprint)
    calendar = dated.calendar("demo-nord", "pedagogique")
    assert [calendar.day(day).kind for day in (CHRISTMAS[0], date(2027, 1, 4))] == ["school_holiday", "usual"]


def test_dates_that_would_close_for_a_year_are_refused_even_later(world: World) -> None:
    """The file's dates are followed to the letter: a year typed wrong would stop every clock of the zone."""
    for first in (date(2026, 11, 20), date(2027, 2, 6)):
        vacation = Vacation("Hiver", first, first + timedelta(days=400))
        years = SchoolYears(Zone.B, date(2026, 9, 1), date(2028, 8, 31), (vacation,), date(2026, 11, 1))
        with pytest.raises(Invalid, match=r"aucune heure ouverte pendant un an. Corrigez les dates"):
            import_school_years(world.desk, COMMAND, [years], "b.ics", MONDAY)


@pytest.mark.parametrize("day", ["2025-10-01", "2026-11-20"])
def test_a_calendar_whose_only_opening_is_past_is_refused(world: World, day: str) -> None:
    sources = read_sources(SHIPPED_RULES)
    before, after = sources[CALENDARS].split("[calendar.nord-administratif]", 1)
    week, rest = after.split("public_holidays", 1)
    kept = "".join(f"{line}\n" for line in week.splitlines() if not line.endswith('"]'))
    closed = rest.split("closed = [", 1)[0]
    opened = f'open = [{{ date = {day}, spans = ["08:00-12:00"] }}]\n\n'
    following_calendar = rest[rest.index("[calendar.") :]
    text = f"{before}[calendar.nord-administratif]{kept}public_holidays{closed}{opened}{following_calendar}"
    with pytest.raises(Invalid, match="administrative n'aurait aucune heure ouverte pendant un an"):
        publish(
            world.desk,
            {**sources, CALENDARS: text},
            in_force_from=MONDAY,
            reason="Essai",
            by="command",
            at=MONDAY,
        )


def test_business_days_run_with_the_holidays_unknown_or_written_by_hand() -> None:
    allowance = timedelta(hours=4)
    plain = load_policy(following("none")).calendar("demo-nord", "pedagogique")
    # Half an hour on the 24th, Christmas and the week-end closed, the rest on Monday the 28th.
    assert add(plain, CHRISTMAS_EVE, allowance) == datetime(2026, 12, 28, 10, 30, tzinfo=UTC)
    by_hand = following("none", '\nclosed = [{ from = 2026-12-19, to = 2027-01-03, reason = "vacances" }]')
    written = load_policy(by_hand).calendar("demo-nord", "pedagogique")
    assert add(written, CHRISTMAS_EVE, allowance) == datetime(2027, 1, 4, 11, 0, tzinfo=UTC)


def test_a_college_of_corsica_without_a_convention_has_deadlines(world: World) -> None:
    uai = college_uai(7209001)
    with world.desk.database.writing() as session:
        session.add(
            College(
                uai=uai,
                name="Collège du Maquis",
                town="Exemple",
                postcode="20200",
                departement="720",
                academie="Corse",
                state="OUVERT",
                email="",
                phone="",
                directory={},
                imported_at=MONDAY,
            )
        )
    declaration = Declaration(
        uai=uai,
        reporter=Reporter(role="rupn", name="Ange Exemple", email="ange@example.org"),
        subject="Vidéoprojecteur en panne",
        body="Il ne s'allume plus.",
        channel=Channel.FILE,
        facts={"category": "hardware", "asset_owner": "departement"},
    )
    filed = file_incident(world.desk, declaration, COMMAND, MONDAY)
    assert {each.kind for each in filed.deadlines} >= {DeadlineKind.RESOLVE, DeadlineKind.PROMISE}
    assert all(each.due_at is not None for each in filed.deadlines)
