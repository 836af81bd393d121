"""A zone has one meaning everywhere."""

import pytest

from router.model.zones import zone_named


@pytest.mark.parametrize("name", ["Europe/Paris", "Indian/Reunion", "America/Cayenne", "UTC"])
def test_a_zone_of_the_world_is_known(name: str) -> None:
    assert zone_named(name).key == name


NO_ZONES = [
    "",
    "Europe",
    "Europe/Lutece",
    "../../etc/passwd",
    "a\x00b",
    "tzdata.zi",
    "x" * 5_000,
    "/etc/localtime",
]
OF_THIS_MACHINE = ["localtime", "posixrules", "Factory", "right/Europe/Paris", "posix/Europe/Paris"]


@pytest.mark.parametrize("name", [*NO_ZONES, *OF_THIS_MACHINE])
def test_a_name_that_is_none_or_that_only_this_machine_knows_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="zone"):
        zone_named(name)
