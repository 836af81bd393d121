"""Who sees what: role × ticket, for the page, the lists and every gesture alike."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from router.desk import alert, browse, handle, redecide, signals, ticket_page
from router.model.actor import Actor, Forbidden, Invalid, NotFound
from router.model.words import Party
from router.store.listing import Filters
from router.store.tables import NoticeRow
from tests.desk.world import MONDAY, NORTH_TOO, World, hours, notices

LATER = MONDAY + hours(1)


def sees(world: World, actor: Actor, ticket: int) -> bool:
    try:
        ticket_page.show(world.desk, actor, ticket, LATER)
    except NotFound:
        return False
    return True


def who_sees(world: World, ticket: int) -> set[str]:
    return {name for name, actor in world.people.items() if sees(world, actor, ticket)}


@pytest.fixture
def breach(world: World) -> int:
    return world.file("teacher", subject="Compte piraté", facts={"category": "security"}).ticket


def test_an_ordinary_ticket(world: World) -> None:
    ticket = world.file("teacher", asset_tag="VP-204").ticket
    assert who_sees(world, ticket) == {
        "rupn", "principal", "teacher", "technician", "colleague", "lead", "security_contact",
        "dsi", "dsi_lead", "manager", "manager_academie",
    }  # fmt: skip


def test_an_alert_is_seen_by_those_the_convention_names(world: World, breach: int) -> None:
    assert who_sees(world, breach) == {"teacher", "principal", "rssi", "dpo", "security_contact"}


def test_lists_agree_with_pages(world: World, breach: int) -> None:
    world.file("rupn", asset_tag="VP-204")
    world.file("rupn_south", subject="Plus de réseau")
    for actor in world.people.values():
        listed = {row.id for row in browse.mine(world.desk, actor, Filters(), None).rows}
        assert listed == {ticket for ticket in (1, 2, 3) if sees(world, actor, ticket)}, actor.name


def test_queues_never_hold_an_alert(world: World, breach: int) -> None:
    for actor in world.people.values():
        assert not browse.queue(world.desk, actor, Filters(), None, LATER).page.rows, actor.name


def test_the_rssi_admits_one_more_reader(world: World, breach: int) -> None:
    with pytest.raises(Invalid):
        alert.admit(world.desk, world["rssi"], breach, "inconnue@example.org", LATER)
    alert.admit(world.desk, world["rssi"], breach, "technician@example.org", LATER)
    assert sees(world, world["technician"], breach)
    with world.desk.database.reading() as session:
        assert notices(session)[-1] == ("alert", "technician@example.org")


def test_an_implicated_principal_is_left_out_with_a_motive(world: World, breach: int) -> None:
    alert.exclude_principal(world.desk, world["rssi"], breach, "Son compte est en cause.", LATER)
    assert "principal" not in who_sees(world, breach)
    words = [entry.text for entry in ticket_page.show(world.desk, world["teacher"], breach, LATER).story]
    assert "Son compte est en cause." not in words


def test_only_the_rssi_acts_on_an_alert(world: World, breach: int) -> None:
    for name in ("principal", "teacher", "dpo", "security_contact"):
        with pytest.raises(Forbidden):
            alert.acknowledge(world.desk, world[name], breach, LATER)
    alert.acknowledge(world.desk, world["rssi"], breach, LATER)
    assert ticket_page.show(world.desk, world["rssi"], breach, LATER).acknowledged_at == LATER


def test_a_private_log_entry_is_the_rssi_s_alone(world: World, breach: int) -> None:
    alert.log_action(world.desk, world["rssi"], breach, "Sessions révoquées.", LATER)
    alert.log_action(world.desk, world["rssi"], breach, "Indice confidentiel.", LATER, private=True)
    for name, expected in (("rssi", True), ("principal", False), ("teacher", False)):
        words = [entry.text for entry in ticket_page.show(world.desk, world[name], breach, LATER).story]
        assert "Sessions révoquées." in words
        assert ("Indice confidentiel." in words) is expected


def test_containment_holds_only_what_the_rssi_writes(world: World, breach: int) -> None:
    facts = {"category": "hardware", "asset_owner": "departement"}
    filed = alert.contain(world.desk, world["rssi"], breach, "Débrancher le poste 12.", facts, LATER)
    assert filed.responsible is Party.DEPARTEMENT_MAINTENANCE
    view = ticket_page.show(world.desk, world["technician"], filed.ticket, LATER)
    assert "piraté" not in view.subject + view.body
    assert not sees(world, world["rupn"], filed.ticket)
    assert ticket_page.show(world.desk, world["rssi"], breach, LATER).containments == (filed.ticket,)


def test_a_denied_signal_waits_for_the_rssi_then_leaves_the_list(world: World) -> None:
    ticket = world.file(
        "teacher", subject="Rançon", body="Un message exige une rançon, tout est chiffré.",
        facts={"category": "hardware"},
    ).ticket  # fmt: skip
    assert [row.id for row in signals.review(world.desk, world["rssi"], None).rows] == [ticket]
    assert not signals.review(world.desk, world["technician_south"], None).rows
    alert.reviewed(world.desk, world["rssi"], ticket, LATER)
    assert not signals.review(world.desk, world["rssi"], None).rows


def test_another_college_s_number_is_not_found(world: World) -> None:
    ticket = world.file("rupn").ticket
    assert world["rupn_too"].uai == NORTH_TOO
    with pytest.raises(NotFound):
        handle.comment(world.desk, world["rupn_too"], ticket, "Bonjour", LATER)


def test_pages_of_fifty_follow_one_another(world: World) -> None:
    for number in range(53):
        world.file("rupn", subject=f"Panne {number}", external_id=f"n{number}", at=MONDAY + hours(number / 60))
    actor = world["rupn"]
    first = browse.mine(world.desk, actor, Filters(), None)
    second = browse.mine(world.desk, actor, Filters(), first.after)
    assert (len(first.rows), len(second.rows), second.after, first.total) == (50, 3, None, 53)
    seen = [row.opened_at for row in (*first.rows, *second.rows)]
    assert seen == sorted(seen, reverse=True)
    assert browse.mine(world.desk, actor, Filters(words="panne 52"), None).total == 1
    assert browse.mine(world.desk, actor, Filters(), "n'importe quoi").rows == first.rows


def test_what_the_rssi_kept_to_herself_stays_hers_when_the_alert_is_none(world: World, breach: int) -> None:
    rssi = world["rssi"]
    alert.exclude_principal(world.desk, rssi, breach, "Motif réservé.", LATER)
    alert.log_action(world.desk, rssi, breach, "Action privée.", LATER, private=True)
    alert.log_action(world.desk, rssi, breach, "Action consignée.", LATER)
    handle.note(world.desk, rssi, breach, "Note du RSSI.", LATER)
    changes = {"category": "hardware", "asset_owner": "departement"}
    redecide.correct(world.desk, rssi, breach, changes, "Fausse alerte.", LATER)
    handle.note(world.desk, world["technician"], breach, "Note d'équipe.", LATER)

    def read_by(who: str) -> set[str]:
        return {entry.text for entry in ticket_page.show(world.desk, world[who], breach, LATER).story}

    hers = {"Motif réservé.", "Action privée.", "Action consignée.", "Note du RSSI."}
    for who in ("technician", "lead", "dsi", "manager", "rupn", "principal", "teacher"):
        assert not hers & read_by(who), who
    assert "Note d'équipe." in read_by("lead") and "Note d'équipe." not in read_by("rupn")


def test_no_message_still_waiting_tells_the_words_of_what_became_an_alert(world: World) -> None:
    night = MONDAY + hours(13)
    ticket = world.file("rupn", subject="Le vidéoprojecteur est en panne", at=night, asset_tag="VP-204").ticket
    changes = {"category": "security", "need": "breakdown"}
    redecide.correct(world.desk, world["technician"], ticket, changes, "C'est une rançon.", night + hours(1))
    with world.desk.database.reading() as session:
        rows = session.scalars(select(NoticeRow).where(NoticeRow.ticket_id == ticket)).all()
    assert rows and not [row.kind for row in rows if "vidéoprojecteur" in row.subject + row.body]


def test_an_rssi_of_one_convention_sees_no_alert_of_another(world: World, breach: int) -> None:
    elsewhere = replace(world["rssi"], convention_id="demo-sud")
    assert not sees(world, elsewhere, breach)
    assert sees(world, replace(elsewhere, convention_id="demo-nord"), breach)
    assert not browse.alerts(world.desk, elsewhere, opened=True, after=None).rows
