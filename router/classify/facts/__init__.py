"""The facts that words tell besides the category: where, which thing, how many people, when, what was tried.

Each comes with its words. Nothing here is believed: `desk/reading` says what is taken, what is asked."""

from router.classify.facts.attempts import attempts
from router.classify.facts.exposure import exposure
from router.classify.facts.moments import moments
from router.classify.facts.people import people
from router.classify.facts.places import places
from router.classify.facts.sight import look_at
from router.classify.facts.tags import tags
from router.classify.features import Reading
from router.classify.products import FoundProduct
from router.model.told import NOTHING_TOLD, Told, ToldFact, ToldKind

__all__ = ["told_in"]


def told_in(
    reading: Reading, need: tuple[str | None, str | None] = (None, None), *, alarming: bool = False
) -> Told:
    """What the words tell; `need` as `needs.widened` has read it; `alarming`: security is suspected, or in doubt."""
    if not reading.words:
        return NOTHING_TOLD
    sight = look_at(reading)
    found: list[ToldFact] = []
    product = next((each for each in reading.products if _at_stake(reading, each)), None)
    if product is not None:
        words = sight.quote(product.first, product.last)
        found.append(ToldFact(ToldKind.PRODUCT, product.product.id, words))
    if need[0] and need[1]:
        found.append(ToldFact(ToldKind.NEED, need[0], need[1]))
    taken = tags(sight)
    room, zone = places(sight)
    found += [fact for fact in (zone, exposure(sight, alarming=alarming), room, taken, people(sight)) if fact]
    found += moments(sight)
    found += attempts(sight)
    return Told(tuple(found))


def _at_stake(reading: Reading, found: FoundProduct) -> bool:
    """Not in a clause that says that it works, nor after « ce n'est pas »."""
    if reading.cleared[found.first]:
        return False
    return reading.texts[max(0, found.first - 2) : found.first] != ("est", "pas")
