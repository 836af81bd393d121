"""The drafts' pages: who sees which button, what a refusal keeps, and publication from one institution to the other."""

import html
import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from router.desk import draft_changes
from router.store import books
from router.store.engine import Database
from router.store.tables import DeadlineRow
from tests.desk.drafts import (
    AVENANT,
    BY_THE_COLLEGE,
    BY_THE_DEPARTEMENT,
    COPIER,
    FILE,
    approve,
    propose,
    read,
    shipped,
    started,
)
from tests.desk.world import MONDAY
from tests.web.declare_world import Pages, text_of
from tests.web.keepers import keepers_pages
from tests.web.people import token_of

DRAFTS = "/recueil/projets"
TERMS = {
    "title": "Avenant n° 1 : copieurs",
    "kind": "avenant",
    "reference": "Avenant n° 1",
    "signed_on": "2026-11-20",
    "articles": "3.1.3, 7.1",
    "in_force_from": "2026-11-23",
}


@pytest.fixture
def pages(database: Database, monkeypatch: pytest.MonkeyPatch) -> Iterator[Pages]:
    with keepers_pages(database, monkeypatch) as opened:
        yield opened


def post(pages: Pages, address: str, page: str = DRAFTS, **fields: Any) -> Any:
    token = token_of(pages.client.get(page).text)
    return pages.client.post(address, data={"csrf_token": token, **fields})


def published(pages: Pages) -> int:
    with pages.world.desk.database.reading() as session:
        return len(books.history(session, None))


def test_from_the_published_rules_to_an_avenant_in_force(pages: Pages) -> None:
    pages.sign_in("manager")
    answer = post(pages, DRAFTS, convention="demo-nord", title="Copieurs")
    assert answer.status_code == 303
    sheet = answer.headers["Location"]
    assert "Rien encore" in text_of(pages.client.get(sheet).text)
    form = pages.client.get(f"{sheet}/fichier?nom={FILE}")
    assert BY_THE_COLLEGE.replace('"', "&#34;") in form.text
    changed = shipped()[FILE].replace(BY_THE_COLLEGE, BY_THE_DEPARTEMENT)
    sent = (io.BytesIO(changed.encode()), "demo-nord.toml")
    assert post(pages, f"{sheet}/fichier", sheet, version=1, name=FILE, file=sent).status_code == 303
    early = post(pages, f"{sheet}/proposer", sheet, version=2)
    assert early.status_code == 422 and "Dites ce qui justifie ce projet" in text_of(early.text)
    assert post(pages, f"{sheet}/motif", sheet, version=2, **TERMS | {"articles": "7.1"}).status_code == 303
    assert post(pages, f"{sheet}/proposer", sheet, version=3).status_code == 303
    own = text_of(pages.client.get(sheet).text)
    assert "À partir du lundi 23 novembre 2026" in own and "« copieur »" in own and "RUPN → Département" in own
    assert "Vous avez proposé ce projet" in own and "Approuver et publier" not in own
    fields = {"version": 3, "fingerprint": read(pages.world, int(sheet.rsplit("/", 1)[1])).fingerprint}
    assert post(pages, f"{sheet}/approuver", sheet, **fields).status_code == 403 and published(pages) == 1
    pages.sign_in("manager_academie")
    assert "1 projet de règles à approuver" in text_of(pages.client.get("/rapport").text)
    page = pages.client.get(sheet).text
    assert 'name="fingerprint" value="' + fields["fingerprint"] in page and "Refuser le projet" in page
    assert post(pages, f"{sheet}/approuver", sheet, **fields | {"fingerprint": "autre"}).status_code == 409
    assert post(pages, f"{sheet}/approuver", sheet, **fields).status_code == 303
    history = text_of(pages.client.get("/recueil/historique?convention=demo-nord").text)
    for words in ("Avenant n° 1 : copieurs", "20 novembre 2026", "Département (Personne Manager)",
                  "Académie (Personne Manager Academie)", "En vigueur", "Remplacé", "(article 7.1)"):  # fmt: skip
        assert words in history, words


