"""A transfer in two steps: the party, then what sends there; a wrong pair is told."""

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


def holder(office: Office, ticket: int) -> Party:
    at = NOW + timedelta(minutes=1)
    return ticket_page.show(office.world.desk, office.world["technician"], ticket, at).holder


def test_a_transfer_asks_for_the_party_then_for_what_sends_there(office: Office) -> None:
    ticket, technician = office.made["breakdown1"], office.by("technician")
    path = f"/dossiers/{ticket}/transmettre"
    first = technician.get(path).text
    assert re.findall(r"\?vers=(\w+)", first) == ["academie_dsi", "rupn"]
    assert "<optgroup" not in first and 'name="transfer-reason"' not in first
    second = technician.get(f"{path}?vers=academie_dsi").text
    assert '<optgroup label="Articles">' in second and 'value="D211-14"' in second
    assert (
        second.index("Les plus proches") < second.index('value="materiel-etat"') < second.index("Autres règles")
    )
    assert 'value="materiel-etat"' in second and 'value="materiel-inventorie"' not in second
    for forged in ("departement_maintenance", "rssi", "principal", "x"):
        assert "<optgroup" not in technician.get(f"{path}?vers={forged}").text
    sent = {"to": "academie_dsi", "reference": "D211-14"}
    refused = office.make("technician", ticket, "transfer", **sent, reason=" ")
    assert refused.status_code == 422 and "Dites pourquoi en une phrase" in text_of(refused.text)
    assert re.search(r'<option selected value="D211-14">', refused.text)
    assert office.make("technician", ticket, "transfer", **sent, reason="Plan national.").status_code == 302
    assert holder(office, ticket) is Party.ACADEMIE_DSI


def test_a_wrong_pair_is_told_with_the_words_kept(office: Office) -> None:
    ticket = office.made["breakdown1"]
    for reference, words in (
        ("3.1.3", "L'article 3.1.3 ne désigne pas"),
        ("materiel-inventorie", "La règle «"),
    ):
        sent = {"to": "academie_dsi", "reference": reference, "reason": "Plan national."}
        answer = office.make("technician", ticket, "transfer", **sent)
        page = text_of(answer.text).replace("\u00a0", " ")
        assert answer.status_code == 422 and words in page and "Plan national." in page
        assert "Vers :" in page  # still at the second step, with the party chosen


def test_giving_it_back_is_said_to_be_a_contest_before_it_is_one(office: Office) -> None:
    moved = {"to": "academie_dsi", "reference": "3.2.3", "reason": "Plan national."}
    office.make("technician", office.made["breakdown1"], "transfer", **moved)
    page = text_of(office.by("dsi").get(f"/dossiers/{office.made['breakdown1']}/transmettre").text)
    assert page.count("le lui rendre est une contestation") == 1
