"""The filing pages through HTTP: every button, every bad input, nothing lost."""

import re
from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from uuid import uuid4

import pytest
from sqlalchemy import select

from router.store.tables import EventDetail, IncidentRow, Ticket
from tests.databases import Databases
from tests.desk.world import NORTH, SOUTH
from tests.web.declare_world import Pages, pages_on_sqlite, text_of
from tests.web.people import PASSWORD, token_of

BROKEN = "Le vidéoprojecteur de la salle 204 ne s'allume plus"
RANSOM = "Un message exige une rançon, les fichiers sont chiffrés"
SAME_SITE = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def pages(databases: Databases, monkeypatch: pytest.MonkeyPatch) -> Iterator[Pages]:
    with pages_on_sqlite(databases, monkeypatch) as opened:
        yield opened


# --- The road everybody takes -----------------------------------------------------------------------


def test_the_form_knows_her_and_her_college(pages: Pages) -> None:
    page = text_of(pages.sign_in("rupn").client.get("/signaler").text)
    assert f"Collège des Tilleuls {NORTH}" in page and "Personne Rupn, RUPN" in page
    assert "C'est un incident de sécurité" in page and "VP-204" not in page
    assert 'value="VP-204"' in pages.client.get("/signaler").text


def test_look_then_send_then_the_confirmation(pages: Pages) -> None:
    filled = pages.sign_in("rupn").form() | {"subject": BROKEN, "body": "Depuis ce matin.", "room": "204"}
    seen = pages.post(filled | {"do": "look"})
    page = text_of(seen.text)
    assert seen.status_code == 200 and "Département, maintenance" in page and "À confirmer" in page
    assert "article 3.1.3" in page and "Pris en charge au plus tard : mardi 24 novembre 2026" in page
    assert "<mark>" in seen.text and "Depuis ce matin." in seen.text and pages.tickets() == 0
    sent = pages.post(filled | {"do": "send"})
    assert sent.status_code == 302 and pages.tickets() == 1
    page = pages.client.get(sent.headers["Location"])
    assert "Dossier n° 1 ouvert" in text_of(page.text) and 'href="/dossiers/1"' in page.text


def test_a_long_list_begins_with_what_is_usual_for_this_kind_of_incident(pages: Pages) -> None:
    filled = pages.sign_in("rupn").form() | {"subject": "Le réseau est coupé", "do": "look"}
    page = pages.post(filled).text
    begin, end = page.index('<optgroup label="Le plus souvent">'), page.index('<optgroup label="Autre chose">')
    usual, others = page[begin:end], page[end : page.index("</select>", end)]
    assert 'value="internet_line"' in usual and 'value="projector"' not in usual
    assert 'value="projector"' in others and 'value="unknown"' in others and 'value="wifi"' not in others


def test_the_room_offers_its_things_and_one_press_chooses(pages: Pages) -> None:
    filled = pages.sign_in("rupn").form() | {"subject": BROKEN, "room": "204", "do": "look"}
    assert 'name="asset_pick" value="VP-204"' in pages.post(filled).text
    chosen = pages.post(filled | {"asset_pick": "VP-204"})
    assert 'value="VP-204" checked' in chosen.text and 'name="f.asset_owner"' not in chosen.text
    known = pages.post(filled | {"asset_tag": "VP-204"})
    assert "Appareil reconnu : Vidéoprojecteur salle 204" in text_of(known.text)
    unknown = pages.post(filled | {"asset_tag": "XX-1"})
    assert "XX-1 n'est pas à l'inventaire" in text_of(unknown.text)


def test_a_tag_of_another_room_is_told_gently(pages: Pages) -> None:
    filled = pages.sign_in("rupn").form() | {
        "subject": BROKEN,
        "room": "CDI",
        "asset_tag": "VP-204",
        "do": "look",
    }
    page = text_of(pages.post(filled).text)
    assert "L'inventaire place VP-204 ailleurs : salle 204, et non CDI." in page
    assert pages.post(filled | {"do": "send"}).status_code == 302


def test_what_is_folded_unfolds_when_it_holds_something(pages: Pages) -> None:
    filled = pages.sign_in("rupn").form() | {"subject": BROKEN, "do": "look"}
    assert '<details class="more" id="more">' in pages.post(filled).text
    assert '<details class="more" id="more" open>' in pages.post(filled | {"room": "204"}).text
    wrong = pages.post(filled | {"do": "send", "phone": "0" * 60})
    assert wrong.status_code == 422 and '<details class="more" id="more" open>' in wrong.text


