"""The list each reader comes from, for the way back at the head of the page."""

from flask import url_for

from router.desk.browse import sees_alerts
from router.desk.ticket_page import TicketView
from router.model.actor import Actor
from web.navigation import ALERTS, MENUS, MINE, QUEUE, REPORT, exists

LISTS = (QUEUE, MINE, ALERTS, REPORT)


def way_back(actor: Actor, view: TicketView) -> tuple[str, str]:
    """(address, words) of the list this ticket is in for her: the alerts', else the first of her menu."""
    doors = (
        [ALERTS] if view.alert and sees_alerts(actor) else [door for door in LISTS if door in MENUS[actor.role]]
    )
    door = next((door for door in doors if exists(door)), None)
    return (url_for(door.endpoint), door.label) if door else (url_for("home.index"), "Accueil")
