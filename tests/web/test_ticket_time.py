"""A ticket's time in pages: who had it and for how long, each deadline, and the files that recompute it by hand."""

import json
import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from router.clock.school import SchoolYears, Vacation, Zone
from router.desk import escalate, handle, redecide, settling, ticket_time
from router.desk.calendar_days import DaysAsked, decide_days, import_school_years
from router.desk.suspensions import SuspensionAsked, accept_suspension, declare_suspension
from router.model.incident import FactValue
from router.model.words import DayCause, Party, Reach
from router.store import judgements
from router.store.engine import Database
from router.store.journal import COMMAND
from router.store.tables import DeadlineRow
from tests.commands.program import run
from tests.databases import Databases
from tests.desk.world import MONDAY, NORTH_TOO, PEOPLE, hours
from tests.web.busy import NOW, Office, open_office, sqlite_office, statements, text_of
from tests.web.people import quick_hashes
from tests.web.test_ticket_access import READERS

TUESDAY = MONDAY.date() + timedelta(days=1)
PARIS = ZoneInfo("Europe/Paris")
INVENTED = SchoolYears(
    Zone.B,
    date(2026, 9, 1),
    date(2029, 8, 31),
    (
        Vacation("Semaine inventée", date(2026, 11, 25), date(2026, 12, 1)),
        Vacation("Rentrée reportée", date(2028, 10, 20), date(2028, 11, 12)),
    ),
    date(2026, 11, 23),
)
EXACT = re.compile(r"(\d+) h (\d\d) min (\d\d) s")
HARDWARE: dict[str, FactValue] = {"category": "hardware", "asset_owner": "departement", "need": "breakdown"}
FILES = ("temps", "horaires.toml", "echeances.jsonl")


@pytest.fixture(autouse=True)
def _secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AIGUILLAGE_SECRET_KEY", "k" * 40)


@pytest.fixture
def office(databases: Databases, _secret: None) -> Iterator[Office]:
    with sqlite_office(databases) as opened:
        yield opened


@pytest.fixture
def either_office(database: Database, _secret: None) -> Iterator[Office]:
    """The same on each of the two databases."""
    with quick_hashes():
        yield open_office(database)


def read(office: Office, who: str, ticket: int, more: str = "") -> str:
    answer = office.by(who).get(f"/dossiers/{ticket}/temps{more}")
    assert answer.status_code == 200
    return text_of(answer.text)


def a_long_story(office: Office) -> int:
    """Transferred, asked, resolved late, reopened, resolved: with a step fired on the way."""
    world, desk = office.world, office.world.desk
    ticket = world.file("rupn", "Le tableau ne s'allume plus", "Rien.", MONDAY - timedelta(days=13)).ticket
    start = MONDAY - timedelta(days=13)
    article, reason = "D211-14", "Matériel du plan national."
    redecide.transfer(
        desk, world["technician"], ticket, Party.ACADEMIE_DSI, article, reason, start + hours(3.123456)
    )
    handle.ask_information(desk, world["dsi"], ticket, "Quelle marque ?", start + hours(26))
    handle.answer(desk, world["rupn"], ticket, "La bleue.", start + hours(30.5))
    escalate.run_due(desk, start + timedelta(days=9))
    settling.resolve(desk, world["dsi"], ticket, "Réparé.", start + timedelta(days=9, hours=1))
    settling.reopen(desk, world["rupn"], ticket, "Encore en panne.", start + timedelta(days=10))
    settling.resolve(desk, world["dsi"], ticket, "Changé.", start + timedelta(days=10, hours=5))
    return ticket


def test_the_words_say_who_had_it_from_when_to_when(office: Office) -> None:
    page = read(office, "lead", a_long_story(office))
    for words in (
        "Tenu par la maintenance du Département Du mardi 10 novembre 2026 à 9 h 30 au mardi 10 novembre 2026",
        "2 h 30 de temps de service.",
        "En attente : réponse du collège attendue Du mercredi 11 novembre 2026 à 11 h 30",
        "l'horloge est arrêtée chez l'académie (DSI et DRANE).",
        "Résolu, avant d'être rouvert",
        "c'est le temps du collège.",
        "Total, du signalement à la résolution",
    ):
        assert words in page.replace("\u00a0", " "), words


