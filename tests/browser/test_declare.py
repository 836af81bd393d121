"""Signal, follow and ask in a real browser: with scripts and without, on a desk's screen and on a telephone."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from router.store.engine import open_database
from tests.browser.walks import nothing_comes_back
from tests.databases import Databases
from tests.desk.test_doubts import doubtful
from tests.web.declare_world import Pages, open_pages
from tests.web.people import PASSWORD, quick_hashes

BROKEN = "Le vidéoprojecteur de la salle 204 ne s'allume plus"
RANSOM = "Un message exige une rançon, tous les fichiers sont chiffrés"
Accessible = Callable[[Page], None]


@pytest.fixture(scope="module")
def pages(databases: Databases) -> Iterator[Pages]:
    url = databases.migrated("sqlite")
    database = open_database(url, synchronous="NORMAL")
    with quick_hashes(), pytest.MonkeyPatch.context() as patch:
        patch.setenv("AIGUILLAGE_SECRET_KEY", "k" * 40)
        yield open_pages(database)
    database.engine.dispose()


@pytest.fixture(scope="module")
def address(pages: Pages, serve: Callable[[Any], str]) -> str:
    return serve(pages.app)


def sign_in(page: Page, address: str, who: str) -> None:
    page.goto(f"{address}/connexion")
    page.get_by_label("Adresse électronique professionnelle").fill(f"{who}@example.org")
    page.get_by_label("Mot de passe", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Se connecter").click()
    page.wait_for_url(lambda url: "/connexion" not in url)


def panel(page: Page) -> Any:
    return page.locator("#competence")


def not_wider_than_the_screen(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


@pytest.fixture(params=["page", "phone"])
def screen(request: pytest.FixtureRequest) -> Page:
    opened: Page = request.getfixturevalue(request.param)
    return opened


def test_who_is_competent_shows_as_she_types(address: str, screen: Page, accessible: Accessible) -> None:
    sign_in(screen, address, "rupn")
    screen.goto(f"{address}/signaler")
    accessible(screen)
    screen.get_by_label("Qu'est-ce qui ne va pas").fill(BROKEN)
    expect(panel(screen)).to_contain_text("Département, maintenance")
    expect(screen.locator("#said")).to_contain_text("Compétent : Département, maintenance")
    screen.locator("#more summary").click()
    screen.get_by_label("Salle ou lieu").fill("204")
    screen.locator("label", has_text="Vidéoprojecteur salle 204").click()
    expect(screen.get_by_role("group", name="Qui possède ce matériel")).to_have_count(0)
    not_wider_than_the_screen(screen)
    accessible(screen)
    screen.get_by_role("button", name="Envoyer").click()
    expect(screen.get_by_role("heading", level=1)).to_contain_text("ouvert")
    accessible(screen)
    screen.goto(f"{address}/mes-dossiers")
    expect(screen.get_by_role("link", name=BROKEN).first).to_be_visible()
    not_wider_than_the_screen(screen)
    accessible(screen)


def test_the_focus_stays_on_the_answer_given(address: str, page: Page) -> None:
    sign_in(page, address, "rupn")
    page.goto(f"{address}/signaler")
    page.get_by_label("Qu'est-ce qui ne va pas").fill("Un ordinateur ne démarre plus")
    owner = page.get_by_label("L'État (fourni par l'académie ou le ministère)")
    owner.check()
    expect(panel(page)).to_contain_text("Académie, DSI et DRANE")
    expect(owner).to_be_focused()
    expect(owner).to_be_checked()


def test_who_is_touched_is_ticked_from_her_words_until_she_says_it(address: str, screen: Page) -> None:
    sign_in(screen, address, "rupn")
    screen.goto(f"{address}/signaler")
    subject = screen.get_by_label("Qu'est-ce qui ne va pas")
    subject.fill("Plus d'internet dans tout le collège")
    everybody = screen.get_by_label("Tout le collège", exact=True)
    expect(everybody).to_be_checked()
    expect(screen.locator("#scope-said")).to_contain_text("tout le collège")
    screen.get_by_label("On ne peut plus travailler").check()
    expect(panel(screen)).to_contain_text("Priorité haute")
    expect(screen.get_by_text("Qui possède ce matériel")).to_have_count(0)
    subject.fill("Plus d'internet au CDI")
    expect(everybody).not_to_be_checked()
    screen.get_by_label("Une personne, un poste").check()
    expect(panel(screen)).to_contain_text("Priorité normale")
    subject.fill("Plus d'internet dans tout le collège")
    expect(screen.locator("#said")).to_contain_text("Priorité normale")
    expect(screen.get_by_label("Une personne, un poste")).to_be_checked()


def test_sending_stays_in_sight_on_a_telephone(address: str, phone: Page, accessible: Accessible) -> None:
    sign_in(phone, address, "teacher")
    phone.goto(f"{address}/signaler")
    for label in ("Qu'est-ce qui ne va pas", "Racontez"):
        expect(phone.get_by_label(label)).to_be_in_viewport()
    expect(phone.get_by_role("button", name="Envoyer")).to_be_in_viewport()
    phone.get_by_label("Qu'est-ce qui ne va pas").fill("bonjour")
    expect(panel(phone)).to_contain_text("Que se passe-t-il")
    expect(phone.locator("#brief")).to_have_text("Dites ce qui se passe")
    expect(phone.get_by_role("button", name="Envoyer")).to_be_in_viewport()
    not_wider_than_the_screen(phone)
    accessible(phone)


def test_personal_data_are_told_under_her_words_and_where_she_sends(
    address: str, screen: Page, accessible: Accessible
) -> None:
    sign_in(screen, address, "teacher")
    screen.goto(f"{address}/signaler")
    screen.get_by_label("Racontez").fill("L'élève Inès Lambert ne se connecte plus, rappel au 01 99 00 12 34.")
    screen.evaluate("window.scrollTo(0, 0)")
    short = screen.get_by_role("link", name="Données personnelles dans vos mots")
    expect(short).to_be_in_viewport()
    expect(screen.get_by_role("button", name="Envoyer", exact=True)).to_be_in_viewport()
    short.click()
    expect(
        screen.get_by_text("Vos mots semblent contenir des données personnelles.", exact=True)
    ).to_be_in_viewport()
    expect(screen.get_by_role("button", name="Masquer ces données")).to_be_in_viewport()
    not_wider_than_the_screen(screen)
    accessible(screen)
    screen.get_by_role("button", name="Masquer ces données").click()
    expect(screen.get_by_label("Racontez")).to_have_value(
        "L'élève [nom] ne se connecte plus, rappel au [téléphone]."
    )
    expect(short).to_be_hidden()


def test_masking_never_loses_what_was_typed_last_and_is_undone(address: str, page: Page) -> None:
    sign_in(page, address, "teacher")
    page.goto(f"{address}/signaler")
    body, mask = page.get_by_label("Racontez"), page.get_by_role("button", name="Masquer ces données")
    body.fill("Appelez Kévin Martin au 06 12 34 56 78.")
    expect(mask).to_be_visible()
    hers = "Appelez Kévin Martin au 06 12 34 56 78. Le wifi coupe aussi."
    with nothing_comes_back(page):
        body.press("End")
        body.press_sequentially(" Le wifi coupe aussi.")
        mask.click()
        page.wait_for_timeout(700)
        expect(body).to_have_value(hers)
        body.press_sequentially(" Merci.")
    expect(body).to_have_value("Appelez [nom] au [téléphone]. Le wifi coupe aussi. Merci.")
    expect(mask).to_have_count(0)
    body.press("Control+z")
    expect(body).to_have_value(f"{hers} Merci.")


def test_masking_is_of_the_text_as_it_is_even_when_the_warning_has_not_changed(
    address: str, page: Page
) -> None:
    sign_in(page, address, "teacher")
    page.goto(f"{address}/signaler")
    body = page.get_by_label("Racontez")
    body.fill("Appelez Kévin Martin au 06 12 34 56 78.")
    expect(page.get_by_role("button", name="Masquer ces données")).to_be_visible()
    with page.expect_response("**/signaler/panneau"):
        body.fill("Appelez Kévin Martin au 06 12 34 56 78. Le wifi coupe.")
    page.get_by_role("button", name="Masquer ces données").click()
    expect(body).to_have_value("Appelez [nom] au [téléphone]. Le wifi coupe.")


def test_sending_is_in_sight_beside_a_long_answer(address: str, screen: Page) -> None:
    sign_in(screen, address, "teacher")
    screen.goto(f"{address}/signaler")
    screen.get_by_label("Racontez").fill(f"{RANSOM}. " * 40)
    expect(panel(screen)).to_contain_text("Ne l'éteignez pas")
    for place in ("0", "document.documentElement.scrollHeight / 2"):
        screen.evaluate(f"window.scrollTo(0, {place})")
        expect(screen.get_by_role("button", name="Envoyer", exact=True)).to_be_in_viewport(ratio=1)


def test_security_is_one_press_and_loses_nothing(address: str, screen: Page, accessible: Accessible) -> None:
    sign_in(screen, address, "teacher")
    screen.goto(f"{address}/signaler")
    screen.get_by_label("Qu'est-ce qui ne va pas").fill("Un message bizarre")
    screen.locator("#more summary").click()
    screen.get_by_label("Photo ou document").set_input_files(
        {"name": "ecran.png", "mimeType": "image/png", "buffer": b"\x89PNG\r\n\x1a\n"}
    )
    screen.get_by_role("button", name="C'est un incident de sécurité").click()
    expect(panel(screen)).to_contain_text("Ne l'éteignez pas")
    expect(screen.get_by_label("Sécurité", exact=True)).to_be_checked()
    assert screen.evaluate("document.getElementById('files').files.length") == 1
    accessible(screen)
    screen.get_by_role("button", name="Envoyer l'alerte au RSSI").click()
    expect(screen.get_by_role("heading", level=1)).to_contain_text("ouvert")
    expect(screen.get_by_text("Ne l'éteignez pas")).to_be_visible()
    accessible(screen)


def test_a_sure_alert_asks_after_it_is_gone(address: str, screen: Page, accessible: Accessible) -> None:
    sign_in(screen, address, "teacher")
    screen.goto(f"{address}/signaler")
    screen.get_by_label("Racontez").fill(
        "J'ai cliqué sur un lien et donné mon mot de passe, c'était du phishing"
    )
    screen.get_by_role("button", name="Envoyer l'alerte au RSSI").click()
    expect(
        screen.get_by_role("group", name="Avez-vous saisi un mot de passe après avoir cliqué")
    ).to_be_visible()
    not_wider_than_the_screen(screen)
    accessible(screen)
    screen.get_by_role("button", name="Oui", exact=True).click()
    expect(screen.get_by_text("Vous avez répondu : Oui.")).to_be_visible()
    accessible(screen)


def test_a_doubt_is_one_question_and_the_button_stays_in_sight(
    address: str, screen: Page, accessible: Accessible
) -> None:
    sign_in(screen, address, "teacher")
    screen.goto(f"{address}/signaler")
    screen.get_by_label("Qu'est-ce qui ne va pas").fill("Signalement")
    screen.get_by_label("Racontez").fill(doubtful(fired=False))
    expect(panel(screen)).to_contain_text("Dans le doute, faites déjà ceci")
    expect(screen.locator("#alert-jump")).to_contain_text("répondez à une question")
    accessible(screen)
    not_wider_than_the_screen(screen)
    panel(screen).get_by_label("Je ne sais pas").check()
    expect(panel(screen)).to_contain_text("le RSSI relira ce signalement")
    expect(panel(screen).get_by_label("Je ne sais pas")).to_be_checked()
    panel(screen).get_by_label("Oui").check()
    expect(panel(screen)).to_contain_text("Envoyer l'alerte au RSSI")
    panel(screen).get_by_label("Non").check()
    expect(panel(screen)).to_contain_text("personne n'est alerté")
    screen.evaluate("window.scrollTo(0, 0)")
    expect(screen.get_by_role("button", name="C'est un incident de sécurité")).to_be_in_viewport()
    accessible(screen)
    screen.get_by_role("button", name="Envoyer", exact=True).click()
    screen.get_by_role("link", name="Voir le dossier").click()
    expect(screen.locator("summary", has_text="C'est un incident de sécurité")).to_be_in_viewport()


def test_a_doubt_whose_detector_fired_says_one_thing(
    address: str, screen: Page, accessible: Accessible
) -> None:
    sign_in(screen, address, "teacher")
    screen.goto(f"{address}/signaler")
    screen.get_by_label("Qu'est-ce qui ne va pas").fill("Signalement")
    screen.get_by_label("Racontez").fill(doubtful(fired=True, own_question=True))
    expect(panel(screen)).to_contain_text("Un doute sur la sécurité : une question d'abord")
    expect(panel(screen)).not_to_contain_text("Envoyez d'abord")
    expect(screen.locator("#alert-jump")).to_have_text("Un doute : lisez les gestes et répondez à une question")
    not_wider_than_the_screen(screen)
    accessible(screen)
    panel(screen).get_by_label("Oui").check()
    expect(screen.locator("#alert-jump")).to_have_text("Alerte : lisez les gestes à faire tout de suite")


def test_a_text_too_long_is_said_as_she_pastes_it(address: str, page: Page) -> None:
    sign_in(page, address, "teacher")
    page.goto(f"{address}/signaler")
    page.get_by_label("Racontez").fill("a" * 100_000)
    expect(panel(page)).to_contain_text("La description compte 100\u202f000 caractères")
    page.get_by_label("Racontez").fill(BROKEN)
    expect(panel(page)).to_contain_text("Département, maintenance")


def test_everything_works_without_scripts(address: str, page_without_scripts: Page) -> None:
    page = page_without_scripts
    sign_in(page, address, "rupn")
    page.goto(f"{address}/signaler")
    page.get_by_label("Qu'est-ce qui ne va pas").fill("La borne wifi du CDI clignote")
    page.get_by_label("Racontez").fill("Personne ne se connecte.")
    page.get_by_role("button", name="Voir qui est compétent").last.click()
    expect(panel(page)).to_contain_text("Département, maintenance")
    expect(page.get_by_label("Racontez")).to_have_value("Personne ne se connecte.")
    page.get_by_label("Qu'est-ce qui ne va pas").press("Enter")  # looks, never sends
    expect(page.get_by_role("heading", level=1)).to_have_text("Signaler un incident")
    page.get_by_label("Une salle, un service").check()
    page.get_by_role("button", name="Envoyer").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("ouvert")


def test_without_scripts_the_security_button_answers_too(address: str, page_without_scripts: Page) -> None:
    page = page_without_scripts
    sign_in(page, address, "teacher")
    page.goto(f"{address}/signaler")
    page.get_by_label("Qu'est-ce qui ne va pas").fill("Un message bizarre")
    page.get_by_role("button", name="C'est un incident de sécurité").click()
    expect(panel(page)).to_contain_text("Ne l'éteignez pas")
    expect(page.get_by_label("Qu'est-ce qui ne va pas")).to_have_value("Un message bizarre")


def test_a_mistake_takes_the_focus_and_leads_to_its_field(
    address: str, screen: Page, accessible: Accessible
) -> None:
    sign_in(screen, address, "rupn")
    screen.goto(f"{address}/signaler")
    screen.locator("#more summary").click()
    screen.get_by_label("Salle ou lieu").fill("CDI")
    screen.get_by_role("button", name="Envoyer").click()
    expect(screen.locator("#error-summary")).to_be_focused()
    accessible(screen)
    screen.locator("#error-summary a").click()
    expect(screen.get_by_label("Qu'est-ce qui ne va pas")).to_be_focused()
    expect(screen.get_by_label("Salle ou lieu")).to_have_value("CDI")


def test_telling_is_enough_to_send(address: str, screen: Page) -> None:
    sign_in(screen, address, "rupn")
    screen.goto(f"{address}/signaler")
    screen.get_by_label("Racontez").fill(f"Bonjour,\n{BROKEN}.")
    screen.get_by_role("button", name="Envoyer").click()
    expect(screen.get_by_role("heading", level=1)).to_contain_text("ouvert")
    screen.get_by_role("link", name="Voir le dossier").click()
    expect(screen.get_by_role("heading", level=1)).to_contain_text(BROKEN)


def test_a_technician_files_for_a_caller(address: str, screen: Page, accessible: Accessible) -> None:
    sign_in(screen, address, "technician")
    screen.goto(f"{address}/signaler")
    accessible(screen)
    screen.get_by_label("De quel collège vous appelle-t-on").fill("tilleuls")
    screen.get_by_role("button", name="Chercher").click()
    screen.get_by_role("link", name="Collège des Tilleuls").click()
    accessible(screen)
    screen.get_by_label("Son nom").fill("Camille Essai")
    screen.get_by_label("Sa fonction").select_option("enseignant")
    screen.get_by_label("Son téléphone").fill("00 00 00 00 00")
    screen.get_by_label("Qu'est-ce qui ne va pas").fill(RANSOM)
    expect(panel(screen)).to_contain_text("Ne l'éteignez pas")
    screen.get_by_role("button", name="Envoyer", exact=True).click()
    expect(screen.get_by_role("heading", level=1)).to_contain_text("ouvert")
    expect(screen.get_by_role("link", name="Voir le dossier")).to_have_count(0)


def test_anybody_may_ask_who_is_competent(address: str, screen: Page, accessible: Accessible) -> None:
    screen.goto(f"{address}/qui-est-competent")
    accessible(screen)
    screen.get_by_label("Qu'est-ce qui ne va pas").fill(BROKEN)
    screen.get_by_role("button", name="Chercher").click()
    expect(screen.get_by_role("heading", name="Compétent", exact=True)).to_be_visible()
    expect(screen.get_by_role("heading", name="Pourquoi pas un autre")).to_be_visible()
    not_wider_than_the_screen(screen)
    accessible(screen)
    screen.get_by_label("L'État (fourni par l'académie ou le ministère)").check()
    screen.get_by_role("button", name="Continuer").click()
    expect(screen.locator(".competence__party")).to_have_text("Académie, DSI et DRANE")


@pytest.mark.parametrize("path", ["/regles?convention=demo-nord", "/regles/type-inconnu", "/articles/3.1.5"])
def test_the_rules_read_well(address: str, screen: Page, accessible: Accessible, path: str) -> None:
    screen.goto(f"{address}{path}")
    expect(screen.get_by_role("heading", level=1)).to_be_visible()
    not_wider_than_the_screen(screen)
    accessible(screen)
