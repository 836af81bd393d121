"""Lists of tickets for each kind of person: the queue, the collège's own, the alerts, the review list."""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from router.desk.house import Desk
from router.model.actor import Actor
from router.model.words import Role, TicketStatus
from router.store import listing
from router.store.listing import COUNTED, PAGE, Filters, Page, Row
from router.store.sight import alerts_to, ordinary_to, visible_to

__all__ = ["COUNTED", "PAGE", "Filters", "Page", "Queue", "Row", "alerts", "mine", "queue"]


@dataclass(frozen=True, slots=True)
class Queue:
    """A team's queue: the page asked for, and what can't be missed whatever the filters."""

    page: Page
    late: int
    unassigned: int
    waiting: int
    mine: int
    at: datetime


def queue(desk: Desk, actor: Actor, filters: Filters, after: str | None, at: datetime) -> Queue:
    """The open tickets of the actor's team, most urgent first; wider when she asks for another holder or all."""
    seen = ordinary_to(actor)
    team = team_filters(actor)
    with desk.database.reading() as session:
        page = _located(desk, session, listing.by_deadline(session, seen, filters, after))
        return Queue(
            page=page,
            late=listing.count(session, seen, replace(team, late_at=at)),
            unassigned=listing.count(session, seen, replace(team, unassigned=True)),
            waiting=listing.count(session, seen, replace(team, status=TicketStatus.WAITING)),
            mine=listing.count(session, seen, replace(team, assignee_id=actor.id)),
            at=at,
        )


def team_filters(actor: Actor) -> Filters:
    """What a queue shows when nothing is asked: the open tickets the actor's party holds in her territory."""
    return Filters(holder=actor.party, convention_id=actor.convention_id, uai=actor.uai or "", opened=True)


def mine(desk: Desk, actor: Actor, filters: Filters, after: str | None) -> Page:
    """The collège's tickets, newest first: all of them for the RUPN and the principal, her own for others."""
    with desk.database.reading() as session:
        return _located(desk, session, listing.by_opening(session, visible_to(actor), filters, after))


def alerts(desk: Desk, actor: Actor, *, opened: bool, after: str | None) -> Page:
    """Security alerts the actor may see, apart from everything else, newest first."""
    seen = alerts_to(actor)
    with desk.database.reading() as session:
        return _located(desk, session, listing.by_opening(session, seen, Filters(opened=opened), after))


def unacknowledged(desk: Desk, actor: Actor) -> Page:
    """Alerts nobody has acknowledged, the one that has waited longest first."""
    with desk.database.reading() as session:
        return _located(
            desk,
            session,
            listing.by_waiting(session, alerts_to(actor), Filters(opened=True, acknowledged=False), None),
        )


def handled(desk: Desk, actor: Actor, after: str | None) -> Page:
    """Alerts acknowledged and still open, newest first."""
    with desk.database.reading() as session:
        return _located(
            desk,
            session,
            listing.by_opening(session, alerts_to(actor), Filters(opened=True, acknowledged=True), after),
        )


def _located(desk: Desk, session: Session, page: Page) -> Page:
    return desk.policies.located(session, page, desk.settings.zone)


def sees_alerts(actor: Actor) -> bool:
    return actor.role in {Role.RSSI, Role.DPO, Role.PRINCIPAL} or actor.security_contact
