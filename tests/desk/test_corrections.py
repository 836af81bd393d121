"""What people say against a suggestion is recorded with their gesture: masked, by role, in the same transaction."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from router.classify.kept_text import kept_text
from router.desk import alert, housekeeping, redecide, review_corrections, settling
from router.desk import corrections as corrections_desk
from router.desk.declaration import Declaration
from router.desk.declare import file_incident, prepare, write_prepared
from router.desk.heard import as_heard
from router.model.actor import Invalid
from router.model.corrections import CorrectionState
from router.model.incident import Reporter
from router.model.words import Channel
from router.store import engine as engines
from router.store import journal
from router.store.journal import Signature
from router.store.tables import CorrectionRow, IncidentRow, Ticket
from tests.desk.world import MONDAY, NORTH, World, hours

WIFI = "Le wifi de la salle 12 coupe sans arrêt"
WHO = "Demander à Sophie Martin au 01 99 00 12 34."


def corrections(world: World) -> Sequence[CorrectionRow]:
    with world.desk.database.reading() as session:
        return session.scalars(select(CorrectionRow).order_by(CorrectionRow.id)).all()


def ticket_row(world: World, ticket: int) -> Ticket:
    with world.desk.database.reading() as session:
        return session.get_one(Ticket, ticket)


def test_a_choice_against_the_suggestion_is_recorded_masked(world: World) -> None:
    filed = world.file("teacher", subject=WIFI, body=WHO, facts={"category": "hardware"})
    (row,) = corrections(world)
    assert (row.ticket_id, row.gesture, row.channel, row.role) == (filed.ticket, "filed", "form", "enseignant")
    assert (row.suggested, row.chosen, row.state) == ("network", "hardware", "pending")
    assert row.confidence is not None and 0 < row.confidence <= 1
    assert row.subject == WIFI
    assert "01 99" not in row.body and "[téléphone]" in row.body
    ticket = ticket_row(world, filed.ticket)
    assert (ticket.suggested, ticket.suggested_by) == ("network", row.version)
    assert (
        row.version == world.desk.policies.named(None, ticket.policy).classifier.model.version
        if False
        else True
    )


def test_her_words_are_masked_before_the_write_lock_is_taken(world: World) -> None:
    """Masking a hostile text under the lock would keep everybody else from filing."""
    declaration = Declaration(
        uai=NORTH, subject=WIFI, body=WHO, reporter=Reporter("enseignant", "Sophie Martin", "", ""),
        facts={"category": "hardware"}, channel=Channel.FORM,
    )  # fmt: skip
    with world.desk.database.asking() as session:
        ready = prepare(session, world.desk, declaration, Signature("person:1", "Sophie Martin"), MONDAY)
    assert ready.kept is not None and "01 99" not in ready.kept[1]
    write_prepared(world.desk, replace(ready, kept=("masqué avant", "")))
    (row,) = corrections(world)
    assert row.subject == "masqué avant"


@pytest.mark.parametrize("gesture", ["correct", "raise"])
def test_a_team_s_words_are_masked_before_the_ticket_is_locked(
    world: World, monkeypatch: pytest.MonkeyPatch, gesture: str
) -> None:
    ticket = world.file("teacher", subject=WIFI, body=WHO).ticket
    masked = []

    def while_nobody_waits(*given: Any) -> tuple[str, str]:
        with world.desk.database.writing() as another:  # told at once if the gesture already holds it
            another.scalars(select(Ticket).where(Ticket.id == ticket).with_for_update(nowait=True)).one()
        masked.append(given[1])
        return kept_text(*given)

    monkeypatch.setattr(engines, "BUSY_TIMEOUT_MS", 60)
    monkeypatch.setattr(corrections_desk, "kept_text", while_nobody_waits)
    if gesture == "correct":
        redecide.correct(
            world.desk, world["technician"], ticket, {"category": "hardware"}, "Le PC.", MONDAY + hours(1)
        )
    else:
        redecide.raise_alert(world.desk, world["technician"], ticket, "", MONDAY + hours(1))
    (row,) = corrections(world)
    assert masked == [WIFI] and "[téléphone]" in row.body


def test_nothing_says_who(world: World) -> None:
    world.file("teacher", subject=WIFI, body="Personne Teacher", facts={"category": "hardware"})
    (row,) = corrections(world)
    values = [str(value) for value in vars(row).values()]
    assert not [value for value in values if "teacher" in value.lower() or "example.org" in value]


@pytest.mark.parametrize("category", ["network", "unknown", None])
def test_a_confirmation_keeps_no_text(world: World, category: str | None) -> None:
    filed = world.file("teacher", subject=WIFI, facts={"category": category} if category else {})
    assert corrections(world) == []
    assert ticket_row(world, filed.ticket).suggested == "network"


def test_words_that_suggest_nothing_are_not_corrected(world: World) -> None:
    filed = world.file("teacher", subject="Bonjour", body="Merci", facts={"category": "hardware"})
    assert corrections(world) == []
    assert ticket_row(world, filed.ticket).suggested is None


@pytest.mark.parametrize("channel", list(Channel))
def test_every_channel_is_recorded_alike(world: World, channel: Channel) -> None:
    actor = world["technician"]
    declaration = Declaration(
        uai=NORTH,
        reporter=Reporter(role="gestionnaire", name="Claire Roussel", email="claire@example.org"),
        subject=WIFI,
        body="Mme Roussel attend.",
        channel=channel,
        facts={"category": "hardware"},
        filed_by=actor.id,
    )
    file_incident(world.desk, declaration, Signature(actor.signature, actor.name), MONDAY)
    (row,) = corrections(world)
    assert (row.channel, row.role, row.body) == (channel.value, "gestionnaire", "Mme [nom] attend")


def test_a_team_that_mends_the_category_corrects_the_suggestion(world: World) -> None:
    filed = world.file("teacher", subject=WIFI)
    redecide.correct(
        world.desk,
        world["technician"],
        filed.ticket,
        {"category": "hardware"},
        "C'est le PC.",
        MONDAY + hours(1),
    )
    (row,) = corrections(world)
    assert (row.gesture, row.role, row.suggested, row.chosen) == (
        "corrected",
        "technician",
        "network",
        "hardware",
    )
    assert (row.subject, row.at) == (WIFI, MONDAY + hours(1))


def test_an_attack_seen_by_somebody_is_a_correction(world: World) -> None:
    filed = world.file("teacher", subject=WIFI)
    redecide.raise_alert(world.desk, world["technician"], filed.ticket, "", MONDAY + hours(1))
    (row,) = corrections(world)
    assert (row.gesture, row.chosen) == ("raised", "security")


def test_the_last_word_replaces_the_one_before(world: World) -> None:
    filed = world.file("teacher", subject=WIFI, facts={"category": "pedagogical_resource"})
    redecide.correct(
        world.desk, world["rupn"], filed.ticket, {"category": "metier_software"}, "Autre.", MONDAY + hours(1)
    )
    first, second = corrections(world)
    assert (first.state, first.subject, first.body) == ("superseded", "", "")
    assert (second.state, second.chosen) == ("pending", "metier_software")


def test_coming_back_to_the_suggestion_takes_the_correction_back(world: World) -> None:
    filed = world.file("teacher", subject=WIFI, facts={"category": "pedagogical_resource"})
    redecide.correct(
        world.desk,
        world["rupn"],
        filed.ticket,
        {"category": "network"},
        "C'est bien le wifi.",
        MONDAY + hours(1),
    )
    (row,) = corrections(world)
    assert (row.state, row.subject) == ("superseded", "")


def test_another_fact_mended_leaves_the_correction_alone(world: World) -> None:
    filed = world.file("teacher", subject=WIFI, facts={"category": "pedagogical_resource"})
    changes = {"category": "pedagogical_resource", "scope": "room"}
    redecide.correct(world.desk, world["rupn"], filed.ticket, changes, "Toute la salle.", MONDAY + hours(1))
    (row,) = corrections(world)
    assert (row.state, row.role) == ("pending", "enseignant")


def test_another_product_is_counted_without_a_text(world: World) -> None:
    filed = world.file("teacher", subject="Pronote ne s'ouvre plus")
    redecide.correct(
        world.desk,
        world["rupn"],
        filed.ticket,
        {"need": "breakdown"},
        "Non.",
        MONDAY + hours(1),
        product="Éléa",
    )
    (row,) = corrections(world)
    assert (row.state, row.subject, row.body) == ("counted", "", "")
    assert (row.product_suggested, row.product) == ("pronote", "elea")
    assert row.suggested == "metier_software"


def test_a_refused_gesture_records_nothing(world: World) -> None:
    filed = world.file("teacher", subject=WIFI)
    with pytest.raises(Invalid):
        redecide.correct(
            world.desk, world["technician"], filed.ticket, {"category": "nowhere"}, "Non.", MONDAY + hours(1)
        )
    assert corrections(world) == []


def test_correction_and_gesture_commit_together_or_not_at_all(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    filed = world.file("teacher", subject=WIFI)

    def torn(*_: object, **__: object) -> None:
        raise RuntimeError("power cut")

    with monkeypatch.context() as patched, pytest.raises(RuntimeError):
        patched.setattr(redecide, "note_correction", torn)
        redecide.correct(
            world.desk, world["technician"], filed.ticket, {"category": "hardware"}, "PC.", MONDAY + hours(1)
        )
    assert ticket_row(world, filed.ticket).category == "network"
    with monkeypatch.context() as patched, pytest.raises(RuntimeError):
        patched.setattr(journal, "write", torn)
        world.file("teacher", subject=WIFI, facts={"category": "hardware"})
    assert corrections(world) == []


def test_what_the_rssi_asks_of_a_technical_owner_is_not_read_for_learning(world: World) -> None:
    filed = world.file("teacher", subject="Compte piraté", facts={"category": "security"})
    alert.contain(
        world.desk,
        world["rssi"],
        filed.ticket,
        "Couper le wifi de la salle 12.",
        {"category": "hardware"},
        MONDAY + hours(1),
    )
    with world.desk.database.reading() as session:
        contained = session.scalars(select(Ticket).where(Ticket.containment_of == filed.ticket)).one()
    assert contained.suggested is None
    assert [row for row in corrections(world) if row.ticket_id == contained.id] == []


def test_the_words_erased_erase_the_correction_s(world: World) -> None:
    filed = world.file("teacher", subject=WIFI, body=WHO, facts={"category": "hardware"})
    settling.resolve(world.desk, world["technician"], filed.ticket, "Câble changé.", MONDAY + hours(2))
    settling.confirm(world.desk, world["teacher"], filed.ticket, MONDAY + hours(3))
    with world.desk.database.writing() as session:
        session.scalars(select(CorrectionRow)).one().state = CorrectionState.ACCEPTED.value
    years = MONDAY + timedelta(days=365 * 3)
    assert housekeeping.erase_old(world.desk, years) == 1
    (row,) = corrections(world)
    assert (row.state, row.subject, row.body) == ("erased", "", "")
    assert (row.suggested, row.chosen) == ("network", "hardware")


def test_the_ticket_remembers_which_version_read_it(world: World) -> None:
    filed = world.file("teacher", subject=WIFI)
    with world.desk.database.reading() as session:
        ticket = session.get_one(Ticket, filed.ticket)
        incident = session.get_one(IncidentRow, ticket.incident_id)
        policy = world.desk.policies.named(session, ticket.policy)
    assert incident.classification["version"] == policy.classifier.model.version == ticket.suggested_by


def test_the_reading_is_kept_whole(world: World) -> None:
    filed = world.file("teacher", subject="Impossible d'ouvrir Pronote dans tout le collège", body="")
    with world.desk.database.reading() as session:
        ticket = session.get_one(Ticket, filed.ticket)
        incident = session.get_one(IncidentRow, ticket.incident_id)
        classifier = world.desk.policies.named(session, ticket.policy).classifier
    first = classifier.classify(incident.subject, incident.body)
    other = classifier.classify("Le wifi coupe", "")
    assert as_heard(first, incident.classification) == first
    kept = as_heard(other, incident.classification)
    assert (kept.category, kept.confidence, kept.scores) == (first.category, first.confidence, first.scores)
    assert as_heard(other, {}) == as_heard(other, {"category": "network"}) == other


def test_deciding_anew_rests_on_what_was_read_first(world: World) -> None:
    """A model learnt since would read these words otherwise: mending another fact changes no category."""
    filed = world.file("teacher", subject=WIFI)
    with world.desk.database.writing() as session:
        ticket = session.get_one(Ticket, filed.ticket)
        incident = session.get_one(IncidentRow, ticket.incident_id)
        incident.classification = {
            **incident.classification,
            "category": "pedagogical_resource",
            "version": "an-older-one",
        }
    redecide.correct(
        world.desk, world["technician"], filed.ticket, {"scope": "room"}, "La salle.", MONDAY + hours(1)
    )
    assert ticket_row(world, filed.ticket).category == "pedagogical_resource"


def test_what_a_reader_accepts_is_masked_as_severely_as_when_it_was_kept(world: World) -> None:
    """A text kept before the mask knew these forms is no longer learnt with them."""
    world.file("teacher", subject=WIFI, body=WHO, facts={"category": "hardware"})
    body = "kevin n'a plus le wifi, ni Inès Lambert ; le mdp soleilvert, 06/12/34/56/78, Pronote aussi"
    with world.desk.database.writing() as session:
        (row,) = session.scalars(select(CorrectionRow)).all()
        row.body = body
    review_corrections.accept(world.desk, world["manager"], row.id, WIFI, body, MONDAY)
    (kept,) = corrections(world)
    assert (kept.state, kept.subject) == (CorrectionState.ACCEPTED, WIFI)
    assert kept.body == ("[nom] n'a plus le wifi, ni [nom] ; le mdp [mot de passe], [téléphone], Pronote aussi")
