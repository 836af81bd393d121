"""« Pourquoi ? », « Essayer », the grey zones and the figures of a rule: who reads what, and what is refused."""

import html
import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import event

from router.desk import redecide
from router.desk.explanations import DECISIONS_A_PAGE
from router.desk.grey_zones import register
from router.model.words import Party
from router.store.engine import Database
from tests.desk.world import MONDAY, World
from tests.web.declare_world import Pages, open_pages, text_of
from tests.web.people import quick_hashes

TELEPHONE = {"category": "network", "product_family": "telephony", "asset_owner": "departement"}
PROJECTOR = "/essayer?category=hardware&asset_owner=etablissement&need=breakdown"
LATER = MONDAY - timedelta(hours=1)


@pytest.fixture
def pages(database: Database, monkeypatch: pytest.MonkeyPatch) -> Iterator[Pages]:
    monkeypatch.setenv("AIGUILLAGE_SECRET_KEY", "k" * 40)
    with quick_hashes():
        yield open_pages(database)


def file_telephone(world: World) -> int:
    return world.file(
        subject="Plus de tonalité", body="Le téléphone est muet.", at=LATER, facts=TELEPHONE
    ).ticket


def read(pages: Pages, who: str, address: str, status: int = 200) -> str:
    answer = pages.sign_in(who).client.get(address)
    assert answer.status_code == status, text_of(answer.text)
    return text_of(answer.text)


def test_why_is_read_by_whoever_sees_the_ticket(pages: Pages) -> None:
    ticket = pages.world.file(at=LATER, facts={"category": "hardware", "asset_owner": "departement"}).ticket
    page = read(pages, "rupn", f"/dossiers/{ticket}/pourquoi")
    assert "Pourquoi Département" in page and "Ce qui aurait changé la réponse" in page
    assert "Si l'État avait fourni le matériel, ce serait l'académie." in page
    assert "Propriétaire du matériel" in page and "dit par la personne" in page
    assert "Les règles qui passaient avant" not in page
    assert "Pourquoi ?" in read(pages, "rupn", f"/dossiers/{ticket}")
    for who in ("lead", "manager"):
        assert "Les règles qui passaient avant" in read(pages, who, f"/dossiers/{ticket}/pourquoi")
    read(pages, "administrator", f"/dossiers/{ticket}/pourquoi", 404)
    assert pages.app.test_client().get(f"/dossiers/{ticket}/pourquoi").status_code == 302


def test_an_alert_explains_itself_to_its_readers_alone(pages: Pages) -> None:
    ticket = pages.world.file(subject="Rançongiciel", at=LATER, facts={"category": "security"}).ticket
    assert "RSSI" in read(pages, "rssi", f"/dossiers/{ticket}/pourquoi")
    for who in ("manager", "lead"):
        read(pages, who, f"/dossiers/{ticket}/pourquoi", 404)


def to_the_academie(pages: Pages, ticket: int) -> None:
    technician, why = pages.world["technician"], "Liaison de l'État."
    redecide.transfer(pages.world.desk, technician, ticket, Party.ACADEMIE_DSI, "3.2.3", why, LATER)


def test_a_transfer_is_told_as_a_persons_choice(pages: Pages) -> None:
    ticket = file_telephone(pages.world)
    to_the_academie(pages, ticket)
    page = read(pages, "lead", f"/dossiers/{ticket}/pourquoi")
    assert "Une personne a choisi cet intervenant" in page and "Téléphonie du collège" in page
    assert "Ce qui aurait changé" not in page


def correct(pages: Pages, who: str, ticket: int, minutes: int, **facts: str) -> None:
    at = LATER + timedelta(minutes=minutes)
    redecide.correct(pages.world.desk, pages.world[who], ticket, facts, "Étiquette relue.", at)


def decisions(pages: Pages, who: str, ticket: int) -> list[str]:
    """The addresses of the decisions that aren't the one in sight."""
    page = pages.sign_in(who).client.get(f"/dossiers/{ticket}/pourquoi").text
    return re.findall(rf'href="(/dossiers/{ticket}/pourquoi[^"]*)"', page)


