"""« À revoir » on its page: why each signal is there, what was asked, what was answered, and the headings."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from router.desk import redecide
from tests.databases import Databases
from tests.desk.test_doubts import RANSOM, doubtful
from tests.desk.world import MONDAY, hours
from tests.web.declare_world import Pages, pages_on_sqlite, text_of


@pytest.fixture
def pages(databases: Databases, monkeypatch: pytest.MonkeyPatch) -> Iterator[Pages]:
    with pages_on_sqlite(databases, monkeypatch) as opened:
        yield opened


def read(pages: Pages, address: str = "/a-revoir") -> str:
    return text_of(pages.sign_in("rssi").client.get(address).text)


def test_the_rssi_reads_the_words_the_question_the_answer_by_whom_and_when(pages: Pages) -> None:
    body = doubtful(fired=True)
    pages.world.file(
        "teacher", "Signalement", body, MONDAY - timedelta(days=3), facts={"security_suspected": False}
    )
    page = read(pages)
    assert body[-40:] in page and "Surligné : ce qui a fait penser à une attaque." in page
    assert "Question sur la sécurité : « " in page and "? » Réponse : non." in page
    assert "Signalé il y a 3 j par : Enseignant" in page
    assert "<mark>" in pages.client.get("/a-revoir").text


def test_a_plain_attack_whose_author_chose_something_else_says_so(pages: Pages) -> None:
    ticket = pages.world.file("teacher", RANSOM, "", MONDAY, facts={"category": "hardware"}).ticket
    page = read(pages)
    assert "Aucune question n'a été posée : les mots parlent d'une attaque." in page
    assert "La personne a choisi un autre type d'incident. Type choisi : Matériel." in page
    redecide.correct(
        pages.world.desk, pages.world["technician"], ticket, {"scope": "room"}, "La salle.", MONDAY + hours(1)
    )
    assert "Corrigé depuis corrigé par la maintenance du Département" in read(pages)


def test_headings_count_and_a_signal_judged_leads_back_to_its_heading(pages: Pages) -> None:
    for number in range(2):
        pages.world.file("teacher", RANSOM, "", MONDAY + hours(number), facts={"category": "hardware"})
    pages.world.file("teacher", "Signalement", doubtful(fired=False), MONDAY)
    page = read(pages)
    for heading in ("Tous (3)", "Ni oui ni non (1)", "Non, ou autre type choisi (2)", "Corrigés depuis (0)"):
        assert heading in page
    denied = pages.client.get("/a-revoir?voir=non").text
    assert denied.count('class="alert-card"') == 2 and 'value="/a-revoir?voir=non"' in denied
    assert "Aucun signal de cette sorte" in text_of(pages.client.get("/a-revoir?voir=corriges").text)
    assert pages.client.get("/a-revoir?voir=autre").text.count('class="alert-card"') == 3
