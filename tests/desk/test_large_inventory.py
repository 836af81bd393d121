"""A collège with a large inventory: each of its things can be chosen, and none is called unknown."""

from sqlalchemy import insert

from router.desk import filing
from router.desk.filing import Draft
from router.store.tables import Asset
from tests.desk.world import MONDAY, NORTH, World

THINGS = 1_500


def stocked(world: World) -> list[str]:
    tags = [f"PC-{number:04}" for number in range(THINGS)]
    common = {"serial": "", "owner": "departement", "zone": "pedagogique", "product_family": "workstation"}
    rows = [
        {"uai": NORTH, "tag": tag, "label": "Poste fixe", "room": f"S{number // 10:03}", "imported_at": MONDAY}
        for number, tag in enumerate(tags)
    ]
    with world.desk.database.writing() as session:
        session.execute(insert(Asset), [row | common for row in rows])
    return tags


def test_each_thing_of_a_large_inventory_can_be_chosen(world: World) -> None:
    tags = stocked(world)
    place = filing.start(world.desk, world["rupn"], NORTH, MONDAY).place
    assert set(tags) <= {thing.tag for thing in place.assets}
    assert {f"S{number:03}" for number in range(THINGS // 10)} <= set(place.rooms)


def test_the_last_one_is_known_and_found_in_its_room(world: World) -> None:
    last = stocked(world)[-1]
    draft = Draft("k" * 32, subject="Ne démarre plus", body="Rien ne se passe.", room="S149", asset_tag=last)
    seen = filing.look(world.desk, world["rupn"], draft, MONDAY)
    assert not seen.tag_unknown
    assert last in {thing.tag for thing in seen.place.in_room("S149")}
