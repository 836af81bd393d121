"""What a draft still has to say: kept, never signed, and written without opening a file."""

from dataclasses import replace
from datetime import date

import pytest

from router.desk import completing, draft_pages, drafting
from router.desk.approving import NotProved
from router.desk.completing import Answers
from router.desk.draft_terms import Terms
from router.desk.policy import PolicyRefused, load_policy, prove_policy
from router.model.actor import Conflict, Forbidden, Invalid
from router.model.words import DraftStatus, DraftStep, Institution
from router.store.engine import Database
from tests.desk.drafts import (
    AVENANT,
    FILE,
    NORTH,
    approve,
    propose,
    read,
    settle_keepers,
    shipped,
    started,
    to_complete,
)
from tests.desk.world import MONDAY, World

ANSWERS = Answers(
    why="Le Département loue les copieurs « du Val-Nord » :\n il les fait réparer.",
    decision="Relevé de décision n° 6.",
    decided_on=date(2026, 11, 19),
    signatory="Les deux coordonnateurs",
)


@pytest.fixture
def world(database: Database) -> World:
    return settle_keepers(database)


def complete(
    world: World, draft_id: int, answers: Answers = ANSWERS, who: str = "manager", number: int = 0
) -> None:
    completing.complete(
        world.desk, world[who], draft_id, number, answers, read(world, draft_id).version, MONDAY
    )


def line_of_copiers() -> int:
    before = to_complete()[FILE].split('id = "nord-copieurs"')[0]
    return before.count("\n")


def test_it_is_kept_and_read_but_nobody_proposes_it(world: World) -> None:
    draft_id = started(world, sources=to_complete())
    place = f"{FILE}:{line_of_copiers()}"
    with pytest.raises(NotProved) as refusal:
        propose(world, draft_id)
    assert f"Il reste à compléter : « Copieurs : loués par les collèges » ({place})" in refusal.value.message
    sheet = draft_pages.sheet(world.desk, world["manager"], draft_id, MONDAY)
    assert sheet.faults == () and sheet.changes is not None, "its effects can be read"
    (entry,) = sheet.to_complete
    assert entry.missing == {"why", "decision", "decided_on", "signatory"}
    said = {line.label: " ".join(line.texts) for line in entry.lines}
    assert "Département, maintenance" in said["Alors"] and not {"Parce que", "Décision locale"} & said.keys()


def test_no_folder_is_published_with_it_either() -> None:
    load_policy(to_complete())
    with pytest.raises(PolicyRefused) as refused:
        prove_policy(to_complete())
    (fault,) = refused.value.faults
    assert (fault.file, fault.line, fault.code) == (FILE, line_of_copiers(), "AIG023")


def test_written_on_the_page_then_approved(world: World) -> None:
    draft_id = started(world, sources=to_complete())
    before = read(world, draft_id).sources
    complete(world, draft_id)
    draft = read(world, draft_id)
    assert draft.version == 2 and {name for name in before if before[name] != draft.sources[name]} == {FILE}
    rules = load_policy(draft.sources).book.conventions[NORTH].rules
    (rule,) = (each for each in rules if each.title.startswith("Copieurs"))
    assert rule.why == "Le Département loue les copieurs « du Val-Nord » : il les fait réparer."
    assert rule.local is not None
    assert (rule.local.decision, rule.local.decided_on, rule.local.signatory) == (
        ANSWERS.decision,
        ANSWERS.decided_on,
        ANSWERS.signatory,
    )
    assert len(before[FILE].splitlines()) == len(draft.sources[FILE].splitlines())
    propose(world, draft_id)
    approve(world, draft_id)
    assert read(world, draft_id).status == DraftStatus.PUBLISHED


REFUSED = {
    "no reason": (replace(ANSWERS, why=" \u200b "), "why"),
    "the placeholder again": (replace(ANSWERS, why="à compléter plus tard"), "why"),
    "a novel": (replace(ANSWERS, why="a" * 501), "why"),
    "no decision": (replace(ANSWERS, decision=""), "decision"),
    "no day": (replace(ANSWERS, decided_on=None), "decided_on"),
    "a day after the first day it applies": (replace(ANSWERS, decided_on=date(2026, 11, 24)), "decided_on"),
    "a slip of the century": (replace(ANSWERS, decided_on=date(1026, 11, 19)), "decided_on"),
    "no signatory": (replace(ANSWERS, signatory=""), "signatory"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_missing_changes_nothing(world: World, case: str) -> None:
    answers, field = REFUSED[case]
    draft_id = started(world, sources=to_complete())
    with pytest.raises(Invalid) as refusal:
        complete(world, draft_id, answers)
    assert refusal.value.field == field
    assert read(world, draft_id).version == 1 and read(world, draft_id).sources == to_complete_of(NORTH)


def to_complete_of(convention: str) -> dict[str, str]:
    return {
        name: text
        for name, text in to_complete().items()
        if not name.startswith("conventions/") or name == f"conventions/{convention}.toml"
    }


def test_a_draft_that_changed_or_is_no_longer_waiting_is_left_alone(world: World) -> None:
    draft_id = started(world, sources=to_complete())
    with pytest.raises(Conflict, match="a changé depuis"):
        completing.complete(world.desk, world["manager"], draft_id, 0, ANSWERS, 7, MONDAY)
    complete(world, draft_id)
    with pytest.raises(Conflict, match="n'est plus à compléter"):
        complete(world, draft_id)
    with pytest.raises(Forbidden):
        complete(world, draft_id, who="manager_of_both")


def test_a_key_written_in_another_way_is_left_to_the_file(world: World) -> None:
    sources = to_complete()
    sources[FILE] = sources[FILE].replace('why = "À compléter', '"why" = "À compléter')
    draft_id = started(world, sources=sources)
    with pytest.raises(Invalid, match="ouvrez son fichier"):
        complete(world, draft_id)
    assert read(world, draft_id).version == 1


def test_the_story_says_for_which_institution_it_was_begun(world: World) -> None:
    draft_id = drafting.start_from_published(world.desk, world["manager"], NORTH, Terms("À nous"), MONDAY)
    story = draft_pages.sheet(world.desk, world["manager"], draft_id, MONDAY).story
    assert [(each.step, each.institution) for each in story] == [(DraftStep.STARTED, Institution.DEPARTEMENT)]


def test_the_terms_are_justified_once_all_are_there(world: World) -> None:
    for terms, justified in ((AVENANT, True), (replace(AVENANT, reference=""), False)):
        draft_id = started(world, terms, shipped())
        assert draft_pages.sheet(world.desk, world["manager"], draft_id, MONDAY).justified is justified
