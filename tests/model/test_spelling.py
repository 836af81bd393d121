"""The word somebody probably meant is found, or none is."""

import pytest

from router.model.spelling import nearest_word

KNOWN = ("principal", "rupn", "departement_maintenance")


@pytest.mark.parametrize(
    ("written", "meant"),
    [("principale", "principal"), ("runp", "rupn"), ("zzz", None), ("principal" + "x" * 1_000_000, None)],
    ids=["one letter", "swapped", "nothing close", "endless"],
)
def test_the_nearest_known_word(written: str, meant: str | None) -> None:
    assert nearest_word(written, KNOWN) == meant


def test_any_collection_may_be_asked() -> None:
    assert nearest_word("etta", frozenset({"etat", "none"})) == "etat"
    assert nearest_word("a", ()) is None
