"""The list each reader comes from, for the way back at the head of the page."""

from flask import url_for

from router.desk.browse import sees_alerts
from router.desk.ticket_page import TicketView
from router.model.actor import Actor
from web.navigation import ALERTS, DATA, MENUS, MINE, QUEUE, REPORT, Door, exists

LISTS = (QUEUE, MINE, DATA, ALERTS, REPORT)
OF_COLLEGE = (MINE, QUEUE)


def way_back(actor: Actor, view: TicketView) -> tuple[str, str]:
    """(address, words) of the list this ticket is in for her: the alerts', else the first of her menu."""
    door = next((door for door in _doors(actor, view) if exists(door)), None)
    return (url_for(door.endpoint), door.label) if door else (url_for("home.index"), "Accueil")


def _doors(actor: Actor, view: TicketView) -> list[Door]:
    if view.alert and sees_alerts(actor):
        return [ALERTS]
    lists = OF_COLLEGE if view.is_college and not view.is_holder else LISTS
    return [door for door in lists if door in MENUS[actor.role]]
