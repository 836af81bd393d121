"""The RACI edited in a spreadsheet and sent back on the site: what it changes, what is refused, and a draft of it."""

import html
import io
import re
from collections.abc import Iterator
from datetime import date
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from sqlalchemy import func, select
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from router.desk.policy import Policy, load_policy
from router.desk.raci_files import RACI_SHEET
from router.desk.raci_import import MAX_OPEN
from router.rulebook.raci import raci
from router.rulebook.raci_sheet import TITLE, grid
from router.sheets.ods import ods
from router.sheets.workbook import Column, Sheet, Workbook, cells
from router.sheets.xlsx import xlsx
from router.store.engine import Database
from router.store.tables import RuleDraft
from tests.desk.drafts import (
    FILE,
    NORTH,
    SOUTH,
    TODAY,
    approve,
    propose,
    read,
    shipped,
    started,
)
from tests.desk.world import shipped_policy
from tests.web.declare_world import Pages, text_of
from tests.web.keepers import keepers_pages
from tests.web.people import token_of

READ, DRAFT = "/regles/raci/relecture", "/regles/raci/projet"
Rows = list[list[str]]


@pytest.fixture
def pages(database: Database, monkeypatch: pytest.MonkeyPatch) -> Iterator[Pages]:
    with keepers_pages(database, monkeypatch) as opened:
        yield opened.sign_in("manager")


def rows(convention: str | None = NORTH, day: date = TODAY, policy: Policy | None = None) -> Rows:
    book = (policy or shipped_policy()).book
    made = grid(book, raci(book, day, convention))
    return [list(made.headers), *([line.texts[header] for header in made.headers] for line in made.lines)]


def copiers_to_the_departement(given: Rows) -> Rows:
    """Those that the collèges rent."""
    header = given[0]
    changed = [list(row) for row in given]
    (row,) = [each for each in changed if each[header.index(TITLE)] == "Copieurs : loués par les collèges"]
    row[header.index("RUPN")], row[header.index("Principal")], row[header.index("Département")] = "", "", "R A"
    return changed


def workbook(given: Rows, make: Any = xlsx) -> bytes:
    sheet = Sheet(RACI_SHEET, [Column(12)] * len(given[0]), [cells(*row) for row in given])
    return bytes(make(Workbook("RACI", TODAY, (sheet,))))


def send(pages: Pages, content: bytes, name: str = "raci.xlsx", convention: str = NORTH) -> Any:
    token = token_of(pages.client.get(f"{READ}?convention={NORTH}").text)
    data = {"csrf_token": token, "convention": convention, "file": FileStorage(io.BytesIO(content), name)}
    # Encoded here: the test client leaves the temporary file of a large one open.
    boundary, body = encode_multipart(data)
    return pages.client.post(READ, data=body, content_type=f"multipart/form-data; boundary={boundary}")


def fields_of(page: str) -> dict[str, str]:
    """The hidden fields of the form that makes a draft."""
    form = page[page.index(f'action="{DRAFT}"') :]
    found = re.findall(r'<input[^>]*type="hidden"[^>]*>', form[: form.index("</form>")])
    return {
        html.unescape(name): html.unescape(value)
        for each in found
        for name, value in [(re.findall(r'name="([^"]*)"', each)[0], re.findall(r'value="([^"]*)"', each)[0])]
    }


def stored(pages: Pages) -> int:
    with pages.world.desk.database.reading() as session:
        return session.scalar(select(func.count(RuleDraft.id))) or 0


@pytest.mark.parametrize(("make", "name"), [(xlsx, "raci.xlsx"), (ods, "raci.ods")])
def test_from_an_edited_sheet_to_a_draft_that_is_proved(pages: Pages, make: Any, name: str) -> None:
    assert f"{READ}?convention={NORTH}" in pages.client.get(f"/regles/raci?convention={NORTH}").text
    answer = send(pages, workbook(copiers_to_the_departement(rows()), make), name)
    said = text_of(answer.text)
    assert answer.status_code == 200
    assert "RUPN → Département" in said and "Règle locale, à compléter et à signer" in said
    assert "Ce qui a été modifié dans la feuille" in said and stored(pages) == 0
    assert "compétent : Département, maintenance (articles 3.1.3, 7.1)" in said
    assert "Voir le texte des fichiers de règles" in said
    fields = fields_of(answer.text)
    empty = pages.client.post(DRAFT, data=fields | {"title": " "})
    assert empty.status_code == 422 and "Donnez un titre" in empty.text and stored(pages) == 0
    assert fields_of(empty.text).keys() == fields.keys(), "nothing of what was read is lost"
    made = pages.client.post(DRAFT, data=fields_of(empty.text) | {"title": "Copieurs"})
    assert made.status_code == 303
    sheet = text_of(pages.client.get(made.headers["Location"]).text)
    assert "1 fichier différent des règles publiées" in sheet and "RUPN → Département" in sheet
    draft = read(pages.world, int(made.headers["Location"].rsplit("/", 1)[1]))
    assert draft.convention_id == NORTH and draft.sources[FILE] != shipped_policy().book.sources[FILE]
    load_policy(draft.sources)


def test_the_sheet_as_it_was_exported_changes_nothing(pages: Pages) -> None:
    content = pages.client.get(f"/regles/raci.ods?convention={NORTH}").data
    answer = send(pages, content, "raci.ods")
    assert answer.status_code == 200 and "Aucune différence" in answer.text and DRAFT not in answer.text


