"""What is read in her words besides the category: shown, asked where it matters, refused in one press, kept."""

import re
from collections.abc import Iterator
from html import unescape
from typing import Any

import pytest

from router.desk import filing
from router.desk.filing import Draft
from router.store import retention
from router.store.tables import DecisionRow, IncidentRow, Ticket
from tests.databases import Databases
from tests.desk.test_declare_form import counted_queries
from tests.desk.world import MONDAY
from tests.web.declare_world import Pages, pages_on_sqlite, text_of

MUCH = {
    "subject": "vpi hs 204",
    "body": "28 élèves attendent. J'ai redémarré, câble changé. DNB blanc jeudi, à régler avant 14h.",
}
STOLEN = {"subject": "Vol", "body": "Une clé USB a été volée avec les bulletins des élèves."}


@pytest.fixture
def pages(databases: Databases, monkeypatch: pytest.MonkeyPatch) -> Iterator[Pages]:
    with pages_on_sqlite(databases, monkeypatch) as opened:
        yield opened


def told(page: str) -> str:
    """The block, as it is read."""
    found = re.search(r'<section class="told".*?</section>', page, re.DOTALL)
    return text_of(found.group()) if found else ""


def refused(page: str) -> list[str]:
    return re.findall(r'<input type="hidden" name="refused" value="(\w+)">', page)


def told_by(page: str, kind: str) -> list[str]:
    return [unescape(words) for words in re.findall(rf'name="told_by\.{kind}" value="([^"]*)"', page)]


def sent(pages: Pages, fields: dict[str, Any]) -> tuple[Ticket, IncidentRow, dict[str, Any]]:
    """The ticket made, what was declared, and the facts decided on."""
    answer = pages.post(fields | {"do": "send"})
    assert answer.status_code == 302, text_of(answer.text)[:600]
    with pages.world.desk.database.reading() as session:
        ticket = session.query(Ticket).order_by(Ticket.id.desc()).first()
        assert ticket is not None
        incident = session.get_one(IncidentRow, ticket.incident_id)
        facts = session.get_one(DecisionRow, ticket.decision_id).facts
        session.expunge_all()
        return ticket, incident, facts


def ticked(page: str, name: str = "urgency") -> list[str]:
    """The values of the boxes of this name that are ticked."""
    inputs = [
        each for each in re.findall(r"<input[^>]*>", page) if f'name="{name}"' in each and "checked" in each
    ]
    return [found[1] for each in inputs if (found := re.search(r'value="(\w+)"', each))]


# --- The block --------------------------------------------------------------------------------------


def test_each_fact_is_shown_with_her_words(pages: Pages) -> None:
    page = pages.post(pages.sign_in("rupn").form() | MUCH | {"do": "look"}).text
    block = told(page)
    assert "Salle : salle 204 « 204 »" in block
    assert "Produit : VPI « vpi »" in block
    assert "Touchés « 28 élèves »" in block
    assert "Examen « DNB blanc jeudi »" in block and "Échéance dite « avant 14h »" in block
    assert "Déjà essayé « J'ai redémarré », « câble changé »" in block
    assert page.count('name="refuse"') == block.count("Écarter")


def test_words_that_tell_nothing_more_show_no_block(pages: Pages) -> None:
    page = pages.post(pages.sign_in("rupn").form() | {"subject": "Un message bizarre", "do": "look"}).text
    assert told(page) == "" and 'name="refuse"' not in page


def test_what_she_says_herself_is_not_read_again(pages: Pages) -> None:
    hers = {"room": "12", "product": "VPI", "f.need": "installation"}
    block = told(pages.post(pages.sign_in("rupn").form() | MUCH | hers | {"do": "look"}).text)
    assert "Salle" not in block and "Produit" not in block and "Besoin" not in block and "Touchés" in block


# --- Refused in one press ---------------------------------------------------------------------------


def test_a_refused_fact_stays_refused_while_she_types_on(pages: Pages) -> None:
    filled = pages.sign_in("rupn").form() | MUCH
    page = pages.post(filled | {"refuse": "people"}).text
    assert refused(page) == ["people"] and "28 élèves" not in told(page)
    assert "Écarté à votre demande : touchés." in told(page)
    page = pages.post(
        filled | {"subject": "Trois collègues aussi, salle 12", "refused": "people", "do": "look"}
    ).text
    assert refused(page) == ["people"] and "Trois collègues" not in told(page)
    page = pages.post(filled | {"refused": ["people", "room"], "refuse": "tried"}).text
    assert refused(page) == ["people", "room", "tried"]
    page = pages.post(filled | {"refused": ["people", "room"], "take_back": "people"}).text
    assert refused(page) == ["room"] and "28 élèves" in told(page)


