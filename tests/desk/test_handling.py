"""From taking a ticket to closing it: each gesture changes what it says, tells whom it must, and nothing else."""

from datetime import datetime
from functools import partial

import pytest
from sqlalchemy import select

from router.desk import choices, handle, redecide, settling, ticket_page
from router.desk.attachments import GivenFile
from router.desk.gestures import Gesture
from router.model.actor import Conflict, Forbidden, Invalid, NotFound, TooLarge
from router.model.words import DeadlineKind, EventKind, Party, PauseCause, TicketStatus
from router.store import journal
from router.store.tables import DeadlineRow, DecisionRow, EscalationRow, HoldingRow, Ticket
from tests.desk.grounds import ARTICLES
from tests.desk.world import MONDAY, World, hours, notices

TEN = MONDAY + hours(1)
NOON = MONDAY + hours(3)


@pytest.fixture
def ticket(world: World) -> int:
    return world.file(asset_tag="VP-204").ticket


def row(world: World, ticket_id: int) -> Ticket:
    with world.desk.database.reading() as session:
        return session.get_one(Ticket, ticket_id)


def deadline(world: World, ticket_id: int, kind: DeadlineKind) -> DeadlineRow:
    with world.desk.database.reading() as session:
        query = select(DeadlineRow).where(DeadlineRow.ticket_id == ticket_id, DeadlineRow.kind == kind.value)
        return session.scalars(query.order_by(DeadlineRow.id.desc())).first()  # type: ignore[return-value]


def test_taking_meets_the_acknowledgement_and_stops_its_ladder(world: World, ticket: int) -> None:
    handle.take(world.desk, world["technician"], ticket, TEN)
    met = deadline(world, ticket, DeadlineKind.ACKNOWLEDGE)
    assert (met.state, met.met_at) == ("met", TEN)
    with world.desk.database.reading() as session:
        steps = session.scalars(select(EscalationRow).where(EscalationRow.deadline_id == met.id)).all()
        assert steps and {step.state for step in steps} == {"cancelled"}
        assert notices(session)[-1] == ("taken", "rupn@example.org")
    assert row(world, ticket).status == TicketStatus.IN_PROGRESS


def test_only_the_holder_s_people_may_take(world: World, ticket: int) -> None:
    for name in ("rupn", "dsi", "manager", "principal"):
        with pytest.raises(Forbidden):
            handle.take(world.desk, world[name], ticket, TEN)
    for name in ("technician_south", "rupn_too", "teacher", "rssi", "administrator"):
        with pytest.raises(NotFound):
            handle.take(world.desk, world[name], ticket, TEN)


def test_assigning_tells_the_colleague_of_the_same_team_only(world: World, ticket: int) -> None:
    handle.assign(world.desk, world["technician"], ticket, world["colleague"].id, TEN)
    assert row(world, ticket).assignee_id == world["colleague"].id
    with world.desk.database.reading() as session:
        assert notices(session)[-1] == ("assigned", "colleague@example.org")
    for stranger in ("technician_south", "dsi", "rupn"):
        with pytest.raises(Invalid):
            handle.assign(world.desk, world["technician"], ticket, world[stranger].id, TEN)


def test_a_question_stops_the_clock_until_the_answer(world: World, ticket: int) -> None:
    before = deadline(world, ticket, DeadlineKind.RESOLVE).due_at
    handle.ask_information(world.desk, world["technician"], ticket, "Quel voyant est allumé ?", TEN)
    assert deadline(world, ticket, DeadlineKind.RESOLVE).due_at is None
    assert deadline(world, ticket, DeadlineKind.PROMISE).due_at is None
    assert row(world, ticket).status == TicketStatus.WAITING
    handle.answer(world.desk, world["rupn"], ticket, "Le rouge.", TEN + hours(1))
    after = deadline(world, ticket, DeadlineKind.RESOLVE).due_at
    assert before is not None and after is not None and after - before >= hours(1)
    with world.desk.database.reading() as session:
        kinds = [kind for kind, _ in notices(session)]
    assert kinds[-2:] == ["information_asked", "answered"]


