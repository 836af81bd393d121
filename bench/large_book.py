"""A book of as many rules as one likes, over the shipped vocabulary, that the whole proof accepts.

Each shipped rule is preceded by narrower ones of the same party (« only for these people », « only when it is
urgent »), as a book grows in life: by cases somebody wanted to word apart."""

import json
import random
import re
import tomllib
from collections.abc import Mapping
from datetime import date
from typing import Any

from router.rulebook.load import RulebookRefused, load_book

NARROWING = {
    "reporter_role": ["rupn", "enseignant", "gestionnaire", "principal", "vie_scolaire", "aesh", "technicien"],
    "scope": ["person", "room", "site", "unknown"],
    "urgency": ["normal", "blocking", "exam", "unknown"],
    "zone": ["pedagogique", "administration", "none", "unknown"],
    "need": ["breakdown", "access", "installation", "advice", "unknown"],
}
ROUNDS = 8
_REFUSED = re.compile(r"« (\S+) » ne peut jamais gagner")


def grown(shipped: Mapping[str, str], rules: int) -> dict[str, str]:
    """The shipped files, their rules grown to about `rules` (dead ones left out, so seldom exactly)."""
    chance = random.Random(600)
    files = {name: tomllib.loads(text) for name, text in shipped.items() if name.startswith("routing/")}
    each = max(1, rules // sum(len(file["rule"]) for file in files.values()))
    routing = {
        name: {
            "group": file["group"],
            "rule": [one for rule in file["rule"] for one in _family(rule, each, chance)],
        }
        for name, file in files.items()
    }
    dead: set[str] = set()
    for _ in range(ROUNDS):
        sources = {**shipped, **{name: _written(file, dead) for name, file in routing.items()}}
        try:
            load_book(sources)
        except RulebookRefused as refused:
            found = {match[1] for fault in refused.faults if (match := _REFUSED.search(fault.message))}
            if not found - dead:
                raise
            dead |= found
        else:
            return sources
    raise RuntimeError("no book without a dead rule was found")


def _family(rule: dict[str, Any], count: int, chance: random.Random) -> list[dict[str, Any]]:
    """Narrower copies of a rule, then the rule."""
    free = [name for name in NARROWING if name not in rule["when"]]
    found = []
    for n in range(count - 1 if len(free) > 1 else 0):
        facts = chance.sample(free, 2)
        narrow = " and ".join(f"{name} == '{chance.choice(NARROWING[name])}'" for name in facts)
        found.append(
            {
                **rule,
                "id": f"{rule['id']}-cas-{'abcdefghijklmnopqrstuvwxyz'[n]}",
                "when": f"({rule['when'].strip()}) and {narrow}",
            }
        )
    return [*found, rule]


def _written(file: Mapping[str, Any], dead: set[str]) -> str:
    blocks = [f"[group]\n{_pairs(file['group'])}"]
    blocks += [f"[[rule]]\n{_pairs(rule)}" for rule in file["rule"] if rule["id"] not in dead]
    return "\n".join(blocks)


def _pairs(table: Mapping[str, Any]) -> str:
    return "".join(f"{key} = {_value(value)}\n" for key, value in table.items())


def _value(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else json.dumps(value, ensure_ascii=False)
