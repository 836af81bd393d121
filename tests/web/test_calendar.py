"""« Calendrier »: who reads what, who decides, and that a decision is told before it is made."""

import re
from collections.abc import Iterator
from html import unescape

import pytest

from router.store.engine import Database
from tests.desk.world import NORTH, NORTH_TOO, SOUTH
from tests.web.busy import statements
from tests.web.declare_world import Pages, text_of
from tests.web.keepers import keepers_pages

HARDWARE = {"category": "hardware", "asset_owner": "departement", "need": "breakdown"}
SNOW = {"reach": "convention", "cause": "snow", "first": "2026-11-24", "reason": "Routes fermées par arrêté."}
FLOOD = {"first": "2026-11-24", "last": "2026-11-25", "reason": "Inondation de la vallée."}


@pytest.fixture
def pages(database: Database, monkeypatch: pytest.MonkeyPatch) -> Iterator[Pages]:
    with keepers_pages(database, monkeypatch) as found:
        yield found


def read(pages: Pages, who: str, path: str = "/calendrier", status: int = 200) -> str:
    answer = pages.sign_in(who).client.get(path)
    assert answer.status_code == status
    return text_of(answer.text)


def send(pages: Pages, path: str, status: int, **fields: str) -> str:
    page = pages.client.get("/calendrier").text
    token = re.findall(r'name="csrf_token" value="([^"]+)"', page)
    answer = pages.client.post(path, data=fields | {"csrf_token": token[0]})
    assert answer.status_code == status, text_of(answer.text)[:400]
    return text_of(answer.text)


def test_everybody_reads_her_calendar_and_only_those_concerned_decide(pages: Pages) -> None:
    for who in ("rupn", "technician", "lead", "rssi", "dsi"):
        page = read(pages, who)
        assert "Horloge pédagogique" in page and "8 h à 12 h" in page.replace("\u00a0", " ")
        assert "31 août 2028" in page and "Décider d'un jour" not in page
        assert pages.client.get("/calendrier/jours").status_code == 403
    assert "Collège des Tilleuls" in read(pages, "principal") and "Décider d'un jour" in read(
        pages, "principal"
    )
    assert pages.client.get("/calendrier/force-majeure").status_code == 403
    assert "Déclarer une force majeure" in read(pages, "manager")
    assert pages.app.test_client().get("/calendrier").status_code == 302
    read(pages, "manager", "/calendrier?convention=demo-sud", 404)
    read(pages, "manager_academie", "/calendrier?convention=lune", 404)
    assert "Val-Sud" in read(pages, "manager_academie", "/calendrier?convention=demo-sud")


