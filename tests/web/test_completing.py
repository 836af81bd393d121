"""« À compléter » on a draft's page: what a sheet left to be written, written there by somebody who opens no file."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from router.store.engine import Database
from tests.desk.drafts import AVENANT, FILE, read, started, to_complete
from tests.web.declare_world import Pages, text_of
from tests.web.keepers import keepers_pages
from tests.web.people import token_of
from tests.web.test_sheets import DRAFT, copiers_to_the_departement, fields_of, rows, send, workbook

WRITTEN = {
    "entree0-why": "Le Département répare les copieurs.",
    "entree0-decision": "Relevé n° 6",
    "entree0-decided_on": "2026-11-19",
    "entree0-signatory": "Les coordonnateurs",
}


@pytest.fixture
def pages(database: Database, monkeypatch: pytest.MonkeyPatch) -> Iterator[Pages]:
    with keepers_pages(database, monkeypatch) as opened:
        yield opened.sign_in("manager")


def write(pages: Pages, sheet: str, version: int = 1, **fields: Any) -> Any:
    token = token_of(pages.client.get(sheet).text)
    sent = {"csrf_token": token, "entree0-version": version, **WRITTEN, **fields}
    return pages.client.post(f"{sheet}/completer/0", data=sent)


def test_from_an_edited_sheet_to_rules_that_may_be_proposed(pages: Pages) -> None:
    answer = send(pages, workbook(copiers_to_the_departement(rows())))
    made = pages.client.post(DRAFT, data=fields_of(answer.text) | {"title": "Copieurs"})
    sheet = made.headers["Location"]
    page = pages.client.get(sheet).text
    said = text_of(page)
    assert page.index("<h2>À compléter</h2>") < page.index("<h2>Ce qui le justifie</h2>")
    assert page.index("<h2>Ce qui le justifie</h2>") < page.index("<h2>Proposer</h2>")
    assert "Écrivez d'abord ce que ce projet laisse à compléter" in said
    assert "Proposer à l'autre institution" not in said
    assert "Projet commencé" in said and "Personne Manager, Département" in said
    assert write(pages, sheet).status_code == 303
    after = pages.client.get(sheet).text
    assert "<h2>À compléter</h2>" not in after and "Proposer à l'autre institution" in text_of(after)
    draft = read(pages.world, int(sheet.rsplit("/", 1)[1]))
    assert draft.version == 2 and draft.sources[FILE].count("Le Département répare les copieurs.") == 1
    assert "hors du parc du Département" in draft.sources[FILE], "the rule that ends keeps its own decision"


def test_the_terms_already_given_are_offered_and_what_is_typed_is_kept(pages: Pages) -> None:
    terms = replace(AVENANT, reference="Avenant n° 9", signed_on=date(2026, 11, 18))
    sheet = f"/recueil/projets/{started(pages.world, terms, to_complete())}"
    page = pages.client.get(sheet).text
    assert re.search(r'name="entree0-decision"[^>]*>\s*Avenant n° 9</textarea>', page)
    assert re.search(r'name="entree0-decided_on"[^>]*value="2026-11-18"', page)
    assert page.index("<h2>Proposer</h2>") < page.index("<h2>Ce qui le justifie</h2>"), (
        "nothing is missing there"
    )
    wrong = write(pages, sheet, **{"entree0-signatory": " "})
    assert wrong.status_code == 422 and "Dites qui a signé" in text_of(wrong.text)
    assert "Le Département répare les copieurs." in wrong.text and "Relevé n° 6" in wrong.text
    no_day = write(pages, sheet, **{"entree0-decided_on": "bientôt"})
    assert no_day.status_code == 422 and "bientôt" in no_day.text and "Relevé n° 6" in no_day.text
    late = write(pages, sheet, version=9)
    assert late.status_code == 409 and "qui n'est pas enregistré" in text_of(late.text)
    assert "Le Département répare les copieurs." in late.text
    assert write(pages, f"{sheet}", **{"entree0-why": ""}).status_code == 422
    assert read(pages.world, int(sheet.rsplit("/", 1)[1])).version == 1


def test_whoever_signs_for_no_institution_reads_what_is_missing(pages: Pages) -> None:
    sheet = f"/recueil/projets/{started(pages.world, sources=to_complete())}"
    page = pages.sign_in("manager_of_both").client.get(sheet).text
    assert "<h2>À compléter</h2>" in page and "entree0-why" not in page
    assert write(pages, sheet).status_code == 403
