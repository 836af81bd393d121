"""The convention's annexes as pages: open to all, from the book in force, each letter leading to its rule."""

from collections.abc import Iterator
from html.parser import HTMLParser

import pytest

from router.store.engine import open_database
from tests.databases import Databases
from tests.web.declare_world import Pages, open_pages, text_of
from tests.web.people import quick_hashes


@pytest.fixture(scope="module")
def pages(databases: Databases) -> Iterator[Pages]:
    url = databases.migrated("sqlite")
    database = open_database(url, synchronous="NORMAL")
    with quick_hashes(), pytest.MonkeyPatch.context() as patch:
        patch.setenv("AIGUILLAGE_SECRET_KEY", "k" * 40)
        yield open_pages(database)
    database.engine.dispose()
    databases.drop(url)


class Links(HTMLParser):
    """The addresses of a page, as a browser reads them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: set[str] = set()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        address = dict(attrs).get("href") if tag == "a" else None
        if address and address.startswith(("/regles", "/articles")):
            self.found.add(address)


@pytest.mark.parametrize("convention", ["", "demo-nord", "demo-sud"])
@pytest.mark.parametrize("path", ["/regles/raci", "/regles/tableau-simplifie"])
def test_every_link_answers(pages: Pages, path: str, convention: str) -> None:
    answer = pages.client.get(path, query_string={"convention": convention})
    assert answer.status_code == 200
    links = Links(answer.text).found
    assert len(links) > 40
    assert {address for address in links if pages.client.get(address).status_code != 200} == set()


def test_the_raci_says_who_acts_answers_is_consulted_and_told(pages: Pages) -> None:
    words = text_of(pages.client.get("/regles/raci").text)
    assert "Sauf : Prérequis annoncé pour un logiciel (écran, navigateur, module) (Département)" in words
    assert "R A : agit, répond (Matériel inscrit à l'inventaire du Département)" in words
    assert "C : consulté (Installation d'un logiciel métier de l'État)" in words
    assert "A I : répond, prévenu (Incident de sécurité)" in words
    assert "sans délai, selon le cas" in words and "Passe avant les autres lignes" in words


def test_a_convention_shows_what_it_settled(pages: Pages) -> None:
    for path in ("/regles/raci", "/regles/tableau-simplifie"):
        national = text_of(pages.client.get(path).text)
        local = text_of(pages.client.get(f"{path}?convention=demo-nord").text)
        assert "Copieurs : loués par les collèges" not in national
        assert "Copieurs : loués par les collèges Local" in local and "Val-Nord" in local


@pytest.mark.parametrize("path", ["/regles/raci", "/regles/tableau-simplifie"])
def test_a_convention_that_does_not_exist_is_a_sentence(pages: Pages, path: str) -> None:
    answer = pages.client.get(f"{path}?convention=lune")
    assert answer.status_code == 404 and "Cette convention n'existe pas ici." in text_of(answer.text)


@pytest.mark.parametrize("extension", ["xlsx", "ods"])
def test_both_files_are_offered_and_may_be_taken_away(pages: Pages, extension: str) -> None:
    page = pages.client.get("/regles/raci?convention=demo-sud").text
    address = f"/regles/raci.{extension}?convention=demo-sud"
    assert f'href="{address}"' in page
    answer = pages.client.get(address)
    assert answer.status_code == 200 and answer.data.startswith(b"PK")
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="raci-demo-sud-2026-')
    assert pages.client.get(f"/regles/raci.{extension}?convention=lune").status_code == 404
    assert pages.client.get("/regles/raci.exe").status_code == 404