def test_a_decision_says_what_would_change_then_is_made(pages: Pages) -> None:
    pages.world.file(facts=HARDWARE)
    pages.sign_in("manager")
    told = send(pages, "/calendrier/jours", 200, **SNOW)
    assert "Mardi 24 novembre 2026 : fermé. Convention du Département du Val-Nord" in told.replace(
        "\u00a0", " "
    )
    assert "Rien n'est encore enregistré" in told and "3 échéances changent, dans 1 dossier ouvert" in told
    assert "Aucun jour n'a été décidé" in read(pages, "manager")
    send(pages, "/calendrier/jours", 303, sure="oui", **SNOW)
    page = read(pages, "manager")
    assert "Neige ou verglas" in page and "Personne Manager (Département)" in page and "Routes fermées" in page
    ticket = text_of(pages.sign_in("technician").client.get("/dossiers/1").text)
    assert "au lieu du" in ticket and "jours" in ticket
    pages.sign_in("manager")
    change = re.findall(r"/calendrier/jours/(\d+)/retirer", pages.client.get("/calendrier").text)[0]
    refused = send(pages, f"/calendrier/jours/{change}/retirer", 422, reason=" ")
    assert refused.count("Donnez le motif") == 2  # at the head of the page, and at its field
    send(pages, f"/calendrier/jours/{change}/retirer", 303, reason="Dégel.")
    page = read(pages, "manager")
    assert "Retirée par Personne Manager" in page and "Dégel." in page
    assert "déjà retirée" in send(pages, f"/calendrier/jours/{change}/retirer", 409, reason="Dégel.")


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"first": ""}, "Choisissez le premier jour"),
        ({"first": "2026-13-45"}, "Choisissez le premier jour"),
        ({"last": "2026-11-01"}, "avant le premier"),
        ({"hours": "8h"}, "illisible"),
        ({"hours": "12h-8h"}, "finit avant de commencer"),
        ({"hours": "8h-12h et 11h30-13h"}, "se chevauchent"),
        ({"reach": "college", "uai": "9999999Z"}, "UAI"),
        ({"reach": "college"}, "Choisissez le collège"),
        ({"cause": "half_day"}, "heures ouvertes ce jour-là"),
        ({"cause": "catch_up"}, "heures ouvertes ce jour-là"),
        ({"reach": "academie"}, "choix"),
        ({"clock": "permanent"}, "choix"),
        ({"reason": ""}, "motif"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(
    pages: Pages, fields: dict[str, str], words: str
) -> None:
    pages.sign_in("manager")
    raw = SNOW | {"reason": "Un motif à garder."} | fields
    page = pages.client.get("/calendrier/jours").text
    token = re.findall(r'name="csrf_token" value="([^"]+)"', page)[0]
    answer = pages.client.post("/calendrier/jours", data=raw | {"csrf_token": token})
    assert answer.status_code in (404, 422), answer.status_code
    assert words in text_of(answer.text).lower() or words in text_of(answer.text)
    assert raw["reason"] in unescape(answer.text)


def test_words_of_a_gesture_that_is_over_are_shown_to_be_taken_again(pages: Pages) -> None:
    """Somebody was faster, so the form is gone from the page: what was typed in it isn't."""
    pages.sign_in("manager")
    send(pages, "/calendrier/jours", 303, sure="oui", **SNOW)
    send(pages, "/calendrier/force-majeure", 303, **FLOOD)
    page = pages.client.get("/calendrier").text
    change = re.findall(r"/calendrier/jours/(\d+)/retirer", page)[0]
    number = re.findall(r"/calendrier/force-majeure/(\d+)/retirer", page)[0]
    send(pages, f"/calendrier/jours/{change}/retirer", 303, reason="Dégel.")
    send(pages, f"/calendrier/force-majeure/{number}/retirer", 303, reason="Erreur.")
    mine = {"reason": "Mes mots <b>à garder</b>", "last": "2026-11-24"}
    for path in (f"jours/{change}/retirer", f"force-majeure/{number}/retirer", f"force-majeure/{number}/finir"):
        told = send(pages, f"/calendrier/{path}", 409, **mine)
        assert told.count("Mes mots <b>à garder</b>") == 1 and "Votre texte" in told
    assert "Votre texte" not in read(pages, "manager")


def test_hours_are_read_as_people_write_them(pages: Pages) -> None:
    pages.sign_in("principal")
    half = SNOW | {"reach": "college", "cause": "half_day", "hours": "8 h - 12 h, 13h30-15h", "sure": "oui"}
    send(pages, "/calendrier/jours", 303, **half)
    page = read(pages, "rupn").replace("\u00a0", " ")
    assert "Ouvert 8 h à 12 h, 13 h 30 à 15 h" in page and "Collège des Tilleuls" in page
    assert "Ouvert 8 h à 12 h" not in read(pages, "rupn_too").replace("\u00a0", " ")
    assert NORTH != NORTH_TOO


def test_force_majeure_takes_two_institutions(pages: Pages) -> None:
    pages.world.file(facts=HARDWARE)
    pages.sign_in("manager")
    assert "avant le premier" in send(pages, "/calendrier/force-majeure", 422, **FLOOD | {"last": "2026-11-01"})
    form = text_of(pages.client.get("/calendrier/force-majeure").text)
    assert "Le RSSI n'est suspendu que s'il est coché : une alerte de sécurité n'attend pas" in form.replace(
        "\u00a0", " "
    )
    send(pages, "/calendrier/force-majeure", 303, **FLOOD)
    page = read(pages, "manager")
    assert "Attend l'accord de l'autre institution" in page and "Retirer la déclaration" in page
    number = re.findall(r"/calendrier/force-majeure/(\d+)/retirer", pages.client.get("/calendrier").text)[0]
    assert "à l'autre de répondre" in send(pages, f"/calendrier/force-majeure/{number}/accepter", 403)
    assert "attend votre réponse" not in page
    pages.sign_in("manager_academie")
    assert "attend votre réponse" in read(pages, "manager_academie", "/calendrier?convention=demo-nord")
    assert "Accepter" in read(pages, "manager_academie", "/calendrier?convention=demo-nord")
    accept = f"/calendrier/force-majeure/{number}/accepter?convention=demo-nord"
    told = send(pages, accept, 200)
    assert "Rien n'est encore enregistré" in told and "3 échéances changent, dans 1 dossier ouvert" in told
    assert "Inondation de la vallée." in told
    assert "attend votre réponse" in read(pages, "manager_academie", "/calendrier?convention=demo-nord")
    send(pages, accept, 303, sure="oui")
    assert "déjà sa réponse" in send(pages, accept, 409)
    ticket = text_of(pages.sign_in("technician").client.get("/dossiers/1").text)
    assert "Force majeure, acceptée par les deux institutions : " in ticket
    page = read(pages, "rupn")
    assert "les délais sont suspendus" in page and "Acceptée par Personne Manager Academie (Académie)" in page
    pages.sign_in("manager")
    end = f"/calendrier/force-majeure/{number}/finir"
    assert "Choisissez le dernier jour" in send(pages, end, 422, last="", reason="Décrue.")
    send(pages, end, 303, last="2026-11-24", reason="Décrue.")
    assert "Finie plus tôt que prévu" in read(pages, "rupn")
    ticket = text_of(pages.sign_in("technician").client.get("/dossiers/1").text)
    assert "La force majeure finit plus tôt que prévu : " in ticket
    assert (
        pages.client.post(f"/calendrier/force-majeure/{number}/accepter").status_code == 400
    )  # without its token


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"first": "2026-11-29"}, "Ce jour était déjà fermé (jour sans service, chaque semaine)."),
        ({"first": "2026-12-25"}, "Ce jour était déjà fermé (jour férié : Noël)."),
        ({"first": "2026-12-22"}, "Ce jour était déjà fermé sur l'horloge pédagogique (vacances scolaires : "),
        ({"first": "2026-11-28", "last": "2026-11-29"}, "Ces jours étaient déjà tous fermés."),
        ({"first": "2026-11-26", "last": "2026-11-29"}, "Sur ces 4 jours, 2 étaient déjà fermés."),
        ({"first": "2026-11-24"}, None),
        ({"first": "2026-11-29", "cause": "half_day", "hours": "8h-12h"}, None),
    ],
)
def test_a_day_that_was_closed_already_is_said_to_be(
    pages: Pages, fields: dict[str, str], words: str | None
) -> None:
    pages.sign_in("manager")
    told = send(pages, "/calendrier/jours", 200, **SNOW | fields).replace("\u00a0", " ")
    assert words in told if words else "déjà" not in told