def test_everybody_reads_the_history_but_no_name(pages: Pages) -> None:
    test_from_the_published_rules_to_an_avenant_in_force(pages)
    client = pages.app.test_client()
    page = client.get("/recueil/historique").text
    history = text_of(page)
    assert "Avenant n° 1 : copieurs" in history and "Personne" not in history and "Académie" in history
    assert "est reconduite" in history and "GFC" in history
    address = re.findall(r'href="(/recueil/historique/\d+\.zip)"', page)[0]
    answer = client.get(address)
    assert answer.mimetype == "application/zip" and answer.data == client.get(address).data
    with zipfile.ZipFile(io.BytesIO(answer.data)) as packed:
        assert BY_THE_DEPARTEMENT in packed.read(FILE).decode()
        assert "conventions/demo-sud.toml" not in packed.namelist()
    for missing in ("/recueil/historique?convention=lune", "/recueil/historique/999.zip"):
        assert client.get(missing).status_code == 404


def test_the_tickets_each_change_would_have_touched(pages: Pages, monkeypatch: pytest.MonkeyPatch) -> None:
    pages.world.file("rupn", "Le copieur est en panne", facts=dict(COPIER), at=MONDAY - timedelta(days=1))
    sheet = f"{DRAFTS}/{started(pages.world)}"
    counted = text_of(pages.sign_in("manager").client.get(sheet).text)
    assert "RUPN → Département (1 dossier)" in counted and "hors alertes" in counted
    monkeypatch.setattr(draft_changes, "COUNTED_AT_ONCE", 0)
    page = pages.client.get(sheet).text
    assert "(1 dossier)" not in text_of(page) and f"{sheet}?dossiers=compter" in page
    assert "(1 dossier)" in text_of(pages.client.get(f"{sheet}?dossiers=compter").text)


def test_a_draft_left_behind_by_another_is_taken_up_again(pages: Pages) -> None:
    late = f"{DRAFTS}/{started(pages.world)}"
    other = shipped()
    other[FILE] = other[FILE].replace("qui appelle le loueur.", "qui appelle son loueur.")
    first = started(pages.world, replace(AVENANT, title="Autre"), other)
    propose(pages.world, first)
    approve(pages.world, first)
    page = pages.sign_in("manager").client.get(late).text
    said = text_of(page)
    assert "Le recueil a changé depuis" in said and "Copieurs : loués par les collèges" in said
    assert "Proposer à l'autre institution" not in said and "son loueur" in said
    (name,) = set(re.findall(r'name="(choix:[^"]*)"', page))
    fields = {"version": 1, "fingerprint": read(pages.world, first).fingerprint}
    early = post(pages, f"{late}/reprendre", late, **fields)
    assert early.status_code == 422 and "Choisissez ce qui est gardé" in text_of(early.text)
    wrong = post(pages, f"{late}/reprendre", late, **fields | {"fingerprint": "x", html.unescape(name): "ours"})
    assert wrong.status_code == 409 and re.search(r'value="ours" checked', wrong.text)
    assert post(pages, f"{late}/reprendre", late, **fields | {html.unescape(name): "ours"}).status_code == 303
    again = text_of(pages.client.get(late).text)
    assert "Le recueil a changé depuis" not in again and "Proposer à l'autre institution" in again


def test_what_was_typed_is_kept_when_it_is_refused(pages: Pages) -> None:
    draft_id = started(pages.world)
    sheet = f"{DRAFTS}/{draft_id}"
    pages.sign_in("manager")
    late = post(pages, f"{sheet}/fichier", sheet, version=9, name=FILE, text="des mots à moi")
    assert late.status_code == 409 and "des mots à moi" in late.text and "a changé depuis" in text_of(late.text)
    wrong = post(pages, f"{sheet}/motif", sheet, version=1, **TERMS | {"title": "", "reference": "à garder"})
    assert wrong.status_code == 422 and "Donnez un titre" in text_of(wrong.text) and "à garder" in wrong.text
    latin = (io.BytesIO("é".encode("cp1252")), "a.toml")
    answer = post(pages, f"{sheet}/fichier", sheet, version=1, name=FILE, text="gardé", file=latin)
    assert answer.status_code == 422 and "UTF-8" in answer.text and "gardé" in answer.text
    assert post(pages, f"{sheet}/retirer", sheet, version=1, reason=" ").status_code == 422
    assert read(pages.world, draft_id).version == 1
    assert post(pages, f"{sheet}/retirer", sheet, version=1, reason="En double.").status_code == 303
    assert "En double." in text_of(pages.client.get(sheet).text)
    assert "Copieurs" not in text_of(pages.client.get(DRAFTS).text).replace("copieurs", "")
    assert "copieurs" in pages.client.get(f"{DRAFTS}?etat=termines").text


