"""What each role finds in the menu, and where she lands after signing in. A page not there yet isn't linked."""

from dataclasses import dataclass

from flask import current_app, request, url_for

from router.model.actor import Actor
from router.model.words import Role


@dataclass(frozen=True, slots=True)
class Door:
    """A page of the menu, by its endpoint; `leads_to`: other parts of the site that lie behind it."""

    endpoint: str
    label: str
    leads_to: tuple[str, ...] = ()

    @property
    def parts(self) -> tuple[str, ...]:
        return (self.endpoint.partition(".")[0], *self.leads_to)


@dataclass(frozen=True, slots=True)
class Link:
    url: str
    label: str
    current: str  # the value of aria-current: "page", "true" for a page under it, or nothing


RULES = Door("rules.table", "Règles", ("explain", "annexes", "history", "sheets"))
ASK = Door("rules.ask", "Qui est compétent ?")
FILE = Door("declare.form", "Signaler")
MINE = Door("declare.mine", "Mes dossiers")
QUEUE = Door("queue.index", "À traiter")
FOR_A_COLLEGE = Door("declare.form", "Signaler pour un collège")
ALERTS = Door("alerts.index", "Alertes")
REVIEW = Door("alerts.review", "À revoir")
REPORT = Door("reports.index", "Rapport")
LEARNING = Door("learning.drift", "Classement")
ACCOUNTS = Door("admin.accounts", "Comptes")
SCHOOL = Door("school.index", "Vacances")
OPERATIONS = Door("operations.index", "Exploitation", ("learning",))
DRAFTS = Door("rulebook.drafts", "Projets de règles")
CALENDAR = Door("calendar.index", "Calendrier")
DATA = Door("alerts.data", "Données personnelles")

MENUS: dict[Role, tuple[Door, ...]] = {
    Role.RUPN: (FILE, MINE, QUEUE, ASK),
    Role.PRINCIPAL: (FILE, MINE, ALERTS, CALENDAR, ASK),
    Role.STAFF: (FILE, MINE, ASK),
    Role.TECHNICIAN: (QUEUE, FOR_A_COLLEGE, ASK),
    Role.LEAD: (QUEUE, FOR_A_COLLEGE, REPORT, LEARNING, RULES, ASK),
    Role.RSSI: (ALERTS, REVIEW, LEARNING, ASK),
    Role.DPO: (DATA, ALERTS, ASK),
    Role.MANAGER: (REPORT, RULES, DRAFTS, CALENDAR, LEARNING, ASK),
    Role.ADMINISTRATOR: (ACCOUNTS, SCHOOL, OPERATIONS, RULES, DRAFTS, ASK),
}
HOMES: dict[Role, tuple[Door, ...]] = {
    Role.RUPN: (MINE, FILE),
    Role.PRINCIPAL: (MINE, FILE),
    Role.STAFF: (FILE, MINE),
}


def menu(actor: Actor | None) -> list[Link]:
    doors = [door for door in _doors(actor) if exists(door)]
    open_door = _open_door(doors)
    return [
        Link(url_for(door.endpoint), door.label, _current(door) if door is open_door else "") for door in doors
    ]


def _doors(actor: Actor | None) -> tuple[Door, ...]:
    """Her role's; the Département's named security contact reads the alerts too."""
    if actor is None:
        return (RULES, ASK)
    return (*MENUS[actor.role], ALERTS) if actor.security_contact else MENUS[actor.role]


def first_page(actor: Actor) -> str:
    """The page of her work; her account's while no other exists for her role."""
    doors = HOMES.get(actor.role, MENUS[actor.role])
    found = next((door.endpoint for door in doors if exists(door)), "account.me")
    return url_for(found)


def exists(door: Door) -> bool:
    return door.endpoint in current_app.view_functions


def _open_door(doors: list[Door]) -> Door | None:
    """The door of this very page, else the first one that leads to its part of the site."""
    here = (door for door in doors if door.endpoint == request.endpoint)
    under = (door for door in doors if request.blueprint in door.parts)
    return next(here, next(under, None))


def _current(door: Door) -> str:
    return "page" if door.endpoint == request.endpoint else "true"
