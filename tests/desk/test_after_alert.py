"""A sure alert goes without waiting; its card suits the words, and what it leaves open is asked afterwards."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from router.classify.corpus import read_texts
from router.desk import after_alert, filing
from router.desk.alert_card import card_of
from router.desk.caller import Caller
from router.desk.filing import Draft
from router.model.actor import Conflict, Invalid, NotFound
from router.model.words import EventKind
from router.store import journal, story
from router.store.tables import NoticeRow, Ticket
from tests.desk.test_doubts import in_doubt
from tests.desk.world import MONDAY, NORTH, World, shipped_policy

CASES: list[dict[str, str]] = tomllib.loads(Path(__file__).with_name("alert_cards.toml").read_text("utf-8"))[
    "case"
]
CLICKED = CASES[0]["body"]
ASKED = CASES[0]["question"]


def sent(world: World, who: str = "teacher", **changes: Any) -> int:
    given = Draft(**{"key": "k-1", "body": CLICKED, "doubt_shown": True} | changes)
    filed = filing.send(world.desk, world[who], given, MONDAY)
    assert filed.alert
    return filed.ticket


def comments(world: World, ticket: int) -> list[tuple[str, str]]:
    with world.desk.database.reading() as session:
        entries = story.of_ticket(session, ticket)
    return [(each.actor_name, each.text) for each in entries if each.kind is EventKind.COMMENTED]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["body"][:40])
def test_the_gestures_and_the_question_suit_the_words(case: dict[str, str]) -> None:
    card = card_of(shipped_policy(), "", case["body"])
    assert card.question == case["question"]
    assert card.steps[0].startswith(case["first"]) if "first" in case else card.steps == ()
    assert "never" not in case or not any(case["never"] in step for step in card.steps)


def test_every_step_is_a_sentence_with_its_stars_in_pairs() -> None:
    steps = [step for group in shipped_policy().classifier.lexicon.groups for step in group.reflexes]
    assert len(steps) >= 20
    assert all(step.count("*") % 2 == 0 and step.endswith(".") for step in steps)


@cache
def asked_alike() -> str:
    """A text of ours whose doubt asks in the form what its alert would ask afterwards, whatever the model in force."""
    policy = shipped_policy()
    for text in read_texts("train"):
        found = policy.classifier.classify("", text.body)
        question = found.doubt_question if in_doubt(found, fired=True) else ""
        if question and card_of(policy, "", text.body).question == question:
            return text.body
    raise AssertionError("no text of ours leaves such a doubt")


@pytest.mark.parametrize(("said", "told"), [("true", "Oui"), ("unknown", "Je ne sais pas"), ("", "")])
def test_what_the_form_already_asked_is_not_asked_again(world: World, said: str, told: str) -> None:
    sent(world, body=asked_alike(), doubt=said)
    shown = filing.sent(world.desk, world["teacher"], "k-1")
    assert shown.card is not None and shown.card.question and shown.card.told == told


def test_the_alert_goes_first_and_the_answer_is_added_to_it(world: World) -> None:
    look = filing.look(world.desk, world["teacher"], Draft(key="k-1", body=CLICKED), MONDAY)
    assert look.doubt is None and look.card is not None and look.card.question == ASKED
    ticket = sent(world)
    shown = filing.sent(world.desk, world["teacher"], "k-1")
    assert shown.card is not None and (shown.card.question, shown.card.told) == (ASKED, "")
    after_alert.answer(world.desk, world["teacher"], "k-1", "true", MONDAY)
    after_alert.answer(world.desk, world["teacher"], "k-1", "true", MONDAY)  # pressed twice
    assert comments(world, ticket) == [(world["teacher"].name, f"{ASKED} Oui")]
    again = filing.sent(world.desk, world["teacher"], "k-1")
    assert again.card is not None and again.card.told == "Oui"
    after_alert.answer(world.desk, world["teacher"], "k-1", "false", MONDAY)
    assert [text for _, text in comments(world, ticket)] == [f"{ASKED} Oui", f"{ASKED} Non"]
    with world.desk.database.reading() as session:
        told = session.scalars(select(NoticeRow.address).where(NoticeRow.kind == "commented")).all()
        assert set(told) == {"rssi@example.org"} and journal.verify(session)[1] == ()


def test_whoever_sent_it_for_a_caller_answers_too_and_still_cannot_read_it(world: World) -> None:
    caller = Caller(role="enseignant", name="Camille Essai", email="", phone="00 00 00 00 00")
    ticket = sent(world, "technician", uai=NORTH, caller=caller)
    after_alert.answer(world.desk, world["technician"], "k-1", "unknown", MONDAY)
    assert comments(world, ticket) == [(world["technician"].name, f"{ASKED} Je ne sais pas")]
    assert not filing.sent(world.desk, world["technician"], "k-1").may_open


def test_what_is_not_an_answer_is_refused(world: World) -> None:
    ticket = sent(world)
    with pytest.raises(Invalid):
        after_alert.answer(world.desk, world["teacher"], "k-1", "peut-être", MONDAY)
    with pytest.raises(NotFound):
        after_alert.answer(world.desk, world["rupn"], "k-1", "true", MONDAY)
    filing.send(world.desk, world["teacher"], Draft(key="k-2", subject="La souris est cassée"), MONDAY)
    with pytest.raises(NotFound):
        after_alert.answer(world.desk, world["teacher"], "k-2", "true", MONDAY)
    with world.desk.database.writing() as session:
        session.get_one(Ticket, ticket).opened = False
    with pytest.raises(Conflict):
        after_alert.answer(world.desk, world["teacher"], "k-1", "true", MONDAY)
    assert comments(world, ticket) == []
