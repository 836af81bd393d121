"""The queue: what can't be missed, what each reader finds in it, and its cost whatever the number of tickets."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest

from router.desk import handle
from router.model.words import Category
from router.store.engine import Database
from tests.databases import Databases
from tests.desk.world import MONDAY, hours
from tests.web.busy import NOW, Office, open_office, sqlite_office, statements, text_of
from tests.web.people import quick_hashes


@pytest.fixture(autouse=True)
def _secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AIGUILLAGE_SECRET_KEY", "k" * 40)


@pytest.fixture
def office(databases: Databases, _secret: None) -> Iterator[Office]:
    with sqlite_office(databases) as opened:
        yield opened


def numbers(page: str) -> list[int]:
    """The tickets listed, in order."""
    return [int(found) for found in re.findall(r'href="/dossiers/(\d+)"', page)]


def listed(office: Office, who: str, query: str = "") -> list[int]:
    answer = office.by(who).get(f"/a-traiter{query}")
    assert answer.status_code == 200
    return numbers(answer.text)


def count_of(page: str, label: str) -> str:
    found = re.search(rf'head__count">([^<]+)</span> <span class="head__label">{label}<', page)
    assert found is not None, label
    return found.group(1)


def test_most_urgent_first_and_the_counts_above(database: Database) -> None:
    with quick_hashes():
        office = open_office(database)
        page = office.by("technician").get("/a-traiter").text
    made = office.made
    order = numbers(page)
    assert order[0] == made["breakdown0"] and order[-1] == made["paused"]
    assert (count_of(page, "En retard"), count_of(page, "En attente"), count_of(page, "À moi")) == (
        "8",
        "2",
        "1",
    )
    assert "En retard de 7 j 1 h" in text_of(page) and "18 nov. 2026, 9 h 30" in text_of(page)


def test_each_count_leads_to_its_tickets(office: Office) -> None:
    page = office.by("technician").get("/a-traiter").text
    for view, label in (
        ("retard", "En retard"),
        ("libres", "Non pris"),
        ("attente", "En attente"),
        ("moi", "À moi"),
    ):
        assert f'href="/a-traiter?view={view}"' in page
        assert len(listed(office, "technician", f"?view={view}")) == int(count_of(page, label))


def test_late_rows_say_so_in_words_and_stand_out(office: Office) -> None:
    page = office.by("technician").get("/a-traiter?view=retard").text
    rows = re.findall(r'<tr role="row" class="([^"]*)">(.*?)</tr>', page, flags=re.S)
    assert rows and all("is-late" in kind and "En retard de" in text_of(row) for kind, row in rows)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?q=tablettes", {"breakdown1"}),
        ("?q=TABLÉTTES", {"breakdown1"}),
        ("?q={taken}", {"taken"}),
        ("?q=introuvable", set()),
        ("?category=network", {"breakdown2", "measure"}),
        ("?status=arbitration", {"contested"}),
        ("?status=resolved", {"solved"}),
        ("?assignee=moi", {"taken"}),
        ("?assignee={colleague}", {"paused"}),
        ("?holder=rupn", set()),
        ("?view=attente&q=son", {"asked"}),
    ],
)
def test_filters_and_search(office: Office, query: str, expected: set[str]) -> None:
    names = office.made | {"measure": office.made["handled"] + 1}
    asked = query.format(colleague=office.world["colleague"].id, **office.made)
    assert set(listed(office, "technician", asked)) == {names[name] for name in expected}


@pytest.mark.parametrize(
    "query",
    ["?category=plomberie", "?priority=1", "?assignee=99999999999999999999", "?holder=rssi", "?college=x", "?view=x",
     "?after=nimporte", "?after=2026-01-01T00:00:00+00:00_99999999999999999999", "?q='\"*", "?status="],
)  # fmt: skip
def test_what_is_not_offered_counts_for_nothing(office: Office, query: str) -> None:
    assert office.by("technician").get(f"/a-traiter{query}").status_code == 200


def test_nobody_s_queue_holds_an_alert(office: Office) -> None:
    for who in ("technician", "security_contact", "dsi", "rupn"):
        found = listed(office, who, "?holder=toutes")
        assert not {office.made["breach"], office.made["handled"]} & set(found), who


def test_a_territory_is_not_left(office: Office) -> None:
    south = office.world.file("rupn_south", "Plus de réseau au CDI", "", NOW - hours(2)).ticket
    assert south in listed(office, "technician_south", "?holder=toutes")
    assert south not in listed(office, "technician", "?holder=toutes")
    assert south in listed(office, "dsi", "?holder=toutes")


def test_a_rupn_finds_what_she_holds(office: Office) -> None:
    filed = office.world.file("teacher", "Éléa", "Mes élèves n'ouvrent pas le parcours Éléa.", NOW - hours(1))
    page = office.by("rupn").get("/a-traiter").text
    assert numbers(page) == [filed.ticket] and "Prendre" in text_of(page)
    assert listed(office, "rupn_too") == []
    assert "Aucun dossier n'attend votre premier niveau" in text_of(
        office.by("rupn_too").get("/a-traiter").text
    )


def test_take_from_the_row_and_stay_in_the_queue(office: Office) -> None:
    page = office.by("technician").get("/a-traiter?view=libres&q=tablettes").text
    assert 'name="take-back" value="/a-traiter?view=libres&amp;q=tablettes"' in page
    ticket = office.made["breakdown1"]
    answer = office.make("technician", ticket, "take", back="/a-traiter?view=libres&q=tablettes")
    assert answer.headers["Location"] == "/a-traiter?view=libres&q=tablettes"
    after = office.by("technician").get(answer.headers["Location"]).text
    assert f"Vous suivez maintenant le dossier n° {ticket}." in text_of(after) and numbers(after) == []
    assert "Aucun dossier ne correspond" in text_of(after)


def test_a_row_taken_by_a_colleague_meanwhile_is_said(office: Office) -> None:
    ticket = office.made["breakdown1"]
    handle.take(office.world.desk, office.world["colleague"], ticket, NOW)
    answer = office.make("technician", ticket, "take", back="/a-traiter")
    assert answer.status_code == 409 and "vient d'être pris par Hugo Lemaire" in text_of(answer.text)


def test_only_the_team_s_own_free_tickets_may_be_taken(office: Office) -> None:
    assert "/prendre" not in office.by("dsi").get("/a-traiter?holder=departement_maintenance").text
    assert "/prendre" not in office.by("technician").get("/a-traiter?view=attente").text


def test_pages_follow_one_another_and_keep_what_was_asked(databases: Databases) -> None:
    with sqlite_office(databases, busy=False) as office:
        fill(office, 60)
        first = office.by("technician").get("/a-traiter?category=hardware&q=panne").text
        following = re.search(r'href="(/a-traiter\?after=[^"]+)"', first)
        assert following is not None
        address = following.group(1).replace("&amp;", "&")
        assert "category=hardware" in address and "q=panne" in address
        second = office.by("technician").get(address).text
        assert (len(numbers(first)), len(numbers(second))) == (50, 10)
        assert not set(numbers(first)) & set(numbers(second))
        assert "60 dossiers" in text_of(first) and "Retour au début" in text_of(second)


def test_the_queue_asks_the_database_a_constant_number_of_times(databases: Databases) -> None:
    with sqlite_office(databases, busy=False) as office:
        costs = []
        for number in (5, 200):
            fill(office, number)
            office.by("technician").get("/a-traiter")
            with statements(office) as asked:
                office.by("technician").get("/a-traiter")
            costs.append(len(asked))
        assert costs[0] == costs[1] <= 16


def fill(office: Office, number: int) -> None:
    for each in range(number):
        at = MONDAY + timedelta(minutes=each)
        facts = {"category": Category.HARDWARE.value}
        office.world.file("rupn", f"Panne {each}", "", at, facts=facts, external_id=f"{number}-{each}")  # type: ignore[arg-type]
