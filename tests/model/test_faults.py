"""Faulty files are refused whole: each fault once, in the order a person mends them."""

from router.model.faults import Fault, FilesRefused, by_place

LATE = Fault("b.toml", 2, 1, "AIG003", "il manque « a ».")
EARLY = Fault("a.toml", 10, 4, "AIG002", "la clé « x » n'existe pas.")
SAME_PLACE = Fault("a.toml", 10, 4, "AIG002", "la clé « w » n'existe pas.")


def test_faults_are_told_once_by_place_then_by_code_and_sentence() -> None:
    assert by_place([LATE, EARLY, LATE, SAME_PLACE]) == (SAME_PLACE, EARLY, LATE)


def test_a_refusal_shows_every_fault_at_its_place() -> None:
    refusal = FilesRefused(iter([EARLY, LATE]))
    assert refusal.faults == (EARLY, LATE)
    assert str(refusal).splitlines() == [
        "a.toml:10:4: AIG002 la clé « x » n'existe pas.",
        "b.toml:2:1: AIG003 il manque « a ».",
    ]
