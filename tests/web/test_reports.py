"""The manager's report in pages: each figure links to what it counts; each sees only what she oversees."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from html import unescape
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from router.clock.calendar import calendars_of
from router.clock.due import due_line
from router.desk import escalate, handle, settling
from router.store.engine import Database
from router.store.tables import Account
from tests.desk.world import World, settle_world
from tests.web.busy import text_of
from tests.web.people import SettableClock, quick_hash, quick_hashes, settings_for_tests, sign_in
from web import create_app

PARIS = ZoneInfo("Europe/Paris")
NOW = datetime(2026, 11, 27, 12, 0, tzinfo=UTC)
WEEK = "first=2026-11-23&last=2026-11-29"


@pytest.fixture(autouse=True)
def quick() -> Iterator[None]:
    with quick_hashes():
        yield


@pytest.fixture
def world(database: Database) -> World:
    return settled(database)


@pytest.fixture
def app(world: World, monkeypatch: pytest.MonkeyPatch) -> Flask:
    monkeypatch.setenv("AIGUILLAGE_SECRET_KEY", "k" * 40)
    return application(world)


def settled(database: Database) -> World:
    """The small territory, whose people all have the tests' password, and a week of tickets."""
    world = settle_world(database, settings_for_tests(public_url="http://localhost"))
    with database.writing() as session:
        session.execute(update(Account).values(password_hash=quick_hash()))
    a_week(world)
    return world


def application(world: World) -> Flask:
    app = create_app(desk=world.desk, clock=SettableClock(NOW))
    app.testing = True
    return app


def a_week(world: World) -> None:
    technician = world["technician"]
    fixed, late, waiting, _ = (world.file(asset_tag="VP-204").ticket for _ in range(4))
    settling.resolve(world.desk, technician, fixed, "Lampe changée.", at(23, 11))
    handle.take(world.desk, technician, late, at(24, 14))
    handle.ask_information(world.desk, technician, waiting, "Quel voyant ?", at(23, 10))
    world.file("rupn_south", "Le vidéoprojecteur ne s'allume plus", "Rien ne se passe.")
    world.file(
        "rupn", "Pronote ne s'ouvre plus", "Erreur à la connexion.", facts={"category": "metier_software"}
    )
    for _ in range(5):
        world.file("teacher", subject="Compte piraté", facts={"category": "security"})
    escalate.run_due(world.desk, NOW)


def at(day: int, hour: int) -> datetime:
    return datetime(2026, 11, day, hour, tzinfo=PARIS)


def signed_in(app: Flask, name: str) -> FlaskClient:
    client = app.test_client()
    sign_in(client, f"{name.replace('_', '-')}@example.org")
    return client


def figures(page: str) -> list[tuple[str, int]]:
    """Every link of a figure, with the number it shows."""
    found = re.findall(r'<a href="(/rapport/dossiers\?[^"]+)">([\d\u202f]+)</a>', page)
    return [(unescape(url), int(number.replace("\u202f", ""))) for url, number in found]


@pytest.mark.parametrize("name", ["manager", "manager_academie", "lead"])
def test_each_figure_leads_to_as_many_lines(app: Flask, name: str) -> None:
    client = signed_in(app, name)
    page = client.get(f"/rapport?{WEEK}")
    assert page.status_code == 200
    links = figures(page.text)
    assert len(links) > 12
    for url, number in links:
        behind = client.get(url).text
        assert behind.count('<tr role="row"') - 1 == number, url
        assert re.search(rf"<h1>[^<]+&nbsp;: {number}</h1>", behind), url


def test_a_manager_reads_her_convention_and_the_academie_chooses(app: Flask) -> None:
    north = signed_in(app, "manager").get(f"/rapport?{WEEK}").text
    assert "Convention du Département du Val-Nord" in north
    assert 'name="convention"' not in north
    academie = signed_in(app, "manager_academie")
    both, south = (academie.get(f"/rapport?{WEEK}{more}").text for more in ("", "&convention=demo-sud"))
    assert 'name="convention"' in both and "Toutes les conventions" in both
    counted = [sum(number for url, number in figures(page) if "=received" in url) for page in (both, south)]
    assert counted[0] > counted[1] > 0


