"""What Prometheus reads: with its token only, about nobody."""

from dataclasses import replace
from datetime import timedelta

import pytest
from prometheus_client.parser import text_string_to_metric_families

from router.desk import escalate, sealing
from router.desk.house import Desk
from router.store.engine import Database
from router.store.watch import beat
from tests.desk.world import MONDAY, World, hours, settle_world
from tests.web.people import SettableClock, settings_for_tests
from web import create_app

TOKEN = "un-jeton-de-mesure"
NOW = MONDAY + hours(30)


@pytest.fixture
def world(database: Database, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setenv("AIGUILLAGE_SECRET_KEY", "k" * 40)
    return settle_world(database)


def client_with(world: World, token: str):
    desk = Desk(world.desk.database, replace(settings_for_tests(), metrics_token=token), world.desk.policies)
    return create_app(desk=desk, clock=SettableClock(NOW)).test_client()


def read(world: World) -> dict[tuple[str, str], float]:
    answer = client_with(world, TOKEN).get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 200
    assert answer.content_type.startswith("text/plain; version=0.0.4")
    assert answer.headers["Cache-Control"] == "no-store"
    return {
        (sample.name.removeprefix("aiguillage_"), "".join(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def test_without_a_token_in_the_settings_the_page_does_not_exist(world: World) -> None:
    client = client_with(world, "")
    for headers in ({}, {"Authorization": "Bearer "}):
        assert client.get("/metrics", headers=headers).status_code == 404


@pytest.mark.parametrize("shown", ["", "Bearer", f"Bearer {TOKEN}x", TOKEN, f"bearer {TOKEN}é"])
def test_another_token_is_refused(world: World, shown: str) -> None:
    answer = client_with(world, TOKEN).get("/metrics", headers={"Authorization": shown})
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")
    assert answer.data == b""


def test_the_figures_are_those_of_the_tables(world: World) -> None:
    world.file(asset_tag="VP-204")
    world.file("teacher", subject="Compte piraté", facts={"category": "security"})
    before = read(world)
    assert before["steps_due", ""] > 0
    assert before["lag_seconds", ""] > 60
    assert before["healthy", ""] == 0
    assert before["tickets_open", "departement_maintenance"] == 1
    assert ("tickets_open", "rssi") not in before  # nobody learns from here that there is an alert
    assert ("seal_age_seconds", "") not in before
    escalate.run_due(world.desk, NOW)
    sealing.run_daily(world.desk, NOW - hours(1))
    with world.desk.database.writing() as session:
        beat(session, "machine:12", MONDAY, NOW - timedelta(seconds=20))
    after = read(world)
    assert (after["steps_due", ""], after["lag_seconds", ""]) == (0, 0)
    assert after["steps_fired_last_day", ""] >= after["steps_late_last_day", ""] > 0
    assert after["worker_beat_age_seconds", "machine:12"] == 20
    assert after["seal_age_seconds", ""] == 3600
    assert after["messages", "queued"] > 0


def test_nothing_names_a_person(world: World) -> None:
    world.file(asset_tag="VP-204")
    answer = client_with(world, TOKEN).get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert not any(word in answer.text for word in ("@", "Personne", "VP-204", "Tilleuls"))