def test_a_draft_with_faults_shows_each_at_its_place(pages: Pages) -> None:
    broken = shipped()
    broken[FILE] = broken[FILE].replace("asset_owner ==", "asset_ownr ==")
    draft_id = started(pages.world, sources=broken)
    page = text_of(pages.sign_in("manager").client.get(f"{DRAFTS}/{draft_id}").text)
    assert re.search(rf"{FILE}:\d+:\d+ AIG006", page) and "personne ne peut le proposer" in page
    assert "Proposer à l'autre institution" not in page and "Corrigez d'abord" in page


@pytest.mark.parametrize(
    ("who", "status"),
    [("manager_south", 404), ("lead", 403), ("rupn", 403), ("rssi", 403), ("manager_of_both", 200),
     ("administrator", 200), ("manager_academie", 200)],
)  # fmt: skip
def test_who_reads_a_draft(pages: Pages, who: str, status: int) -> None:
    draft_id = started(pages.world)
    pages.sign_in(who)
    for address in (f"{DRAFTS}/{draft_id}", f"{DRAFTS}/{draft_id}/fichier?nom={FILE}"):
        assert pages.client.get(address).status_code == status
    assert pages.client.get(f"{DRAFTS}/{draft_id}/fichier?nom=../config.toml").status_code in {403, 404}
    if who in {"manager_of_both", "administrator"}:
        page = text_of(pages.client.get(f"{DRAFTS}/{draft_id}").text)
        assert "rattaché ni au Département ni à l'académie" in page and "Proposer à l'autre" not in page


CALENDARS = "clocks/calendars.toml"
MORNINGS = ('wednesday = ["08:00-12:00", "13:30-15:30"]', 'wednesday = ["08:00-12:00"]')


def with_free_afternoons() -> dict[str, str]:
    """Wednesday afternoons closed, on the first calendar of the file that opens them: the North's for teaching."""
    sources = shipped()
    assert MORNINGS[0] in sources[CALENDARS].split("[calendar.nord-administratif]")[0]
    return sources | {CALENDARS: sources[CALENDARS].replace(*MORNINGS, 1)}


def test_new_hours_say_how_many_open_tickets_keep_the_older_ones(pages: Pages) -> None:
    """And they do: nothing of an open ticket moves at the publication."""
    hardware = {"category": "hardware", "asset_owner": "departement", "need": "breakdown"}
    draft = started(pages.world, sources=with_free_afternoons())
    told = text_of(pages.sign_in("manager").client.get(f"{DRAFTS}/{draft}").text)
    assert "Aucun dossier ordinaire n'est ouvert aujourd'hui" in told
    open_tickets = [pages.world.file(facts=hardware).ticket for _ in range(2)]
    pages.world.file("rupn_south", facts=hardware)
    pages.world.file(facts={"category": "security"})
    propose(pages.world, draft)
    told = text_of(pages.sign_in("manager_academie").client.get(f"{DRAFTS}/{draft}").text)
    assert "Ce qui change : l'horloge pédagogique." in told and "Approuver et publier" in told
    assert "Les 2 dossiers ouverts aujourd'hui gardent les anciens horaires jusqu'à leur fin." in told
    before = dues(pages, open_tickets)
    approve(pages.world, draft)
    assert dues(pages, open_tickets) == before
    assert dues(pages, [pages.world.file(facts=hardware).ticket])[0] != before[0]
    assert "gardent les anciens horaires" not in text_of(pages.client.get(f"{DRAFTS}/{draft}").text)


def dues(pages: Pages, ticket_ids: list[int]) -> list[list[datetime | None]]:
    with pages.world.desk.database.reading() as session:
        return [
            [
                each.due_at
                for each in session.query(DeadlineRow).filter_by(ticket_id=number).order_by(DeadlineRow.id)
            ]
            for number in ticket_ids
        ]


def test_rules_alone_say_nothing_of_hours(pages: Pages) -> None:
    draft = started(pages.world)
    pages.world.file()
    told = text_of(pages.sign_in("manager").client.get(f"{DRAFTS}/{draft}").text)
    assert "anciens horaires" not in told and "Horaires et jours ouverts" not in told
