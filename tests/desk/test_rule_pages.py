"""A rule's page: by the book of the person's own convention first, by another's when she asks for it."""

from collections.abc import Mapping

import pytest

from router.desk import rule_pages
from router.model.actor import NotFound
from router.model.words import Party
from router.store.engine import Database
from tests.desk.drafts import FILE, NORTH, SOUTH, approve, propose, settle_keepers, shipped, started
from tests.desk.world import MONDAY, World

ROUTING = "routing/60-logiciels-metier.toml"
OLD = 'software_origin == \'unknown\'"\nassign = "rupn"'


def with_software_to_the_academie() -> Mapping[str, str]:
    sources = shipped()
    assert sources[ROUTING].count(OLD) == 1
    return sources | {ROUTING: sources[ROUTING].replace(OLD, OLD.replace('"rupn"', '"academie_dsi"'))}


@pytest.fixture
def world(database: Database) -> World:
    """The North agreed that the académie takes software of unknown origin."""
    world = settle_keepers(database)
    draft_id = started(world, sources=dict(with_software_to_the_academie()))
    propose(world, draft_id)
    approve(world, draft_id)
    return world


def rule_id(world: World) -> str:
    """The rule the North changed."""
    with world.desk.database.reading() as session:
        book = world.desk.policies.at(session, MONDAY, NORTH).book
        national = world.desk.policies.at(session, MONDAY).book
    (found,) = [rule.id for rule in book.rules if rule.assign is not national.rule(rule.id).assign]
    return found


@pytest.mark.parametrize(
    ("who", "convention", "responsible"),
    [
        (None, None, Party.RUPN),
        ("rupn", NORTH, Party.ACADEMIE_DSI),
        ("rupn_south", SOUTH, Party.RUPN),
        ("technician", NORTH, Party.ACADEMIE_DSI),
        ("dsi", None, Party.RUPN),
    ],
)
def test_unsaid_it_is_the_person_s_own(
    world: World, who: str | None, convention: str | None, responsible: Party
) -> None:
    actor = world[who] if who else None
    shown = rule_pages.rule(world.desk, rule_id(world), MONDAY, actor=actor)
    assert (shown.convention, shown.responsible) == (convention, responsible)
    assert [each.id for each in shown.conventions] == [NORTH, SOUTH] and shown.national
    assert shown.absent_from == ""


def test_anybody_may_choose_another(world: World) -> None:
    for asked, responsible in ((NORTH, Party.ACADEMIE_DSI), (SOUTH, Party.RUPN), ("", Party.RUPN)):
        shown = rule_pages.rule(world.desk, rule_id(world), MONDAY, actor=world["rupn"], convention=asked)
        assert (shown.convention, shown.responsible) == (asked or None, responsible)
    with pytest.raises(NotFound, match="convention n'existe pas"):
        rule_pages.rule(world.desk, rule_id(world), MONDAY, convention="lune")
    with pytest.raises(NotFound, match="règle n'est pas"):
        rule_pages.rule(world.desk, "lune", MONDAY, convention=NORTH)


def test_what_one_convention_settled_is_no_rule_of_another(world: World) -> None:
    local = next(line.split('"')[1] for line in shipped()[FILE].splitlines() if line.startswith('id = "nord-'))
    for actor, asked, absent in ((None, None, ""), (world["rupn_south"], None, "Sud"), (None, SOUTH, "Sud")):
        shown = rule_pages.rule(world.desk, local, MONDAY, actor=actor, convention=asked)
        assert shown.convention == NORTH and shown.local is not None and not shown.national
        assert [each.id for each in shown.conventions] == [NORTH]
        assert (absent in shown.absent_from) if absent else not shown.absent_from
