"""« Qui est compétent ? » for anybody: words or answers in, the answer out. No account, no ticket, nothing written.

The words are read once, in the request that brings them; what travels afterwards is facts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from router.clock import allowances
from router.clock.targets import Status
from router.desk.competence import (
    Ask,
    Competence,
    competence_of,
    parse_answers,
    questions_to_ask,
    spelled,
)
from router.desk.house import Desk
from router.desk.policies import InForce
from router.desk.policy import Policy
from router.desk.reading import SUSPECTED, Declared, read_declaration
from router.desk.references import latest_rules
from router.desk.rule_age import in_force_since
from router.model.actor import Invalid, TooLarge
from router.model.incident import UNKNOWN, Decision, Facts, FactValue
from router.model.words import DeadlineKind, Party, Source
from router.rulebook.decide import decide
from router.rulebook.explain import trace
from router.rulebook.questions import next_questions

MAX_WORDS = 2_000


@dataclass(frozen=True, slots=True)
class ConventionLine:
    id: str
    title: str


@dataclass(frozen=True, slots=True)
class Allowance:
    """So much service time, or so many open days, for one step; `to_validate` when the figure is a working one."""

    kind: DeadlineKind
    length: timedelta
    open_days: int | None
    to_validate: bool


@dataclass(frozen=True, slots=True)
class Alternative:
    """One single change that would give another party, in one sentence."""

    responsible: Party
    sentence: str


@dataclass(frozen=True, slots=True)
class Stated:
    """A fact of the question: hers, or supposed from her words."""

    fact: str
    value: str
    label: str
    value_label: str
    supposed: bool


@dataclass(frozen=True, slots=True)
class Advice:
    """The answer to facts. `competence` is None while nothing at all is known."""

    conventions: tuple[ConventionLine, ...]
    convention: str | None
    zone: ZoneInfo
    stated: tuple[Stated, ...]
    competence: Competence | None
    since: date | None  # the first day of the rule that answers
    allowances: tuple[Allowance, ...]
    asks: tuple[Ask, ...]
    alternatives: tuple[Alternative, ...]


def advise(
    desk: Desk,
    answers: Mapping[str, str],
    supposed: Mapping[str, str],
    convention: str | None,
    at: datetime,
) -> Advice:
    """Who is competent for these facts, written as forms write them; an answer wins over what was supposed.

    Raises Invalid for a fact, a value or a convention that doesn't exist."""
    with desk.database.reading() as session:
        books = desk.policies.in_force(session, at)
        conventions = convention_lines(books)
        policy = books.of(convention)
    _check_convention(policy, convention)
    declared = parse_answers(policy.book, answers)
    guessed = parse_answers(
        policy.book, {name: value for name, value in supposed.items() if name not in {*declared, SUSPECTED}}
    )
    facts = policy.book.vocabulary.resolve([(Source.DECLARED, declared), (Source.CLASSIFIER, guessed)])
    decision = decide(policy.book, facts, at, convention=convention)
    useful = next_questions(policy.book, declared, facts, at, convention=convention)
    asks = questions_to_ask(policy.book, useful, decision, declared, elsewhere=tuple(declared))
    stated = _stated(policy, declared, guessed)
    return Advice(
        conventions=conventions,
        convention=convention,
        zone=policy.zone(convention, desk.settings.zone),
        stated=stated,
        competence=competence_of(policy, decision, convention, ()) if stated else None,
        since=_since(desk, policy, decision, convention, at),
        allowances=_allowances(policy, decision),
        asks=asks,
        alternatives=_alternatives(policy, facts, at, convention) if stated else (),
    )


def read_words(desk: Desk, words: str, at: datetime, *, convention: str | None = None) -> dict[str, str]:
    """The facts a text points to, as forms write them; no category when the words leave it unsure.

    Raises Invalid for no words, TooLarge for too many."""
    if not words.strip():
        raise Invalid("Écrivez en quelques mots ce qui ne va pas, ou répondez aux questions.", "words")
    if len(words) > MAX_WORDS:
        raise TooLarge(f"Le texte dépasse {MAX_WORDS} caractères : gardez l'essentiel.", "words")
    with desk.database.reading() as session:
        policy = desk.policies.at(session, at, convention)
    reading = read_declaration(policy, Declared(subject=words, body="", reporter_role=UNKNOWN))
    if not reading.classification.telling:
        return {}
    book, unsure = policy.book, reading.classification.abstained
    return {
        name: spelled(fact.value)
        for name, fact in reading.facts.items.items()
        if fact.source is not Source.UNKNOWN
        and book.vocabulary.facts[name].askable
        and not (unsure and fact.source is Source.CLASSIFIER)
    }


def convention_lines(books: InForce) -> tuple[ConventionLine, ...]:
    """Every convention in force, to choose from."""
    return tuple(ConventionLine(each.id, each.title) for each in books.conventions.values())


def _check_convention(policy: Policy, convention: str | None) -> None:
    if convention is not None and convention not in policy.book.conventions:
        raise Invalid("Cette convention n'existe pas ici : choisissez-en une de la liste.", "convention")


def _stated(
    policy: Policy, declared: Mapping[str, FactValue], guessed: Mapping[str, FactValue]
) -> tuple[Stated, ...]:
    vocabulary = policy.book.vocabulary
    both = {**guessed, **declared}
    return tuple(
        Stated(name, spelled(both[name]), fact.label, vocabulary.label(name, both[name]), name not in declared)
        for name, fact in vocabulary.facts.items()
        if name in both
    )


def _since(desk: Desk, policy: Policy, decision: Decision, convention: str | None, at: datetime) -> date | None:
    rule = latest_rules(policy, convention).get(decision.rule)
    if rule is None:
        return None
    with desk.database.reading() as session:
        return in_force_since(session, desk.policies, rule, convention, at)


def _allowances(policy: Policy, decision: Decision) -> tuple[Allowance, ...]:
    category = str(decision.facts.value("category"))
    target = policy.targets.of(decision.responsible, decision.priority, category)
    working = target.status is Status.TO_VALIDATE
    return (
        _allowance(DeadlineKind.ACKNOWLEDGE, target.acknowledge, to_validate=working),
        _allowance(DeadlineKind.RESOLVE, target.resolve, to_validate=working),
    )


def _allowance(kind: DeadlineKind, given: allowances.Allowance, *, to_validate: bool) -> Allowance:
    match given:
        case timedelta():
            return Allowance(kind, given, None, to_validate)
        case allowances.OpenDays():
            return Allowance(kind, timedelta(), given.count, to_validate)


def _alternatives(
    policy: Policy, facts: Facts, at: datetime, convention: str | None
) -> tuple[Alternative, ...]:
    found = trace(policy.book, facts, at, convention=convention).changes
    return tuple(Alternative(change.responsible, change.sentence) for change in found)