@pytest.mark.parametrize(
    "name", ["taken", "solved", "asked", "paused", "contested", "first", "handled", "long"]
)
def test_the_lines_of_the_totals_add_up_to_what_has_elapsed(office: Office, name: str) -> None:
    ticket = a_long_story(office) if name == "long" else office.made[name]
    raw = office.by("rssi" if name == "handled" else "lead").get(f"/dossiers/{ticket}/temps").text
    table = raw.split("<tbody", 1)[1].split("</tbody>")[0].replace("\u00a0", " ")
    seconds = [
        [int(h) * 3600 + int(m) * 60 + int(s) for h, m, s in EXACT.findall(row)] for row in table.split("</tr>")
    ]
    *parts, total = [row for row in seconds if row]
    assert sum(row[-1] for row in parts) == total[-1] > 0
    assert all(sum(row[:-1]) == row[-1] for row in parts if len(row) > 1)


def test_what_the_page_shows_is_what_due_answers(either_office: Office, tmp_path: Path) -> None:
    office, checked = either_office, 0
    for ticket in (a_long_story(office), office.made["contested"], office.made["paused"]):
        client = office.by("lead")
        calendars = client.get(f"/dossiers/{ticket}/horaires.toml")
        lines = client.get(f"/dossiers/{ticket}/echeances.jsonl")
        assert f'filename="horaires-{ticket}.toml"' in calendars.headers["Content-Disposition"]
        (tmp_path / "horaires.toml").write_text(calendars.text, encoding="utf-8")
        outcome = run(tmp_path, "due", "--calendars", "horaires.toml", given=lines.text)
        assert outcome.code == 0, outcome.out
        page = client.get(f"/dossiers/{ticket}/temps").text.replace("\u00a0", " ")
        sections = dict(re.findall(r'id="echeance-(\d+)"(.*?)</section>', page, re.S))
        assert sections.keys() == {str(answer["id"]) for answer in outcome.lines}
        for line, answer in zip(lines.text.splitlines(), outcome.lines, strict=True):
            section = text_of(sections[str(answer["id"])])
            assert line in section, "the line of the page is the line of the file"
            if answer["due"]:
                due = datetime.fromisoformat(answer["due"]).astimezone(PARIS)
                assert f"Échéance {due:%d/%m/%Y à %H:%M:%S}" in section
                checked += 1
            else:
                assert "paused_since" in answer and "arrêtée le temps de l'attente" in section
    assert checked > 15


def test_a_ticket_that_rests_on_imported_school_dates_is_recomputed_from_its_own_file(
    either_office: Office, tmp_path: Path
) -> None:
    """The command has no database here: it knows the shipped dates alone, under which nothing would agree."""
    office, desk = either_office, either_office.world.desk
    running, far = office.made["taken"], MONDAY + timedelta(days=700)  # in the year the snapshot doesn't have
    unknown = office.world.file("rupn", "Le lavabo fuit sur l'écran", "Rien.", far).ticket
    stored = _stored(office, unknown)
    assert None in stored.values()
    import_school_years(desk, COMMAND, [INVENTED], "exemple.ics", MONDAY + hours(6))
    later = office.world.file("rupn", "Le tableau ne s'allume plus", "Rien.", far).ticket
    for ticket in (running, unknown, later):
        calendars = office.by("lead").get(f"/dossiers/{ticket}/horaires.toml").text
        (tmp_path / "horaires.toml").write_text(calendars, encoding="utf-8")
        lines = office.by("lead").get(f"/dossiers/{ticket}/echeances.jsonl").text
        outcome = run(tmp_path, "due", "--calendars", "horaires.toml", given=lines)
        assert outcome.code == 0, outcome.out
        answers = {each["id"]: each["due"] and datetime.fromisoformat(each["due"]) for each in outcome.lines}
        assert answers == _stored(office, ticket) and None not in answers.values(), ticket
    assert _stored(office, unknown) != stored


