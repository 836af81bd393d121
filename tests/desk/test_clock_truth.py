"""Whatever is altered in a ticket's stored time, the check names it: it asks the journal, not the rows themselves."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Executable, case, delete, insert, literal, select, text, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from router.desk import escalate, handle, operate, redecide, settling, ticket_time
from router.desk.calendar_days import DaysAsked, decide_days
from router.desk.chronicle import ACTS
from router.desk.clock_check import verify_clocks
from router.desk.clock_difference import Checked
from router.desk.policy import load_policy, read_sources
from router.desk.ticket_time import Judgement
from router.model.actor import Actor
from router.model.words import DayCause, DeadlineKind, EventKind, Party, PauseCause, Reach
from router.settings import SHIPPED_RULES
from router.store import books, firing
from router.store.guards import made_ordinary
from router.store.rows import table_of
from router.store.tables import DeadlineRow, EscalationRow, EventRow, HoldingRow, PauseRow, Ticket
from tests.desk.grounds import ARTICLES
from tests.desk.world import MONDAY, NORTH, World, hours

DAY = timedelta(days=1)


def live(world: World) -> int:
    """Transferred, asked about, answered, escalated; its priority and its days changed; it waits for a part."""
    desk, ticket = world.desk, world.file(asset_tag="VP-204").ticket
    handle.take(desk, world["technician"], ticket, MONDAY + hours(1))
    handle.ask_information(desk, world["technician"], ticket, "Quel voyant ?", MONDAY + hours(2))
    handle.answer(desk, world["rupn"], ticket, "Le rouge.", MONDAY + hours(5))
    to = Party.ACADEMIE_DSI
    redecide.transfer(desk, world["technician"], ticket, to, ARTICLES[to], "Pas à nous.", MONDAY + DAY)
    redecide.correct(desk, world["dsi"], ticket, {"urgency": "exam"}, "Vu sur place.", MONDAY + DAY + hours(1))
    first = (MONDAY + 2 * DAY).date()
    asked = DaysAsked(Reach.COLLEGE, NORTH, None, first, first, (), DayCause.SNOW, "Neige.")
    decide_days(desk, world["principal"], asked, MONDAY + DAY + hours(2))
    escalate.run_due(desk, MONDAY + 3 * DAY)
    holder = _holder(world, ticket)
    handle.pause(desk, holder, ticket, PauseCause.PART, "Lampe commandée.", None, MONDAY + 3 * DAY + hours(1))
    return ticket


def settled(world: World) -> int:
    """Resolved late, after its steps were fired."""
    ticket = world.file(asset_tag="VP-204").ticket
    escalate.run_due(world.desk, MONDAY + 60 * DAY)
    settling.resolve(world.desk, world["technician"], ticket, "Réparé.", MONDAY + 61 * DAY)
    return ticket


def _holder(world: World, ticket: int) -> Actor:
    with world.desk.database.reading() as session:
        holder = session.get_one(Ticket, ticket).holder
    return next(actor for actor in world.people.values() if actor.party == holder)


def test_a_busy_ticket_and_a_late_one_are_as_told(world: World) -> None:
    busy, late = live(world), settled(world)
    assert verify_clocks(world.desk).differences == ()
    with world.desk.database.reading() as session:
        kinds = set(session.scalars(select(EventRow.kind).where(EventRow.ticket_id == busy)))
        fired = session.scalars(select(EscalationRow.state).where(EscalationRow.ticket_id == late)).all()
    assert {EventKind.RETARGETED, EventKind.RECOMPUTED, EventKind.ESCALATED} <= kinds
    assert fired.count("fired") > 4


def moved(column: InstrumentedAttribute[Any], length: timedelta) -> Callable[[Session], Executable]:
    """Every row's instant that much later, in either database's arithmetic: computed here."""

    def statement(session: Session) -> Executable:
        kind = column.class_
        rows = session.execute(select(kind.id, column).where(column.is_not(None))).all()
        assert rows
        by_id = {key: literal(value + length, column.type) for key, value in rows}
        return update(kind).where(kind.id.in_(by_id)).values({column: case(by_id, value=kind.id)})

    return statement


def plain(statement: Executable) -> Callable[[Session], Executable]:
    return lambda _session: statement


WAITING = EscalationRow.state == "pending"
LIVE = DeadlineRow.state.in_(("running", "paused"))
OF_PROMISE = DeadlineRow.kind == DeadlineKind.PROMISE
LATER = MONDAY + 300 * DAY
BUSY = {
    "steps put off": (plain(update(EscalationRow).where(WAITING).values(due_at=LATER)), Checked.STEP),
    "steps cancelled": (
        plain(update(EscalationRow).where(WAITING).values(state="cancelled")),
        Checked.STEP_STATE,
    ),
    "steps said fired": (plain(update(EscalationRow).where(WAITING).values(state="fired")), Checked.STEP_STATE),
    "steps deleted": (plain(delete(EscalationRow).where(WAITING)), Checked.LADDER),
    "steps told to another": (plain(update(EscalationRow).where(WAITING).values(tell=["dpo"])), Checked.LADDER),
    "steps of another cycle": (plain(update(EscalationRow).where(WAITING).values(cycle=7)), Checked.LADDER),
    "a step added": (
        lambda session: insert(EscalationRow).values(
            dict(session.execute(select(table_of(EscalationRow)).limit(1)).mappings().one())
            | {"id": 999, "step": 999}
        ),
        Checked.LADDER,
    ),
    "held later": (moved(HoldingRow.from_at, hours(-5)), Checked.HOLDING_FROM),
    "held by another": (plain(update(HoldingRow).values(party="rssi")), Checked.HOLDING_PARTY),
    "acknowledged sooner": (moved(HoldingRow.acknowledged_at, hours(-1)), Checked.HOLDING_ACKNOWLEDGED),
    "ended otherwise": (
        plain(update(HoldingRow).where(HoldingRow.until_at.is_not(None)).values(ended_by="resolved")),
        Checked.HOLDING_ENDED_BY,
    ),
    "another start and allowance": (
        plain(update(DeadlineRow).where(OF_PROMISE).values(starts_at=MONDAY - DAY, allowance=999_999)),
        Checked.DEADLINE_STARTS,
    ),
    "another allowance": (plain(update(DeadlineRow).values(allowance=1)), Checked.DEADLINE_ALLOWANCE),
    "in open days": (plain(update(DeadlineRow).where(LIVE).values(open_days=9)), Checked.DEADLINE_OPEN_DAYS),
    "another clock": (plain(update(DeadlineRow).values(clock="permanent")), Checked.DEADLINE_CLOCK),
    "another party's": (plain(update(DeadlineRow).values(party="rssi")), Checked.DEADLINE_PARTY),
    "all met": (
        plain(update(DeadlineRow).where(LIVE).values(state="met", met_at=MONDAY)),
        Checked.DEADLINE_STATE,
    ),
    "a deadline dropped": (
        plain(update(DeadlineRow).where(OF_PROMISE).values(state="cancelled")),
        Checked.DEADLINE_STATE,
    ),
    "a deadline of no holding": (
        plain(update(DeadlineRow).where(LIVE).values(holding_id=None)),
        Checked.DEADLINE_HOLDING,
    ),
    "a longer wait": (moved(PauseRow.until_at, hours(9)), Checked.WAIT_UNTIL),
    "a wait begun sooner": (moved(PauseRow.from_at, hours(-1)), Checked.WAIT_FROM),
    "a later limit": (moved(PauseRow.limit_at, 5 * DAY), Checked.WAIT_LIMIT),
    "a wait for the college": (plain(update(PauseRow).values(cause="requester")), Checked.WAIT_CAUSE),
    "an unsigned wait": (plain(update(PauseRow).values(author="")), Checked.WAIT_AUTHOR),
    "no wait": (plain(delete(PauseRow)), Checked.WAIT),
    "opened later": (plain(update(Ticket).values(opened_at=MONDAY + DAY)), Checked.OPENED),
}
LATE = {
    "met sooner": (moved(DeadlineRow.met_at, -50 * DAY), Checked.DEADLINE_MET),
    "settled sooner": (moved(DeadlineRow.settled_at, -50 * DAY), Checked.DEADLINE_SETTLED),
    "resolved sooner": (moved(HoldingRow.until_at, -50 * DAY), Checked.HOLDING_UNTIL),
    "resolved sooner, says the ticket": (moved(Ticket.resolved_at, -50 * DAY), Checked.RESOLVED),
    "fired otherwise": (
        plain(update(EscalationRow).where(EscalationRow.state == "fired").values(due_at=MONDAY)),
        Checked.STEP_PLANNED,
    ),
    "fired after it was told": (moved(EscalationRow.fired_at, DAY), Checked.STEP_FIRED),
    "fired, says nobody": (
        plain(update(EscalationRow).where(EscalationRow.state == "fired").values(state="cancelled")),
        Checked.STEP_STATE,
    ),
}


@pytest.mark.parametrize("alteration", BUSY)
def test_what_is_altered_in_a_busy_ticket_is_named(world: World, alteration: str) -> None:
    live(world)
    _named(world, *BUSY[alteration])


@pytest.mark.parametrize("alteration", LATE)
def test_what_is_altered_in_a_settled_ticket_is_named(world: World, alteration: str) -> None:
    settled(world)
    _named(world, *LATE[alteration])


def _named(world: World, alteration: Callable[[Session], Executable], what: Checked) -> None:
    assert verify_clocks(world.desk).differences == ()
    with world.desk.database.writing() as session:
        assert session.execute(alteration(session)).rowcount != 0  # an insertion's may be unknown
    assert what in {each.what for each in verify_clocks(world.desk).differences}


def test_deadlines_deleted_with_their_steps_are_named(world: World) -> None:
    live(world)
    with world.desk.database.writing() as session:
        session.execute(delete(EscalationRow))
        session.execute(delete(DeadlineRow))
    named = {(each.what, each.kind) for each in verify_clocks(world.desk).differences}
    assert (Checked.DEADLINE, DeadlineKind.PROMISE) in named
    assert (Checked.DEADLINE, DeadlineKind.RESOLVE) in named


def test_another_book_than_the_journal_s_is_named(world: World) -> None:
    """Laxer targets, published beside or never, and the ticket made to name them."""
    live(world)
    with world.desk.database.writing() as session:
        session.execute(update(Ticket).values(policy="f" * 64))
    (difference,) = verify_clocks(world.desk).differences
    assert (difference.what, difference.stored) == (Checked.POLICY, "f" * 64)
    sources = read_sources(SHIPPED_RULES)
    sources["clocks/targets.toml"] += "\n# Autres.\n"
    other = load_policy(sources)
    long_ago = MONDAY - 400 * DAY
    with world.desk.database.writing() as session:
        books.publish(
            session, other.fingerprint, sources, in_force_from=long_ago, at=long_ago, by="command", reason=""
        )
        session.execute(update(Ticket).values(policy=other.fingerprint))
    (difference,) = verify_clocks(world.desk).differences
    assert (difference.what, difference.stored) == (Checked.POLICY, other.fingerprint)


def test_days_decided_after_a_verdict_can_t_be_slipped_into_it(world: World) -> None:
    """The due instant that a later closure would give, with the number of that closure."""
    ticket, resolve = settled(world), DeadlineRow.kind == DeadlineKind.RESOLVE
    week = (MONDAY + DAY).date(), (MONDAY + 5 * DAY).date()
    asked = DaysAsked(Reach.COLLEGE, NORTH, None, *week, (), DayCause.OTHER, "Après coup.")
    decide_days(world.desk, world["principal"], asked, MONDAY + 62 * DAY)
    assert verify_clocks(world.desk).differences == ()
    (would_be,) = [each for each in time_of(world, ticket) if each.kind is DeadlineKind.RESOLVE]
    with world.desk.database.writing() as session:
        session.execute(update(DeadlineRow).where(resolve).values(due_at=would_be.due_by_now, calendars=1))
    found = {(each.what, each.kind) for each in verify_clocks(world.desk).differences}
    assert found == {(Checked.DEADLINE_CALENDARS, DeadlineKind.RESOLVE)}


def test_days_that_moved_a_deadline_can_t_be_left_out_of_it(world: World) -> None:
    live(world)
    with world.desk.database.writing() as session:
        session.execute(update(DeadlineRow).values(calendars=0))
    assert Checked.DEADLINE_CALENDARS in {each.what for each in verify_clocks(world.desk).differences}


def time_of(world: World, ticket: int) -> tuple[Judgement, ...]:
    return ticket_time.show(world.desk, world["rupn"], ticket, MONDAY + 70 * DAY).judgements


def test_a_journal_that_tells_nothing_stops_nothing(world: World) -> None:
    """Its chain is broken, which is the journal's own check to say; the other tickets are told all the same."""
    first, second = live(world), settled(world)
    with world.desk.database.writing() as session:
        for statement in made_ordinary(session.get_bind().dialect.name, ("event",)):
            session.execute(text(statement))
        session.execute(delete(EventRow).where(EventRow.ticket_id == first, EventRow.seq == 2))
        session.execute(update(HoldingRow).where(HoldingRow.ticket_id == second).values(party="rssi"))
    named = [(each.ticket, each.what) for each in verify_clocks(world.desk).differences]
    assert named[0] == (first, Checked.UNTOLD)
    assert (second, Checked.HOLDING_PARTY) in named


