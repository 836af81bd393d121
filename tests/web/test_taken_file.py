"""Another process writes in the SQLite file longer than anybody waits: each page says so, and keeps what was typed."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from html import unescape
from typing import Any

import pytest

from router.desk.sign_ins import GRAIN
from router.store import engine as engines
from router.store.tables import CorrectionRow, Ticket
from tests.databases import Databases
from tests.web.declare_world import Pages, pages_on_sqlite, text_of
from tests.web.people import token_of

HOLD = (
    "import sqlite3, sys; file = sqlite3.connect(sys.argv[1], isolation_level=None); file.execute('BEGIN IMMEDIATE');"
    "print('taken', flush=True); sys.stdin.read()"
)
OURS = {"Sec-Fetch-Site": "same-origin"}
WIFI = "Le wifi de la salle 12 coupe sans arrêt"
BODY = "Depuis lundi, pendant mes cours seulement."


@pytest.fixture
def pages(databases: Databases, monkeypatch: pytest.MonkeyPatch) -> Iterator[Pages]:
    with pages_on_sqlite(databases, monkeypatch) as opened:
        yield opened


@contextmanager
def taken(pages: Pages, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A real second process holds the write lock meanwhile."""
    file = pages.world.desk.database.engine.url.database
    other = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(file)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert other.stdin is not None and other.stdout is not None
    assert other.stdout.readline() == "taken\n"
    try:
        with monkeypatch.context() as patched:
            patched.setattr(engines, "BUSY_TIMEOUT_MS", 60)
            yield
    finally:
        other.stdin.close()
        other.stdout.close()
        other.wait()


def check_told(answer: Any, *typed: str) -> None:
    page = unescape(answer.text)
    assert answer.status_code == 503
    assert "rien du vôtre n'a encore été fait. Attendez une minute" in text_of(answer.text)
    assert all(words in page for words in typed), typed
    assert "Traceback" not in page and "BEGIN" not in page


def sent_again(pages: Pages, page: str) -> Any:
    """The page's own button, with the hidden fields that it carries."""
    start = page.rindex('<form method="post"')
    form = page[start : page.index("</form>", start)]
    action = unescape(form.split('action="')[1].split('"')[0])
    fields = {
        unescape(piece.split('"')[0]): unescape(piece.split(">\n", 1)[1].split("</textarea>")[0])
        for piece in form.split('<textarea hidden name="')[1:]
    }
    fields["csrf_token"] = token_of(page)
    return pages.client.post(action, data=fields, headers=OURS, follow_redirects=True)


def test_filing_keeps_every_word_in_the_form_and_goes_through_afterwards(
    pages: Pages, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled = pages.sign_in("teacher").form() | {
        "subject": WIFI, "body": BODY, "room": "Salle 12", "category": "network", "do": "send",
    }  # fmt: skip
    with taken(pages, monkeypatch):
        answer = pages.post(filled, headers=OURS)
        check_told(answer, WIFI, BODY, 'value="Salle 12"', 'action="/signaler"')
        assert filled["key"] in answer.text  # the same press again makes one ticket, not two
    assert pages.tickets() == 0
    assert pages.post(filled, headers=OURS, follow_redirects=True).status_code == 200
    assert pages.tickets() == 1


def test_an_alert_keeps_what_was_seen(pages: Pages, monkeypatch: pytest.MonkeyPatch) -> None:
    ticket = pages.world.file("teacher", subject=WIFI, body="").ticket
    pages.sign_in("rupn")
    typed = "Un message demande de payer pour rendre les fichiers."
    given = {"csrf_token": token_of(pages.client.get("/mon-compte").text), "raise-reason": typed}
    with pages.app.test_request_context():
        address = pages.app.url_for("ticket.raise", ticket_id=ticket)
    with taken(pages, monkeypatch):
        check_told(pages.client.post(address, data=given, headers=OURS), typed)
    with pages.world.desk.database.reading() as session:
        assert not session.get_one(Ticket, ticket).alert
    pages.client.post(address, data=given, headers=OURS)
    with pages.world.desk.database.reading() as session:
        assert session.get_one(Ticket, ticket).alert


def test_a_correction_keeps_how_it_was_masked_and_is_sent_from_that_very_page(
    pages: Pages, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages.world.file("teacher", subject=WIFI, body="Voir avec Sophie du CDI", facts={"category": "hardware"})
    pages.sign_in("manager")
    token = token_of(pages.client.get("/classement/corrections/a-relire").text)
    masked = "Voir avec [nom] du CDI"
    with taken(pages, monkeypatch):
        accepted = pages.client.post(
            "/classement/corrections/1/accepter",
            data={"csrf_token": token, "subject": WIFI, "body": masked},
            headers=OURS,
        )
        check_told(accepted, WIFI, masked)
        assert accepted.headers["Retry-After"] == "60"
        refused = pages.client.post(
            "/classement/corrections/1/refuser", data={"csrf_token": token, "after": "0"}, headers=OURS
        )
        check_told(refused)
        assert pages.client.get("/classement").status_code == 200
    assert "Correction acceptée" in sent_again(pages, accepted.text).text
    with pages.world.desk.database.reading() as session:
        row = session.get_one(CorrectionRow, 1)
        assert (row.state, row.body) == ("accepted", masked)


def test_reading_goes_on_even_when_the_session_was_last_seen_long_ago(
    pages: Pages, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages.sign_in("teacher")
    pages.clock.at += GRAIN + timedelta(minutes=1)
    with taken(pages, monkeypatch):
        assert pages.client.get("/mes-dossiers").status_code == 200