def _stored(office: Office, ticket: int) -> dict[int, datetime | None]:
    with office.world.desk.database.reading() as session:
        rows = session.scalars(select(DeadlineRow).where(DeadlineRow.ticket_id == ticket))
        return {row.id: row.due_at for row in rows}


def flooded(office: Office) -> int:
    """A ticket whose holder's clock stands still, both institutions having agreed."""
    asked = SuspensionAsked("demo-nord", (), (), TUESDAY, TUESDAY + timedelta(days=9), "Inondation.")
    number = declare_suspension(office.world.desk, office.world["manager"], asked, MONDAY + hours(6))
    accept_suspension(office.world.desk, office.world["manager_academie"], number, MONDAY + hours(6.5))
    return office.made["taken"]


def test_force_majeure_is_drawn_on_the_line_and_said_in_words(either_office: Office) -> None:
    office = either_office
    assert "Suspendu" not in text_of(office.by("rupn").get(f"/dossiers/{office.made['taken']}").text)
    ticket = flooded(office)
    raw = office.by("rupn").get(f"/dossiers/{ticket}").text
    strip = raw.split('class="time time--strip"', 1)[1].split("</svg>")[0]
    assert 'fill="url(#time-suspended)"' in strip and 'id="time-suspended"' in raw
    page = text_of(raw).replace("\u00a0", " ")
    assert (
        "Suspendu : force majeure Du mardi 24 novembre 2026 au jeudi 3 décembre 2026 : le délai de l'équipe"
        in page
    )
    assert "suspendu : force majeure" in text_of(
        raw.split('class="time__legend time__legend--above"', 1)[1].split("</ul>")[0]
    )
    whole = office.by("rupn").get(f"/dossiers/{ticket}/temps").text
    assert 'fill="url(#time-suspended)"' in whole.split('id="time-title"', 1)[1].split("</svg>")[0]
    told = text_of(whole).replace("\u00a0", " ")
    assert "Suspendu : force majeure Du mardi 24 novembre 2026 à 0 h 00 à maintenant" in told
    assert "l'horloge est arrêtée chez la maintenance du Département" in told
    assert "suspendu du 24/11/2026 à 00:00:00 au 04/12/2026 à 00:00:00" in told
    assert "Suspendu (force majeure)" in told.split("Total, du signalement")[0]
    elsewhere = office.made["first"]  # held by the RUPN, suspended too: all parties are
    assert 'url(#time-suspended)"' in office.by("lead").get(f"/dossiers/{elsewhere}").text
    alert = office.by("rssi").get(f"/dossiers/{office.made['breach']}").text
    assert "Suspendu : force majeure" not in text_of(alert), "an alert waits for no flood"


def test_a_wait_taken_off_moves_the_deadline_and_is_said(office: Office) -> None:
    ticket = a_long_story(office)
    time = ticket_time.show(office.world.desk, office.world["lead"], ticket, NOW)
    moved = [each for each in time.judgements if each.recount.taken_off]
    assert [str(each.kind) for each in moved] == ["promise", "resolve"]
    for each in moved:
        line = json.loads(each.recount.line)
        assert line["pauses"] == [["2026-11-11T11:30:00+01:00", "2026-11-11T16:00:00+01:00"]]
    page = read(office, "lead", ticket).replace("\u00a0", " ")
    assert "en attente (réponse du collège attendue) du 11/11/2026 à 11:30:00 au 11/11/2026 à 16:00:00" in page


def test_steps_fired_are_told_under_their_deadline(office: Office) -> None:
    ticket = a_long_story(office)
    page = read(office, "lead", ticket).replace("\u00a0", " ")
    assert "Relance à l'échéance :" in page and "partie le 19/11/2026 à 09:30:00" in page
    raw = office.by("lead").get(f"/dossiers/{ticket}/temps").text
    time = ticket_time.show(office.world.desk, office.world["lead"], ticket, NOW)
    assert raw.count('class="time__step"') == len(time.steps) + 1  # and the legend's


