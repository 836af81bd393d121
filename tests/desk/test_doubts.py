"""A doubt about security: asked, never believed. Only what a person says makes the fact."""

from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from router.classify.classifier import Classifier
from router.classify.corpus import read_texts
from router.classify.doubt import question_for
from router.classify.needs import CALM as CALM_NEEDS
from router.desk import declare, filing, signals
from router.desk.advise import advise, read_words
from router.desk.filing import Draft
from router.desk.lines import decide_query, decision_of
from router.desk.reading import SUSPECTED, Declared, read_declaration
from router.desk.redecide import correct
from router.model.actor import Invalid
from router.model.incident import Classification, Facts
from router.model.told import ToldKind
from router.model.words import Category, Party, Source
from router.store import journal
from router.store.tables import DecisionRow, NoticeRow, Ticket
from tests.desk.test_filing import declaration
from tests.desk.world import MONDAY, World, shipped_policy

QUESTIONS = {
    "J'ai cliqué sur un lien": "Avez-vous saisi un mot de passe après avoir cliqué ?",
    "L'ordinateur portable est perdu": "L'appareil perdu ou volé contient-il des données ou ouvre-t-il des comptes ?",
    "Nos fichiers ont changé": "Un message demande-t-il de payer, ou des fichiers ont-ils changé de nom ?",
    "Ma session s'est ouverte ailleurs": "Quelqu'un d'autre que vous a-t-il pu utiliser ce compte ?",
    "Tout est bizarre ici": "",
}
RANSOM = "Un message exige une rançon, tous les fichiers sont chiffrés"
HUSHED = (  # a sure attack, and words that ask for training, advice or data: no quiet need may silence it
    "Un conseil svp : tous les documents du serveur ont changé de nom et une note réclame 500 euros",
    "Nous voudrions une formation : quelqu'un contrôle à distance ma souris et fouille mes documents",
    "question sur le rgpd : tous nos documents portent la fin .lokked et un texte réclame de l'argent",
)
CALM = "Le vidéoprojecteur de la salle 204 ne s'allume plus"
PROBES = (
    "clicked",
    "virus",
    "cliqué sur",
    "mot de passe volé",
    "quelqu'un s'est connecté",
    "un inconnu",
    "extension inconnue",
)
PLACES = (
    "Le poste 4 est lent, {}",
    "Souci en salle 12 : {}",
    "{} et Pronote ne répond plus",
    "Imprimante : {}",
)


@cache
def doubtful(*, fired: bool, own_question: bool = False) -> str:
    """The first text of ours that is in doubt, whatever the model in force: the detector fired, or didn't; with a
    question of its own, or any."""
    classifier = shipped_policy().classifier
    bodies = (f"{text.subject}. {text.body}" for text in read_texts("train"))
    read = ((body, classifier.classify("Signalement", body)) for body in bodies)
    asked = ((body, found) for body, found in read if found.doubt_question or not own_question)
    return next(body for body, found in asked if in_doubt(found, fired=fired))


@cache
def unsure() -> str:
    """Words with a plain sign of an attack, of which the detector is not sure."""
    classifier = shipped_policy().classifier
    bodies = (place.format(sign) for place in PLACES for sign in PROBES)
    return next(body for body in bodies if _signed_and_unsure(classifier, body))


def _signed_and_unsure(classifier: Classifier, body: str) -> bool:
    found = classifier.classify("Signalement", body)
    return classifier.read("Signalement", body).attacked and in_doubt(found, fired=True)


def in_doubt(found: Classification, *, fired: bool) -> bool:
    plain = found.need is None and found.told.of(ToldKind.PRODUCT) is None
    return found.doubt and (found.category is Category.SECURITY) is fired and plain


def draft(doubt: str = "", **changes: Any) -> Draft:
    words = {"subject": "Signalement", "body": doubtful(fired=False)}
    return Draft(**{"key": "k-1", "doubt": doubt, "doubt_shown": True} | words | changes)


def filed(world: World, given: Draft) -> tuple[Ticket, DecisionRow, set[str]]:
    made = filing.send(world.desk, world["teacher"], given, MONDAY)
    with world.desk.database.reading() as session:
        ticket = session.get_one(Ticket, made.ticket)
        decision = session.get_one(DecisionRow, ticket.decision_id)
        woken = set(session.scalars(select(NoticeRow.address).where(NoticeRow.ticket_id == ticket.id)))
        session.expunge_all()
    return ticket, decision, woken


# --- What only asks ---------------------------------------------------------------------------------