def test_who_is_touched_is_ticked_from_her_words_and_stays_hers_to_change(pages: Pages) -> None:
    filled = pages.sign_in("rupn").form() | {"subject": "Plus d'internet dans tout le collège", "do": "look"}
    page = pages.post(filled).text
    assert "Coché d'après vos mots « tout le collège »" in text_of(page)
    assert re.search(r'name="scope_read"[^>]*value="site"', page) and re.search(
        r'checked[^>]*value="site"', page
    )
    again = filled | {"scope": "site", "scope_read": "site", "subject": "Plus d'internet"}
    assert not re.search(r'checked[^>]*value="site"', pages.post(again).text)
    hers = pages.post(filled | {"scope": "room", "scope_read": "site", "urgency": "blocking"}).text
    assert re.search(r'checked[^>]*value="room"', hers) and "Coché d'après" not in text_of(hers)
    suggested = pages.post(filled | {"subject": "L'ENT est en panne dans plusieurs collèges"})
    assert "choisissez « Plusieurs collèges »" in text_of(suggested.text)


def test_a_greeting_gets_a_question_and_no_answer(pages: Pages) -> None:
    filled = pages.sign_in("teacher").form() | {"subject": "bonjour", "do": "look"}
    page = text_of(pages.post(filled).text)
    assert "Vos mots ne disent pas encore ce qui ne va pas" in page and "Que se passe-t-il" in page
    assert "Pris en charge au plus tard" not in page and "C'est un incident de sécurité" in page


def test_an_answer_is_kept_and_changes_who_is_competent(pages: Pages) -> None:
    filled = pages.sign_in("rupn").form() | {"subject": BROKEN, "f.asset_owner": "etat", "do": "look"}
    page = pages.post(filled).text
    assert 'name="f.asset_owner" value="etat" checked' in page and "Académie, DSI et DRANE" in page


def test_one_press_says_security_and_shows_the_reflexes(pages: Pages) -> None:
    filled = pages.sign_in("teacher").form() | {"subject": "Un drôle de message", "body": "Il insiste."}
    page = pages.post(filled | {"security": "1"})
    words = text_of(page.text)
    assert "Ne l'éteignez pas" in words and "Prévenez le principal par téléphone" in words and "RSSI" in words
    assert "Il insiste." in page.text and 'value="security" checked' not in page.text.replace("checked ", "")
    assert 'checked id="category-5"' in page.text and pages.tickets() == 0


def test_words_of_an_attack_show_the_reflexes_before_any_press(pages: Pages) -> None:
    page = text_of(pages.sign_in("teacher").post(pages.form() | {"subject": RANSOM, "do": "look"}).text)
    assert "Ne l'éteignez pas" in page and "Envoyer l'alerte au RSSI" in page


def test_a_denied_signal_is_sent_as_she_says_and_told_gently(pages: Pages) -> None:
    filled = pages.sign_in("teacher").form() | {"subject": RANSOM, "category": "hardware"}
    assert "votre choix est suivi" in text_of(pages.post(filled | {"do": "look"}).text)
    sent = pages.post(filled | {"do": "send"}, follow_redirects=True)
    assert "Le RSSI relira ce signalement" in text_of(sent.text)


def test_the_panel_alone_for_the_script(pages: Pages) -> None:
    filled = pages.sign_in("rupn").form() | {"subject": BROKEN}
    token = filled.pop("csrf_token")
    answer = pages.client.post("/signaler/panneau", data=filled, headers={"X-CSRFToken": token})
    assert answer.status_code == 200 and "<html" not in answer.text
    assert 'id="competence"' in answer.text and 'id="understood"' in answer.text
    assert pages.client.post("/signaler/panneau", data=filled).status_code == 400
    huge = filled | {"room": "2" * 150_000}
    answer = pages.client.post("/signaler/panneau", data=huge, headers={"X-CSRFToken": token})
    assert answer.status_code == 422


def test_an_open_ticket_alike_may_be_joined_instead(pages: Pages) -> None:
    pages.sign_in("teacher").post(pages.form() | {"subject": BROKEN, "asset_tag": "VP-204", "do": "send"})
    filled = pages.sign_in("rupn").form() | {"subject": "Projecteur mort", "asset_tag": "VP-204"}
    assert "Un dossier est déjà ouvert : n° 1" in text_of(pages.post(filled | {"do": "look"}).text)
    joined = pages.post(filled | {"join": "1"})
    assert joined.headers["Location"] == "/dossiers/1" and pages.tickets() == 1
    with pages.world.desk.database.reading() as session:
        assert "Projecteur mort" in session.scalars(select(EventDetail.text)).all()


