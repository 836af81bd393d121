"""The UAI: its letter, its département, and what is said of a wrong one."""

import pytest
from hypothesis import given
from hypothesis.strategies import integers, text

from router.model.actor import Invalid
from router.model.uai import LETTERS, college_uai, departement_of, find_uai, parse_uai, same_departement

VECTORS = ["0352958A", "0350003N", "0351795L", "0350033W", "0350027P", "0352274G", "0010005A", "0010046V"]


@pytest.mark.parametrize("uai", VECTORS)
def test_known_uais_are_taken_in_any_case_and_spacing(uai: str) -> None:
    assert parse_uai(uai) == uai
    assert parse_uai(f" {uai[:3]} {uai[3:].lower()}\u00a0") == uai
    assert college_uai(int(uai[:7])) == uai


def test_a_wrong_letter_is_refused_with_the_expected_one() -> None:
    with pytest.raises(Invalid) as refusal:
        parse_uai("0352958B")
    assert refusal.value.message.startswith("La lettre de contrôle de 0352958B devrait être A")
    assert refusal.value.field == "uai"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("0350003O", "la lettre O n'existe pas dans un UAI"),
        ("O35OOO3N", "la lettre O a sans doute remplacé un zéro (0350003N ?)"),
        ("350003N", "il manque sans doute le zéro de tête (0350003N ?)"),
        ("0350003", "il manque la lettre de contrôle (0350003N ?)"),
        ("", "Le code UAI manque"),
        ("collège Untel", "n'est pas un UAI"),
        ("٠٣٥٠٠٠٣N", "n'est pas un UAI"),
    ],
)
def test_a_misshapen_uai_is_refused_with_its_mend(text: str, sentence: str) -> None:
    with pytest.raises(Invalid) as refusal:
        parse_uai(text)
    assert sentence in refusal.value.message


@pytest.mark.parametrize(
    ("number", "departement"),
    [
        (359001, "35"),
        (19001, "01"),
        (6209001, "2A"),
        (7209001, "2B"),
        (9719001, "971"),
        (9769001, "976"),
        (9019001, "901"),
        (9029001, "902"),
    ],
)
def test_the_first_digits_say_the_departement(number: int, departement: str) -> None:
    assert departement_of(college_uai(number)) == departement


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("35", "35"),
        ("035", "35"),
        ("1", "01"),
        ("02A", "2A"),
        ("2b", "2B"),
        ("620", "2A"),
        ("974", "974"),
        ("", ""),
    ],
)
def test_departement_codes_of_files_are_brought_to_one_form(written: str, code: str) -> None:
    assert same_departement(written) == code


def test_a_uai_is_found_inside_a_longer_text() -> None:
    assert find_uai("9019001m - Collège des Tilleuls") == "9019001m"
    assert find_uai("téléphone 02990000001") is None


@given(integers(min_value=0, max_value=9_999_999))
def test_one_letter_out_of_26_is_right(number: int) -> None:
    good = college_uai(number)
    assert parse_uai(good) == good
    for letter in set("ABCDEFGHIJKLMNOPQRSTUVWXYZ") - {good[7]}:
        with pytest.raises(Invalid) as refusal:
            parse_uai(good[:7] + letter)
        assert f"devrait être {good[7]}" in refusal.value.message
    assert good[7] in LETTERS


@given(text())
def test_any_text_is_a_uai_or_is_refused(given_text: str) -> None:
    try:
        assert len(parse_uai(given_text)) == 8
    except Invalid as refusal:
        assert refusal.message


def test_a_number_of_eight_digits_has_no_uai() -> None:
    with pytest.raises(ValueError, match="seven digits"):
        college_uai(10_000_000)
