"""The register of grey zones: complete, within its rules, and telling exactly what each convention has settled."""

from datetime import UTC, datetime

import pytest

from router.rulebook.book import Rulebook
from router.rulebook.load import check, load_book
from router.rulebook.zones import Standing, facts_of_zones, holds_in, standings
from tests.rulebook.conftest import AT

FILE = "grey_zones.toml"
COPIER = "category == 'hardware' and asset_owner == 'unknown' and product_family == 'copier'"

# (what is written, what is put instead, code, the words of the fault)
SEEDS = [
    ('rules = ["telephonie"]', 'rules = ["telefonie"]', "AIG130", "vouliez-vous « telephonie »"),
    ('rules = ["telephonie"]', 'rules = ["materiel-etat"]', "AIG131", "arbitrage"),
    ('rules = ["materiel-etat"]', 'rules = ["telephonie"]', "AIG131", 'settled_by = "local"'),
    ('rules = ["telephonie"]', 'rules = ["serveur-eole"]', "AIG132", "« telephonie » est ouverte"),
    (COPIER, COPIER.replace("'unknown'", "'etat'"), "AIG133", "sort de ses règles"),
    (COPIER, COPIER + " and zone == 'pedagogique'", "AIG134", "hors de ses zones grises"),
    ('id = "copieurs"', 'id = "eole"', "AIG005", "déjà écrite"),
    ('settled_by = "avenant"', 'settled_by = "avenat"', "AIG004", "vouliez-vous « avenant »"),
    ("product_family == 'telephony'", "product_family == 'telefony'", "AIG007", "telefony"),
    ('articles = ["3.1.3"]', 'articles = ["3.1.33"]', "AIG009", "3.1.33"),
    ("question = \"Qui s'occupe", "demande = \"Qui s'occupe", "AIG002", "demande"),
]

# What the two shipped conventions have settled on that day, zone by zone; anything else is open.
SETTLED = {
    ("demo-nord", "eole"): (Standing.PARTLY, ["nord-serveurs-eole"]),
    ("demo-nord", "ent"): (Standing.PARTLY, ["nord-ent"]),
    ("demo-nord", "copieurs"): (Standing.DECIDED, ["nord-copieurs"]),
    ("demo-sud", "liaison-academie"): (Standing.DECIDED, ["sud-liaison-academique"]),
    ("demo-sud", "restauration-logiciel"): (Standing.PARTLY, ["sud-restauration-logiciel"]),
    ("demo-sud", "postes-sans-accord-trace"): (Standing.PARTLY, ["sud-postes-non-traces"]),
}


@pytest.mark.parametrize(("old", "new", "code", "words"), SEEDS)
def test_a_fault_of_the_register_is_told_at_its_place(
    sources: dict[str, str], old: str, new: str, code: str, words: str
) -> None:
    assert old in sources[FILE]
    faults = check({**sources, FILE: sources[FILE].replace(old, new, 1)})
    found = [fault for fault in faults if fault.code == code]
    assert found and any(words in fault.message for fault in found), faults
    if code not in ("AIG132", "AIG134"):  # those are said at the rule that no zone holds
        assert all(fault.file == FILE and fault.line > 1 for fault in found)


def test_every_rule_open_to_arbitration_is_in_a_zone(book: Rulebook) -> None:
    opened = {rule.id for rule in book.rules if rule.arbitrage}
    assert opened and opened == {name for zone in book.zones if zone.local for name in zone.rules}


@pytest.mark.parametrize("convention", [None, "demo-nord", "demo-sud"])
def test_what_each_convention_has_settled(book: Rulebook, convention: str | None) -> None:
    for found in standings(book, AT, convention):
        wanted = SETTLED.get((convention or "", found.zone.id), (Standing.OPEN, []))
        assert (found.standing, [rule.id for rule in found.settled_by]) == wanted, found.zone.id
        assert found.provisional


def test_a_zone_is_open_before_its_decision_applies(book: Rulebook) -> None:
    before = standings(book, datetime(2025, 12, 1, 9, tzinfo=UTC), "demo-sud")
    assert {found.standing for found in before if found.zone.id == "liaison-academie"} == {Standing.OPEN}


def test_a_cell_is_in_the_zone_that_asks_its_question(book: Rulebook) -> None:
    facts = {"category": "network", "product_family": "telephony", "asset_owner": "unknown"}
    assert [zone.id for zone in book.zones if holds_in(book, zone, facts)] == ["telephonie"]
    assert not any(holds_in(book, zone, {**facts, "asset_owner": "etat"}) for zone in book.zones)
    assert "category" in facts_of_zones(book) and "urgency" not in facts_of_zones(book)


def test_a_book_published_before_the_register_still_loads(sources: dict[str, str]) -> None:
    assert load_book({name: text for name, text in sources.items() if name != FILE}).zones == ()
