"""A doubt that her page never showed is asked once before anything is made; a sure alert goes without waiting."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import func, select

from router.desk import filing
from router.desk.attachments import GivenFile
from router.desk.doubts import QuestionFirst
from router.desk.filing import Draft
from router.model.actor import Conflict
from router.store.tables import Attachment, IncidentRow, NoticeRow, Ticket
from tests.desk.test_doubts import CALM, RANSOM, doubtful, draft
from tests.desk.world import MONDAY, World, hours

PNG = GivenFile("ecran.png", b"\x89PNG\r\n\x1a\n")
STORED = (IncidentRow, Ticket, NoticeRow, Attachment)


def unseen(**changes: object) -> Draft:
    return draft(**{"doubt_shown": False} | changes)


def stored(world: World) -> list[int]:
    with world.desk.database.reading() as session:
        return [session.scalar(select(func.count()).select_from(table)) or 0 for table in STORED]


def send(world: World, given: Draft, later: float = 0) -> filing.Filed:
    return filing.send(world.desk, world["teacher"], given, MONDAY + hours(later))


@pytest.mark.parametrize("fired", [True, False])
def test_the_first_press_stores_nothing_and_the_second_sends(world: World, fired: bool) -> None:
    given, before = unseen(body=doubtful(fired=fired), files=(PNG,)), stored(world)
    for _ in range(2):
        with pytest.raises(QuestionFirst) as refusal:
            send(world, given)
        assert refusal.value.field == "doubt" and stored(world) == before
    made = send(world, replace(given, doubt_shown=True))
    assert made.alert is fired and not made.repeated
    assert stored(world)[:2] == [1, 1] and stored(world)[3] == 1


@pytest.mark.parametrize("answer", ["true", "false", "unknown"])
def test_an_answer_is_sent_at_once_wherever_it_was_given(world: World, answer: str) -> None:
    assert send(world, unseen(doubt=answer)).alert is (answer == "true")


def test_her_own_choice_of_a_category_is_asked_too_unless_it_is_security(world: World) -> None:
    with pytest.raises(QuestionFirst):
        send(world, unseen(answers={"category": "hardware"}))
    assert send(world, unseen(answers={"category": "security"})).alert


@pytest.mark.parametrize(
    "given", [lambda: unseen(body=RANSOM), lambda: unseen(body=CALM)], ids=["sure alert", "no doubt"]
)
def test_without_a_doubt_it_goes_at_once(world: World, given: Callable[[], Draft]) -> None:
    assert send(world, given()).alert is (given().body == RANSOM)


def test_a_form_already_sent_gives_its_ticket_back_and_asks_nothing(world: World) -> None:
    first = send(world, unseen(doubt_shown=True))
    again = send(world, unseen(), later=0.1)
    assert (again.ticket, again.repeated) == (first.ticket, True)
    with pytest.raises(Conflict):
        send(world, unseen(room="CDI"))
