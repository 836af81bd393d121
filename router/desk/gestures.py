"""Which gestures a person may make on a ticket as it stands: the one answer, for the page and for the use case."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from router.model.actor import Actor
from router.model.words import Party, Role, TicketStatus


class Gesture(StrEnum):
    TAKE = "take"
    ASSIGN = "assign"
    COMMENT = "comment"
    NOTE = "note"
    ATTACH = "attach"
    ASK = "ask"
    ANSWER = "answer"
    PAUSE = "pause"
    RESUME = "resume"
    CORRECT = "correct"
    TRANSFER = "transfer"
    ARBITRATE = "arbitrate"
    LINK = "link"
    FIRST_LEVEL = "first_level"
    RESOLVE = "resolve"
    CONFIRM = "confirm"
    REOPEN = "reopen"
    ACKNOWLEDGE = "acknowledge"
    LOG = "log"
    ADMIT = "admit"
    EXCLUDE = "exclude"
    CONTAIN = "contain"
    REVIEW = "review"
    RAISE = "raise"
    NOTE_DATA = "note_data"


@dataclass(frozen=True, slots=True)
class Standing:
    """What decides which gestures are possible."""

    uai: str
    convention_id: str | None
    holder: Party
    status: TicketStatus
    alert: bool
    waiting_for_requester: bool
    assignee_id: int | None
    reporter_id: int | None
    acknowledged: bool
    first_level: bool
    review_pending: bool
    reopen_until: datetime | None
    data_to_note: bool = False  # the data protection officer was told, and hasn't said she knows


TEAMS = (Party.DEPARTEMENT_MAINTENANCE, Party.ACADEMIE_DSI, Party.RSSI)
_WORKING = frozenset({Gesture.NOTE, Gesture.COMMENT, Gesture.ATTACH, Gesture.CORRECT, Gesture.RESOLVE})
_SETTLED = (TicketStatus.RESOLVED, TicketStatus.CLOSED)


def holds(actor: Actor, standing: Standing) -> bool:
    """Whether the actor is of the party that holds the ticket."""
    if actor.party is not standing.holder or actor.role in {Role.MANAGER, Role.ADMINISTRATOR}:
        return False
    if actor.uai is not None and actor.uai != standing.uai:
        return False
    return actor.convention_id is None or actor.convention_id == standing.convention_id


def of_college(actor: Actor, standing: Standing) -> bool:
    """Whether the actor speaks for the collège that declared."""
    if actor.id == standing.reporter_id:
        return True
    return actor.role in {Role.RUPN, Role.PRINCIPAL} and actor.uai == standing.uai


def possible(actor: Actor, standing: Standing, at: datetime) -> frozenset[Gesture]:
    """The gestures open to `actor` at `at`."""
    found = {Gesture.NOTE_DATA} if actor.role is Role.DPO and standing.data_to_note else set()
    if standing.status in _SETTLED:
        return frozenset(found | _after(actor, standing, at))
    if _may_raise(actor, standing):
        found.add(Gesture.RAISE)
    if holds(actor, standing):
        found |= _holder(actor, standing)
    if of_college(actor, standing):
        found |= {Gesture.COMMENT, Gesture.ATTACH}
        if standing.waiting_for_requester:
            found.add(Gesture.ANSWER)
    if actor.coordinator and standing.status is TicketStatus.ARBITRATION:
        found.add(Gesture.ARBITRATE)
    if actor.role is Role.RSSI and standing.review_pending:
        found |= {Gesture.REVIEW, Gesture.CORRECT}
    if actor.security_contact and standing.alert:
        found |= {Gesture.COMMENT, Gesture.ATTACH}
    return frozenset(found)


def _may_raise(actor: Actor, standing: Standing) -> bool:
    """« C'est un incident de sécurité »: whoever holds the ticket, whoever speaks for the collège, and the RSSI on a
    signal denied. A missed attack is the costly error."""
    if standing.alert:
        return False
    reviews = actor.role is Role.RSSI and standing.review_pending
    return reviews or holds(actor, standing) or of_college(actor, standing)


def _after(actor: Actor, standing: Standing, at: datetime) -> set[Gesture]:
    if actor.role is Role.RSSI:  # a signal denied stays to be read, whoever has mended what she saw
        found = {Gesture.LOG} if standing.alert else set()
        return found | {Gesture.REVIEW} if standing.review_pending else found
    if not of_college(actor, standing):
        return set()
    found = {Gesture.CONFIRM} if standing.status is TicketStatus.RESOLVED else set()
    if standing.reopen_until is not None and at < standing.reopen_until:
        found.add(Gesture.REOPEN)
    return found


def _holder(actor: Actor, standing: Standing) -> set[Gesture]:
    if standing.alert:
        return _alert_holder(standing)
    found = set(_WORKING) | {Gesture.LINK}
    if standing.status is not TicketStatus.ARBITRATION:
        found.add(Gesture.TRANSFER)
    if standing.assignee_id != actor.id or standing.status in {TicketStatus.NEW, TicketStatus.ASSIGNED}:
        found.add(Gesture.TAKE)
    if standing.holder in TEAMS:
        found.add(Gesture.ASSIGN)
    if standing.status is TicketStatus.WAITING:
        found.add(Gesture.RESUME)
    elif standing.status is not TicketStatus.ARBITRATION:  # meanwhile the holder's clock runs
        found |= {Gesture.ASK, Gesture.PAUSE}
    if (
        standing.first_level and standing.status is not TicketStatus.ARBITRATION
    ):  # the coordinators say where it goes
        found.add(Gesture.FIRST_LEVEL)
    return found


def _alert_holder(standing: Standing) -> set[Gesture]:
    found = set(_WORKING) | {Gesture.LOG, Gesture.ADMIT, Gesture.EXCLUDE, Gesture.CONTAIN, Gesture.ASSIGN}
    if not standing.acknowledged:
        found.add(Gesture.ACKNOWLEDGE)
    return found