def test_waiting_for_a_part_stops_the_holder_not_the_promise(world: World, ticket: int) -> None:
    promise = deadline(world, ticket, DeadlineKind.PROMISE).due_at
    handle.pause(world.desk, world["technician"], ticket, PauseCause.PART, "Lampe commandée", None, TEN)
    assert deadline(world, ticket, DeadlineKind.RESOLVE).due_at is None
    assert deadline(world, ticket, DeadlineKind.PROMISE).due_at == promise
    handle.resume(world.desk, world["technician"], ticket, TEN + hours(2))
    assert deadline(world, ticket, DeadlineKind.RESOLVE).state == "running"


def test_a_pause_must_end_in_sight(world: World, ticket: int) -> None:
    for limit in (TEN, TEN + hours(24 * 61)):
        with pytest.raises(Invalid):
            handle.pause(world.desk, world["technician"], ticket, PauseCause.PART, "Lampe", limit, TEN)


def test_notes_stay_between_the_teams(world: World, ticket: int) -> None:
    handle.note(world.desk, world["technician"], ticket, "Le contrat est fini.", TEN)
    assert "Le contrat est fini." in told(world, "technician", ticket)
    for name in ("rupn", "principal", "manager"):
        assert "Le contrat est fini." not in told(world, name, ticket)


def told(world: World, name: str, ticket: int) -> list[str]:
    return [entry.text for entry in ticket_page.show(world.desk, world[name], ticket, NOON).story]


def test_comments_reach_the_other_side(world: World, ticket: int) -> None:
    handle.comment(world.desk, world["technician"], ticket, "Nous passons demain.", TEN)
    handle.comment(world.desk, world["rupn"], ticket, "La salle sera ouverte.", NOON)
    with world.desk.database.reading() as session:
        assert notices(session)[-2:] == [
            ("commented", "rupn@example.org"),
            ("commented", "maintenance-nord@example.org"),
        ]


def test_correcting_the_facts_decides_again(world: World, ticket: int) -> None:
    holder = redecide.correct(
        world.desk, world["technician"], ticket, {"asset_owner": "etat"}, "Étiquette du plan national.", TEN
    )
    assert holder is Party.ACADEMIE_DSI
    with world.desk.database.reading() as session:
        held = session.scalars(select(HoldingRow).order_by(HoldingRow.seq)).all()
        assert [(each.party, each.until_at) for each in held] == [
            ("departement_maintenance", TEN),
            ("academie_dsi", None),
        ]
        assert held[0].until_at == held[1].from_at
        assert notices(session)[-2:] == [("transferred", "rupn@example.org"), ("routed", "dsi@example.org")]


def test_a_correction_that_changes_nothing_or_does_not_exist_is_refused(world: World, ticket: int) -> None:
    for changes in ({}, {"asset_owner": "mairie"}, {"couleur": "bleu"}):
        with pytest.raises(Invalid):
            redecide.correct(world.desk, world["technician"], ticket, changes, "Pour voir.", TEN)


def test_correcting_to_security_makes_an_alert_and_hides_it(world: World, ticket: int) -> None:
    redecide.correct(
        world.desk, world["technician"], ticket, {"category": "security"}, "Message de rançon.", TEN
    )
    assert row(world, ticket).alert
    with pytest.raises(NotFound):
        ticket_page.show(world.desk, world["technician"], ticket, NOON)
    with world.desk.database.reading() as session:
        assert {("alert", "rssi@example.org"), ("alert", "principal@example.org")} <= set(notices(session))


def test_a_transfer_names_a_rule_or_an_article_that_exists(world: World, ticket: int) -> None:
    for reference in ("", "hors périmètre", "9.9.9"):
        with pytest.raises(Invalid) as refusal:
            redecide.transfer(
                world.desk, world["technician"], ticket, Party.ACADEMIE_DSI, reference, "Pas à nous.", TEN
            )
        assert refusal.value.field == "reference"
    with pytest.raises(Invalid):
        redecide.transfer(world.desk, world["technician"], ticket, Party.ACADEMIE_DSI, "D211-14", " ", TEN)