def test_days_decided_on_a_clock_that_is_behind_put_no_step_before_the_last_entry(world: World) -> None:
    """A process whose clock runs an hour late decides days: what is due at once is due at the entry's own instant."""
    ticket = world.file(asset_tag="VP-204").ticket
    handle.note(world.desk, world["technician"], ticket, "Vu.", MONDAY + 2 * DAY)
    all_day = DaysAsked(
        Reach.ACADEMIE,
        "",
        None,
        MONDAY.date(),
        (MONDAY + 9 * DAY).date(),
        ("00:00-24:00",),
        DayCause.OTHER,
        "Essai.",
    )
    decide_days(world.desk, world["manager_academie"], all_day, MONDAY + 2 * DAY - hours(1))
    with world.desk.database.reading() as session:
        at = session.scalars(select(EventRow.at).where(EventRow.kind == EventKind.RECOMPUTED)).one()
        dues = session.scalars(select(EscalationRow.due_at).where(WAITING, EscalationRow.due_at <= at)).all()
    assert at == MONDAY + 2 * DAY
    assert set(dues) == {at}
    assert verify_clocks(world.desk).differences == ()


def test_what_the_worker_does_by_itself_is_no_difference(world: World) -> None:
    """A first level passed over, a deputy's step without object, a wait ended at its limit, a ticket closed by time."""
    desk, words = world.desk, ("Éléa", "Mes élèves n'ouvrent pas le parcours Éléa.")
    silent, taken = (world.file("teacher", *words).ticket for _ in range(2))
    asked = world.file(asset_tag="VP-204").ticket
    handle.take(desk, world["rupn"], taken, MONDAY + hours(0.5))
    handle.ask_information(desk, world["technician"], asked, "Quel voyant ?", MONDAY + hours(1))
    for hour in range(2, 72):
        escalate.run_due(desk, MONDAY + hours(hour))
    for day in range(4, 60, 3):
        escalate.run_due(desk, MONDAY + day * DAY)
    settling.resolve(desk, world["technician"], asked, "Réparé.", MONDAY + 60 * DAY)
    escalate.run_due(desk, MONDAY + 120 * DAY)
    with desk.database.reading() as session:
        states = session.execute(
            select(EscalationRow.tell, EscalationRow.state).where(EscalationRow.act == "tell")
        )
        deputies = {state for tell, state in states if tell == ["deputy"]}
        ends = session.scalars(select(EventRow.data).where(EventRow.kind.in_(("resumed", "closed")))).all()
        passed = select(EventRow.ticket_id).where(EventRow.kind == EventKind.FIRST_LEVEL_TIMED_OUT)
        assert silent in session.scalars(passed).all()
    assert deputies == {"fired", "cancelled"}
    assert {each.get("cause", each.get("by")) for each in ends} == {"limit", "time"}
    assert verify_clocks(desk).differences == ()


