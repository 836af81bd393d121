"""Each fault seeded in the shipped files is told at its place, with its code; all at once, and nothing passes."""

from collections.abc import Mapping

import pytest

from router.model.faults import Fault
from router.rulebook.load import RulebookRefused, check, load_book

MATERIEL, CATALOGUE, NORD = "routing/30-materiel.toml", "catalogue.toml", "conventions/demo-nord.toml"
OWNER = "when = \"category == 'hardware' and asset_owner == 'etat'\""
SIGNED = "signed_on = 2025-07-03"
ETAT = 'id = "materiel-etat"'

CATALOGUE_TEXT = """
[[product]]
id = "gfc"
name = "GFC"
synonyms = ["Gestion financière"]
facts = { category = "metier_software", software_origin = "etat" }
until = 2027-01-01
replaced_by = "opale"

[[product]]
id = "opale"
name = "Op@le"
facts = { category = "metier_software", software_origin = "etat" }
"""

# (file, what is written, what is put instead, code, the text at which the fault must be placed)
SEEDS = [
    ("vocabulary.toml", 'kind = "enum"\nlabel = "Lieu"', 'kind = "enumm"\nlabel = "Lieu"', "AIG004", 'enumm"'),
    ("vocabulary.toml", 'label = "Lieu"', "label = 3", "AIG004", "3"),
    ("vocabulary.toml", 'question = "Où est-ce, dans le collège ?"\n', "", "AIG003", "[facts.zone]"),
    ("vocabulary.toml", 'security = "Sécurité"\n', "", "AIG007", "[facts.category.values]"),
    ("vocabulary.toml", "reporter_role in ['rupn',", "reporter_rol in ['rupn',", "AIG006", "reporter_rol in"),
    ("vocabulary.toml", "category == 'hardware'\nor", "category == 'hardwar'\nor", "AIG007", "hardwar'"),
    (
        "vocabulary.toml",
        "true_when = ",
        'asked_when = "accompanied"\ntrue_when = ',
        "AIG004",
        'accompanied"\ntrue',
    ),
    ("vocabulary.toml", "s'il s'agissait de {}", "s'il s'agissait de", "AIG004", "s'il s'agissait de"),
    ("vocabulary.toml", 'exam = "si un', 'examen = "si un', "AIG007", 'examen = "si'),
    ("parties.toml", "[parties.dpo]", "[parties.dpoo]", "AIG008", "[parties.dpoo]"),
    ("parties.toml", "can_hold = true", 'can_hold = "oui"', "AIG004", 'oui"'),
    ("convention.toml", 'number = "3.1.2"', 'number = "3.1.1"', "AIG005", '3.1.1"\ntitle = "Liaisons'),
    ("convention.toml", 'number = "3.1.2"', 'numbr = "3.1.2"', "AIG002", "numbr"),
    (MATERIEL, OWNER, OWNER.replace("asset_owner", "asset_ownr"), "AIG006", "asset_ownr"),
    (MATERIEL, OWNER, OWNER.replace("'etat'", "'etatt'"), "AIG007", "etatt"),
    (MATERIEL, OWNER, OWNER.replace(" == 'etat'", " = 'etat'"), "AIG010", "= 'etat'\"\nassign"),
    (MATERIEL, OWNER, OWNER.replace("and", "&&"), "AIG010", "&& asset"),
    (MATERIEL, OWNER, OWNER.replace(" and", ""), "AIG011", "asset_owner == 'etat'\""),
    (MATERIEL, OWNER, OWNER.replace("category", "(category"), "AIG011", '"\nassign = "academie_dsi"'),
    (MATERIEL, OWNER, OWNER.replace("asset_owner ==", "accompanied =="), "AIG013", "accompanied"),
    (MATERIEL, OWNER, OWNER.replace(" == 'etat'", ""), "AIG013", 'asset_owner"\nassign'),
    (
        MATERIEL,
        OWNER,
        OWNER.replace("== 'etat'", "in []"),
        "AIG013",
        "category == 'hardware' and asset_owner in []",
    ),
    (
        MATERIEL,
        OWNER,
        OWNER.replace("and", "and category == 'network' and"),
        "AIG018",
        "category == 'hardware' and category",
    ),
    (MATERIEL, OWNER, 'when = "prerequisite or not prerequisite"', "AIG019", "prerequisite or"),
    (MATERIEL, OWNER, 'when = ""', "AIG003", '"\nassign = "academie_dsi"'),
    (MATERIEL, f"{ETAT}\n", f'{ETAT}\ncolor = "bleu"\n', "AIG002", "color"),
    (
        MATERIEL,
        ETAT,
        'id = "materiel-personnel"',
        "AIG005",
        '[[rule]]\nid = "materiel-personnel"\ntitle = "Matériel acheté',
    ),
    (MATERIEL, ETAT, 'id = "Matériel État"', "AIG004", "Matériel État"),
    (MATERIEL, 'assign = "academie_dsi"', 'assign = "academie_dsy"', "AIG008", "academie_dsy"),
    (MATERIEL, 'assign = "academie_dsi"', 'assign = "principal"', "AIG008", 'principal"'),
    (MATERIEL, '["D211-14", "D211-15"]', '["D211-14", "D211-16"]', "AIG009", "D211-16"),
    (MATERIEL, '["D211-14", "D211-15"]', "[]", "AIG003", "[]"),
    (MATERIEL, "since = 2025-09-01", 'since = "2025-09-01"', "AIG004", '2025-09-01"'),
    (
        MATERIEL,
        "since = 2025-09-01",
        "since = 2025-09-01\nuntil = 2025-09-01",
        "AIG014",
        "2025-09-01\nchecked_on",
    ),
    (MATERIEL, 'overrides = ["materiel-personnel"]', 'overrides = ["materiel-personel"]', "AIG016", "[[rule]]"),
    (MATERIEL, "[group]\n", "[groupe]\n", "AIG002", "[groupe]"),
    (MATERIEL, 'title = "Appareil personnel"', "title = Appareil", "AIG001", "Appareil\n"),
    (MATERIEL, 'arbitrage = "local"', 'arbitrage = "oui"', "AIG004", 'oui"'),
    ("obligations.toml", 'inform = ["principal"]', 'inform = ["principale"]', "AIG008", "principale"),
    ("obligations.toml", "within_minutes = 0", "within_minutes = -5", "AIG004", "-5"),
    ("priorities.toml", 'priority = "low"', 'priority = "basse"', "AIG007", 'basse"'),
    (
        "priorities.toml",
        "or (urgency == 'normal' and scope in ['room', 'site', 'unknown'])\n",
        "",
        "AIG104",
        None,
    ),
    ("priorities.toml", "urgency == 'normal' and scope == 'person'", "urgency == 'exam'", "AIG105", None),
    ("impossible.toml", "category == 'metier_software' and software", "software", "AIG020", "[[impossible]]"),
    (NORD, 'id = "demo-nord"', 'id = "demo-nordd"', "AIG021", "demo-nordd"),
    (NORD, SIGNED, f"{SIGNED}\nnotice_given_on = 2027-02-28", "AIG003", "2027-02-28"),
    (NORD, SIGNED, f"{SIGNED}\nends_on = 2025-07-02", "AIG014", "2025-07-02"),
    (
        NORD,
        SIGNED,
        f"{SIGNED}\nnotice_given_on = 2027-03-01\nends_on = 2027-08-31",
        "AIG014",
        "2027-08-31",
    ),
    (
        NORD,
        SIGNED,
        f"{SIGNED}\nends_on = 2027-08-31\nuntil = 2027-08-31",
        "AIG014",
        "2027-08-31\nsince",
    ),
    (NORD, '"Europe/Paris"', '"Europe/Pari"', "AIG007", "Europe/Pari"),
    ("conventions/demo-sud.toml", '["902"]', '["901"]', "AIG005", "[convention]"),
    (
        NORD,
        'signatory = "Les deux coordonnateurs du comité de suivi"\n\n[[rule]]',
        "\n[[rule]]",
        "AIG003",
        "[[rule]]",
    ),
    (
        NORD,
        "asset_owner == 'unknown' and need",
        "asset_owner in ['unknown', 'departement'] and need",
        "AIG103",
        None,
    ),
    (MATERIEL, ETAT, f'{ETAT}\naccountable = "principl"', "AIG008", 'principl"'),
    (MATERIEL, ETAT, f'{ETAT}\nconsulted = "rssi"', "AIG004", 'rssi"'),
    (MATERIEL, ETAT, f'{ETAT}\nconsulted = ["rssi", "rsi"]', "AIG008", 'rsi"]'),
    (MATERIEL, ETAT, f'{ETAT}\nconsulted = ["academie_dsi"]', "AIG008", 'academie_dsi"]'),
    (MATERIEL, ETAT, f'{ETAT}\nconsulted = ["dpo"]\naccountable = "dpo"', "AIG008", 'dpo"]'),
    (MATERIEL, ETAT, f'{ETAT}\nconsulted = ["rssi", "rssi"]', "AIG005", 'rssi"]'),
    ("parties.toml", 'accountable = "principal"', 'accountable = "principl"', "AIG008", 'principl"'),
    ("raci.toml", 'title = "Liaisons internet"', 'titel = "Liaisons internet"', "AIG002", "titel"),
    ("raci.toml", "Liaisons internet", "Matériels et infrastructures", "AIG005", None),
    ("raci.toml", 'articles = ["3.1.2"]', 'articles = ["3.1.22"]', "AIG009", '3.1.22"'),
    ("raci.toml", "category == 'security'", "category == 'securite'", "AIG007", "securite'"),
    (CATALOGUE, 'software_origin = "etat"', 'software_orign = "etat"', "AIG006", "software_orign"),
    (CATALOGUE, 'software_origin = "etat"', 'software_origin = "État"', "AIG007", 'État"'),
    (CATALOGUE, 'id = "opale"', 'id = "gfc"', "AIG005", 'gfc"\nname = "Op@le"'),
    (CATALOGUE, 'name = "Op@le"', 'name = "gestion  FINANCIERE"', "AIG005", "gestion  FIN"),
    (MATERIEL, ETAT, 'id = "mat\u0435riel-etat"', "AIG004", 'mat\u0435riel-etat"'),  # a Cyrillic letter
    (MATERIEL, ETAT, 'id = "materiel-\u00b2"', "AIG004", 'materiel-\u00b2"'),
    (MATERIEL, ETAT, f'id = "{"a" * 81}"', "AIG004", "a" * 81),
    (MATERIEL, 'title = "Appareil', 'title = "\\u0000Appareil', "AIG004", "\\u0000Appareil"),
    (MATERIEL, 'title = "Appareil', 'title = "\u202eAppareil', "AIG004", "\u202eAppareil"),
    (MATERIEL, 'why = "', 'why = "\u200b', "AIG004", "\u200b"),
    (MATERIEL, "since = 2025-09-01", "since = 0025-09-01", "AIG004", "0025-09-01"),
    (MATERIEL, "since = 2025-09-01", "since = 9999-12-31", "AIG004", "9999-12-31"),
    (MATERIEL, "since = 2025-09-01", "since = 2025-02-30", "AIG001", "2025-02-30"),
    (MATERIEL, ETAT, f'{ETAT}\noverrides = ["materiel-etat"]', "AIG016", f"[[rule]]\n{ETAT}"),
    (MATERIEL, ETAT, f'{ETAT}\noverrides = ["materiel-personnel"]', "AIG016", f"[[rule]]\n{ETAT}"),
    (NORD, '["901"]', '["9011"]', "AIG007", '9011"'),
    (NORD, '["901"]', '["abc"]', "AIG007", 'abc"'),
    (NORD, '["901"]', '["\u0669\u0660\u0661"]', "AIG007", "\u0669"),
    (NORD, '["901"]', '["901", "901"]', "AIG005", '901"]'),
    ("vocabulary.toml", "[facts.zone]", "[facts.not]", "AIG004", "[facts.not]"),
    ("vocabulary.toml", "[facts.zone]", '[facts."la zone"]', "AIG004", '[facts."la zone"]'),
    ("vocabulary.toml", "true_when = ", "true_when = 'first_level_done' # ", "AIG013", "first_level_done' #"),
    ("convention.toml", "[[article]]", "[[artikle]]", "AIG002", "[[artikle]]"),
    (CATALOGUE, 'replaced_by = "opale"', 'replaced_by = "opal"', "AIG016", 'opal"'),
]


