"""The facts kept with a past decision, read with the words of another book."""

from collections.abc import Mapping
from dataclasses import dataclass

from router.model.incident import UNKNOWN, FactValue
from router.rulebook.cubes import inside
from router.rulebook.vocabulary import Vocabulary

_KEPT = 50_000  # readings of distinct facts kept at once


@dataclass(frozen=True, slots=True)
class KnownFacts:
    """A value for every fact of the vocabulary. `unread`: what was known then and has no word in it now, left
    unknown."""

    values: Mapping[str, FactValue]
    unread: tuple[str, ...]


class StoredReader:
    """Reads the facts of many incidents with one vocabulary; those alike are read once."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._names: tuple[str, ...] = ()
        self._read: dict[tuple[FactValue, ...], KnownFacts] = {}

    def read(self, stored: Mapping[str, FactValue]) -> KnownFacts:
        names, key = tuple(stored), tuple(stored.values())
        if names != self._names or len(self._read) >= _KEPT:
            self._names, self._read = names, {}
        known = self._read.get(key)
        if known is None:
            known = self._read[key] = read_stored(self._vocabulary, stored)
        return known


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
    return value not in (UNKNOWN, False)