@pytest.mark.parametrize("who", PEOPLE)
def test_whoever_reads_the_ticket_reads_its_time_and_nobody_else(office: Office, who: str) -> None:
    for name, readers in READERS.items():
        for path in FILES:
            status = office.by(who).get(f"/dossiers/{office.made[name]}/{path}").status_code
            assert status == (200 if who in readers else 404), (name, path)


def test_nobody_in_particular_reads_it(office: Office) -> None:
    client = office.app.test_client()
    for path in FILES:
        assert client.get(f"/dossiers/{office.made['taken']}/{path}").status_code == 302


def test_the_ticket_s_page_has_the_line_and_leads_to_the_rest(office: Office) -> None:
    raw = office.by("lead").get(f"/dossiers/{office.made['contested']}").text
    line = raw.split('class="time time--strip"', 1)[1].split("</svg>")[0]
    assert "time__bar--d" in line and "time__bar--a" in line and ">D</text>" in line
    assert f'href="/dossiers/{office.made["contested"]}/temps"' in raw


def test_the_line_s_letters_are_all_explained_beside_it(office: Office) -> None:
    for ticket in (a_long_story(office), office.made["contested"], office.made["taken"]):
        raw = office.by("lead").get(f"/dossiers/{ticket}").text
        drawn = set(
            re.findall(r"time__bar--(\w)", raw.split('class="time time--strip"', 1)[1].split("</svg>")[0])
        )
        assert drawn == set(re.findall(r"time__letters--(\w)", raw))


def test_nothing_is_styled_in_the_page_itself(office: Office) -> None:
    for path in ("", "/temps"):
        raw = office.by("lead").get(f"/dossiers/{office.made['contested']}{path}").text
        assert "style=" not in raw and "<style" not in raw


def bounce(office: Office, ticket: int, times: int) -> None:
    """Asked and answered, again and again: two passages each time."""
    at = NOW
    for number in range(times):
        at += timedelta(minutes=2)
        handle.ask_information(office.world.desk, office.world["technician"], ticket, f"Et {number} ?", at)
        handle.answer(office.world.desk, office.world["rupn"], ticket, "Oui.", at + timedelta(minutes=1))


def test_a_very_long_ticket_is_told_page_by_page_in_as_many_questions(office: Office) -> None:
    ticket, client = office.made["taken"], office.by("lead")
    client.get(f"/dossiers/{ticket}/temps")
    with statements(office) as short:
        assert "Passages" not in read(office, "lead", ticket)
    bounce(office, ticket, 60)
    office.app.extensions["clock"].forward(hours(2.5))
    office.clients.clear()  # a session of hours ago is over
    client = office.by("lead")
    client.get(f"/dossiers/{ticket}/temps")
    with statements(office) as long:
        last = client.get(f"/dossiers/{ticket}/temps")
    assert len(long) == len(short) <= 10
    assert "Passages 22 à 121, sur 121." in text_of(last.text).replace("\u00a0", " ")
    assert last.text.count('class="time__title"') == 100
    assert "Résolution promise au collège" in text_of(last.text), "what still runs is with the latest passages"
    first = client.get(f"/dossiers/{ticket}/temps?avant=21")
    assert "Passages 1 à 21, sur 121." in text_of(first.text).replace("\u00a0", " ")
    assert "maintenant :" not in first.text
    numbers = lambda page: set(re.findall(r'id="echeance-(\d+)"', page))  # noqa: E731
    everything = client.get(f"/dossiers/{ticket}/echeances.jsonl").text.splitlines()
    assert len(numbers(last.text) | numbers(first.text)) == len(everything)
    assert not numbers(last.text) & numbers(first.text)


@pytest.mark.parametrize("asked", ["0", "-1", "999", "abc", "٣", "1" * 400])
def test_a_page_that_is_not_there_is_not_found(office: Office, asked: str) -> None:
    assert office.by("lead").get(f"/dossiers/{office.made['taken']}/temps?avant={asked}").status_code == 404


