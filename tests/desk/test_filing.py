"""A declaration becomes a ticket whole: holder, decision, deadlines, journal and messages, or nothing at all."""

import tomllib
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from router.desk import declare, filing
from router.desk.declaration import Declaration
from router.desk.filing import Draft
from router.desk.redecide import correct
from router.desk.title import LONGEST_TITLE, title_of
from router.model.actor import Conflict, Invalid, Refused, TooLarge
from router.model.incident import Reporter
from router.model.words import Channel, DeadlineKind, Party
from router.store import journal
from router.store.corrections import judged_by
from router.store.tables import (
    CorrectionRow,
    DeadlineRow,
    DecisionRow,
    EscalationRow,
    EventRow,
    HoldingRow,
    IncidentRow,
    NoticeRow,
    Ticket,
)
from tests.desk.world import MONDAY, NORTH, World, notices, shipped_policy

TITLES = tomllib.loads(Path(__file__).with_name("titles.toml").read_text("utf-8"))["case"]


def declaration(**changes: object) -> Declaration:
    fields = {
        "uai": NORTH,
        "reporter": Reporter("enseignant", "Personne Essai", "essai@example.org"),
        "subject": "L'imprimante du CDI bourre",
        "body": "Trois feuilles à la fois.",
        "channel": Channel.FILE,
    }
    return Declaration(**(fields | changes))  # type: ignore[arg-type]


def test_an_inventoried_projector_goes_to_the_departement(world: World) -> None:
    filed = world.file(asset_tag="VP-204")
    assert filed.responsible is Party.DEPARTEMENT_MAINTENANCE
    assert {deadline.kind for deadline in filed.deadlines} == {
        DeadlineKind.ACKNOWLEDGE,
        DeadlineKind.RESOLVE,
        DeadlineKind.PROMISE,
    }
    with world.desk.database.reading() as session:
        assert notices(session) == [
            ("received", "rupn@example.org"),
            ("routed", "maintenance-nord@example.org"),
        ]
        events, breaks = journal.verify(session)
    assert (events, breaks) == (3, ())


def test_every_ticket_has_a_holder_a_decision_an_article_and_a_book(world: World) -> None:
    for who in ("rupn", "teacher", "bursar", "principal", "rupn_south"):
        world.file(who, subject="Ça ne marche plus")
    with world.desk.database.reading() as session:
        rows = session.execute(
            select(Ticket, DecisionRow).join(DecisionRow, DecisionRow.id == Ticket.decision_id)
        )
        for ticket, decision in rows:
            assert ticket.holder == decision.responsible
            assert decision.rule and decision.articles and decision.rulebook and decision.why
            assert ticket.head_seq == 3


def test_the_other_departement_has_its_own_maintenance(world: World) -> None:
    world.file("rupn_south", subject="Plus d'internet dans tout le collège", facts={"category": "network"})
    with world.desk.database.reading() as session:
        assert ("routed", "maintenance-sud@example.org") in notices(session)
        assert session.scalar(select(Ticket.convention_id)) == "demo-sud"


def test_the_same_declaration_twice_is_one_ticket(world: World) -> None:
    first = world.file(external_id="form:1")
    again = world.file(external_id="form:1")
    assert (again.ticket, again.repeated) == (first.ticket, True)
    with world.desk.database.reading() as session:
        assert session.scalar(select(func.count(Ticket.id))) == 1


