"""From tables to entries: vocabulary, parties, articles, rules, obligations, priorities, impossible combinations.
Faults are collected; an entry with a fault is left out, since a faulty book is refused whole."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType

from router.model.incident import UNKNOWN, FactValue
from router.model.words import Category, Institution, Party, Priority, ReporterRole
from router.rulebook.cubes import Budget, gap
from router.rulebook.entries import (
    AlertDefinition,
    Article,
    Impossible,
    LocalDecision,
    Obligation,
    PartyDefinition,
    Period,
    PriorityRule,
    Rule,
)
from router.rulebook.expression import Condition, ExpressionRefused, read_condition
from router.rulebook.read_answers import read_accountable, read_consulted
from router.rulebook.supposing import SUPPOSING_KEYS, read_supposing
from router.rulebook.table import Table
from router.rulebook.vocabulary import BOOLEAN_LABELS, DerivedFact, FactDefinition, FactKind, Vocabulary

_CLOSED_FACTS: Mapping[str, Collection[str]] = MappingProxyType(
    {"category": tuple(Category), "reporter_role": tuple(ReporterRole)}
)
NOWHERE = date.min
LONGEST_IDENTIFIER = 80
_IDENTIFIER = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
# Words of the conditions' language, and of its engine, can't name a fact.
_FACT_NAME = re.compile(r"(?!(and|or|not|in|if|for|true|false|null|inf|nan)$)[a-z][a-z0-9_]{0,39}")
_VALUE_NAME = re.compile(r"[a-z0-9_]{1,40}")
# A condition has at most 64 cubes: their cover is settled long before.
_COVER_STEPS = 1_000_000


@dataclass(frozen=True, slots=True)
class Words:
    """What a rule may name: facts, parties and articles."""

    vocabulary: Vocabulary
    parties: Mapping[Party, PartyDefinition]
    articles: Mapping[str, Article]

    @property
    def holders(self) -> tuple[str, ...]:
        return tuple(party for party, definition in self.parties.items() if definition.can_hold)


def read_vocabulary(root: Table) -> Vocabulary:
    """The facts, then the conditions of those that derive from others."""
    root.only("facts")
    tables = dict(root.table("facts").named_tables())
    vocabulary = Vocabulary.of({name: _fact(name, table) for name, table in tables.items()})
    for name in _CLOSED_FACTS:
        if name not in tables:
            root.fault("AIG003", f"il manque le fait [facts.{name}].")
    derived = [_derived(name, table, vocabulary) for name, table in tables.items() if "true_when" in table.data]
    asked = {name: _asked(table, vocabulary) for name, table in tables.items() if "asked_when" in table.data}
    return replace(
        vocabulary,
        derived=tuple(fact for fact in derived if fact),
        asked=MappingProxyType({name: found.cubes for name, found in asked.items() if found}),
    )


def _fact(name: str, table: Table) -> FactDefinition:
    table.only("kind", "label", "question", "values", "source", "true_when", "asked_when", *SUPPOSING_KEYS)
    if not _FACT_NAME.fullmatch(name):
        table.fault(
            "AIG004", f"« {name[:40]} » ne peut pas nommer un fait : minuscules sans accent, chiffres et « _ »."
        )
    kind = table.word("kind", tuple(FactKind), "le genre", "AIG004")
    question, source = table.text("question", False), table.text("source", False)
    if not question and not source:
        table.fault("AIG003", f"il manque « question » ou « source » : d'où vient le fait « {name} » ?")
    values = BOOLEAN_LABELS if kind == FactKind.BOOL else _fact_values(name, table)
    return FactDefinition(
        name,
        FactKind.BOOL if kind == FactKind.BOOL else FactKind.ENUM,
        table.text("label"),
        question,
        values,
        source,
        *read_supposing(table, values),
    )


def _fact_values(name: str, table: Table) -> Mapping[FactValue, str]:
    values = table.table("values")
    labels: dict[FactValue, str] = {value: values.text(value) for value in values.data}
    for value in labels:
        if not _VALUE_NAME.fullmatch(str(value)):
            message = "une valeur se nomme en minuscules sans accent, chiffres et « _ »."
            values.fault_at_key("AIG004", message, str(value))
    if UNKNOWN not in labels:
        values.fault("AIG003", f"il manque la valeur « {UNKNOWN} » (« je ne sais pas ») du fait « {name} ».")
    closed = _CLOSED_FACTS.get(name)
    if closed is not None and set(labels) != {*closed, UNKNOWN}:
        values.fault("AIG007", f"les valeurs de « {name} » sont fixées : {', '.join([*closed, UNKNOWN])}.")
    return MappingProxyType(labels)


def _derived(name: str, table: Table, vocabulary: Vocabulary) -> DerivedFact | None:
    condition = read_when(table, vocabulary, "true_when")
    if vocabulary.facts[name].kind is not FactKind.BOOL:
        table.fault("AIG004", "« true_when » ne convient qu'à un fait vrai ou faux.", "true_when")
    for other in condition.facts if condition else ():
        if "true_when" in table.document.data["facts"][other]:
            message = f"« true_when » ne peut pas s'appuyer sur « {other} », qui se calcule lui aussi."
            table.fault("AIG013", message, "true_when")
    return DerivedFact(name, condition.facts, condition.cubes) if condition else None


def _asked(table: Table, vocabulary: Vocabulary) -> Condition | None:
    if not table.text("question", False):
        table.fault("AIG004", "« asked_when » ne convient qu'à un fait qui a une question.", "asked_when")
    return read_when(table, vocabulary, "asked_when")


def read_when(table: Table, vocabulary: Vocabulary, key: str = "when") -> Condition | None:
    """The condition under a key, or None with its faults noted at their characters."""
    text = table.text(key)
    if not text.strip():
        return None
    try:
        condition = read_condition(text, vocabulary)
    except ExpressionRefused as refusal:
        for problem in refusal.problems:
            table.fault_in_text(problem.code, problem.message, key, character=problem.offset)
        return None
    if not condition.cubes:
        table.fault("AIG018", "condition contradictoire : aucun incident ne peut la remplir.", key)
    elif gap(vocabulary.domain.full, condition.cubes, Budget(_COVER_STEPS)) is None:
        table.fault("AIG019", "condition toujours vraie : un passe-partout cacherait les trous du livre.", key)
    return condition


def read_parties(root: Table) -> dict[Party, PartyDefinition]:
    root.only("parties")
    found: dict[Party, PartyDefinition] = {}
    for name, table in root.table("parties").named_tables():
        if name in tuple(Party):
            found[Party(name)] = _party(Party(name), table)
        else:
            table.fault(
                "AIG008", f"l'intervenant « {name} » n'existe pas ; sont possibles : {', '.join(Party)}."
            )
    for party in Party:
        if party not in found:
            root.fault("AIG003", f"il manque l'intervenant [parties.{party}].")
    return found


def _party(party: Party, table: Table) -> PartyDefinition:
    table.only("name", "short", "description", "can_hold", "institution", "reports_as", "said", "accountable")
    institution = table.word("institution", tuple(Institution), "l'institution", "AIG008")
    return PartyDefinition(
        party,
        table.text("name"),
        table.text("short"),
        table.text("description"),
        table.flag("can_hold"),
        Institution(institution) if institution in tuple(Institution) else Institution.COLLEGE,
        table.words("reports_as", tuple(ReporterRole), "le rôle", "AIG007", required=False),
        table.text("said", False),
        read_accountable(table, tuple(Party)),
    )


def read_articles(root: Table) -> dict[str, Article]:
    root.only("article")
    found: dict[str, Article] = {}
    for table in root.tables("article"):
        table.only("number", "title", "meaning")
        article = Article(table.text("number"), table.text("title"), table.text("meaning"))
        if article.number in found:
            table.fault("AIG005", f"l'article « {article.number} » est écrit deux fois.", "number")
        found[article.number] = article
    if not found:
        root.fault("AIG003", "il manque les entrées [[article]] : une règle cite toujours les siens.")
    return found


def read_rules(root: Table, words: Words, group: str, convention: str | None = None) -> tuple[Rule, ...]:
    rules = [_rule(table, words, group, convention) for table in root.tables("rule")]
    return tuple(rule for rule in rules if rule)


def _rule(table: Table, words: Words, group: str, convention: str | None) -> Rule | None:
    table.only(*_RULE_KEYS, *(_DECISION_KEYS if convention else ("arbitrage",)))
    before = len(table.faults)
    condition = read_when(table, words.vocabulary)
    assign = _holder(table, words)
    rule = Rule(
        id=read_identifier(table),
        title=table.text("title"),
        condition=condition or _NO_CONDITION,
        assign=assign,
        articles=table.words("articles", words.articles, "l'article", "AIG009"),
        why=table.text("why"),
        period=read_period(table),
        checked_on=table.day("checked_on", required=True) or NOWHERE,
        place=table.place,
        group=group,
        arbitrage=table.word("arbitrage", ("local",), "l'arbitrage", "AIG004", required=False) == "local",
        overrides=table.texts("overrides", required=False),
        local=_local(table, convention) if convention else None,
        accountable=read_accountable(table, words.parties),
        consulted=read_consulted(table, words.parties, assign),
    )
    return rule if len(table.faults) == before else None


_NO_CONDITION = Condition("", (), ())
_COMMON_KEYS = ("id", "title", "when", "articles", "why", "since", "until", "checked_on")
_RULE_KEYS = (*_COMMON_KEYS, "assign", "overrides", "accountable", "consulted")
_DECISION_KEYS = ("decision", "decided_on", "signatory")


def read_identifier(table: Table) -> str:
    identifier = table.text("id")
    if identifier and not (len(identifier) <= LONGEST_IDENTIFIER and _IDENTIFIER.fullmatch(identifier)):
        table.fault(
            "AIG004",
            "« id » s'écrit en minuscules sans accent, chiffres et tirets, comme « materiel-inventorie ».",
            "id",
        )
    return identifier


def _holder(table: Table, words: Words) -> Party:
    name = table.word("assign", words.parties, "l'intervenant", "AIG008")
    if name in words.parties and name not in words.holders:
        table.fault(
            "AIG008",
            f"« {name} » ne peut pas tenir un dossier ; peuvent : {', '.join(words.holders)}.",
            "assign",
        )
    return Party(name) if name in words.parties else Party.RUPN


def read_period(table: Table) -> Period:
    """`since` (included) and `until` (excluded). `since` is required: a rule is in force from some day."""
    since, until = table.day("since", required=True), table.day("until")
    if since and until and until <= since:
        table.fault(
            "AIG014",
            f"« until » ({until:%d/%m/%Y}, exclu) doit venir après « since » ({since:%d/%m/%Y}).",
            "until",
        )
    return Period(since, until)


def _local(table: Table, convention: str) -> LocalDecision:
    decided_on = table.day("decided_on", required=True) or NOWHERE
    return LocalDecision(convention, table.text("decision"), decided_on, table.text("signatory"))


def read_obligations(root: Table, words: Words, convention: str | None = None) -> tuple[Obligation, ...]:
    obligations = [_obligation(table, words, convention) for table in root.tables("obligation")]
    return tuple(obligation for obligation in obligations if obligation)


def _obligation(table: Table, words: Words, convention: str | None) -> Obligation | None:
    table.only(*_COMMON_KEYS, "inform", "within_minutes", *(_DECISION_KEYS if convention else ()))
    before = len(table.faults)
    informed = table.words("inform", words.parties, "l'intervenant", "AIG008")
    table.day("checked_on", required=True)
    obligation = Obligation(
        id=read_identifier(table),
        title=table.text("title"),
        condition=read_when(table, words.vocabulary) or _NO_CONDITION,
        inform=tuple(Party(name) for name in informed if name in words.parties),
        within_minutes=table.minutes("within_minutes"),
        articles=table.words("articles", words.articles, "l'article", "AIG009"),
        why=table.text("why"),
        period=read_period(table),
        place=table.place,
        local=_local(table, convention) if convention else None,
    )
    return obligation if len(table.faults) == before else None


def read_priorities(root: Table, words: Words) -> tuple[tuple[PriorityRule, ...], AlertDefinition]:
    """The priority grid and the definition of an alert."""
    root.only("alert", "priority")
    rules = [_priority(table, words) for table in root.tables("priority")]
    if not rules:
        root.fault("AIG003", "il manque les entrées [[priority]].")
    table = root.table("alert")
    table.only("when", "priority", "articles", "why")
    condition = read_when(table, words.vocabulary) or _NO_CONDITION
    articles = table.words("articles", words.articles, "l'article", "AIG009")
    return tuple(rules), AlertDefinition(condition, _priority_word(table), articles, table.place)


def _priority(table: Table, words: Words) -> PriorityRule:
    table.only("id", "title", "when", "priority")
    condition = read_when(table, words.vocabulary) or _NO_CONDITION
    return PriorityRule(
        read_identifier(table), table.text("title"), condition, _priority_word(table), table.place
    )


def _priority_word(table: Table) -> Priority:
    word = table.word("priority", tuple(Priority), "la priorité", "AIG007")
    return Priority(word) if word in tuple(Priority) else Priority.NORMAL


def read_impossibles(root: Table, words: Words) -> tuple[tuple[Impossible, ...], Rule | None]:
    """The impossible combinations, and the rule that takes tickets whose facts fall there."""
    root.only("incoherent", "impossible")
    impossibles = []
    for table in root.tables("impossible"):
        table.only("when", "why")
        condition = read_when(table, words.vocabulary) or _NO_CONDITION
        impossibles.append(Impossible(condition, table.text("why"), table.place))
    if not impossibles:
        return (), None
    return tuple(impossibles), _incoherent(root.table("incoherent"), words, tuple(impossibles))


def _incoherent(table: Table, words: Words, impossibles: tuple[Impossible, ...]) -> Rule | None:
    table.only("id", "title", "assign", "articles", "why", "since", "checked_on")
    before = len(table.faults)
    cubes = tuple(cube for impossible in impossibles for cube in impossible.condition.cubes)
    facts = dict.fromkeys(fact for impossible in impossibles for fact in impossible.condition.facts)
    rule = Rule(
        id=read_identifier(table),
        title=table.text("title"),
        condition=Condition(" or ".join(f"({i.condition.text})" for i in impossibles), cubes, tuple(facts)),
        assign=_holder(table, words),
        articles=table.words("articles", words.articles, "l'article", "AIG009"),
        why=table.text("why"),
        period=Period(read_period(table).since),
        checked_on=table.day("checked_on", required=True) or NOWHERE,
        place=table.place,
        group="",
    )
    return rule if len(table.faults) == before else None