def test_a_question_about_security_asked_without_any_cue_wakes_nobody(world: World) -> None:
    """Never learnt; no cue of a need stands in it."""
    body = "Pouvez-vous intervenir devant les professeurs sur les arnaques en ligne ?"
    ticket, decision, woken = filed(world, draft(subject="", body=body))
    assert (ticket.alert, ticket.review) == (False, "pending") and "rssi@example.org" not in woken
    assert decision.facts["need"]["value"] in {"training", "advice", "data"}


# --- The question -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("words", "question"), QUESTIONS.items())
def test_the_question_suits_the_words(words: str, question: str) -> None:
    classifier = shipped_policy().classifier
    assert question_for(classifier.read("", words), classifier.lexicon) == question


def test_the_form_asks_it_once_and_shows_the_first_gestures(world: World) -> None:
    look = filing.look(world.desk, world["teacher"], draft(), MONDAY)
    assert look.doubt is not None and look.doubt.question.endswith("?") and look.doubt.stands
    assert SUSPECTED not in {each.fact for each in look.asks}
    for answer, stands in (("unknown", True), ("false", False)):
        again = filing.look(world.desk, world["teacher"], draft(answer), MONDAY)
        assert again.doubt is not None and again.doubt.stands is stands and again.doubt.answer == answer


@pytest.mark.parametrize("words", [CALM, RANSOM, "bonjour", ""])
def test_what_is_plain_is_not_doubted(world: World, words: str) -> None:
    assert filing.look(world.desk, world["teacher"], draft(subject=words, body=""), MONDAY).doubt is None


def test_another_answer_is_refused(world: World) -> None:
    with pytest.raises(Invalid) as refusal:
        filing.look(world.desk, world["teacher"], draft(doubt="peut-être"), MONDAY)
    assert refusal.value.field == "doubt"


# --- The answers ------------------------------------------------------------------------------------


def test_yes_makes_an_alert_that_she_declared(world: World) -> None:
    ticket, decision, woken = filed(world, draft(doubt="true"))
    assert ticket.alert and ticket.holder == Party.RSSI and ticket.review is None
    assert decision.facts[SUSPECTED] == {"value": True, "source": Source.DECLARED.value}
    assert decision.facts["category"] == {"value": "security", "source": Source.DECLARED.value}
    assert "rssi@example.org" in woken


def test_yes_beside_another_category_leaves_the_holder_and_tells_the_rssi(world: World) -> None:
    ticket, decision, woken = filed(world, draft(doubt="true", answers={"category": "hardware"}))
    assert not ticket.alert and ticket.category == "hardware" and ticket.holder != Party.RSSI
    assert decision.facts[SUSPECTED]["source"] == Source.DECLARED.value
    assert "rssi@example.org" in woken


def test_no_is_declared_and_wakes_nobody(world: World) -> None:
    ticket, decision, woken = filed(world, draft(doubt="false"))
    assert (ticket.alert, ticket.review) == (False, None)
    assert decision.facts[SUSPECTED] == {"value": False, "source": Source.DECLARED.value}
    assert "rssi@example.org" not in woken


@pytest.mark.parametrize("answer", ["", "unknown"])
def test_i_do_not_know_wakes_nobody_and_the_rssi_reads_it(world: World, answer: str) -> None:
    ticket, decision, woken = filed(world, draft(doubt=answer))
    assert (ticket.alert, ticket.review) == (False, "pending")
    assert decision.facts[SUSPECTED]["source"] == Source.UNKNOWN.value
    assert "rssi@example.org" not in woken
    assert [row.id for row in signals.review(world.desk, world["rssi"], None).rows] == [ticket.id]


def test_nobody_can_be_asked_by_file_so_the_rssi_reads_it(world: World) -> None:
    declare.file_incident(
        world.desk, declaration(subject="Signalement", body=doubtful(fired=False)), journal.COMMAND, MONDAY
    )
    with world.desk.database.reading() as session:
        assert session.scalars(select(Ticket.review)).one() == "pending"


def test_no_to_a_detector_that_fired_wakes_nobody_and_the_rssi_reads_it(world: World) -> None:
    body = doubtful(fired=True)
    unanswered, *_ = filed(world, draft(body=body))
    assert unanswered.category == "security"
    ticket, decision, _ = filed(world, draft("false", body=body, key="k-2"))
    assert (ticket.alert, ticket.review) == (False, "pending") and ticket.category != "security"
    assert decision.facts[SUSPECTED]["source"] == Source.DECLARED.value


