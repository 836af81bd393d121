"""The measures themselves: they run, and the tickets copied for the long lists hang together."""

import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select, text

import web
from bench import pages, tickets
from bench.grounds import SECRET_KEY, give_password, grounds
from router.settings import SECRET_KEY_VARIABLE
from router.store.tables import EventRow, Ticket
from tests.desk.world import MONDAY

HOUSE = Path(__file__).parents[2]


def test_the_decisions_are_measured() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bench", "decisions", "--quick"],
        cwd=HOUSE,
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert "cases of the trade" in done.stdout


def test_copied_tickets_are_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SECRET_KEY_VARIABLE, SECRET_KEY)
    with grounds("sqlite") as ground:
        give_password(ground)
        tickets.file_some(ground, 20)
        tickets.copy_up_to(ground, 50)
        with ground.world.desk.database.reading() as session:
            assert session.scalar(select(func.count()).select_from(Ticket)) == 50
            events = session.execute(
                select(EventRow.ticket_id, func.count()).group_by(EventRow.ticket_id)
            ).all()
            assert len(events) == 50
            assert session.execute(text("PRAGMA foreign_key_check")).all() == []
            found = session.scalar(text("SELECT count(*) FROM ticket_words"))
            last = session.scalar(select(func.max(Ticket.id)).where(Ticket.alert.is_(False)))
        assert found == 50
        app = web.create_app(ground.settings, ground.world.desk, clock=lambda: MONDAY + timedelta(hours=2))
        client = app.test_client()
        pages.sign_in(client, ground.world["technician"].email)
        assert client.get(f"/dossiers/{last}").status_code == 200
        assert client.get("/a-traiter").status_code == 200
        ground.world.desk.database.engine.dispose()
