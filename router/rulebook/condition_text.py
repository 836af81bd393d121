"""A region of the fact domain as a condition of the rules' language: what `read_condition` would read back. Pure."""

from collections.abc import Mapping

from router.model.incident import FactValue
from router.rulebook.cubes import Cubes, joined
from router.rulebook.vocabulary import FactKind, Vocabulary

_LINE = 110
# A list longer than this is said by what it leaves out; sooner when there are several cases to read.
_LONG_LIST, _LONG_LIST_IN_A_CASE = 20, 4


def condition_text(vocabulary: Vocabulary, cubes: Cubes) -> str:
    """« category == 'hardware' and zone in ['…'] »; of several cases, what they share comes first."""
    cases = [vocabulary.domain.restricted(cube) for cube in joined(cubes)]
    if len(cases) == 1:
        return _case_text(vocabulary, cases[0], _LONG_LIST)
    shared = {name: values for name, values in cases[0].items() if all(c.get(name) == values for c in cases)}
    own = [{name: values for name, values in case.items() if name not in shared} for case in cases]
    texts = "\n  or ".join(f"({_case_text(vocabulary, case, _LONG_LIST_IN_A_CASE)})" for case in own)
    return (
        f"{_case_text(vocabulary, shared, _LONG_LIST)}\nand ({texts})"
        if shared
        else texts.replace("\n  ", "\n")
    )


def condition_toml(text: str) -> str:
    """A condition as a TOML value: on one line, or between triple quotes."""
    if "\n" not in text and len(text) <= _LINE:
        return f'"{text}"'
    return f'"""\n{text}\n"""'


def _case_text(vocabulary: Vocabulary, case: Mapping[str, tuple[FactValue, ...]], long_list: int) -> str:
    return " and ".join(_fact_text(vocabulary, name, values, long_list) for name, values in case.items())


def _fact_text(vocabulary: Vocabulary, name: str, values: tuple[FactValue, ...], long_list: int) -> str:
    if vocabulary.facts[name].kind is FactKind.BOOL:
        return name if values == (True,) else f"not {name}"
    left_out = tuple(value for value in vocabulary.facts[name].values if value not in values)
    if len(values) > long_list and len(left_out) < len(values):
        return _listed(name, left_out, "!=", "not in")
    return _listed(name, values, "==", "in")


def _listed(name: str, values: tuple[FactValue, ...], one: str, several: str) -> str:
    if len(values) == 1:
        return f"{name} {one} {values[0]!r}"
    return f"{name} {several} [{', '.join(map(repr, values))}]"
