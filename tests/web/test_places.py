"""Two Départements of one académie on two clocks: each ticket's times are told in its own territory's."""

import re
from collections.abc import Iterator

import pytest

from router.desk.calendar_days import DaysAsked, decide_days
from router.desk.publish import publish
from router.model.words import DayCause, Reach
from router.notices.moments import moment_in_words
from router.store.engine import Database
from router.store.tables import DeadlineRow, NoticeRow
from tests.desk.drafts import shipped
from tests.desk.world import MONDAY
from tests.web.declare_world import Pages, text_of
from tests.web.keepers import keepers_pages

HARDWARE = {"category": "hardware", "asset_owner": "departement", "need": "breakdown"}
SOUTH_FILE, CALENDARS = "conventions/demo-sud.toml", "clocks/calendars.toml"
REUNION, HERE, THERE = "Indian/Reunion", "heure de Paris", "heure de La Réunion"


def overseas() -> dict[str, str]:
    """The South is in La Réunion: its convention and its calendars say so."""
    sources = shipped()
    before, after = sources[CALENDARS].split("[calendar.sud-", 1)
    moved = after.replace('"Europe/Paris"', f'"{REUNION}"')
    convention = sources[SOUTH_FILE].replace('"Europe/Paris"', f'"{REUNION}"')
    return sources | {SOUTH_FILE: convention, CALENDARS: f"{before}[calendar.sud-{moved}"}


@pytest.fixture
def pages(database: Database, monkeypatch: pytest.MonkeyPatch) -> Iterator[Pages]:
    with keepers_pages(database, monkeypatch) as found:
        desk = found.world.desk
        publish(desk, overseas(), in_force_from=MONDAY, reason="Outre-mer", by="command", at=MONDAY)
        yield found


def read(pages: Pages, who: str, path: str) -> str:
    answer = pages.sign_in(who).client.get(path)
    assert answer.status_code == 200, path
    return text_of(answer.text).replace("\u00a0", " ")


def promised(pages: Pages, ticket: int, zone: str) -> str:
    with pages.world.desk.database.reading() as session:
        rows = session.query(DeadlineRow).filter(DeadlineRow.ticket_id == ticket, DeadlineRow.kind == "promise")
        due = rows.one().due_at
    assert due is not None
    return moment_in_words(due, zone)


def test_each_message_is_written_in_its_own_territory_s_time(pages: Pages) -> None:
    for who, zone in (("rupn", "Europe/Paris"), ("rupn_south", REUNION)):
        ticket = pages.world.file(who, facts=HARDWARE).ticket
        with pages.world.desk.database.reading() as session:
            query = session.query(NoticeRow).filter(NoticeRow.ticket_id == ticket, NoticeRow.kind == "received")
            body = query.one().body
        assert promised(pages, ticket, zone) in body
        assert (THERE in body, HERE in body) == (zone == REUNION, zone != REUNION)


def test_an_alert_s_message_too(pages: Pages) -> None:
    ticket = pages.world.file("rupn_south", facts={"category": "security"}).ticket
    with pages.world.desk.database.reading() as session:
        bodies = [row.body for row in session.query(NoticeRow).filter(NoticeRow.ticket_id == ticket)]
    assert bodies and not any(HERE in body for body in bodies)


def test_a_ticket_s_pages_are_in_its_time_and_say_whose(pages: Pages) -> None:
    """Filed at 9:30 in Paris: it is 12:30 in La Réunion."""
    north, south = (pages.world.file(who, facts=HARDWARE).ticket for who in ("rupn", "rupn_south"))
    for path in ("", "/temps"):
        there = read(pages, "rupn_south", f"/dossiers/{south}{path}")
        here = read(pages, "lead", f"/dossiers/{north}{path}")
        assert "Les heures de cette page sont à l'heure de La Réunion." in there
        assert "heure de" not in here
    ticket = pages.sign_in("rupn_south").client.get(f"/dossiers/{south}").text.replace("\u00a0", " ")
    assert "23 nov. 2026, 12 h 30<" in ticket and "9 h 30" not in ticket
    assert f'title="lundi 23 novembre 2026 à 12 h 30, {THERE}"' in ticket
    assert "23/11/2026 à 12:30:00" in read(pages, "rupn_south", f"/dossiers/{south}/temps")
    assert "23 nov. 2026, 9 h 30" in read(pages, "lead", f"/dossiers/{north}")


def test_why_and_the_calendar_are_told_in_its_time_too(pages: Pages) -> None:
    south = pages.world.file("rupn_south", facts=HARDWARE).ticket
    why = read(pages, "rupn_south", f"/dossiers/{south}/pourquoi")
    assert "Décidé le 23 nov. 2026, 12 h 30 (heure de La Réunion)" in why
    late = MONDAY.replace(hour=21)  # it is Tuesday already in La Réunion
    days = DaysAsked(
        Reach.CONVENTION, "demo-sud", None, late.date(), late.date(), (), DayCause.CYCLONE, "Alerte rouge."
    )
    decide_days(pages.world.desk, pages.world["manager_south"], days, late)
    page = read(pages, "rupn_south", "/calendrier")
    assert "Personne Manager South (Département), 24 nov. 2026, 1 h 30" in page
    assert "Les heures de cette page sont à l'heure de La Réunion." in page


def test_a_list_of_both_says_the_place_of_each(pages: Pages) -> None:
    pages.world.file("rupn", facts=HARDWARE)
    pages.world.file("rupn_south", facts=HARDWARE)
    own = read(pages, "technician_south", "/a-traiter")
    assert re.search(r"\d+ h \d\d, heure de La Réunion", own)
    assert "heure de" not in read(pages, "technician", "/a-traiter")
    mine = read(pages, "rupn_south", "/mes-dossiers")
    assert "ouvert le 23 nov. 2026, 12 h 30, heure de La Réunion" in mine
    assert "ouvert le 23 nov. 2026, 9 h 30" in read(pages, "rupn", "/mes-dossiers")


def test_the_rssi_s_list_of_alerts_says_the_place_of_each(pages: Pages) -> None:
    for who in ("rupn", "rupn_south"):
        pages.world.file(who, facts={"category": "security"})
    alerts = read(pages, "rssi", "/alertes")
    assert "23 nov. 2026, 12 h 30, heure de La Réunion" in alerts
    assert "23 nov. 2026, 9 h 30)" in alerts


def test_the_form_promises_in_the_college_s_time(pages: Pages) -> None:
    pages.sign_in("rupn_south")
    fields = pages.form() | {"subject": "Plus de réseau", "body": "Rien.", "do": "look"}
    page = text_of(pages.post(fields).text)
    assert ", heure de La Réunion" in page and "heure de Paris" not in page
    sent = pages.post(fields | {"do": "send"})
    assert ", heure de La Réunion" in text_of(pages.client.get(sent.location).text)


def test_a_convention_s_report_counts_its_own_days(pages: Pages) -> None:
    report = "/rapport?first=2026-11-01&last=2026-11-30&convention="
    assert "Établi le lundi 23 novembre 2026 à 12 h 30, heure de La Réunion" in read(
        pages, "manager_academie", report + "demo-sud"
    )
    assert "Établi le lundi 23 novembre 2026 à 9 h 30." in read(pages, "manager_academie", report)
    csv = pages.client.get("/rapport/export.csv?first=2026-11-01&last=2026-11-30&convention=demo-sud").text
    assert "23/11/2026 à 12:30" in csv