def test_a_rule_or_an_article_that_sends_elsewhere_is_refused_in_a_sentence(world: World, ticket: int) -> None:
    pairs = {
        "materiel-inventorie": "La règle « Matériel inscrit à l'inventaire du Département » désigne Département",
        "3.1.3": "L'article 3.1.3 ne désigne pas Académie, DSI et DRANE : choisissez une règle ou un article",
    }
    for reference, words in pairs.items():
        with pytest.raises(Invalid, match=words) as refusal:
            redecide.transfer(
                world.desk, world["technician"], ticket, Party.ACADEMIE_DSI, reference, "Non.", TEN
            )
        assert refusal.value.field == "reference"
    for to in (Party.DEPARTEMENT_MAINTENANCE, Party.RSSI, Party.PRINCIPAL):
        with pytest.raises(Invalid) as refusal:
            redecide.transfer(world.desk, world["technician"], ticket, to, "3.1.5", "Non.", TEN)
        assert refusal.value.field == "to"


def test_the_coordinators_may_rest_on_any_article_but_no_rule_of_another_party(
    world: World, ticket: int
) -> None:
    disputed = ((Party.ACADEMIE_DSI, "technician"), (Party.DEPARTEMENT_MAINTENANCE, "dsi"))
    for number, (to, who) in enumerate((*disputed, disputed[0])):
        redecide.transfer(world.desk, world[who], ticket, to, ARTICLES[to], "Motif.", TEN + hours(number))
    settle = partial(redecide.arbitrate, world.desk, world["lead"], ticket, Party.ACADEMIE_DSI)
    with pytest.raises(Invalid, match="désigne Département"):
        settle("materiel-inventorie", "Tranché.", NOON)
    settle("3.1.3", "Tranché.", NOON)
    assert row(world, ticket).holder == Party.ACADEMIE_DSI


def test_what_is_offered_to_rest_on_sends_to_the_party_chosen(world: World, ticket: int) -> None:
    policy = row(world, ticket).policy
    to = choices.receivers(world.desk, policy, Party.DEPARTEMENT_MAINTENANCE)
    assert [each.party for each in to] == [Party.ACADEMIE_DSI, Party.RUPN]
    facts = {"category": "hardware", "asset_owner": "departement", "product_family": "projector"}
    offered = {
        each.party: choices.references(world.desk, policy, "demo-nord", each.party, facts) for each in to
    }
    rules = {party: {rule.value for rule in (*found.likely, *found.rules)} for party, found in offered.items()}
    for party, nearest in ((Party.ACADEMIE_DSI, "materiel-etat"), (Party.RUPN, "materiel-sans-accord")):
        likely = [rule.value for rule in offered[party].likely]
        assert nearest in likely and len(likely) <= 5
        assert not set(likely) & {rule.value for rule in offered[party].rules}
        assert "nord-serveurs-eole" not in likely and "type-inconnu" not in likely, (
            "another thing than a projector"
        )
    assert "materiel-etat" in rules[Party.ACADEMIE_DSI] and "materiel-etat" not in rules[Party.RUPN]
    assert not rules[Party.ACADEMIE_DSI] & rules[Party.RUPN]
    assert {"D211-14", "3.2.3"} <= {article.value for article in offered[Party.ACADEMIE_DSI].articles}
    assert "3.1.3" not in {article.value for article in offered[Party.ACADEMIE_DSI].articles}


def test_an_attack_is_said_without_a_word_by_whoever_holds_it_or_speaks_for_the_college(world: World) -> None:
    for who in ("technician", "colleague", "rupn", "principal"):
        ticket = world.file(asset_tag="VP-204").ticket
        assert redecide.raise_alert(world.desk, world[who], ticket, "", TEN) is Party.RSSI
        assert row(world, ticket).alert
        with pytest.raises((Forbidden, NotFound)):
            redecide.raise_alert(world.desk, world[who], ticket, "", NOON)
    ticket = world.file(asset_tag="VP-204").ticket
    for who in ("dsi", "rupn_too", "teacher", "manager", "administrator", "rssi", "dpo"):
        with pytest.raises((Forbidden, NotFound)):
            redecide.raise_alert(world.desk, world[who], ticket, "", TEN)


