"""The time of one ticket: its line, its words, its deadlines, and the two files that recompute them."""

from dataclasses import dataclass

from flask import Blueprint, Response, render_template, request

from router.desk import ticket_time
from router.desk.ticket_time import Judgement, Step, TicketTime
from router.model.actor import NotFound
from web.app_context import now, show_in, the_desk
from web.auth import EVERYONE, access, current_actor
from web.ticket import line, time_words

blueprint = Blueprint("ticket_time", __name__)
signed_in = access(*EVERYONE)
PAGE = 100  # passages told on one page: the latest, unless others are asked for


@dataclass(frozen=True, slots=True)
class Told:
    """A deadline with its letter and the steps fired for it."""

    letter: str
    judgement: Judgement
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Window:
    """Which passages are shown, from `first` (included) to `end` (excluded)."""

    first: int
    end: int
    total: int

    @property
    def earlier(self) -> int | None:
        """The end of the page before, if there is one."""
        return self.first or None

    @property
    def is_last(self) -> bool:
        return self.end == self.total


@blueprint.get("/dossiers/<int:ticket_id>/temps")
@signed_in
def show(ticket_id: int) -> str:
    found = _found(ticket_id)
    zone = found.zone
    show_in(zone)
    spells = found.ledger.spells()
    window = _window(len(spells))
    shown, numbers = spells[window.first : window.end], range(window.first + 1, window.end + 1)
    judged = _judged(found, window)
    until = line.reach(judged, found.ledger.end_at, ends=found.ends or not window.is_last)
    sums = time_words.sums(found.ledger)
    told = [
        Told(line.letter(place), each, tuple(step for step in found.steps if step.deadline == each.id))
        for place, each in enumerate(judged)
    ]
    return render_template(
        "ticket/time.html",
        time=found,
        window=window,
        chart=line.chart(shown, numbers, judged, found.steps, zone, until) if shown else None,
        passages=time_words.passages(shown, numbers, zone, ends=found.ends, last=window.is_last),
        sums=sums,
        whole=time_words.whole(found.ledger),
        deadlines=told,
        words=time_words,
        beyond=[
            (each.letter, each.judgement.due_at)
            for each in told
            if window.is_last
            and each.judgement.is_live
            and each.judgement.due_at
            and each.judgement.due_at > until
        ],
        letters=line.LETTERS,
        zone=zone,
        has_unknown=any(each.unknown for each in sums),
    )


@blueprint.get("/dossiers/<int:ticket_id>/horaires.toml")
@signed_in
def calendars(ticket_id: int) -> Response:
    """Every calendar of the ticket's clocks, for `aiguillage due --calendars`."""
    return _file(ticket_time.calendar_file(_found(ticket_id)), f"horaires-{ticket_id}.toml", "application/toml")


@blueprint.get("/dossiers/<int:ticket_id>/echeances.jsonl")
@signed_in
def lines(ticket_id: int) -> Response:
    """Every deadline of the ticket as a line for `aiguillage due`."""
    return _file(ticket_time.due_lines(_found(ticket_id)), f"echeances-{ticket_id}.jsonl", "application/jsonl")


def _found(ticket_id: int) -> TicketTime:
    return ticket_time.show(the_desk(), current_actor(), ticket_id, now())


def _file(text: str, name: str, kind: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(text, content_type=f"{kind}; charset=utf-8", headers=headers)


def _window(total: int) -> Window:
    """The latest passages, or those before `?avant=`. Raises NotFound for what no page asks."""
    asked = request.args.get("avant", "")
    if not asked:
        return Window(max(0, total - PAGE), total, total)
    if not (asked.isascii() and asked.isdecimal() and len(asked) < 10 and 0 < int(asked) <= total):
        raise NotFound("Ce dossier n'a pas tant de passages.")
    return Window(max(0, int(asked) - PAGE), int(asked), total)


def _judged(found: TicketTime, window: Window) -> list[Judgement]:
    """The deadlines that started in the passages shown; those that still run are with the latest."""
    spells = found.ledger.spells()
    low = spells[window.first].from_at if window.first else None
    high = None if window.is_last else spells[window.end].from_at
    return [
        each
        for each in found.judgements
        if (
            window.is_last
            if each.is_live
            else (low is None or each.starts_at >= low) and (high is None or each.starts_at < high)
        )
    ]