def test_a_ticket_opened_this_very_instant_has_a_page(office: Office) -> None:
    ticket = office.world.file("rupn", "Plus de son", "Rien.", NOW).ticket
    page = read(office, "lead", ticket)
    assert "Le dossier vient d'être ouvert." in page
    assert office.by("lead").get(f"/dossiers/{ticket}").status_code == 200


def test_each_deadline_can_be_added_up_by_hand_day_by_day(office: Office) -> None:
    """The days under « Refaire ce calcul » make the allowance, to the second."""
    ticket = a_long_story(office)
    raw = office.by("lead").get(f"/dossiers/{ticket}/temps").text.replace("\u00a0", " ")
    sections = raw.split('<section class="time__deadline"')[1:]
    counted = [section for section in sections if "Le délai, jour par jour" in section]
    assert counted
    for section in counted:
        allowance = EXACT.search(section)
        assert allowance is not None
        rows = section.split("<tbody", 1)[1].split("</tbody>")[0].split("<tr")[1:]
        days = [EXACT.findall(text_of(row)) for row in rows]
        assert sum(map(_seconds, (day[0] for day in days))) == _seconds(allowance.groups())
        assert days[-1][1] == allowance.groups()


def test_a_late_resolution_is_told_as_judged_then_and_as_judged_now(either_office: Office) -> None:
    """Snow decided afterwards: the verdict stays, and the page says what the days decided since would make of it."""
    world, snow = either_office.world, MONDAY.date() - timedelta(days=6)
    ticket = world.file("rupn", "Plus de réseau", "Rien.", MONDAY - timedelta(days=7), facts=HARDWARE).ticket
    with world.desk.database.reading() as session:
        rows = [
            each.row for each in judgements.of_ticket(session, ticket, MONDAY) if each.row.kind == "resolve"
        ]
        ((number, due),) = [(row.id, row.due_at) for row in rows]
    assert due is not None and due.date() > snow
    late = due + timedelta(minutes=30)
    settling.resolve(world.desk, world["technician"], ticket, "Câble changé.", late)
    words = "Avec les jours décidés depuis"
    assert words not in read(either_office, "lead", ticket)
    decide_days(
        world.desk,
        world["manager"],
        DaysAsked(Reach.CONVENTION, "demo-nord", None, snow, snow, (), DayCause.SNOW, "Routes fermées."),
        NOW,
    )
    raw = either_office.by("lead").get(f"/dossiers/{ticket}/temps").text
    section = raw.split(f'id="echeance-{number}"')[1].split("</section>")[0]
    resolve = text_of(section).replace("\u00a0", " ")
    assert f"Échéance {due.astimezone(PARIS):%d/%m/%Y à %H:%M:%S}" in resolve
    now = re.search(rf"{words} (\S+ à \S+), donc (\w+) \(le verdict reste celui d'alors\)", resolve)
    assert now is not None and now[2] == "tenue"
    assert datetime.strptime(now[1], "%d/%m/%Y à %H:%M:%S").replace(tzinfo=PARIS) > late
    assert "en retard" in resolve.split(words)[0].lower()


def test_states_of_a_calendar_that_say_the_same_have_one_name(office: Office) -> None:
    """What is decided for another collège changes nothing here, and isn't shown as another calendar."""
    world = office.world
    ticket = a_long_story(office)
    asked = DaysAsked(
        Reach.COLLEGE, NORTH_TOO, None, MONDAY.date(), MONDAY.date(), (), DayCause.SNOW, "Verglas."
    )
    before = office.by("lead").get(f"/dossiers/{ticket}/horaires.toml").text
    decide_days(world.desk, world["manager"], asked, NOW)
    page = read(office, "lead", ticket)
    assert re.findall(r"« [a-z-]+-\d+ » dans le fichier", page.replace("\u00a0", " ")) == []
    assert office.by("lead").get(f"/dossiers/{ticket}/horaires.toml").text == before


def _seconds(parts: Sequence[str]) -> int:
    hour, minute, second = map(int, parts)
    return hour * 3600 + minute * 60 + second
