"""Names and words beside the journal: erased, the chain holds; changed in any way, it names the entry."""

import pytest
from sqlalchemy import delete, update

from router.desk.installation import verify_journal
from router.store.tables import EventDetail
from tests.desk.world import World

CHANGES: dict[str, dict[str, object]] = {
    "other words": {"text": "Tout marche"},
    "another name": {"actor_name": "Quelqu'un d'autre"},
    "hidden from the collège": {"internal": True},
    "another salt": {"salt": "0" * 32},
    "words without salt": {"text": "Tout marche", "salt": ""},
    "a name without salt": {"text": "", "salt": ""},
}


@pytest.mark.parametrize("change", CHANGES)
def test_words_changed_beside_an_entry_are_named(world: World, change: str) -> None:
    ticket = world.file().ticket
    first = (EventDetail.ticket_id == ticket) & (EventDetail.seq == 1)
    with world.desk.database.writing() as session:
        session.execute(update(EventDetail).where(first).values(CHANGES[change]))
    _count, breaks = verify_journal(world.desk, None)
    assert [(each.ticket_id, each.seq, each.reason) for each in breaks] == [
        (ticket, 1, "le nom ou le texte joint a changé")
    ]


def test_words_erased_leave_the_chain_valid(world: World) -> None:
    world.file()
    with world.desk.database.writing() as session:
        session.execute(update(EventDetail).where(EventDetail.seq == 1).values(text="", actor_name="", salt=""))
        session.execute(delete(EventDetail).where(EventDetail.seq != 1))
    assert verify_journal(world.desk, None)[1] == ()
