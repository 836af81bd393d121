"""The public question and the rules for reading: open to all, bounded, nothing personal in an address."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from router.store.engine import open_database
from tests.databases import Databases
from tests.web.declare_world import Pages, open_pages, text_of
from tests.web.people import quick_hashes, token_of

HARDWARE = "/qui-est-competent?suppose.category=hardware&suppose.product_family=projector"


@pytest.fixture(scope="module")
def pages(databases: Databases) -> Iterator[Pages]:
    url = databases.migrated("sqlite")
    database = open_database(url, synchronous="NORMAL")
    with quick_hashes(), pytest.MonkeyPatch.context() as patch:
        patch.setenv("AIGUILLAGE_SECRET_KEY", "k" * 40)
        yield open_pages(database)
    database.engine.dispose()
    databases.drop(url)


def ask(pages: Pages, **fields: str) -> Any:
    token = token_of(pages.client.get("/qui-est-competent").text)
    return pages.client.post("/qui-est-competent", data={"csrf_token": token, **fields})


def test_words_are_read_then_only_facts_travel(pages: Pages) -> None:
    answer = ask(pages, words="Le vidéoprojecteur de Camille ne s'allume plus", convention="demo-nord")
    address = answer.headers["Location"]
    assert answer.status_code == 303 and "Camille" not in address and "vid" not in address.replace("video", "")
    assert "suppose.category=hardware" in address and "convention=demo-nord" in address
    page = text_of(pages.client.get(address).text)
    assert "Département, maintenance" in page and "À confirmer" in page and "délai à valider" in page
    assert "Pourquoi pas un autre ?" in page and "Si c'était un incident de sécurité, ce serait le RSSI" in page


def test_a_shared_address_gives_the_same_answer_without_a_session(pages: Pages) -> None:
    one, other = pages.app.test_client().get(HARDWARE), pages.app.test_client().get(HARDWARE)
    assert one.status_code == 200 and text_of(one.text) == text_of(other.text)


def test_an_answer_wins_over_what_was_supposed(pages: Pages) -> None:
    page = text_of(pages.client.get(f"{HARDWARE}&asset_owner=etat").text)
    assert "Académie, DSI et DRANE" in page and "Propriétaire du matériel : L'État" in page


def test_unclear_words_bring_a_question_not_an_answer(pages: Pages) -> None:
    answer = ask(pages, words="zzz qqq")
    page = text_of(pages.client.get(answer.headers["Location"]).text)
    assert "Ces mots ne suffisent pas" in page and "De quoi s'agit-il" in page


def test_an_attack_brings_the_reflexes(pages: Pages) -> None:
    page = text_of(pages.client.get("/qui-est-competent?category=security").text)
    assert (
        "Ne l'éteignez pas" in page and "RSSI" in page and "Principal du collège : prévenu sans délai" in page
    )


@pytest.mark.parametrize(
    ("fields", "status"),
    [({"words": ""}, 422), ({"words": "  "}, 422), ({"words": "a" * 2_001}, 413), ({}, 422)],
)
def test_words_are_bounded_and_kept(pages: Pages, fields: dict[str, str], status: int) -> None:
    answer = ask(pages, **fields)
    assert answer.status_code == status and 'href="#words"' in answer.text
    assert fields.get("words", "") in answer.text


@pytest.mark.parametrize(
    "query",
    ["category=plomberie", "plombier=oui", "first_level_done=true", "convention=lune", "category=" + "a" * 9_000,
     "suppose.category=plomberie", "<script>=1", "&".join(f"f{number}=1" for number in range(200))],
)  # fmt: skip
def test_a_mangled_address_is_a_sentence(pages: Pages, query: str) -> None:
    answer = pages.client.get(f"/qui-est-competent?{query}")
    assert answer.status_code == 422 and "<script>=" not in answer.text


def test_the_table_the_rules_and_the_articles(pages: Pages) -> None:
    table = pages.client.get("/regles?convention=demo-nord")
    assert (
        table.status_code == 200 and "Article 3.1.3" in text_of(table.text) and "Local" in text_of(table.text)
    )
    rule = text_of(pages.client.get("/regles/type-inconnu").text)
    assert (
        "Référent numérique du collège (RUPN)" in rule
        and "Quand elle s'applique" in rule
        and "type-inconnu" in rule
    )
    article = text_of(pages.client.get("/articles/3.1.5").text)
    assert "Résumé avec nos mots" in article and "Incident de sécurité" in article and "sans délai" in article
    for address in ("/regles/non", "/articles/99", "/regles?convention=lune", "/articles/" + "9" * 3_000):
        assert pages.client.get(address).status_code == 404, address


def test_a_misspelt_search_is_offered_mended(pages: Pages) -> None:
    page = pages.client.get("/regles?mots=copieru&convention=demo-nord")
    assert "Vouliez-vous « copieur »" in text_of(page.text).replace("\u00a0", " ")
    assert 'href="/regles?mots=copieur&amp;convention=demo-nord"' in page.text
    telephone = text_of(pages.client.get("/regles?mots=telefone").text)
    assert "Vouliez-vous « téléphone »" in telephone.replace("\u00a0", " ")
    assert "Vouliez-vous" not in text_of(pages.client.get("/regles?mots=zzzz").text)


def test_the_answer_says_since_when_and_leads_to_who_agreed(pages: Pages) -> None:
    page = pages.client.get(f"{HARDWARE}&asset_owner=departement&convention=demo-nord").text
    assert "depuis le lundi 1er septembre 2025" in text_of(page)
    assert 'href="/recueil/historique?convention=demo-nord">Par quel accord' in page
    assert 'href="/regles/materiel-inventorie?convention=demo-nord"' in page


@pytest.mark.parametrize("path", ["/regles", "/regles/raci"])
def test_a_long_page_opens_on_its_parts(pages: Pages, path: str) -> None:
    page = pages.client.get(path).text
    targets = re.findall(r'<a href="#((?:article|rubrique)-\d+)"', page)
    assert len(targets) > 3 and all(f'id="{each}"' in page for each in targets)


def test_a_rule_says_whose_book_it_is_read_in(pages: Pages) -> None:
    page = pages.client.get("/regles/type-inconnu?convention=demo-sud").text
    assert '<option value="demo-sud" selected>' in page
    assert "RecueilConvention du Département du Val-Sud" in text_of(page)
    assert "RecueilRègles nationales" in text_of(pages.client.get("/regles/type-inconnu").text)
    assert pages.client.get("/regles/type-inconnu?convention=lune").status_code == 404


def test_every_link_of_the_table_answers(pages: Pages) -> None:
    table = pages.client.get("/regles?convention=demo-sud").text
    links = {
        part.split('"', 1)[0] for part in table.split('href="') if part.startswith(("/regles/", "/articles/"))
    }
    assert len(links) > 60
    assert {pages.client.get(link).status_code for link in links} == {200}


def test_a_rule_leads_to_who_agreed_to_its_book(pages: Pages) -> None:
    page = pages.client.get("/regles/nord-copieurs?convention=demo-nord")
    assert 'href="/recueil/historique?convention=demo-nord"' in page.text
    assert 'href="/regles/copieur-proprietaire-inconnu?convention=demo-nord"' in page.text
    assert 'href="/recueil/historique"' in pages.client.get("/regles/materiel-inventorie?convention=").text


@pytest.mark.parametrize(
    "path",
    [
        "/regles",
        "/regles/raci",
        "/regles/tableau-simplifie",
        "/essayer",
        "/zones-grises",
        "/recueil/historique",
    ],
)
def test_every_way_to_read_the_rules_is_behind_one_door(pages: Pages, path: str) -> None:
    page = pages.app.test_client().get(path)
    assert page.status_code == 200
    assert re.search(r'aria-current="(page|true)"[^>]*>\s*Règles\s*<', page.text), path
