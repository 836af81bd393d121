"""Role × address: every page of the queue, the tickets and the alerts, for every person of the small world."""

from collections.abc import Iterator

import pytest

from tests.databases import Databases
from tests.desk.world import PEOPLE
from tests.web.busy import Office, sqlite_office
from web.ticket.moves import ALL

NORTH_COLLEGE = {"rupn", "principal"}
NORTH_TEAMS = {"technician", "colleague", "lead", "security_contact"}
ACADEMIE = {"dsi", "dsi_lead"}
MANAGERS = {"manager", "manager_academie"}
TEAMS = NORTH_TEAMS | ACADEMIE | {"technician_south"}
SEES_ALERTS = {"rssi", "dpo", "security_contact"}
READERS = {
    "taken": NORTH_COLLEGE | NORTH_TEAMS | ACADEMIE | MANAGERS,
    "asked": NORTH_COLLEGE | NORTH_TEAMS | ACADEMIE | MANAGERS | {"teacher"},
    "contested": {"rupn_too"} | NORTH_TEAMS | ACADEMIE | MANAGERS,
    "breach": SEES_ALERTS | {"principal", "teacher"},
    "handled": SEES_ALERTS | {"principal", "rupn"},
    "denied": NORTH_COLLEGE | NORTH_TEAMS | ACADEMIE | MANAGERS | {"teacher", "rssi", "dpo"},
}
LISTS = {
    "/a-traiter": TEAMS | {"rupn", "rupn_too", "rupn_south"},
    "/alertes": SEES_ALERTS | {"principal"},
    "/alertes/terminees": SEES_ALERTS | {"principal"},
    "/a-revoir": {"rssi"},
}


@pytest.fixture(scope="module")
def office(databases: Databases) -> Iterator[Office]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AIGUILLAGE_SECRET_KEY", "k" * 40)
        with sqlite_office(databases) as opened:
            yield opened


@pytest.mark.parametrize("who", PEOPLE)
def test_the_lists(office: Office, who: str) -> None:
    found = {path: office.by(who).get(path).status_code for path in LISTS}
    assert found == {path: 200 if who in readers else 403 for path, readers in LISTS.items()}


@pytest.mark.parametrize("who", PEOPLE)
def test_the_tickets(office: Office, who: str) -> None:
    found = {name: office.by(who).get(f"/dossiers/{office.made[name]}").status_code for name in READERS}
    assert found == {name: 200 if who in readers else 404 for name, readers in READERS.items()}


@pytest.mark.parametrize("who", PEOPLE)
def test_the_files(office: Office, who: str) -> None:
    status = office.by(who).get(f"/dossiers/{office.made['solved']}/fichiers/1").status_code
    assert status == (200 if who in READERS["taken"] else 404)


@pytest.mark.parametrize("move", ALL, ids=lambda move: move.name)
def test_a_gesture_on_a_hidden_ticket_is_not_found(office: Office, move: object) -> None:
    for who in ("rupn_too", "technician_south", "administrator"):
        path = f"/dossiers/{office.made['taken']}/{move.path}"  # type: ignore[attr-defined]
        assert office.by(who).get(path).status_code == 404
        assert office.post(who, path).status_code == 404


@pytest.mark.parametrize("move", ALL, ids=lambda move: move.name)
def test_a_gesture_needs_the_token(office: Office, move: object) -> None:
    path = f"/dossiers/{office.made['taken']}/{move.path}"  # type: ignore[attr-defined]
    before = office.by("technician").get(f"/dossiers/{office.made['taken']}").text.count("timeline__title")
    for token in ({}, {"csrf_token": "faux"}):
        answer = office.by("technician").post(path, data=token | {f"{move.name}-text": "Sans jeton"})  # type: ignore[attr-defined]
        assert answer.status_code == 400
    after = office.by("technician").get(f"/dossiers/{office.made['taken']}").text.count("timeline__title")
    assert after == before


def test_whoever_is_not_signed_in_signs_in_first(office: Office) -> None:
    client = office.app.test_client()
    for path in (*LISTS, f"/dossiers/{office.made['taken']}"):
        answer = client.get(path)
        assert answer.status_code == 302 and "/connexion" in answer.headers["Location"]
