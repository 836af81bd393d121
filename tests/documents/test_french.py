"""Everything `tomllib` may say of a text is said in French, where a person would look, with the mend."""

import re
import tomllib
from pathlib import Path

import pytest

from router.documents.document import UnreadableDocument, parse_document
from router.documents.french import french_reason

OTHER = french_reason("a sentence of another version of Python")

# (text, line, column, what the sentence holds)
CASES = [
    ("a = 1\na = 2\n", 2, 1, "déjà écrit plus haut"),
    ("a = 1\n  a = '''\nx'''\n", 3, 1, "déjà écrit plus haut"),
    ("[t]\n[t]\n", 2, 1, "déjà écrit plus haut"),
    ("[[t]]\n[t]\n", 2, 1, "déjà écrit plus haut"),
    ("x = { a = 1, a = 2 }\n", 1, 1, "déjà écrit plus haut"),
    ("a = { b = 1 }\na.c = 2\n", 2, 1, "écrite en entier"),
    ("[a.b]\nx = 1\n[a]\nb.c = 1\n", 4, 1, "écrite en entier"),
    ("a = 2025-02-30\n", 1, 5, "cette date n'existe pas"),
    ("a = \n", 1, 5, "la valeur manque"),
    ("a = “x”\n", 1, 5, "guillemets droits"),
    ('a = "x" b = 1\n', 1, 9, "quelque chose suit"),
    ("a 'x'\n", 1, 3, "le signe = manque"),
    ("té = 'x'\n", 1, 2, "sans accent"),
    ("[a\nx = 1\n", 1, 3, "manque ] à"),
    ("[[a]\nx = 1\n", 1, 4, "manque ]] à"),
    ("a = { b = 1,\n c = 2 }\n", 1, 13, "un nom est attendu"),
    ("« a » = 1\n", 1, 1, "ne commence ni par"),
    ("a = ['x'\nb = 1\n", 2, 1, "une liste n'est pas refermée"),
    ("a = { b = 1 c = 2 }\n", 1, 13, "une table n'est pas refermée"),
    ('a = "x\nb = 1\n', 1, 7, "pas refermé sur sa ligne"),
    ('a = """x\n', 2, 1, "derniers guillemets"),
    ("a = '''x\n", 2, 1, "derniers guillemets"),
    ('a = "C:\\Windows"\n', 1, 10, "barre oblique inverse"),
    ('a = "\\uZZZZ"\n', 1, 8, "barre oblique inverse"),
    ('a = "\\ud800"\n', 1, 12, "barre oblique inverse"),
    ('a = "x\0"\n', 1, 7, "signe invisible"),
    ("# x\x01\n", 1, 4, "signe invisible"),
]


@pytest.mark.parametrize(("text", "line", "column", "sentence"), CASES)
def test_a_fault_of_writing_is_told_in_french_at_its_place(
    text: str, line: int, column: int, sentence: str
) -> None:
    with pytest.raises(UnreadableDocument) as unreadable:
        parse_document("f.toml", text)
    assert sentence in str(unreadable.value)
    assert (unreadable.value.place.line, unreadable.value.place.column) == (line, column)


def test_no_sentence_of_the_parser_is_left_out() -> None:
    parser = Path(tomllib.__file__).with_name("_parser.py").read_text(encoding="utf-8")
    raised = re.findall(r'suffixed_err\(\s*src,\s*\w+(?:\s*[-+]\s*\d)?,\s*f?(?:"([^"]+)"|\'([^\']+)\')', parser)
    sentences = {(one or other).replace("{expect!r}", repr("'''")) for one, other in raised}
    assert len(sentences) >= 15
    assert [said for said in sentences if french_reason(said) == OTHER] == []
