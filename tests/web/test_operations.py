"""Who runs the service sees what works and what doesn't; nobody reads here what isn't hers."""

import re
from collections.abc import Iterator
from datetime import timedelta
from functools import partial

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from router.desk import alert, escalate, handle, operate, redecide, sealing, settling, ticket_page
from router.desk.house import Desk
from router.desk.installation import verify_seals
from router.model.actor import Conflict, Forbidden
from router.model.words import DeadlineKind, EventKind, NoticeState
from router.settings import MailMode
from router.store.engine import Database, open_database
from router.store.schema import revisions
from router.store.tables import Account, DeadlineRow, EscalationRow, NoticeRow
from router.store.watch import beat
from tests.desk.world import MONDAY, PEOPLE, World, settle_world
from tests.web.declare_world import text_of
from tests.web.people import SettableClock, quick_hash, quick_hashes, settings_for_tests, sign_in, token_of
from web import create_app

NOW = MONDAY + timedelta(minutes=5)


@pytest.fixture(autouse=True)
def quick() -> Iterator[None]:
    with quick_hashes():
        yield


@pytest.fixture
def world(database: Database, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setenv("AIGUILLAGE_SECRET_KEY", "k" * 40)
    return settled(database)


def settled(database: Database, **changes: object) -> World:
    world = settle_world(database, settings_for_tests(public_url="http://localhost", **changes))
    with database.writing() as session:
        session.execute(update(Account).values(password_hash=quick_hash()))
        beat(session, "worker-1", MONDAY, NOW)
    world.file(asset_tag="VP-204")
    world.file("teacher", subject="Compte piraté", facts={"category": "security"})
    return world


def client_of(world: World, name: str | None = None) -> FlaskClient:
    app: Flask = create_app(desk=world.desk, clock=SettableClock(NOW))
    app.testing = True
    client = app.test_client()
    if name:
        sign_in(client, f"{name.replace('_', '-')}@example.org")
    return client


def fail_one(world: World, address: str = "maintenance-nord@example.org") -> int:
    with world.desk.database.writing() as session:
        key = session.scalars(select(NoticeRow.id).where(NoticeRow.address == address)).first()
        assert key is not None
        session.execute(
            update(NoticeRow)
            .where(NoticeRow.id == key)
            .values(state=NoticeState.FAILED, error="550 boîte inconnue", attempts=3)
        )
    return key


def test_the_state_of_the_service(world: World) -> None:
    fail_one(world)
    with world.desk.database.writing() as session:
        step = session.scalars(select(EscalationRow)).first()
        assert step is not None
        step.state, step.error, step.fired_at = "poison", "KeyError (escalate.py:12)", NOW
    page = client_of(world, "administrator").get("/exploitation")
    assert page.status_code == 200
    for words in (
        "Tout tourne",
        "worker-1",
        "550 boîte inconnue",
        "3\u00a0essais",
        "KeyError (escalate.py:12)",
        "Pas faite\u00a0: il manque une donnée attendue.",
        "Convention du Département du Val-Nord",
        "Dernier jour connu du calendrier pédagogique de «\u00a0Convention du Département du Val-Nord",
        world.desk.database.engine.dialect.name.replace("sqlite", "SQLite").replace("postgresql", "PostgreSQL"),
        revisions()[-1],
    ):
        assert words in page.text, words
    assert "Le vidéoprojecteur" not in page.text and "Compte piraté" not in page.text


def test_what_is_wrong_is_said_first(world: World) -> None:
    with world.desk.database.writing() as session:
        session.execute(update(EscalationRow).values(due_at=NOW - timedelta(hours=2)))
        beat(session, "worker-1", MONDAY, NOW - timedelta(minutes=3))
    page = client_of(world, "administrator").get("/exploitation").text
    assert "À regarder tout de suite" in page
    assert "depuis 3\u00a0min" in page.replace("3 min", "3\u00a0min")
    assert "Muet" in page


def test_a_failed_message_is_sent_again_once(world: World) -> None:
    key = fail_one(world)
    client = client_of(world, "administrator")
    token = token_of(client.get("/exploitation").text)
    answer = client.post(f"/messages/{key}/renvoyer", data={"csrf_token": token}, follow_redirects=True)
    assert "Le message repart" in answer.text
    with world.desk.database.reading() as session:
        row = session.get_one(NoticeRow, key)
        assert (row.state, row.attempts, row.next_try_at) == (NoticeState.QUEUED, 0, NOW)
    again = client.post(f"/messages/{key}/renvoyer", data={"csrf_token": token_of(answer.text)})
    assert again.status_code == 409
    assert client.post("/messages/999999/renvoyer", data={"csrf_token": token}).status_code == 409


@pytest.mark.parametrize("name", [name for name in PEOPLE if name != "administrator"])
def test_only_administrators_and_to_each_her_own_messages(world: World, name: str) -> None:
    client = client_of(world, name)
    assert client.get("/exploitation").status_code == 403
    page = client.get("/messages?address=rupn@example.org")
    assert page.status_code == 200
    assert "maintenance-nord@example.org" not in page.text
    assert ("Le vidéoprojecteur" in page.text) == (name == "rupn")
    assert "Compte piraté" not in page.text
    token = token_of(page.text)
    assert client.post("/messages/1/renvoyer", data={"csrf_token": token}).status_code == 403
    with pytest.raises(Forbidden):
        operate.operations_at(world.desk, world[name], NOW)
    assert client.post("/relances/1/reessayer", data={"csrf_token": token}).status_code == 403
    with pytest.raises(Forbidden):
        operate.send_again(world.desk, world[name], 1, NOW)
    with pytest.raises(Forbidden):
        operate.try_again(world.desk, world[name], 1, NOW)


def test_a_message_about_an_alert_is_read_by_whoever_may_see_the_alert(world: World) -> None:
    found = {
        name: operate.messages(world.desk, world[name], state=None, address="", before=None).lines
        for name in ("teacher", "principal", "rupn", "technician")
    }
    read = {name: [line for line in lines if "SSI" in line.subject] for name, lines in found.items()}
    assert read["teacher"] and read["principal"] and not read["rupn"] and not read["technician"]
    assert all(line.text and line.withheld is None for line in (*read["teacher"], *read["principal"]))
    page = client_of(world, "principal").get("/messages").text
    assert "Signalement SSI n° 2" in page.replace("\u00a0", " ") and "Mes messages" in page


def test_a_message_of_what_became_an_alert_is_hers_no_more(world: World) -> None:
    ticket = world.file("teacher", asset_tag="VP-204").ticket
    handle.assign(world.desk, world["technician"], ticket, world["colleague"].id, NOW)
    with world.desk.database.writing() as session:
        session.execute(update(NoticeRow).where(NoticeRow.ticket_id == ticket).values(state=NoticeState.SENT))
    mine = partial(operate.messages, world.desk, world["colleague"], state=None, address="", before=None)
    assert [line.kind for line in mine().lines] == ["assigned"]
    redecide.raise_alert(world.desk, world["technician"], ticket, "", NOW)
    assert mine().lines == ()  # not even that there is one
    alert.admit(world.desk, world["rssi"], ticket, world["colleague"].email, NOW)
    assert [line.withheld for line in mine().lines] == [None, None]


def set_aside_one(world: World, kind: DeadlineKind = DeadlineKind.ACKNOWLEDGE) -> int:
    """The first step of a ladder of ticket 1, as a failure leaves it."""
    with world.desk.database.writing() as session:
        step = session.scalars(
            select(EscalationRow)
            .join(DeadlineRow, DeadlineRow.id == EscalationRow.deadline_id)
            .where(EscalationRow.ticket_id == 1, EscalationRow.act == "tell", DeadlineRow.kind == kind.value)
            .order_by(EscalationRow.due_at)
        ).first()
        assert step is not None
        step.state, step.error, step.fired_at = "poison", "KeyError (escalate.py:12)", NOW
        return step.id


def state_of(world: World, step: int) -> str:
    with world.desk.database.reading() as session:
        return session.get_one(EscalationRow, step).state


def test_a_step_set_aside_is_tried_again_once(world: World) -> None:
    step = set_aside_one(world)
    client = client_of(world, "administrator")
    page = client.get("/exploitation").text
    assert f'action="/relances/{step}/reessayer"' in page
    told = " ".join(text_of(page).replace("\u00a0", " ").split())
    assert "Rappel, 1 h de service avant l'échéance : l'équipe qui tient le dossier" in told
    assert "Prise en charge n° 1" in told
    assert 'href="/dossiers/1"' not in page  # an administrator reads no ticket
    answer = client.post(
        f"/relances/{step}/reessayer", data={"csrf_token": token_of(page)}, follow_redirects=True
    )
    assert "remise en route" in answer.text and "KeyError" not in answer.text
    again = client.post(f"/relances/{step}/reessayer", data={"csrf_token": token_of(answer.text)})
    assert again.status_code == 409
    assert state_of(world, step) == "pending"
    with world.desk.database.reading() as session:
        due = session.get_one(EscalationRow, step).due_at
    assert due is not None
    escalate.run_due(world.desk, max(due, NOW) + timedelta(minutes=1))
    assert state_of(world, step) == "fired"
    view = ticket_page.show(world.desk, world["technician"], 1, max(due, NOW) + timedelta(hours=1))
    told = [entry for entry in view.story if entry.kind is EventKind.STEP_RETRIED]
    assert [entry.actor_name for entry in told] == [world["administrator"].name]


def test_a_step_whose_deadline_has_ended_is_dropped(world: World) -> None:
    step = set_aside_one(world)
    handle.take(world.desk, world["technician"], 1, NOW)
    settling.resolve(world.desk, world["technician"], 1, "Réparé.", NOW)
    assert not operate.try_again(world.desk, world["administrator"], step, NOW)
    assert state_of(world, step) == "cancelled"
    with pytest.raises(Conflict):
        operate.try_again(world.desk, world["administrator"], step, NOW)
    with pytest.raises(Conflict):
        operate.try_again(world.desk, world["administrator"], 999_999, NOW)


def test_a_step_waits_for_the_clock_that_stands_still(world: World) -> None:
    step = set_aside_one(world, DeadlineKind.RESOLVE)
    handle.ask_information(world.desk, world["technician"], 1, "Quel voyant ?", NOW)
    assert operate.try_again(world.desk, world["administrator"], step, NOW)
    with world.desk.database.reading() as session:
        assert session.get_one(EscalationRow, step).due_at is None
    handle.answer(world.desk, world["rupn"], 1, "Le rouge.", NOW + timedelta(hours=1))
    with world.desk.database.reading() as session:
        assert session.get_one(EscalationRow, step).due_at is not None


def test_in_a_demonstration_the_administrator_reads_the_mail_but_no_alert(world: World) -> None:
    page = client_of(world, "administrator").get("/messages").text
    assert "Le vidéoprojecteur" in page
    assert "Compte piraté" not in page
    with world.desk.database.reading() as session:
        alerts = session.scalars(select(NoticeRow).where(NoticeRow.ticket_id == 2)).all()
    assert len(alerts) > 1
    assert page.count("Il concerne une alerte") == len(alerts)
    for row in alerts:
        assert row.address in page
        assert row.body[:40] not in page


def test_where_messages_leave_an_administrator_reads_nobody_s(database: Database) -> None:
    world = settled(database, mail_mode=MailMode.SMTP)
    found = operate.messages(world.desk, world["administrator"], state=None, address="", before=None)
    assert found.lines and all(line.withheld and not line.text and not line.subject for line in found.lines)
    own = operate.messages(world.desk, world["rupn"], state=None, address="", before=None)
    assert [line.withheld for line in own.lines] == [None]


def test_a_link_to_another_s_password_is_read_in_the_demonstration_only(database: Database) -> None:
    world = settled(database)
    with database.writing() as session:
        row = session.scalars(select(NoticeRow).where(NoticeRow.address == "rupn@example.org")).first()
        assert row is not None
        row.kind, row.ticket_id, row.body = "password_reset", None, "https://aiguillage.example.org/cle/abc"
    demo = Desk(database, settings_for_tests(demo=True))
    for desk, seen in ((world.desk, False), (demo, True)):
        lines = operate.messages(desk, world["administrator"], state=None, address="", before=None).lines
        assert any("/cle/abc" in line.text for line in lines) is seen


def test_messages_are_narrowed_and_paged(world: World) -> None:
    for _ in range(26):
        world.file(asset_tag="VP-204")
    client = client_of(world, "administrator")
    first = client.get("/messages?address=rupn@example.org").text
    assert first.count("Signalement reçu") == 27
    page = client.get("/messages?state=queued").text
    following = re.findall(r'href="(/messages\?before=\d+[^"]*)"', page)[0].replace("&amp;", "&")
    assert "Retour au début" in client.get(following).text
    assert "Aucun message" in client.get("/messages?state=failed").text
    for strange in ("state=parti", "before=x", "before=99999999999999999999", "address=" + "a" * 300):
        assert client.get(f"/messages?{strange}").status_code == 200, strange


def test_the_last_seal_is_shown(world: World) -> None:
    client = client_of(world, "administrator")
    assert "le processus de fond en fait un par jour" in client.get("/exploitation").text
    sealing.run_daily(world.desk, NOW)
    page = client.get("/exploitation").text
    (made,), _ = verify_seals(world.desk)
    assert made.digest in page
    assert "le processus de fond en fait un par jour" not in page


def test_an_institution_without_a_coordinator_is_named_with_the_mend(world: World) -> None:
    client = client_of(world, "administrator")
    page = client.get("/exploitation").text
    warning = page.split("Personne ne reçoit le scellé")[1].split("</section>")[0]
    assert "Département, Convention du Département du Val-Sud" in warning and "Val-Nord" not in warning
    assert 'href="/comptes"' in warning and "Coordonne la convention" in warning
    with world.desk.database.writing() as session:
        session.execute(update(Account).where(Account.id == world["lead"].id).values(convention_id=None))
    assert "Personne ne reçoit le scellé" not in client.get("/exploitation").text


def test_health_for_monitors(world: World) -> None:
    client = client_of(world)
    answer = client.get("/sante")
    assert (answer.status_code, answer.json["ok"], answer.json["beat_age"]) == (200, True, 0)
    assert set(answer.json) == {
        "ok",
        "reasons",
        "beat_age",
        "oldest_due_age",
        "oldest_notice_age",
        "queued",
        "failed",
        "poison",
        "fallen_model",
    }
    with world.desk.database.writing() as session:
        beat(session, "worker-1", MONDAY, NOW - timedelta(minutes=2))
    red = client.get("/sante")
    assert (red.status_code, red.json["ok"]) == (503, False)
    assert "@" not in red.text


def test_health_of_a_database_that_does_not_answer(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    monkeypatch.setenv("AIGUILLAGE_SECRET_KEY", "k" * 40)
    absent = tmp_path_factory.mktemp("absent") / "nulle-part" / "base.sqlite3"
    desk = Desk(open_database(f"sqlite:///{absent}"), settings_for_tests())
    answer = create_app(desk=desk, clock=SettableClock(NOW)).test_client().get("/sante")
    assert answer.status_code == 503
    assert answer.json["reasons"] == [operate.NO_ANSWER]


def test_a_message_already_gone_is_not_sent_again(world: World) -> None:
    with pytest.raises(Conflict):
        operate.send_again(world.desk, world["administrator"], 1, NOW)
