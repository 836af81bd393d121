"""The closed list of facts, and how the layers of what is known about an incident become `Facts`."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from router.model.incident import UNKNOWN, Facts, FactValue, SourcedFact
from router.model.spelling import nearest_word
from router.model.words import Source
from router.rulebook.cubes import Cubes, Domain, inside

BOOLEAN_LABELS: Mapping[FactValue, str] = MappingProxyType({False: "Non", True: "Oui"})

Layer = tuple[Source, Mapping[str, FactValue | None]]


class FactKind(StrEnum):
    ENUM = "enum"
    BOOL = "bool"


class FactError(ValueError):
    """A fact that isn't in the vocabulary, or a value it can't take. `field` is `facts.<name>`."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field
        self.message = message


@dataclass(frozen=True, slots=True)
class FactDefinition:
    """One fact: its French label, the question asked for it (empty when nobody is asked), its values' labels.

    `supposing` says a value as what might have been (« si le matériel était… »); `supposed` says any by its label."""

    name: str
    kind: FactKind
    label: str
    question: str
    values: Mapping[FactValue, str]
    source: str = ""
    supposed: str = ""
    supposing: Mapping[FactValue, str] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def default(self) -> FactValue:
        return UNKNOWN if self.kind is FactKind.ENUM else False

    @property
    def askable(self) -> bool:
        return bool(self.question)


@dataclass(frozen=True, slots=True)
class DerivedFact:
    """A boolean fact that is true wherever its condition holds, whatever else was said of it."""

    name: str
    depends_on: tuple[str, ...]
    cubes: Cubes


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Every fact rules may test, in display order, and the finite domain they span. `asked`: where the question of
    a fact has a meaning; a fact without an entry there may be asked anywhere."""

    facts: Mapping[str, FactDefinition]
    domain: Domain
    derived: tuple[DerivedFact, ...] = field(default=())
    asked: Mapping[str, Cubes] = field(default_factory=lambda: MappingProxyType({}))

    @classmethod
    def of(cls, facts: Mapping[str, FactDefinition]) -> "Vocabulary":
        return cls(facts, Domain.of({name: tuple(fact.values) for name, fact in facts.items()}))

    def makes_sense(self, fact: str, values: Mapping[str, FactValue]) -> bool:
        """Whether asking for a fact has a meaning beside these ones: nobody owns an internet cut."""
        return fact not in self.asked or self._holds(self.asked[fact], values)

    def label(self, fact: str, value: FactValue) -> str:
        """The French label of a value of a fact."""
        return self.facts[fact].values[value]

    def resolve(self, layers: Sequence[Layer]) -> Facts:
        """Join what is known, first layer first: the first that knows a fact wins.

        A layer that says None or `unknown` doesn't know. Facts nobody knows are `unknown` (booleans: false), and
        derived facts are set at the end. Raises FactError on an unknown fact, an unknown value or a wrong type."""
        known: dict[str, SourcedFact] = {}
        for source, layer in layers:
            for name, value in layer.items():
                checked = self.checked(name, value)
                if checked is not None and checked != UNKNOWN:
                    known.setdefault(name, SourcedFact(checked, source))
        complete = {name: known.get(name) or _unknown(fact) for name, fact in self.facts.items()}
        return Facts(MappingProxyType(complete | self._derived(complete)))

    def _derived(self, items: Mapping[str, SourcedFact]) -> dict[str, SourcedFact]:
        """The derived facts that hold: `first_level_done` when a RUPN or a technician reports (article 3.2.4:
        they have done it, or are those who would). The condition itself is data, in the vocabulary."""
        values = {name: fact.value for name, fact in items.items()}
        return {
            rule.name: SourcedFact(True, items[rule.depends_on[0]].source)
            for rule in self.derived
            if not values[rule.name] and self._holds(rule.cubes, values)
        }

    def checked(self, name: str, value: object) -> FactValue | None:
        """The value when the fact can take it; None stays None. Raises FactError."""
        definition = self.facts.get(name)
        if definition is None:
            raise FactError(f"facts.{name}", unknown_word(f"le fait « {name} »", name, self.facts))
        if value is None:
            return None
        if definition.kind is FactKind.BOOL:
            if isinstance(value, bool):
                return value
            raise FactError(f"facts.{name}", f"« {name} » attend true ou false, sans guillemets.")
        if not isinstance(value, str):
            raise FactError(
                f"facts.{name}", f"« {name} » attend un mot entre guillemets, par exemple « unknown »."
            )
        if value not in definition.values:
            known = [str(known) for known in definition.values]
            raise FactError(f"facts.{name}", unknown_word(f"la valeur « {value} » pour {name}", value, known))
        return value

    def _holds(self, cubes: Cubes, values: Mapping[str, FactValue]) -> bool:
        point = self.domain.point(values)
        return any(inside(point, cube) for cube in cubes)


def unknown_word(subject: str, word: str, known: Iterable[str]) -> str:
    """« … n'existe pas », with the nearest known word, or the short list of them."""
    words = list(known)
    if near := nearest_word(word, words):
        return f"{subject} n'existe pas ; vouliez-vous « {near} » ?"
    if not words:
        return f"{subject} n'existe pas ; aucun n'est encore écrit."
    shown = ", ".join(words[:12]) + (", …" if len(words) > 12 else "")
    return f"{subject} n'existe pas ; sont possibles : {shown}."


def _unknown(fact: FactDefinition) -> SourcedFact:
    return SourcedFact(fact.default, Source.UNKNOWN)
