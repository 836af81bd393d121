"""Books over a vocabulary small enough to look at every cell, and random ones that still pass the proof."""

import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from router.rulebook.book import Rulebook
from router.rulebook.load import RulebookRefused, load_book

HOLDERS = ("departement_maintenance", "academie_dsi", "rssi", "rupn")
CATEGORIES = ("hardware", "network", "metier_software", "pedagogical_resource", "security", "unknown")
ROLES = (
    "rupn",
    "enseignant",
    "gestionnaire",
    "principal",
    "vie_scolaire",
    "aesh",
    "sante_social",
    "agent_departement",
    "technicien",
    "eleve",
    "unknown",
)
FACTS = """
[facts.category]
kind = "enum"
label = "Type"
question = "Quoi ?"
values = {{ {categories} }}
[facts.reporter_role]
kind = "enum"
label = "Qui signale"
question = "Qui ?"
values = {{ {roles} }}
[facts.lieu]
kind = "enum"
label = "Lieu"
question = "Où ?"
values = {{ {places} }}
[facts.presse]
kind = "bool"
label = "Pressé"
question = "Pressé ?"
{done}
"""
DONE = """[facts.fait]
kind = "bool"
label = "Déjà fait"
source = "Qui signale."
true_when = "reporter_role in {who}"
"""
RULE = """
[[rule]]
id = "{id}"
title = "Règle {id}"
when = "{when}"
assign = "{assign}"
articles = ["{article}"]
why = "Parce que."
since = 2025-09-01
checked_on = 2026-11-23
"""
OBLIGATION = """
[[obligation]]
id = "{id}"
title = "Devoir {id}"
when = "{when}"
inform = {inform}
within_minutes = {minutes}
articles = ["4"]
why = "Pour qu'ils le sachent."
since = 2025-09-01
checked_on = 2026-11-23
"""
PRIORITIES = """
[alert]
when = "category == 'security' and presse"
priority = "critical"
articles = ["4"]
why = "Une alerte."
[[priority]]
id = "presse"
title = "Pressé"
when = "presse{more}"
priority = "{high}"
[[priority]]
id = "reste-presse"
title = "Le reste, pressé"
when = "presse"
priority = "normal"
[[priority]]
id = "reste"
title = "Le reste"
when = "not presse"
priority = "low"
"""
IMPOSSIBLE = """
[incoherent]
id = "faits-incoherents"
title = "Réponses qui se contredisent"
assign = "rupn"
articles = ["4"]
why = "Deux réponses se contredisent."
since = 2025-09-01
checked_on = 2026-11-23
[[impossible]]
when = "{when}"
why = "Cela ne se peut."
"""


@dataclass(frozen=True, slots=True)
class Setting:
    """What may differ between two small books, rules apart."""

    places: Sequence[str] = ("salle", "bureau", "unknown")
    done: str | None = "['rupn']"

    def facts(self) -> str:
        return FACTS.format(
            categories=_labelled(CATEGORIES),
            roles=_labelled(ROLES),
            places=_labelled(self.places),
            done=DONE.format(who=self.done) if self.done else "",
        )


def _labelled(values: Sequence[str]) -> str:
    return ", ".join(f'{value} = "{value.capitalize()}"' for value in values)


def random_book(chance: random.Random, setting: Setting, shipped: Mapping[str, str]) -> Rulebook:
    """A few random rules before one for each category; those that the proof finds dead are taken away."""
    rules = [
        RULE.format(
            id=f"r{n}",
            when=_condition(chance, setting),
            assign=chance.choice(HOLDERS),
            article=chance.choice(("4", "3.1.5")),
        )
        for n in range(chance.randint(2, 6))
    ]
    rules += [
        RULE.format(
            id=f"type-{name.replace('_', '-')}",
            when=f"category == '{name}'",
            assign=chance.choice(HOLDERS),
            article="4",
        )
        for name in CATEGORIES
    ]
    duties = [
        OBLIGATION.format(
            id=f"d{n}",
            when=_condition(chance, setting),
            inform=f'["{chance.choice((*HOLDERS, "principal", "dpo"))}"]',
            minutes=chance.choice((0, 60, 480)),
        )
        for n in range(3)
    ]
    impossible = f"category == 'network' and lieu == '{chance.choice(setting.places)}' and presse"
    sources = {
        "vocabulary.toml": setting.facts(),
        "parties.toml": shipped["parties.toml"],
        "convention.toml": shipped["convention.toml"],
        "obligations.toml": "".join(duties),
        "priorities.toml": PRIORITIES.format(
            more=f" and lieu != '{chance.choice(setting.places)}'", high=chance.choice(("high", "critical"))
        ),
        "impossible.toml": IMPOSSIBLE.format(when=impossible),
    }
    return _without_dead_rules(sources, rules)


def _condition(chance: random.Random, setting: Setting) -> str:
    simple = [
        f"category in {chance.sample(CATEGORIES, 2)}",
        f"reporter_role in {chance.sample(ROLES, 3)}",
        f"lieu == '{chance.choice(setting.places)}'",
        chance.choice(("presse", "not presse")),
        *(["not fait"] if setting.done else []),
    ]
    return f" {chance.choice(('and', 'and', 'or'))} ".join(chance.sample(simple, 2))


def _without_dead_rules(sources: dict[str, str], rules: list[str]) -> Rulebook:
    while True:
        text = '[group]\ntitle = "Tout"\n' + "".join(rules)
        try:
            return load_book({**sources, "routing/10.toml": text})
        except RulebookRefused as refused:
            dead = {
                match[1]
                for fault in refused.faults
                if (match := re.search(r"« (\S+) » ne peut", fault.message))
            }
            left = [rule for rule in rules if re.search(r'id = "(.+)"', rule)[1] not in dead]  # type: ignore[index]
            if len(left) == len(rules):
                raise
            rules = left