def test_a_day_decided_once_is_closed_already_for_the_next_one(pages: Pages) -> None:
    pages.sign_in("manager")
    send(pages, "/calendrier/jours", 303, sure="oui", **SNOW)
    pages.sign_in("principal")
    again = send(pages, "/calendrier/jours", 200, **SNOW | {"reach": "college", "clock": "pedagogique"})
    assert "déjà fermé sur l'horloge pédagogique (fermeture décidée : Routes fermées par arrêté" in again


def test_ten_months_in_two_suspensions_say_what_article_11_allows(pages: Pages) -> None:
    for first, last in (("2026-11-24", "2027-04-30"), ("2027-05-01", "2027-09-30")):
        assert "mettre fin à la convention" not in read(pages, "manager")
        pages.sign_in("manager")
        send(pages, "/calendrier/force-majeure", 303, **FLOOD | {"first": first, "last": last})
        page = pages.sign_in("manager_academie").client.get("/calendrier?convention=demo-nord").text
        number = re.findall(r"/calendrier/force-majeure/(\d+)/accepter", page)[0]
        send(pages, f"/calendrier/force-majeure/{number}/accepter", 303, sure="oui")
    page = read(pages, "manager")
    assert page.count("mettre fin à la convention") == 2
    assert page.count("la force majeure dure du mardi 24 novembre 2026 au jeudi 30 septembre 2027") == 2


def test_one_long_suspension_says_it_without_naming_others(pages: Pages) -> None:
    pages.sign_in("manager")
    send(pages, "/calendrier/force-majeure", 303, **FLOOD | {"last": "2027-06-30"})
    page = pages.sign_in("manager_academie").client.get("/calendrier?convention=demo-nord").text
    number = re.findall(r"/calendrier/force-majeure/(\d+)/accepter", page)[0]
    send(pages, f"/calendrier/force-majeure/{number}/accepter", 303, sure="oui")
    page = read(pages, "manager")
    assert page.count("mettre fin à la convention") == 1 and "la force majeure dure" not in page


def test_colleges_are_chosen_by_name(pages: Pages) -> None:
    """A manager knows her collèges' names, not their numbers; a principal has nothing to choose."""
    pages.sign_in("manager")
    for path in ("/calendrier/jours", "/calendrier/force-majeure"):
        page = pages.client.get(path).text
        assert "Collège des Tilleuls" in page and NORTH in page and SOUTH not in page
    missing = send(pages, "/calendrier/force-majeure", 422, first="", last="", reason="")
    assert all(
        words in missing
        for words in ("Choisissez le premier jour", "Choisissez le dernier jour", "Donnez le motif")
    )
    told = send(pages, "/calendrier/jours", 200, **SNOW | {"reach": "college", "uai": NORTH})
    assert "fermé. Collège des Tilleuls" in told
    send(pages, "/calendrier/force-majeure", 303, **FLOOD | {"uais": NORTH})
    assert "Collège des Tilleuls. Toutes les équipes" in read(pages, "manager")
    own = read(pages, "principal", "/calendrier/jours")
    assert "Pour qui" not in own and "Choisissez un collège" not in own


def test_whoever_cannot_decide_is_not_told_to(pages: Pages) -> None:
    assert "décidez-en" in read(pages, "manager")
    for who in ("rupn", "principal", "technician"):
        page = read(pages, who)
        assert "pilotage de la convention en décidera" in page and "décidez-en" not in page


def test_a_form_reads_no_day_and_no_act(pages: Pages) -> None:
    pages.sign_in("manager")
    for path in ("/calendrier", "/calendrier/jours", "/calendrier/force-majeure"):
        pages.client.get(path)  # what is read once for all is read
    with statements(pages.world) as whole:
        assert pages.client.get("/calendrier").status_code == 200
    assert any("calendar_words" in each for each in whole)
    for path in ("/calendrier/jours", "/calendrier/force-majeure"):
        with statements(pages.world) as asked:
            page = text_of(pages.client.get(path).text)
        assert "Val-Nord" in page and not any("calendar_words" in each for each in asked)
        assert len(asked) < len(whole)
