"""What a transfer may rest on: the parties that may receive a ticket, and for each the rules and articles that send
there. Pure: the page offers what the gesture accepts."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from router.desk.policy import Policy
from router.model.incident import UNKNOWN, FactValue
from router.model.words import HOLDERS, Party
from router.rulebook.cubes import Cube
from router.rulebook.entries import Article, Rule

MOST_LIKELY = 5
# What a ticket is about: a rule for another thing is far from it, whoever owns either.
OF_THE_THING = ("category", "product_family")
ANOTHER_THING = 3


@dataclass(frozen=True, slots=True)
class Grounds:
    """The rules that name one party, the convention's own first, and the articles they cite."""

    rules: tuple[Rule, ...]
    articles: tuple[Article, ...]


def receivers(holder: Party | None) -> tuple[Party, ...]:
    """Who may be handed a ticket that `holder` holds; None: whoever the coordinators decide for.

    The RSSI is reached by « C'est un incident de sécurité » alone."""
    return tuple(party for party in HOLDERS if party not in {holder, Party.RSSI})


def grounds_for(policy: Policy, convention_id: str | None, to: Party) -> Grounds:
    """What sends a ticket to `to`; every article where no rule names it."""
    rules = tuple(rule for rule in latest_rules(policy, convention_id).values() if rule.assign is to)
    cited = {number for rule in rules for number in rule.articles}
    articles = policy.book.articles.values()
    return Grounds(rules, tuple(each for each in articles if each.number in cited) or tuple(articles))


def likeliest(policy: Policy, rules: Sequence[Rule], present: Mapping[str, FactValue]) -> tuple[Rule, ...]:
    """The rules nearest to a ticket's facts: those that the fewest facts, other or better known, would bring."""
    domain = policy.book.vocabulary.domain
    said = {name: value for name, value in present.items() if value not in (UNKNOWN, False)}
    known = {name: domain.bits[name].get(value, 0) for name, value in said.items() if name in domain.bits}
    box = domain.cube({name: bit for name, bit in known.items() if bit})
    thing = frozenset(domain.position[name] for name in OF_THE_THING)
    far = {rule.id: min(_distance(box, domain.full, cube, thing) for cube in rule.cubes) for rule in rules}
    least = min(far.values(), default=0)
    near = sorted((rule for rule in rules if far[rule.id] <= least + 1), key=lambda rule: far[rule.id])
    return tuple(near[:MOST_LIKELY])


def _distance(box: Cube, full: Cube, cube: Cube, thing: Collection[int]) -> int:
    """How many facts a rule's case contradicts, or supposes when nobody said them; another thing counts for more."""
    masks = enumerate(zip(box, full, cube, strict=True))
    return sum(
        (ANOTHER_THING if index in thing else 1) if not known & wanted else known == whole != wanted
        for index, (known, whole, wanted) in masks
    )


def latest_rules(policy: Policy, convention_id: str | None) -> Mapping[str, Rule]:
    """Each rule once, in its latest version: the convention's own first, then by title."""
    convention = policy.convention(convention_id)
    known = {rule.id: rule for rule in (*policy.book.rules, *(convention.rules if convention else ()))}
    ordered = sorted(known.values(), key=lambda rule: (rule.local is None, rule.title.casefold()))
    return {rule.id: rule for rule in ordered}
