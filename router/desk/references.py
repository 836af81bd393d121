"""What a transfer may rest on: the parties that may receive a ticket, and for each the rules and articles that send
there. Pure: the page offers what the gesture accepts."""

from collections.abc import Mapping
from dataclasses import dataclass

from router.desk.policy import Policy
from router.model.words import HOLDERS, Party
from router.rulebook.entries import Article, Rule


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


def latest_rules(policy: Policy, convention_id: str | None) -> Mapping[str, Rule]:
    """Each rule once, in its latest version: the convention's own first, then by title."""
    convention = policy.convention(convention_id)
    known = {rule.id: rule for rule in (*policy.book.rules, *(convention.rules if convention else ()))}
    ordered = sorted(known.values(), key=lambda rule: (rule.local is None, rule.title.casefold()))
    return {rule.id: rule for rule in ordered}