def with_cell(given: Rows, line: int, column: str, text: str) -> Rows:
    changed = [list(row) for row in given]
    changed[line][changed[0].index(column)] = text
    return changed


REFUSED = {
    "no file": (lambda: b"", "Choisissez le fichier"),
    "a picture": (lambda: b"\x89PNG\r\n\x1a\n....", "est une image"),
    "a broken workbook": (lambda: b"PK\x03\x04 rien", "n'est pas un classeur"),
    "another convention": (lambda: workbook(rows(SOUTH)), "Val-Sud", "pas celle de"),
    "the national rules": (lambda: workbook(rows(None)), "celle des règles nationales"),
    "a missing column": (lambda: workbook([row[1:] for row in rows()]), "A1 : il manque la colonne"),
    "an unknown party": (
        lambda: workbook(with_cell(rows(), 0, "DPO", "Mairie")), "la colonne « Mairie »", "manque la colonne « DPO »",
    ),
    "an unknown letter": (lambda: workbook(with_cell(rows(), 4, "DPO", "Z")), "5 : "),
    "a row taken out": (lambda: workbook(rows()[:-1]), "il manque une ligne"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_refused_stores_nothing(pages: Pages, case: str) -> None:
    make, *words = REFUSED[case]
    answer = send(pages, make())
    said = text_of(answer.text)
    assert answer.status_code == 422, said
    assert {each for each in words if each not in said} == set(), said
    assert DRAFT not in answer.text and stored(pages) == 0


def test_a_file_far_too_large(pages: Pages) -> None:
    answer = send(pages, b"PK" + b"0" * 2_000_001)
    assert answer.status_code == 413 and "dépasse 2 Mo" in text_of(answer.text)


def test_a_small_file_that_opens_into_far_too_much(pages: Pages) -> None:
    """One of 1 MB took a gigabyte and twenty seconds."""
    kept = BytesIO()
    with ZipFile(kept, "w", ZIP_DEFLATED) as archive, ZipFile(BytesIO(workbook(rows()))) as sound:
        for entry in sound.infolist():
            archive.writestr(entry.filename, sound.read(entry))
        archive.writestr("xl/worksheets/sheet9.xml", bytes(MAX_OPEN))
    assert len(kept.getvalue()) < 200_000
    answer = send(pages, kept.getvalue())
    assert answer.status_code == 413 and "trop grand une fois ouvert" in text_of(answer.text)
    assert stored(pages) == 0


def test_a_sheet_of_a_day_with_other_rules(pages: Pages) -> None:
    old = 'since = 2025-09-01\nchecked_on = 2026-11-23\noverrides = ["copieur-proprietaire-inconnu"]'
    dated = shipped()
    dated[FILE] = dated[FILE].replace(old, old.replace("2025-09-01", "2025-09-01\nuntil = 2026-11-01"))
    draft_id = started(pages.world, sources=dated)
    propose(pages.world, draft_id)
    approve(pages.world, draft_id)
    policy = load_policy(read(pages.world, draft_id).sources)
    answer = send(pages, workbook(rows(day=date(2026, 10, 31), policy=policy)))
    assert answer.status_code == 422 and "exportée pour le 31/10/2026 ; depuis, des règles" in text_of(
        answer.text
    )
    assert send(pages, workbook(rows(day=date(2026, 11, 1), policy=policy))).status_code == 200, (
        "the same rules"
    )


def test_another_book_published_between_reading_and_making_the_draft(pages: Pages) -> None:
    fields = fields_of(send(pages, workbook(copiers_to_the_departement(rows()))).text)
    draft_id = started(pages.world)
    propose(pages.world, draft_id)
    approve(pages.world, draft_id)
    answer = pages.client.post(DRAFT, data=fields | {"title": "Copieurs"})
    assert answer.status_code == 409 and "Un autre recueil a été publié" in text_of(answer.text)
    assert stored(pages) == 1
    late = send(pages, workbook(copiers_to_the_departement(rows())))
    assert late.status_code == 422 and "vient d'un autre recueil" in text_of(late.text)


def test_a_file_of_no_convention_of_hers(pages: Pages) -> None:
    fields = fields_of(send(pages, workbook(copiers_to_the_departement(rows()))).text)
    fields |= {f"regles:conventions/{SOUTH}.toml": "x = 1", "title": "Copieurs"}
    assert pages.client.post(DRAFT, data=fields).status_code == 422 and stored(pages) == 0


@pytest.mark.parametrize(
    ("who", "status"),
    [("manager_south", 404), ("manager_of_both", 403), ("rupn", 403), ("manager_academie", 200)],
)
def test_who_may_send_a_sheet_back(pages: Pages, who: str, status: int) -> None:
    token = token_of(pages.sign_in(who).client.get("/regles").text)
    assert pages.client.get(f"{READ}?convention={NORTH}").status_code == status
    shown = READ in pages.client.get(f"/regles/raci?convention={NORTH}").text
    assert shown is (status == 200)
    data = {"csrf_token": token, "convention": NORTH, "base": "x", "title": "x", f"regles:{FILE}": "x"}
    assert pages.client.post(DRAFT, data=data).status_code == (409 if status == 200 else status)