@pytest.mark.parametrize("name", ["rupn", "principal", "teacher", "technician", "rssi", "dpo", "administrator"])
def test_others_have_no_report(app: Flask, name: str) -> None:
    client = signed_in(app, name)
    for path in ("/rapport", "/rapport/dossiers?measure=received", "/rapport/export.csv"):
        assert client.get(path).status_code == 403, path


def test_another_convention_is_refused_by_address(app: Flask) -> None:
    client = signed_in(app, "manager")
    for path in ("/rapport", "/rapport/export.csv", "/rapport/dossiers"):
        assert client.get(f"{path}?{WEEK}&convention=demo-sud&measure=received").status_code == 403, path
    academie = signed_in(app, "manager_academie")
    assert academie.get(f"/rapport?{WEEK}&convention=inventée").status_code == 422


def test_alerts_are_a_total_without_a_link(app: Flask) -> None:
    page = signed_in(app, "manager").get(f"/rapport?{WEEK}").text
    assert re.search(
        r"<dt>Alertes de sécurité</dt>\s*<dd>indiqué seulement pour un trimestre civil entier et terminé <span",
        page,
    )
    assert "Compte piraté" not in page
    assert "RSSI" not in page
    before = signed_in(app, "manager").get("/rapport?first=2026-07-01&last=2026-09-30").text
    assert "Rien dans cette période" in before
    assert "moins de 5" in before


def test_what_the_figures_rest_on_is_said(app: Flask) -> None:
    page = signed_in(app, "manager").get(f"/rapport?{WEEK}").text
    assert "couvert jusqu'au jeudi\u00a031\u00a0août\u00a02028" in page
    assert "Délais à valider" in page
    assert "Définitions</dt>" in page


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ("first=2026-11-29&last=2026-11-23", "finit avant de commencer"),
        ("first=demain&last=2026-11-23", "Donnez une date complète"),
        ("first=2026-11-23", "Donnez une date complète"),
        ("first=0001-01-01&last=9999-12-31", "entre 2000 et 2099"),
        ("first=2010-01-01&last=2026-11-23", "au plus cinq ans"),
    ],
)
def test_a_period_that_can_t_be_is_said_beside_its_field(app: Flask, asked: str, sentence: str) -> None:
    client = signed_in(app, "manager")
    page = client.get(f"/rapport?{asked}")
    assert page.status_code == 422
    assert sentence in page.text and "error-summary" in page.text
    assert client.get(f"/rapport/export.csv?{asked}").status_code == 422
    assert client.get(f"/rapport/dossiers?{asked}&measure=received").status_code == 422


def test_a_forged_address_breaks_nothing(app: Flask) -> None:
    client = signed_in(app, "manager")
    for asked, status in (
        ("measure=tout", 404),
        ("", 404),
        ("measure=received&party=maire", 404),
        ("measure=received&category=x", 404),
        ("measure=received&category=unknown", 200),
        ("measure=received&after=n%27importe", 200),
        ("measure=received&after=2026-11-23T08:00:00%2B00:00_99999999999999999999", 200),
        ("measure=received&after=0001-01-01T00:00:00%2B14:00_1", 200),
    ):
        assert client.get(f"/rapport/dossiers?{WEEK}&{asked}").status_code == status, asked


def test_dates_may_be_typed_as_people_write_them(app: Flask) -> None:
    page = signed_in(app, "manager").get("/rapport?first=23/11/2026&last=29/11/2026").text
    assert "23\u00a0novembre\u00a02026" in page and len(figures(page)) > 12


