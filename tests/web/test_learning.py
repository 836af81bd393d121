"""Who reads and judges corrections, what the drift counts, and that nothing grows with the rows."""

import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape

import pytest
from sqlalchemy import select

from router.classify.personal_data import MASKS
from router.desk import redecide, review_corrections
from router.desk.drift import drift
from router.model.actor import Conflict, Forbidden, NotFound
from router.model.corrections import CorrectionState
from router.model.words import Category, Role
from router.store import versions
from router.store.engine import Database
from router.store.tables import CorrectionRow, Ticket
from tests.desk.lessons import a_version, correct_to
from tests.desk.test_doubts import doubtful
from tests.desk.world import MONDAY, PEOPLE, World, hours, shipped_policy
from tests.web.busy import statements
from tests.web.declare_world import Pages, open_pages, text_of
from tests.web.people import quick_hashes, token_of
from web.reports import bars

WIFI = "Le wifi de la salle 12 coupe sans arrêt"
LIST, ACCEPTED, DRIFT = "/classement/corrections/a-relire", "/classement/corrections/acceptees", "/classement"


@pytest.fixture
def pages(database: Database, monkeypatch: pytest.MonkeyPatch) -> Iterator[Pages]:
    monkeypatch.setenv("AIGUILLAGE_SECRET_KEY", "k" * 40)
    with quick_hashes():
        yield open_pages(database)


def filed(
    world: World, chosen: str = "hardware", subject: str = WIFI, who: str = "teacher", **said: object
) -> int:
    return world.file(who, subject=subject, facts={"category": chosen}, **said).ticket


def rows(world: World) -> list[CorrectionRow]:
    with world.desk.database.reading() as session:
        return list(session.scalars(select(CorrectionRow).order_by(CorrectionRow.id)))


def judge(pages: Pages, what: str, correction: int = 1, **fields: str) -> object:
    token = token_of(pages.client.get(LIST).text)
    return pages.client.post(
        f"/classement/corrections/{correction}/{what}",
        data={"csrf_token": token} | fields,
        follow_redirects=True,
    )


def test_a_manager_accepts_what_she_read_and_masked_further(pages: Pages) -> None:
    ticket = filed(pages.world, body="Voir avec Sophie du CDI, au 01 99 00 12 34.")
    pages.sign_in("manager")
    page = pages.client.get(LIST).text
    shown = text_of(page)
    assert "Réseau → devient Matériel" in shown
    assert "Choisi au signalement (Enseignant), formulaire" in shown
    assert WIFI in shown and "[téléphone]" in shown and "01 99" not in shown
    assert f'href="/dossiers/{ticket}"' in page
    rewritten = judge(pages, "accepter", subject=WIFI, body="mes fichiers sont chiffrés [nom]")
    assert rewritten.status_code == 422 and "mes fichiers sont chiffrés" in rewritten.text
    assert "Ce texte ne peut pas être récrit" in text_of(rewritten.text)
    assert rows(pages.world)[0].state == "pending"
    done = judge(pages, "accepter", subject=WIFI, body="Voir avec [nom] du CDI, au [téléphone]")
    assert "Correction acceptée" in done.text
    (row,) = rows(pages.world)
    assert (row.state, row.decided_role, row.decided_at) == ("accepted", "manager", MONDAY)
    assert row.body == "Voir avec [nom] du CDI, au [téléphone]"
    assert WIFI in pages.client.get(ACCEPTED).text and WIFI not in pages.client.get(LIST).text


def test_a_text_refused_is_erased(pages: Pages) -> None:
    filed(pages.world)
    pages.sign_in("manager")
    assert "son texte est effacé" in judge(pages, "refuser").text
    (row,) = rows(pages.world)
    assert (row.state, row.subject, row.body) == ("refused", "", "")
    assert judge(pages, "accepter", subject="x").status_code == 409


def test_an_accepted_one_is_taken_back(pages: Pages) -> None:
    filed(pages.world)
    pages.sign_in("manager")
    judge(pages, "accepter", subject=WIFI)
    assert "retirée" in judge(pages, "retirer").text
    assert rows(pages.world)[0].subject == ""


