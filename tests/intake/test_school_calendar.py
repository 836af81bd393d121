"""School calendars read from the official formats: the days they settle, and every line that is refused."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from io import BytesIO
from zipfile import ZipFile

import pytest
from hypothesis import given, settings
from hypothesis.strategies import binary, integers

from router.clock.school import SchoolYears, Zone, shipped_school_years
from router.intake.school_calendar import MAX_BYTES, NOT_YET, CalendarRead, read_school_calendar
from router.intake.school_words import OTHER_TERRITORIES, OTHER_ZONES, PAST, TEACHERS
from router.model.actor import Invalid, Refused, TooLarge
from tests.intake.files import xlsx_bytes
from tests.intake.school_files import (
    ABC,
    CORSE,
    HEADER,
    OFFICIAL,
    REUNION,
    Off,
    csv_file,
    csv_lines,
    csv_of,
    each_day,
    ical_file,
    instant,
    sliced,
)

DAY = date(2026, 11, 28)
DISPUTED = each_day(date(2028, 5, 25), date(2028, 5, 28))
METROPOLE = (Zone.A, Zone.B, Zone.C)


def read(content: bytes, name: str = "calendrier.csv", wanted: tuple[Zone, ...] = ()) -> CalendarRead:
    return read_school_calendar(content, name, DAY, wanted)


def by_zone(found: CalendarRead) -> Mapping[Zone, SchoolYears]:
    assert found.report.refused == ()
    return {years.zone: years for years in found.years}


def refusals(content: bytes, name: str = "calendrier.csv") -> list[tuple[int, str]]:
    found = read(content, name)
    assert found.years == ()
    report = found.report
    assert report.read == len(report.refused) + sum(report.skipped.values())
    return [(refused.line, refused.reason) for refused in report.refused]


def off_days(years: SchoolYears) -> set[date]:
    return {day for day in each_day(years.first, years.last) if years.vacation_on(day)}


FORMATS = {
    "calendrier.csv": csv_file(OFFICIAL),
    "virgules.csv": csv_file(OFFICIAL, delimiter=","),
    "latin.csv": csv_file(OFFICIAL, encoding="latin-1"),
    "marque.csv": csv_file(OFFICIAL, encoding="utf-8-sig"),
    "Zone-A-B-C-Corse.ics": ical_file(sliced(OFFICIAL)),
    "marque.ics": b"\xef\xbb\xbf" + ical_file(sliced(OFFICIAL)),
    "seize.ics": ical_file(sliced(OFFICIAL)).decode().encode("utf-16"),
}


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("zone", METROPOLE)
def test_the_official_dates_give_the_shipped_days_in_every_format(name: str, zone: Zone) -> None:
    years = by_zone(read(FORMATS[name], name))[zone]
    shipped = shipped_school_years()[zone]
    assert (years.first, years.last, years.obtained) == (date(2026, 7, 4), date(2028, 7, 5), DAY)
    different = [
        day
        for day in each_day(years.first, years.last)
        if bool(years.vacation_on(day)) != bool(shipped.vacation_on(day))
    ]
    assert different == DISPUTED, "the bridge of 2028 alone, which sources dispute"


@pytest.mark.parametrize("zone", METROPOLE)
def test_the_names_are_those_of_the_snapshot(zone: Zone) -> None:
    years, shipped = by_zone(read(FORMATS["calendrier.csv"]))[zone], shipped_school_years()[zone]
    for vacation in years.vacations:
        known = shipped.vacation_on(vacation.first)
        assert known is not None and known.name == vacation.name


def test_a_file_for_each_zone_says_its_zone_by_its_name_alone() -> None:
    own = [(each.description, "", each.first, each.back) for each in OFFICIAL if "Zone A" in each.zones]
    pupils = [
        event
        for event, each in zip(own, [o for o in OFFICIAL if "Zone A" in o.zones], strict=True)
        if each.population != "Enseignants"
    ]
    for name, title in (("Zone-A.ics", ""), ("mes-vacances.ics", "Vacances scolaires Zone A")):
        found = by_zone(read(ical_file(pupils, title), name))
        assert set(found) == {Zone.A}
        assert off_days(found[Zone.A]) == off_days(by_zone(read(FORMATS["calendrier.csv"]))[Zone.A])
    ((line, reason), *_) = refusals(ical_file(pupils), "mes-vacances.ics")
    assert line == 4
    assert "Rien ne dit de quelle zone" in reason


def test_an_instant_is_the_day_in_paris_not_its_first_ten_characters() -> None:
    assert instant("2026-10-17") == "2026-10-16T22:00:00+00:00"
    assert instant("2026-12-19") == "2026-12-18T23:00:00+00:00"
    years = by_zone(read(FORMATS["calendrier.csv"]))[Zone.B]
    assert years.vacation_on(date(2026, 10, 16)) is None
    assert years.vacation_on(date(2026, 10, 17)) is not None
    assert years.vacation_on(date(2026, 11, 1)) is not None
    assert years.vacation_on(date(2026, 11, 2)) is None


def test_other_ways_to_write_the_same_midnight_are_the_same_day() -> None:
    plain = csv_of(
        [
            line.replace(instant("2026-10-17"), "2026-10-17")
            .replace(instant("2026-11-02"), "02/11/2026")
            .replace(instant("2026-12-19"), "2026-12-19T00:00:00+01:00")
            .replace(instant("2027-01-04"), "2027-01-04 00:00:00")
            for line in csv_lines(OFFICIAL)
        ]
    )
    assert by_zone(read(plain)) == by_zone(read(FORMATS["calendrier.csv"]))


def test_what_teachers_alone_have_is_left_aside_and_counted() -> None:
    report = read(FORMATS["calendrier.csv"]).report
    assert report.skipped == {TEACHERS: 18}
    prereturn = csv_lines([Off("Vacances d'Été(prérentrée Enseignants)", "2026-08-29", "2026-09-01")])
    assert read(csv_of([*csv_lines(OFFICIAL), *prereturn])).report.skipped == {TEACHERS: 18 + 9}


def test_a_bridge_of_one_day_takes_the_days_off_that_touch_it_and_says_so() -> None:
    found = read(FORMATS["calendrier.csv"])
    bridge = by_zone(found)[Zone.C].vacation_on(date(2027, 5, 7))
    assert bridge is not None
    assert (bridge.first, bridge.last) == (date(2027, 5, 6), date(2027, 5, 9))
    assert any("pris du 06/05/2027 au 09/05/2027" in remark.text for remark in found.report.remarks)


def test_a_summer_whose_end_is_not_published_settles_nothing_after_its_first_day() -> None:
    found = read(FORMATS["calendrier.csv"])
    years = by_zone(found)[Zone.A]
    assert years.vacation_on(date(2028, 7, 5)) is not None
    assert not years.knows(date(2028, 7, 6))
    assert any("la fin de l'été 2028 n'y est pas encore" in remark.text for remark in found.report.remarks)


def test_a_day_of_return_ends_the_summer() -> None:
    returns = Off("Rentrée scolaire des élèves", "2028-09-04", "2028-09-04")
    years = by_zone(read(csv_file([*OFFICIAL, returns])))[Zone.A]
    assert years.last == date(2028, 9, 3)


def test_a_file_that_begins_within_a_year_covers_from_its_first_day_off() -> None:
    years = by_zone(read(csv_file(each for each in OFFICIAL if each.first >= "2026-12-01")))[Zone.B]
    assert (years.first, years.last) == (date(2026, 12, 19), date(2028, 7, 5))


def test_corse_and_a_zone_overseas_have_their_own_days() -> None:
    found = by_zone(read(csv_file([*OFFICIAL, *CORSE, *REUNION])))
    assert list(found) == [Zone.A, Zone.B, Zone.C, Zone.CORSE, Zone.LA_REUNION]
    corse, reunion = found[Zone.CORSE], found[Zone.LA_REUNION]
    assert (corse.first, corse.last) == (date(2026, 7, 4), date(2027, 7, 3))
    assert corse.vacation_on(date(2027, 5, 17)) is not None
    assert (reunion.first, reunion.last) == (date(2026, 7, 4), date(2027, 7, 10))
    assert reunion.vacation_on(date(2027, 1, 24)) is not None
    assert reunion.vacation_on(date(2027, 1, 25)) is None
    together = by_zone(read(ical_file(sliced([*OFFICIAL, *CORSE])), "Zone-A-B-C-Corse.ics"))
    assert off_days(together[Zone.CORSE]) == off_days(corse)
    assert off_days(together[Zone.A]) == off_days(found[Zone.A])


def test_territories_without_a_zone_here_are_left_aside_whatever_their_dates() -> None:
    elsewhere = [
        f"Vacances de Noël;-;{instant('2026-12-18')};{instant('2026-01-04')};Saint Pierre et Miquelon;"
        "Saint Pierre et Miquelon;2026-2027",
        f"Vacances de Noël;-;{instant('2026-12-18')};{instant('2027-01-04')};Saint Martin;Guadeloupe;2026-2027",
    ]
    report = read(csv_of([*csv_lines(OFFICIAL), *elsewhere])).report
    assert report.refused == ()
    assert report.skipped[OTHER_TERRITORIES] == 2


def test_lines_of_years_long_past_do_no_harm() -> None:
    old = (
        Off("Vacances de Noël", "2019-12-21", "2018-01-06"),
        Off("Vacances de Printemps", "2024-04-06", "2024-04-22"),
    )
    for found in (read(csv_file([*old, *OFFICIAL])), read(ical_file(sliced([*old[1:], *OFFICIAL])), "z.ics")):
        assert by_zone(found)[Zone.B].first == date(2026, 7, 4)
        assert found.report.skipped[PAST] > 0


def test_the_zones_asked_for_are_read_and_faults_of_the_others_do_no_harm() -> None:
    faulty = (
        f"Vacances de Noël;-;{instant('2026-12-19')};{instant('2026-01-04')};Guadeloupe;Guadeloupe;2026-2027"
    )
    content = csv_of([*csv_lines(OFFICIAL), faulty])
    assert len(refusals(content)) == 1
    found = read(content, wanted=(Zone.B,))
    assert set(by_zone(found)) == {Zone.B}
    assert found.report.skipped[OTHER_ZONES] > 0
    with pytest.raises(Invalid, match=r"des zones attendues \(Mayotte\)"):
        read(content, wanted=(Zone.MAYOTTE,))


def altered(old: str, new: str, lines: tuple[Off, ...] = OFFICIAL) -> bytes:
    """The official file with one line changed: the first that holds `old`."""
    written = csv_lines(lines)
    place = next(number for number, line in enumerate(written) if old in line)
    written[place] = written[place].replace(old, new)
    return csv_of(written)


LINE_FAULTS = [
    ("Zone B", "Zone D", "La zone « Zone D » n'est pas connue ; vouliez-vous"),
    ("Lyon;Zone A", "Lyon;Zone B", "Lyon est de la zone « zone A », la ligne dit « Zone B »"),
    ("Rennes;Zone B", "Rennes;Atlantide", "La zone « Atlantide » n'est pas connue ; les zones sont zone A,"),
    (instant("2027-01-04"), instant("2026-01-04"), "finit le 04/01/2026, avant de commencer le 19/12/2026"),
    (instant("2027-01-04"), instant("2027-09-04"), "dure 259 jours"),
    (instant("2027-01-04"), "2027-01-03T21:30:00+00:00", "n'est pas un minuit de Paris"),
    (instant("2027-01-04"), "2027-01-03 23:00:00", "a perdu son décalage horaire"),
    (instant("2027-01-04"), "début janvier", "n'est pas lisible"),
    (instant("2027-01-04"), "2027-01-33T23:00:00+00:00", "n'est pas lisible"),
    (instant("2027-01-04"), "1027-01-03", "L'année n'est pas plausible"),
    (instant("2027-01-04"), "9999-12-31T23:00:00+00:00", "n'est pas un minuit de Paris"),
    (instant("2027-01-04"), "0001-01-01T00:00:00+12:00", "n'est pas un minuit de Paris"),
    (instant("2027-01-04"), "", "La date de fin manque"),
    (";2026-2027", ";2026-20", "n'est pas entière"),
    ("Vacances de Noël;-", ";-", "La description manque"),
]


@pytest.mark.parametrize(("old", "new", "reason"), LINE_FAULTS)
def test_a_faulty_line_is_refused_with_its_mend_and_nothing_is_kept(old: str, new: str, reason: str) -> None:
    (first, *_) = refusals(altered(old, new))
    assert reason in first[1]
    assert first[0] > 1


def test_a_quote_never_closed_is_refused() -> None:
    ((line, reason),) = refusals(csv_of([*csv_lines(OFFICIAL)[:9], '"Vacances de Noël;-;2026']))
    assert (line, reason[:14]) == (11, "La zone manque")


def test_a_refused_line_says_why_the_good_ones_wait() -> None:
    report = read(altered("Zone B", "Zone D")).report
    assert report.skipped[NOT_YET] > 100
    assert "Lignes refusées" in report.text()


def test_the_line_of_a_refusal_is_that_of_the_file() -> None:
    lines = csv_lines(OFFICIAL)
    place = next(number for number, line in enumerate(lines) if "Noël" in line and "Rennes" in line)
    lines[place] = lines[place].replace("Zone B", "Zone Z")
    ((line, _),) = refusals(csv_of(lines))
    assert line == place + 2


def test_academies_of_one_zone_that_contradict_each_other_are_refused() -> None:
    ((line, reason),) = refusals(altered(f"{instant('2027-03-01')};Lyon", f"{instant('2027-02-28')};Lyon"))
    assert (
        "« Vacances d'hiver », du 13/02/2027 au 27/02/2027 contredit « Vacances d'hiver », du 13/02/2027"
        in reason
    )
    assert "Besançon" in reason
    assert line == next(
        n for n, text in enumerate(csv_lines(OFFICIAL), 2) if "2027-02-12" in text and "Lyon" in text
    )


WITHOUT = [
    ("Vacances de Noël", "2026", "avant l'été 2027 il manque « Vacances de Noël »"),
    ("Vacances d'Hiver", "2027", "avant l'été 2027 il manque « Vacances d'hiver »"),
    ("Vacances de Printemps", "2028", "avant l'été 2028 il manque « Vacances de printemps »"),
    ("Début des Vacances d'Été", "2028", "les vacances d'été de cette année scolaire manquent"),
]


@pytest.mark.parametrize(("name", "year", "reason"), WITHOUT)
def test_a_hole_in_a_year_is_refused(name: str, year: str, reason: str) -> None:
    kept = [each for each in OFFICIAL if not (each.description == name and each.first.startswith(year))]
    found = refusals(csv_file(kept))
    assert any(reason in sentence for _, sentence in found)


def test_a_summer_without_its_return_before_another_year_is_refused() -> None:
    kept = [
        each for each in OFFICIAL if not (each.description == "Vacances d'Été" and each.first == "2027-07-03")
    ]
    found = refusals(csv_file(kept))
    assert all("la fin de ces vacances" in sentence for _, sentence in found)


def test_a_whole_year_that_lacks_is_refused() -> None:
    later = [replace(each, first=_later(each.first), back=_later(each.back)) for each in OFFICIAL]
    found = refusals(csv_file([*OFFICIAL[:13], *later[14:]]))
    assert any("il manque une année" in sentence for _, sentence in found)


def _later(day: str) -> str:
    return f"{int(day[:4]) + 1}{day[4:]}"


def test_too_long_without_a_break_is_refused_overseas() -> None:
    kept = [each for each in REUNION if "1ère" not in each.description]
    ((_, reason),) = refusals(csv_file(kept))
    assert "semaines de classe sans vacances" in reason


def test_a_beginning_that_contradicts_its_summer_is_refused() -> None:
    moved = [
        replace(each, first="2027-07-06", back="2027-07-06")
        if each.description.startswith("Début") and each.first == "2027-07-03"
        else each
        for each in OFFICIAL
    ]
    assert all("contredit « Vacances d'été »" in reason for _, reason in refusals(csv_file(moved)))


def test_a_return_during_holidays_is_refused() -> None:
    inside = Off("Rentrée scolaire des élèves", "2027-08-30", "2027-08-30")
    assert all(
        "tombe pendant « Vacances d'été »" in reason for _, reason in refusals(csv_file([*OFFICIAL, inside]))
    )


def test_a_day_off_within_holidays_adds_nothing() -> None:
    inside = Off("Journée chômée", "2026-12-21", "2026-12-21", ("Zone A",))
    assert by_zone(read(csv_file([*OFFICIAL, inside]))) == by_zone(read(FORMATS["calendrier.csv"]))


ICAL_FAULTS = [
    ("DTSTART;VALUE=DATE:20261219", "DTSTART;VALUE=DATE:2026121", "La date de début (DTSTART) manque"),
    ("DTSTART;VALUE=DATE:20261219", "COMMENT:rien", "La date de début (DTSTART) manque"),
    ("DTEND;VALUE=DATE:20270104", "DTEND;VALUE=DATE:20260104", "avant de commencer"),
    ("DTEND;VALUE=DATE:20270104", "DTEND:20270103T220000Z", "n'est pas un minuit de Paris"),
    ("DTEND;VALUE=DATE:20270104", "DTEND:99991231T230000Z", "n'est pas un minuit de Paris"),
    ("DTSTART;VALUE=DATE:20261219", "DTSTART;VALUE=DATE:99991231", "L'année n'est pas plausible"),
    ("SUMMARY:Vacances de Noël - Zones A/B/C", "COMMENT:rien", "n'a pas de titre"),
    ("SUMMARY:Vacances de Noël", "RRULE:FREQ=YEARLY\r\nSUMMARY:Vacances de Noël", "se répète"),
]


@pytest.mark.parametrize(("old", "new", "reason"), ICAL_FAULTS)
def test_a_faulty_event_is_refused_where_it_begins(old: str, new: str, reason: str) -> None:
    text = ical_file(sliced(OFFICIAL)).decode()
    before = text[: text.index(old)]
    found = refusals(text.replace(old, new, 1).encode(), "z.ics")
    assert reason in found[0][1]
    assert found[0][0] == before.count("\r\n", 0, before.rindex("BEGIN:VEVENT")) + 1


def test_instants_in_an_ical_file_are_days_in_paris() -> None:
    text = (
        ical_file(sliced(OFFICIAL)).decode().replace("DTSTART;VALUE=DATE:20261219", "DTSTART:20261218T230000Z")
    )
    assert by_zone(read(text.encode(), "z.ics")) == by_zone(read(FORMATS["Zone-A-B-C-Corse.ics"], "z.ics"))


def zipped() -> bytes:
    kept = BytesIO()
    with ZipFile(kept, "w") as archive:
        archive.writestr("Zone-A.ics", ical_file(sliced(OFFICIAL)))
    return kept.getvalue()


WRONG_FILES = [
    ("vide.csv", b"", "est vide"),
    ("vide.ics", b"\xef\xbb\xbf \r\n", "est vide"),
    ("archive.csv", zipped(), "n'est pas un classeur"),
    ("note.txt", b"bonjour\nau revoir\n", "aucune ligne de titres reconnue"),
    ("page.ics", b"<!DOCTYPE html><html></html>", "est une page web"),
    ("image.csv", b"\x89PNG\r\n\x1a\n\0\0", "est une image"),
    ("coupe.ics", ical_file(sliced(OFFICIAL))[:3000], "est coupé"),
    (
        "casse.ics",
        b"BEGIN:VCALENDAR\r\npas du tout\r\nEND:VCALENDAR\r\n",
        "n'est pas un calendrier iCal lisible",
    ),
    ("vide.ics", b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n", "ne contient aucun événement"),
    ("titres.csv", f"{HEADER}\r\n".encode(), "ne contient aucunes vacances"),
    ("annuaire.csv", "Identifiant;Nom\r\n1;Collège\r\n".encode(), "aucune ligne de titres"),
]


@pytest.mark.parametrize(("name", "content", "sentence"), WRONG_FILES)
def test_a_wrong_file_is_refused_whole(name: str, content: bytes, sentence: str) -> None:
    with pytest.raises(Invalid, match=sentence):
        read(content, name)


def test_a_file_too_large_is_refused_unread() -> None:
    with pytest.raises(TooLarge, match="dépasse 5 Mo"):
        read(b"x" * (MAX_BYTES + 1))


def test_the_published_workbook_is_read_too() -> None:
    rows = [line.split(";") for line in (HEADER, *csv_lines(OFFICIAL))]
    assert by_zone(read(xlsx_bytes(rows), "calendrier.xlsx")) == by_zone(read(FORMATS["calendrier.csv"]))


@settings(max_examples=80, deadline=None)
@given(integers(min_value=1, max_value=len(FORMATS["calendrier.csv"]) - 1))
def test_a_file_cut_anywhere_is_refused_or_says_no_day_wrong(length: int) -> None:
    try:
        found = read(FORMATS["calendrier.csv"][:length])
    except Refused:
        return
    whole = by_zone(read(FORMATS["calendrier.csv"]))
    for years in found.years:
        known = whole[years.zone]
        wrong = [
            day
            for day in each_day(years.first, years.last)
            if bool(years.vacation_on(day)) != bool(known.vacation_on(day))
        ]
        assert wrong == []


@settings(max_examples=60, deadline=None)
@given(binary(max_size=400))
def test_any_bytes_after_an_ical_beginning_are_refused_in_french(noise: bytes) -> None:
    with pytest.raises(Refused):
        read(b"BEGIN:VCALENDAR\r\n" + noise + b"\r\nEND:VCALENDAR\r\n", "z.ics")


@pytest.mark.parametrize("zone", ABC)
def test_the_report_names_the_days_known(zone: str) -> None:
    text = read(FORMATS["calendrier.csv"]).report.text()
    assert f"{zone} : jours connus du 04/07/2026 au 05/07/2028 ; la fin" in text
