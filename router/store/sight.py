"""Who may see which ticket, as one SQL condition: every list and every page uses it, so they can't disagree.

An alert is seen by its author, the principal (unless the RSSI left her out), the RSSI, the DPO, the Département's
named security contact and those the RSSI admits; by nobody else, managers included."""

from typing import assert_never

from sqlalchemy import ColumnElement, and_, exists, false, or_, true

from router.model.actor import Actor
from router.model.words import EventKind, Party, Role
from router.store.tables import AlertReader, EventRow, Ticket, TicketParty


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """The tickets `actor` may see."""
    return or_(ordinary_to(actor), alerts_to(actor))


def ordinary_to(actor: Actor) -> ColumnElement[bool]:
    """The tickets, alerts apart, that `actor` may see."""
    return and_(Ticket.alert.is_(False), _ordinary(actor))


def alerts_to(actor: Actor) -> ColumnElement[bool]:
    """The alerts `actor` may see."""
    return and_(Ticket.alert.is_(True), _alerts(actor))


def reviews_to(actor: Actor) -> ColumnElement[bool]:
    """Signals of an attack somebody denied, waiting for the RSSI, among what `actor` may see."""
    return and_(Ticket.review == "pending", visible_to(actor))


def data_to(actor: Actor, *, noted: bool) -> ColumnElement[bool]:
    """What the data protection officer was told of, among what `actor` may see; `noted`: she has said she knows."""
    said = exists().where(EventRow.ticket_id == Ticket.id, EventRow.kind == EventKind.DATA_NOTED.value)
    return and_(_told(Party.DPO), said if noted else ~said, visible_to(actor))


def in_territory(actor: Actor) -> ColumnElement[bool]:
    """The tickets of the actor's convention or collège; all of them when nothing bounds her."""
    if actor.uai is not None:
        return Ticket.uai == actor.uai
    if actor.convention_id is not None:
        return Ticket.convention_id == actor.convention_id
    return true()


def _ordinary(actor: Actor) -> ColumnElement[bool]:
    match actor.role:
        case Role.RUPN | Role.PRINCIPAL:
            mine = Ticket.uai == actor.uai if actor.uai else false()
            return and_(mine, Ticket.containment_of.is_(None))  # what the RSSI asks of a technical owner
        case Role.STAFF:
            return Ticket.reporter_id == actor.id
        case Role.TECHNICIAN | Role.LEAD | Role.MANAGER:
            return in_territory(actor)
        case Role.RSSI | Role.DPO:
            of_security = or_(
                Ticket.review.is_not(None), _told(Party(actor.role.value)), Ticket.containment_of.is_not(None)
            )
            return and_(of_security, in_territory(actor))
        case Role.ADMINISTRATOR:
            return false()
    assert_never(actor.role)


def _alerts(actor: Actor) -> ColumnElement[bool]:
    named = [Ticket.reporter_id == actor.id, _admitted(actor)]
    match actor.role:
        case Role.RSSI | Role.DPO:
            named.append(in_territory(actor))
        case Role.PRINCIPAL:
            named.append(and_(Ticket.uai == actor.uai, Ticket.principal_excluded.is_(False)))
        case Role.TECHNICIAN | Role.LEAD if actor.security_contact:
            named.append(in_territory(actor))
        case Role.RUPN | Role.STAFF | Role.TECHNICIAN | Role.LEAD | Role.MANAGER | Role.ADMINISTRATOR:
            pass
        case _:
            assert_never(actor.role)
    return or_(*named)


def _told(party: Party) -> ColumnElement[bool]:
    return exists().where(TicketParty.ticket_id == Ticket.id, TicketParty.party == party.value)


def _admitted(actor: Actor) -> ColumnElement[bool]:
    return exists().where(AlertReader.ticket_id == Ticket.id, AlertReader.account_id == actor.id)
