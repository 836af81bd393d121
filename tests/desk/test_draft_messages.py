"""Who is told of a draft: those who may approve it, then those who wrote it; nobody of a gesture that is refused."""

from dataclasses import replace

import pytest

from router.desk import approving
from router.desk.drafting import change_terms, replace_file, start_from_published
from router.model.actor import Forbidden
from router.notices.compose import NoticeKind
from router.store.engine import Database
from router.store.tables import NoticeRow
from tests.desk.drafts import AVENANT, FILE, NORTH, approve, propose, settle_keepers, started, with_copiers
from tests.desk.world import MONDAY, World, notices

SENT = ("draft_proposed", "manager-academie@example.org")


@pytest.fixture
def world(database: Database) -> World:
    return settle_keepers(database)


def told(world: World) -> list[tuple[str, str]]:
    with world.desk.database.reading() as session:
        return notices(session)


def last(world: World) -> NoticeRow:
    with world.desk.database.reading() as session:
        return session.query(NoticeRow).order_by(NoticeRow.id.desc()).first()  # type: ignore[return-value]


def test_the_other_institution_is_told_when_a_draft_is_proposed(world: World) -> None:
    draft_id = started(world)
    propose(world, draft_id)
    assert told(world) == [SENT]
    message = last(world)
    assert message.subject == "Projet de règles à approuver : Avenant n° 1 : copieurs"
    for words in ("Personne Manager (Département)", f"https://aiguillage.example.org/recueil/projets/{draft_id}",
                  "lundi 23 novembre 2026", "Val-Nord"):  # fmt: skip
        assert words in message.body, words


def test_the_departements_people_of_that_convention_alone(world: World) -> None:
    propose(world, started(world), "manager_academie")
    assert told(world) == [
        ("draft_proposed", "manager@example.org"),
        ("draft_proposed", "manager-too@example.org"),
    ]


def test_whoever_began_it_and_whoever_proposed_it_are_told_that_it_is_approved(world: World) -> None:
    draft_id = started(world)
    propose(world, draft_id)
    approve(world, draft_id)
    assert told(world) == [SENT, ("draft_approved", "manager@example.org")]
    assert "Personne Manager Academie (académie) a approuvé" in last(world).body


def test_and_that_it_is_refused_with_the_reason(world: World) -> None:
    draft_id = start_from_published(world.desk, world["manager_too"], NORTH, AVENANT, MONDAY)
    replace_file(world.desk, world["manager"], draft_id, FILE, with_copiers()[FILE], 1, MONDAY)
    propose(world, draft_id)
    approving.refuse(world.desk, world["manager_academie"], draft_id, "Le comité n'a pas tranché.", 2, MONDAY)
    assert told(world) == [
        SENT,
        (NoticeKind.DRAFT_REFUSED, "manager@example.org"),
        (NoticeKind.DRAFT_REFUSED, "manager-too@example.org"),
    ]
    assert "    Le comité n'a pas tranché." in last(world).body


def test_a_gesture_that_is_refused_tells_nobody(world: World) -> None:
    draft_id = started(world)
    propose(world, draft_id)
    with pytest.raises(Forbidden):
        approve(world, draft_id, "manager_too")
    assert told(world) == [SENT]


def test_a_proposed_draft_that_is_withdrawn_is_no_longer_before_its_approvers(world: World) -> None:
    draft_id = started(world)
    propose(world, draft_id)
    approving.withdraw(world.desk, world["manager_too"], draft_id, "Signature remise à plus tard.", 1, MONDAY)
    assert told(world) == [
        SENT,
        (NoticeKind.DRAFT_WITHDRAWN, "manager@example.org"),
        (NoticeKind.DRAFT_WITHDRAWN, "manager-academie@example.org"),
    ]
    assert "    Signature remise à plus tard." in last(world).body


def test_nor_is_one_that_is_changed_meanwhile(world: World) -> None:
    draft_id = started(world)
    propose(world, draft_id)
    terms = replace(AVENANT, title="Avenant n° 1 : copieurs et imprimantes")
    change_terms(world.desk, world["manager"], draft_id, terms, 1, MONDAY)
    assert told(world) == [SENT, (NoticeKind.DRAFT_REWORKED, "manager-academie@example.org")]
    assert "Il n'attend plus d'accord" in last(world).body


def test_a_draft_that_was_not_proposed_is_its_authors_affair(world: World) -> None:
    draft_id = start_from_published(world.desk, world["manager_too"], NORTH, AVENANT, MONDAY)
    replace_file(world.desk, world["manager"], draft_id, FILE, with_copiers()[FILE], 1, MONDAY)
    assert told(world) == []
    approving.withdraw(world.desk, world["manager"], draft_id, "Fait deux fois.", 2, MONDAY)
    assert told(world) == [(NoticeKind.DRAFT_WITHDRAWN, "manager-too@example.org")]
