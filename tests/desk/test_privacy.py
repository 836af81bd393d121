"""What the form warns of before sending: others' names, never the collège's, nor the one she signs with."""

import pytest

from router.desk.privacy import guard
from router.model.words import PersonalKind
from tests.desk.world import shipped_policy

PLACE, WRITER = "Collège Jean Moulin", "Sophie Martin"


def warned(body: str, writer: str = WRITER) -> list[str]:
    found = guard(shipped_policy(), "", body, PLACE, writer).found
    return [words for one in found if one.kind is PersonalKind.NAME for words in one.words]


@pytest.mark.parametrize(
    ("body", "names"),
    [
        ("Le wifi coupe en salle 12.\nSophie Martin", []),
        ("Le wifi coupe en salle 12.\nMARTIN Sophie, Mme Martin", []),
        ("Kevin Martin n'a plus le wifi.\nSophie Martin", ["Kevin Martin"]),
        ("Le wifi du collège Jean Moulin coupe, Jean Dupont le voit aussi", ["Jean Dupont"]),
        ("À Jean Moulin, Pronote est lent", []),
    ],
)
def test_her_own_name_and_her_college_s_are_no_warning(body: str, names: list[str]) -> None:
    assert warned(body) == names


def test_without_a_known_writer_a_signature_is_a_name() -> None:
    assert warned("Le wifi coupe.\nSophie Martin", writer="") == ["Sophie Martin"]


def test_the_masked_version_keeps_her_signature() -> None:
    look = guard(shipped_policy(), "Kevin Martin", "mdp Soleil24\nSophie Martin", PLACE, WRITER)
    assert (look.subject, look.body) == ("[nom]", "mdp [mot de passe]\nSophie Martin")


def test_a_pasted_mail_is_warned_of_as_it_is_shown_and_masked_as_it_is_written() -> None:
    look = guard(shipped_policy(), "", "<p><b>K&eacute;vin</b> <b>Martin</b></p>", PLACE, WRITER)
    assert [one.words for one in look.found] == [("Kévin Martin",)]
    assert look.body == "<p><b>[nom]</b></p>"
    assert warned("<b>Sophie</b>&nbsp;<b>Martin</b>") == []
