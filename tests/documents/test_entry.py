"""A value is read by its kind, and each fault is noted where a person will look for it."""

from datetime import date, datetime

import pytest

from router.documents.document import parse_document
from router.documents.entry import Entry
from router.model.faults import Fault

TEXT = "yes = true\nday = 2026-11-24\ninstant = 2026-11-24T08:00:00\nwords = ['un', 2]\n"


def read() -> Entry:
    return Entry.root(parse_document("f.toml", TEXT), [])


def test_kinds_that_python_confuses_are_told_apart() -> None:
    root = read()
    assert root.typed(bool, "X1", "…", "yes") is True
    assert root.typed(date, "X1", "…", "day") == date(2026, 11, 24)
    assert root.typed(datetime, "X1", "…", "instant") is not None
    assert root.faults == []
    assert root.typed(int, "X1", "pas un nombre", "yes") is None
    assert root.typed(date, "X1", "pas un jour", "instant") is None
    assert [(fault.line, fault.message) for fault in root.faults] == [(1, "pas un nombre"), (3, "pas un jour")]


@pytest.mark.parametrize(("position", "expected"), [(0, "un"), (1, None)])
def test_an_item_of_a_list_has_its_own_place(position: int, expected: str | None) -> None:
    words = read().child("words")
    assert words.child(position).typed(str, "X1", "il faut un mot") == expected
    assert words.faults == ([] if expected else [Fault("f.toml", 4, 16, "X1", "il faut un mot")])


def test_a_fault_may_be_of_the_key_of_the_value_or_of_a_character_in_it() -> None:
    root = read()
    root.fault_at_key("X1", "clé", "words")
    root.fault("X2", "valeur", "words", 0)
    root.fault_in_text("X3", "deuxième lettre", "words", 0, character=1)
    assert [(fault.line, fault.column) for fault in root.faults] == [(4, 1), (4, 10), (4, 12)]
    assert (root.child("day").place.line, root.child("day").place.column) == (2, 1)
