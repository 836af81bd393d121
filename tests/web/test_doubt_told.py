"""A ticket tells what was asked about security and answered, and which of its facts a team has corrected."""

from collections.abc import Iterator

import pytest
from sqlalchemy import update

from router.desk import declare, redecide
from router.model.words import Channel
from router.store import journal
from router.store.tables import IncidentRow
from tests.databases import Databases
from tests.desk.test_doubts import doubtful
from tests.desk.test_filing import declaration
from tests.desk.world import MONDAY, hours, shipped_policy
from tests.web.declare_world import Pages, pages_on_sqlite, text_of

SUBJECT = "Signalement"


@pytest.fixture
def pages(databases: Databases, monkeypatch: pytest.MonkeyPatch) -> Iterator[Pages]:
    with pages_on_sqlite(databases, monkeypatch) as opened:
        yield opened


def file_doubt(pages: Pages, **said: str) -> str:
    """Filed by the form; the question as it was asked."""
    filled = pages.sign_in("teacher").form() | {"subject": SUBJECT, "body": doubtful(fired=False)} | said
    asked = text_of(pages.post(filled | {"do": "look"}).text)
    assert pages.post(filled | {"do": "send", "doubt_shown": "1"}).status_code == 302
    classified = shipped_policy().classifier.classify(SUBJECT, doubtful(fired=False))
    own = shipped_policy().book.vocabulary.facts["security_suspected"].question
    question = text_of(classified.doubt_question or own)
    assert question in asked
    return question


def read(pages: Pages, who: str, *addresses: str) -> list[str]:
    pages.sign_in(who)
    return [text_of(pages.client.get(address).text) for address in addresses]


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"doubt": "false"}, "Réponse : non."),
        ({"doubt": "unknown"}, "Réponse : je ne sais pas."),
        ({"doubt": "unknown", "category": "hardware"}, "Réponse : je ne sais pas."),
        ({}, "Pas de réponse."),
        ({"category": "hardware"}, "un autre type d'incident a été choisi."),
        ({"doubt": "true", "category": "hardware"}, "Réponse : oui."),
    ],
)
def test_who_sees_the_ticket_reads_the_question_and_its_answer(
    pages: Pages, said: dict[str, str], told: str
) -> None:
    question = file_doubt(pages, **said)
    for who in ("rupn", "manager"):
        for page in read(pages, who, "/dossiers/1", "/dossiers/1/pourquoi"):
            assert f"Question sur la sécurité : « {question} » " in page and told in page


def test_an_alert_s_answer_is_its_readers_and_stays_theirs_once_it_is_one_no_more(pages: Pages) -> None:
    file_doubt(pages, doubt="true")
    assert pages.sign_in("rupn").client.get("/dossiers/1/pourquoi").status_code == 404
    assert all("Réponse : oui." in page for page in read(pages, "rssi", "/dossiers/1", "/dossiers/1/pourquoi"))
    world = pages.world
    redecide.correct(world.desk, world["rssi"], 1, {"category": "hardware"}, "Un écran.", MONDAY + hours(1))
    told = read(pages, "rupn", "/dossiers/1", "/dossiers/1/pourquoi")
    assert not any("Question sur la sécurité" in page for page in told) and SUBJECT in told[0]


def test_where_nobody_could_be_asked_it_is_said(pages: Pages) -> None:
    given = declaration(subject=SUBJECT, body=doubtful(fired=False), channel=Channel.FILE)
    declare.file_incident(pages.world.desk, given, journal.COMMAND, MONDAY)
    assert "Personne n'a pu répondre." in read(pages, "rupn", "/dossiers/1")[0]


def test_nothing_is_told_without_a_doubt_nor_once_the_words_are_erased(pages: Pages) -> None:
    pages.world.file("teacher", subject="Le wifi de la salle 12 coupe", facts={"category": "network"})
    assert "Question sur la sécurité" not in read(pages, "rupn", "/dossiers/1")[0]
    file_doubt(pages, doubt="false")
    with pages.world.desk.database.writing() as session:
        session.execute(update(IncidentRow).values(classification={}))
    assert "Question sur la sécurité" not in read(pages, "rupn", "/dossiers/2")[0]


def test_a_question_that_an_older_release_did_not_keep_is_told_without_its_words(pages: Pages) -> None:
    file_doubt(pages, doubt="false")
    with pages.world.desk.database.writing() as session:
        session.execute(update(IncidentRow).values(classification={"doubt": True}))
    page = read(pages, "rupn", "/dossiers/1/pourquoi")[0]
    assert "les mots faisaient-ils penser à une attaque ? Réponse : non." in page


def test_a_corrected_fact_says_which_team_corrected_it(pages: Pages) -> None:
    said, room = (
        {"category": "network", "scope": "room"},
        shipped_policy().book.vocabulary.label("scope", "room"),
    )
    ticket = pages.world.file("teacher", subject="Le wifi coupe", facts=said).ticket
    addresses = (f"/dossiers/{ticket}", f"/dossiers/{ticket}/pourquoi")
    assert all("corrigé" not in page for page in read(pages, "rupn", *addresses))
    desk, technician = pages.world.desk, pages.world["technician"]
    redecide.correct(desk, technician, ticket, {"category": "hardware"}, "Le PC.", MONDAY + hours(1))
    for page in read(pages, "rupn", *addresses):
        assert "Matériel (corrigé par la maintenance du Département)" in page
        assert f"{room} (dit par la personne)" in page
    first = text_of(pages.client.get(f"/dossiers/{ticket}/pourquoi?decision=1").text)
    assert "Réseau, internet (dit par la personne)" in first, first


def test_who_is_of_no_team_is_told_by_her_role(pages: Pages) -> None:
    ticket = pages.world.file("teacher", subject="Le wifi coupe", facts={"category": "network"}).ticket
    redecide.raise_alert(pages.world.desk, pages.world["teacher"], ticket, "", MONDAY + hours(1))
    (page,) = read(pages, "rssi", f"/dossiers/{ticket}/pourquoi")
    assert "(corrigé depuis le signalement : Personnel du collège)" in page
