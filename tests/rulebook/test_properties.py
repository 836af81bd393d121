"""Stated properties are proved, refuted with a counterexample when they fail, and agree with sampled decisions."""

import random

import pytest

from router.model.faults import Fault
from router.model.words import Source
from router.rulebook.book import Rulebook
from router.rulebook.decide import decide
from router.rulebook.load import check
from tests.rulebook.conftest import AT

MATERIEL, RESEAU = "routing/30-materiel.toml", "routing/40-reseau.toml"
OWN_FUNDS = (
    "when = \"category == 'hardware' and asset_owner == 'etablissement'\"\nassign = \"rupn\"",
    "when = \"category == 'hardware' and asset_owner == 'etablissement'\"\nassign = \"departement_maintenance\"",
)
BROKEN = [
    (MATERIEL, *OWN_FUNDS, "sans-accord-jamais-departement", "sans cet accord"),
    (
        MATERIEL,
        'assign = "academie_dsi"',
        'assign = "departement_maintenance"',
        "etat-jamais-departement",
        "L'État",
    ),
    ("routing/20-securite.toml", 'assign = "rssi"', 'assign = "rupn"', "alerte-au-rssi", "Sécurité"),
    ("obligations.toml", 'inform = ["principal"]', 'inform = ["dpo"]', "alerte-principal-prevenu", "Sécurité"),
    (
        "obligations.toml",
        'inform = ["dpo", "principal"]',
        'inform = ["dpo"]',
        "donnees-dpo-prevenu",
        "exposées : Oui",
    ),
    (
        "obligations.toml",
        "asset_owner == 'etat'\n  or software",
        "software",
        "alerte-academie-prevenue",
        "L'État",
    ),
]


def refuted(sources: dict[str, str], file: str, old: str, new: str) -> list[Fault]:
    assert old in sources[file]
    return list(check({**sources, file: sources[file].replace(old, new, 1)}))


@pytest.mark.parametrize(("file", "old", "new", "name", "words"), BROKEN)
def test_a_broken_rule_refutes_its_property(
    sources: dict[str, str], file: str, old: str, new: str, name: str, words: str
) -> None:
    faults = refuted(sources, file, old, new)
    text = sources["properties.toml"]
    line = text[: text.index(f'id = "{name}"')].count("\n")
    (fault,) = {f for f in faults if f.line == line and "convention" not in f.message}
    assert (fault.file, fault.code) == ("properties.toml", "AIG120")
    assert words in fault.message


def test_a_rule_that_looks_at_the_calendar_is_refuted(sources: dict[str, str]) -> None:
    text = sources[RESEAU]
    old = "when = \"category == 'network' and asset_owner in ['none', 'unknown']\""
    twin = text[text.index('[[rule]]\nid = "reseau-a-confirmer"') :]
    twin = twin.replace("reseau-a-confirmer", "reseau-en-vacances").replace(
        '"departement_maintenance"', '"rupn"'
    )
    twin = twin.replace(old, old[:-1] + ' and on_school_holiday"')
    before = text.index('[[rule]]\nid = "reseau-a-confirmer"')
    faults = check({**sources, RESEAU: text[:before] + twin + "\n" + text[before:]})
    assert any(
        "« Pendant les vacances scolaires » y change le responsable" in fault.message for fault in faults
    )


def test_a_local_rule_cannot_break_a_property(sources: dict[str, str]) -> None:
    name = "conventions/demo-nord.toml"
    text = sources[name].replace('assign = "rupn"', 'assign = "rssi"', 1)
    faults = check({**sources, name: text})
    assert {fault.code for fault in faults} == {"AIG120"}
    assert all("convention « demo-nord »" in fault.message for fault in faults)


def test_a_property_that_says_nothing_is_refused(sources: dict[str, str]) -> None:
    text = sources["properties.toml"] + '\n[[property]]\nid = "rien"\ntitle = "Rien"\narticles = ["4"]\n'
    (fault,) = check({**sources, "properties.toml": text})
    assert (fault.code, fault.line) == ("AIG003", text[: text.index('id = "rien"')].count("\n"))


def test_at_least_fifteen_properties_each_with_its_article(book: Rulebook) -> None:
    assert len(book.properties) >= 15
    assert all(stated.articles for stated in book.properties)


def test_sampled_decisions_obey_every_property(book: Rulebook) -> None:
    """Independent of the proof: random cells of each region, decided for real."""
    chance = random.Random(15)
    domain = book.vocabulary.domain
    for stated in book.properties:
        for _ in range(150):
            cube = chance.choice(stated.region)
            values = {n: chance.choice(domain.values_in(n, m)) for n, m in zip(domain.names, cube, strict=True)}
            convention = chance.choice([None, *book.conventions])
            facts = book.vocabulary.resolve([(Source.DECLARED, values)])
            decision = decide(book, facts, AT, convention=convention)
            assert not stated.responsible or decision.responsible in stated.responsible, stated.id
            assert decision.responsible not in stated.never, stated.id
            aware = {decision.responsible, *decision.inform}
            aware |= {p for p, d in book.parties.items() if values["reporter_role"] in d.reports_as}
            assert set(stated.told) <= aware, stated.id
            for name in stated.unchanged_by:
                for value in domain.bits[name]:
                    changed = book.vocabulary.resolve([(Source.DECLARED, {**values, name: value})])
                    other = decide(book, changed, AT, convention=convention)
                    assert other.responsible is decision.responsible, (stated.id, name)
