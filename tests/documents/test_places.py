"""The scanner gives the place of what tomllib gives the value of."""

from contextlib import suppress
from pathlib import Path
from time import process_time
from typing import Any

import pytest

from router.documents.document import Document, ExcessiveDocument, UnreadableDocument, parse_document

RULES = Path(__file__).parents[2] / "rules"


def paths(value: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    if isinstance(value, dict):
        return [path, *(p for key, part in value.items() for p in paths(part, (*path, key)))]
    if isinstance(value, list):
        return [path, *(p for n, part in enumerate(value) for p in paths(part, (*path, n)))]
    return [path]


@pytest.mark.parametrize("file", sorted(RULES.rglob("*.toml")), ids=lambda file: file.name)
def test_every_key_of_every_rule_file_has_a_place(file: Path) -> None:
    document = parse_document(file.name, file.read_text(encoding="utf-8"))
    assert [path for path in paths(document.data) if path and path not in document.offsets] == []


def test_places_of_hard_shapes() -> None:
    text = (
        '# [a]\n[[r]]\n"x y" = 1 # c\nl = [ # c\n  "a", \'b]\',\n]\nt = { p = "q}", z = [1, {u = 2}] }\n'
        'm = """\nun "deux" \\"\nd = 3"""\n[[r]]\n[r.sub]\na.b = 2025-09-01 10:00:00\n'
    )
    document = parse_document("f", text)
    assert document.data["r"][0]["m"] == 'un "deux" "\nd = 3'
    place = document.key_place(("r", 0, "t", "z", 1, "u"))
    assert (place.line, place.column) == (7, 26)
    place = document.text_place(("r", 0, "l", 1))
    assert (place.line, place.column) == (5, 9)
    place = document.text_place(("r", 0, "m"), 3)
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
    with pytest.raises(UnreadableDocument) as unreadable:
        parse_document("f.toml", text)
    assert (unreadable.value.place.file, unreadable.value.place.line) == ("f.toml", line)
    assert "(at " not in str(unreadable.value)


HOSTILE = {
    "dots": "b = 1\na" + ".a" * 20_000 + " = 1",
    "quoted dots": 'b = 1\n"a"' + '."a"' * 20_000 + " = 1",
    "spaced dots": "b = 1\na" + " . 'a'" * 20_000 + " = 1",
    "dots in a header": "b = 1\n[a" + ".a" * 20_000 + "]",
    "dots in an array's header": "b = 1\n[[a" + ".a" * 20_000 + "]]",
    "dots in a table": "b = 1\nx = { a" + ".a" * 20_000 + " = 1 }",
    "seventeen parts": "b = 1\na" + ".a" * 16 + " = 1",
    "digits": "b = 1\nx = " + "9" * 900_000,
    "hexadecimal": "b = 1\nx = 0x" + "f" * 900_000,
    "a long name": "b = 1\n" + "a" * 900_000 + " = 1",
}
PIECES = ('"""a', "'''a", '"', "'", "\\", '"\\', "#", ".", "[", "{a=", "=", "\r", "\t", "-.", "a.", "a.\n")


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_text_is_refused_at_once_with_its_place(text: str) -> None:
    before = process_time()
    with pytest.raises(ExcessiveDocument, match=r"trop (profond|long)") as excessive:
        parse_document("f.toml", text)
    assert process_time() - before < 0.5
    assert excessive.value.place.line == 2


@pytest.mark.parametrize("piece", PIECES)
@pytest.mark.parametrize("before", ["", "x = ", 'x = "', 'x = """', "x = '''", "["])
def test_no_repetition_takes_long_to_refuse(piece: str, before: str) -> None:
    start = process_time()
    with suppress(UnreadableDocument):
        parse_document("f.toml", before + piece * (300_000 // len(piece)))
    assert process_time() - start < 0.5


def test_what_looks_deep_in_a_text_or_a_comment_is_not() -> None:
    deep = "a" + ".a" * 50
    text = f"# {deep}\nx = '{deep}' # {deep}\ny = [\"{deep}\", '''\n{deep}''']\n" + "a" + ".a" * 15 + " = 1\n"
    assert parse_document("f.toml", text).data["x"] == deep


def test_a_text_too_long_or_too_deep_is_told_apart() -> None:
    for text in ("x = " + "[" * 3_000, "a = '" + "x" * 1_000_001):
        with pytest.raises(ExcessiveDocument, match="trop"):
            parse_document("f.toml", text)


def test_windows_line_ends_do_not_move_places() -> None:
    document = parse_document("f", "a = 1\r\nb = 'x'\r\n")
    assert (document.key_place(("b",)).line, document.key_place(("b",)).column) == (2, 1)


def key(document: Document, *path: str | int) -> tuple[int, int]:
    place = document.key_place(path)
    return place.line, place.column


def value(document: Document, *path: str | int) -> tuple[int, int]:
    place = document.value_place(path)
    return place.line, place.column


def test_places_follow_every_shape_of_toml() -> None:
    text = (
        "# début\n"
        "'nom cité'.\"a b\" = 1.5 # fin\n"
        "[t.u]\n"
        'x = """\n'
        'long ] } " texte"""\n'
        "y = [ # commentaire, avec ]\n"
        "  1979-05-27T07:32:00-08:00,\n"
        "  [ 'a', { k = \"[\", m.n = 2 } ],\n"
        "]\n"
        "[[r]]\nz = 1\n[[r]]\nz = 2\n[r.s]\nv = 3\n[[r.q]]\nw = 4\n"
    )
    document = parse_document("f", text)
    assert key(document, "nom cité", "a b") == (2, 1)
    assert value(document, "nom cité", "a b") == (2, 20)
    assert value(document, "t", "u", "x") == (4, 5)
    assert value(document, "t", "u", "y", 0) == (7, 3)
    assert value(document, "t", "u", "y", 1, 1, "k") == (8, 16)
    assert key(document, "t", "u", "y", 1, 1, "m", "n") == (8, 21)
    assert value(document, "r", 1, "z") == (13, 5)
    assert value(document, "r", 1, "s", "v") == (15, 5)
    assert value(document, "r", 1, "q", 0, "w") == (17, 5)
    assert value(document, "t", "u", "absent") == (3, 1)
    assert key(document, "inconnu") == (1, 1)


def test_a_parent_without_a_line_of_its_own_stands_where_it_is_implied() -> None:
    document = parse_document("f", "a.b = 1\n[t.u]\n[[r]]\n[[r]]\n[v.w]\n[v]\n")
    assert (key(document, "a"), key(document, "t"), key(document, "r")) == ((1, 1), (2, 1), (3, 1))
    assert key(document, "v") == (6, 1)


def test_a_key_is_known_by_what_its_escapes_say() -> None:
    document = parse_document("f", '"caf\\u00e9" = 1\n')
    assert list(document.data) == ["café"]
    assert value(document, "café") == (1, 15)
