"""What a book still has to say before anybody may sign it: found by its place, whatever else is wrong in the files."""

import pytest

from router.rulebook.to_complete import unfinished

RULE = '[[rule]]\nid = "copieurs"\ntitle = "Copieurs"\nwhy = {why}\ndecision = {decision}\nsignatory = "Les deux"\n'


def test_each_entry_by_its_place_and_title() -> None:
    waiting = RULE.format(why='"À compléter : dites pourquoi."', decision='"À compléter"')
    told = '[[obligation]]\nid = "prevenir"\nwhy = "À compléter"\n'
    found = unfinished(
        {"b.toml": f"# Complété\n\n{waiting}\n{told}", "a.toml": told, "c.toml": "[[rule]\ncompl"}
    )
    assert [(each.place.file, each.place.line, each.title) for each in found] == [
        ("a.toml", 1, "prevenir"),
        ("b.toml", 3, "Copieurs"),
        ("b.toml", 10, "prevenir"),
    ]
    assert str(found[1].fault) == (
        "b.toml:3:1: AIG023 la règle « Copieurs » est encore à compléter : écrivez sa raison et sa décision, "
        "à la place de « À compléter »."
    )


@pytest.mark.parametrize(
    ("why", "waits"),
    [
        ('"À compléter"', True),
        ('" à compléter : plus tard"', True),
        ('"""\nÀ compléter"""', True),
        ('"Le dossier est à compléter par le collège."', False),
        ("12", False),
    ],
)
def test_a_text_waits_when_it_begins_so(why: str, waits: bool) -> None:
    found = unfinished({"a.toml": RULE.format(why=why, decision='"Décision n° 5"')})
    assert [each.missing for each in found] == ([("why",)] if waits else [])
