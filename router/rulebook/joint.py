"""Two vocabularies in one, so that two books can be laid side by side: every fact and value of either, and for each
book the cells it has no word for."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from router.model.incident import FactValue
from router.rulebook.cubes import Cube, Cubes, Domain
from router.rulebook.vocabulary import DerivedFact, FactDefinition, Vocabulary


@dataclass(frozen=True, slots=True)
class Translation:
    """How the cubes of one book are written in the joint domain. A fact the book doesn't know restricts nothing;
    a value it doesn't know is a cell it says nothing of (`absent`)."""

    places: tuple[int | None, ...]
    bits: tuple[tuple[int, ...], ...]
    full: Cube
    absent: Cubes
    same: bool

    def cube(self, cube: Cube) -> Cube:
        if self.same:
            return cube
        return tuple(
            whole if place is None else _moved(cube[place], bits)
            for place, bits, whole in zip(self.places, self.bits, self.full, strict=True)
        )


@dataclass(frozen=True, slots=True)
class Joint:
    """The joint vocabulary (labels of the new book first), and the way into it from each book.

    Its derived facts are those of both books; `derived_alike` is false when they differ."""

    vocabulary: Vocabulary
    old: Translation
    new: Translation
    derived_alike: bool
    notes: tuple[str, ...]


def joined(old: Vocabulary, new: Vocabulary) -> Joint:
    """Both vocabularies in one. Never fails: a fact that changed its kind keeps the values of both."""
    names = [*new.facts, *(name for name in old.facts if name not in new.facts)]
    vocabulary = Vocabulary.of(MappingProxyType({name: _either(name, old, new) for name in names}))
    before, after = _translation(old.domain, vocabulary.domain), _translation(new.domain, vocabulary.domain)
    derived = _derived(old, before), _derived(new, after)
    alike = derived[0] == derived[1]
    vocabulary = replace(vocabulary, derived=derived[1] if alike else ())
    return Joint(vocabulary, before, after, alike, tuple(_notes(old, new)))


def _either(name: str, old: Vocabulary, new: Vocabulary) -> FactDefinition:
    if name not in new.facts or name not in old.facts:
        return (new if name in new.facts else old).facts[name]
    fact = new.facts[name]
    values: dict[FactValue, str] = {**fact.values}
    for value, label in old.facts[name].values.items():
        values.setdefault(value, label)
    return replace(fact, values=MappingProxyType(values))


def _translation(domain: Domain, joint: Domain) -> Translation:
    places = tuple(domain.position.get(name) for name in joint.names)
    bits = tuple(
        () if place is None else tuple(joint.bits[name][value] for value in domain.values[place])
        for name, place in zip(joint.names, places, strict=True)
    )
    absent = tuple(
        joint.cube({name: full & ~sum(known)})
        for name, place, known, full in zip(joint.names, places, bits, joint.full, strict=True)
        if place is not None and full & ~sum(known)
    )
    return Translation(places, bits, joint.full, absent, domain == joint)


def _moved(mask: int, bits: tuple[int, ...]) -> int:
    return sum(bit for n, bit in enumerate(bits) if mask >> n & 1)


def _derived(vocabulary: Vocabulary, translation: Translation) -> tuple[DerivedFact, ...]:
    return tuple(
        replace(fact, cubes=tuple(translation.cube(cube) for cube in fact.cubes)) for fact in vocabulary.derived
    )


def _notes(old: Vocabulary, new: Vocabulary) -> Iterator[str]:
    yield from (f"Fait ajouté : « {new.facts[name].label} »." for name in new.facts if name not in old.facts)
    yield from (f"Fait retiré : « {old.facts[name].label} »." for name in old.facts if name not in new.facts)
    for name in new.facts:
        if name in old.facts:
            before, after = old.facts[name].values, new.facts[name].values
            label = new.facts[name].label
            yield from _values(f"Valeur ajoutée à « {label} »", after, before)
            yield from _values(f"Valeur retirée de « {label} »", before, after)


def _values(said: str, values: Mapping[FactValue, str], others: Mapping[FactValue, str]) -> Iterator[str]:
    yield from (f"{said} : « {label} »." for value, label in values.items() if value not in others)