def test_no_by_file_to_a_sure_attack_wakes_nobody_and_the_rssi_reads_it(world: World) -> None:
    """A score is never believed against what a person says, even where no question would have been asked."""
    filed = world.file("rupn", subject="Signalement", body=RANSOM, facts={SUSPECTED: False})
    with world.desk.database.reading() as session:
        ticket = session.get_one(Ticket, filed.ticket)
    assert (ticket.alert, ticket.review) == (False, "pending")
    assert ticket.category != Category.SECURITY


@pytest.mark.parametrize("body", HUSHED)
def test_a_need_only_read_in_the_words_hushes_no_attack(world: World, body: str) -> None:
    look = filing.look(world.desk, world["teacher"], draft(body=body), MONDAY)
    assert look.doubt is not None and look.doubt.stands
    ticket, _, woken = filed(world, draft(body=body))
    assert (ticket.alert, ticket.review) == (False, "pending") and "rssi@example.org" not in woken
    answered, *_ = filed(world, draft("true", body=body, key="k-2"))
    assert answered.alert and answered.holder == Party.RSSI


def test_a_need_that_she_declares_is_hers(world: World) -> None:
    ticket, *_ = filed(world, draft(body=HUSHED[1], answers={"need": "training", "category": "security"}))
    assert (ticket.alert, ticket.review) == (False, None)


@pytest.mark.parametrize("need", sorted(CALM_NEEDS))
@pytest.mark.parametrize("told", ["doubtful", "fired", "ransom"])
def test_yes_is_an_alert_whatever_need_she_had_ticked(world: World, need: str, told: str) -> None:
    body = RANSOM if told == "ransom" else doubtful(fired=told == "fired")
    for category in ({}, {"category": "unknown"}):
        given = draft("true", body=body, answers={"need": need} | category, key=f"k-{len(category)}")
        ticket, decision, woken = filed(world, given)
        assert ticket.alert and ticket.holder == Party.RSSI and ticket.review is None
        assert decision.facts[SUSPECTED] == {"value": True, "source": Source.DECLARED.value}
        assert "rssi@example.org" in woken


def test_yes_by_file_is_an_alert_whatever_the_need(world: World) -> None:
    facts = {SUSPECTED: True, "need": "advice", "category": "security"}
    told = declaration(subject="Signalement", body=doubtful(fired=True), facts=facts)
    assert declare.file_incident(world.desk, told, journal.COMMAND, MONDAY).alert


@pytest.mark.parametrize("need", sorted(CALM_NEEDS))
@pytest.mark.parametrize(("answer", "review"), [("", "pending"), ("unknown", "pending"), ("false", "pending")])
def test_a_quiet_need_that_she_ticked_hushes_no_sure_attack(
    world: World, need: str, answer: str, review: str
) -> None:
    """A score alone wakes nobody against her need: the question is asked, and the RSSI reads it whatever she says."""
    given = draft(answer, body=RANSOM, answers={"need": need})
    look = filing.look(world.desk, world["teacher"], given, MONDAY)
    assert look.doubt is not None and look.doubt.stands is (answer != "false")
    ticket, decision, woken = filed(world, given)
    assert (ticket.alert, ticket.review) == (False, review) and "rssi@example.org" not in woken
    assert decision.facts["need"] == {"value": need, "source": Source.DECLARED.value}


def test_a_quiet_need_that_her_words_ask_for_too_is_left_alone(world: World) -> None:
    given = draft(
        subject="Une formation sur la cybersécurité pour toute l'équipe", body="", answers={"need": "advice"}
    )
    look = filing.look(world.desk, world["teacher"], given, MONDAY)
    assert look.words is not None and look.words.need == "training" and look.doubt is None


def test_the_rssi_may_say_later_that_it_was_a_question_only(world: World) -> None:
    given = draft("true", body=doubtful(fired=True), answers={"need": "advice"})
    made = filing.send(world.desk, world["teacher"], given, MONDAY)
    assert made.alert
    correct(world.desk, world["rssi"], made.ticket, {"need": "advice"}, "une question seulement", MONDAY)
    with world.desk.database.reading() as session:
        ticket = session.get_one(Ticket, made.ticket)
        assert ticket.holder == Party.RUPN and session.get_one(DecisionRow, ticket.decision_id).facts[
            "need"
        ] == {
            "value": "advice",
            "source": Source.DECLARED.value,
        }


# --- Never silently -----------------------------------------------------------------------------------


