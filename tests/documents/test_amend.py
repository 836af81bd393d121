"""A few keys of one entry change; every other character stays."""

import tomllib

import pytest

from router.documents.amend import amended, appended, entry_text, inserted_after, toml_text, toml_texts

TEXT = '''# En tête.
[group]
title = "Essai"

[[rule]]
id = "une"   # la première
when = """
category == 'hardware'
or prerequisite
"""
articles = [
  "3.1.1", # le matériel
  "3.1.3",
]
local = { a = 1, b = [2] }
why = "Parce que = oui."

# Ce qui suit est à part.
[[rule]]
id = "deux"
why = "Non."
'''
ONE, TWO = (TEXT[: TEXT.index(f'[[rule]]\nid = "{name}"')].count("\n") + 1 for name in ("une", "deux"))


def test_nothing_asked_nothing_changed() -> None:
    assert amended("a.toml", TEXT, ONE, {}) == TEXT


@pytest.mark.parametrize(
    ("line", "key", "value", "before", "after"),
    [
        (TWO, "why", '"Oui."', 'why = "Non."\n', 'why = "Oui."\n'),
        (
            ONE,
            "when",
            '"accompanied"',
            TEXT[TEXT.index("when") : TEXT.index("articles")],
            'when = "accompanied"\n',
        ),
        (ONE, "articles", '["4"]', TEXT[TEXT.index("articles") : TEXT.index("local")], 'articles = ["4"]\n'),
        (ONE, "articles", None, TEXT[TEXT.index("articles") : TEXT.index("local")], ""),
        (ONE, "until", "2027-01-01", 'oui."\n', 'oui."\nuntil = 2027-01-01\n'),
        (TWO, "until", "2027-01-01", 'Non."\n', 'Non."\nuntil = 2027-01-01\n'),
        (ONE, "absent", None, "", ""),
    ],
)
def test_one_key_changes_and_nothing_else(
    line: int, key: str, value: str | None, before: str, after: str
) -> None:
    assert TEXT.count(before) == 1 or not before
    assert amended("a.toml", TEXT, line, {key: value}) == (TEXT.replace(before, after) if before else TEXT)


def test_an_entry_alone_and_one_after_it() -> None:
    assert entry_text("a.toml", TEXT, TWO) == '[[rule]]\nid = "deux"\nwhy = "Non."\n'
    follower = '[[rule]]\nid = "une et demie"\n'
    written = inserted_after("a.toml", TEXT, ONE, follower)
    assert [rule["id"] for rule in tomllib.loads(written)["rule"]] == ["une", "une et demie", "deux"]
    assert written.index("à part") > written.index("demie")
    assert appended("a = 1", follower) == f"a = 1\n\n{follower}"


@pytest.mark.parametrize(
    "text", ["simple", 'des "guillemets"', "une \\ barre", "deux\nlignes\tet un tab", "« é »"]
)
def test_a_text_said_in_toml_is_the_same(text: str) -> None:
    assert tomllib.loads(f"a = {toml_text(text)}\nb = {toml_texts([text, ''])}") == {"a": text, "b": [text, ""]}


@pytest.mark.parametrize("mark", ["\u2028", "\x85", "\x0c", "\u2029"])
def test_a_mark_that_ends_no_line_of_toml_moves_nothing(mark: str) -> None:
    """Some pastes bring one into a comment; taken for a line end, what follows would be cut a line too low."""
    commented = (
        TEXT.replace("# En tête.", f"# En{mark}tête.") if mark != "\x0c" else TEXT.replace("Parce", "Par\\fce")
    )
    changed = amended("a.toml", commented, TWO, {"why": '"Oui."'})
    assert changed == commented.replace('"Non."', '"Oui."')
    assert entry_text("a.toml", commented, TWO) == entry_text("a.toml", TEXT, TWO)


def test_every_sign_comes_back_from_a_text() -> None:
    text = "".join(map(chr, range(0x100))) + "\u2028\ufeff"
    assert tomllib.loads(f"x = {toml_text(text)}") == {"x": text}
