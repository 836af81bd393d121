"""What the RSSI does with a security alert, and with a strong signal somebody denied (3.1.5)."""

from datetime import datetime

from router.desk import tell
from router.desk.clocking import meet
from router.desk.counter import counter
from router.desk.declaration import Declaration, Filed
from router.desk.declare import file_in
from router.desk.gestures import Gesture
from router.desk.house import Desk
from router.model.actor import Actor, Invalid
from router.model.incident import FactValue, Reporter
from router.model.words import Channel, DeadlineKind, EventKind, ReporterRole, TicketStatus
from router.notices.compose import NoticeKind
from router.store import accounts, audience, clocks, tickets

CONTAINMENT_SUBJECT = "Mesure demandée par le RSSI"


def acknowledge(desk: Desk, actor: Actor, ticket_id: int, at: datetime) -> None:
    """The RSSI has read the alert: its ladder stops."""
    with counter(desk, actor, ticket_id, Gesture.ACKNOWLEDGE, at) as case:
        ticket = case.ticket
        ticket.acknowledged_at, ticket.assignee_id = case.at, actor.id
        ticket.status = TicketStatus.IN_PROGRESS.value
        holding = clocks.holding(case.session, ticket)
        if holding is not None and holding.acknowledged_at is None:
            holding.acknowledged_at = case.at
        meet(case.session, ticket, (DeadlineKind.ACKNOWLEDGE,), case.at)
        case.record(EventKind.ALERT_ACKNOWLEDGED, {"assignee": actor.id})
        tell.tell_reporter(case.post(), NoticeKind.TAKEN)


def log_action(
    desk: Desk, actor: Actor, ticket_id: int, text: str, at: datetime, *, private: bool = False
) -> None:
    """What was done, by whom, when; `private` keeps it from everyone but the RSSI."""
    if not text.strip():
        raise Invalid("Notez ce qui a été fait.", "text")
    with counter(desk, actor, ticket_id, Gesture.LOG, at) as case:
        case.record(EventKind.ALERT_LOGGED, text=text.strip(), internal=private)


def admit(desk: Desk, actor: Actor, ticket_id: int, email: str, at: datetime) -> None:
    """Lets one more person read the alert. Raises Invalid when no active account has this address."""
    with counter(desk, actor, ticket_id, Gesture.ADMIT, at) as case:
        found = accounts.by_email(case.session, email.strip().lower())
        if found is None or not found.active:
            raise Invalid(
                "Aucun compte actif n'a cette adresse : demandez sa création à un administrateur.", "email"
            )
        if tickets.admit(case.session, case.ticket.id, found.id, case.at, actor.signature):
            case.record(EventKind.ADMITTED, {"account": found.id}, text=found.name)
            person = audience.account(case.session, found.id)
            if person is not None:
                tell.send(case.post(), NoticeKind.ALERT, [person])


def exclude_principal(desk: Desk, actor: Actor, ticket_id: int, motive: str, at: datetime) -> None:
    """Leaves an implicated principal out; the motive stays in the journal, read by the RSSI alone."""
    if not motive.strip():
        raise Invalid("Donnez le motif : il reste au journal.", "motive")
    with counter(desk, actor, ticket_id, Gesture.EXCLUDE, at) as case:
        case.ticket.principal_excluded = not case.ticket.principal_excluded
        data = {"excluded": case.ticket.principal_excluded}
        case.record(EventKind.EXCLUDED, data, text=motive.strip(), internal=True)


def contain(
    desk: Desk, actor: Actor, ticket_id: int, text: str, facts: dict[str, FactValue], at: datetime
) -> Filed:
    """Opens a linked ticket for the technical owner, holding only what the RSSI writes: the book names the owner."""
    if not text.strip():
        raise Invalid("Écrivez la mesure demandée, sans détail de l'alerte.", "text")
    with counter(desk, actor, ticket_id, Gesture.CONTAIN, at) as case:
        declaration = Declaration(
            uai=case.ticket.uai,
            reporter=Reporter(role=ReporterRole.TECHNICIEN.value, name=actor.name, email=actor.email),
            subject=CONTAINMENT_SUBJECT,
            body=text.strip(),
            channel=Channel.FORM,
            facts=facts,
            reporter_id=actor.id,
            filed_by=actor.id,
        )
        filed = file_in(case.session, desk, declaration, case.who, case.at, containment_of=ticket_id)
        case.record(EventKind.CONTAINMENT_OPENED, {"ticket": filed.ticket, "party": filed.responsible.value})
        return filed


def reviewed(desk: Desk, actor: Actor, ticket_id: int, at: datetime) -> None:
    """A strong signal somebody denied, read by the RSSI: nothing to it."""
    with counter(desk, actor, ticket_id, Gesture.REVIEW, at) as case:
        case.ticket.review = "seen"
        case.record(EventKind.NOTED, {"review": "seen"}, text="Relu par le RSSI : pas d'alerte.", internal=True)