def place(text: str, marker: str) -> tuple[int, int]:
    offset = text.index(marker)
    return text.count("\n", 0, offset) + 1, offset - (text.rfind("\n", 0, offset) + 1) + 1


@pytest.mark.parametrize(("file", "old", "new", "code", "marker"), SEEDS)
def test_seeded_fault_is_named_at_its_place(
    sources: dict[str, str], file: str, old: str, new: str, code: str, marker: str | None
) -> None:
    sources = {**sources, CATALOGUE: CATALOGUE_TEXT}
    assert old in sources[file]
    sources[file] = sources[file].replace(old, new, 1)
    faults = [fault for fault in check(sources) if fault.file == file and fault.code == code]
    assert faults, check(sources)
    if marker is not None:
        assert place(sources[file], marker) in [(fault.line, fault.column) for fault in faults]


def test_at_least_forty_faults_are_seeded() -> None:
    assert len(SEEDS) >= 40


@pytest.mark.parametrize(
    ("wrong", "mend"),
    [("asset_ownr", "asset_owner"), ("categorie", "category"), ("first_level_don", "first_level_done")],
)
def test_a_misspelt_fact_comes_with_its_mend(sources: dict[str, str], wrong: str, mend: str) -> None:
    text = sources[MATERIEL].replace(OWNER, f"when = \"category == 'hardware' and {wrong} == 'x'\"")
    messages = [fault.message for fault in check({**sources, MATERIEL: text})]
    assert any(f"« {wrong} » n'existe pas ; vouliez-vous « {mend} » ?" in message for message in messages)


