"""Time zones by name: only names that mean the same on every machine, since two institutions compute the same days."""

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

# What a machine is set to, or counts in its own way (leap seconds), is no zone that anybody else can use again.
_OF_THIS_MACHINE = frozenset({"localtime", "posixrules", "Factory"})
_COUNTED_OTHERWISE = ("posix/", "right/")


def zone_named(name: str) -> ZoneInfo:
    """The zone of an IANA name, like « Europe/Paris ». Raises ValueError for any other."""
    if name in _OF_THIS_MACHINE or name.startswith(_COUNTED_OTHERWISE):
        raise ValueError(f"no zone of everybody's: {name}")
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(f"no such zone: {name}") from error
