"""What the data protection officer is told of, and how she says that she knows (3.1.5)."""

import pytest

from router.desk import alert, data_protection, settling, ticket_page
from router.desk.gestures import Gesture
from router.model.actor import Refused
from router.model.words import EventKind
from tests.desk.world import MONDAY, World, hours

TEN = MONDAY + hours(1)


@pytest.fixture
def leak(world: World) -> int:
    facts = {"category": "security", "personal_data_exposed": True}
    return world.file("teacher", subject="Le fichier des élèves est en ligne", facts=facts).ticket


def numbers(world: World, who: str = "dpo") -> tuple[list[int], list[int]]:
    desk, actor = world.desk, world[who]
    waiting, known = data_protection.to_note(desk, actor), data_protection.noted(desk, actor, None)
    return [row.id for row in waiting.rows], [row.id for row in known.rows]


def test_she_finds_what_exposes_data_and_says_once_that_she_knows(world: World, leak: int) -> None:
    world.file("teacher", subject="Compte piraté", facts={"category": "security"})  # no data exposed
    assert numbers(world) == ([leak], [])
    view = ticket_page.show(world.desk, world["dpo"], leak, TEN)
    assert view.gestures == {Gesture.NOTE_DATA}
    data_protection.note(world.desk, world["dpo"], leak, TEN)
    assert numbers(world) == ([], [leak])
    told = ticket_page.show(world.desk, world["rssi"], leak, TEN).story[-1]
    assert (told.kind, told.actor_name) == (EventKind.DATA_NOTED, world["dpo"].name)
    with pytest.raises(Refused):
        data_protection.note(world.desk, world["dpo"], leak, TEN + hours(1))


def test_a_question_about_data_is_hers_to_know_too_and_a_closed_one_still(world: World, leak: int) -> None:
    facts = {"category": "security", "need": "data"}
    question = world.file("principal", subject="Peut-on publier les photos ?", facts=facts).ticket
    alert.acknowledge(world.desk, world["rssi"], leak, TEN)
    settling.resolve(world.desk, world["rssi"], leak, "Fichier retiré.", TEN)
    assert numbers(world) == ([leak, question], [])
    data_protection.note(world.desk, world["dpo"], leak, TEN + hours(1))
    data_protection.note(world.desk, world["dpo"], question, TEN + hours(1))
    assert numbers(world) == ([], [question, leak])


@pytest.mark.parametrize(
    "who", ["rssi", "principal", "teacher", "technician", "lead", "manager", "administrator"]
)
def test_nobody_says_it_in_her_place(world: World, leak: int, who: str) -> None:
    with pytest.raises(Refused):
        data_protection.note(world.desk, world[who], leak, TEN)