def test_each_decision_of_a_ticket_explains_itself_with_what_was_known_then(pages: Pages) -> None:
    facts = {"category": "hardware", "asset_owner": "departement", "need": "breakdown"}
    ticket = pages.world.file(at=LATER, facts=facts).ticket
    assert "Les décisions de ce dossier" not in read(pages, "rupn", f"/dossiers/{ticket}/pourquoi")
    correct(pages, "technician", ticket, 10, asset_owner="etat")
    now = read(pages, "rupn", f"/dossiers/{ticket}/pourquoi")
    assert "Pourquoi Académie" in now and "Une décision passée" not in now
    assert "Attribué : Département" in now and "Après correction, attribué : Académie" in now
    (first,) = decisions(pages, "rupn", ticket)
    then = read(pages, "rupn", first)
    assert "Pourquoi Département" in then and "Une décision passée" in then
    assert "Si l'État avait fourni le matériel, ce serait l'académie." in then
    other = pages.world.file(subject="Un autre", at=LATER, facts=facts).ticket
    for decision in (first.rpartition("=")[2], "999"):
        read(pages, "rupn", f"/dossiers/{other}/pourquoi?decision={decision}", 404)


def test_no_decision_of_a_ticket_is_out_of_reach_however_many_there_are(pages: Pages) -> None:
    facts = {"category": "hardware", "asset_owner": "departement", "need": "breakdown"}
    ticket = pages.world.file(at=LATER, facts=facts).ticket
    for minutes in range(DECISIONS_A_PAGE):
        who, owner = (("technician", "etat"), ("dsi", "departement"))[minutes % 2]
        correct(pages, who, ticket, minutes, asset_owner=owner)
    older = [each for each in decisions(pages, "lead", ticket) if "avant=" in each]
    page = pages.client.get(html.unescape(older[0])).text
    assert "Les plus récentes" in page and "Décisions plus anciennes" not in page
    (first,) = re.findall(r'href="([^"]*pourquoi[?]decision=[0-9]+&amp;avant=[^"]*)"', page)
    then = read(pages, "lead", html.unescape(first))
    assert "Une décision passée" in then and "Attribué : Département" in then


def test_what_was_known_of_an_alert_stays_with_those_who_answer_for_it(pages: Pages) -> None:
    ticket = pages.world.file(subject="Écran étrange", at=LATER, facts={"category": "security"}).ticket
    correct(pages, "rssi", ticket, 10, category="hardware", asset_owner="departement")
    (alert,) = decisions(pages, "rssi", ticket)
    assert "Pourquoi RSSI" in read(pages, "rssi", alert)
    for who in ("technician", "rupn"):
        assert decisions(pages, who, ticket) == []
        read(pages, who, alert, 404)


def test_trying_facts_needs_no_account_and_travels_in_the_address(pages: Pages) -> None:
    page = text_of(pages.client.get(PROJECTOR).text)
    assert "Référent numérique du collège" in page and "Si l'État avait fourni le matériel" in page
    assert "Toutes les règles essayées" in page
    raw = pages.client.get(PROJECTOR).text
    assert '<option value="etablissement" selected>' in raw
    empty = text_of(pages.client.get("/essayer").text)
    assert "Choisissez au moins un fait" in empty


def test_the_convention_and_the_day_change_the_answer(pages: Pages) -> None:
    link = "/essayer?category=network&product_family=vpn&asset_owner=departement&convention=demo-sud&jour="
    assert "Liaison protégée : l'académie" in text_of(pages.client.get(link + "2026-11-23").text)
    assert "Serveur EOLE ou liaison protégée" in text_of(pages.client.get(link + "2025-12-01").text)
    assert "Liaison protégée : l'académie" in text_of(pages.client.get(link + "2027-06-01").text)


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("categori=hardware", "vouliez-vous « category »"),
        ("category=plomberie", "n'est pas une réponse possible pour « Type d'incident »"),
        ("category=hardware&convention=lune", "Cette convention n'existe pas ici"),
        ("category=hardware&jour=hier", "écrivez-la comme"),
        ("category=hardware&jour=2099-01-01", "Choisissez une date d'ici"),
        ("category=hardware&jour=1999-01-01", "Aucune règle n'était en vigueur"),
        ("category=" + "a" * 5_000, "n'est pas une réponse possible"),
        ("&".join(f"f{number}=1" for number in range(300)), "n'existe pas"),
    ],
)
def test_a_mangled_address_is_told_and_the_rest_is_kept(pages: Pages, query: str, words: str) -> None:
    answer = pages.client.get(f"/essayer?{query}")
    assert answer.status_code == 422 and words in text_of(answer.text)
    if query.startswith("category=hardware"):
        assert '<option value="hardware" selected>' in answer.text