def test_nothing_left_to_learn_is_said_and_nothing_typed_is_lost(pages: Pages) -> None:
    filed(pages.world)
    pages.sign_in("manager")
    done = judge(pages, "accepter", subject="  ", body=" ")
    assert done.status_code == 422
    assert "Il ne reste rien à apprendre" in done.text
    assert re.search(r'href="#body-1"', done.text) and 'id="body-1"' in done.text
    long = judge(pages, "accepter", subject="a", body="mot " * 1_500)
    assert long.status_code == 422
    assert "mot mot mot" in long.text


def test_what_touches_security_is_the_rssi_s_alone(pages: Pages) -> None:
    """A manager reads no alert's words, and nobody but the RSSI teaches what is an attack."""
    world = pages.world
    denied = filed(world, subject="On m'a volé mon mot de passe, compte piraté")
    raised = world.file("teacher", subject=WIFI, body="").ticket
    redecide.raise_alert(world.desk, world["technician"], raised, "", MONDAY + hours(1))
    ordinary = filed(world)
    became = filed(world)
    redecide.raise_alert(world.desk, world["rupn"], became, "", MONDAY + hours(1))
    seen = {}
    for who in ("manager", "manager_academie", "rssi"):
        page = review_corrections.corrections_to_read(world.desk, world[who], CorrectionState.PENDING, None)
        seen[who] = {line.ticket_id for line in page.lines}
        assert page.waiting == len(page.lines)
    assert seen == {"manager": {ordinary}, "manager_academie": {ordinary}, "rssi": {denied, raised, became}}
    theirs, words = next((row.id, row.subject) for row in rows(world) if row.ticket_id == denied)
    with pytest.raises(NotFound):
        review_corrections.accept(world.desk, world["manager"], theirs, words, "", MONDAY)
    review_corrections.accept(world.desk, world["rssi"], theirs, words, "", MONDAY)


@pytest.mark.parametrize("said", [{"security_suspected": False}, {}])
def test_a_doubt_answered_no_is_the_rssi_s_to_judge(pages: Pages, said: dict[str, bool]) -> None:
    """Whether the words spoke of an attack is hers to teach; a manager reads how many, and no word of them."""
    world, body = pages.world, doubtful(fired=False)
    read = shipped_policy().classifier.classify(WIFI, body)
    assert read.doubt and read.category is not Category.SECURITY
    chosen = "hardware" if read.category is not Category.HARDWARE else "network"
    doubted = world.file("teacher", subject=WIFI, body=body, facts={"category": chosen, **said}).ticket
    with world.desk.database.reading() as session:
        assert session.get_one(Ticket, doubted).review is None
    pages.sign_in("manager")
    page = text_of(pages.client.get(LIST).text)
    assert "Une autre touche à la sécurité : le RSSI la relit." in page and body[:30] not in page
    assert judge(pages, "accepter", subject=WIFI).status_code == 404
    pages.sign_in("rssi")
    page = text_of(pages.client.get(LIST).text)
    assert f"dossier n° {doubted}" in page and "touche à la sécurité" not in page
    assert "Correction acceptée" in judge(pages, "accepter", subject=WIFI).text


def test_a_manager_is_told_of_no_alert_s_correction(pages: Pages) -> None:
    ticket = filed(pages.world)
    redecide.raise_alert(pages.world.desk, pages.world["rupn"], ticket, "", MONDAY + hours(1))
    pages.sign_in("manager")
    assert "touche à la sécurité" not in text_of(pages.client.get(LIST).text)


def test_the_marks_are_told_before_they_are_needed(pages: Pages) -> None:
    filed(pages.world)
    pages.sign_in("manager")
    page = pages.client.get(LIST).text
    hint = re.search(r'<p[^>]*id="marks-1">([^<]*)</p>', page)
    assert hint is not None and all(mark in unescape(hint.group(1)) for mark in MASKS.values())
    assert len(re.findall(r'<(?:input|textarea)[^>]*aria-describedby="marks-1"', page)) == 2
    assert page.index('id="marks-1"') < page.index('name="subject"')
    refused = judge(pages, "accepter", subject=WIFI, body="autre chose").text
    assert 'aria-describedby="body-1-error marks-1"' in refused


def test_a_manager_reads_her_own_territory_s(pages: Pages) -> None:
    filed(pages.world, who="rupn_south")
    read = review_corrections.corrections_to_read
    assert read(pages.world.desk, pages.world["manager"], CorrectionState.PENDING, None).lines == ()
    assert (
        len(read(pages.world.desk, pages.world["manager_academie"], CorrectionState.PENDING, None).lines) == 1
    )


