"""Alerts: apart from everything else, acknowledged in one press; denied signals read by the RSSI alone."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest

from router.desk import ticket_page
from router.model.words import Party
from tests.databases import Databases
from tests.web.busy import NOW, Office, sqlite_office, text_of


@pytest.fixture
def office(databases: Databases, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    monkeypatch.setenv("AIGUILLAGE_SECRET_KEY", "k" * 40)
    with sqlite_office(databases) as opened:
        yield opened


def numbers(page: str) -> list[int]:
    return list(dict.fromkeys(int(found) for found in re.findall(r'href="/dossiers/(\d+)"', page)))


def view(office: Office, ticket: int, who: str = "rssi") -> ticket_page.TicketView:
    return ticket_page.show(office.world.desk, office.world[who], ticket, NOW + timedelta(minutes=1))


def test_what_waits_comes_first_with_the_time_since(office: Office) -> None:
    page = office.by("rssi").get("/alertes").text
    assert numbers(page) == [office.made["breach"], office.made["handled"]]
    assert "Sans accusé de réception depuis 1 h 12" in text_of(page)
    assert "lue au bout de 18 min" in text_of(page)


def test_one_press_acknowledges_and_opens_the_alert(office: Office) -> None:
    page = office.by("rssi").get("/alertes").text
    ticket = office.made["breach"]
    assert f'action="/dossiers/{ticket}/accuser-reception"' in page
    answer = office.make("rssi", ticket, "acknowledge", back=f"/dossiers/{ticket}")
    assert answer.status_code == 302 and answer.headers["Location"] == f"/dossiers/{ticket}"
    assert view(office, ticket).acknowledged_at is not None
    assert "Sans accusé de réception" not in text_of(office.by("rssi").get("/alertes").text)


def test_only_the_rssi_is_offered_the_press(office: Office) -> None:
    for who in ("dpo", "principal", "security_contact"):
        page = office.by(who).get("/alertes").text
        assert office.made["breach"] in numbers(page) and "accuser-reception" not in page


def test_the_alert_s_page_says_who_reads_it_and_gives_the_reflexes(office: Office) -> None:
    page = text_of(office.by("teacher").get(f"/dossiers/{office.made['breach']}").text)
    assert "Qui lit cette alerte" in page and "Marc Delcourt, qui l'a signalée" in page
    assert "Couper le réseau" in page and "Personne d'autre." in page


def test_log_admit_exclude_contain(office: Office) -> None:
    ticket = office.made["breach"]
    assert office.make("rssi", ticket, "log", text="Poste isolé.").status_code == 302
    assert office.make("rssi", ticket, "log", text="Piste interne.", private="y").status_code == 302
    assert office.make("rssi", ticket, "admit", email="technician@example.org").status_code == 302
    technician = text_of(office.by("technician").get(f"/dossiers/{ticket}").text)
    assert "Poste isolé." in technician and "Piste interne." not in technician
    asked = office.make(
        "rssi",
        ticket,
        "contain",
        text="Débrancher le poste 12.",
        category="hardware",
        asset_owner="departement",
    )
    assert asked.status_code == 302
    measure = view(office, ticket).containments[-1]
    assert view(office, measure, "technician").holder is Party.DEPARTEMENT_MAINTENANCE
    assert office.make("rssi", ticket, "exclude", motive="Son compte est en cause.").status_code == 302
    assert office.by("principal").get(f"/dossiers/{ticket}").status_code == 404
    assert ticket not in numbers(office.by("principal").get("/alertes").text)
    assert "tenue à l'écart" in text_of(office.by("rssi").get(f"/dossiers/{ticket}").text)
    assert "tenue à l'écart" not in text_of(office.by("teacher").get(f"/dossiers/{ticket}").text)


def test_an_unknown_reader_is_said_at_its_field(office: Office) -> None:
    answer = office.make("rssi", office.made["breach"], "admit", email="inconnue@example.org")
    assert answer.status_code == 422 and 'id="admit-email-error"' in answer.text


def test_what_the_measure_is_for_stays_with_the_rssi(office: Office) -> None:
    measure = office.made["handled"] + 1
    raw = office.by("technician").get(f"/dossiers/{measure}").text
    assert "Mesure demandée par le RSSI" in text_of(raw) and f"/dossiers/{office.made['handled']}" not in raw
    assert "courriel de l'académie" not in raw
    assert f'href="/dossiers/{office.made["handled"]}"' in office.by("rssi").get(f"/dossiers/{measure}").text


def test_ended_alerts_are_apart(office: Office) -> None:
    ticket = office.made["handled"]
    assert office.make("rssi", ticket, "resolve", text="Compte assaini.").status_code == 302
    assert ticket not in numbers(office.by("rssi").get("/alertes").text)
    assert numbers(office.by("rssi").get("/alertes/terminees").text) == [ticket]


def test_a_denied_signal_is_read_and_leaves_the_list(office: Office) -> None:
    ticket = office.made["denied"]
    page = office.by("rssi").get("/a-revoir").text
    assert numbers(page) == [ticket]
    answer = office.make("rssi", ticket, "review", back="/a-revoir")
    assert answer.headers["Location"] == "/a-revoir"
    assert "Rien à revoir" in text_of(office.by("rssi").get("/a-revoir").text)
    assert not view(office, ticket).alert


def test_a_denied_signal_becomes_an_alert(office: Office) -> None:
    ticket = office.made["denied"]
    assert office.make("rssi", ticket, "raise", reason="").status_code == 302  # nothing more is asked
    assert view(office, ticket).alert
    assert ticket in numbers(office.by("rssi").get("/alertes").text)
    assert office.by("technician").get(f"/dossiers/{ticket}").status_code == 404


def test_the_data_officer_says_that_she_knows(office: Office) -> None:
    leak = office.world.file(
        "teacher", "Le fichier des élèves est en ligne", "", NOW,
        facts={"category": "security", "personal_data_exposed": True},
    ).ticket  # fmt: skip
    dpo = office.by("dpo")
    page = dpo.get("/alertes/donnees-personnelles").text
    assert numbers(page) == [leak] and "À prendre en compte" in page
    assert "J'en ai pris connaissance" in text_of(dpo.get(f"/dossiers/{leak}").text)
    answer = office.make("dpo", leak, "note_data", back="/alertes/donnees-personnelles")
    assert answer.headers["Location"] == "/alertes/donnees-personnelles"
    page = text_of(dpo.get("/alertes/donnees-personnelles").text)
    assert "Vous en avez pris connaissance" in page and "À prendre en compte" not in page
    assert office.make("dpo", leak, "note_data").status_code in {403, 409}
    for who in ("rssi", "principal", "technician", "administrator"):
        assert office.by(who).get("/alertes/donnees-personnelles").status_code == 403
