"""Drafts for the tests: an avenant of the North that gives its copiers back to the Département."""

from datetime import date, datetime
from typing import Any

from router.desk import approving, drafting
from router.desk.accounts import actor_from
from router.desk.draft_terms import Terms
from router.desk.policy import read_sources
from router.model.words import GroundsKind, Institution, Role
from router.settings import SHIPPED_RULES, Settings
from router.store import drafts
from router.store.engine import Database
from router.store.journal import COMMAND
from router.store.tables import RuleDraft
from tests.desk.world import MONDAY, World, an_account, settle_world

NORTH, SOUTH = "demo-nord", "demo-sud"
FILE = f"conventions/{NORTH}.toml"
TODAY = date(2026, 11, 23)
AVENANT = Terms(
    title="Avenant n° 1 : copieurs",
    kind=GroundsKind.AVENANT,
    reference="Avenant n° 1 à la convention",
    signed_on=date(2026, 11, 20),
    articles=("3.1.3", "7.1"),
    in_force_from=TODAY,
)
BY_THE_COLLEGE = 'assign = "rupn"'
BY_THE_DEPARTEMENT = 'assign = "departement_maintenance"'
COPIER = {"category": "hardware", "product_family": "copier", "asset_owner": "unknown", "need": "breakdown"}


DEPARTEMENT = {"role": Role.MANAGER, "duty": "agent_departement", "institution": Institution.DEPARTEMENT}
MORE_PEOPLE: dict[str, dict[str, Any]] = {
    "manager_too": {**DEPARTEMENT, "convention_id": NORTH},
    "manager_south": {**DEPARTEMENT, "convention_id": SOUTH},
    "manager_of_both": {"role": Role.MANAGER, "duty": "agent_departement"},
}


def settle_keepers(database: Database, settings: Settings | None = None) -> World:
    """The usual world, and a few more managers: a colleague, one of the South, one of no institution."""
    world = settle_world(database, settings)
    with database.writing() as session:
        accounts = {name: an_account(name, **values) for name, values in MORE_PEOPLE.items()}
        session.add_all(accounts.values())
        session.flush()
        world.people.update({name: actor_from(row) for name, row in accounts.items()})
    return world


def shipped() -> dict[str, str]:
    return read_sources(SHIPPED_RULES)


def with_copiers() -> dict[str, str]:
    sources = shipped()
    assert sources[FILE].count(BY_THE_COLLEGE) == 1
    return sources | {FILE: sources[FILE].replace(BY_THE_COLLEGE, BY_THE_DEPARTEMENT)}


def started(world: World, terms: Terms = AVENANT, sources: dict[str, str] | None = None) -> int:
    return drafting.start(world.desk, NORTH, sources or with_copiers(), terms, COMMAND, MONDAY)


def read(world: World, draft_id: int) -> RuleDraft:
    with world.desk.database.reading() as session:
        found = drafts.find(session, draft_id)
        assert found is not None
        session.expunge(found)
        return found


def propose(world: World, draft_id: int, who: str = "manager", at: datetime = MONDAY) -> None:
    approving.propose(world.desk, world[who], draft_id, read(world, draft_id).version, at)


def approve(world: World, draft_id: int, who: str = "manager_academie", at: datetime = MONDAY) -> None:
    draft = read(world, draft_id)
    approving.approve(world.desk, world[who], draft_id, draft.fingerprint, draft.version, at)


WAITING_WHY = 'why = "À compléter : dites pourquoi."'
WAITING_DECISION = 'decision = "À compléter : la décision des deux institutions."'


def to_complete() -> dict[str, str]:
    """The copiers given back to the Département, by somebody who left the reason and the decision to be written."""
    sources = with_copiers()
    text = sources[FILE]
    for key, waiting in (
        ("why", WAITING_WHY),
        ("decision", WAITING_DECISION),
        ("signatory", 'signatory = "À compléter"'),
    ):
        entry = text.index('id = "nord-copieurs"')
        start = text.index(f"\n{key} = ", entry) + 1
        text = text[:start] + waiting + text[text.index("\n", start) :]
    return sources | {FILE: text}