@pytest.mark.parametrize(
    "who", [name for name in PEOPLE if PEOPLE[name]["role"] not in {Role.MANAGER, Role.RSSI}]
)
def test_nobody_else_reads_or_judges(pages: Pages, who: str) -> None:
    world = pages.world
    filed(world)
    with pytest.raises(Forbidden):
        review_corrections.corrections_to_read(world.desk, world[who], CorrectionState.PENDING, None)
    with pytest.raises(Forbidden):
        review_corrections.refuse(world.desk, world[who], 1, MONDAY)


def test_two_people_judge_one_text(pages: Pages) -> None:
    filed(pages.world)
    review_corrections.accept(pages.world.desk, pages.world["manager"], 1, WIFI, "", MONDAY)
    with pytest.raises(Conflict):
        review_corrections.accept(pages.world.desk, pages.world["manager_academie"], 1, WIFI, "", MONDAY)


def test_pages_of_twenty(pages: Pages) -> None:
    ticket = filed(pages.world)
    correct_to(
        pages.world.desk.database,
        ticket,
        [f"Texte {n:02}" for n in range(24)],
        Category.NETWORK,
        CorrectionState.PENDING,
    )
    pages.sign_in("manager")
    first = pages.client.get(LIST).text
    assert first.count('class="card lesson"') == 20
    following = re.search(r'href="(/classement/corrections/a-relire\?after=\d+)"', first)
    assert following is not None
    second = pages.client.get(following.group(1)).text
    assert second.count('class="card lesson"') == 5
    assert "Texte 23" in second and "Texte 23" not in first


def test_an_unknown_list_is_not_found(pages: Pages) -> None:
    pages.sign_in("manager")
    assert pages.client.get("/classement/corrections/refusees").status_code == 404


def test_an_empty_drift_says_so(pages: Pages) -> None:
    pages.sign_in("manager")
    assert "Rien à compter encore" in pages.client.get(DRIFT).text
    assert "Rien à relire" in pages.client.get(LIST).text


def a_past(world: World) -> None:
    """Two tickets of last week, one of which is corrected; one of this week, confirmed."""
    week = timedelta(days=7)
    filed(world, at=MONDAY - week)
    filed(world, chosen="network", at=MONDAY - week + hours(1))
    filed(world, subject="Pronote ne s'ouvre plus", chosen="metier_software")


def test_the_drift_counts_by_week_pair_product_and_version(pages: Pages) -> None:
    world = pages.world
    a_past(world)
    ticket = filed(world, subject="Pronote ne s'ouvre plus", chosen="pedagogical_resource")
    redecide.correct(
        world.desk, world["rupn"], ticket, {"need": "breakdown"}, "Non.", MONDAY + hours(1), product="Éléa"
    )
    found = drift(world.desk, world["manager"], MONDAY + hours(2))
    assert [(week.rate.suggested, week.rate.corrected) for week in found.weeks[-3:]] == [(0, 0), (2, 1), (2, 1)]
    assert (len(found.weeks), found.weeks[-1].first) == (26, MONDAY.date())
    assert (found.total.suggested, found.total.corrected, found.total.share) == (4, 2, 0.5)
    assert {(pair.suggested, pair.chosen, pair.tickets) for pair in found.pairs} == {
        (Category.NETWORK, Category.HARDWARE, 1),
        (Category.METIER_SOFTWARE, Category.PEDAGOGICAL_RESOURCE, 1),
    }
    assert [(swap.found, swap.said, swap.tickets) for swap in found.swaps] == [("Pronote", "Éléa", 1)]
    (version,) = found.versions
    assert (version.name, version.rate.suggested) == (found.shipped, 4)
    assert found.speaking == found.shipped


def test_a_corrected_ticket_counts_once_and_a_correction_taken_back_not_at_all(pages: Pages) -> None:
    world = pages.world
    first, second = filed(world), filed(world)
    tech = world["technician"]
    redecide.correct(world.desk, tech, first, {"category": "metier_software"}, "Non.", MONDAY + hours(1))
    redecide.correct(world.desk, tech, second, {"category": "network"}, "Si.", MONDAY + hours(1))
    found = drift(world.desk, world["manager"], MONDAY + hours(2))
    assert (found.total.suggested, found.total.corrected) == (2, 1)


