"""The ticket's page: what each reader finds, each gesture through its form, nothing lost when one is refused."""

from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO

import pytest

from router.desk import settling, ticket_page
from router.model.words import EventKind, Party, TicketStatus
from router.store.engine import Database
from tests.databases import Databases
from tests.web.busy import NOW, PNG, Office, open_office, sqlite_office, statements, text_of
from tests.web.people import quick_hashes


@pytest.fixture(autouse=True)
def _secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AIGUILLAGE_SECRET_KEY", "k" * 40)


@pytest.fixture
def office(databases: Databases, _secret: None) -> Iterator[Office]:
    with sqlite_office(databases) as opened:
        yield opened


@pytest.fixture
def either_office(database: Database, _secret: None) -> Iterator[Office]:
    """The same on each of the two databases."""
    with quick_hashes():
        yield open_office(database)


def view(office: Office, ticket: int, who: str = "technician") -> ticket_page.TicketView:
    return ticket_page.show(office.world.desk, office.world[who], ticket, NOW + timedelta(minutes=1))


def read(office: Office, who: str, ticket: int) -> str:
    answer = office.by(who).get(f"/dossiers/{ticket}")
    assert answer.status_code == 200
    return text_of(answer.text)


# --- What the page says -----------------------------------------------------------------------------


def test_the_head_says_who_holds_it_since_when_and_by_when(office: Office) -> None:
    page = read(office, "rupn", office.made["taken"])
    for words in ("Tenu par Département, maintenance depuis 2 j 1 h", "Suivi par Nadia Roche", "dans 5 j",
                  "Priorité normale", "Pris en charge"):  # fmt: skip
        assert words in page


def test_the_page_says_why_with_rule_article_and_what_was_guessed(office: Office) -> None:
    raw = office.by("rupn").get(f"/dossiers/{office.made['breakdown0']}").text
    page = text_of(raw)
    assert "Le matériel est à l'inventaire du Département" in page
    assert 'href="/articles/3.1.3"' in raw and "Règle « Matériel inscrit à l'inventaire" in page
    assert "À confirmer type d'incident" in page
    assert "Propriétaire du matériel Le Département (son étiquette est souvent dessus) (inventaire)" in page


def test_internal_notes_are_for_the_teams(office: Office) -> None:
    ticket = office.made["taken"]
    assert "Prendre aussi une souris" in read(office, "technician", ticket)
    assert "Interne" in read(office, "technician", ticket)
    assert "Prendre aussi une souris" not in read(office, "rupn", ticket)


def test_the_asset_shows_its_earlier_tickets(office: Office) -> None:
    page = read(office, "technician", office.made["paused"])
    assert "VP-204" in page and f"n° {office.made['breakdown0']}, Le vidéoprojecteur" in page


def test_the_holdings_say_how_long_each_party_had_it(office: Office) -> None:
    page = read(office, "lead", office.made["contested"])
    assert (
        "Académie, DSI et DRANE 1 h" in page
        and "(contesté)" in page
        and "Département, maintenance 1 j 23 h" in page
    )


def test_a_question_is_shown_to_whoever_must_answer(office: Office) -> None:
    page = read(office, "teacher", office.made["asked"])
    assert "En attente : réponse du collège attendue" in page.replace("\u00a0", " ")
    assert "Le son sort-il avec un casque" in page and "Envoyer la réponse" in page


def test_only_possible_gestures_are_offered(office: Office) -> None:
    raw = office.by("rupn").get(f"/dossiers/{office.made['taken']}").text
    assert "/ecrire" in raw and "/joindre" in raw
    for path in ("/resoudre", "/transmettre", "/prendre", "/noter", "/corriger"):
        assert f"/dossiers/{office.made['taken']}{path}" not in raw


def test_a_manager_reads_without_a_gesture(office: Office) -> None:
    raw = office.by("manager").get(f"/dossiers/{office.made['taken']}").text
    assert "Ce que vous pouvez faire" not in raw


# --- Each gesture -----------------------------------------------------------------------------------