def test_the_second_contest_opens_arbitration(world: World, ticket: int) -> None:
    moves = (
        ("technician", Party.ACADEMIE_DSI, "D211-14", TicketStatus.ASSIGNED),
        ("dsi", Party.DEPARTEMENT_MAINTENANCE, "3.1.3", TicketStatus.ASSIGNED),
        ("technician", Party.ACADEMIE_DSI, "D211-14", TicketStatus.ARBITRATION),
    )
    for number, (who, to, article, status) in enumerate(moves):
        at = TEN + hours(number)
        assert redecide.transfer(world.desk, world[who], ticket, to, article, "Motif.", at) is status
    assert row(world, ticket).holder == Party.DEPARTEMENT_MAINTENANCE
    with world.desk.database.reading() as session:
        assert {("arbitration", "lead@example.org"), ("arbitration", "dsi-lead@example.org")} <= set(
            notices(session)
        )
    redecide.arbitrate(
        world.desk, world["dsi_lead"], ticket, Party.ACADEMIE_DSI, "D211-14", "Acheté par l'État.", NOON
    )
    assert (row(world, ticket).holder, row(world, ticket).status) == (Party.ACADEMIE_DSI, TicketStatus.ASSIGNED)


def test_first_level_done_sends_a_platform_incident_on(world: World) -> None:
    filed = world.file("teacher", subject="Éléa", body="Mes élèves n'ouvrent pas le parcours Éléa.")
    assert filed.responsible is Party.RUPN
    assert (
        redecide.first_level_done(world.desk, world["rupn"], filed.ticket, "Vu : plateforme.", TEN)
        is Party.ACADEMIE_DSI
    )


def test_resolving_then_confirming(world: World, ticket: int) -> None:
    settling.resolve(world.desk, world["technician"], ticket, "Lampe changée.", NOON)
    assert deadline(world, ticket, DeadlineKind.PROMISE).met_at == NOON
    settling.confirm(world.desk, world["rupn"], ticket, NOON + hours(1))
    after = row(world, ticket)
    assert (after.status, after.opened, after.closed_at) == (TicketStatus.CLOSED, False, NOON + hours(1))


def test_reopening_starts_a_new_cycle_for_the_same_party(world: World, ticket: int) -> None:
    settling.resolve(world.desk, world["technician"], ticket, "Lampe changée.", NOON)
    settling.reopen(world.desk, world["rupn"], ticket, "Toujours noir.", NOON + hours(1))
    after = row(world, ticket)
    assert (after.cycle, after.opened, after.holder) == (2, True, Party.DEPARTEMENT_MAINTENANCE)
    assert deadline(world, ticket, DeadlineKind.RESOLVE).starts_at == NOON + hours(1)


def test_the_second_to_resolve_is_told_who_was_first(world: World, ticket: int) -> None:
    settling.resolve(world.desk, world["technician"], ticket, "Lampe changée.", NOON)
    with pytest.raises(Conflict, match="Personne Technician"):
        settling.resolve(world.desk, world["colleague"], ticket, "Câble changé.", NOON)
    with world.desk.database.reading() as session:
        assert notices(session)[-1] == ("resolved", "rupn@example.org")
        assert len([1 for kind, _ in notices(session) if kind == "resolved"]) == 1


def test_a_duplicate_points_to_the_ticket_that_goes_on(world: World, ticket: int) -> None:
    other = world.file("teacher", asset_tag="VP-204").ticket
    for wrong in (other, 999):
        with pytest.raises(Invalid):
            settling.link_duplicate(world.desk, world["technician"], other, wrong, TEN)
    settling.link_duplicate(world.desk, world["technician"], other, ticket, TEN)
    assert row(world, other).duplicate_of == ticket
    assert ticket_page.show(world.desk, world["technician"], ticket, NOON).duplicates == (other,)
    with pytest.raises(Invalid, match="doublon"):
        settling.link_duplicate(world.desk, world["technician"], ticket, other, TEN)


def test_a_file_that_is_not_what_it_says_is_refused(world: World, ticket: int) -> None:
    with pytest.raises(Invalid, match="vrai fichier PDF"):
        handle.comment(
            world.desk, world["rupn"], ticket, "Voici.", TEN, files=[GivenFile("facture.pdf", b"MZ\x00\x01")]
        )
    handle.comment(
        world.desk, world["rupn"], ticket, "Voici.", TEN, files=[GivenFile("../a.pdf", b"%PDF-1.7 x")]
    )
    view = ticket_page.show(world.desk, world["rupn"], ticket, NOON)
    assert [file.name for file in view.files] == ["a.pdf"]