def test_alerts_are_counted_for_the_rssi_alone(pages: Pages) -> None:
    world = pages.world
    ticket = world.file("teacher", subject=WIFI, body="").ticket
    redecide.raise_alert(world.desk, world["technician"], ticket, "", MONDAY + hours(1))
    totals = {
        who: drift(world.desk, world[who], MONDAY + hours(2)).total.suggested
        for who in ("manager", "lead", "administrator", "rssi")
    }
    assert totals == {"manager": 0, "lead": 0, "administrator": 0, "rssi": 1}


def test_the_drift_on_its_page_and_in_a_spreadsheet(pages: Pages) -> None:
    a_past(pages.world)
    pages.sign_in("manager")
    page = text_of(pages.client.get(DRIFT).text)
    assert "3 dossiers avec une catégorie proposée" in page and "33,3 %" in page
    assert "À relire (1)" in page
    answer = pages.client.get("/classement/export.csv")
    assert answer.mimetype == "text/csv"
    lines = answer.data.decode("utf-8-sig").splitlines()
    assert "16/11/2026;2;1;50,0 %" in lines and "Total;3;1;33,3 %" in lines
    assert "Réseau;Matériel;1" in lines


@pytest.mark.parametrize("who", ["lead", "administrator", "rssi"])
def test_others_who_oversee_read_the_drift(pages: Pages, who: str) -> None:
    a_past(pages.world)
    pages.sign_in(who)
    answer = pages.client.get(DRIFT)
    assert answer.status_code == 200
    assert ("/classement/corrections" in answer.text) == (who == "rssi")


@pytest.mark.parametrize("path", [LIST, DRIFT, ACCEPTED])
def test_as_many_questions_whatever_the_rows(pages: Pages, path: str) -> None:
    world = pages.world
    ticket = filed(world)
    correct_to(world.desk.database, ticket, ["Un"], Category.NETWORK)
    pages.sign_in("manager")
    pages.client.get(path)
    with statements(world) as few:
        pages.client.get(path)
    for number in range(6):
        filed(world, at=MONDAY - timedelta(weeks=number))
    correct_to(world.desk.database, ticket, [f"Texte {n}" for n in range(30)], Category.NETWORK)
    with statements(world) as many:
        pages.client.get(path)
    assert len(many) == len(few)


def test_the_ticket_says_which_version_read_it(pages: Pages) -> None:
    ticket = filed(pages.world)
    with pages.world.desk.database.writing() as session:
        versions.add(session, a_version("newer"))
        versions.use(session, "newer", MONDAY, "command")
        session.get_one(Ticket, ticket).suggested_by = "older"
    pages.sign_in("technician")
    page = text_of(pages.client.get(f"/dossiers/{ticket}/pourquoi").text)
    assert "le classement des mots proposait « Réseau » (version older du modèle)" in page


def test_a_model_that_cannot_be_read_is_told_to_whoever_runs_the_service(pages: Pages) -> None:
    with pages.world.desk.database.writing() as session:
        versions.add(session, a_version("broken", weights=b"x", digest="y"))
        versions.use(session, "broken", MONDAY, "command")
    assert pages.client.get("/sante").json["fallen_model"] == "broken"
    pages.sign_in("administrator")
    page = text_of(pages.client.get("/exploitation").text)
    assert "La version broken est abîmée" in page
    filed(pages.world)


def test_columns_share_one_scale() -> None:
    first, second, none = bars.columns([(10, 5), (5, 0), (0, 0)])
    assert (first.x, first.top, first.height, first.marked_top, first.marked) == (0, 0, 100, 50, 50)
    assert (second.x, second.top, second.height, second.marked) == (12, 50, 50, 0)
    assert (none.height, none.top) == (0, 100)
    assert bars.columns([]) == ()


def test_a_bar_is_as_long_as_what_it_counts() -> None:
    marked, rest = bars.of_rate(1, 4, 8)
    assert (marked.start, marked.length, rest.start, rest.length) == (0, 12.5, 12.5, 37.5)
    assert bars.of_rate(0, 0, 8) == bars.of_rate(0, 0, 0) == ()
    (whole,) = bars.of_rate(8, 8, 8)
    assert (whole.length, whole.kind) == (100, "late")
