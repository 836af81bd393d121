"""Every table of the product, in the words of the trade. What belongs to a ticket points to it."""

from router.store.tables.base import FAR, Base
from router.store.tables.learning import ClassifierVersion, CorrectionRow
from router.store.tables.people import Account, AccountEvent, PasswordReset, RateLimit, SignIn
from router.store.tables.policy import PublishedBook, RuleDraft, RuleDraftEvent, RuleDraftWords
from router.store.tables.record import AlertReader, Attachment, EventDetail, EventRow, NoticeRow, TicketParty
from router.store.tables.seal import SealedHead, SealRow
from router.store.tables.territory import Asset, CalendarChange, CalendarWords, College, PartyChannel
from router.store.tables.ticket import (
    DeadlineRow,
    DecisionRow,
    EscalationRow,
    HoldingRow,
    IncidentRow,
    PauseRow,
    Ticket,
)
from router.store.tables.watch import OnceADay, WorkerBeat

__all__ = [
    "FAR",
    "Account",
    "AccountEvent",
    "AlertReader",
    "Asset",
    "Attachment",
    "Base",
    "CalendarChange",
    "CalendarWords",
    "ClassifierVersion",
    "College",
    "CorrectionRow",
    "DeadlineRow",
    "DecisionRow",
    "EscalationRow",
    "EventDetail",
    "EventRow",
    "HoldingRow",
    "IncidentRow",
    "NoticeRow",
    "OnceADay",
    "PartyChannel",
    "PasswordReset",
    "PauseRow",
    "PublishedBook",
    "RateLimit",
    "RuleDraft",
    "RuleDraftEvent",
    "RuleDraftWords",
    "SealRow",
    "SealedHead",
    "SignIn",
    "Ticket",
    "TicketParty",
    "WorkerBeat",
]