def test_the_page_offers_what_the_use_cases_accept(world: World, ticket: int) -> None:
    offered = {
        name: ticket_page.show(world.desk, world[name], ticket, TEN).gestures for name in ("technician", "rupn")
    }
    assert Gesture.RESOLVE in offered["technician"] and Gesture.RESOLVE not in offered["rupn"]
    assert offered["rupn"] == {Gesture.COMMENT, Gesture.ATTACH, Gesture.RAISE}


def test_the_story_is_complete_and_its_chain_holds(world: World, ticket: int) -> None:
    handle.take(world.desk, world["technician"], ticket, TEN)
    settling.resolve(world.desk, world["technician"], ticket, "Lampe changée.", NOON)
    settling.confirm(world.desk, world["rupn"], ticket, NOON + hours(1))
    kinds = [entry.kind for entry in ticket_page.show(world.desk, world["rupn"], ticket, NOON).story]
    assert kinds == [
        EventKind.FILED,
        EventKind.DECIDED,
        EventKind.HELD,
        EventKind.TAKEN,
        EventKind.RESOLVED,
        EventKind.CONFIRMED,
        EventKind.CLOSED,
    ]
    with world.desk.database.reading() as session:
        assert journal.verify(session) == (7, ())


def test_time_never_runs_back_in_a_ticket(world: World, ticket: int) -> None:
    handle.take(world.desk, world["technician"], ticket, NOON)
    handle.comment(world.desk, world["rupn"], ticket, "Merci.", TEN)
    moments: list[datetime] = [e.at for e in ticket_page.show(world.desk, world["rupn"], ticket, NOON).story]
    assert moments == sorted(moments)


def test_two_people_taking_at_once_the_second_is_told(world: World, ticket: int) -> None:
    handle.take(world.desk, world["technician"], ticket, TEN, seen_with=None)
    with pytest.raises(Conflict, match="Personne Technician"):
        handle.take(world.desk, world["colleague"], ticket, TEN, seen_with=None)
    handle.take(world.desk, world["colleague"], ticket, TEN, seen_with=world["technician"].id)
    assert row(world, ticket).assignee_id == world["colleague"].id


def test_a_corrected_product_is_kept_by_its_catalogue_id(world: World, ticket: int) -> None:
    redecide.correct(world.desk, world["technician"], ticket, {}, "C'est Pronote.", TEN, product="Pronote")
    assert row(world, ticket).product == "pronote"


def test_a_training_request_becomes_an_alert_when_somebody_says_so(world: World) -> None:
    asked = world.file(
        "teacher", subject="Formation", body="Formation à la sécurité informatique souhaitée."
    ).ticket
    holder = Party(row(world, asked).holder)
    who = {Party.DEPARTEMENT_MAINTENANCE: "technician", Party.RUPN: "rupn"}[holder]
    assert redecide.raise_alert(world.desk, world[who], asked, "Il y a bien eu intrusion.", TEN) is Party.RSSI
    assert row(world, asked).alert


def test_a_second_correction_keeps_the_product_of_the_first(world: World) -> None:
    ticket = world.file(subject="En panne", body="Salle 12.", facts={"category": "hardware"}).ticket
    redecide.correct(
        world.desk, world["technician"], ticket, {}, "C'est l'imprimante.", TEN, product="imprimante"
    )
    corrected = row(world, ticket).product
    redecide.correct(world.desk, world["technician"], ticket, {"urgency": "blocking"}, "Bloquant.", NOON)
    with world.desk.database.reading() as session:
        rows = session.scalars(select(DecisionRow).order_by(DecisionRow.id)).all()
    assert rows[-1].facts["product_family"] == rows[-2].facts["product_family"] and corrected


def test_a_ticket_holds_so_many_files_and_no_more(world: World, ticket: int) -> None:
    five = [GivenFile(f"{number}.pdf", b"%PDF-1.7 x") for number in range(5)]
    for number in range(6):
        handle.comment(world.desk, world["rupn"], ticket, "Voici.", TEN + hours(number), files=five)
    with pytest.raises(TooLarge, match="30"):
        handle.comment(world.desk, world["rupn"], ticket, "Encore.", NOON + hours(9), files=five[:1])
    assert len(ticket_page.show(world.desk, world["rupn"], ticket, NOON).files) == 30
