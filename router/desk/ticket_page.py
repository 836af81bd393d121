"""Everything one page shows of one ticket to one person, in a bounded number of queries."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from router.clock.ledger import Ledger
from router.desk.corrected import corrections_by
from router.desk.counter import NOT_FOUND, for_reader, standing_from
from router.desk.decision_shown import DecisionView, decision_view
from router.desk.doubt_told import DoubtTold, doubt_for
from router.desk.gestures import Gesture, Standing, holds, of_college, possible
from router.desk.house import Desk
from router.desk.policy import Policy
from router.desk.time_account import ledger_of, suspended_now
from router.desk.told_kept import room_told, told_to_repairers
from router.desk.words_read import WordsRead, words_read
from router.model.actor import Actor, NotFound
from router.model.told import ToldFact
from router.model.words import DeadlineKind, EventKind, Party, PauseCause, Priority, Role, TicketStatus
from router.store import clocks, files, page, story, tickets
from router.store.files import FileName
from router.store.listing import Row
from router.store.sight import visible_to
from router.store.story import Entry
from router.store.tables import DeadlineRow, HoldingRow, IncidentRow, PauseRow, Ticket

__all__ = ["Entry", "FileName", "Gesture", "TicketView", "attachment", "show"]


@dataclass(frozen=True, slots=True)
class DeadlineView:
    kind: DeadlineKind
    party: Party
    starts_at: datetime
    due_at: datetime | None
    unknown_from: date | None
    met_at: datetime | None
    state: str
    late: bool


@dataclass(frozen=True, slots=True)
class HoldingView:
    party: Party
    from_at: datetime
    until_at: datetime | None
    acknowledged_at: datetime | None
    ended_by: str | None


@dataclass(frozen=True, slots=True)
class PauseView:
    cause: PauseCause
    from_at: datetime
    limit_at: datetime | None


@dataclass(frozen=True, slots=True)
class AssetView:
    tag: str
    label: str
    owner: str
    room: str
    serial: str
    warranty_until: date | None


@dataclass(frozen=True, slots=True)
class Person:
    id: int
    name: str


@dataclass(frozen=True, slots=True)
class TicketView:
    """The page of one ticket, for one person, at one instant. `gestures` are those she may make now."""

    id: int
    policy: str
    convention_id: str | None
    zone: ZoneInfo  # its convention's: what its people read the time in
    subject: str
    body: str
    words: WordsRead | None
    doubt: DoubtTold | None  # what was asked about security, and answered
    uai: str
    college: str
    town: str
    college_phone: str
    room: str
    asset_tag: str
    product: str
    told: tuple[ToldFact, ...]  # what helps whoever repairs, read in her words: shown as such
    room_told: bool  # the room was read in her words
    category: str
    priority: Priority
    status: TicketStatus
    alert: bool
    to_confirm: bool
    holder: Party
    assignee: Person | None
    reporter_name: str
    reporter_role: str
    reporter_phone: str
    channel: str
    opened_at: datetime
    resolved_at: datetime | None
    closed_at: datetime | None
    acknowledged_at: datetime | None
    decision: DecisionView
    decisions: int
    holdings: tuple[HoldingView, ...]
    deadlines: tuple[DeadlineView, ...]  # of the present turn: since the last reopening, of the present holder
    earlier_deadlines: tuple[DeadlineView, ...]
    time: Ledger
    pause: PauseView | None
    suspended: tuple[datetime, datetime] | None  # the force majeure that stops the holder's clock now
    story: tuple[Entry, ...]
    files: tuple[FileName, ...]
    asset: AssetView | None
    asset_history: tuple[Row, ...]
    duplicates: tuple[int, ...]
    duplicate_of: int | None  # None as well when she may not see it: `duplicate` alone says so
    duplicate: bool
    containment_of: int | None
    containments: tuple[int, ...]
    principal_excluded: bool
    readers: tuple[Person, ...]
    gestures: frozenset[Gesture]
    reopen_until: datetime | None
    is_holder: bool
    is_college: bool


def show(desk: Desk, actor: Actor, ticket_id: int, at: datetime) -> TicketView:
    """Raises NotFound when there is no such ticket, or none she may see."""
    with desk.database.reading() as session:
        ticket = tickets.seen(session, ticket_id, visible_to(actor))
        if ticket is None:
            raise NotFound(NOT_FOUND)
        policy = desk.policies.named(session, ticket.policy)
        return _view(session, policy, actor, ticket, at, policy.zone(ticket.convention_id, desk.settings.zone))


def attachment(desk: Desk, actor: Actor, ticket_id: int, attachment_id: int) -> tuple[str, str, bytes]:
    """(name, media type, bytes). Raises NotFound as `show` does."""
    with desk.database.reading() as session:
        found = None
        if tickets.seen(session, ticket_id, visible_to(actor)) is not None:
            found = files.content(session, ticket_id, attachment_id)
        if found is None:
            raise NotFound("Ce fichier n'existe pas, ou il n'est pas à vous.")
        return found


def reads_notes(actor: Actor, *, alert: bool) -> bool:
    """Internal notes are the teams': the collège doesn't read them, nor do managers; an alert's are the RSSI's."""
    if alert:
        return actor.role is Role.RSSI
    return actor.role in {Role.TECHNICIAN, Role.LEAD, Role.RSSI}


def readable(entries: Sequence[Entry], actor: Actor, *, alert: bool) -> tuple[Entry, ...]:
    """The entries `actor` may read. What the RSSI wrote for herself of an alert stays hers, and what she logged is
    read by no other team, once the ticket is an alert no more."""
    found, holder = [], ""
    for entry in entries:
        if entry.kind is EventKind.HELD:
            holder = str(entry.data["party"])
        confided = holder == Party.RSSI
        if entry.internal and not reads_notes(actor, alert=alert or confided):
            continue
        if entry.kind is EventKind.ALERT_LOGGED and not alert and actor.role not in {Role.RSSI, Role.DPO}:
            continue
        found.append(entry)
    return tuple(found)


def _view(
    session: Session, policy: Policy, actor: Actor, ticket: Ticket, at: datetime, zone: ZoneInfo
) -> TicketView:
    around = page.around(session, ticket)
    pauses, deadlines = clocks.pauses(session, ticket.id), clocks.deadlines(session, ticket.id)
    standing = for_reader(session, ticket, actor, standing_from(policy, ticket, pauses, deadlines))
    told = story.of_ticket(session, ticket.id)
    linked = _linked(session, ticket, around, told, actor)
    return TicketView(
        **_declared(around.incident, ticket, actor, standing),
        **_place(around, ticket),
        **_state(policy, ticket, clocks.holdings(session, ticket.id), pauses, at),
        **_deadlines(ticket, deadlines, told, at),
        **_links(session, around, ticket, actor, linked),
        zone=zone,
        product=policy.book.product_name(ticket.product),
        assignee=_person(around.assignee),
        decision=_decision(session, policy, ticket, told),
        doubt=doubt_for(actor, around.incident, alert=ticket.alert),
        decisions=sum(entry.kind is EventKind.DECIDED for entry in told),
        story=_without_hidden(readable(told, actor, alert=ticket.alert), linked),
        files=tuple(files.names(session, ticket.id)),
        asset=_asset(around),
        gestures=possible(actor, standing, at),
        reopen_until=standing.reopen_until,
        is_holder=holds(actor, standing),
        is_college=of_college(actor, standing),
    )


def _decision(session: Session, policy: Policy, ticket: Ticket, told: Sequence[Entry]) -> DecisionView:
    row = tickets.decision(session, ticket)
    return decision_view(policy, row, corrections_by(told, row.at))


def _linked(
    session: Session, ticket: Ticket, around: page.Around, told: Sequence[Entry], actor: Actor
) -> frozenset[int]:
    """Of the tickets this one was ever tied to, those she may see: the number of another reveals it."""
    named = {int(entry.data["duplicate_of"]) for entry in told if entry.kind is EventKind.LINKED}
    now = {ticket.duplicate_of} if ticket.duplicate_of else set()
    return tickets.seen_among(session, named | now | set(around.duplicates), visible_to(actor))


def _without_hidden(entries: Sequence[Entry], linked: frozenset[int]) -> tuple[Entry, ...]:
    """A tie to a ticket she may not see is told without its number."""
    return tuple(
        replace(entry, data={"duplicate_of": None})
        if entry.kind is EventKind.LINKED and entry.data["duplicate_of"] not in linked
        else entry
        for entry in entries
    )


def _declared(incident: IncidentRow, ticket: Ticket, actor: Actor, standing: Standing) -> dict[str, Any]:
    return {
        "id": ticket.id,
        "policy": ticket.policy,
        "convention_id": ticket.convention_id,
        "subject": ticket.subject,
        "body": incident.body,
        "words": words_read(incident.classification, ticket.subject, incident.body),
        "reporter_name": incident.reporter_name,
        "reporter_role": incident.reporter_role,
        "reporter_phone": _phone(incident, actor, standing_college=of_college(actor, standing)),
        "channel": incident.channel,
        "asset_tag": incident.asset_tag,
        "told": told_to_repairers(incident),
        "room_told": room_told(incident, ticket.room),
    }


def _place(around: page.Around, ticket: Ticket) -> dict[str, Any]:
    return {
        "uai": ticket.uai,
        "college": around.college.name,
        "town": around.college.town,
        "college_phone": around.college.phone,
        "room": ticket.room,
    }


def _state(
    policy: Policy, ticket: Ticket, holdings: Sequence[HoldingRow], pauses: Sequence[PauseRow], at: datetime
) -> dict[str, Any]:
    waits = [row for row in pauses if row.until_at is None]
    return {
        "category": ticket.category,
        "priority": Priority(ticket.priority),
        "status": TicketStatus(ticket.status),
        "alert": ticket.alert,
        "to_confirm": ticket.to_confirm,
        "holder": Party(ticket.holder),
        "opened_at": ticket.opened_at,
        "resolved_at": ticket.resolved_at,
        "closed_at": ticket.closed_at,
        "acknowledged_at": ticket.acknowledged_at,
        "holdings": tuple(
            HoldingView(Party(row.party), row.from_at, row.until_at, row.acknowledged_at, row.ended_by)
            for row in holdings
        ),
        "time": ledger_of(policy, ticket, holdings, pauses, at),
        "pause": PauseView(PauseCause(waits[0].cause), waits[0].from_at, waits[0].limit_at) if waits else None,
        "suspended": suspended_now(policy, ticket, holdings, at),
    }


def _links(
    session: Session, around: page.Around, ticket: Ticket, actor: Actor, linked: frozenset[int]
) -> dict[str, Any]:
    rssi = actor.role is Role.RSSI
    return {
        "asset_history": tuple(page.asset_history(session, ticket, visible_to(actor))),
        "duplicates": tuple(number for number in around.duplicates if number in linked),
        "duplicate_of": ticket.duplicate_of if ticket.duplicate_of in linked else None,
        "duplicate": ticket.duplicate_of is not None,
        "containment_of": ticket.containment_of,
        "containments": tuple(around.containments) if ticket.alert else (),
        "principal_excluded": ticket.principal_excluded and rssi,
        "readers": tuple(Person(key, name) for key, name in around.readers) if rssi else (),
    }


def _phone(incident: IncidentRow, actor: Actor, *, standing_college: bool) -> str:
    if standing_college or actor.role in {Role.TECHNICIAN, Role.LEAD, Role.RSSI}:
        return incident.reporter_phone
    return ""


def _person(found: tuple[int, str] | None) -> Person | None:
    return Person(*found) if found else None


def _deadlines(
    ticket: Ticket, rows: Sequence[DeadlineRow], told: Sequence[Entry], at: datetime
) -> dict[str, Any]:
    """Those of the present turn, and those of earlier ones: before the last reopening, or of a past holder."""
    begun = max((entry.at for entry in told if entry.kind is EventKind.REOPENED), default=ticket.opened_at)
    shown = [row for row in rows if row.state != "cancelled"]
    present = [row for row in shown if row.starts_at >= begun and row.holding_id in {None, ticket.holding_id}]
    return {
        "deadlines": tuple(_deadline(row, at) for row in present),
        "earlier_deadlines": tuple(_deadline(row, at) for row in shown if row not in present),
    }


def _deadline(row: DeadlineRow, at: datetime) -> DeadlineView:
    return DeadlineView(
        kind=DeadlineKind(row.kind),
        party=Party(row.party),
        starts_at=row.starts_at,
        due_at=row.due_at,
        unknown_from=row.unknown_from,
        met_at=row.met_at,
        state=row.state,
        late=row.due_at is not None and (row.met_at or at) > row.due_at,
    )


def _asset(around: page.Around) -> AssetView | None:
    row = around.asset
    if row is None:
        return None
    return AssetView(row.tag, row.label, row.owner, row.room, row.serial, row.warranty_until)