def test_another_colleges_ticket_cannot_be_joined(pages: Pages) -> None:
    pages.sign_in("rupn_south").post(pages.form() | {"subject": BROKEN, "do": "send"})
    answer = pages.sign_in("rupn").post(pages.form() | {"subject": "Moi aussi", "join": "1"})
    assert answer.status_code == 404 and pages.tickets() == 1


# --- Twice, forged, too big, too late ---------------------------------------------------------------


def test_sent_twice_is_one_ticket_and_the_same_confirmation(pages: Pages) -> None:
    filled = pages.sign_in("rupn").form() | {"subject": BROKEN, "do": "send"}
    first, second = pages.post(filled), pages.post(filled)
    assert first.headers["Location"] == second.headers["Location"] and pages.tickets() == 1


def test_the_same_form_with_other_words_asks_before_a_second_ticket(pages: Pages) -> None:
    filled = pages.sign_in("rupn").form() | {"subject": BROKEN, "do": "send"}
    pages.post(filled)
    again = pages.post(filled | {"subject": "La souris aussi"})
    assert again.status_code == 409 and "dossier n° 1" in text_of(again.text) and pages.tickets() == 1
    key = again.text.split('name="key"')[1].split('value="')[1].split('"')[0]
    assert key != filled["key"]
    assert pages.post(filled | {"subject": "La souris aussi", "key": key}).status_code == 302
    assert pages.tickets() == 2


def test_no_words_is_said_at_the_field_and_nothing_typed_is_lost(pages: Pages) -> None:
    filled = pages.sign_in("rupn").form() | {
        "subject": "  ",
        "body": " ",
        "room": "CDI",
        "phone": "00 00 00 00 00",
        "do": "send",
    }
    answer = pages.post(filled)
    assert answer.status_code == 422 and 'href="#subject"' in answer.text
    assert 'value="00 00 00 00 00"' in answer.text and 'value="CDI"' in answer.text and pages.tickets() == 0


def test_writing_only_under_racontez_is_enough(pages: Pages) -> None:
    pages.sign_in("teacher").post(pages.form() | {"body": f"Bonjour,\n{BROKEN}.\nMerci", "do": "send"})
    with pages.world.desk.database.reading() as session:
        assert session.scalars(select(Ticket.subject)).one() == BROKEN
    alert = pages.form() | {"body": "Je ne sais pas ce qui se passe", "category": "security", "do": "send"}
    assert "tient l'alerte" in text_of(pages.post(alert, follow_redirects=True).text)


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"f.plombier": "oui"}, 422),
        ({"category": "plomberie"}, 422),
        ({"scope": "lune"}, 422),
        ({"f.force_majeure": "true"}, 422),
        ({"uai": SOUTH}, 403),
        ({"uai": "9019001A"}, 403),
        ({"body": "a" * 30_000}, 413),
        ({"subject": "a" * 300}, 413),
        ({"body": "a" * 2_000_000}, 413),
        ({"room": "a" * 300}, 422),
    ],
)
def test_a_bad_field_gets_its_status_and_a_sentence(pages: Pages, changes: dict[str, str], status: int) -> None:
    answer = pages.sign_in("rupn").post(pages.form() | {"subject": BROKEN, "do": "send"} | changes)
    assert answer.status_code == status and pages.tickets() == 0
    assert "Traceback" not in answer.text and len(text_of(answer.text)) > 200
    if status != 403 and len(changes.get("body", "")) < 1_000_000:
        assert "Votre saisie est à corriger" in text_of(answer.text)


def test_forged_names_of_the_record_are_not_read(pages: Pages) -> None:
    forged = {
        "reporter_id": "1",
        "reporter_name": "Autre",
        "filed_by": "1",
        "at": "2030-01-01",
        "f.reporter_role": "rupn",
    }
    pages.sign_in("teacher").post(pages.form() | {"subject": BROKEN, "do": "send"} | forged)
    with pages.world.desk.database.reading() as session:
        incident = session.scalars(select(IncidentRow)).one()
        assert incident.reporter_id == pages.world["teacher"].id and incident.reporter_role == "enseignant"
        assert incident.filed_at == pages.clock.at and "reporter_role" not in incident.declared


