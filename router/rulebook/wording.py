"""Regions and values of the fact domain in French, with the vocabulary's labels."""

from collections.abc import Iterable, Sequence

from router.model.incident import FactValue
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


def quoted(words: Iterable[str]) -> str:
    """« a », « b » et « c »."""
    shown = [f"« {word} »" for word in words]
    if len(shown) < 2:
        return "".join(shown)
    return f"{', '.join(shown[:-1])} et {shown[-1]}"


def _listed(vocabulary: Vocabulary, name: str, values: Sequence[FactValue]) -> str:
    return " ou ".join(vocabulary.label(name, value) for value in values)
