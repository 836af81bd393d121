"""A draft that no longer starts from the published book: taken up again, chosen where both changed."""

from dataclasses import replace

import pytest

from router.desk import draft_pages, retaking
from router.desk.draft_pages import DraftSheet
from router.model.actor import Conflict, Forbidden, Invalid
from router.model.words import DraftStatus
from router.store import books
from router.store.engine import Database
from tests.desk.drafts import (
    AVENANT,
    BY_THE_COLLEGE,
    BY_THE_DEPARTEMENT,
    FILE,
    NORTH,
    approve,
    propose,
    read,
    settle_keepers,
    shipped,
    started,
    with_copiers,
)
from tests.desk.world import MONDAY, World

WHY = "qui appelle le loueur."
OTHER_WHY = "le Département garde la machine."


@pytest.fixture
def world(database: Database) -> World:
    return settle_keepers(database)


def edited(old: str, new: str, sources: dict[str, str] | None = None) -> dict[str, str]:
    sources = sources or shipped()
    assert sources[FILE].count(old) == 1
    return sources | {FILE: sources[FILE].replace(old, new)}


def publish(world: World, sources: dict[str, str]) -> str:
    draft_id = started(world, replace(AVENANT, title="Autre"), sources)
    propose(world, draft_id)
    approve(world, draft_id)
    return read(world, draft_id).fingerprint


def sheet(world: World, draft_id: int) -> DraftSheet:
    return draft_pages.sheet(world.desk, world["manager"], draft_id, MONDAY)


def take_up(world: World, draft_id: int, published: str, who: str = "manager", **chosen: str) -> None:
    version = read(world, draft_id).version
    names = {each.name: side for each in choices(world, draft_id) for side in chosen.values()}
    retaking.take_up(world.desk, world[who], draft_id, published, names, version, MONDAY)


def choices(world: World, draft_id: int) -> tuple[retaking.Choice, ...]:
    found = sheet(world, draft_id).retaking
    return found.choices if found else ()


def test_what_touches_other_rules_is_joined_and_can_be_approved(world: World) -> None:
    draft_id = started(world)
    assert sheet(world, draft_id).retaking is None
    published = publish(world, edited(OTHER_WHY, "le Département garde toujours la machine."))
    found = sheet(world, draft_id).retaking
    assert found is not None and found.published == published and found.choices == ()
    assert found.theirs == ("Serveurs EOLE : l'académie les administre",)
    assert found.ours == ("Copieurs : loués par les collèges",)
    with pytest.raises(Conflict, match="Reprenez d'abord"):
        propose(world, draft_id)
    take_up(world, draft_id, published)
    draft = read(world, draft_id)
    assert (draft.status, draft.version, draft.base_fingerprint) == (DraftStatus.DRAFT, 2, published)
    assert "garde toujours" in draft.sources[FILE] and BY_THE_COLLEGE not in draft.sources[FILE]
    assert sheet(world, draft_id).retaking is None and sheet(world, draft_id).faults == ()
    propose(world, draft_id)
    approve(world, draft_id)
    with world.desk.database.reading() as session:
        assert len(books.history(session, NORTH)) == 3


@pytest.mark.parametrize(("side", "by"), [("ours", BY_THE_DEPARTEMENT), ("theirs", BY_THE_COLLEGE)])
def test_a_rule_that_both_changed_must_be_chosen(world: World, side: str, by: str) -> None:
    draft_id = started(world, sources=edited(OTHER_WHY, "elle est au Département.", with_copiers()))
    published = publish(world, edited(WHY, "qui appelle son loueur."))
    (choice,) = choices(world, draft_id)
    assert choice.label == "Copieurs : loués par les collèges" and not choice.whole
    assert BY_THE_DEPARTEMENT in (choice.ours or "") and "son loueur" in (choice.theirs or "")
    assert choice.words is not None and [line.label for line in choice.words.differing] == [
        "Alors",
        "Parce que",
    ]
    with pytest.raises(Invalid, match="Choisissez ce qui est gardé de « Copieurs"):
        take_up(world, draft_id, published)
    assert read(world, draft_id).version == 1
    take_up(world, draft_id, published, which=side)
    text = read(world, draft_id).sources[FILE]
    assert text.count(by) >= 1 and ("son loueur" in text) is (side == "theirs")
    assert "elle est au Département." in text and sheet(world, draft_id).faults == ()


def test_a_draft_of_which_nothing_is_left(world: World) -> None:
    draft_id = started(world)
    published = publish(world, edited(OTHER_WHY, "le Département la garde.", with_copiers()))
    with pytest.raises(Invalid, match="déjà dans le recueil publié"):
        take_up(world, draft_id, published)


def test_what_she_read_must_still_be_so(world: World) -> None:
    draft_id = started(world)
    with pytest.raises(Conflict, match="part déjà du recueil publié"):
        take_up(world, draft_id, "")
    first = publish(world, edited(OTHER_WHY, "le Département la garde."))
    publish(world, edited("le Département la garde.", "il la garde.", read_published(world, first)))
    with pytest.raises(Conflict, match="Un autre recueil a encore été publié"):
        take_up(world, draft_id, first)
    with pytest.raises(Forbidden):
        take_up(world, draft_id, first, "rupn")


def read_published(world: World, fingerprint: str) -> dict[str, str]:
    with world.desk.database.reading() as session:
        return books.sources_of(session, fingerprint)