def test_take_assign_write_note(either_office: Office) -> None:
    office = either_office
    ticket = office.made["breakdown1"]
    assert office.make("technician", ticket, "take", seen="").status_code == 302
    assert view(office, ticket).assignee.name == "Nadia Roche"  # type: ignore[union-attr]
    colleague = office.world["colleague"].id
    assert office.make("technician", ticket, "assign", colleague=str(colleague)).status_code == 302
    assert office.make("technician", ticket, "comment", text="Nous passons jeudi.").status_code == 302
    assert office.make("technician", ticket, "note", text="Clé chez l'agent d'accueil.").status_code == 302
    after = view(office, ticket)
    assert after.assignee.name == "Hugo Lemaire"  # type: ignore[union-attr]
    assert [entry.kind for entry in after.story][-4:] == [
        EventKind.TAKEN, EventKind.ASSIGNED, EventKind.COMMENTED, EventKind.NOTED,
    ]  # fmt: skip


def test_ask_answer_pause_resume(either_office: Office) -> None:
    office, ticket = either_office, either_office.made["breakdown1"]
    assert office.make("technician", ticket, "ask", text="Quel modèle ?").status_code == 302
    assert view(office, ticket).status is TicketStatus.WAITING
    assert office.make("teacher", ticket, "answer", text="Un chariot de douze.").status_code == 302
    friday = (NOW + timedelta(days=2)).date().isoformat()
    paused = office.make(
        "technician", ticket, "pause", cause="part", text="Chargeur commandé.", limit_at=friday
    )
    assert paused.status_code == 302
    pause = view(office, ticket).pause
    assert pause is not None and pause.limit_at is not None
    assert pause.limit_at.astimezone(office.world.desk.settings.zone).hour == 8
    assert office.make("technician", ticket, "resume").status_code == 302
    assert view(office, ticket).pause is None


def test_resolve_confirm_reopen(either_office: Office) -> None:
    office, ticket = either_office, either_office.made["breakdown1"]
    assert office.make("technician", ticket, "resolve", text="Bloc changé.").status_code == 302
    page = read(office, "teacher", ticket)
    assert "est-ce réglé" in page and "Bloc changé." in page
    assert office.make("teacher", ticket, "reopen", text="Deux restent vides.").status_code == 302
    assert office.make("technician", ticket, "resolve", text="Deux batteries changées.").status_code == 302
    assert office.make("teacher", ticket, "confirm").status_code == 302
    assert view(office, ticket).status is TicketStatus.CLOSED


def test_correcting_shows_who_holds_it_now(either_office: Office) -> None:
    office, ticket = either_office, either_office.made["breakdown1"]
    form = office.by("technician").get(f"/dossiers/{ticket}/corriger").text
    assert "Propriétaire du matériel" in form and '<datalist id="products">' in form
    answer = office.make(
        "technician", ticket, "correct", asset_owner="etat", reason="Étiquette du plan national."
    )
    assert answer.status_code == 302
    page = text_of(office.by("technician").get(answer.headers["Location"]).text)
    assert "est maintenant tenu par : Académie, DSI et DRANE" in page.replace("\u00a0", " ")
    assert "corrige les faits (propriétaire du matériel : « L'État" in page.replace("\u00a0", " ")


def test_the_category_comes_first_and_the_rest_is_folded_until_it_says_something(office: Office) -> None:
    ticket = office.made["breakdown1"]
    form = office.by("technician").get(f"/dossiers/{ticket}/corriger").text
    form = form[form.index('id="geste"') :]
    folded = form.index('<details class="fold fields__last">')
    assert form.index('name="correct-category"') < folded < form.index('name="correct-asset_owner"')
    assert form.index('name="correct-product"') < form.index("</details>") < form.index('name="correct-reason"')
    refused = office.make("technician", ticket, "correct", asset_owner="etat", reason="")
    assert refused.status_code == 422 and '<details class="fold fields__last" open>' in refused.text
    assert office.make("technician", ticket, "correct", category="network", reason="Vu.").status_code == 302
    assert view(office, ticket).category == "network"


def test_a_boolean_fact_is_corrected_as_one(office: Office) -> None:
    ticket = office.made["breakdown1"]
    assert (
        office.make("technician", ticket, "correct", accompanied="oui", reason="Vu sur place.").status_code
        == 302
    )
    assert view(office, ticket).decision.present["accompanied"] is True


