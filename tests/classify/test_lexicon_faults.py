"""A faulty lexicon is refused whole, each fault at its place with its mend."""

import pytest

from router.classify.lexicon import LexiconError, read_lexicon

GOOD = """\
# indices
[[group]]
id = "wifi"
category = "network"
need = "breakdown"
cues = ["wifi", "borne*"]
"""


def faults_of(**texts: str) -> list[tuple[str, int, int, str]]:
    with pytest.raises(LexiconError) as refusal:
        read_lexicon({f"lexicon/{name}.toml": text for name, text in texts.items()})
    return [(fault.file, fault.line, fault.column, fault.code) for fault in refusal.value.faults]


def test_a_good_file() -> None:
    assert [group.id for group in read_lexicon({"a.toml": GOOD, "b.toml": ""}).groups] == ["wifi"]


FAULTY = [
    ('cues = ["wifi"', "cues = [wifi", (6, 9, "L001")),
    ("need =", "ned =", (3, 1, "L003")),
    ('id = "wifi"\n', "", (2, 1, "L003")),
    ('"network"', '"netwrk"', (3, 1, "L003")),
    ('"breakdown"', '"panne"', (3, 1, "L003")),
    ('["wifi", "borne*"]', "[]", (3, 1, "L003")),
    ('"borne*"', '"bo*"', (3, 1, "L003")),
    ('"borne*"', '"_ borne"', (3, 1, "L003")),
    ('need = "breakdown"', 'reflexes = "Coupez le réseau"', (3, 1, "L003")),
    ('need = "breakdown"', "reflexes = []", (3, 1, "L003")),
    ("[[group]]", "[group]", (2, 1, "L003")),
    (GOOD, "group = [1]", (1, 10, "L003")),
    ("[[group]]", "[[grup]]", (2, 1, "L003")),
    ("# indices", "version = 2", (1, 1, "L003")),
    (GOOD, "x = " + "[" * 5_000, (1, 1, "L001")),
]


@pytest.mark.parametrize(("was", "becomes", "fault"), FAULTY, ids=[each[1][:20] for each in FAULTY])
def test_one_fault_at_its_place(was: str, becomes: str, fault: tuple[int, int, str]) -> None:
    assert was in GOOD
    assert faults_of(a=GOOD.replace(was, becomes, 1)) == [("lexicon/a.toml", *fault)]


def test_a_name_given_twice_is_told_where_it_comes_again() -> None:
    assert faults_of(a=GOOD, b=f"\n{GOOD}") == [("lexicon/b.toml", 4, 6, "L002")]


def test_every_fault_of_every_file_is_told_at_once() -> None:
    assert faults_of(a=GOOD.replace("need", "ned"), b="[[group\n") == [
        ("lexicon/a.toml", 3, 1, "L003"),
        ("lexicon/b.toml", 1, 8, "L001"),
    ]


def test_a_scope_that_does_not_exist_is_told() -> None:
    with pytest.raises(LexiconError) as refusal:
        read_lexicon(
            {"scopes.toml": '[[group]]\nid = "scope.street"\nscope = "street"\ncues = ["toute la rue"]\n'}
        )
    (fault,) = refusal.value.faults
    assert "étendue « street » inconnue" in fault.message and "several_sites" in fault.message