def test_a_refusal_is_let_go_once_its_words_are_gone(pages: Pages) -> None:
    filled = pages.sign_in("rupn").form() | MUCH
    page = pages.post(filled | {"do": "look"}).text
    assert told_by(page, "people") == ["28 élèves"]
    kept = {"told_by.people": told_by(page, "people"), "told_by.tried": told_by(page, "tried")}
    page = pages.post(filled | kept | {"refuse": ["people", "tried"]}).text
    assert refused(page) == ["people", "tried"] and told_by(page, "people") == ["28 élèves"]
    kept = {"refused": ["people", "tried"], "told_by.people": told_by(page, "people")} | {
        "told_by.tried": told_by(page, "tried")
    }
    one_left = {"body": "28\r\nélèves attendent. Câble changé. Trois collègues aussi."}
    one_left["body"] = one_left["body"].replace("Câble", "câble")
    page = pages.post(filled | kept | one_left | {"do": "look"}).text
    assert refused(page) == ["people", "tried"] and "Trois collègues" not in told(page)
    others = {"subject": "Le wifi coupe", "body": "30 élèves attendent. J'ai redémarré."}
    for address in ("/signaler", "/signaler/panneau"):
        page = pages.client.post(address, data=filled | kept | others | {"do": "look"}).text
        assert refused(page) == ["tried"]
        assert "Touchés « 30 élèves »" in told(page) and "Écarté à votre demande : touchés" not in told(page)
    _, incident, _ = sent(pages, filled | kept | others)
    assert incident.classification["refused"] == ["tried"]


def test_the_panel_says_the_same(pages: Pages) -> None:
    filled = pages.sign_in("rupn").form() | MUCH
    page = pages.client.post("/signaler/panneau", data=filled | {"refused": "room", "refuse": "tried"}).text
    assert refused(page) == ["room", "tried"] and "Déjà essayé «" not in told(page)


def test_refusing_loses_nothing_typed_and_a_forged_kind_is_nothing(pages: Pages) -> None:
    hers = {"phone": "01 02 03 04 05", "scope": "site", "urgency": "blocking", "f.need": "breakdown"}
    page = pages.post(
        pages.sign_in("rupn").form() | MUCH | hers | {"refuse": "room", "refused": "category"}
    ).text
    assert refused(page) == ["room"]
    assert 'value="vpi hs 204"' in page and "à régler avant 14h." in page and "01 02 03 04 05" in page
    assert (ticked(page, "scope"), ticked(page), ticked(page, "f.need")) == (
        ["site"],
        ["blocking"],
        ["breakdown"],
    )


def test_a_refused_product_is_no_ground(pages: Pages) -> None:
    words = {"subject": "Problème avec Pronote", "body": "Je ne comprends pas ce qui se passe depuis ce matin."}
    pages.sign_in("rupn")
    _, _, facts = sent(pages, pages.form() | words)
    assert facts["product_family"]["source"] == "catalogue_text"
    ticket, incident, facts = sent(pages, pages.form() | words | {"refused": "product"})
    assert facts["product_family"]["source"] == "unknown" and ticket.product == ""
    assert incident.classification["refused"] == ["product"]


# --- Room -------------------------------------------------------------------------------------------


def test_the_room_read_is_taken_at_sending_unless_refused(pages: Pages) -> None:
    pages.sign_in("rupn")
    ticket, incident, _ = sent(pages, pages.form() | MUCH)
    assert ticket.room == "204" and incident.room == ""  # what she declared stays what she declared
    assert "204 (lue dans ses mots)" in text_of(pages.client.get(f"/dossiers/{ticket.id}").text)
    refused_, _, _ = sent(pages, pages.form() | MUCH | {"refused": "room"})
    assert refused_.room == ""
    typed, _, _ = sent(pages, pages.form() | MUCH | {"room": "CDI"})
    assert typed.room == "CDI"
    assert "lue dans ses mots" not in text_of(pages.client.get(f"/dossiers/{typed.id}").text)


def test_a_number_that_no_room_bears_is_no_room(pages: Pages) -> None:
    filled = pages.sign_in("rupn").form() | {"subject": "vpi hs 777", "do": "look"}
    assert "Salle" not in told(pages.post(filled).text)


def test_the_room_read_offers_its_things(pages: Pages) -> None:
    page = pages.post(
        pages.sign_in("rupn").form() | {"subject": "Le vpi de la salle 204 est mort", "do": "look"}
    ).text
    assert 'name="asset_pick" value="VP-204"' in page and "Vidéoprojecteur salle 204" in text_of(page)


# --- Tag --------------------------------------------------------------------------------------------


def test_a_tag_read_is_asked_and_never_believed(pages: Pages) -> None:
    words = {"subject": "vidéoprojecteur vp204 en panne"}
    page = pages.post(pages.sign_in("rupn").form() | words | {"do": "look"}).text
    assert "Est-ce l'appareil VP-204 ?" in text_of(page) and 'name="f.asset_owner"' in page
    assert not re.search(r'value="VP-204" checked', page)
    page = pages.post(pages.form() | words | {"asset_pick": "VP-204", "do": "look"}).text
    assert re.search(r'value="VP-204" checked', page) and 'name="f.asset_owner"' not in page
    ticket, _, facts = sent(pages, pages.form() | words)
    assert ticket.asset_id is None and facts["asset_owner"]["source"] == "unknown"
    assert "Étiquette« vp204 » (lue dans ses mots, à vérifier)" in text_of(
        pages.client.get(f"/dossiers/{ticket.id}").text
    )
    ticket, _, facts = sent(pages, pages.form() | words | {"asset_pick": "VP-204"})
    assert ticket.asset_id is not None and facts["asset_owner"]["source"] == "inventory"


