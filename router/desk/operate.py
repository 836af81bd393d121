"""For whoever keeps the service alive: what works, what waits, what was set aside; and the messages themselves.

An administrator sees no ticket, hence no message that carries one's words, except where nothing leaves the machine
(`mail_mode` « keep »), which is how a demonstration is read. A message about an alert is read here by whoever may see
the alert, and by nobody else."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy.exc import SQLAlchemyError

from router.desk.clocking import reschedule
from router.desk.dates import DateToWatch, dates_to_watch
from router.desk.health import SILENT_AFTER, Health, desk_health
from router.desk.house import Desk
from router.desk.sealing import Untold, untold
from router.model.actor import Actor, Conflict, Forbidden
from router.model.words import EventKind, NoticeState, Role
from router.notices.compose import NoticeKind
from router.settings import MailMode
from router.store import clocks, drafts, journal, operations, outbox, seals, watch
from router.store.journal import Signature
from router.store.operations import PAGE, Letter, PoisonStep, Publication
from router.store.schema import current_revision, is_current
from router.store.seals import Seal
from router.store.sight import visible_to

NO_ANSWER = "La base de données ne répond pas."
OF_ALERTS = (NoticeKind.ALERT, NoticeKind.ALERT_ESCALATION, NoticeKind.CONTAINMENT)
KEYS = (NoticeKind.PASSWORD_RESET, NoticeKind.INVITATION)


class Withheld(StrEnum):
    """Why a message's words aren't shown."""

    ALERT = "alert"
    KEY = "key"
    ANOTHERS = "anothers"


@dataclass(frozen=True, slots=True)
class Message:
    """A message as a page shows it; `subject` and `text` are empty when `withheld` says why."""

    id: int
    kind: NoticeKind
    address: str
    state: NoticeState
    urgent: bool
    created_at: datetime
    next_try_at: datetime
    attempts: int
    sent_at: datetime | None
    error: str | None
    together: bool  # it left in one mail with others
    subject: str
    text: str
    withheld: Withheld | None


@dataclass(frozen=True, slots=True)
class Messages:
    lines: tuple[Message, ...]
    before: int | None


@dataclass(frozen=True, slots=True)
class WorkerView:
    name: str
    started_at: datetime
    beat_at: datetime
    silent: bool


@dataclass(frozen=True, slots=True)
class Installation:
    database: str
    revision: str
    current: bool
    mail: MailMode


@dataclass(frozen=True, slots=True)
class Operations:
    """The page « Exploitation » at one instant."""

    health: Health
    seal: Seal | None
    untold: tuple[Untold, ...]
    workers: tuple[WorkerView, ...]
    queue: Mapping[NoticeState, int]
    failed: tuple[Message, ...]
    poison: tuple[PoisonStep, ...]
    book: Publication | None
    coming: tuple[Publication, ...]
    conventions: tuple[str, ...]
    dates: tuple[DateToWatch, ...]
    updates: int
    installation: Installation


def pulse(desk: Desk, at: datetime) -> Health:
    """The health for a monitor: a database that can't be read is an answer too."""
    try:
        return desk_health(desk, at)
    except SQLAlchemyError:
        return Health(False, (NO_ANSWER,), None, None, 0, 0)


def operations_at(desk: Desk, actor: Actor, at: datetime) -> Operations:
    """Everything an administrator watches. Raises Forbidden for anybody else."""
    _check_administrator(actor)
    pulse_now = desk_health(desk, at)
    with desk.database.reading() as session:
        present, coming = operations.publications(session, at)
        books = desk.policies.in_force(session, at) if present else None
        today = at.astimezone(desk.settings.zone).date()
        failed = operations.letters(
            session,
            operations.sent_to(""),
            visible_to(actor),
            state=NoticeState.FAILED,
            before=None,
            limit=PAGE,
        )
        return Operations(
            health=pulse_now,
            seal=seals.last_seal(session),
            untold=untold(session, books) if books else (),
            workers=tuple(_worker(beat, at) for beat in _not_replaced(watch.beats(session))),
            queue=operations.queue_counts(session, at),
            failed=tuple(_message(desk, actor, letter) for letter in failed),
            poison=tuple(operations.poison_steps(session, visible_to(actor))),
            book=present,
            coming=tuple(coming),
            conventions=tuple(each.title for each in books.conventions.values()) if books else (),
            dates=dates_to_watch(books.policies, today) if books else (),
            updates=drafts.updates_waiting(session),
            installation=_installation(desk),
        )


