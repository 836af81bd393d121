"""What the holder and the collège do with an open ticket, short of deciding anew or settling it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import Enum

from router.desk import tell
from router.desk.attachments import GivenFile, check_files, keep_files
from router.desk.clocking import (
    HOLDER_KINDS,
    Run,
    end_waits,
    meet,
    open_deadlines,
    run_again,
    settle,
    stand_still,
)
from router.desk.counter import Case, counter
from router.desk.gestures import Gesture, of_college
from router.desk.house import Desk
from router.desk.reading import MAX_BODY
from router.model.actor import Actor, Conflict, Invalid, TooLarge
from router.model.words import DeadlineKind, EventKind, Party, PauseCause, TicketStatus
from router.notices.compose import NoticeKind
from router.store import audience, clocks, tickets
from router.store.tables import Account, PauseRow

LONGEST_PAUSE = timedelta(days=60)


class Anyone(Enum):
    """Whoever is in charge, she takes the ticket."""

    ANYONE = "anyone"


ANYONE = Anyone.ANYONE


def take(
    desk: Desk, actor: Actor, ticket_id: int, at: datetime, *, seen_with: int | Anyone | None = ANYONE
) -> None:
    """The actor takes the ticket in hand: its acknowledgement deadline is met.

    `seen_with` is whom her page showed in charge (None: nobody). Raises Conflict when a colleague was faster."""
    with counter(desk, actor, ticket_id, Gesture.TAKE, at) as case:
        present = case.ticket.assignee_id
        if seen_with is not ANYONE and present not in {seen_with, actor.id}:
            raise Conflict(_faster(case))
        case.ticket.assignee_id = actor.id
        _acknowledge(case)
        if case.ticket.status in {TicketStatus.NEW, TicketStatus.ASSIGNED}:
            case.ticket.status = TicketStatus.IN_PROGRESS.value
        case.record(EventKind.TAKEN, {"assignee": actor.id})
        tell.tell_reporter(case.post(), NoticeKind.TAKEN)


def assign(desk: Desk, actor: Actor, ticket_id: int, colleague_id: int, at: datetime) -> None:
    """Gives the ticket to a colleague of the same party. Raises Invalid when she can't take it."""
    with counter(desk, actor, ticket_id, Gesture.ASSIGN, at) as case:
        party = Party(case.ticket.holder)
        colleague = tickets.colleague(case.session, colleague_id, party, case.ticket.convention_id)
        if colleague is None:
            raise Invalid("Choisissez une personne de votre équipe, dont le compte est actif.", "colleague")
        case.ticket.assignee_id = colleague.id
        case.record(EventKind.ASSIGNED, {"assignee": colleague.id}, text=colleague.name)
        found = audience.account(case.session, colleague.id)
        if found is not None and colleague.id != actor.id:
            tell.send(case.post(), NoticeKind.ASSIGNED, [found])


def comment(
    desk: Desk, actor: Actor, ticket_id: int, text: str, at: datetime, *, files: Sequence[GivenFile] = ()
) -> None:
    """Words for the other side: from the collège to the holder, or from the holder to the collège."""
    _check_text(text, "text")
    check_files(desk.settings, files)
    with counter(desk, actor, ticket_id, Gesture.COMMENT, at) as case:
        names = keep_files(case.session, case.ticket, files, actor.id, case.at)
        case.record(EventKind.COMMENTED, {"files": len(names)}, text=text.strip())
        if of_college(actor, case.standing):
            tell.tell_holder(case.post(reason=text.strip()), NoticeKind.COMMENTED)
        else:
            tell.tell_reporter(case.post(reason=text.strip()), NoticeKind.COMMENTED)


def note(desk: Desk, actor: Actor, ticket_id: int, text: str, at: datetime) -> None:
    """A note for the teams only: the collège doesn't see it."""
    _check_text(text, "text")
    with counter(desk, actor, ticket_id, Gesture.NOTE, at) as case:
        case.record(EventKind.NOTED, text=text.strip(), internal=True)


def attach(desk: Desk, actor: Actor, ticket_id: int, files: Sequence[GivenFile], at: datetime) -> None:
    if not files:
        raise Invalid("Choisissez au moins un fichier.", "files")
    check_files(desk.settings, files)
    with counter(desk, actor, ticket_id, Gesture.ATTACH, at) as case:
        names = keep_files(case.session, case.ticket, files, actor.id, case.at)
        case.record(EventKind.ATTACHED, {"files": len(names)}, text=", ".join(names))


def ask_information(desk: Desk, actor: Actor, ticket_id: int, question: str, at: datetime) -> None:
    """Asks the collège: the clock stands still until the answer, or until the limit, when it resumes by itself."""
    _check_text(question, "text")
    with counter(desk, actor, ticket_id, Gesture.ASK, at) as case:
        limit = _start_pause(case, PauseCause.REQUESTER, None)
        case.record(EventKind.INFORMATION_ASKED, {"limit_at": _iso(limit)}, text=question.strip())
        tell.tell_reporter(case.post(reason=question.strip(), limit_at=limit), NoticeKind.INFORMATION_ASKED)