def test_one_press_makes_it_an_alert_that_leaves_her_sight(office: Office) -> None:
    ticket = office.made["breakdown4"]
    answer = office.make("technician", ticket, "raise", reason="Un message de rançon est affiché.")
    assert answer.headers["Location"] == "/a-traiter"
    page = text_of(office.by("technician").get("/a-traiter").text)
    assert "est maintenant une alerte de sécurité" in page and "devenu une alerte" in page
    assert office.by("technician").get(f"/dossiers/{ticket}").status_code == 404
    assert view(office, ticket, "rssi").alert


@pytest.mark.parametrize(
    ("who", "name"),
    [("technician", "breakdown4"), ("technician", "asked"), ("rupn", "taken"), ("teacher", "asked"), ("rupn", "first"),
     ("rssi", "denied")],
)  # fmt: skip
def test_an_attack_is_one_press_away(office: Office, who: str, name: str) -> None:
    ticket = office.made[name]
    page = office.by(who).get(f"/dossiers/{ticket}").text
    in_sight = page.partition("Autres gestes")[0]
    assert "C'est un incident de sécurité" in text_of(in_sight)
    assert f'action="/dossiers/{ticket}/alerter"' in in_sight and 'name="csrf_token"' in in_sight
    assert office.by(who).post(f"/dossiers/{ticket}/alerter", data={"raise-reason": ""}).status_code == 400
    assert office.make(who, ticket, "raise", reason="").status_code == 302
    assert view(office, ticket, "rssi").alert


def test_the_forms_out_of_sight_are_not_in_the_page(office: Office) -> None:
    page = office.by("technician").get(f"/dossiers/{office.made['taken']}").text
    for gesture in ("pause", "assign", "link", "correct", "transfer"):
        assert f'name="{gesture}-' not in page, gesture
    for path, gesture in (("attendre", "pause"), ("confier", "assign"), ("doublon", "link")):
        assert f'href="/dossiers/{office.made["taken"]}/{path}#geste"' in page
        opened = office.by("technician").get(f"/dossiers/{office.made['taken']}/{path}").text
        assert 'id="geste"' in opened and f'name="{gesture}-' in opened


def test_a_coordinator_arbitrates(office: Office) -> None:
    ticket = office.made["contested"]
    answer = office.make(
        "dsi_lead", ticket, "arbitrate", to="academie_dsi", reference="D211-14", reason="Facture vue."
    )
    assert answer.status_code == 302
    assert view(office, ticket).holder is Party.ACADEMIE_DSI
    assert "arbitre : le dossier revient à l'académie (DSI et DRANE)" in read(
        office, "rupn_too", ticket
    ).replace("\u00a0", " ")


def test_a_duplicate_is_tied_to_the_ticket_that_goes_on(office: Office) -> None:
    ticket, original = office.made["breakdown4"], office.made["breakdown3"]
    wrong = office.make("technician", ticket, "link", original="99999999999")
    assert wrong.status_code == 422 and "Indiquez le numéro" in text_of(wrong.text)
    assert office.make("technician", ticket, "link", original=str(original)).status_code == 302
    assert f"Doublon du dossier n° {original}" in read(office, "rupn", ticket)
    page = read(office, "rupn", ticket)
    assert "est-ce réglé" not in page and "Oui, c'est réglé" not in page  # nothing is mended yet
    assert "Ce n'est pas le même problème : rouvrir" in page.replace("\u00a0", " ")
    assert "Fermeture du doublon, sauf avis contraire du collège" in page
    assert "Confirmation par le collège" not in page
    mine = text_of(office.by("rupn").get("/mes-dossiers").text)
    assert "La réponse continue dans un autre dossier" in mine
    assert office.make("rupn", ticket, "confirm").status_code == 302
    assert "confirme qu'il s'agit du même problème" in read(office, "rupn", ticket)


