"""Which thing of the inventory the words tell, when they name several."""

from router.desk.told_lines import thing_told
from router.desk.whereabouts import Place, Thing
from router.model.told import NOTHING_TOLD, Told, ToldFact, ToldKind

WORKS, FAILS = (
    Thing(number, tag, "ordinateur", "204", "") for number, tag in enumerate(("PC-0412", "PC-0413"))
)
PLACE = Place("", "", "", "", ("204",), (WORKS, FAILS))
WORDS = "le PC-0412 marche, c'est le PC-0413 qui plante"


def test_the_thing_read_as_touched_is_asked_about() -> None:
    told = Told((ToldFact(ToldKind.ASSET_TAG, "PC-0413", "PC-0413"),))
    assert thing_told(PLACE, told, WORDS, frozenset()) == FAILS
    assert thing_told(PLACE, NOTHING_TOLD, WORDS, frozenset()) == WORKS
    assert thing_told(PLACE, told, WORDS, frozenset({"asset_tag"})) is None


def test_a_tag_that_the_inventory_does_not_know_hides_no_other() -> None:
    told = Told((ToldFact(ToldKind.ASSET_TAG, "PC-9999", "PC-9999"),))
    assert thing_told(PLACE, told, "le PC-9999 ou le PC-0412", frozenset()) == WORKS
