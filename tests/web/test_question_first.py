"""« Envoyer » on a form whose doubt was never shown: the page comes back once, with its question at the head."""

import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pytest
from sqlalchemy import select

from router.store.tables import NoticeRow
from tests.databases import Databases
from tests.desk.test_doubts import RANSOM, doubtful
from tests.desk.world import NORTH
from tests.web.declare_world import Pages, pages_on_sqlite, text_of

ASKED = "Une question avant d'envoyer"
SIGN = '<input type="hidden" name="doubt_shown" value="1">'


@pytest.fixture
def pages(databases: Databases, monkeypatch: pytest.MonkeyPatch) -> Iterator[Pages]:
    with pages_on_sqlite(databases, monkeypatch) as opened:
        yield opened


def filled(pages: Pages, who: str = "teacher", address: str = "/signaler", **changes: Any) -> dict[str, Any]:
    words = {"subject": "Signalement", "body": doubtful(fired=True), "do": "send"}
    return pages.sign_in(who).form(address) | words | changes


def woken(pages: Pages) -> list[str]:
    with pages.world.desk.database.reading() as session:
        return list(session.scalars(select(NoticeRow.address)))


def test_the_page_comes_back_once_with_all_she_typed(pages: Pages) -> None:
    hers = {"room": "CDI", "phone": "01 02 03 04 05", "urgency": "blocking"}
    given = filled(pages, **hers)
    back = pages.post(given)
    page = text_of(back.text)
    assert back.status_code == 200 and pages.tickets() == 0 and woken(pages) == []
    assert ASKED in page and "Rien n'est encore envoyé" in page and "Votre saisie est à corriger" not in page
    order = [page.index(words) for words in (ASKED, "Un doute sur la sécurité", "Dans le doute", "Racontez")]
    assert order == sorted(order)
    assert re.search(r'<h2 id="question-first" tabindex="-1" autofocus>', back.text)
    assert back.text.count(SIGN) == 1 and back.text.count('id="competence"') == 1
    assert all(f'value="{value}"' in back.text for value in ("CDI", "01 02 03 04 05", given["key"]))
    assert re.search(r'value="blocking"[^>]*checked|checked[^>]*value="blocking"', back.text)
    assert pages.post(given | {"doubt_shown": "1"}).status_code == 302
    assert pages.tickets() == 1 and "rssi@example.org" in woken(pages)


@pytest.mark.parametrize(
    ("fired", "said"),
    [(True, "l'envoi alertera le RSSI"), (False, "votre signalement partira tel quel, sans alerter personne")],
)
def test_what_no_answer_does_is_said(pages: Pages, fired: bool, said: str) -> None:
    back = pages.post(filled(pages, body=doubtful(fired=fired)))
    assert f"Sans réponse, {said}" in text_of(back.text)


def test_her_answer_is_followed(pages: Pages) -> None:
    given = filled(pages)
    pages.post(given)
    assert pages.post(given | {"doubt_shown": "1", "doubt": "false"}).status_code == 302
    assert "rssi@example.org" not in woken(pages)


def test_it_is_not_asked_twice_whatever_page_comes_between(pages: Pages) -> None:
    given = filled(pages)
    assert SIGN in pages.post(given).text
    calm = {"body": "Le vidéoprojecteur ne s'allume plus", "doubt_shown": "1"}
    for address in ("/signaler", "/signaler/panneau"):  # the doubt is gone, and may come back
        shown = pages.client.post(address, data=given | calm | {"do": "look"}).text
        assert SIGN in shown and ASKED not in text_of(shown)
    assert pages.post(given | {"doubt_shown": "1"}).status_code == 302


@pytest.mark.parametrize("address", ["/signaler", "/signaler/panneau"])
def test_a_page_or_a_panel_that_shows_the_question_bears_the_sign(pages: Pages, address: str) -> None:
    given = filled(pages) | {"do": "look"}
    assert SIGN in pages.client.post(address, data=given).text
    assert SIGN not in pages.client.post(address, data=given | {"body": "L'écran est noir"}).text
    assert "doubt_shown" not in pages.client.get("/signaler").text


def test_a_chosen_file_is_said_to_be_chosen_again(pages: Pages) -> None:
    given = filled(pages) | {"files": (BytesIO(b"\x89PNG\r\n\x1a\n"), "ecran.png")}
    back = pages.post(given)
    page = text_of(back.text)
    assert (
        page.index(ASKED) < page.index("Choisissez de nouveau votre photo ou document") < page.index("Racontez")
    )
    assert re.search(r'<details class="more" id="more" open>', back.text)
    without = pages.post(filled(pages)).text
    assert "Choisissez de nouveau" not in without and 'id="more" open' not in without


def test_a_sure_alert_and_the_button_of_security_wait_for_nothing(pages: Pages) -> None:
    assert pages.post(filled(pages, body=RANSOM)).status_code == 302
    assert pages.post(filled(pages, category="security")).status_code == 302


def test_whoever_files_for_a_caller_is_asked_too(pages: Pages) -> None:
    caller = {"caller_name": "Camille Essai", "caller_role": "enseignant", "caller_phone": "00 00 00 00 00"}
    given = filled(pages, "technician", f"/signaler?uai={NORTH}", **caller)
    back = pages.post(given)
    assert ASKED in text_of(back.text) and "Camille Essai" in back.text and pages.tickets() == 0
    assert pages.post(given | {"doubt_shown": "1"}).status_code == 302


def test_pressed_twice_it_makes_one_ticket(pages: Pages) -> None:
    given = filled(pages) | {"doubt_shown": "1"}
    first = pages.post(given)
    assert pages.post(given).location == first.location
    del given["doubt_shown"]  # the first page, found again with « back »
    assert pages.post(given).location == first.location and pages.tickets() == 1