def answer(
    desk: Desk, actor: Actor, ticket_id: int, text: str, at: datetime, *, files: Sequence[GivenFile] = ()
) -> None:
    """The collège answers: the clock resumes and the holder is told."""
    _check_text(text, "text")
    check_files(desk.settings, files)
    with counter(desk, actor, ticket_id, Gesture.ANSWER, at) as case:
        names = keep_files(case.session, case.ticket, files, actor.id, case.at)
        case.record(EventKind.ANSWERED, {"files": len(names)}, text=text.strip())
        end_pause(case, met=True)
        tell.tell_holder(case.post(reason=text.strip()), NoticeKind.ANSWERED)


def pause(
    desk: Desk,
    actor: Actor,
    ticket_id: int,
    cause: PauseCause,
    reason: str,
    limit_at: datetime | None,
    at: datetime,
) -> None:
    """Waits for a part or a supplier: stops the holder's own clock, not the promise made to the collège.

    Raises Invalid when the limit is past or more than sixty days away."""
    _check_text(reason, "text")
    if cause is PauseCause.REQUESTER:
        raise Invalid("Pour attendre le collège, posez-lui votre question.", "cause")
    with counter(desk, actor, ticket_id, Gesture.PAUSE, at) as case:
        if limit_at is not None and not case.at < limit_at <= case.at + LONGEST_PAUSE:
            raise Invalid("La date de reprise doit être à venir, dans les soixante jours.", "limit_at")
        limit = _start_pause(case, cause, limit_at)
        case.record(EventKind.PAUSED, {"cause": cause.value, "limit_at": _iso(limit)}, text=reason.strip())
        tell.tell_reporter(case.post(reason=reason.strip(), limit_at=limit), NoticeKind.PAUSED)


def resume(desk: Desk, actor: Actor, ticket_id: int, at: datetime) -> None:
    """Ends the wait before its limit."""
    with counter(desk, actor, ticket_id, Gesture.RESUME, at) as case:
        end_pause(case, met=True)
        case.record(EventKind.RESUMED, {"cause": "holder"})
        tell.tell_reporter(case.post(), NoticeKind.RESUMED)


def end_pause(case: Case, *, met: bool) -> None:
    """The clock runs again, from the wait's limit when it has passed; the wait's own deadline ends with it."""
    ticket = case.ticket
    end_waits(case.session, ticket, case.at)
    for deadline in clocks.live_deadlines(case.session, ticket.id):
        if deadline.kind == DeadlineKind.ANSWER:
            settle(case.session, deadline, case.at, met=met)
    case.session.flush()
    ticket.status = (TicketStatus.IN_PROGRESS if ticket.assignee_id else TicketStatus.ASSIGNED).value
    run_again(case.session, case.policy, ticket)


def _start_pause(case: Case, cause: PauseCause, limit_at: datetime | None) -> datetime | None:
    """Stands the clock still; the limit's own deadline reminds, then resumes."""
    ticket = case.ticket
    if ticket.holding_id is None:
        raise Conflict("Personne ne tient ce dossier : relisez-le avant de continuer.")
    _acknowledge(case)
    limit = (
        case.policy.targets.limits.answer if cause is PauseCause.REQUESTER else case.policy.targets.limits.pause
    )
    stand_still(case.session, ticket, cause, case.at)
    run = Run(DeadlineKind.ANSWER, Party(ticket.holder), limit.clock, limit.allowance, case.at)
    (deadline,) = open_deadlines(
        case.session, case.policy, ticket, [run], holding_id=ticket.holding_id, due_at=limit_at
    )
    case.session.add(
        PauseRow(
            ticket_id=ticket.id,
            holding_id=ticket.holding_id,
            cause=cause.value,
            from_at=case.at,
            limit_at=deadline.due_at,
            author=case.actor.signature,
        )
    )
    ticket.status = TicketStatus.WAITING.value
    return deadline.due_at


def _acknowledge(case: Case) -> None:
    """The holder has answered, one way or another: its acknowledgement deadline is met, and its ladder stops."""
    holding = clocks.holding(case.session, case.ticket)
    if holding is not None and holding.acknowledged_at is None:
        holding.acknowledged_at = case.at
    if case.ticket.acknowledged_at is None:
        case.ticket.acknowledged_at = case.at
    meet(case.session, case.ticket, (HOLDER_KINDS[0],), case.at)


def _faster(case: Case) -> str:
    """Who has the ticket now, when it isn't as her page showed it."""
    key = case.ticket.assignee_id
    found = case.session.get(Account, key) if key is not None else None
    return (
        f"Ce dossier vient d'être pris par {found.name}."
        if found
        else "Ce dossier n'est plus suivi par personne."
    )


def _check_text(text: str, name: str) -> None:
    if not text.strip():
        raise Invalid("Écrivez quelques mots.", name)
    if len(text) > MAX_BODY:
        raise TooLarge(
            f"Ce texte dépasse {MAX_BODY} caractères : raccourcissez-le ou joignez un fichier.", name
        )


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
