"""Two lives of a ticket that cross: a wait and a correction, an arbitration and a wait, a reopening and an alert."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from router.desk import alert, browse, escalate, handle, redecide, settling, ticket_page
from router.desk.gestures import Gesture
from router.model.actor import Refused
from router.model.incident import FactValue
from router.model.words import DeadlineKind, EventKind, Party, TicketStatus
from router.notices.channels import Envelope, Temporary
from router.notices.deliver import drain
from router.store.tables import DeadlineRow, NoticeRow, Ticket
from tests.desk.grounds import ARTICLES
from tests.desk.world import MONDAY, World, hours
from tests.notices.mail_server import FakeChannel

TEN = MONDAY + hours(1)
NOON = MONDAY + hours(3)
MACHINE: dict[str, FactValue] = {"category": "hardware"}


def live(world: World, ticket: int) -> dict[str, DeadlineRow]:
    with world.desk.database.reading() as session:
        mine = select(DeadlineRow).where(
            DeadlineRow.ticket_id == ticket, DeadlineRow.state.in_(("running", "paused"))
        )
        return {row.kind: row for row in session.scalars(mine)}


def status(world: World, ticket: int) -> str:
    with world.desk.database.reading() as session:
        return session.get_one(Ticket, ticket).status


def arbitrated(world: World, at: datetime = MONDAY, *, asked: bool = False) -> int:
    """A ticket contested twice; with `asked`, a question to the collège was open when the second contest came."""
    ticket = world.file(asset_tag="VP-204", at=at).ticket
    moves = (
        ("technician", Party.ACADEMIE_DSI),
        ("dsi", Party.DEPARTEMENT_MAINTENANCE),
        ("technician", Party.ACADEMIE_DSI),
    )
    for number, (who, to) in enumerate(moves, start=1):
        if asked and number == len(moves):
            handle.ask_information(world.desk, world[who], ticket, "Quelle étiquette ?", at + hours(number))
        redecide.transfer(world.desk, world[who], ticket, to, ARTICLES[to], "Pas à nous.", at + hours(number))
    return ticket


def test_a_deadline_taken_anew_during_a_wait_runs_again_after_it(world: World) -> None:
    ticket = world.file(asset_tag="VP-204").ticket
    handle.ask_information(world.desk, world["technician"], ticket, "Quel voyant ?", TEN)
    redecide.correct(world.desk, world["technician"], ticket, {"urgency": "exam"}, "Examen demain.", NOON)
    assert live(world, ticket)["resolve"].state == "paused"
    handle.answer(world.desk, world["rupn"], ticket, "Le rouge.", NOON + hours(1))
    resolve = live(world, ticket)["resolve"]
    assert resolve.state == "running" and resolve.due_at is not None


def test_the_holder_s_clock_runs_during_arbitration(world: World) -> None:
    ticket = arbitrated(world)
    with pytest.raises(Refused):
        handle.ask_information(world.desk, world["technician"], ticket, "Quel voyant ?", NOON + hours(1))
    assert status(world, ticket) == TicketStatus.ARBITRATION
    redecide.arbitrate(
        world.desk, world["lead"], ticket, Party.ACADEMIE_DSI, "3.1.3", "Tranché.", NOON + hours(2)
    )
    assert status(world, ticket) == TicketStatus.ASSIGNED


def test_a_contest_that_opens_arbitration_ends_the_wait(world: World) -> None:
    ticket = arbitrated(world, asked=True)
    running = live(world, ticket)
    assert status(world, ticket) == TicketStatus.ARBITRATION
    assert DeadlineKind.ANSWER not in running and running["resolve"].state == "running"
    with pytest.raises(Refused):
        handle.answer(world.desk, world["rupn"], ticket, "Aucune.", NOON + hours(1))
    assert status(world, ticket) == TicketStatus.ARBITRATION


def test_facts_that_take_a_ticket_elsewhere_leave_no_arbitration_behind(world: World) -> None:
    ticket = arbitrated(world)
    changes = {"category": "security", "need": "breakdown"}
    redecide.correct(world.desk, world["technician"], ticket, changes, "Un rançongiciel.", NOON + hours(1))
    assert DeadlineKind.ARBITRATE not in live(world, ticket)


def test_a_reopened_alert_waits_for_the_rssi_again(world: World) -> None:
    ticket = world.file("teacher", subject="Compte piraté", facts={"category": "security"}).ticket
    rssi = world["rssi"]
    alert.acknowledge(world.desk, rssi, ticket, TEN)
    settling.resolve(world.desk, rssi, ticket, "Mot de passe changé.", NOON)
    settling.reopen(world.desk, world["principal"], ticket, "Le compte sert encore.", NOON + hours(1))
    assert [row.id for row in browse.unacknowledged(world.desk, rssi).rows] == [ticket]
    alert.acknowledge(world.desk, rssi, ticket, NOON + hours(2))
    assert DeadlineKind.ACKNOWLEDGE not in live(world, ticket)


def test_the_first_level_is_asked_for_only_while_somebody_would_come_after(world: World) -> None:
    ticket = world.file("teacher", subject="Éléa", body="Mes élèves n'ouvrent pas le parcours Éléa.").ticket
    own = {"category": "hardware", "asset_owner": "etablissement"}
    redecide.correct(world.desk, world["rupn"], ticket, own, "C'est la tablette du collège.", TEN)
    view = ticket_page.show(world.desk, world["rupn"], ticket, TEN + timedelta(minutes=1))
    assert view.holder is Party.RUPN and Gesture.FIRST_LEVEL not in view.gestures
    back = {"category": "pedagogical_resource", "asset_owner": "none"}
    redecide.correct(world.desk, world["rupn"], ticket, back, "Non : le service.", NOON)
    running = live(world, ticket)[DeadlineKind.FIRST_LEVEL]
    assert running.starts_at == NOON


def disputed_first_level(world: World) -> int:
    """The RUPN holds it with her time-out running, and has just contested for the second time."""
    ticket = world.file("teacher", subject="Éléa", body="Mes élèves n'ouvrent pas le parcours Éléa.").ticket
    moves = (
        ("rupn", Party.ACADEMIE_DSI),
        ("dsi", Party.RUPN),
        ("rupn", Party.ACADEMIE_DSI),
    )
    for minutes, (who, to) in enumerate(moves, start=1):
        at = MONDAY + timedelta(minutes=minutes)
        redecide.transfer(world.desk, world[who], ticket, to, ARTICLES[to], "Pas à nous.", at)
    return ticket


def test_a_first_level_timed_out_leaves_arbitration_to_the_coordinators(world: World) -> None:
    ticket = disputed_first_level(world)
    limit = live(world, ticket)[DeadlineKind.FIRST_LEVEL].due_at
    assert limit is not None and status(world, ticket) == TicketStatus.ARBITRATION
    after = limit + timedelta(minutes=1)
    escalate.run_due(world.desk, after)
    view = ticket_page.show(world.desk, world["rupn"], ticket, after)
    assert (view.status, view.holder) == (TicketStatus.ARBITRATION, Party.RUPN)
    assert DeadlineKind.ARBITRATE in live(world, ticket) and DeadlineKind.FIRST_LEVEL not in live(world, ticket)
    (told,) = [entry for entry in view.story if entry.kind is EventKind.FIRST_LEVEL_TIMED_OUT]
    assert told.data["arbitration"] is True
    redecide.arbitrate(world.desk, world["lead"], ticket, Party.RUPN, "3.2.4", "Tranché.", after + hours(1))
    assert live(world, ticket)[DeadlineKind.FIRST_LEVEL].starts_at == after + hours(1)


def test_nor_does_the_rupn_take_it_out_of_arbitration_by_ending_the_first_level(world: World) -> None:
    ticket = disputed_first_level(world)
    with pytest.raises(Refused):
        redecide.first_level_done(world.desk, world["rupn"], ticket, "Vérifié.", MONDAY + hours(1))
    assert status(world, ticket) == TicketStatus.ARBITRATION


def test_a_message_claimed_when_its_ticket_becomes_an_alert_leaves_with_no_detail(world: World) -> None:
    ticket = world.file("teacher", subject="Écran bizarre au poste 4", asset_tag="VP-204", facts=MACHINE).ticket
    raised: list[Party] = []

    class Ringing(FakeChannel):
        """The RUPN of the collège says it is an attack while the first message of the batch is being sent."""

        def send(self, envelope: Envelope) -> None:
            if not raised:
                raised.append(redecide.raise_alert(world.desk, world["rupn"], ticket, "", TEN))
                raise Temporary("450 occupé")
            super().send(envelope)

    channel = Ringing()
    for minutes in (1, 10, 60 * 24):
        at = TEN + timedelta(minutes=minutes)
        drain(world.desk.database, channel, lambda at=at: at, "w")  # type: ignore[misc]
    assert channel.mails
    assert all("SSI" in str(mail["Subject"]) and "Écran" not in mail.as_string() for mail in channel.mails)
    with world.desk.database.reading() as session:
        bodies = session.scalars(select(NoticeRow.body).where(NoticeRow.ticket_id == ticket)).all()
    assert not [body for body in bodies if "Écran bizarre" in body]


def test_a_duplicate_says_nothing_of_an_original_its_reader_may_not_see(world: World) -> None:
    original = world.file(
        "teacher", subject="Écran bizarre au poste 4", asset_tag="VP-204", facts=MACHINE
    ).ticket
    ticket = world.file("bursar", subject="Encore cet écran", asset_tag="VP-204", facts=MACHINE).ticket
    rupn = world["rupn"]
    settling.link_duplicate(world.desk, world["technician"], ticket, original, TEN)
    seen = ticket_page.show(world.desk, rupn, ticket, NOON)
    assert (seen.duplicate, seen.duplicate_of) == (True, original)
    bursar = ticket_page.show(world.desk, world["bursar"], ticket, NOON)
    assert (bursar.duplicate, bursar.duplicate_of) == (True, None)  # a colleague's ticket
    redecide.raise_alert(world.desk, world["technician"], original, "", NOON)
    for who, shown in (("rupn", None), ("technician", None), ("principal", original)):
        view = ticket_page.show(world.desk, world[who], ticket, NOON + hours(1))
        assert (view.duplicate, view.duplicate_of) == (True, shown), who
        (tie,) = [entry for entry in view.story if entry.kind is EventKind.LINKED]
        assert tie.data["duplicate_of"] == shown
    back = ticket_page.show(world.desk, world["principal"], original, NOON + hours(1))
    assert back.duplicates == (ticket,)


def test_only_the_present_turn_s_deadlines_stand_first(world: World) -> None:
    ticket = world.file(asset_tag="VP-204").ticket
    desk, technician, rupn = world.desk, world["technician"], world["rupn"]
    handle.take(desk, technician, ticket, TEN)
    settling.resolve(desk, technician, ticket, "Câble changé.", TEN + hours(0.5))
    settling.reopen(desk, rupn, ticket, "Toujours en panne.", NOON)
    settling.resolve(desk, technician, ticket, "Lampe changée.", NOON + hours(1))
    settling.confirm(desk, rupn, ticket, NOON + hours(2))
    view = ticket_page.show(desk, rupn, ticket, NOON + hours(3))
    kinds = [DeadlineKind.ACKNOWLEDGE, DeadlineKind.RESOLVE, DeadlineKind.PROMISE, DeadlineKind.CLOSE]
    assert sorted(each.kind for each in view.deadlines) == sorted(kinds)
    assert all(each.starts_at >= NOON for each in view.deadlines)
    assert view.earlier_deadlines and all(each.starts_at < NOON for each in view.earlier_deadlines)


def test_a_past_holder_s_deadlines_are_of_an_earlier_turn(world: World) -> None:
    ticket = world.file(asset_tag="VP-204").ticket
    handle.take(world.desk, world["technician"], ticket, TEN)
    redecide.transfer(
        world.desk, world["technician"], ticket, Party.ACADEMIE_DSI, "3.2.3", "Plan national.", NOON
    )
    view = ticket_page.show(world.desk, world["dsi"], ticket, NOON + hours(1))
    assert {each.party for each in view.deadlines if each.kind is DeadlineKind.RESOLVE} == {Party.ACADEMIE_DSI}
    assert {each.kind for each in view.earlier_deadlines} == {DeadlineKind.ACKNOWLEDGE}
    assert DeadlineKind.PROMISE in {each.kind for each in view.deadlines}