def test_all_faults_of_all_files_are_told_at_once_and_in_order(sources: dict[str, str]) -> None:
    broken = dict(sources)
    broken[MATERIEL] = broken[MATERIEL].replace("'etat'", "'etatt'").replace('"D211-15"]', '"D9"]')
    broken["obligations.toml"] = broken["obligations.toml"].replace('"rssi"', '"rsi"')
    broken["routing/99-vide.toml"] = "[group"
    faults = check(broken)
    assert {fault.code for fault in faults} >= {"AIG001", "AIG007", "AIG008", "AIG009"}
    assert list(faults) == sorted(faults, key=lambda fault: (fault.file, fault.line, fault.column))


@pytest.mark.parametrize(
    ("text", "line", "sentence"),
    [
        ("a = 1\nb = \n", 2, "la valeur manque ou ne se lit pas : un texte s'écrit entre guillemets droits"),
        ("a = 1\na = 2\n", 2, "ce nom est déjà écrit plus haut : gardez-en un seul."),
        ("[t\n", 1, "il manque ] à la fin de ce titre."),
        ("x = " + "[" * 3_000, 1, "trop de crochets imbriqués."),
        ("a = '" + "x" * 1_000_001, 1, "fichier trop long : un million de signes au plus."),
    ],
    ids=["value", "twice", "table", "deep", "long"],
)
def test_what_is_not_toml_is_told_with_its_line(
    sources: dict[str, str], text: str, line: int, sentence: str
) -> None:
    (fault,) = check({**sources, "routing/99-vide.toml": text})
    assert (fault.file, fault.code, fault.line) == ("routing/99-vide.toml", "AIG001", line)
    assert sentence in fault.message


