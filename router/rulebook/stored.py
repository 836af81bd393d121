"""The facts kept with a past decision, read with the words of another book."""

from collections.abc import Mapping
from dataclasses import dataclass

from router.model.incident import FactValue
from router.rulebook.cubes import inside
from router.rulebook.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class KnownFacts:
    """A value for every fact of the vocabulary. `unread`: what was known then and has no word in it now, left
    unknown."""

    values: Mapping[str, FactValue]
    unread: tuple[str, ...]


def read_stored(vocabulary: Vocabulary, stored: Mapping[str, FactValue]) -> KnownFacts:
    """Never fails: a value the vocabulary lacks becomes « je ne sais pas » (a boolean: false), and is named. Facts
    that follow from others are set as the vocabulary says."""
    values: dict[str, FactValue] = {}
    unread = [name for name, value in stored.items() if name not in vocabulary.facts and says(value)]
    for name, fact in vocabulary.facts.items():
        value = stored.get(name, fact.default)
        if isinstance(value, str | bool) and value in vocabulary.domain.bits[name]:
            values[name] = value
        else:
            values[name] = fact.default
            unread.append(name)
    for derived in vocabulary.derived:
        point = vocabulary.domain.point(values)
        if any(inside(point, cube) for cube in derived.cubes):
            values[derived.name] = True
    return KnownFacts(values, tuple(unread))


def says(value: FactValue) -> bool:
    """Whether a value says anything: neither « je ne sais pas » nor « non »."""
    return value not in ("unknown", False)