def test_the_rupn_ends_the_first_level(office: Office) -> None:
    filed = office.world.file("teacher", "Éléa", "Mes élèves n'ouvrent pas le parcours Éléa.", NOW)
    page = read(office, "rupn", filed.ticket)
    assert "Premier niveau fait" in page
    assert office.make("rupn", filed.ticket, "first_level", text="Comptes vérifiés.").status_code == 302
    assert view(office, filed.ticket).holder is Party.ACADEMIE_DSI


# --- What is refused, and nothing lost --------------------------------------------------------------


def test_the_second_to_resolve_sees_who_was_first_and_keeps_her_text(either_office: Office) -> None:
    office, ticket = either_office, either_office.made["breakdown1"]
    settling.resolve(office.world.desk, office.world["technician"], ticket, "Bloc changé.", NOW)
    answer = office.make("colleague", ticket, "resolve", text="Batterie remplacée par une neuve.")
    page = text_of(answer.text)
    assert answer.status_code == 409
    assert "vient d'être résolu par Nadia Roche" in page and "Batterie remplacée par une neuve." in page
    assert "non enregistré" in page


def test_two_technicians_take_the_same_ticket(either_office: Office) -> None:
    office, ticket = either_office, either_office.made["breakdown1"]
    assert office.make("technician", ticket, "take", seen="").status_code == 302
    second = office.make("colleague", ticket, "take", seen="")
    assert second.status_code == 409 and "vient d'être pris par Nadia Roche" in text_of(second.text)
    assert view(office, ticket).assignee.name == "Nadia Roche"  # type: ignore[union-attr]


def test_an_empty_message_is_said_at_its_field(office: Office) -> None:
    answer = office.make("technician", office.made["taken"], "comment", text="  ")
    assert answer.status_code == 422
    assert 'id="comment-text-error"' in answer.text and 'aria-invalid="true"' in answer.text
    assert "<title>Erreur" in answer.text and "Écrivez quelques mots." in text_of(answer.text)


def test_a_long_text_is_kept_whole(office: Office) -> None:
    text = "mot " * 6_000
    answer = office.make("technician", office.made["taken"], "comment", text=text)
    assert answer.status_code == 413 and answer.text.count("mot ") >= 6_000


@pytest.mark.parametrize(
    ("gesture", "fields"),
    [
        ("assign", {"colleague": "1"}),
        ("assign", {"colleague": "x' OR 1=1"}),
        ("pause", {"cause": "force_majeure", "text": "Tempête"}),
        ("pause", {"cause": "part", "text": "Pièce", "limit_at": "2025-01-01"}),
        ("pause", {"cause": "part", "text": "Pièce", "limit_at": "demain"}),
        ("correct", {"category": "plomberie", "reason": "?"}),
        ("transfer", {"to": "rssi", "reference": "3.1.5", "reason": "Pour voir."}),
        ("transfer", {"to": "academie_dsi", "reference": "9.9.9", "reason": "Pour voir."}),
        ("link", {"original": "0"}),
        ("link", {"original": "abc"}),
    ],
)
def test_forged_fields_are_refused_in_a_sentence(office: Office, gesture: str, fields: dict[str, str]) -> None:
    before = view(office, office.made["taken"])
    answer = office.make("technician", office.made["taken"], gesture, **fields)
    assert answer.status_code == 422
    assert "error-summary" in answer.text
    assert view(office, office.made["taken"]).story == before.story


def test_a_gesture_that_is_not_hers_is_refused_on_the_page(office: Office) -> None:
    answer = office.make("rupn", office.made["taken"], "resolve", text="Réparé moi-même.")
    assert answer.status_code == 403
    assert "n'est pas possible" in text_of(answer.text) and "Réparé moi-même." in text_of(answer.text)


@pytest.mark.parametrize(
    ("gesture", "fields"),
    [
        ("pause", {"cause": "lune", "text": "Une pièce."}),
        ("pause", {"cause": "", "text": "Une pièce."}),
        ("take", {"seen": "9" * 5_000}),
    ],
)
def test_a_forged_field_of_a_gesture_that_is_over_is_no_incident(
    office: Office, gesture: str, fields: dict[str, str]
) -> None:
    """The form isn't checked against a page that no longer offers it: the refusal comes from the use case."""
    ticket = office.made["taken"]
    assert office.make("technician", ticket, "resolve", text="Réparé.").status_code == 302
    answer = office.make("technician", ticket, gesture, **fields)
    assert answer.status_code in (409, 422), answer.status_code
    assert fields.get("text", "") in text_of(answer.text)