def test_a_program_named_pdf_is_refused_and_the_words_kept(pages: Pages) -> None:
    part = (BytesIO(b"MZ\x90\x00\x03"), "capture.pdf")
    filled = pages.sign_in("rupn").form() | {"subject": BROKEN, "do": "send", "files": part}
    answer = pages.post(filled, content_type="multipart/form-data")
    assert answer.status_code == 422 and pages.tickets() == 0 and "ne s&#39;allume plus" in answer.text
    words = text_of(answer.text)
    assert "n'est pas un vrai fichier PDF" in words and "À choisir de nouveau" in words


def test_several_files_are_kept(pages: Pages) -> None:
    parts = [(BytesIO(b"%PDF-1.7"), "a.pdf"), (BytesIO(b"\x89PNG\r\n\x1a\n"), "b.png")]
    filled = pages.sign_in("rupn").form() | {"subject": BROKEN, "do": "send", "files": parts}
    assert pages.post(filled, content_type="multipart/form-data").status_code == 302


def test_a_session_that_ends_mid_form_keeps_the_words(pages: Pages) -> None:
    filled = pages.sign_in("rupn").form() | {
        "subject": "Imprimante",
        "body": "Un récit assez long pour compter",
        "do": "send",
    }
    pages.clock.forward(timedelta(hours=3))
    over = pages.post(filled, headers=SAME_SITE)
    assert over.status_code == 401 and "Un récit assez long" in over.text and pages.tickets() == 0
    held = {"held_path": "/signaler", **{f"held.{name}": value for name, value in filled.items()}}
    back = pages.client.post(
        "/reprendre",
        data=held | {"csrf_token": token_of(over.text), "email": "rupn@example.org", "password": PASSWORD},
        headers=SAME_SITE,
    )
    assert back.status_code == 200
    shown = re.findall(r'<p class="words">(.*?)</p>', back.text)
    assert shown == ["Imprimante", "Un récit assez long pour compter"]  # nor the form's key, nor codes
    assert pages.post(filled | {"csrf_token": token_of(back.text)}).status_code == 302 and pages.tickets() == 1


def test_a_forged_key_opens_nothing(pages: Pages) -> None:
    filled = pages.sign_in("rupn").form() | {"subject": BROKEN, "do": "send"}
    confirmation = pages.post(filled).headers["Location"]
    assert pages.sign_in("teacher").client.get(confirmation).status_code == 404
    assert pages.client.get(f"/signaler/envoye/{uuid4()}").status_code == 404
    assert pages.post(pages.form() | {"subject": BROKEN, "do": "send", "key": "../x"}).status_code == 302


@pytest.mark.parametrize("who", ["manager", "dpo", "administrator"])
def test_those_who_do_not_file_have_no_form(pages: Pages, who: str) -> None:
    assert pages.sign_in(who).client.get("/signaler").status_code == 403
    assert pages.client.get("/mes-dossiers").status_code == 403


# --- For somebody on the phone ----------------------------------------------------------------------


def test_a_technician_finds_the_college_and_files_for_a_caller(pages: Pages) -> None:
    found = pages.sign_in("technician").client.get("/signaler?college=tilleuls")
    assert f"/signaler?uai={NORTH}" in found.text
    call = {"caller_name": "Camille", "caller_role": "enseignant", "caller_phone": "00 00 00 00 00"}
    filled = pages.form(f"/signaler?uai={NORTH}") | {"subject": BROKEN, "do": "send"}
    missing = pages.post(filled)
    assert missing.status_code == 422 and 'href="#caller_name"' in missing.text
    sent = pages.post(filled | call, follow_redirects=True)
    assert "Le signalement de Camille est enregistré" in text_of(sent.text) and "/dossiers/1" in sent.text


def test_an_alert_for_somebody_else_gives_its_number_and_no_link(pages: Pages) -> None:
    call = {"caller_name": "Camille", "caller_role": "enseignant", "caller_phone": "00 00 00 00 00"}
    filled = pages.sign_in("technician").form(f"/signaler?uai={NORTH}") | call
    sent = pages.post(filled | {"subject": RANSOM, "do": "send"}, follow_redirects=True)
    assert "Dossier n° 1 ouvert" in text_of(sent.text) and "/dossiers/" not in sent.text
    assert "rançon" not in sent.text


