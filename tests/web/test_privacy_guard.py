"""Before sending, the form says what her words tell of people, and masks it if she wants; it never stops her."""

import re
from collections.abc import Iterator
from html import unescape

import pytest
from sqlalchemy import select

from router.store.engine import Database
from router.store.tables import IncidentRow
from tests.web.declare_world import Pages, open_pages, text_of
from tests.web.people import quick_hashes

TOLD = (
    "L'élève Inès Lambert ne peut plus se connecter, son mot de passe est Lune2024! Rappel au 01 99 00 12 34."
)
MASKED = "L'élève [nom] ne peut plus se connecter, son mot de passe est [mot de passe] Rappel au [téléphone]."


@pytest.fixture
def pages(database: Database, monkeypatch: pytest.MonkeyPatch) -> Iterator[Pages]:
    with quick_hashes():
        monkeypatch.setenv("AIGUILLAGE_SECRET_KEY", "x" * 40)
        yield open_pages(database)


def words_in(page: str) -> str:
    found = re.search(r"<textarea[^>]*name=\"body\"[^>]*>(.*?)</textarea>", page, re.DOTALL)
    assert found is not None
    return unescape(found[1]).strip()


def test_she_is_warned_and_her_words_are_kept(pages: Pages) -> None:
    filled = pages.sign_in("rupn").form() | {"subject": "Compte ENT", "body": TOLD}
    page = pages.post(filled | {"do": "look"}).text
    said = text_of(page)
    assert "Vos mots semblent contenir des données personnelles" in said
    for words in ("le nom d'une personne (« Inès Lambert »)", "un numéro de téléphone (« 01 99 00 12 34 »)"):
        assert words in said
    assert "un mot de passe écrit ici doit être changé" in said
    assert words_in(page) == TOLD


def test_one_press_masks_and_sends_nothing(pages: Pages) -> None:
    filled = pages.sign_in("rupn").form() | {"subject": "Compte ENT", "body": TOLD, "room": "204"}
    page = pages.post(filled | {"do": "mask"}).text
    assert words_in(page) == MASKED
    assert "données personnelles" not in text_of(page) and 'value="204"' in page
    assert pages.tickets() == 0


def test_she_may_send_as_it_is(pages: Pages) -> None:
    filled = pages.sign_in("rupn").form() | {"subject": "Compte ENT", "body": TOLD}
    assert pages.post(filled | {"do": "send"}).status_code == 302
    with pages.world.desk.database.reading() as session:
        assert session.scalars(select(IncidentRow.body)).one() == TOLD


def test_ordinary_words_and_the_colleges_own_name_warn_of_nothing(pages: Pages) -> None:
    filled = pages.sign_in("rupn").form() | {"do": "look"}
    for body in (
        "Le vidéoprojecteur de la 204 ne s'allume plus.",
        "Pronote refuse mon mot de passe depuis 8 h 30.",
    ):
        assert "données personnelles" not in text_of(
            pages.post(filled | {"subject": "Panne", "body": body}).text
        )


def test_the_warning_stands_under_her_words_and_in_short_beside_the_button_that_sends(pages: Pages) -> None:
    filled = pages.sign_in("rupn").form() | {"subject": "Compte ENT", "body": TOLD}
    page = pages.post(filled | {"do": "look"}).text
    warned = page.index("Vos mots semblent contenir des données personnelles.</p>")
    assert page.index("</textarea>") < warned < page.index('name="urgency"')
    panel = pages.client.post("/signaler/panneau", data=filled).text
    assert 'id="personal"' in panel and "Masquer ces données" in panel
    short = re.search(r'<a class="filing__warned"[^>]*>', page)
    assert short is not None and "hidden" not in short[0] and 'href="#personal"' in short[0]
    quiet = pages.post(filled | {"body": "Il est lent", "do": "look"}).text
    hidden = re.search(r'<a class="filing__warned"[^>]*>', quiet)
    assert hidden is not None and "hidden" in hidden[0]
