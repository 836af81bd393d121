"""Why a decision: a past one, by its ticket and the book of its time, or any one that facts would give.

The sentence, the facts and what would have changed the answer are for whoever may see the ticket; the rules that came
before are for those who answer for the rules. Nothing is written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

from router.desk.advise import ConventionLine, convention_lines
from router.desk.choices import Choice
from router.desk.competence import ArticleLine, Competence, article_lines, competence_of, spelled
from router.desk.corrected import Corrected, corrections_by
from router.desk.counter import NOT_FOUND
from router.desk.doubt_told import DoubtTold, doubt_for
from router.desk.house import Desk
from router.desk.policy import NoPolicy, Policy
from router.model.actor import Actor, Invalid, NotFound
from router.model.incident import Facts, FactValue, SourcedFact
from router.model.words import Category, Party, Role, Source
from router.rulebook.book import BeforeBook, Rulebook
from router.rulebook.decide import decide
from router.rulebook.explain import Trace, trace
from router.rulebook.vocabulary import FactDefinition, unknown_word
from router.store import story, tickets
from router.store.figures import everything
from router.store.sight import visible_to
from router.store.tables import DecisionRow, Ticket

TRACED = frozenset({Role.LEAD, Role.MANAGER, Role.ADMINISTRATOR})
BEFORE_ALL = "Aucune règle n'était en vigueur à cette date : choisissez-en une plus récente."
DECISIONS_A_PAGE = 50
FARTHEST = timedelta(days=3 * 365)


@dataclass(frozen=True, slots=True)
class FactSaid:
    label: str
    value: str
    source: Source
    to_confirm: bool
    corrected: Corrected | None = None


@dataclass(frozen=True, slots=True)
class RuleTried:
    """A rule that came before the winner, and what it lacked, in words."""

    id: str
    title: str
    responsible: Party
    lacked: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RuleNamed:
    id: str
    title: str
    responsible: Party


@dataclass(frozen=True, slots=True)
class Explanation:
    """The whole answer to « pourquoi ? ». `by_hand`: somebody chose this party, whatever the facts alone would say,
    which is then `alone`. `tried` and `also` are None for whoever doesn't read the trace."""

    responsible: Party
    sentence: str
    rule: RuleNamed
    articles: tuple[ArticleLine, ...]
    at: datetime
    rulebook: str
    facts: tuple[FactSaid, ...]
    changes: tuple[str, ...]
    by_hand: bool
    alone: RuleNamed
    tried: tuple[RuleTried, ...] | None
    also: tuple[RuleNamed, ...] | None


@dataclass(frozen=True, slots=True)
class Taken:
    """One of the decisions of a ticket. `cause`: what it was taken on."""

    id: int
    at: datetime
    responsible: Party
    cause: str
    title: str


@dataclass(frozen=True, slots=True)
class TicketWhy:
    """Why one decision of a ticket, `shown`; `taken` are a page of those the person may read, in order. `older` is
    what to ask the page before from; None when there is none. `doubt`: what was asked about security when it was
    filed, and answered, for whoever may read it. `suggested` is the category that the words suggested
    when it was filed, read by the version `suggested_by` of the model; None when they suggested none."""

    why: Explanation
    shown: int
    present: int
    taken: tuple[Taken, ...]
    older: int | None
    zone: ZoneInfo
    doubt: DoubtTold | None
    suggested: Category | None
    suggested_by: str | None


@dataclass(frozen=True, slots=True)
class FactChoice:
    """A fact to try, all its values, and the one that was given."""

    name: str
    label: str
    choices: tuple[Choice, ...]
    given: str


@dataclass(frozen=True, slots=True)
class Attempt:
    """The page « Essayer ». `explanation` is None while no fact is given."""

    facts: tuple[FactChoice, ...]
    conventions: tuple[ConventionLine, ...]
    convention: str | None
    day: date
    competence: Competence | None
    explanation: Explanation | None


