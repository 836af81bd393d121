"""« Mes dossiers »: the collège's tickets with their state in its own terms, what waits for it first."""

from dataclasses import dataclass, replace
from enum import StrEnum

from sqlalchemy.orm import Session

from router.desk.house import Desk
from router.model.actor import Actor
from router.model.words import Party, Role, TicketStatus
from router.store import listing, own
from router.store.listing import Filters, Row
from router.store.sight import visible_to

MOST_TO_DO = 10
MAX_SEARCH = 100


class Chosen(StrEnum):
    """Which of her tickets she looks at."""

    ALL = "tous"
    TO_DO = "a-faire"
    OPEN = "en-cours"
    OVER = "termines"


class OwnState(StrEnum):
    """Where a ticket stands for the collège. The first three wait for it."""

    ANSWER = "answer"
    CONFIRM = "confirm"
    FIRST_LEVEL = "first_level"
    ASSIGNED = "assigned"
    TAKEN = "taken"
    WAITING = "waiting"
    ARBITRATION = "arbitration"
    CLOSED = "closed"
    DUPLICATE = "duplicate"


@dataclass(frozen=True, slots=True)
class OwnTicket:
    row: Row
    state: OwnState


@dataclass(frozen=True, slots=True)
class OwnTickets:
    """One page, newest first. `to_do` is what waits for her, at most ten, of `to_do_total`."""

    to_do: tuple[OwnTicket, ...]
    to_do_total: int
    lines: tuple[OwnTicket, ...]
    after: str | None
    total: int


def own_tickets(desk: Desk, actor: Actor, chosen: Chosen, words: str, after: str | None) -> OwnTickets:
    """All of the collège's tickets for the RUPN and the principal, her own for others. Five queries at most."""
    seen = visible_to(actor)
    hers = seen & own.waits_for(actor)
    filters = Filters(words=words[:MAX_SEARCH])
    if chosen in {Chosen.OPEN, Chosen.OVER}:
        filters = replace(filters, opened=chosen is Chosen.OPEN)
    with desk.database.reading() as session:
        to_do = listing.by_opening(session, hers, Filters(), None)
        page = listing.by_opening(session, hers if chosen is Chosen.TO_DO else seen, filters, after)
        zone = desk.settings.zone
        to_do, page = (desk.policies.located(session, each, zone) for each in (to_do, page))
        return OwnTickets(
            to_do=_told(session, actor, to_do.rows[:MOST_TO_DO]),
            to_do_total=to_do.total,
            lines=_told(session, actor, page.rows),
            after=page.after,
            total=page.total,
        )


def _told(session: Session, actor: Actor, rows: tuple[Row, ...]) -> tuple[OwnTicket, ...]:
    asked = own.asked_among(session, [row.id for row in rows if row.status is TicketStatus.WAITING])
    return tuple(OwnTicket(row, _state(actor, row, asked=row.id in asked)) for row in rows)


def _state(actor: Actor, row: Row, *, asked: bool) -> OwnState:
    match row.status:
        case TicketStatus.WAITING:
            return OwnState.ANSWER if asked else OwnState.WAITING
        case TicketStatus.RESOLVED | TicketStatus.CLOSED if row.duplicate:  # the answer goes on elsewhere
            return OwnState.DUPLICATE
        case TicketStatus.RESOLVED | TicketStatus.CLOSED:
            return OwnState.CONFIRM if row.status is TicketStatus.RESOLVED else OwnState.CLOSED
        case TicketStatus.ARBITRATION:
            return OwnState.ARBITRATION
        case TicketStatus.NEW | TicketStatus.ASSIGNED | TicketStatus.IN_PROGRESS:
            if row.holder is Party.RUPN and actor.role is Role.RUPN:
                return OwnState.FIRST_LEVEL
            return OwnState.TAKEN if row.status is TicketStatus.IN_PROGRESS else OwnState.ASSIGNED
