"""Which messages wait for opening, and what one person then finds in her box."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from router.desk import alert, escalate, handle, settling
from router.notices.deliver import drain
from router.store.tables import NoticeRow
from tests.desk.world import MONDAY, World, hours
from tests.notices.mail_server import FakeChannel

EVENING = MONDAY + hours(10)  # 19:30 in Paris
OPENING = MONDAY.replace(hour=7, minute=0) + timedelta(days=1)  # Tuesday, 8:00


def planned(world: World, since: datetime) -> dict[tuple[str, str], tuple[datetime, bool]]:
    """When each message written since may leave, and whether it waits for it."""
    with world.desk.database.reading() as session:
        rows = session.scalars(select(NoticeRow).where(NoticeRow.created_at >= since))
        return {(row.kind, row.address): (row.next_try_at, row.waits) for row in rows}


def subjects_to(channel: FakeChannel, address: str) -> list[str]:
    return [str(mail["Subject"]) for mail in channel.mails if mail["To"] == address]


def test_a_receipt_leaves_at_once_and_the_rest_at_opening(world: World) -> None:
    world.file(asset_tag="VP-204", at=EVENING)
    assert planned(world, EVENING) == {
        ("received", "rupn@example.org"): (EVENING, False),
        ("routed", "maintenance-nord@example.org"): (OPENING, True),
    }


def test_within_opening_hours_nothing_waits(world: World) -> None:
    world.file(asset_tag="VP-204")
    assert {waits for _, waits in planned(world, MONDAY).values()} == {False}


def test_what_a_holder_does_in_the_evening_waits_for_the_morning_even_once_resolved(world: World) -> None:
    ticket = world.file(asset_tag="VP-204").ticket
    handle.take(world.desk, world["technician"], ticket, EVENING)
    handle.comment(world.desk, world["technician"], ticket, "Je passe demain.", EVENING)
    settling.resolve(world.desk, world["technician"], ticket, "Le câble était débranché.", EVENING)
    assert planned(world, EVENING) == {
        (kind, "rupn@example.org"): (OPENING, True) for kind in ("taken", "commented", "resolved")
    }


def test_security_never_waits(world: World) -> None:
    ticket = world.file("teacher", subject="Compte piraté", facts={"category": "security"}, at=EVENING).ticket
    alert.acknowledge(world.desk, world["rssi"], ticket, EVENING + hours(1))
    found = planned(world, EVENING)
    assert ("alert", "rssi@example.org") in found
    assert {waits for _, waits in found.values()} == {False}


@pytest.mark.parametrize("tickets", [2, 3])
def test_the_morning_brings_one_mail_that_names_each(world: World, tickets: int) -> None:
    for _ in range(tickets):
        world.file(asset_tag="VP-204", at=EVENING)
    channel = FakeChannel()
    drain(world.desk.database, channel, lambda: EVENING, "w")
    assert len(subjects_to(channel, "rupn@example.org")) == tickets
    assert subjects_to(channel, "maintenance-nord@example.org") == []
    drain(world.desk.database, channel, lambda: OPENING, "w")
    assert subjects_to(channel, "maintenance-nord@example.org") == [f"{tickets} messages d'Aiguillage"]
    text = channel.mails[-1].get_body(("plain",))
    assert text is not None
    assert all(f"/dossiers/{number}" in text.get_content() for number in range(1, tickets + 1))


def test_a_reminder_due_at_night_joins_the_morning_s_mail(world: World) -> None:
    world.file(asset_tag="VP-204", at=MONDAY)
    late = MONDAY + timedelta(days=40, hours=12)
    escalate.run_due(world.desk, late)
    kinds = {kind: waits for (kind, address), (_, waits) in planned(world, late).items() if "lead" in address}
    assert kinds == {"escalation": True}
