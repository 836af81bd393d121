"""What one step of a ladder says and to whom, whether steps are fired one by one or many at once. Writes nothing."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy.orm import Session

from router.clock.ladders import Told
from router.model.words import DeadlineKind, Party, PauseCause
from router.notices.compose import NoticeKind
from router.store import audience, tickets
from router.store.audience import Recipient
from router.store.tables import DeadlineRow, PauseRow, Ticket


class TellingStep(Protocol):
    """What is asked of a step, however it was read."""

    @property
    def step(self) -> int: ...

    @property
    def cycle(self) -> int: ...

    @property
    def tell(self) -> Sequence[str]: ...

    @property
    def due_at(self) -> datetime | None: ...


@dataclass(frozen=True, slots=True)
class Telling:
    """What the journal keeps of a step that tells, whom it names, and by which message."""

    data: dict[str, Any]
    names: list[str]
    kind: NoticeKind


def telling(
    ticket: Ticket, step: TellingStep, deadline: DeadlineRow, waits: list[PauseRow], at: datetime
) -> Telling:
    """`waits` are the ticket's, asked for the limit of a wait only."""
    elsewhere = deadline.kind == DeadlineKind.ANSWER and not _asked_of_college(waits)
    names = _without_requester(step.tell) if elsewhere else list(step.tell)
    before = deadline.due_at is not None and at < deadline.due_at
    data = {
        "deadline": deadline.id,
        "kind": deadline.kind,
        "party": deadline.party,
        "step": step.step,
        "cycle": step.cycle,
        "tell": names,
        "due_at": deadline.due_at.isoformat() if deadline.due_at else None,
        "planned_at": step.due_at.isoformat() if step.due_at else None,
        "overdue": not before,
    }
    kind = NoticeKind.ESCALATION if elsewhere and not ticket.alert else _kind(ticket, deadline)
    return Telling(data, names, kind)


def _asked_of_college(waits: list[PauseRow]) -> bool:
    """Whether the last wait somebody chose is for the collège's answer."""
    chosen = [row.cause for row in waits if row.cause != PauseCause.FORCE_MAJEURE]
    return chosen[-1:] == [PauseCause.REQUESTER]


def _without_requester(names: Sequence[str]) -> list[str]:
    """Who is reminded of a wait for a part or a supplier: the collège owes nothing, its holder does."""
    return list(dict.fromkeys(Told.HOLDER.value if name == Told.REQUESTER else name for name in names))


def _kind(ticket: Ticket, deadline: DeadlineRow) -> NoticeKind:
    if ticket.alert:
        return NoticeKind.ALERT_ESCALATION
    return NoticeKind.REMINDER if deadline.kind == DeadlineKind.ANSWER else NoticeKind.ESCALATION


@dataclass(frozen=True, slots=True)
class Audiences:
    """Whom the names of a ladder stand for, read once for all the tickets that have the same people."""

    session: Session
    reporters: Mapping[int, Recipient] | None = None  # by ticket; None: asked each time
    _found: dict[Hashable, list[Recipient]] = field(default_factory=dict)

    def people(self, ticket: Ticket, party: str, names: list[str]) -> list[Recipient]:
        found: list[Recipient] = []
        for name in names:
            found += self._named(ticket, party, name)
        return found

    def _named(self, ticket: Ticket, party: str, name: str) -> list[Recipient]:
        if name == Told.REQUESTER:
            return self._reporter(ticket)
        assignee = ticket.assignee_id if name == Told.HOLDER else None
        place = (ticket.uai, ticket.convention_id, ticket.alert, ticket.principal_excluded)
        same = (name, party, assignee, *place)
        if same not in self._found:
            self._found[same] = _named(self.session, ticket, Party(party), name)
        return self._found[same]

    def _reporter(self, ticket: Ticket) -> list[Recipient]:
        known = self.reporters
        found = tickets.reporter(self.session, ticket) if known is None else known.get(ticket.id)
        return [found] if found else []


def _named(session: Session, ticket: Ticket, party: Party, name: str) -> list[Recipient]:
    match Told(name):
        case Told.HOLDER:
            assignee = audience.account(session, ticket.assignee_id) if ticket.assignee_id else None
            return [assignee] if assignee else audience.of_party(session, ticket, party)
        case Told.LEAD:
            return audience.leads(session, ticket, party)
        case Told.COORDINATORS:
            return audience.coordinators(session, ticket)
        case Told.REQUESTER:
            raise ValueError("whoever declared is nobody's desk")
        case Told.DEPUTY:  # has a message of her own
            return []
        case Told.PRINCIPAL if ticket.alert and ticket.principal_excluded:
            return []
        case Told.PRINCIPAL | Told.RUPN | Told.RSSI | Told.DPO:
            return audience.of_party(session, ticket, Party(name))
