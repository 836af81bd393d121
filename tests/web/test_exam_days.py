"""A day of exams in the calendar is proposed on the form as the urgency, seen and left or changed by whoever files."""

import re
from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from router.desk import redecide
from router.desk.calendar_days import DaysAsked, decide_days
from router.model.words import DayCause, Reach
from router.store.engine import Database
from router.store.tables import DecisionRow, Ticket
from tests.desk.world import MONDAY, NORTH
from tests.web.declare_world import Pages, text_of
from tests.web.keepers import keepers_pages

TODAY = MONDAY.date()
TOMORROW = TODAY + timedelta(days=1)
NOTED = "Coché d'avance : examen noté au calendrier du mardi 24 novembre 2026."
WORDS = {"subject": "Le vidéoprojecteur ne s'allume plus", "body": "Rien ne se passe.", "asset_tag": "VP-204"}


@pytest.fixture
def pages(database: Database, monkeypatch: pytest.MonkeyPatch) -> Iterator[Pages]:
    with keepers_pages(database, monkeypatch) as found:
        yield found


def exam(
    pages: Pages,
    first: date = TOMORROW,
    *,
    reach: Reach = Reach.CONVENTION,
    key: str = "demo-nord",
    cause: DayCause = DayCause.EXAM,
    who: str = "manager",
) -> None:
    asked = DaysAsked(reach, key, None, first, first, ("08:00-12:00",), cause, "Brevet blanc.")
    decide_days(pages.world.desk, pages.world[who], asked, MONDAY)


def ticked(page: str) -> list[str]:
    inputs = re.findall(r"<input[^>]*>", page)
    chosen = [each for each in inputs if 'name="urgency"' in each and "checked" in each]
    return [found[1] for each in chosen if (found := re.search(r'value="(\w+)"', each))]


def filed(pages: Pages, **fields: str) -> tuple[str, dict[str, str]]:
    """The priority of the ticket, and its urgency as kept."""
    answer = pages.post(pages.form() | WORDS | fields | {"do": "send"})
    assert answer.status_code == 302, text_of(answer.text)[:500]
    with pages.world.desk.database.reading() as session:
        ticket = session.query(Ticket).order_by(Ticket.id.desc()).first()
        assert ticket is not None
        decision = session.get_one(DecisionRow, ticket.decision_id)
        return ticket.priority, decision.facts["urgency"]


@pytest.mark.parametrize(
    ("who", "reach", "key"),
    [
        ("manager", Reach.CONVENTION, "demo-nord"),
        ("principal", Reach.COLLEGE, NORTH),
        ("manager_academie", Reach.ACADEMIE, ""),
    ],
)
@pytest.mark.parametrize("day", [TODAY, TOMORROW])
def test_it_is_proposed_with_its_reason(pages: Pages, who: str, reach: Reach, key: str, day: date) -> None:
    exam(pages, day, reach=reach, key=key, who=who)
    page = pages.sign_in("rupn").client.get("/signaler").text
    assert ticked(page) == ["exam"]
    assert f"examen noté au calendrier du {('lundi 23', 'mardi 24')[day == TOMORROW]} novembre 2026" in text_of(
        page
    )


@pytest.mark.parametrize(
    "day", [TODAY - timedelta(days=1), TOMORROW + timedelta(days=1)], ids=["yesterday", "the day after"]
)
def test_no_other_day_proposes_anything(pages: Pages, day: date) -> None:
    exam(pages, day)
    page = pages.sign_in("rupn").client.get("/signaler").text
    assert ticked(page) == [] and "examen noté" not in page


def test_neither_another_cause_nor_another_place_nor_a_narrower_decision(pages: Pages) -> None:
    exam(pages, cause=DayCause.HALF_DAY)
    assert ticked(pages.sign_in("rupn").client.get("/signaler").text) == []
    exam(pages, TODAY, key="demo-sud", who="manager_south")
    assert ticked(pages.sign_in("rupn").client.get("/signaler").text) == []
    exam(pages, TODAY)
    exam(pages, TODAY, reach=Reach.COLLEGE, key=NORTH, cause=DayCause.CATCH_UP, who="principal")
    assert ticked(pages.sign_in("rupn").client.get("/signaler").text) == []
    assert ticked(pages.sign_in("rupn_too").client.get("/signaler").text) == ["exam"]


def test_left_as_proposed_it_counts_and_its_source_is_kept(pages: Pages) -> None:
    pages.sign_in("rupn")
    ordinary, _ = filed(pages)
    exam(pages)
    priority, urgency = filed(pages, urgency="exam", exam_read="exam")
    assert urgency == {"value": "exam", "source": "calendar"} and priority != ordinary
    page = text_of(pages.client.get("/dossiers/2").text)
    assert "noté au calendrier" in page


def test_a_correction_of_something_else_keeps_it(pages: Pages) -> None:
    exam(pages)
    pages.sign_in("rupn")
    filed(pages, urgency="exam", exam_read="exam")
    changes = {"scope": "room"}
    redecide.correct(pages.world.desk, pages.world["technician"], 1, changes, "Toute la salle.", MONDAY)
    with pages.world.desk.database.reading() as session:
        decision = session.get_one(DecisionRow, session.get_one(Ticket, 1).decision_id)
        assert decision.facts["urgency"] == {"value": "exam", "source": "calendar"}


def test_changed_it_is_her_answer(pages: Pages) -> None:
    exam(pages)
    pages.sign_in("rupn")
    _, urgency = filed(pages, urgency="normal", exam_read="exam")
    assert urgency == {"value": "normal", "source": "declared"}
    looked = pages.post(pages.form() | WORDS | {"urgency": "normal", "exam_read": "exam", "do": "look"}).text
    assert ticked(looked) == ["normal"] and "examen noté" not in looked


def test_looked_at_again_it_is_still_a_proposal(pages: Pages) -> None:
    exam(pages)
    pages.sign_in("rupn")
    looked = pages.post(pages.form() | WORDS | {"urgency": "exam", "exam_read": "exam", "do": "look"}).text
    assert ticked(looked) == ["exam"] and NOTED in text_of(looked)


def test_a_form_never_shown_the_proposal_gets_nothing_by_itself(pages: Pages) -> None:
    """Neither a file nor the telephone's lines nor an older page is believed for her."""
    exam(pages)
    pages.sign_in("rupn")
    _, urgency = filed(pages)
    assert urgency == {"value": "unknown", "source": "unknown"}


def test_a_forged_proposal_without_such_a_day_is_no_urgency(pages: Pages) -> None:
    pages.sign_in("rupn")
    _, urgency = filed(pages, urgency="exam", exam_read="exam")
    assert urgency == {"value": "unknown", "source": "unknown"}
