"""A wait whose limit lies beyond the known days has none; the school dates, once imported, give it one."""

from datetime import UTC, date, datetime, timedelta

from sqlalchemy import select

from router.clock.school import SchoolYears, Vacation, Zone
from router.desk import escalate, handle, ticket_page, ticket_time
from router.desk.calendar_days import heal, import_school_years
from router.desk.clock_check import verify_clocks
from router.desk.time_account import Agreement
from router.model.words import EventKind, TicketStatus
from router.store import journal
from router.store.journal import COMMAND
from router.store.tables import DeadlineRow, EscalationRow, EventRow, PauseRow, Ticket
from tests.desk.world import World, hours

HARDWARE = {"category": "hardware", "asset_owner": "departement", "need": "breakdown"}
EVE = datetime(2028, 8, 30, 9, 0, tzinfo=UTC)  # the shipped dates end the day after
NEXT_YEAR = SchoolYears(
    Zone.B,
    date(2028, 9, 1),
    date(2029, 8, 31),
    (Vacation("Toussaint", date(2028, 10, 21), date(2028, 11, 5)),),
    date(2028, 8, 31),
)


def learn(world: World, at: datetime) -> None:
    import_school_years(world.desk, COMMAND, [NEXT_YEAR], "exemple.ics", at)


def asked(world: World) -> int:
    """What the collège is asked has its limit on the pedagogical clock, the one that follows school dates."""
    ticket = world.file(facts=HARDWARE, at=EVE - hours(1)).ticket
    handle.ask_information(world.desk, world["technician"], ticket, "Quelle salle ?", EVE)
    return ticket


def wait_of(world: World, ticket: int) -> PauseRow:
    with world.desk.database.reading() as session:
        return session.scalars(select(PauseRow).where(PauseRow.ticket_id == ticket)).one()


def deadlines(world: World, ticket: int) -> dict[str, DeadlineRow]:
    with world.desk.database.reading() as session:
        rows = session.scalars(
            select(DeadlineRow).where(DeadlineRow.ticket_id == ticket).order_by(DeadlineRow.id)
        )
        return {row.kind: row for row in rows}


def resume_steps(world: World, ticket: int) -> list[EscalationRow]:
    with world.desk.database.reading() as session:
        query = select(EscalationRow).where(EscalationRow.ticket_id == ticket, EscalationRow.act == "resume")
        return list(session.scalars(query))


def status(world: World, ticket: int) -> str:
    with world.desk.database.reading() as session:
        return session.get_one(Ticket, ticket).status


def test_it_gets_its_limit_with_the_dates_and_resumes_there(world: World) -> None:
    ticket = asked(world)
    assert wait_of(world, ticket).limit_at is None
    assert deadlines(world, ticket)["answer"].unknown_from == date(2028, 9, 1)
    assert [step.due_at for step in resume_steps(world, ticket)] == [None]
    assert verify_clocks(world.desk).differences == ()
    escalate.run_due(world.desk, EVE + timedelta(days=400))
    assert status(world, ticket) == TicketStatus.WAITING, "nobody knows when it ends"

    learn(world, EVE + hours(2))
    limit = wait_of(world, ticket).limit_at
    assert limit is not None and limit > datetime(2028, 9, 1, tzinfo=UTC)
    answer = deadlines(world, ticket)["answer"]
    assert (answer.due_at, answer.unknown_from) == (limit, None)
    assert [step.due_at for step in resume_steps(world, ticket)] == [limit]
    with world.desk.database.reading() as session:
        event = session.scalars(select(EventRow).where(EventRow.kind == EventKind.RECOMPUTED.value)).one()
        assert "answer" in [each["kind"] for each in event.data["moved"]]
        assert journal.verify(session)[1] == ()
    view = ticket_page.show(world.desk, world["technician"], ticket, EVE + hours(3))
    assert view.pause is not None and view.pause.limit_at == limit
    assert verify_clocks(world.desk).differences == ()

    escalate.run_due(world.desk, limit - timedelta(seconds=1))
    assert status(world, ticket) == TicketStatus.WAITING
    escalate.run_due(world.desk, limit)
    assert status(world, ticket) != TicketStatus.WAITING
    assert wait_of(world, ticket).until_at == limit
    assert verify_clocks(world.desk).differences == ()
    time = ticket_time.show(world.desk, world["technician"], ticket, limit + hours(1))
    assert {each.recount.agreement for each in time.judgements} == {Agreement.SAME}


def test_dates_that_come_after_the_limit_make_no_difference_to_what_is_owed(world: World) -> None:
    late = asked(world)
    long_after = EVE + timedelta(days=90)
    learn(world, long_after)
    known = asked(
        world
    )  # filed in the past of the act that it knows of, as no real ticket is: not verified here
    limit = wait_of(world, known).limit_at
    assert limit is not None and wait_of(world, late).limit_at == limit < long_after
    assert [step.due_at for step in resume_steps(world, late)] == [long_after], "due at once"
    assert verify_clocks(world.desk, late).differences == ()
    escalate.run_due(world.desk, long_after)
    assert wait_of(world, late).until_at == wait_of(world, known).until_at == limit
    ours, theirs = deadlines(world, late), deadlines(world, known)
    for kind in ("answer", "resolve", "promise"):
        assert ours[kind].due_at == theirs[kind].due_at is not None, kind
    assert ours["acknowledge"].due_at is None, "met while its instant was unknown, it stays as judged then"
    assert verify_clocks(world.desk, late).differences == ()


def test_an_answer_ends_it_whether_or_not_it_had_a_limit(world: World) -> None:
    ticket = asked(world)
    handle.answer(world.desk, world["rupn"], ticket, "La 12.", EVE + hours(1))
    assert wait_of(world, ticket).until_at == EVE + hours(1)
    learn(world, EVE + hours(2))
    assert wait_of(world, ticket).limit_at is None, "it was over: the dates change nothing of it"
    assert deadlines(world, ticket)["resolve"].due_at is not None
    assert verify_clocks(world.desk).differences == ()


def test_a_limit_given_so_stays_where_it_is_when_other_dates_follow(world: World) -> None:
    ticket = asked(world)
    learn(world, EVE + hours(2))
    limit = wait_of(world, ticket).limit_at
    closed = SchoolYears(
        Zone.B,
        date(2028, 9, 1),
        date(2029, 8, 31),
        (Vacation("Rentrée reportée", date(2028, 9, 1), date(2028, 9, 30)),),
        date(2028, 9, 1),
    )
    import_school_years(world.desk, COMMAND, [closed], "exemple.ics", EVE + hours(3))
    assert wait_of(world, ticket).limit_at == limit == deadlines(world, ticket)["answer"].due_at
    heal(world.desk, COMMAND, EVE + hours(4))
    assert verify_clocks(world.desk).differences == ()
