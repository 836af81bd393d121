"""Who declared, the facts about it, the reading of the words, and the decision taken."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import NamedTuple

from router.model.told import NOTHING_TOLD, Told, ToldKind
from router.model.words import Category, Party, Priority, Source

FactValue = str | bool
UNKNOWN = "unknown"
FRENCH = "fr"
GUESSES = frozenset({Source.CLASSIFIER, Source.CATALOGUE_TEXT})


@dataclass(frozen=True, slots=True)
class SourcedFact:
    """One fact's value, and where it comes from."""

    value: FactValue
    source: Source


@dataclass(frozen=True, slots=True)
class Facts:
    """The finite, typed facts rules may test, each with its source. Built and checked by the vocabulary:
    every fact of the vocabulary is present (an absent one is `unknown`, or false for a boolean).

    `guessed` names those nobody declared, read in the words."""

    items: Mapping[str, SourcedFact] = field(default_factory=lambda: MappingProxyType({}))
    guessed: tuple[str, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        guessed = [name for name, fact in self.items.items() if fact.source in GUESSES]
        object.__setattr__(self, "guessed", tuple(guessed))

    def value(self, name: str) -> FactValue:
        return self.items[name].value

    def values(self) -> dict[str, FactValue]:
        return {name: fact.value for name, fact in self.items.items()}


@dataclass(frozen=True, slots=True)
class Classification:
    """The category a text points to. `category` is always the best guess, even when abstaining.

    `confidence` and `security` are probabilities in 0..1; `evidence` are substrings of the given text;
    `need` and `scope` are values of those facts when the words say them, else None; `telling` is false
    when the words don't say what happens (« bonjour »), so that nothing may rest on them; `doubt` when they may
    speak of an attack without saying so: then `doubt_question`, in French, is what to ask (empty: what the
    vocabulary asks); `language` is `fr`, the code of another one we read badly, or `und` for letters we can't read;
    `told`: the other facts they tell, each with its words; `need` is one of them."""

    category: Category
    confidence: float
    evidence: tuple[str, ...]
    security: float
    abstained: bool
    runner_up: Category | None = None
    scores: Mapping[Category, float] = field(default_factory=lambda: MappingProxyType({}))
    scope: str | None = None
    scope_evidence: str | None = None
    telling: bool = True
    doubt: bool = False
    doubt_question: str = ""
    language: str = FRENCH
    told: Told = NOTHING_TOLD

    @property
    def need(self) -> str | None:
        fact = self.told.of(ToldKind.NEED)
        return fact.value if fact else None

    @property
    def need_evidence(self) -> str | None:
        fact = self.told.of(ToldKind.NEED)
        return fact.words if fact else None


@dataclass(frozen=True, slots=True)
class Reporter:
    """Who declared: a fact value `role`, a name and an address to answer to."""

    role: str
    name: str
    email: str
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Information:
    """Somebody an obligation names: told within `within_minutes` of service-independent time."""

    party: Party
    obligation: str
    articles: tuple[str, ...]
    within_minutes: int


class Decision(NamedTuple):
    """Attribution: who acts, who must be told, by which rule and article. Immutable; a re-route adds one.
    A tuple, because a frozen dataclass of as many fields takes five times as long to build.

    `inform` never holds `responsible`, and is sorted. `rulebook` is the fingerprint of the book used.
    `guessed` names the facts the outcome rests on that nobody declared (« à confirmer »)."""

    at: datetime
    responsible: Party
    inform: tuple[Party, ...]
    informations: tuple[Information, ...]
    priority: Priority
    rule: str
    title: str
    articles: tuple[str, ...]
    why: str
    facts: Facts
    rulebook: str
    alert: bool
    guessed: tuple[str, ...] = ()
