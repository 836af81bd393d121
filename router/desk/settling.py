"""The end of a ticket: resolved by its holder, confirmed or reopened by the collège, linked to another."""

from datetime import datetime

from router.desk import tell
from router.desk.clocking import Run, end_holding, meet, open_deadlines, run_again, settle, start_holding
from router.desk.counter import Case, counter
from router.desk.gestures import Gesture
from router.desk.house import Desk
from router.model.actor import Actor, Invalid
from router.model.words import DeadlineKind, EventKind, Party, TicketStatus
from router.notices.compose import NoticeKind
from router.store import clocks, tickets
from router.store.sight import visible_to


def resolve(desk: Desk, actor: Actor, ticket_id: int, text: str, at: datetime) -> None:
    """The holder says how it was mended; the collège then confirms or reopens, within the window."""
    if not text.strip():
        raise Invalid("Dites en une phrase ce qui a été fait : le collège le lira.", "text")
    with counter(desk, actor, ticket_id, Gesture.RESOLVE, at) as case:
        if case.ticket.assignee_id is None:
            case.ticket.assignee_id = actor.id
        case.record(EventKind.RESOLVED, {"cycle": case.ticket.cycle}, text=text.strip())
        _settle(case, "resolved")
        tell.tell_reporter(case.post(reason=text.strip()), NoticeKind.RESOLVED)


def confirm(desk: Desk, actor: Actor, ticket_id: int, at: datetime) -> None:
    """The collège agrees that it is mended, or that this ticket says the same as another one."""
    with counter(desk, actor, ticket_id, Gesture.CONFIRM, at) as case:
        ticket = case.ticket
        ticket.status, ticket.closed_at = TicketStatus.CLOSED.value, case.at
        meet(case.session, ticket, (DeadlineKind.CLOSE,), case.at)
        case.record(EventKind.CONFIRMED, {"duplicate": True} if ticket.duplicate_of is not None else {})
        case.record(EventKind.CLOSED, {"by": "college"})
        tell.tell_holder(case.post(), NoticeKind.CLOSED)


def reopen(desk: Desk, actor: Actor, ticket_id: int, text: str, at: datetime) -> None:
    """Not mended after all: the same party holds it again, with a new cycle of deadlines."""
    if not text.strip():
        raise Invalid("Dites ce qui ne va toujours pas.", "text")
    with counter(desk, actor, ticket_id, Gesture.REOPEN, at) as case:
        ticket, party = case.ticket, Party(case.ticket.holder)
        for deadline in clocks.live_deadlines(case.session, ticket.id):
            settle(case.session, deadline, case.at, met=False)
        ticket.cycle += 1
        ticket.opened, ticket.status = True, TicketStatus.ASSIGNED.value
        ticket.resolved_at = ticket.closed_at = ticket.duplicate_of = None
        ticket.acknowledged_at = None  # a reopened alert waits for the RSSI like a new one
        case.record(EventKind.REOPENED, {"cycle": ticket.cycle}, text=text.strip())
        holding, _ = start_holding(
            case.session, case.policy, ticket, party, case.at, first_level=False, promised=True
        )
        case.record(EventKind.HELD, {"party": party.value, "seq": holding.seq, "clock": holding.clock})
        tell.tell_holder(case.post(reason=text.strip()), NoticeKind.REOPENED)


def link_duplicate(desk: Desk, actor: Actor, ticket_id: int, original_id: int, at: datetime) -> None:
    """Says that this ticket is another one's duplicate, and settles it: the other one goes on.

    Raises Invalid when the other one can't be seen, is itself, or is a duplicate."""
    with counter(desk, actor, ticket_id, Gesture.LINK, at) as case:
        original = tickets.seen(case.session, original_id, visible_to(actor))
        if original is None or original.id == case.ticket.id or original.alert:
            raise Invalid("Indiquez le numéro d'un autre dossier que vous pouvez voir.", "original")
        if original.duplicate_of is not None:
            shown = tickets.seen(case.session, original.duplicate_of, visible_to(actor))
            other = f"du dossier {shown.id}" if shown else "d'un autre dossier"
            raise Invalid(f"Le dossier {original.id} est lui-même un doublon {other}.", "original")
        case.ticket.duplicate_of = original.id
        case.record(EventKind.LINKED, {"duplicate_of": original.id})
        _settle(case, "resolved")
        words = f"La réponse continue dans le dossier n° {original.id}."
        tell.tell_reporter(case.post(reason=words), NoticeKind.DUPLICATE)


def _settle(case: Case, ended_by: str) -> None:
    ticket, session = case.ticket, case.session
    if ticket.acknowledged_at is None:
        ticket.acknowledged_at = case.at
    holding = clocks.holding(session, ticket)
    if holding is not None and holding.acknowledged_at is None:
        holding.acknowledged_at = case.at
    end_holding(session, case.policy, ticket, case.at, ended_by)
    run_again(session, case.policy, ticket)  # the promise is judged on a due instant, even met during a pause
    for deadline in clocks.live_deadlines(session, ticket.id):
        settle(session, deadline, case.at, met=deadline.kind == DeadlineKind.PROMISE)
    ticket.opened, ticket.status, ticket.resolved_at = False, TicketStatus.RESOLVED.value, case.at
    limit = case.policy.targets.limits.closing
    run = Run(DeadlineKind.CLOSE, Party(ticket.holder), limit.clock, limit.allowance, case.at)
    open_deadlines(session, case.policy, ticket, [run], holding_id=None)