def test_a_refused_book_is_refused_whole(sources: dict[str, str]) -> None:
    broken = {**sources, MATERIEL: sources[MATERIEL].replace("'etat'", "'etatt'")}
    with pytest.raises(RulebookRefused) as refusal:
        load_book(broken)
    assert refusal.value.faults == check(broken)


def test_a_book_without_articles_or_parties_says_so_alone(sources: dict[str, str]) -> None:
    for file, count in (("convention.toml", 1), ("parties.toml", 7)):
        faults = check({**sources, file: ""})
        assert {fault.file for fault in faults} == {file}
        assert len(faults) == count


def test_what_a_faulty_rule_or_file_is_named_for_is_not_another_fault(sources: dict[str, str]) -> None:
    """Other rules say that they come before those of this file; a local one, before this very rule."""
    unreadable = check({**sources, MATERIEL: f"{sources[MATERIEL]}\nx = "})
    assert [(fault.file, fault.code) for fault in unreadable] == [(MATERIEL, "AIG001")]
    named = 'id = "copieur-proprietaire-inconnu"'
    faulty = check({**sources, MATERIEL: sources[MATERIEL].replace(named, f"{named}\nx = 1")})
    assert [(fault.file, fault.code) for fault in faulty] == [(MATERIEL, "AIG002")]


def test_a_file_of_very_many_entries_is_refused_at_the_first_one_too_many(sources: dict[str, str]) -> None:
    faults = check({**sources, "routing/99-trop.toml": '[group]\ntitle = "x"\n' + "[[rule]]\n" * 100_000})
    assert [(fault.line, fault.message) for fault in faults] == [
        (5_003, "trop d'entrées [[rule]] : 5000 au plus.")
    ]


@pytest.mark.parametrize("missing", ["vocabulary.toml", "parties.toml", "obligations.toml"])
def test_a_missing_file_is_named(sources: dict[str, str], missing: str) -> None:
    faults = check({name: text for name, text in sources.items() if name != missing})
    assert Fault(missing, 1, 1, "AIG021", f"il manque le fichier {missing}.") in faults


def test_an_unknown_file_is_named_with_its_mend(sources: dict[str, str]) -> None:
    (fault,) = check({**sources, "obligation.toml": ""})
    assert (fault.file, fault.code) == ("obligation.toml", "AIG021")
    assert "obligations.toml" in fault.message


@pytest.mark.parametrize(
    "sources",
    [{}, {"vocabulary.toml": ""}, {"vocabulary.toml": "x = " + "[" * 5_000}, {"x": "\0"}],
)
def test_check_never_raises(sources: Mapping[str, str]) -> None:
    assert check(sources)


def test_the_shipped_book_has_no_fault(sources: dict[str, str]) -> None:
    assert check(sources) == ()