def messages(
    desk: Desk, actor: Actor, *, state: NoticeState | None, address: str, before: int | None
) -> Messages:
    """An administrator's: all of them, or those to one address. Anybody else's: her own."""
    seen = visible_to(actor)
    if actor.role is Role.ADMINISTRATOR:
        readable = operations.sent_to(address.strip())
    else:
        readable = operations.own(actor.id, actor.email, seen)
    with desk.database.reading() as session:
        found = operations.letters(session, readable, seen, state=state, before=before, limit=PAGE + 1)
    lines = tuple(_message(desk, actor, letter) for letter in found[:PAGE])
    return Messages(lines, lines[-1].id if len(found) > PAGE else None)


def send_again(desk: Desk, actor: Actor, notice_id: int, at: datetime) -> None:
    """Queues a message set aside again, as new. Raises Conflict when it no longer is."""
    _check_administrator(actor)
    with desk.database.writing() as session:
        if not outbox.retry_failed(session, notice_id, at):
            raise Conflict("Ce message n'est plus en échec : il est déjà reparti.")


def try_again(desk: Desk, actor: Actor, step_id: int, at: datetime) -> bool:
    """Puts a step that was set aside back among those to fire: the worker's next pass does it, and says how late.

    False when its deadline has ended meanwhile: nothing is left to do, and the step is dropped. Raises Conflict when
    it isn't set aside any more."""
    _check_administrator(actor)
    with desk.database.writing() as session:
        found = operations.set_aside(session, step_id)
        if found is None:
            raise Conflict("Cette relance n'est plus mise de côté : quelqu'un l'a déjà remise en route.")
        step, deadline, ticket = found.step, found.deadline, found.ticket
        live = deadline.state in clocks.LIVE
        data = {"step": step.step, "deadline": deadline.id, "kind": deadline.kind, "live": live}
        step.state, step.fired_at, step.error = "pending" if live else "cancelled", None, None
        if deadline.state == "paused":
            step.due_at = None  # its instant comes back with the clock
        elif live:  # the clock may have stood still since it was set aside
            session.flush()
            policy = desk.policies.named(session, ticket.policy)
            reschedule(session, policy.calendar(ticket.convention_id, deadline.clock, ticket.uai), deadline)
        who = Signature(actor.signature, actor.name)
        journal.append(session, ticket, max(at, ticket.head_at), who, EventKind.STEP_RETRIED, data)
        return live


def _not_replaced(beats: Sequence[watch.Beat]) -> list[watch.Beat]:
    """All but those stopped before another one started: a restart is not a worker fallen silent."""
    return [beat for beat in beats if not any(other.started_at > beat.beat_at for other in beats)]


def _worker(beat: watch.Beat, at: datetime) -> WorkerView:
    return WorkerView(beat.name, beat.started_at, beat.beat_at, at - beat.beat_at > SILENT_AFTER)


def _installation(desk: Desk) -> Installation:
    engine = desk.database.engine
    return Installation(
        database={"sqlite": "SQLite", "postgresql": "PostgreSQL"}.get(engine.dialect.name, engine.dialect.name),
        revision=current_revision(engine) or "aucune",
        current=is_current(engine),
        mail=desk.settings.mail_mode,
    )


def _message(desk: Desk, actor: Actor, letter: Letter) -> Message:
    row = letter.row
    withheld = _withheld(desk, actor, letter)
    return Message(
        id=row.id,
        kind=NoticeKind(row.kind),
        address=row.address,
        state=NoticeState(row.state),
        urgent=row.urgent,
        created_at=row.created_at,
        next_try_at=row.next_try_at,
        attempts=row.attempts,
        sent_at=row.sent_at,
        error=row.error,
        together=row.digest not in (None, row.message_id),
        subject="" if withheld else row.subject,
        text="" if withheld else row.body,
        withheld=withheld,
    )


def _withheld(desk: Desk, actor: Actor, letter: Letter) -> Withheld | None:
    row, kind = letter.row, NoticeKind(letter.row.kind)
    if letter.alert or kind in OF_ALERTS:
        return None if letter.seen else Withheld.ALERT
    if row.address == actor.email:
        return None
    if desk.settings.mail_mode is not MailMode.KEEP:
        return Withheld.ANOTHERS
    # Who reads the link of another's password has her account: in a demonstration only, where nobody is real.
    return Withheld.KEY if kind in KEYS and not desk.settings.demo else None


def _check_administrator(actor: Actor) -> None:
    if actor.role is not Role.ADMINISTRATOR:
        raise Forbidden("Cette page est réservée à l'administration.")
