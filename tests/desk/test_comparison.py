"""What a draft would have touched, on both databases: numbers of tickets beside each line, nothing written, no alert
told."""

from datetime import timedelta
from functools import cache

import pytest
from sqlalchemy import MetaData, select

from router.desk.comparison import (
    ConventionChanges,
    beside_the_rules,
    changes,
    conventions_of,
    count_tickets,
    published,
    replay,
)
from router.desk.house import Desk
from router.desk.policy import Policy, load_policy, read_sources
from router.model.actor import Invalid
from router.model.words import Party
from router.reports.period import Period
from router.rulebook.changes import Kind
from router.settings import SHIPPED_RULES
from router.store.engine import Database
from tests.desk.world import MONDAY, World, shipped_policy

SOFTWARE = {"category": "metier_software", "software_origin": "unknown", "need": "breakdown"}
LATER = MONDAY + timedelta(days=1)


@cache
def draft() -> Policy:
    """The académie takes software of unknown origin; the ladders are reread without a change."""
    sources = read_sources(SHIPPED_RULES)
    name = "routing/60-logiciels-metier.toml"
    old = 'software_origin == \'unknown\'"\nassign = "rupn"'
    assert old in sources[name]
    changed = {name: sources[name].replace(old, old.replace('"rupn"', '"academie_dsi"'))}
    ladders = {"ladders.toml": sources["ladders.toml"] + "\n# relu\n"}
    return load_policy({**sources, **changed, **ladders})


@cache
def stricter() -> Policy:
    """One kind of alert less."""
    sources = read_sources(SHIPPED_RULES)
    name = "priorities.toml"
    old = "need in ['breakdown', 'access', 'installation', 'unknown']"
    return load_policy({**sources, name: sources[name].replace(old, old.replace("'access', ", ""))})


def counted(desk: Desk, new: Policy, convention: str | None) -> ConventionChanges:
    (found,) = count_tickets(desk, [changes(shipped_policy().book, new.book, convention, LATER.date())], LATER)
    return found


def rows(database: Database) -> dict[str, list[tuple[object, ...]]]:
    """Everything the database holds."""
    found = MetaData()
    found.reflect(database.engine)
    with database.engine.connect() as connection:
        return {
            name: sorted(map(tuple, connection.execute(select(table))), key=repr)
            for name, table in found.tables.items()
        }


@pytest.fixture
def filled(world: World) -> World:
    world.file("rupn_south", "Un logiciel", "Il ne démarre plus.", at=MONDAY, facts=SOFTWARE)
    world.file("rupn_south", "Un autre", "Il ne démarre plus.", at=MONDAY - timedelta(days=30), facts=SOFTWARE)
    world.file("rupn_south", "Un vieux", "Il ne démarre plus.", at=MONDAY - timedelta(days=400), facts=SOFTWARE)
    world.file("rupn", "Un logiciel", "Il ne démarre plus.", at=MONDAY, facts=SOFTWARE)
    world.file("rupn_south", "La ligne", "Coupée.", at=MONDAY, facts={"category": "network"})
    return world


def test_each_line_says_how_many_tickets_of_the_year_it_touches(filled: World) -> None:
    before = rows(filled.desk.database)
    for convention, tickets in (("demo-sud", 2), ("demo-nord", 1), (None, 0)):
        found = counted(filled.desk, draft(), convention)
        ((line,),) = [day.lines for day in found.days]
        assert (line.line.kind, line.line.before, line.line.after) == (
            Kind.HOLDER,
            Party.RUPN,
            Party.ACADEMIE_DSI,
        )
        assert line.tickets == tickets
        assert line.text.startswith("Logiciel métier · fournisseur du logiciel « je ne sais pas »")
    assert rows(filled.desk.database) == before


def test_an_alert_is_in_no_number(world: World) -> None:
    attack = {"category": "security", "need": "access"}
    world.file("rupn_south", "Piratage", "Quelqu'un a pris la main.", at=MONDAY, facts=attack)
    found = counted(world.desk, stricter(), "demo-sud")
    lines = [line for day in found.days for line in day.lines]
    assert Kind.NO_ALERT in {line.line.kind for line in lines}
    assert {line.tickets for line in lines} == {0}


def test_a_replay_counts_and_writes_nothing(filled: World) -> None:
    world = filled
    before = rows(world.desk.database)
    week = Period.through(MONDAY.date(), MONDAY.date(), world.desk.settings.zone)
    found = replay(world.desk, draft(), week, None)
    assert (found.total, found.changed, found.unchanged) == (3, 2, 1)
    (move,) = [move for move in found.moves if move.before is not move.after]
    assert (move.before, move.after, found.moves[move]) == (Party.RUPN, Party.ACADEMIE_DSI, 2)
    assert replay(world.desk, draft(), week, "demo-nord").total == 1
    assert rows(world.desk.database) == before


def test_a_published_book_by_the_beginning_of_its_fingerprint(world: World) -> None:
    fingerprint = shipped_policy().fingerprint
    assert published(world.desk, fingerprint[:8].upper()).fingerprint == fingerprint
    with pytest.raises(Invalid, match="Aucun recueil publié"):
        published(world.desk, "0" * 12)
    with pytest.raises(Invalid, match="au moins 6"):
        published(world.desk, fingerprint[:3])
    with pytest.raises(Invalid, match="Aucun recueil publié"):
        published(world.desk, "%%%%%%")


def test_conventions_and_what_is_not_compared() -> None:
    assert conventions_of(shipped_policy(), draft()) == (None, "demo-nord", "demo-sud")
    assert beside_the_rules(shipped_policy(), draft()) == ()
    sources = read_sources(SHIPPED_RULES)
    name = "clocks/calendars.toml"
    later = load_policy({**sources, name: sources[name].replace("08:00-12:00", "08:30-12:00")})
    assert beside_the_rules(shipped_policy(), later) == ("les calendriers",)
