"""Who is competent, in the words a page shows: made from a decision and its book, for the filing form and for
the public page alike. Decides nothing."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from types import MappingProxyType

from router.clock.allowances import due
from router.clock.calendar import UnknownFrom
from router.clock.targets import Status
from router.desk.choices import Choice
from router.desk.declaration import Forecast
from router.desk.opening import with_first_level
from router.desk.policy import Policy
from router.model.actor import Invalid
from router.model.incident import UNKNOWN, Decision, FactValue
from router.model.words import DeadlineKind, Party, Priority, Source
from router.rulebook.book import Rulebook
from router.rulebook.decide import decide
from router.rulebook.questions import Question
from router.rulebook.vocabulary import FactDefinition, FactError

TRUE, FALSE = "true", "false"  # how a form writes a yes and a no
MAX_ANSWERS = 40
LONG_LIST = 12
GUESSES = (Source.CLASSIFIER, Source.CATALOGUE_TEXT)


@dataclass(frozen=True, slots=True)
class ArticleLine:
    number: str
    title: str


@dataclass(frozen=True, slots=True)
class Told:
    """Somebody told besides the holder, within so many minutes of real time (0: at once)."""

    party: Party
    within_minutes: int


@dataclass(frozen=True, slots=True)
class Milestone:
    """What happens by when. `due_at` is None beyond the known calendar, which is unknown from `unknown_from`;
    `to_validate` when the figure behind it is still a working one."""

    kind: DeadlineKind
    due_at: datetime | None
    unknown_from: date | None
    to_validate: bool


@dataclass(frozen=True, slots=True)
class KnownFact:
    """A fact the decision knows; `to_confirm` when words alone gave it and it weighs on the answer."""

    fact: str
    label: str
    value: str
    source: Source
    to_confirm: bool


@dataclass(frozen=True, slots=True)
class Competence:
    """The answer: who, why, who is told, by when. `then` takes over when the collège's first level isn't enough."""

    responsible: Party
    party_name: str
    alert: bool
    rule: str
    title: str
    why: str
    articles: tuple[ArticleLine, ...]
    told: tuple[Told, ...]
    milestones: tuple[Milestone, ...]
    priority: Priority
    then: Party | None
    then_by: Milestone | None
    known: tuple[KnownFact, ...]

    @property
    def to_confirm(self) -> tuple[KnownFact, ...]:
        return tuple(fact for fact in self.known if fact.to_confirm)


@dataclass(frozen=True, slots=True)
class Ask:
    """One question of the page. `answer` is hers, empty while she hasn't given one; `guess` what was understood;
    `words` of hers that make it worth asking, though they are not believed; `usual`, of a long list, the choices that
    the catalogue's products of the same category have."""

    fact: str
    question: str
    choices: tuple[Choice, ...]
    answer: str = ""
    guess: str = ""
    settles_party: bool = True
    usual: tuple[Choice, ...] = ()
    words: str = ""

    @property
    def others(self) -> tuple[Choice, ...]:
        """The choices that aren't usual for this kind of incident; all of them when none is."""
        return tuple(choice for choice in self.choices if choice not in self.usual)

    @property
    def short(self) -> bool:
        """A yes or a no: asked even of someone in a hurry."""
        return len(self.choices) == 2


def competence_of(
    policy: Policy,
    decision: Decision,
    convention: str | None,
    forecast: Iterable[Forecast],
    uai: str | None = None,
) -> Competence:
    then = after_first_level(policy, decision, convention)
    return Competence(
        responsible=decision.responsible,
        party_name=policy.book.parties[decision.responsible].name,
        alert=decision.alert,
        rule=decision.rule,
        title=decision.title,
        why=decision.why,
        articles=article_lines(policy.book, decision.articles),
        told=tuple(Told(each.party, each.within_minutes) for each in decision.informations),
        milestones=tuple(_milestone(policy, decision, each) for each in forecast),
        priority=decision.priority,
        then=then,
        then_by=_first_level_ends(policy, convention, decision.at, uai) if then else None,
        known=tuple(_known(policy.book, decision)),
    )


def after_first_level(policy: Policy, decision: Decision, convention: str | None) -> Party | None:
    """Who takes over from the RUPN once the first level is done (3.2.4); None when nobody would."""
    if decision.responsible is not Party.RUPN or decision.facts.value("first_level_done") is True:
        return None
    after = decide(policy.book, with_first_level(decision.facts), decision.at, convention=convention)
    return after.responsible if after.responsible is not Party.RUPN else None


def article_lines(book: Rulebook, numbers: Iterable[str]) -> tuple[ArticleLine, ...]:
    return tuple(ArticleLine(number, book.articles[number].title) for number in numbers)


