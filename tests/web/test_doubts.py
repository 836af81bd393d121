"""A doubt, another language, a text too long: what the filing pages and the ticket's page say of them."""

from collections.abc import Iterator

import pytest

from tests.databases import Databases
from tests.desk.test_doubts import doubtful
from tests.web.declare_world import Pages, pages_on_sqlite, text_of

ENGLISH = "The projector in room 12 is broken and it does not turn on anymore"
RANSOM = "Un message exige une rançon, les fichiers sont chiffrés"


@pytest.fixture
def pages(databases: Databases, monkeypatch: pytest.MonkeyPatch) -> Iterator[Pages]:
    with pages_on_sqlite(databases, monkeypatch) as opened:
        yield opened


def filled(pages: Pages, **changes: str) -> dict[str, str]:
    words = {"subject": "Signalement", "body": doubtful(fired=False), "do": "look"}
    return pages.sign_in("teacher").form() | words | changes


def test_a_doubt_asks_one_question_and_shows_the_reflexes_at_once(pages: Pages) -> None:
    answer = pages.post(filled(pages))
    page = text_of(answer.text)
    assert (
        "Un doute sur la sécurité : une question d'abord" in page and "Dans le doute, faites déjà ceci" in page
    )
    assert "Ne l'éteignez pas" in page and "Un doute sur la sécurité : répondez à une question" in page
    assert answer.text.count('name="doubt"') == 3 and 'name="f.security_suspected"' not in answer.text


@pytest.mark.parametrize(
    ("answer", "said", "unsaid"),
    [
        ("true", "Envoyer l'alerte au RSSI", "Dans le doute, faites déjà ceci"),
        ("false", "personne n'est alerté", "Ne l'éteignez pas"),
        ("unknown", "le RSSI relira ce signalement", "Envoyer l'alerte au RSSI"),
    ],
)
def test_each_answer_stays_ticked_and_says_what_it_does(
    pages: Pages, answer: str, said: str, unsaid: str
) -> None:
    shown = pages.post(filled(pages, doubt=answer))
    assert said in text_of(shown.text) and unsaid not in text_of(shown.text)
    ticked = [line for line in shown.text.splitlines() if 'name="doubt"' in line and "checked" in line]
    assert len(ticked) == 1 and f'value="{answer}"' in ticked[0]


def test_the_security_button_is_one_press_whatever_she_had_ticked(pages: Pages) -> None:
    ticked = filled(pages, subject="Un doute", body="Je voudrais en parler", **{"f.need": "advice"})
    pressed = pages.post(ticked | {"security": "1"})
    assert "Envoyer l'alerte au RSSI" in text_of(pressed.text)
    assert 'value="advice" checked' not in pressed.text


def test_not_knowing_is_read_by_the_rssi_and_told_to_her(pages: Pages) -> None:
    sent = pages.post(filled(pages, doubt="unknown", do="send"), follow_redirects=True)
    assert "Le RSSI relira ce signalement" in text_of(sent.text)
    assert "Signalement" in pages.sign_in("rssi").client.get("/a-revoir").text


def test_a_forged_answer_is_refused_with_a_sentence(pages: Pages) -> None:
    refused = pages.post(filled(pages, doubt="peut-être", do="send"))
    assert refused.status_code == 422 and "oui, non ou je ne sais pas" in text_of(refused.text)
    assert pages.tickets() == 0


def test_english_is_said_in_both_languages_and_the_choice_is_hers(pages: Pages) -> None:
    page = text_of(pages.post(filled(pages, subject="Help", body=ENGLISH)).text)
    assert "Ce texte semble écrit en anglais : nous le lisons mal. Choisissez le type d'incident." in page
    assert "We read English poorly" in page and "Nous ne sommes pas sûrs du type d'incident" in page


def test_a_text_too_long_says_how_long_and_keeps_it(pages: Pages) -> None:
    answer = pages.post(filled(pages, body="a" * 100_000, do="send"))
    assert answer.status_code == 413 and "a" * 100_000 in answer.text
    assert "La description compte 100 000 caractères, la limite est de 20 000" in text_of(answer.text)


