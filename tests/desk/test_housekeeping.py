"""What has been kept long enough is erased, once a day, and nothing that rests on it breaks."""

from datetime import timedelta

from sqlalchemy import func, select

from router.desk import browse, escalate, handle, housekeeping, settling, ticket_page
from router.desk.attachments import GivenFile
from router.store import journal
from router.store.listing import Filters
from router.store.tables import Attachment, DecisionRow, EventRow, IncidentRow, NoticeRow
from tests.desk.world import MONDAY, World, hours


def closed_ticket(world: World) -> int:
    ticket = world.file(asset_tag="VP-204").ticket
    handle.comment(
        world.desk, world["rupn"], ticket, "Voici la photo.", MONDAY, files=[GivenFile("a.pdf", b"%PDF-1.7")]
    )
    settling.resolve(world.desk, world["technician"], ticket, "Lampe changée.", MONDAY + hours(2))
    escalate.run_due(world.desk, MONDAY + timedelta(days=60))
    return ticket


def test_old_names_and_words_go_and_the_journal_holds(world: World) -> None:
    ticket = closed_ticket(world)
    recent = world.file("teacher", at=MONDAY + timedelta(days=700)).ticket
    later = MONDAY + timedelta(days=800)
    assert housekeeping.erase_old(world.desk, later) == 1
    assert housekeeping.erase_old(world.desk, later) == 0
    with world.desk.database.reading() as session:
        erased = session.get_one(IncidentRow, 1)
        assert (erased.reporter_name, erased.reporter_email, erased.body) == ("", "", "")
        assert session.scalar(select(func.count(Attachment.id))) == 0
        assert not session.scalars(select(NoticeRow).where(NoticeRow.ticket_id == ticket)).all()
        assert session.scalar(select(func.count(DecisionRow.id))) == 2
        events, breaks = journal.verify(session)
        assert breaks == () and events == session.scalar(select(func.count(EventRow.seq)))
    view = ticket_page.show(world.desk, world["technician"], ticket, later)
    assert {entry.text for entry in view.story} == {""}
    assert browse.mine(world.desk, world["rupn"], Filters(words="videoprojecteur"), None).rows[0].id == recent


def test_an_open_ticket_keeps_its_words_whatever_its_age(world: World) -> None:
    world.file(asset_tag="VP-204")
    assert housekeeping.erase_old(world.desk, MONDAY + timedelta(days=4000)) == 0


def test_one_worker_does_the_day_s_work(world: World) -> None:
    closed_ticket(world)
    later = MONDAY + timedelta(days=800)
    assert [housekeeping.run_daily(world.desk, later) for _ in range(3)] == [1, 0, 0]
