"""Regions and values of the fact domain in French, with the vocabulary's labels."""

from collections.abc import Iterable, Sequence

from router.model.incident import UNKNOWN, FactValue
from router.rulebook.cubes import Cube
from router.rulebook.vocabulary import Vocabulary

_SHOWN_VALUES = 3


def describe(vocabulary: Vocabulary, cube: Cube) -> str:
    """A cube in words: « Type d'incident : Matériel ; Lieu : Administration »."""
    restricted = vocabulary.domain.restricted(cube)
    if not restricted:
        return "n'importe quel incident"
    return " ; ".join(describe_fact(vocabulary, name, values) for name, values in restricted.items())


def describe_fact(vocabulary: Vocabulary, name: str, values: Sequence[FactValue]) -> str:
    """One fact and the values it may have; the shorter of the list and of what it leaves out."""
    label = vocabulary.facts[name].label
    left_out = [value for value in vocabulary.facts[name].values if value not in values]
    if len(values) > _SHOWN_VALUES and len(left_out) < len(values):
        return f"{label} : tout sauf {_listed(vocabulary, name, left_out)}"
    return f"{label} : {_listed(vocabulary, name, values)}"


def brief(vocabulary: Vocabulary, cube: Cube) -> str:
    """A cube in few words: « Logiciel métier · lieu « Administration » ». The first fact of the vocabulary needs no
    name, the others are named: « je ne sais pas » says little alone."""
    restricted = vocabulary.domain.restricted(cube)
    if not restricted:
        return "tout incident"
    first = next(iter(vocabulary.facts))
    parts = [_short_values(vocabulary, name, values, bare=name == first) for name, values in restricted.items()]
    return " · ".join(parts)


def quoted(words: Iterable[str]) -> str:
    """« a », « b » et « c »."""
    shown = [f"« {word} »" for word in words]
    if len(shown) < 2:
        return "".join(shown)
    return f"{', '.join(shown[:-1])} et {shown[-1]}"


def cited(articles: Sequence[str]) -> str:
    """« article 3.1.3 », « articles 3.1.3, 7.1 »."""
    return f"article{'s' if len(articles) > 1 else ''} {', '.join(articles)}"


def within(minutes: int) -> str:
    """« sans délai », « en 30 min », « en 8 h »."""
    if minutes == 0:
        return "sans délai"
    hours, rest = divmod(minutes, 60)
    return f"en {hours} h" if not rest else f"en {minutes} min"


def _short_values(vocabulary: Vocabulary, name: str, values: Sequence[FactValue], *, bare: bool) -> str:
    fact = vocabulary.facts[name]
    left_out = [value for value in fact.values if value not in values]
    but = len(values) > 1 and len(left_out) < len(values)
    shown = [short_label(vocabulary, name, value) for value in (left_out if but else values)]
    if bare and not but and UNKNOWN not in values:
        return " ou ".join(shown)
    said = " ou ".join(f"« {word} »" for word in shown)
    label = _lowered(fact.label)
    return f"{label} sauf {said}" if but else f"{label} {said}"


def short_label(vocabulary: Vocabulary, name: str, value: FactValue) -> str:
    """A value's label without what its parentheses add, unless another value of the fact reads the same."""
    label = vocabulary.label(name, value)
    short = label.split(" (", 1)[0]
    alike = [other for other in vocabulary.facts[name].values.values() if other.split(" (", 1)[0] == short]
    return _lowered(short if len(alike) == 1 else label)


def _lowered(label: str) -> str:
    """With a small first letter, unless the word is an acronym (« AESH »)."""
    return label if label[1:2].isupper() else label[:1].lower() + label[1:]


def _listed(vocabulary: Vocabulary, name: str, values: Sequence[FactValue]) -> str:
    return " ou ".join(vocabulary.label(name, value) for value in values)
