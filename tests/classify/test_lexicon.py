"""Lexicon files are valid, and a faulty one is refused with its place and its mend."""

import pytest

from router.classify.corpus import lexicon_sources
from router.classify.lexicon import LexiconError, read_lexicon
from router.model.words import Category


def find(source: str, words: str) -> list[tuple[int, int]]:
    return [(hit.first, hit.last) for hit in read_lexicon({"a.toml": source}).find(words.split())]


def test_the_shipped_files_are_valid_and_cover_each_category_and_need() -> None:
    lexicon = read_lexicon(lexicon_sources())
    assert {group.category for group in lexicon.groups if group.category} == set(Category)
    needs = {"breakdown", "access", "installation", "training", "advice", "data"}
    assert {group.need for group in lexicon.groups if group.need} == needs
    assert any(group.attack for group in lexicon.groups)


def test_words_stems_and_gaps() -> None:
    source = '[[group]]\nid = "g"\ncues = ["débranch*", "cliqué _ lien"]\n'
    assert find(source, "debranchee") == [(0, 0)]
    assert find(source, "j ai clique sur un drole de lien") == []
    assert find(source, "j ai clique sur un lien") == [(2, 5)]


@pytest.mark.parametrize(
    ("source", "line", "words"),
    [
        ('[[group]]\nid = "a"\ncues = ["x"\n', 4, "une liste n'est pas refermée"),
        ('\n[[group]]\nid = "a"\ncategory = "materiel"\ncues = ["x"]\n', 3, "hardware"),
        ('[[group]]\nid = "a"\nneed = "panne"\ncues = ["x"]\n', 2, "breakdown"),
        ('[[group]]\nid = "a"\ncues = []\n', 2, "liste de mots non vide"),
        ('[[group]]\nid = "a"\nmots = ["x"]\ncues = ["x"]\n', 2, "clé inconnue « mots »"),
        ('[[group]]\nid = "a"\ncues = ["_ lien"]\n', 2, "commencer et finir par un mot"),
        ('[[group]]\nid = "a"\ncues = ["d*"]\n', 2, "lettres avant l'étoile"),
        ('[[group]]\nid = "a"\nattack = true\nharmless = true\ncues = ["x"]\n', 2, "se contredisent"),
    ],
)
def test_a_faulty_file_is_refused_with_its_line_and_mend(source: str, line: int, words: str) -> None:
    with pytest.raises(LexiconError) as refused:
        read_lexicon({"essai.toml": source})
    (fault,) = refused.value.faults
    assert (fault.file, fault.line) == ("essai.toml", line)
    assert words in fault.message


def test_two_groups_of_one_name_are_refused() -> None:
    source = '[[group]]\nid = "a"\ncues = ["x"]\n'
    with pytest.raises(LexiconError, match="Deux groupes s'appellent « a »"):
        read_lexicon({"a.toml": source, "b.toml": source})