def test_a_step_set_aside_then_tried_again_is_no_difference(world: World) -> None:
    live(world)
    with world.desk.database.writing() as session:
        step = session.scalars(
            select(EscalationRow.id).where(WAITING, EscalationRow.due_at.is_not(None))
        ).first()
        assert step is not None
        firing.set_aside(session, step, "ValueError", MONDAY + 3 * DAY)
    assert verify_clocks(world.desk).differences == ()
    assert operate.try_again(world.desk, world["administrator"], step, MONDAY + 4 * DAY)
    assert verify_clocks(world.desk).differences == ()


def test_days_closed_after_a_deadline_move_its_later_steps_alone(world: World) -> None:
    ticket = world.file(asset_tag="VP-204").ticket
    resolve = DeadlineRow.kind == DeadlineKind.RESOLVE
    steps = select(EscalationRow.step, EscalationRow.due_at).join(
        DeadlineRow, DeadlineRow.id == EscalationRow.deadline_id
    )
    with world.desk.database.reading() as session:
        due = session.scalars(select(DeadlineRow.due_at).where(resolve)).one()
        before = dict(tuple(row) for row in session.execute(steps.where(resolve)))
    assert due is not None
    first = due.date() + DAY
    asked = DaysAsked(Reach.COLLEGE, NORTH, None, first, first + 3 * DAY, (), DayCause.SNOW, "Neige.")
    decide_days(world.desk, world["principal"], asked, MONDAY + hours(1))
    with world.desk.database.reading() as session:
        assert session.scalars(select(DeadlineRow.due_at).where(resolve)).one() == due
        after = dict(tuple(row) for row in session.execute(steps.where(resolve)))
        data = session.scalars(select(EventRow.data).where(EventRow.kind == EventKind.RECOMPUTED)).one()
    later = {number for number in before if after[number] != before[number]}
    assert later == {number for number, at in before.items() if at is not None and at > due}
    assert {each["step"] for each in data["steps"] if each["kind"] == "resolve"} == later
    assert verify_clocks(world.desk, ticket).differences == ()


def test_every_kind_of_entry_says_what_it_does_to_time() -> None:
    assert set(ACTS) == set(EventKind)
