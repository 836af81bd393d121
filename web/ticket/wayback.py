"""The list each reader comes from, for the way back at the head of the page."""

from flask import url_for

from router.model.actor import Actor
from web.navigation import HOMES, MENUS, exists


def way_back(actor: Actor) -> tuple[str, str]:
    """(address, words) of the first list of her menu."""
    doors = HOMES.get(actor.role, MENUS[actor.role])
    door = next((door for door in doors if exists(door)), None)
    return (url_for(door.endpoint), door.label) if door else (url_for("home.index"), "Accueil")