def of_ticket(
    desk: Desk, actor: Actor, ticket_id: int, decision_id: int | None = None, before: int | None = None
) -> TicketWhy:
    """Why a decision of a ticket, the present one when none is named, under the book it was taken with. The others
    are listed up to the one `before`.

    Raises NotFound as its page does, and for a decision that isn't of this ticket or that she may not read."""
    with desk.database.reading() as session:
        ticket = tickets.seen(session, ticket_id, visible_to(actor))
        if ticket is None:
            raise NotFound(NOT_FOUND)
        present = tickets.decision(session, ticket)
        row = tickets.decision_of(session, ticket_id, decision_id) if decision_id else present
        if row is None or not _may_read(actor, row, ticket):
            raise NotFound("Cette décision n'est pas de ce dossier.")
        rows = tickets.decisions(session, ticket_id, DECISIONS_A_PAGE + 1, before)
        page = rows[-DECISIONS_A_PAGE:]
        zone = desk.policies.named(session, ticket.policy).zone(ticket.convention_id, desk.settings.zone)
        book = desk.policies.named(session, row.rulebook).book
        corrected = corrections_by(story.corrections_of(session, ticket_id)[ticket_id], row.at)
        doubt = doubt_for(actor, tickets.incident(session, ticket), alert=ticket.alert)
    found = trace(book, facts_of(book, row), row.at, convention=ticket.convention_id)
    return TicketWhy(
        _explanation(book, row, found, corrected, traced=actor.role in TRACED),
        shown=row.id,
        present=present.id,
        taken=tuple(
            Taken(each.id, each.at, Party(each.responsible), each.cause, each.title)
            for each in page
            if _may_read(actor, each, ticket)
        ),
        older=page[0].id if len(rows) > DECISIONS_A_PAGE else None,
        zone=zone,
        doubt=doubt,
        suggested=Category(ticket.suggested) if ticket.suggested else None,
        suggested_by=ticket.suggested_by,
    )


def _may_read(actor: Actor, row: DecisionRow, ticket: Ticket) -> bool:
    """What was known of an alert stays with those who answer for it, once the ticket is an alert no more."""
    known = ticket.alert or row.id == ticket.decision_id or row.responsible != Party.RSSI
    return known or actor.role in {Role.RSSI, Role.DPO}


def ticket_json(desk: Desk, ticket_id: int) -> dict[str, Any] | None:
    """The decision of a ticket and its trace, for the commands of the installation; None when there is no such one.

    An alert's is left out: only those who may see it read why, on its page."""
    with desk.database.reading() as session:
        ticket = tickets.seen(session, ticket_id, everything())
        if ticket is None:
            return None
        row = tickets.decision(session, ticket)
        book = desk.policies.named(session, row.rulebook).book
    found = trace(book, facts_of(book, row), row.at, convention=ticket.convention_id)
    return {
        "ticket": ticket_id,
        "at": row.at.isoformat(),
        "responsible": row.responsible,
        "inform": list(row.inform),
        "rule": row.rule,
        "articles": list(row.articles),
        "why": row.why,
        "priority": row.priority,
        "cause": row.cause,
        "rulebook": row.rulebook,
        "trace": found.to_json(),
    }


def attempt(
    desk: Desk,
    given: Mapping[str, str],
    convention: str | None,
    day: str,
    at: datetime,
    *,
    decided: bool = True,
) -> Attempt:
    """Who would be competent for these facts on a day; today when none is given.

    Raises Invalid for a fact, a value, a convention or a day that doesn't exist, NoPolicy when nothing is in force."""
    chosen = _day(day, at, desk)
    instant = at if chosen == at.astimezone(desk.settings.zone).date() else _noon(chosen, desk)
    policy, conventions = _policy(desk, instant, convention, today=instant is at)
    book = policy.book
    if convention is not None and convention not in book.conventions:
        raise Invalid("Cette convention n'existe pas ici : choisissez-en une de la liste.", "convention")
    declared = _declared(book, given)
    competence, explanation = None, None
    if declared and decided:
        competence, explanation = _answer(policy, declared, convention, instant)
    return Attempt(
        facts=tuple(
            FactChoice(name, fact.label, _choices(fact), spelled(declared[name]) if name in declared else "")
            for name, fact in book.vocabulary.facts.items()
        ),
        conventions=conventions,
        convention=convention,
        day=chosen,
        competence=competence,
        explanation=explanation,
    )


def facts_of(book: Rulebook, row: DecisionRow) -> Facts:
    """The facts of a past decision, each with the source it had."""
    stored = {
        name: SourcedFact(fact["value"], Source(fact["source"]))
        for name, fact in row.facts.items()
        if name in book.vocabulary.facts
    }
    return Facts({**book.vocabulary.resolve([]).items, **stored})


def _answer(
    policy: Policy, declared: Mapping[str, FactValue], convention: str | None, instant: datetime
) -> tuple[Competence, Explanation]:
    book = policy.book
    facts = book.vocabulary.resolve([(Source.DECLARED, declared)])
    try:
        decision = decide(book, facts, instant, convention=convention)
    except BeforeBook as error:
        raise Invalid(str(error), "jour") from error
    found = trace(book, facts, instant, convention=convention)
    why = _from_trace(book, found, instant, traced=True)
    return competence_of(policy, decision, convention, ()), why