def test_another_college_s_number_is_not_found(office: Office) -> None:
    for method, path in (("GET", ""), ("POST", "/ecrire"), ("POST", "/resoudre"), ("GET", "/ecrire")):
        answer = (
            office.by("rupn_too").get(f"/dossiers/{office.made['taken']}{path}")
            if method == "GET"
            else office.post("rupn_too", f"/dossiers/{office.made['taken']}{path}", {"comment-text": "Bonjour"})
        )
        assert answer.status_code == 404, path


@pytest.mark.parametrize("number", ["0", "2147483647", "99999999999999999999", "abc"])
def test_a_number_nobody_has_is_not_found(office: Office, number: str) -> None:
    assert office.by("technician").get(f"/dossiers/{number}").status_code == 404


def test_a_refused_form_s_address_may_be_reloaded(office: Office) -> None:
    taken, solved = office.made["taken"], office.made["solved"]
    assert "Votre message" in office.by("technician").get(f"/dossiers/{taken}/ecrire").text
    assert office.by("technician").get(f"/dossiers/{solved}/resoudre").status_code == 302


def test_coming_back_stays_on_this_site(office: Office) -> None:
    answer = office.make(
        "technician", office.made["breakdown1"], "take", seen="", back="https://ailleurs.example.org/"
    )
    assert answer.headers["Location"] == f"/dossiers/{office.made['breakdown1']}"


# --- Files ------------------------------------------------------------------------------------------


def test_an_image_opens_and_anything_else_is_saved(office: Office) -> None:
    image = view(office, office.made["solved"]).files[0]
    answer = office.by("rupn").get(f"/dossiers/{office.made['solved']}/fichiers/{image.id}")
    assert answer.data == PNG and answer.headers["Content-Type"] == "image/png"
    assert answer.headers["Content-Disposition"].startswith("inline")
    sent = office.post(
        "rupn", f"/dossiers/{office.made['taken']}/ecrire",
        {"comment-text": "Voici.", "comment-files": (BytesIO(b"%PDF-1.7 x"), "devis été.pdf")},
        content_type="multipart/form-data",
    )  # fmt: skip
    assert sent.status_code == 302
    document = view(office, office.made["taken"]).files[0]
    answer = office.by("technician").get(f"/dossiers/{office.made['taken']}/fichiers/{document.id}")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_a_file_of_another_ticket_is_not_found(office: Office) -> None:
    image = view(office, office.made["solved"]).files[0]
    assert office.by("rupn").get(f"/dossiers/{office.made['taken']}/fichiers/{image.id}").status_code == 404
    assert (
        office.by("rupn_too").get(f"/dossiers/{office.made['solved']}/fichiers/{image.id}").status_code == 404
    )


def test_a_program_named_pdf_is_refused_with_the_text_kept(office: Office) -> None:
    answer = office.post(
        "rupn", f"/dossiers/{office.made['taken']}/ecrire",
        {"comment-text": "Voici le devis.", "comment-files": (BytesIO(b"MZ\x00\x01"), "devis.pdf")},
        content_type="multipart/form-data",
    )  # fmt: skip
    page = text_of(answer.text)
    assert answer.status_code == 422 and "n'est pas un vrai fichier PDF" in page and "Voici le devis." in page


# --- Measured ---------------------------------------------------------------------------------------


def test_the_page_asks_the_database_a_constant_number_of_times(office: Office) -> None:
    client = office.by("technician")
    client.get(f"/dossiers/{office.made['taken']}")
    with statements(office) as short:
        client.get(f"/dossiers/{office.made['taken']}")
    for number in range(30):
        office.make("technician", office.made["taken"], "comment", text=f"Message {number}")
    client.get(f"/dossiers/{office.made['taken']}")
    with statements(office) as long:
        client.get(f"/dossiers/{office.made['taken']}")
    assert len(long) == len(short) <= 15
