"""What the pages offer to choose from: facts and their values, products, rules and articles, colleagues, collèges."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from router.desk.house import Desk
from router.desk.policy import Policy
from router.desk.references import grounds_for, likeliest
from router.desk.references import receivers as may_receive
from router.model.actor import Actor
from router.model.incident import UNKNOWN, FactValue
from router.model.words import Category, Party
from router.rulebook.entries import Rule
from router.rulebook.vocabulary import FactDefinition
from router.store import choices, page, tickets
from router.store.sight import ordinary_to, visible_to

# Who reports doesn't change after the fact.
NOT_CORRECTED = ("reporter_role",)
OF_A_MEASURE = ("category", "asset_owner", "software_origin")
TRUE, FALSE = "oui", "non"


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing to choose: what the form sends, what the person reads."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class FactQuestion:
    """One fact that a person may say: its label, its values, and the present one."""

    name: str
    label: str
    values: tuple[Choice, ...]
    current: str


@dataclass(frozen=True, slots=True)
class Receiver:
    """A party a ticket may be handed to: its name and what it does, in the book's words."""

    party: Party
    name: str
    description: str


@dataclass(frozen=True, slots=True)
class References:
    """What a transfer to one party may rest on: `likely` are the rules nearest to the ticket's facts."""

    likely: tuple[Choice, ...]
    rules: tuple[Choice, ...]
    articles: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class FactWords:
    """The labels of the facts and of their values, and the names of the products."""

    labels: Mapping[str, str]
    values: Mapping[tuple[str, FactValue], str]
    products: Mapping[str, str]


def team(desk: Desk, actor: Actor) -> tuple[Choice, ...]:
    """The people of the actor's own team, to filter a queue by."""
    if actor.party is None or actor.uai is not None:
        return ()
    with desk.database.reading() as session:
        found = choices.members(session, actor.party, actor.convention_id)
    return tuple(Choice(str(key), name) for key, name in found)


def colleagues(desk: Desk, actor: Actor, ticket_id: int) -> tuple[Choice, ...]:
    """The people a ticket may be given to: those of the party that holds it. Nobody for whom may not see it."""
    with desk.database.reading() as session:
        ticket = tickets.seen(session, ticket_id, visible_to(actor))
        found = page.colleagues(session, ticket) if ticket is not None else []
    return tuple(Choice(str(key), name) for key, name in found)


def colleges(desk: Desk, actor: Actor) -> tuple[Choice, ...]:
    """The collèges of the actor's territory that have an open ticket; nobody chooses when hers is the only one."""
    if actor.uai is not None:
        return ()
    with desk.database.reading() as session:
        found = choices.colleges_with_open(session, ordinary_to(actor))
    return tuple(Choice(uai, f"{town}, {name}") for uai, name, town in found)


def correctable(desk: Desk, policy_id: str, present: Mapping[str, FactValue]) -> tuple[FactQuestion, ...]:
    """The facts a person may correct, in display order, each with its present value."""
    facts = _policy(desk, policy_id).book.vocabulary.facts.values()
    return tuple(
        _question(fact, present.get(fact.name, fact.default))
        for fact in facts
        if fact.askable and fact.name not in NOT_CORRECTED
    )


def of_a_measure(desk: Desk, policy_id: str) -> tuple[FactQuestion, ...]:
    """What says who carries out a measure the RSSI asks for. Never security: it would be an alert."""
    facts = _policy(desk, policy_id).book.vocabulary.facts
    return tuple(_without_security(_question(facts[name], UNKNOWN)) for name in OF_A_MEASURE)


def answers(
    questions: Iterable[FactQuestion], given: Mapping[str, str], *, changed_only: bool
) -> dict[str, FactValue]:
    """The values a person chose, as facts hold them; with `changed_only`, those that differ from the present ones."""
    return {
        question.name: _value(question, given[question.name])
        for question in questions
        if question.name in given and not (changed_only and given[question.name] == question.current)
    }


def products(desk: Desk, policy_id: str) -> tuple[str, ...]:
    """The catalogue's names, in alphabetical order."""
    return tuple(sorted((entry.name for entry in _policy(desk, policy_id).book.catalogue), key=str.casefold))


def receivers(desk: Desk, policy_id: str, holder: Party | None) -> tuple[Receiver, ...]:
    """Who may be handed the ticket; `holder` None: whoever the coordinators decide for."""
    parties = _policy(desk, policy_id).book.parties
    found = (parties[party] for party in may_receive(holder))
    return tuple(Receiver(each.party, each.name, each.description) for each in found)


def references(
    desk: Desk, policy_id: str, convention_id: str | None, to: Party, present: Mapping[str, FactValue]
) -> References:
    """The rules that name `to`, those nearest to the ticket's facts apart, and the articles they cite."""
    policy = _policy(desk, policy_id)
    grounds = grounds_for(policy, convention_id, to)
    near = likeliest(policy, grounds.rules, present)
    return References(
        likely=tuple(_of_rule(rule) for rule in near),
        rules=tuple(_of_rule(rule) for rule in grounds.rules if rule not in near),
        articles=tuple(Choice(each.number, f"{each.number} : {each.title}") for each in grounds.articles),
    )


def fact_words(desk: Desk, policy_id: str) -> FactWords:
    """Labels for telling what was corrected."""
    book = _policy(desk, policy_id).book
    facts = book.vocabulary.facts.values()
    return FactWords(
        labels={fact.name: fact.label for fact in facts},
        values={(fact.name, value): label for fact in facts for value, label in fact.values.items()},
        products=book.product_names,
    )


def _policy(desk: Desk, policy_id: str) -> Policy:
    with desk.database.reading() as session:
        return desk.policies.named(session, policy_id)


def _question(fact: FactDefinition, present: FactValue) -> FactQuestion:
    return FactQuestion(
        name=fact.name,
        label=fact.label,
        values=tuple(Choice(_sent(value), label) for value, label in fact.values.items()),
        current=_sent(present),
    )


def _without_security(question: FactQuestion) -> FactQuestion:
    kept = tuple(choice for choice in question.values if choice.value != Category.SECURITY)
    return FactQuestion(question.name, question.label, kept, question.current)


def _sent(value: FactValue) -> str:
    if isinstance(value, bool):
        return TRUE if value else FALSE
    return value


def _value(question: FactQuestion, sent: str) -> FactValue:
    if {choice.value for choice in question.values} == {TRUE, FALSE}:
        return sent == TRUE
    return sent


def _of_rule(rule: Rule) -> Choice:
    return Choice(rule.id, f"{rule.title} ({', '.join(rule.articles)})")
