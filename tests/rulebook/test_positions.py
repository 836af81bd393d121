"""The scanner gives the place of what tomllib gives the value of."""

from pathlib import Path
from typing import Any

import pytest

from router.rulebook.positions import UnreadableFile, parse_document
from tests.rulebook.conftest import RULES


def paths(value: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    if isinstance(value, dict):
        return [path, *(p for key, part in value.items() for p in paths(part, (*path, key)))]
    if isinstance(value, list):
        return [path, *(p for n, part in enumerate(value) for p in paths(part, (*path, n)))]
    return [path]


@pytest.mark.parametrize("file", sorted(RULES.rglob("*.toml")), ids=lambda file: file.name)
def test_every_key_of_every_rule_file_has_a_place(file: Path) -> None:
    document = parse_document(file.name, file.read_text(encoding="utf-8"))
    known = set(document.offsets)
    missing = [path for path in paths(document.data) if path and path not in known]
    # A table that only exists through its children, and the array of tables itself, have no line of their own.
    assert all(any(other[: len(path)] == path for other in known) for path in missing)


def test_places_of_hard_shapes() -> None:
    text = (
        '# [a]\n[[r]]\n"x y" = 1 # c\nl = [ # c\n  "a", \'b]\',\n]\nt = { p = "q}", z = [1, {u = 2}] }\n'
        'm = """\nun "deux" \\"\nd = 3"""\n[[r]]\n[r.sub]\na.b = 2025-09-01 10:00:00\n'
    )
    document = parse_document("f", text)
    assert document.data["r"][0]["m"] == 'un "deux" "\nd = 3'
    place = document.key_place(("r", 0, "t", "z", 1, "u"))
    assert (place.line, place.column) == (7, 26)
    place = document.value_place(("r", 0, "l", 1))
    assert (place.line, place.column) == (5, 9)
    place = document.value_place(("r", 0, "m"), 3)
    assert (place.line, place.column) == (9, 4)
    assert document.key_place(("r", 1, "sub", "a", "b")).line == 13
    assert document.key_place(("r", 1, "nowhere")).line == 11


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a = 1\nb = \n", 2),
        ("a = 1\na = 2\n", 2),
        ("[t\n", 1),
        ("x = " + "[" * 3_000, 1),
        ("a = '" + "x" * 1_000_001, 1),
    ],
    ids=["value", "twice", "table", "deep", "long"],
)
def test_what_is_not_toml_is_told_with_its_line(text: str, line: int) -> None:
    with pytest.raises(UnreadableFile) as unreadable:
        parse_document("f.toml", text)
    assert (unreadable.value.fault.code, unreadable.value.fault.line) == ("AIG001", line)


def test_windows_line_ends_do_not_move_places() -> None:
    document = parse_document("f", "a = 1\r\nb = 'x'\r\n")
    assert (document.key_place(("b",)).line, document.key_place(("b",)).column) == (2, 1)
