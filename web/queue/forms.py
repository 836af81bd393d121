"""What a queue is narrowed to: read from the address, written back into every link of the page."""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum

from flask import request
from wtforms import SelectField, StringField

from router.desk.browse import Filters, team_filters
from router.desk.choices import Choice
from router.model.actor import Actor
from router.model.words import HOLDERS, OPEN_STATUSES, Category, Party, Priority, TicketStatus
from web.forms import ReadingForm
from web.words import label

LONGEST_SEARCH = 100
LATE, UNTAKEN, WAITING, MINE = "retard", "libres", "attente", "moi"
VIEWS = (LATE, UNTAKEN, WAITING, MINE)
EVERY_TEAM = "toutes"
NOBODY, ME = "personne", "moi"
FINISHED = (TicketStatus.RESOLVED, TicketStatus.CLOSED)
STATES = (*OPEN_STATUSES[1:], *FINISHED)  # a ticket leaves « nouveau » the moment it is filed
ANY = {"": "Toutes"}


def _labelled(words: Iterable[StrEnum]) -> dict[str, str]:
    return {each.value: label(each) for each in words}


class QueueForm(ReadingForm):
    """The search and the lists. A value that isn't offered counts for nothing."""

    q = StringField("Chercher", render_kw={"maxlength": LONGEST_SEARCH, "placeholder": "Mots ou numéro"})
    category = SelectField("Catégorie", choices=ANY | _labelled(Category), default="")
    priority = SelectField("Priorité", choices=ANY | _labelled(Priority), default="")
    status = SelectField("État", choices={"": "Tous les dossiers ouverts"} | _labelled(STATES), default="")
    college = SelectField("Collège", default="")
    assignee = SelectField("Suivi par", default="")
    holder = SelectField("Tenu par", default="")

    def offer(self, actor: Actor, team: Iterable[Choice], colleges: Iterable[Choice]) -> None:
        self.college.choices = {"": "Tous"} | {each.value: each.label for each in colleges}
        others = {each.value: each.label for each in team if each.value != str(actor.id)}
        self.assignee.choices = {"": "Tout le monde", ME: "Moi", NOBODY: "Personne encore"} | others
        parties = [each for each in HOLDERS if each not in {actor.party, Party.RSSI}]
        mine = "Mon collège" if actor.uai else "Mon équipe"
        self.holder.choices = {"": mine} | _labelled(parties) | {EVERY_TEAM: "Toutes les équipes"}

    def kept(self) -> dict[str, str]:
        """What is asked, as the address says it."""
        self.validate()
        fields = {each.short_name: each for each in self}
        asked = {name: str(each.data).strip() for name, each in fields.items() if each.data and not each.errors}
        view = request.args.get("view", "")
        return asked | ({"view": view} if view in VIEWS else {})


def filters_of(asked: dict[str, str], actor: Actor, at: datetime) -> Filters:
    """The filters of the list for what is asked; without a word, the actor's own team."""
    team = team_filters(actor)
    status = TicketStatus(asked["status"]) if "status" in asked else None
    if "view" in asked and asked["view"] == WAITING:
        status = TicketStatus.WAITING
    view, who = asked.get("view", ""), asked.get("assignee", "")
    return Filters(
        holder=_holder(asked.get("holder", ""), actor),
        convention_id=team.convention_id,
        uai=asked.get("college", "") or team.uai,
        category=Category(asked["category"]) if "category" in asked else None,
        priority=Priority(asked["priority"]) if "priority" in asked else None,
        status=status,
        assignee_id=_assignee(MINE if view == MINE else who, actor),
        unassigned=who == NOBODY or view == UNTAKEN,
        opened=status not in FINISHED,
        late_at=at if view == LATE else None,
        words=asked.get("q", "")[:LONGEST_SEARCH],
    )


def _holder(given: str, actor: Actor) -> Party | None:
    if given == EVERY_TEAM:
        return None
    return Party(given) if given else actor.party


def _assignee(given: str, actor: Actor) -> int | None:
    if given == ME:
        return actor.id
    return int(given) if given.isdecimal() else None