@pytest.mark.parametrize(
    ("address", "status", "words"),
    [
        ("/signaler?college=9019001A", 422, "devrait être M"),
        ("/signaler?uai=9019001A", 422, "devrait être M"),
        ("/signaler?uai=0352958A", 422, "n'est pas connu ici"),
        ("/signaler?college=zzz", 200, "Aucun collège de votre territoire"),
        (f"/signaler?uai={SOUTH}", 403, "pas dans votre territoire"),
    ],
)
def test_a_college_out_of_reach_or_mistaken(pages: Pages, address: str, status: int, words: str) -> None:
    answer = pages.sign_in("technician").client.get(address)
    assert answer.status_code == status and words in text_of(answer.text)


# --- Her tickets ------------------------------------------------------------------------------------


def test_her_tickets_and_their_state_in_words(pages: Pages) -> None:
    empty = pages.sign_in("rupn").client.get("/mes-dossiers")
    assert "Aucun dossier ici" in text_of(empty.text)
    pages.post(pages.form() | {"subject": BROKEN, "do": "send"})
    page = text_of(pages.client.get("/mes-dossiers").text)
    assert "Attribué à la maintenance du Département, pris en charge au plus tard mardi 24 novembre" in page
    for address, words in (
        ("/mes-dossiers?voir=a-faire", "Rien n'attend de vous"),
        ("/mes-dossiers?voir=termines", "Aucun dossier ici"),
        ("/mes-dossiers?mots=zzz", "Rien ne correspond"),
        ("/mes-dossiers?voir=nimporte&after=abc", "n° 1"),
    ):
        assert words in text_of(pages.client.get(address).text), address


def test_the_rupn_is_told_what_is_hers(pages: Pages) -> None:
    pages.sign_in("teacher").post(pages.form() | {"subject": "L'ENT ne s'ouvre plus", "do": "send"})
    page = text_of(pages.sign_in("rupn").client.get("/mes-dossiers").text)
    assert "À vous (1)" in page and "Premier niveau : à vous" in page


def test_nothing_of_a_form_goes_in_an_address(pages: Pages) -> None:
    sent = pages.sign_in("rupn").post(pages.form() | {"subject": BROKEN, "do": "send"})
    assert "projecteur" not in sent.headers["Location"]
    with pages.world.desk.database.reading() as session:
        assert session.scalars(select(Ticket.subject)).one() == BROKEN


@pytest.mark.parametrize(
    ("changes", "status"),
    [({"join": "9" * 30}, 404), ({"join": "-1"}, 404), ({"asset_pick": "x" * 10_000}, 422)],
)
def test_what_no_page_of_ours_sends_breaks_nothing(pages: Pages, changes: dict[str, str], status: int) -> None:
    form = pages.sign_in("rupn").form()
    answer = pages.post(form | {"do": "send", "subject": BROKEN, "category": "hardware"} | changes)
    assert answer.status_code == status


@pytest.mark.parametrize("button", [{"do": "look"}, {"do": "send", "phone": "0" * 60}, {"security": "1"}])
def test_a_nul_in_her_words_loses_none_of_them(pages: Pages, button: dict[str, str]) -> None:
    filled = pages.sign_in("rupn").form() | {
        "subject": "Écran\0 noir",
        "body": "Depuis\0 lundi",
        "room": "2\004",
    }
    page = pages.post(filled | button).text
    assert (
        all(f'value="{kept}"' in page for kept in ("Écran noir", "204")) and "Depuis lundi</textarea>" in page
    )
    panel = pages.client.post("/signaler/panneau", data=filled)
    assert panel.status_code == 200 and "Écran noir" in text_of(panel.text)


def test_a_nul_in_her_words_is_no_reason_not_to_send_them(pages: Pages) -> None:
    filled = pages.sign_in("rupn").form() | {"subject": f"{BROKEN}\0", "do": "send"}
    assert pages.post(filled).status_code == 302
    with pages.world.desk.database.reading() as session:
        assert session.scalars(select(Ticket.subject)).one() == BROKEN


@pytest.mark.parametrize(
    "forged", [{"key": "k\0"}, {"uai": f"{NORTH}\0"}, {"f.zone\0": "x"}, {"csrf_token": "\0"}]
)
def test_a_nul_that_no_page_of_ours_sends_is_refused(pages: Pages, forged: dict[str, str]) -> None:
    filled = pages.sign_in("rupn").form() | {"subject": BROKEN, "do": "send"}
    assert pages.post(filled | forged).status_code == 400
    for address in ("/signaler?uai=%00", "/signaler?%00=1", "/signaler%00"):
        assert pages.client.get(address).status_code == 400
    assert pages.tickets() == 0
