"""Rules in French for whoever has never opened their files, and three readings of one side by side."""

import pytest

from router.documents.amend import entry_text
from router.rulebook.book import Rulebook
from router.rulebook.clash_wording import Reading, side_by_side
from router.rulebook.entry_wording import WordedEntry, entry_in_words
from router.rulebook.wording import describe
from tests.desk.world import shipped_policy

LOCAL, NATIONAL = "conventions/demo-nord.toml", "routing/30-materiel.toml"
RULE = """
[[rule]]
id = "nord-tablettes"
title = "Tablettes prêtées"
when = "category == 'hardware' and product_family == 'tablet' and (need == 'breakdown' or urgency == 'exam')"
assign = "departement_maintenance"
articles = ["3.1.3", "7.1"]
why = "Au Val-Nord, le Département les répare."
since = 2026-09-01
until = 2027-09-01
checked_on = 2026-11-23
consulted = ["academie_dsi", "principal"]
overrides = ["materiel-proprietaire-inconnu"]
decision = "Relevé n° 4."
decided_on = 2026-07-03
signatory = "Les deux coordonnateurs"
"""
DUTY = """
[[obligation]]
id = "nord-examen"
title = "Examen en jeu"
when = "urgency == 'exam'"
inform = ["principal", "dpo"]
within_minutes = 480
articles = ["4"]
why = "Le principal doit le savoir."
since = 2026-09-01
checked_on = 2026-11-23
"""
ARTICLE = '[[article]]\nnumber = "7.1"\ntitle = "Suivi"\nmeaning = "Un comité suit la convention."\n'


@pytest.fixture(scope="module")
def book() -> Rulebook:
    return shipped_policy().book


def worded(book: Rulebook, text: str, file: str = LOCAL) -> WordedEntry:
    found = entry_in_words(book, file, text)
    assert found is not None
    return found


def said(entry: WordedEntry) -> dict[str, tuple[str, ...]]:
    return {line.label: line.texts for line in entry.lines}


def test_a_local_rule_says_all_that_decides(book: Rulebook) -> None:
    entry = worded(book, RULE)
    assert entry.title == "Tablettes prêtées"
    assert said(entry) == {
        "Quand": (
            "Type d'incident : Matériel ; Ce qui est concerné : Tablette ; Urgence : Un examen ou une certification "
            "est en jeu",
            "Type d'incident : Matériel ; Ce qui est concerné : Tablette ; Besoin : Réparer ce qui ne marche pas",
        ),
        "Alors": ("compétent : Département, maintenance (articles 3.1.3, 7.1)",),
        "Parce que": ("Au Val-Nord, le Département les répare.",),
        "À consulter": ("Académie, DSI et DRANE et Principal du collège",),
        "Passe exprès avant": ("« materiel-proprietaire-inconnu »",),
        "S'applique": ("à partir du 01/09/2026, jusqu'au 01/09/2027 exclu",),
        "Relue": ("le 23/11/2026",),
        "Décision locale": ("Relevé n° 4. (Les deux coordonnateurs, le 03/07/2026)",),
    }


def test_an_obligation_and_an_article(book: Rulebook) -> None:
    assert said(worded(book, DUTY, "obligations.toml"))["Alors"] == (
        "à prévenir en 8 h : Principal du collège et Délégué à la protection des données (article 4)",
    )
    article = worded(book, ARTICLE, "convention.toml")
    assert (article.title, said(article)["Ce qu'il dit"]) == ("Article 7.1", ("Un comité suit la convention.",))


@pytest.mark.parametrize(
    ("file", "text"),
    [
        (LOCAL, RULE.replace("'tablet'", "'tablette'")),  # a word the vocabulary lacks
        (LOCAL, RULE.replace('"Tablettes', "Tablettes")),  # no TOML
        (NATIONAL, RULE),  # a signature has no place there
        (LOCAL, RULE + DUTY),
        (LOCAL, "# rien\n"),
        ("clocks/calendars.toml", '[calendar.nord]\ntimezone = "Europe/Paris"\n'),
    ],
)
def test_what_cannot_be_put_in_words(book: Rulebook, file: str, text: str) -> None:
    assert entry_in_words(book, file, text) is None


def test_every_shipped_rule_has_words_and_the_cases_of_its_page(book: Rulebook) -> None:
    local = [rule for convention in book.conventions.values() for rule in convention.rules]
    for rule in (*book.rules, *local):
        text = entry_text(rule.place.file, book.sources[rule.place.file], rule.place.line)
        entry = worded(book, text, rule.place.file)
        assert entry.title == rule.title
        assert said(entry)["Quand"] == tuple(describe(book.vocabulary, cube) for cube in rule.cubes)
    for duty in book.obligations:
        text = entry_text(duty.place.file, book.sources[duty.place.file], duty.place.line)
        assert worded(book, text, duty.place.file).title == duty.title


def marked(reading: Reading | None) -> str:
    """The reading with what is new in brackets."""
    assert reading is not None
    return " | ".join(
        "".join(f"[{piece.text}]" if piece.changed else piece.text for piece in text) for text in reading.texts
    )


def test_side_by_side_only_what_differs_stands_out(book: Rulebook) -> None:
    ours = RULE.replace("les répare", "les remplace").replace("consulted", "# consulted")
    theirs = RULE.replace("'breakdown'", "'installation'").replace('"3.1.3", ', "")
    found = side_by_side(worded(book, RULE), worded(book, ours), worded(book, theirs))
    lines = {line.label: line for line in found.differing}
    assert list(lines) == ["Quand", "Alors", "Parce que", "À consulter"]
    assert marked(lines["Parce que"].ours) == "Au Val-Nord, le Département les [remplace.]"
    assert marked(lines["Parce que"].theirs) == "Au Val-Nord, le Département les répare."
    assert marked(lines["Alors"].theirs) == "compétent : Département, maintenance [(article] 7.1)"
    exam, installed = marked(lines["Quand"].theirs).split(" | ")
    assert exam[0] != "[" and installed.startswith("[Type d'incident") and installed.endswith("]")
    assert "[" not in marked(lines["Quand"].ours)
    gone = lines["À consulter"].ours
    assert gone is not None and gone.texts == () and gone.only_shorter
    assert not any(line.theirs and line.theirs.only_shorter for line in found.differing)
    assert [line.label for line in found.alike][:2] == ["Titre", "Passe exprès avant"]


def test_side_by_side_when_one_took_it_out_or_both_wrote_it(book: Rulebook) -> None:
    changed = worded(book, RULE.replace("Tablettes prêtées", "Tablettes données"))
    out = side_by_side(worded(book, RULE), None, changed)
    assert {line.label: line.ours for line in out.differing} == {"Titre": None}
    assert marked(out.differing[0].theirs) == "Tablettes [données]"
    both = side_by_side(None, worded(book, RULE), changed)
    (title,) = both.differing
    assert title.base is None and marked(title.ours) == "Tablettes prêtées"
