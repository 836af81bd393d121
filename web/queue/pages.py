"""« À traiter »: the open tickets a team or a RUPN holds, most urgent first, and what can't be missed above them."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, render_template, request, url_for
from werkzeug.wrappers import Response

from router.desk import browse, choices
from router.desk.browse import COUNTED, Queue, Row
from router.model.actor import Actor
from router.model.words import Party, Role, TicketStatus
from web.app_context import now, the_desk
from web.auth import access, current_actor
from web.queue.forms import LATE, MINE, UNTAKEN, WAITING, QueueForm, filters_of

blueprint = Blueprint("queue", __name__)

Page = str | Response | tuple[str, int]
WORKING = (Role.TECHNICIAN, Role.LEAD, Role.RUPN)
LONGEST_CURSOR = 80
TAKABLE = (TicketStatus.NEW, TicketStatus.ASSIGNED)


@dataclass(frozen=True, slots=True)
class Head:
    """One count above the list, and the list it leads to."""

    label: str
    count: str
    url: str
    current: bool
    tone: str


@dataclass(frozen=True, slots=True)
class Line:
    """One ticket of the list. `takable`: the reader's team holds it and nobody has it in charge."""

    row: Row
    late: bool
    takable: bool
    mine: bool


@blueprint.get("/a-traiter")
@access(*WORKING)
def index() -> Page:
    actor, at = current_actor(), now()
    form = QueueForm(request.args)
    form.offer(actor, choices.team(the_desk(), actor), choices.colleges(the_desk(), actor))
    asked: dict[str, Any] = form.kept()
    after = request.args.get("after", "")[:LONGEST_CURSOR] or None
    queue = browse.queue(the_desk(), actor, filters_of(asked, actor, at), after, at)
    return render_template(
        "queue/index.html",
        form=form,
        heads=_heads(queue, asked.get("view", "")),
        lines=[_line(row, actor, queue) for row in queue.page.rows],
        total=_count(queue.page.total),
        narrowed=bool(asked),
        folded=not _beyond_search(asked),
        view=asked.get("view", ""),
        next_url=url_for("queue.index", after=queue.page.after, **asked) if queue.page.after else "",
        first_url=url_for("queue.index", **asked) if after else "",
        here=request.full_path.rstrip("?"),
        others="holder" in asked,
    )


def _heads(queue: Queue, view: str) -> list[Head]:
    counts = (
        ("En retard", queue.late, LATE, "late"),
        ("Non pris", queue.unassigned, UNTAKEN, ""),
        ("En attente", queue.waiting, WAITING, ""),
        ("À moi", queue.mine, MINE, ""),
    )
    return [
        Head(
            words,
            _count(count),
            url_for("queue.index") if view == name else url_for("queue.index", view=name),
            view == name,
            tone if count else "",
        )
        for words, count, name, tone in counts
    ]


def _count(count: int) -> str:
    return f"plus de {COUNTED}" if count > COUNTED else str(count)


def _line(row: Row, actor: Actor, queue: Queue) -> Line:
    late = (
        row.due_at is not None
        and row.due_at <= queue.at
        and row.status not in {TicketStatus.RESOLVED, TicketStatus.CLOSED}
    )
    takable = _holds(actor, row) and row.assignee_id is None and row.status in TAKABLE
    return Line(row, late, takable, row.assignee_id == actor.id)


def _holds(actor: Actor, row: Row) -> bool:
    return row.holder is actor.party and (row.holder is not Party.RUPN or actor.uai == row.uai)


def _beyond_search(asked: dict[str, str]) -> bool:
    return bool(asked.keys() - {"q", "view"})
