"""The stored instants are a cache: everything is told again from the events, computed again from that, and differences
named.

Each deadline is held to the calendars as they were decided when it was computed; `judged_anew` tells which settled
ones would be judged otherwise with those of today."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from router.desk.chronicle import ToldDeadline, Untold, told
from router.desk.chronicle_check import Acts, paired, untrue
from router.desk.clock_difference import Checked, Difference, Value
from router.desk.clocking import calendar_of, placed, served, step_due, stops
from router.desk.house import Desk
from router.desk.recompute import announced, instants_of, next_due
from router.model.actor import NotFound
from router.model.words import DeadlineKind
from router.store import calendar_log, clocks, recomputing
from router.store.recomputing import Clocked, Story
from router.store.tables import DeadlineRow, PauseRow

Look = Callable[[Desk, Session, int | None], "Iterator[Found]"]
Found = tuple[int, Sequence[Difference]]


@dataclass(frozen=True, slots=True)
class Checkup:
    tickets: int
    deadlines: int
    differences: tuple[Difference, ...]


def verify_clocks(desk: Desk, ticket_id: int | None = None) -> Checkup:
    """Tells every ticket's time again from its events, then computes every deadline, waiting step and served time
    again, on one snapshot. Raises NotFound for an unknown ticket."""
    return _checked(desk, ticket_id, _retold)


def judged_anew(desk: Desk, ticket_id: int | None = None) -> Checkup:
    """The settled deadlines whose verdict would be the other one with what is decided about days by now."""
    return _checked(desk, ticket_id, _judged)


def _checked(desk: Desk, ticket_id: int | None, look: Look) -> Checkup:
    count = deadlines = 0
    found: list[Difference] = []
    with desk.database.sealed() as session:
        for its_deadlines, differences in look(desk, session, ticket_id):
            count += 1
            deadlines += its_deadlines
            found += differences
    if ticket_id is not None and not count:
        raise NotFound(f"Le dossier {ticket_id} n'existe pas.")
    return Checkup(count, deadlines, tuple(found))


def _retold(desk: Desk, session: Session, ticket_id: int | None) -> Iterator[Found]:
    acts = [(each.id, each.at) for each in calendar_log.changes(session)]
    for clocked, story in recomputing.with_stories(session, ticket_id):
        yield len(clocked.deadlines), (*_against_story(desk, session, clocked, story, acts),)


def _judged(desk: Desk, session: Session, ticket_id: int | None) -> Iterator[Found]:
    for clocked in recomputing.everything(session, ticket_id):
        yield len(clocked.deadlines), (*_verdicts(desk, session, clocked),)


def _against_story(
    desk: Desk, session: Session, clocked: Clocked, story: Story, acts: Acts
) -> Iterator[Difference]:
    """The rows against the events; then what the calendars make of the rows, so that both are as told."""
    ticket = clocked.ticket
    rulebook = story.decisions[0].rulebook if story.decisions else ticket.policy
    policy = desk.policies.as_of(session, rulebook, 0)
    try:
        chronicle = told(policy, ticket, story.entries, {row.id: row for row in story.decisions})
    except Untold as error:
        yield Difference(ticket.id, Checked.UNTOLD, None, error.seq, None)
        return
    yield from untrue(policy, clocked, chronicle, story.steps, acts)
    if ticket.policy == rulebook:  # else its instants are another book's, as is said
        yield from _differences(desk, session, clocked, paired(clocked, chronicle))


def _differences(
    desk: Desk, session: Session, clocked: Clocked, tellings: Mapping[int, ToldDeadline]
) -> Iterator[Difference]:
    """`tellings`, by deadline: an event that moved a step of the past made it due at that moment."""
    ticket = clocked.ticket
    for deadline in clocked.deadlines:
        policy = desk.policies.as_of(session, ticket.policy, deadline.calendars)
        kind = DeadlineKind(deadline.kind)
        if kind is DeadlineKind.ANSWER:
            yield from _limit(clocked, deadline)
        elif deadline.state in clocks.LIVE:
            due, passed, unknown = instants_of(policy, clocked, deadline)
            yield from _unlike(ticket.id, Checked.DUE, kind, deadline.due_at, due)
            yield from _unlike(ticket.id, Checked.PASSED, kind, deadline.passed_at, passed)
            yield from _unlike(ticket.id, Checked.UNKNOWN, kind, deadline.unknown_from, unknown)
        elif not _stood_still(deadline, clocked):
            due, unknown = placed(policy, ticket, deadline, known_then(deadline, clocked.pauses))
            yield from _unlike(ticket.id, Checked.DUE, kind, deadline.due_at, due)
            yield from _unlike(ticket.id, Checked.UNKNOWN, kind, deadline.unknown_from, unknown)
        calendar = calendar_of(policy, ticket, deadline.clock)
        for step in clocked.steps:
            if step.deadline_id == deadline.id:
                due, its = step_due(calendar, deadline, step), tellings.get(deadline.id)
                since = its.earliest(step.step) if its else None
                expected = max(due, since) if due and since else due
                yield from _unlike(ticket.id, Checked.STEP, kind, step.due_at, expected)
    yield from _of_holdings(desk, session, clocked)
    if ticket.opened:
        yield from _unlike(ticket.id, Checked.NEXT, None, ticket.due_at, next_due(clocked.deadlines))


def _of_holdings(desk: Desk, session: Session, clocked: Clocked) -> Iterator[Difference]:
    for holding in clocked.holdings:
        policy = desk.policies.as_of(session, clocked.ticket.policy, holding.calendars or 0)
        if holding.until_at is not None:
            computed = served(policy, clocked.ticket, holding, clocked.pauses)
            yield from _unlike(clocked.ticket.id, Checked.SERVED, None, holding.served_seconds, computed)


def _verdicts(desk: Desk, session: Session, clocked: Clocked) -> Iterator[Difference]:
    policy = desk.policies.named(session, clocked.ticket.policy)
    for deadline in clocked.deadlines:
        if deadline.met_at is None or deadline.due_at is None or announced(deadline):
            continue
        due, _ = placed(policy, clocked.ticket, deadline, known_then(deadline, clocked.pauses))
        if due is not None and (due < deadline.met_at) != (deadline.due_at < deadline.met_at):
            yield Difference(
                clocked.ticket.id, Checked.VERDICT, DeadlineKind(deadline.kind), deadline.due_at, due
            )


def _limit(clocked: Clocked, deadline: DeadlineRow) -> Iterator[Difference]:
    own = [pause for pause in clocked.pauses if pause.from_at == deadline.starts_at]
    if own:
        limit = own[0].limit_at
        yield from _unlike(clocked.ticket.id, Checked.LIMIT, DeadlineKind.ANSWER, deadline.due_at, limit)


def known_then(deadline: DeadlineRow, pauses: Iterable[PauseRow]) -> list[PauseRow]:
    """The waits begun before it was settled: what came later says nothing of it."""
    settled = deadline.settled_at or deadline.met_at
    return [pause for pause in pauses if settled is None or pause.from_at < settled]


def _stood_still(deadline: DeadlineRow, clocked: Clocked) -> bool:
    """Cancelled during a wait: it had no due instant, and needed none."""
    counted = (pause for pause in known_then(deadline, clocked.pauses) if stops(deadline, pause))
    settled = deadline.settled_at
    return deadline.due_at is None and any(
        pause.until_at is None or settled is None or pause.until_at >= settled for pause in counted
    )


def _unlike(
    ticket: int, what: Checked, kind: DeadlineKind | None, stored: Value, computed: Value
) -> Iterator[Difference]:
    if stored != computed:
        yield Difference(ticket, what, kind, stored, computed)