def test_the_same_id_with_another_content_is_refused(world: World) -> None:
    world.file(external_id="form:1")
    with pytest.raises(Conflict, match="a déjà servi"):
        world.file(external_id="form:1", subject="Autre chose")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"uai": "9019001A"}, "uai"),
        ({"uai": "0352958A"}, "uai"),
        ({"uai": "bonjour"}, "uai"),
        ({"subject": "   ", "body": " "}, "subject"),
        ({"facts": {"category": "plomberie"}}, "facts.category"),
        ({"facts": {"plombier": "oui"}}, "facts.plombier"),
        ({"facts": {"personal_data_exposed": "oui"}}, "facts.personal_data_exposed"),
    ],
)
def test_what_cannot_be_taken_is_refused_at_its_field(
    world: World, changes: dict[str, object], field: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        declare.file_incident(world.desk, declaration(**changes), journal.COMMAND, MONDAY)
    assert refusal.value.field == field
    with world.desk.database.reading() as session:
        for table in (IncidentRow, Ticket, DeadlineRow, EscalationRow, EventRow, HoldingRow, NoticeRow):
            assert session.scalar(select(func.count()).select_from(table)) == 0


def test_a_wrong_check_letter_says_the_right_one(world: World) -> None:
    with pytest.raises(Invalid, match="devrait être M"):
        declare.file_incident(world.desk, declaration(uai="9019001A"), journal.COMMAND, MONDAY)


def test_a_future_date_is_refused(world: World) -> None:
    with pytest.raises(Invalid, match="futur"):
        declare.file_incident(
            world.desk, declaration(), journal.COMMAND, MONDAY + timedelta(hours=1), now=MONDAY
        )


def test_two_megabytes_of_text_are_refused(world: World) -> None:
    with pytest.raises(TooLarge):
        declare.file_incident(world.desk, declaration(body="a" * 2_000_000), journal.COMMAND, MONDAY)


def test_before_the_first_publication_nothing_is_filed(world: World) -> None:
    with pytest.raises(Refused, match="recueil"):
        declare.file_incident(world.desk, declaration(), journal.COMMAND, MONDAY - timedelta(days=800))


def test_the_preview_says_what_filing_then_does(world: World) -> None:
    given = declaration(asset_tag="VP-204", subject="Le vidéoprojecteur ne s'allume plus")
    seen = declare.preview(world.desk, given, MONDAY)
    filed = declare.file_incident(world.desk, given, journal.COMMAND, MONDAY)
    assert (seen.decision.rule, seen.decision.responsible) == (filed.decision_rule, filed.responsible)
    promised = {each.kind: each.due_at for each in seen.forecast}
    assert promised == {each.kind: each.due_at for each in filed.deadlines if each.kind in promised}


def test_an_alert_tells_everyone_at_once_and_says_nothing(world: World) -> None:
    friday_evening = MONDAY.replace(day=27, hour=18, minute=40)
    filed = world.file(
        "teacher", subject="Rançon", body="Tous les fichiers sont chiffrés, on demande une rançon.",
        at=friday_evening, facts={"category": "security", "asset_owner": "departement", "personal_data_exposed": True},
    )  # fmt: skip
    assert filed.alert and filed.responsible is Party.RSSI
    with world.desk.database.reading() as session:
        told = session.execute(select(NoticeRow).where(NoticeRow.kind == "alert")).scalars().all()
        assert {notice.address for notice in told} == {
            "rssi@example.org",
            "principal@example.org",
            "security-contact@example.org",
            "dpo@example.org",
        }
        for notice in told:
            assert notice.next_try_at == friday_evening
            assert (
                "chiffr" not in notice.subject + notice.body and "Tilleuls" not in notice.subject + notice.body
            )


def test_the_principal_who_declares_is_not_told_again(world: World) -> None:
    world.file("principal", subject="Compte piraté", facts={"category": "security"})
    with world.desk.database.reading() as session:
        assert ("alert", "principal@example.org") not in notices(session)


def test_a_strong_signal_denied_goes_to_the_review_list_and_wakes_nobody(world: World) -> None:
    world.file(
        "teacher", subject="Rançon", body="Un message exige une rançon, les fichiers sont chiffrés.",
        facts={"category": "hardware"},
    )  # fmt: skip
    with world.desk.database.reading() as session:
        ticket = session.scalars(select(Ticket)).one()
        assert (ticket.alert, ticket.review) == (False, "pending")
        assert not [kind for kind, _ in notices(session) if kind == "alert"]


@pytest.mark.parametrize(("who", "review"), [("technician", "pending"), ("rssi", "seen")])
def test_who_corrects_a_denied_signal_doesnt_take_it_from_the_rssi(world: World, who: str, review: str) -> None:
    made = world.file(
        "rupn", subject="Rançon", body="Un message exige une rançon, les fichiers sont chiffrés.",
        facts={"category": "hardware"},
    )  # fmt: skip
    correct(world.desk, world[who], made.ticket, {"category": "network"}, "C'est le réseau.", MONDAY)
    with world.desk.database.reading() as session:
        assert session.scalars(select(Ticket.review)).one() == review
        rows = session.scalars(select(CorrectionRow).join(Ticket).where(judged_by(world["manager"]))).all()
        assert not rows  # nor may a manager teach what it is


def test_a_decision_names_the_whole_policy_it_rests_on(world: World) -> None:
    world.file()
    with world.desk.database.reading() as session:
        ticket, decision = session.scalars(select(Ticket)).one(), session.scalars(select(DecisionRow)).one()
        assert decision.rulebook == ticket.policy == world.desk.policies.at(session, MONDAY).fingerprint


def test_asking_for_security_training_is_no_denied_signal(world: World) -> None:
    world.file(
        "teacher",
        subject="Formation cybersécurité",
        body="Je souhaite une formation à la sécurité informatique.",
    )
    with world.desk.database.reading() as session:
        ticket = session.scalars(select(Ticket)).one()
        assert (ticket.category, ticket.alert, ticket.review) == ("security", False, None)


# --- No subject -------------------------------------------------------------------------------------


@pytest.mark.parametrize("case", TITLES, ids=lambda case: case["why"])
def test_without_a_subject_the_text_gives_one(case: dict[str, str]) -> None:
    title = title_of(shipped_policy(), declaration(subject=" ", body=case["body"]))
    assert title == case["title"] and len(title) <= LONGEST_TITLE


@pytest.mark.parametrize("answers", [{}, {"category": "security"}], ids=["words alone", "the button"])
def test_an_alert_without_a_subject_is_never_refused(world: World, answers: dict[str, str]) -> None:
    body = "Bonjour,\nUn message exige une rançon, tous les fichiers sont chiffrés."
    draft = Draft(key="k-1", body=body, answers=answers)
    shown = filing.look(world.desk, world["teacher"], draft, MONDAY)
    filed = filing.send(world.desk, world["teacher"], draft, MONDAY)
    assert filed.alert and shown.competence is not None and shown.competence.alert
    with world.desk.database.reading() as session:
        ticket, incident = session.scalars(select(Ticket)).one(), session.scalars(select(IncidentRow)).one()
    assert ticket.subject == "Un message exige une rançon, tous les fichiers sont chiffrés"
    assert (incident.subject, incident.body) == ("", body)
    assert shown.words is not None and incident.classification["confidence"] == shown.words.confidence


def test_by_file_too_and_only_no_word_at_all_is_refused(world: World) -> None:
    told = declaration(subject="", external_id="file:1")
    made = declare.file_incident(world.desk, told, journal.COMMAND, MONDAY)
    again = declare.file_incident(world.desk, told, journal.COMMAND, MONDAY)
    assert again.ticket == made.ticket and again.repeated
    with pytest.raises(Invalid) as refused:
        declare.file_incident(world.desk, declaration(subject=" ", body="\u200b\n"), journal.COMMAND, MONDAY)
    assert refused.value.field == "subject"