def questions_to_ask(
    book: Rulebook,
    useful: Sequence[Question],
    decision: Decision,
    answers: Mapping[str, FactValue],
    *,
    elsewhere: Sequence[str] = (),
    told: Mapping[str, str] = MappingProxyType({}),
) -> tuple[Ask, ...]:
    """What the page asks: what she answered (to change it), what her words make doubtful (`told`: fact → words), what
    was only guessed (to confirm it), then what can still change the answer, in the book's order. Facts asked
    `elsewhere` in the page are left out."""
    facts = book.vocabulary.facts
    answered = [name for name in facts if name in answers and facts[name].askable]
    values = decision.facts.values()
    guessed = [
        name
        for name in decision.guessed
        if name not in answers and facts[name].askable and book.vocabulary.makes_sense(name, values)
    ]
    doubted = [name for name in told if name not in answers]
    asked = dict.fromkeys((*answered, *doubted, *guessed))
    settling = {each.fact for each in useful if each.settles_party}
    first = [
        replace(_ask(book, name, decision, answers, settles=True), words=told.get(name, ""))
        for name in asked
        if name not in elsewhere
    ]
    rest = [
        _ask(book, each.fact, decision, answers, settles=each.fact in settling)
        for each in useful
        if each.fact not in asked and each.fact not in elsewhere
    ]
    return (*first, *rest)


def parse_answers(book: Rulebook, given: Mapping[str, str]) -> dict[str, FactValue]:
    """A form's answers as facts. An empty one is no answer. Raises Invalid for what nobody is asked, for an unknown
    value, or for too many of them: a page of ours sends none of these."""
    if len(given) > MAX_ANSWERS:
        raise Invalid("Il y a plus de réponses que de questions : rechargez la page.", "answers")
    answers: dict[str, FactValue] = {}
    for name, text in given.items():
        if not text:
            continue
        definition = book.vocabulary.facts.get(name)
        if definition is None or not definition.askable:
            raise Invalid(f"« {name[:40]} » n'est pas une question de ce formulaire : rechargez la page.", name)
        answers[name] = _checked(book, definition, text)
    return answers


def spelled(value: FactValue) -> str:
    """A value as a form writes it."""
    if isinstance(value, bool):
        return TRUE if value else FALSE
    return value


def choices_of(definition: FactDefinition) -> tuple[Choice, ...]:
    """The values in display order; of a yes or no, the yes first."""
    values = tuple(Choice(spelled(value), label) for value, label in definition.values.items())
    return values[::-1] if isinstance(definition.default, bool) else values


def _checked(book: Rulebook, definition: FactDefinition, text: str) -> FactValue:
    value: FactValue = text
    if isinstance(definition.default, bool) and text in {TRUE, FALSE}:
        value = text == TRUE
    try:
        book.vocabulary.checked(definition.name, value)
    except FactError as error:
        sentence = f"« {definition.label} » : cette réponse n'existe pas, choisissez-en une de la liste."
        raise Invalid(sentence, definition.name) from error
    return value


def _ask(
    book: Rulebook, name: str, decision: Decision, answers: Mapping[str, FactValue], *, settles: bool
) -> Ask:
    definition = book.vocabulary.facts[name]
    fact = decision.facts.items[name]
    choices = choices_of(definition)
    usual = _usual(book, name, choices, decision.facts.value("category")) if len(choices) > LONG_LIST else ()
    asked = Ask(name, definition.question, choices, settles_party=settles, usual=usual)
    if name in answers:
        return replace(asked, answer=spelled(answers[name]))
    if fact.source in GUESSES:
        return replace(asked, guess=book.vocabulary.label(name, fact.value))
    return asked


def _usual(book: Rulebook, name: str, choices: Sequence[Choice], category: FactValue) -> tuple[Choice, ...]:
    alike = {each.facts.get(name) for each in book.catalogue if each.facts.get("category") == category}
    return tuple(choice for choice in choices if choice.value in alike)


def _known(book: Rulebook, decision: Decision) -> Iterable[KnownFact]:
    for name, fact in decision.facts.items.items():
        if fact.value in (UNKNOWN, False) or fact.source is Source.UNKNOWN:
            continue
        definition = book.vocabulary.facts[name]
        if definition.askable:
            label = book.vocabulary.label(name, fact.value)
            yield KnownFact(name, definition.label, label, fact.source, name in decision.guessed)


def _milestone(policy: Policy, decision: Decision, forecast: Forecast) -> Milestone:
    if forecast.kind is DeadlineKind.PROMISE:
        status = policy.targets.promise(decision.priority).status
    else:
        category = str(decision.facts.value("category"))
        status = policy.targets.of(decision.responsible, decision.priority, category).status
    return Milestone(forecast.kind, forecast.due_at, forecast.unknown_from, status is Status.TO_VALIDATE)


def _first_level_ends(policy: Policy, convention: str | None, at: datetime, uai: str | None) -> Milestone:
    limit = policy.targets.limits.first_level
    idle = policy.state.suspended(convention, uai or "", Party.RUPN)
    end = due(policy.calendar(convention, limit.clock, uai), at, limit.allowance, idle)
    unknown = end.day if isinstance(end, UnknownFrom) else None
    return Milestone(
        DeadlineKind.FIRST_LEVEL,
        end if isinstance(end, datetime) else None,
        unknown,
        limit.status is Status.TO_VALIDATE,
    )