def test_without_dates_the_present_month_and_the_presets_around_it(app: Flask) -> None:
    page = signed_in(app, "manager").get("/rapport").text
    assert 'value="2026-11-01"' in page and 'value="2026-11-30"' in page
    tabs = re.findall(r'<a href="/rapport\?first=(\S+?)&amp;last=(\S+?)"', page)
    assert tabs == [
        ("2026-11-01", "2026-11-30"),
        ("2026-10-01", "2026-10-31"),
        ("2026-10-01", "2026-12-31"),
        ("2026-07-01", "2026-09-30"),
        ("2026-09-01", "2027-08-31"),
    ]


def test_the_spreadsheet(app: Flask) -> None:
    answer = signed_in(app, "manager").get(f"/rapport/export.csv?{WEEK}")
    assert answer.mimetype == "text/csv"
    assert 'filename="rapport-2026-11-23-2026-11-29.csv"' in answer.headers["Content-Disposition"]
    assert answer.data.startswith(b"\xef\xbb\xbf")
    assert "Période;du 23/11/2026 au 29/11/2026 inclus" in answer.text


def test_a_figure_leads_down_to_each_deadline_and_to_what_recomputes_it(app: Flask, tmp_path: Path) -> None:
    """From the report to the tickets counted, to what each was judged on, to the same answer of `aiguillage due`."""
    client = signed_in(app, "manager")
    links = {
        unescape(link)
        for url, _ in figures(client.get(f"/rapport?{WEEK}").text)
        for link in re.findall(r'href="(/dossiers/\d+/temps#echeance-\d+)"', client.get(url).text)
    }
    assert len(links) > 8
    for link in sorted(links):
        ticket, deadline = re.findall(r"\d+", link)
        page = client.get(link.partition("#")[0]).text
        section = page.split(f'id="echeance-{deadline}"', 1)[1].split("</section>")[0].replace("\u00a0", " ")
        calendars = tmp_path / f"{ticket}.toml"
        calendars.write_text(client.get(f"/dossiers/{ticket}/horaires.toml").text, encoding="utf-8")
        line = unescape(section.split('<pre class="mono small">')[1].split("</pre>")[0])
        (answer,) = due(calendars, line)
        due_at = datetime.fromisoformat(answer["due"]).astimezone(PARIS)
        assert f"<strong>{due_at:%d/%m/%Y à %H:%M:%S}</strong>" in section, link


def due(calendars: Path, lines: str) -> list[dict[str, Any]]:
    """What `aiguillage due` answers."""
    known = calendars_of(calendars.read_text(encoding="utf-8"))
    return [due_line(known, json.loads(line)) for line in lines.splitlines()]


def test_a_median_leads_to_the_times_it_is_read_from(app: Flask, world: World) -> None:
    for hour in (12, 14, 16):
        settling.resolve(
            world.desk, world["technician"], world.file(asset_tag="VP-204").ticket, "Fait.", at(23, hour)
        )
    client = signed_in(app, "manager")
    page = client.get(f"/rapport?{WEEK}").text.replace("\u00a0", " ")
    shown = re.findall(r'<a href="(/rapport/dossiers\?[^"]+tri=temps[^"]*)">([^<]+)</a>', page)
    assert len(shown) == 2
    for position, (url, words) in enumerate(shown):
        behind = text_of(client.get(unescape(url)).text.replace("\u00a0", " "))
        name = ("médiane", "90e centile")[position % 2]
        assert re.search(rf"{re.escape(words)} rang \d+ sur \d+ (\w+ et )?{name}", behind), (
            words,
            behind[-900:],
        )
        assert "du plus court au plus long" in behind


def test_only_times_are_ranked(app: Flask) -> None:
    client = signed_in(app, "manager")
    assert client.get(f"/rapport/dossiers?{WEEK}&measure=received&tri=temps").status_code == 422
    for after in ("n'importe quoi", "12", "1_2_3", "-1_2", "9" * 30 + "_1"):
        assert (
            client.get(f"/rapport/dossiers?{WEEK}&measure=resolved&tri=temps&after={after}").status_code == 200
        )
    nothing = client.get("/rapport/dossiers?first=2026-07-01&last=2026-07-02&measure=resolved&tri=temps")
    assert nothing.status_code == 200 and "Rien à montrer" in nothing.text
