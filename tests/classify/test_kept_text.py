"""What is kept to learn from: no name, no number, no signature, nobody else's words; the words that count are left."""

import re
import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from router.classify import Classifier
from router.classify.corpus import catalogue_entries, lexicon_sources, read_texts
from router.classify.kept_text import LONGEST_KEPT, kept_text, masked_whole, only_masks_more
from router.classify.personal_data import find_personal_data

PERSONAL = tomllib.loads(Path(__file__).with_name("personal.toml").read_text(encoding="utf-8"))["case"]
SHIPPED = Classifier.load(lexicon_sources(), catalogue_entries())

CASES = [
    (
        "the reporter's own name, however written",
        "Le vidéoprojecteur ne marche plus. sophie martin, salle 12, et SOPHIE aussi est gênée",
        ("Sophie Martin",),
        "Le vidéoprojecteur ne marche plus. [nom], salle 12, et [nom] aussi est gênée",
    ),
    (
        "a compound name",
        "Demander à Jean-Pierre Le Goff pour la clé du serveur",
        ("Jean-Pierre Le Goff",),
        "Demander à [nom] pour la clé du serveur",
    ),
    (
        "by its form, whoever it is",
        "L'élève Inès Lambert (INE 1234567890A, 01 99 00 12 34) n'ouvre plus Pronote",
        (),
        "L'élève [nom] (INE [INE], [téléphone]) n'ouvre plus Pronote",
    ),
    (
        "a signature and what follows it",
        "Le wifi de la salle 12 coupe depuis lundi.\nCordialement,\nPaul Durand\n06 39 98 12 34",
        (),
        "Le wifi de la salle 12 coupe depuis lundi",
    ),
    (
        "a quoted reply",
        "Toujours pareil ce matin.\n> Bonjour, Paul Durand ne peut plus imprimer",
        (),
        "Toujours pareil ce matin",
    ),
    (
        "a quoted reply in the middle",
        "Toujours pareil ce matin.\n> kevin durand a triché\n> deux fois\nLe poste 4 aussi.",
        (),
        "Toujours pareil ce matin.\nLe poste 4 aussi",
    ),
    (
        "a quoted reply announced, in the middle",
        "Toujours pareil, été compris.\nLe 3 nov. 2026, kevin durand a écrit :\n> c'est moi\nLe poste 4 aussi.",
        (),
        "Toujours pareil, été compris.\nLe poste 4 aussi",
    ),
    (
        "a product that looks like a name",
        "Madame, Pronote et GFC ne s'ouvrent plus",
        ("Claire Roussel",),
        "Madame, Pronote et GFC ne s'ouvrent plus",
    ),
    ("a signature alone", "Cordialement,\nPaul Durand", ("Paul Durand",), "Cordialement,\n[nom]"),
]


@pytest.mark.parametrize(
    ("body", "people", "kept"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_what_is_kept_of_a_text(body: str, people: tuple[str, ...], kept: str) -> None:
    assert kept_text(SHIPPED, "", body, people) == ("", kept)


@pytest.mark.parametrize(
    "told",
    ["06\u00a012\u00a034\u00a056\u00a078", "06\u202f12\u202f34\u202f56\u202f78", "06  12  34  56  78", "06/12/34/56/78",
     "06,12,34,56,78", "06_12_34_56_78", "06–12–34–56–78", "06 123 456 78", "0 6 1 2 3 4 5 6 7 8",
     "06\u200b12\u200b34\u200b56\u200b78", "123456789 AB", "1234 567 890 A", "1-85-05-78-006-084-36",
     "jean.dupont arobase example.org", "jean.dupont [at] example.org", "jean.dupont(at)example.org",
     "jean.dupont @ example.org", "mdp Soleil2024!", "pwd: Soleil2024!", "M.\u00a0Martin"],
)  # fmt: skip
def test_written_otherwise_it_is_not_kept_either(told: str) -> None:
    _, kept = kept_text(SHIPPED, "", f"Le poste est lent, voir {told} au plus tôt")
    assert kept.endswith("] au plus tôt")
    assert not re.search(r"\d|upont|Soleil|Martin|AB|A ", kept)


@pytest.mark.parametrize(
    ("left", "only_masked"),
    [
        ("Voir Zoé au CDI,\r\nelle a le câble", True),
        ("", True),
        ("Voir [nom] au CDI, elle a le câble", True),
        ("Voir [nom] au [adresse], elle a [mot de passe]", True),
        ("[nom]", True),
        ("mes fichiers sont chiffrés", False),
        ("mes fichiers sont chiffrés [nom]", False),
        ("[nom] mes fichiers sont chiffrés [nom]", False),
        ("Voir [nom] Zoé au CDI, elle a le câble", False),
        ("Voir Zoé au CDI, elle a le câble [nom]", False),
        ("Voir Zoé au CDI", False),
        ("[nom] câble [nom] Voir [nom]", False),
    ],
)
def test_a_reader_masks_more_and_writes_nothing(left: str, only_masked: bool) -> None:
    assert only_masks_more("Voir Zoé au CDI,\nelle a le câble", left) is only_masked


@pytest.mark.parametrize("case", PERSONAL, ids=lambda case: case["text"])
def test_what_a_manager_may_read_of_the_mask(case: dict[str, str]) -> None:
    shown = case.get("kept", case.get("form", case["text"]))
    assert masked_whole(SHIPPED, case["text"], ()) == shown
    assert masked_whole(SHIPPED, shown, ()) == shown  # again, when a reader accepts it


def test_nothing_of_a_mail_s_markup_is_kept() -> None:
    body = (
        "<p>Le poste est lent, voir <a href='mailto:k.martin@example.org'>K&amp;eacute;vin&nbsp;Martin</a></p>"
    )
    assert kept_text(SHIPPED, "", body) == ("", "Le poste est lent, voir [nom]")


def test_the_subject_is_masked_too() -> None:
    kept = kept_text(SHIPPED, "Mme Roussel au 01 99 00 12 34", "", ("Claire Roussel",))
    assert kept == ("Mme [nom] au [téléphone]", "")


def test_a_long_text_is_cut_after_it_was_masked() -> None:
    body = "a" * (LONGEST_KEPT - 5) + " 01 99 00 12 34"
    _, kept = kept_text(SHIPPED, "", body)
    assert len(kept) == LONGEST_KEPT
    assert "99" not in kept


@given(st.text(max_size=400), st.sampled_from(read_texts("dev")[:40]))
@settings(deadline=None)
def test_nothing_that_can_be_found_is_kept(strange: str, text) -> None:  # type: ignore[no-untyped-def]
    words = f"{text.body}\n{strange}\nappelez le 01 99 00 12 34 ou ecrire.ici@example.org, INE 1234567890A"
    kept = kept_text(SHIPPED, text.subject, words, ("Zébulon Tartempion",))
    for part in kept:
        found = {one.words for one in find_personal_data(part, SHIPPED.names)}
        assert not {each for each in found if not each.startswith("[")}
    assert "0199001234" not in "".join(kept).replace(" ", "")


def test_the_category_is_still_read_after_the_mask() -> None:
    """Masking the texts of the corpus changes what is read in very few."""
    texts = read_texts("test")
    changed = 0
    for text in texts:
        subject, body = kept_text(SHIPPED, text.subject, text.body, ("Sophie Martin",))
        before, after = SHIPPED.classify(text.subject, text.body), SHIPPED.classify(subject, body)
        changed += before.category is not after.category
    assert changed <= len(texts) // 100