def test_a_day_before_the_first_book_is_told(pages: Pages) -> None:
    answer = pages.client.get("/essayer?category=hardware&jour=2024-01-01")
    assert 400 <= answer.status_code < 500 and "en vigueur à cette date" in text_of(answer.text)


def test_grey_zones_are_public_and_counted_for_managers(pages: Pages) -> None:
    file_telephone(pages.world)
    page = text_of(pages.client.get("/zones-grises?convention=demo-nord").text)
    assert "Qui s'occupe du téléphone du collège ?" in page and "Tranchée ici" in page
    assert "Relevé de décision n° 5" in page and "en douze mois" not in page
    counted = read(pages, "manager", "/zones-grises?convention=demo-nord")
    assert counted.count("1 dossier en douze mois") == 1
    agenda = read(pages, "manager", "/zones-grises/ordre-du-jour?convention=demo-nord")
    assert "Qui s'occupe du téléphone du collège ?" in agenda and "Qui dépanne un copieur" not in agenda
    assert agenda.index("téléphone") < agenda.index("Qui administre les serveurs EOLE")
    assert pages.client.get("/zones-grises?convention=lune").status_code == 404


def test_a_ticket_handed_over_by_a_person_stays_in_the_zone_of_its_facts(pages: Pages) -> None:
    to_the_academie(pages, file_telephone(pages.world))
    counted = read(pages, "manager", "/zones-grises?convention=demo-nord")
    assert counted.count("1 dossier en douze mois") == 1


def test_another_conventions_tickets_are_not_counted(pages: Pages) -> None:
    file_telephone(pages.world)
    assert "en douze mois" not in read(pages, "lead", "/zones-grises?convention=demo-sud")


def test_counting_costs_the_same_whatever_the_tickets(pages: Pages) -> None:
    def cost() -> int:
        seen: list[str] = []

        def note(*values: object) -> None:
            seen.append(str(values[2]))

        engine = pages.world.desk.database.engine
        event.listen(engine, "before_cursor_execute", note)
        register(pages.world.desk, pages.world["manager"], "demo-nord", MONDAY)
        event.remove(engine, "before_cursor_execute", note)
        return len(seen)

    first = cost()
    for _ in range(4):
        file_telephone(pages.world)
    assert cost() == first <= 4


def test_a_rule_tells_its_year_to_teams_and_never_to_the_public(pages: Pages) -> None:
    first, _second = file_telephone(pages.world), file_telephone(pages.world)
    to_the_academie(pages, first)
    assert "Transmis ensuite" not in text_of(pages.client.get("/regles/telephonie").text)
    page = read(pages, "manager", "/regles/telephonie")
    assert "Décidés2 dossiers" in page.replace(" ", "").replace("2dossiers", "2 dossiers")
    assert "Transmisensuite1dossier" in page.replace(" ", "")
    listed = read(pages, "technician", "/regles/telephonie/dossiers")
    assert f"n° {first}, Plus de tonalité" in listed
    read(pages, "rupn", "/regles/telephonie/dossiers", 403)
    read(pages, "manager", "/regles/inconnue/dossiers", 404)


def test_alerts_give_no_figure_at_all(pages: Pages) -> None:
    ticket = pages.world.file(subject="Rançongiciel", at=LATER, facts={"category": "security"}).ticket
    page = read(pages, "manager", "/regles/alerte-securite")
    assert "aucun chiffre n'en est donné" in page and "Décidés" not in page
    assert f"n° {ticket}" not in read(pages, "manager", "/regles/alerte-securite/dossiers")


@pytest.mark.parametrize(
    ("query", "there", "absent"),
    [
        ("mots=telephonie", "Téléphonie du collège", "Matériel acheté par l'État"),
        ("mots=D211-14", "Matériel acheté par l'État", "Téléphonie du collège"),
        ("qui=rssi", "Incident de sécurité", "Téléphonie du collège"),
        ("local=1&convention=demo-nord", "Copieurs : loués par les collèges", "Téléphonie du collège"),
        ("mots=zzzz", "Aucune règle ne convient", "Article 3.1.3"),
        ("local=1", "choisissez une convention", "Article 3.1.3"),
        ("qui=personne", "Aucune règle ne convient", "Article 3.1.3"),
        ("mots=" + "a" * 5_000, "Aucune règle ne convient", "Article 3.1.3"),
    ],
)
def test_rules_are_searched_without_a_script(pages: Pages, query: str, there: str, absent: str) -> None:
    page = text_of(pages.client.get(f"/regles?{query}").text)
    assert there in page and absent not in page
