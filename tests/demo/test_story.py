"""A small past, played whole: what the demonstration shows is what the use cases made."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from router.demo.load import Loaded, NotADemonstration, Scale, is_loaded, load
from router.demo.people import shown_accounts
from router.demo.words import incident_texts
from router.desk.accounts import sign_in
from router.desk.drafting import prove
from router.desk.house import Desk
from router.desk.passwords import DEMO_PASSWORD, matches
from router.model.uai import parse_uai
from router.model.words import NoticeState, Role
from router.settings import Settings
from router.store import journal
from router.store.engine import Database, open_database
from router.store.schema import upgrade
from router.store.tables import (
    Account,
    Asset,
    College,
    CorrectionRow,
    DecisionRow,
    EscalationRow,
    EventRow,
    HoldingRow,
    NoticeRow,
    PublishedBook,
    RuleDraft,
    Ticket,
)

NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
SMALL = Scale(colleges=6, assets=180, tickets=60)


def play(folder: Path, seed: int = 7) -> tuple[Settings, Loaded]:
    settings = Settings(data_folder=folder)
    return settings, load(settings, NOW, seed, SMALL, lambda _: None)


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> tuple[Settings, Loaded]:
    return play(tmp_path_factory.mktemp("demo"))


@pytest.fixture(scope="module")
def database(played: tuple[Settings, Loaded]) -> Iterator[Database]:
    opened = open_database(played[0].database_url)
    yield opened
    opened.engine.dispose()


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    with database.reading() as reading:
        yield reading


def test_everything_asked_for_is_there(session: Session, played: tuple[Settings, Loaded]) -> None:
    assert session.scalar(select(func.count()).select_from(College)) == SMALL.colleges
    assert session.scalar(select(func.count()).select_from(Asset)) == SMALL.assets
    tickets = session.scalar(select(func.count()).select_from(Ticket)) or 0
    assert tickets >= played[1].tickets >= SMALL.tickets * 0.95
    assert set(session.scalars(select(Account.role).distinct())) == {role.value for role in Role}


def test_every_college_has_a_uai_the_real_directory_does_not_hold(session: Session) -> None:
    for uai in session.scalars(select(College.uai)):
        assert parse_uai(uai) == uai
        assert int(uai[3:7]) >= 9001


def test_nobody_has_an_address_that_exists(session: Session) -> None:
    addresses = [
        *session.scalars(select(Account.email)),
        *session.scalars(select(NoticeRow.address).distinct()),
    ]
    assert all(address.endswith("@example.org") for address in addresses)


def test_every_account_opens_with_the_demonstration_s_password(session: Session) -> None:
    hashes = set(session.scalars(select(Account.password_hash)))
    assert len(hashes) == 1
    assert matches(hashes.pop(), DEMO_PASSWORD)


def test_every_account_shown_opens_a_session(played: tuple[Settings, Loaded], database: Database) -> None:
    desk = Desk(database, played[0])
    roles = set()
    for email, label in shown_accounts():
        assert label
        roles.add(sign_in(desk, email, DEMO_PASSWORD, "127.0.0.1", NOW).actor.role)
    assert roles == set(Role)


def test_the_book_was_published_once_with_its_reason(session: Session) -> None:
    (book,) = session.scalars(select(PublishedBook)).all()
    assert "démonstration" in book.reason
    assert book.in_force_from == datetime(2025, 9, 1, tzinfo=UTC) - timedelta(hours=2)


def test_some_colleges_have_named_a_deputy_and_their_step_is_seen(session: Session) -> None:
    named = session.scalars(select(Account.uai).where(Account.deputy.is_(True))).all()
    assert 0 < len(named) < SMALL.colleges and len(set(named)) == len(named)
    titulars = select(Account.uai).where(Account.role == Role.RUPN.value, Account.deputy.is_(False))
    assert sorted(session.scalars(titulars)) == sorted(session.scalars(select(College.uai)))
    told = session.execute(select(NoticeRow.kind, NoticeRow.address).where(NoticeRow.kind == "deputy")).all()
    assert {address for _, address in told} <= set(
        session.scalars(select(Account.email).where(Account.deputy.is_(True)))
    )
    assert told, "a RUPN who didn't answer, and a deputy told in her place"
    assert session.scalar(select(func.count()).select_from(NoticeRow).where(NoticeRow.kind == "no_deputy"))


def test_corrections_were_judged_and_some_wait(session: Session) -> None:
    """So that the drift and both lists have something to show."""
    states = set(session.scalars(select(CorrectionRow.state).distinct()))
    assert {"pending", "accepted"} <= states
    kept = session.scalars(select(CorrectionRow).where(CorrectionRow.state.in_(("pending", "accepted")))).all()
    assert all(row.subject or row.body for row in kept)
    suggested = select(func.count()).select_from(Ticket).where(Ticket.suggested.is_not(None))
    assert 0 < len(kept) < (session.scalar(suggested) or 0) / 2


def test_only_right_corrections_are_accepted_and_a_wrong_one_waits_for_its_reader(session: Session) -> None:
    truth = {text.subject: text.category.value for text in incident_texts()}
    rows = session.execute(
        select(CorrectionRow, Ticket.subject, Ticket.alert).join(Ticket, Ticket.id == CorrectionRow.ticket_id)
    ).all()
    wrong = [(row.state, alert, subject) for row, subject, alert in rows if row.chosen != truth.get(subject)]
    assert "accepted" not in {state for state, _, _ in wrong}
    mistaken = {text.subject for text in incident_texts() if text.mistaken is not None}
    assert {subject for state, alert, subject in wrong if state == "pending" and not alert} >= mistaken


def test_an_attack_that_was_denied_ends_as_an_alert(session: Session) -> None:
    denied = {text.subject for text in incident_texts() if text.denied}
    read = session.scalars(select(Ticket).where(Ticket.subject.in_(denied), Ticket.review == "seen")).all()
    assert read and all(ticket.alert and ticket.acknowledged_at is not None for ticket in read)


def test_every_journal_holds(session: Session) -> None:
    count, breaks = journal.verify(session)
    assert count > 5 * SMALL.tickets
    assert breaks == ()


def test_every_ticket_has_a_decision_and_exactly_one_holder(session: Session) -> None:
    for ticket in session.scalars(select(Ticket)):
        assert session.get(DecisionRow, ticket.decision_id) is not None
        held = session.scalars(
            select(HoldingRow).where(HoldingRow.ticket_id == ticket.id).order_by(HoldingRow.seq)
        )
        holdings = list(held)
        assert holdings[0].from_at == ticket.opened_at
        assert [each.until_at is None for each in holdings][-1] is ticket.opened


def test_nothing_happens_after_the_day_it_is_played(session: Session) -> None:
    assert session.scalar(select(func.max(EventRow.at))) <= NOW
    assert session.scalar(select(func.max(NoticeRow.sent_at))) <= NOW
    first = session.scalar(select(func.min(Ticket.opened_at)))
    assert first is not None and first.year == 2025


def test_what_fell_due_was_fired_at_its_instant(session: Session) -> None:
    fired = session.execute(
        select(EscalationRow.due_at, EscalationRow.fired_at).where(EscalationRow.state == "fired")
    ).all()
    assert fired
    assert [due for due, at in fired if due != at] == []
    late = select(func.count()).where(EscalationRow.state == "pending", EscalationRow.due_at <= NOW)
    assert session.scalar(late) == 0
    assert session.scalar(select(func.count()).where(EscalationRow.state == "poison")) == 0


def test_no_message_waits_to_flood_anybody(session: Session) -> None:
    waiting = select(func.count()).where(NoticeRow.state != NoticeState.SENT, NoticeRow.next_try_at <= NOW)
    assert session.scalar(waiting) == 0


def test_an_alert_waits_to_be_acknowledged_and_a_signal_to_be_reviewed(session: Session) -> None:
    alerts = session.scalars(
        select(Ticket).where(Ticket.alert.is_(True), Ticket.acknowledged_at.is_(None))
    ).all()
    assert len(alerts) == 1
    assert NOW - alerts[0].opened_at < timedelta(hours=1)
    assert session.scalar(select(func.count()).where(Ticket.review == "pending")) >= 1


def test_the_same_seed_on_the_same_day_tells_the_same_story(tmp_path: Path) -> None:
    tiny = Scale(colleges=2, assets=20, tickets=12)
    stories = []
    for name in ("a", "b"):
        settings = Settings(data_folder=tmp_path / name)
        if name == "b":  # what a power cut leaves in the middle of a load
            settings.data_folder.mkdir()
            (settings.data_folder / "aiguillage.sqlite3.chargement").write_bytes(b"half a database")
            assert not is_loaded(settings)
        load(settings, NOW, 3, tiny, lambda _: None)
        assert [path.name for path in settings.data_folder.iterdir()] == ["aiguillage.sqlite3"]
        opened = open_database(settings.database_url)
        with opened.reading() as session:
            events = select(EventRow.ticket_id, EventRow.seq, EventRow.at, EventRow.kind, EventRow.actor)
            stories.append(session.execute(events.order_by(EventRow.ticket_id, EventRow.seq)).all())
        opened.engine.dispose()
    assert stories[0] == stories[1]
    assert len(stories[0]) > 60


def test_it_is_known_again(played: tuple[Settings, Loaded]) -> None:
    assert is_loaded(played[0])
    assert not is_loaded(Settings(data_folder=played[0].data_folder / "elsewhere"))


def test_an_interrupted_load_leaves_nothing(tmp_path: Path) -> None:
    settings = Settings(data_folder=tmp_path)

    def stop(line: str) -> None:
        if "signalements" in line:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        load(settings, NOW, 1, SMALL, stop)
    assert list(tmp_path.iterdir()) == []
    assert not is_loaded(settings)


def test_a_database_that_holds_something_else_is_left_alone(tmp_path: Path) -> None:
    settings = Settings(data_folder=tmp_path)
    opened = open_database(settings.database_url)
    upgrade(opened.engine)
    assert not is_loaded(settings)  # tables alone are nothing to lose
    with opened.writing() as session:
        session.add(
            PublishedBook(
                fingerprint="a", sources={}, in_force_from=NOW, published_at=NOW, published_by="x", reason=""
            )
        )
    opened.engine.dispose()
    with pytest.raises(NotADemonstration, match="laissée telle quelle"):
        is_loaded(settings)


def test_a_machine_whose_clock_is_wrong_is_told(tmp_path: Path) -> None:
    with pytest.raises(NotADemonstration, match="L'horloge de cette machine"):
        load(Settings(data_folder=tmp_path), datetime(2025, 9, 10, tzinfo=UTC), 1, SMALL, lambda _: None)


def test_an_avenant_waits_to_be_approved_by_the_other_institution(
    played: tuple[Settings, Loaded], database: Database, session: Session
) -> None:
    draft = session.scalars(select(RuleDraft)).one()
    assert (draft.status, draft.proposed_for, draft.convention_id) == ("proposed", "departement", "demo-nord")
    proposer = session.get_one(Account, draft.proposed_by)
    assert proposer.email == "pilote-nord@example.org"
    assert prove(Desk(database, played[0]), draft.convention_id, draft.sources).policy