# --- Zone and exposed data --------------------------------------------------------------------------


def test_the_place_is_asked_where_the_rules_would_differ_else_taken_as_a_guess(pages: Pages) -> None:
    words = {"subject": "L'ordinateur de la salle 12 ne démarre plus", "body": "Rien ne s'allume."}
    page = pages.sign_in("rupn_south").post(pages.form() | words | {"do": "look"}).text
    assert "Vous avez écrit « salle 12 »." in text_of(page) and 'name="f.zone"' in page
    _, _, facts = sent(pages, pages.form() | words)
    assert facts["zone"] == {"value": "unknown", "source": "unknown"}
    network = {"subject": "Plus d'internet en salle 12", "body": "Aucun site ne répond."}
    page = pages.post(pages.form() | network | {"do": "look"}).text
    assert "Lieu : Salle de classe, CDI, vie scolaire « salle 12 »" in told(page)
    _, _, facts = sent(pages, pages.form() | network)
    assert facts["zone"] == {"value": "pedagogique", "source": "classifier"}


def test_exposed_data_are_asked_and_only_her_answer_makes_the_fact(pages: Pages) -> None:
    page = pages.sign_in("rupn").post(pages.form() | STOLEN | {"do": "look"}).text
    assert "Vous avez écrit « volée avec les bulletins »." in text_of(page)
    assert 'name="f.personal_data_exposed"' in page and "délégué à la protection" not in text_of(page).lower()
    _, _, facts = sent(pages, pages.form() | STOLEN)
    assert facts["personal_data_exposed"] == {"value": False, "source": "unknown"}
    _, _, facts = sent(pages, pages.form() | STOLEN | {"f.personal_data_exposed": "true"})
    assert facts["personal_data_exposed"] == {"value": True, "source": "declared"}
    page = pages.post(pages.form() | STOLEN | {"refused": "personal_data_exposed", "do": "look"}).text
    assert "Vous avez écrit" not in text_of(page)


# --- Exam -------------------------------------------------------------------------------------------


def test_an_exam_told_is_proposed_seen_and_left_or_changed(pages: Pages) -> None:
    pages.sign_in("rupn")
    page = pages.post(pages.form() | MUCH | {"do": "look"}).text
    assert ticked(page) == ["exam"] and "Coché d'après vos mots « DNB blanc jeudi »" in text_of(page)
    assert "Priorité haute" in text_of(page)
    left, _, facts = sent(pages, pages.form() | MUCH | {"urgency": "exam", "exam_read": "exam"})
    assert facts["urgency"] == {"value": "exam", "source": "classifier"} and left.priority == "high"
    changed, _, facts = sent(pages, pages.form() | MUCH | {"urgency": "normal", "exam_read": "exam"})
    assert facts["urgency"] == {"value": "normal", "source": "declared"} and changed.priority != "high"
    unseen, _, facts = sent(pages, pages.form() | MUCH)
    assert facts["urgency"]["source"] == "unknown" and unseen.priority != "high"


def test_an_exam_refused_is_unticked(pages: Pages) -> None:
    ticks = {"urgency": "exam", "exam_read": "exam"}
    page = pages.sign_in("rupn").post(pages.form() | MUCH | ticks | {"refuse": "exam"}).text
    assert ticked(page) == [] and "Priorité haute" not in text_of(page)


# --- The ticket -------------------------------------------------------------------------------------


def test_whoever_repairs_reads_what_was_told(pages: Pages) -> None:
    ticket, _, _ = sent(pages.sign_in("rupn"), pages.form() | MUCH)
    page = text_of(pages.sign_in("technician").client.get(f"/dossiers/{ticket.id}").text)
    assert "Touchés« 28 élèves »" in page and "Échéance dite« avant 14h »" in page
    assert "Déjà essayé« J'ai redémarré », « câble changé »" in page and "Examen« DNB blanc jeudi »" in page


def test_the_words_read_are_erased_with_the_words(pages: Pages) -> None:
    ticket, _, _ = sent(pages.sign_in("rupn"), pages.form() | MUCH)
    with pages.world.desk.database.writing() as session:
        retention.erase(session, [ticket.id])
    with pages.world.desk.database.reading() as session:
        assert session.get_one(IncidentRow, ticket.incident_id).classification == {}
    page = text_of(pages.client.get(f"/dossiers/{ticket.id}").text)
    assert "28 élèves" not in page and "Déjà essayé" not in page


def test_reading_more_asks_the_database_nothing_more(pages: Pages) -> None:
    world = pages.world
    counts = []
    for words in (
        "Le vidéoprojecteur ne s'allume plus",
        "Le vidéoprojecteur VP-204 de la salle 204, j'ai redémarré",
    ):
        with counted_queries(world) as asked:
            filing.look(world.desk, world["rupn"], Draft(key="k", subject=words), MONDAY)
        counts.append(len(asked))
    assert counts[0] == counts[1]