@pytest.mark.parametrize("product", ["", "Pronote", "ONDE", "Op@le", "ordinateur portable"])
@pytest.mark.parametrize("signed", [True, False])
def test_signs_that_leave_it_unsure_end_in_no_quiet_category(world: World, product: str, signed: bool) -> None:
    """A named product gives its category: the question is asked all the same, and the RSSI reads the ticket."""
    body = unsure() if signed else doubtful(fired=True)
    given = draft(body=body, product=product)
    look = filing.look(world.desk, world["teacher"], given, MONDAY)
    assert look.doubt is not None and look.doubt.stands
    ticket, _, woken = filed(world, given)
    assert ticket.alert or ticket.review == "pending"
    assert ticket.alert is (ticket.category == "security") and ticket.alert is ("rssi@example.org" in woken)


def test_another_category_beside_signs_left_unanswered_is_read_by_the_rssi(world: World) -> None:
    for answer, review in (("", "pending"), ("unknown", "pending"), ("false", None)):
        given = draft(answer, body=unsure(), answers={"category": "hardware"}, key=f"k-{answer}")
        ticket, _, woken = filed(world, given)
        assert (ticket.alert, ticket.review, ticket.category) == (False, review, "hardware")
        assert "rssi@example.org" not in woken


@pytest.mark.parametrize("product", ["Pronote", "PRONOTE", "ONDE"])
def test_naming_a_product_hushes_no_attack(world: World, product: str) -> None:
    for told in (draft(body=RANSOM, product=product), draft(body=f"{product} : {RANSOM}", key="k-2")):
        ticket, decision, _ = filed(world, told)
        assert ticket.alert and decision.facts["category"]["source"] == Source.CLASSIFIER.value
    denied, decision, _ = filed(world, draft("false", body=RANSOM, product=product, key="k-3"))
    assert not denied.alert and denied.review == "pending"


# --- A score never becomes the fact -----------------------------------------------------------------


def sources_of_every_path(world: World, words: str) -> Iterator[Facts]:
    """The facts of the form, of a filed line, of a decided line and of the public page, from the same words."""
    seen = declare.preview(world.desk, declaration(subject=words[:200] or "?", body=words), MONDAY)
    yield seen.decision.facts
    line = {"id": 1, "facts": {}, "subject": words, "text": words}
    yield decision_of(shipped_policy(), decide_query(line, MONDAY), None).facts
    yield read_declaration(shipped_policy(), Declared(words, words, "rupn")).facts


def test_on_every_path_the_fact_is_a_persons_or_nobodys(world: World) -> None:
    texts = [each for each in read_texts("dev") if each.label is Category.SECURITY]
    doubts = (doubtful(fired=True), doubtful(fired=False))
    for words in (*doubts, *QUESTIONS, RANSOM, *(f"{each.subject} {each.body}" for each in texts)):
        for facts in sources_of_every_path(world, words):
            assert facts.items[SUSPECTED].source is Source.UNKNOWN and facts.value(SUSPECTED) is False
        assert SUSPECTED not in read_words(world.desk, words, MONDAY)
    supposed = advise(world.desk, {}, {"category": "hardware", SUSPECTED: "true"}, None, MONDAY)
    assert SUSPECTED not in {each.fact for each in supposed.stated}


def test_a_correction_of_something_else_does_not_make_it(world: World) -> None:
    given = draft(answers={"category": "hardware", "asset_owner": "departement"})
    made = filing.send(world.desk, world["teacher"], given, MONDAY)
    correct(world.desk, world["technician"], made.ticket, {"scope": "room"}, "toute la salle", MONDAY)
    with world.desk.database.reading() as session:
        rows = session.scalars(select(DecisionRow)).all()
    assert len(rows) == 2 and all(row.facts[SUSPECTED]["source"] == Source.UNKNOWN.value for row in rows)


WORDS = st.lists(
    st.sampled_from(
        ["virus", "rançon", "cliqué sur", "piraté", "mot de passe", "volé", "écran", "wifi", "Pronote", ","]
    ),
    max_size=12,
).map(" ".join)


@given(st.one_of(st.text(max_size=200), WORDS), st.sampled_from([None, True, False]))
@settings(max_examples=150, deadline=None)
def test_whatever_the_words_the_fact_is_what_she_said(words: str, said: bool | None) -> None:
    declared = Declared("", words, "enseignant", facts={} if said is None else {SUSPECTED: said})
    fact = read_declaration(shipped_policy(), declared).facts.items[SUSPECTED]
    assert fact.value is bool(said)
    assert fact.source is (Source.UNKNOWN if said is None else Source.DECLARED)
