"""What the ticket's page shows, arranged for its reader: the next deadline, the gestures by importance. Pure."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from router.desk.corrected import Corrected
from router.desk.decision_shown import FactLine
from router.desk.explanations import FactSaid
from router.desk.ticket_page import TicketView
from router.desk.ticket_time import TimeKind
from router.model.words import DeadlineKind, EventKind, Party, Role, Source
from web.ticket import line
from web.ticket.moves import ALL, Move
from web.words import label, the_party

# What most likely comes next, first: the one gesture shown as the page's main button.
FIRST = (
    "acknowledge",
    "answer",
    "confirm",
    "note_data",
    "arbitrate",
    "take",
    "resume",
    "first_level",
    "resolve",
    "review",
    "log",
)
NEAR = ("resolve", "first_level", "reopen", "comment", "ask", "note")
ALERT_FIRST = ("acknowledge", "answer", "confirm", "note_data", "log")
ALERT_NEAR = ("reopen", "contain", "comment", "resolve")
MOST_NEAR = 3
SOURCES = {
    Source.DECLARED: "dit par la personne",
    Source.INVENTORY: "inventaire",
    Source.CATALOGUE_PRODUCT: "catalogue des produits",
    Source.CATALOGUE_TEXT: "produit reconnu dans le texte",
    Source.CLASSIFIER: "deviné d'après le texte",
    Source.CALENDAR: "noté au calendrier, laissé par la personne",
    Source.UNKNOWN: "inconnu",
}
HATCHED = {
    TimeKind.PAUSED: "en attente",
    TimeKind.SUSPENDED: "suspendu : force majeure",
    TimeKind.UNKNOWN: "calendrier inconnu",
}
ENDINGS = {
    "resolved": "résolu",
    "transferred": "transmis",
    "corrected": "faits corrigés",
    "contested": "contesté",
    "first_level": "premier niveau fait",
    "arbitrated": "arbitré",
}


@dataclass(frozen=True, slots=True)
class Stay:
    """One holding: who, from when to when, how long, and what ended it."""

    party: Party
    from_at: datetime
    until_at: datetime | None
    length: timedelta
    ended: str


@dataclass(frozen=True, slots=True)
class Due:
    """The deadline that counts now."""

    kind: DeadlineKind
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Fact:
    label: str
    value: str
    source: str
    to_confirm: bool


@dataclass(frozen=True, slots=True)
class Arrangement:
    """The gestures open to the reader: the main one, a few near at hand, the rest under one fold. Saying that it is
    an attack is always in sight, whatever else is offered."""

    first: Move | None
    near: tuple[Move, ...]
    security: Move | None
    rest: tuple[Move, ...]

    def all(self) -> tuple[Move, ...]:
        return (*self.in_sight(), *self.rest)

    def in_sight(self) -> tuple[Move, ...]:
        found = (self.first, *self.near, self.security)
        return tuple(move for move in found if move is not None)

    def folded(self) -> tuple[Move, ...]:
        """Those whose form the page itself holds; any other opens at its own address, or is one press."""
        return tuple(move for move in self.in_sight() if not (move.apart or move.one_press))


@dataclass(frozen=True, slots=True)
class Sheet:
    """The computed part of the page."""

    next_due: Due | None
    stays: tuple[Stay, ...]
    strip: tuple[line.Bar, ...]
    hatched: tuple[tuple[line.Bar, str], ...]  # of each pattern drawn, one bar and what it says
    facts: tuple[Fact, ...]
    moves: Arrangement
    held_since: datetime | None
    question: str
    answer: str


def sheet_of(view: TicketView, at: datetime, actor_id: int) -> Sheet:
    strip = line.strip(view.time)
    by_kind = {bar.kind: bar for bar in strip}
    return Sheet(
        next_due=_next_due(view),
        stays=tuple(
            Stay(
                each.party,
                each.from_at,
                each.until_at,
                (each.until_at or at) - each.from_at,
                _ending(each.ended_by),
            )
            for each in view.holdings
        ),
        strip=strip,
        hatched=tuple((by_kind[kind], words) for kind, words in HATCHED.items() if kind in by_kind),
        facts=tuple(
            Fact(line.label, line.value, source_words(line), line.label in view.decision.guessed)
            for line in view.decision.facts
        ),
        moves=arrange(view, actor_id),
        held_since=next((each.from_at for each in reversed(view.holdings) if each.until_at is None), None),
        question=_last_words(view, EventKind.INFORMATION_ASKED),
        answer=_last_words(view, EventKind.RESOLVED),
    )


def source_words(fact: FactLine | FactSaid) -> str:
    """Where a fact comes from; a correction is not what she who reports had said."""
    return corrected_words(fact.corrected) if fact.corrected else SOURCES[Source(fact.source)]


def corrected_words(corrected: Corrected) -> str:
    match corrected.by:
        case Party() as party:
            return f"corrigé par {the_party(party)}"
        case Role() as role:
            return f"corrigé depuis le signalement : {label(role)}"
        case None:
            return "corrigé depuis le signalement"


def _last_words(view: TicketView, kind: EventKind) -> str:
    return next((entry.text for entry in reversed(view.story) if entry.kind is kind), "")


def _next_due(view: TicketView) -> Due | None:
    running = [
        Due(each.kind, each.due_at)
        for each in view.deadlines
        if each.state == "running" and each.due_at is not None
    ]
    own = [due for due in running if due.kind is not DeadlineKind.PROMISE]  # as the queues count it
    return min(own or running, key=lambda due: due.due_at, default=None)


def _ending(ended_by: str | None) -> str:
    return ENDINGS.get(ended_by, ended_by) if ended_by else ""


def arrange(view: TicketView, actor_id: int) -> Arrangement:
    """One main gesture at most; a colleague's ticket is not to be taken over by the main button."""
    offered = {move.name: _worded(move, view) for move in ALL if move.gesture in view.gestures}
    security = offered.pop("raise", None)
    ranked = [
        name
        for name in _first(view)
        if name in offered and not (name == "take" and _of_a_colleague(view, actor_id))
    ]
    first = offered.pop(ranked[0]) if ranked else None
    near = [name for name in (ALERT_NEAR if view.alert else NEAR) if name in offered][:MOST_NEAR]
    return Arrangement(
        first=first,
        near=tuple(offered[name] for name in near),
        security=security,
        rest=tuple(move for name, move in offered.items() if name not in near),
    )


def _first(view: TicketView) -> tuple[str, ...]:
    return ALERT_FIRST if view.alert else FIRST


def _worded(move: Move, view: TicketView) -> Move:
    """The same gesture, named for this reader and this ticket."""
    words = move.label
    match move.name:
        case "take" if view.assignee is not None:
            words = f"Prendre à la place de {view.assignee.name}"
        case "comment" if view.is_holder and not view.is_college:
            words = "Écrire au collège"
        case "confirm" if view.duplicate:
            words = "C'est bien le même problème"
        case "reopen" if view.duplicate:
            words = "Ce n'est pas le même problème : rouvrir"
        case "exclude":
            words = (
                "Rendre l'accès à la direction" if view.principal_excluded else "Tenir la direction à l'écart"
            )
    return replace(move, label=words, send=words if move.one_press else move.send)


def _of_a_colleague(view: TicketView, actor_id: int) -> bool:
    return view.assignee is not None and view.assignee.id != actor_id