def _explanation(
    book: Rulebook, row: DecisionRow, found: Trace, corrected: Mapping[str, Corrected], *, traced: bool
) -> Explanation:
    """As the row says it: the facts alone may say another party when somebody has transferred the ticket."""
    by_hand = row.rule != found.rule.id or row.responsible != found.responsible
    said = _from_trace(book, found, row.at, traced=traced, guessed=row.guessed, corrected=corrected)
    if not by_hand:
        return said
    name = book.parties[Party(row.responsible)].name
    return Explanation(
        responsible=Party(row.responsible),
        sentence=f"{name} : {row.why}",
        rule=RuleNamed(row.rule, row.title, Party(row.responsible)),
        articles=article_lines(book, [number for number in row.articles if number in book.articles]),
        at=row.at,
        rulebook=row.rulebook,
        facts=said.facts,
        changes=(),
        by_hand=True,
        alone=said.alone,
        tried=said.tried,
        also=said.also,
    )


def _from_trace(
    book: Rulebook,
    found: Trace,
    at: datetime,
    *,
    traced: bool,
    guessed: Sequence[str] = (),
    corrected: Mapping[str, Corrected] = MappingProxyType({}),
) -> Explanation:
    named = RuleNamed(found.rule.id, found.rule.title, found.responsible)
    return Explanation(
        responsible=found.responsible,
        sentence=found.sentence,
        rule=named,
        articles=article_lines(book, found.rule.articles),
        at=at,
        rulebook=book.fingerprint,
        facts=tuple(
            FactSaid(
                each.label,
                each.value_label,
                Source(each.source),
                each.fact in guessed,
                corrected.get(each.fact),
            )
            for each in found.facts
        ),
        changes=tuple(change.sentence for change in found.changes),
        by_hand=False,
        alone=named,
        tried=_tried(found) if traced else None,
        also=tuple(_named(book, name) for name in found.also) if traced else None,
    )


def _tried(found: Trace) -> tuple[RuleTried, ...]:
    """The nearest first: those that lacked least."""
    near = sorted(found.tried, key=lambda rule: len(rule.lacks))
    return tuple(
        RuleTried(each.rule, each.title, each.responsible, tuple(lack.wanted for lack in each.lacks))
        for each in near
    )


def _named(book: Rulebook, rule_id: str) -> RuleNamed:
    rule = book.rule(rule_id)
    return RuleNamed(rule.id, rule.title, rule.assign)


def _declared(book: Rulebook, given: Mapping[str, str]) -> dict[str, FactValue]:
    """Any fact may be tried, those nobody is asked included; an empty one isn't given."""
    facts, found = book.vocabulary.facts, {}
    for name, text in given.items():
        if name not in facts:
            raise Invalid(unknown_word(f"le fait « {name[:40]} »", name[:40], facts).capitalize(), name[:40])
        values = {spelled(value): value for value in facts[name].values}
        if text and text not in values:
            label = facts[name].label
            raise Invalid(
                f"« {text[:40]} » n'est pas une réponse possible pour « {label} » : choisissez dans la liste.",
                name,
            )
        if text:
            found[name] = values[text]
    return found


def _choices(fact: FactDefinition) -> tuple[Choice, ...]:
    return tuple(Choice(spelled(value), label) for value, label in fact.values.items())


def _policy(
    desk: Desk, instant: datetime, convention: str | None, *, today: bool
) -> tuple[Policy, tuple[ConventionLine, ...]]:
    """What a convention goes by at an instant, and the conventions there are then."""
    with desk.database.reading() as session:
        try:
            books = desk.policies.in_force(session, instant)
            return books.of(convention), convention_lines(books)
        except NoPolicy:
            if today:
                raise
            raise Invalid(BEFORE_ALL, "jour") from None


def _day(text: str, at: datetime, desk: Desk) -> date:
    today = at.astimezone(desk.settings.zone).date()
    if not text:
        return today
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise Invalid("Cette date n'en est pas une : écrivez-la comme 2026-11-28.", "jour") from None
    if day > today + FARTHEST:
        raise Invalid(
            f"Choisissez une date d'ici au {today + FARTHEST:%d/%m/%Y} : plus loin, rien n'est écrit.", "jour"
        )
    if day.year < 2000:
        raise Invalid(BEFORE_ALL, "jour")
    return day


def _noon(day: date, desk: Desk) -> datetime:
    return datetime.combine(day, time(12), desk.settings.zone)