def test_an_answer_of_no_or_another_choice_reaches_the_review_from_the_form(pages: Pages) -> None:
    denied = filled(pages, subject=RANSOM, body="", category="hardware", do="send")
    assert "Le RSSI relira ce signalement" in text_of(pages.post(denied, follow_redirects=True).text)
    assert RANSOM in pages.sign_in("rssi").client.get("/a-revoir").text


def test_the_ticket_shows_the_words_that_counted_and_its_doubt(pages: Pages) -> None:
    pages.post(filled(pages, subject="Panne", body="Le vidéoprojecteur de la 204 ne s'allume plus", do="send"))
    page = pages.client.get("/dossiers/1").text
    assert "<mark>" in page and "D'après ces mots seuls : matériel" in text_of(page)
    pages.post(filled(pages, subject="Help", body=ENGLISH, do="send"))
    assert "Ce texte semble écrit en anglais." in text_of(pages.client.get("/dossiers/2").text)
    assert "Nous n'étions pas sûrs" in text_of(pages.client.get("/dossiers/2").text)


def test_a_sure_alert_asks_once_it_is_gone_and_the_rssi_reads_the_answer(pages: Pages) -> None:
    words = {"body": "Une collègue a cliqué sur un lien et donné son mot de passe, c'était du phishing"}
    sent = pages.post(filled(pages, subject="", do="send") | words, follow_redirects=True)
    asked = "Avez-vous saisi un mot de passe après avoir cliqué ?"
    assert asked in text_of(sent.text) and "Ne cliquez plus" in text_of(sent.text)
    address = sent.request.path
    token = pages.form()["csrf_token"]
    reply = {"csrf_token": token, "answer": "true"}
    told = pages.client.post(f"{address}/reponse", data=reply, follow_redirects=True)
    assert f"{asked} Vous avez répondu : Oui." in text_of(told.text)
    wrong = pages.client.post(f"{address}/reponse", data={"csrf_token": token, "answer": "x"})
    assert wrong.status_code == 422
    assert f"{asked} Oui" in text_of(pages.sign_in("rssi").client.get("/dossiers/1").text)


def test_a_stolen_device_is_not_told_to_be_unplugged(pages: Pages) -> None:
    page = text_of(
        pages.post(filled(pages, subject="Vol", body="L'ordinateur portable a été volé cette nuit")).text
    )
    assert "Changez les mots de passe" in page and "débranchez le câble" not in page


def test_a_no_is_told_once(pages: Pages) -> None:
    said = text_of(pages.post(filled(pages, body=doubtful(fired=True), doubt="false")).text)
    assert said.count("Le RSSI relira simplement ce signalement") == 1
    assert "Vos mots font penser à un acte malveillant" not in said


def test_words_that_counted_are_marked_in_the_title_too(pages: Pages) -> None:
    pages.post(filled(pages, subject="Le vidéoprojecteur de la 204 ne s'allume plus", body="Merci", do="send"))
    page = pages.client.get("/dossiers/1").text
    title = page[page.index("<h1>") : page.index("</h1>")]
    assert "<mark>" in title and "Les mots qui ont compté sont surlignés" in text_of(page)
    assert "sinon" not in text_of(page[page.index("D'après ces mots seuls") :][:200])


def test_a_doubt_that_would_alert_asks_and_doesn_t_say_to_send_first(pages: Pages) -> None:
    answer = pages.post(filled(pages, body=doubtful(fired=True, own_question=True)))
    page = text_of(answer.text)
    assert "Un doute sur la sécurité : une" in page and "Envoyer l'alerte au RSSI" in page
    assert "Envoyez d'abord" not in page and "Alerte : lisez les gestes" not in page
    assert "Un doute : lisez les gestes et répondez à une question" in page
    assert "Un doute sur la sécurité : lisez les gestes, et répondez à une question." in answer.text.replace(
        "\u00a0", " "
    )
