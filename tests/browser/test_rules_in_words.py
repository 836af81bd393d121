"""The states of the rules' pages that few people meet: a draft left behind, what both sides changed, a sheet accepted
or refused, a ticket decided several times. On a desk and on a telephone, axe on each; then with the keyboard alone."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import update

from router.desk import redecide
from router.desk.policy import Policy, load_policy
from router.model.words import Party
from router.rulebook.raci_sheet import TITLE
from router.store.engine import open_database
from router.store.tables import Account
from tests.browser.walks import sign_in
from tests.databases import Databases
from tests.desk.drafts import (
    AVENANT,
    FILE,
    NORTH,
    approve,
    propose,
    read,
    settle_keepers,
    shipped,
    started,
    with_copiers,
)
from tests.desk.world import MONDAY, World, hours
from tests.web.people import SettableClock, quick_hash, quick_hashes, settings_for_tests
from tests.web.test_sheets import Rows, rows, workbook
from web import create_app

SHEET = f"/regles/raci/relecture?convention={NORTH}"
LOANER = "chaque collège loue ses copieurs : le référent numérique voit avec la gestion, qui appelle le loueur."
RENTED = "Copieurs et imprimantes loués"
COPIERS = 'title = "Copieurs : loués par les collèges"'


@dataclass(frozen=True)
class States:
    address: str
    left_behind: int  # nothing to choose
    clashing: int
    ticket: int
    folder: Path
    rows: Rows  # the RACI as it is published

    def sheet(self, given: Rows) -> Path:
        path = self.folder / "raci.xlsx"
        path.write_bytes(workbook(given))
        return path


def edited(sources: dict[str, str], *changes: tuple[str, str]) -> dict[str, str]:
    text = sources[FILE]
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return sources | {FILE: text}


def published_meanwhile(world: World) -> tuple[int, int, Policy]:
    """A draft that touches other rules than what was published since, and one that touches the same two."""
    behind = started(
        world,
        replace(AVENANT, title="Avenant n° 2 : ENT"),
        edited(shipped(), ("porte le contrat", "paie le contrat")),
    )
    both = edited(
        with_copiers(), (LOANER, "le Département reprend les copieurs."), ("30\narticles", "60\narticles")
    )
    clashing = started(world, replace(AVENANT, title="Avenant n° 3 : copieurs"), both)
    published = edited(
        shipped(),
        (LOANER, "chaque collège loue ses copieurs : sa gestion appelle le loueur."),
        (COPIERS, f'title = "{RENTED}"'),
        ("30\narticles", "15\narticles"),
    )
    avenant = started(world, AVENANT, published)
    propose(world, avenant)
    approve(world, avenant)
    return behind, clashing, load_policy(read(world, avenant).sources)


def decided_thrice(world: World) -> int:
    ticket = world.file(
        "rupn", "Le chariot de portables ne s'allume plus", "Étiquette de l'académie.", MONDAY - hours(5)
    ).ticket
    moves = (("technician", Party.ACADEMIE_DSI, "D211-14"), ("dsi", Party.DEPARTEMENT_MAINTENANCE, "3.1.3"))
    for number, (who, to, article) in enumerate(moves):
        at = MONDAY - hours(4 - number)
        redecide.transfer(world.desk, world[who], ticket, to, article, "L'étiquette dit l'inverse.", at)
    return ticket


@pytest.fixture(scope="module")
def states(
    databases: Databases, serve: Callable[[Any], str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[States]:
    url = databases.migrated("sqlite")
    with pytest.MonkeyPatch.context() as patch, quick_hashes():
        patch.setenv("AIGUILLAGE_SECRET_KEY", "k" * 40)
        world = settle_keepers(open_database(url, synchronous="NORMAL"), settings_for_tests())
        with world.desk.database.writing() as session:
            session.execute(update(Account).values(password_hash=quick_hash()))
        behind, clashing, policy = published_meanwhile(world)
        ticket = decided_thrice(world)
        address = serve(create_app(desk=world.desk, clock=SettableClock(MONDAY)))
        yield States(address, behind, clashing, ticket, tmp_path_factory.mktemp("sheets"), rows(policy=policy))


def to_the_departement(given: Rows) -> Rows:
    """The copiers that the collèges rent."""
    header, changed = given[0], [list(row) for row in given]
    (row,) = [each for each in changed if each[header.index(TITLE)] == RENTED]
    row[header.index("RUPN")], row[header.index("Principal")], row[header.index("Département")] = "", "", "R A"
    return changed


def faulty(given: Rows) -> Rows:
    """A title taken out, and a letter that the RACI hasn't."""
    changed = to_the_departement(given)
    changed[3][changed[0].index("Département")] = "Z"
    changed[5][changed[0].index(TITLE)] = ""
    return changed


def send(screen: Page, states: States, given: Rows) -> None:
    screen.goto(states.address + SHEET)
    screen.get_by_label("RACI modifié").set_input_files(states.sheet(given))
    screen.get_by_role("button", name="Relire").press("Enter")


def left_behind(screen: Page, states: States) -> None:
    screen.goto(f"{states.address}/recueil/projets/{states.left_behind}")
    expect(screen.get_by_text("Rien n'a été changé des deux côtés")).to_be_visible()


def clash(screen: Page, states: States) -> None:
    screen.goto(f"{states.address}/recueil/projets/{states.clashing}")
    expect(screen.get_by_text("Ce qui diffère")).to_have_count(2)


def clash_unanswered(screen: Page, states: States) -> None:
    clash(screen, states)
    screen.get_by_role("button", name="Reprendre le projet").press("Enter")
    expect(screen.get_by_text("Choisissez ce qui est gardé").first).to_be_visible()


def sheet_accepted(screen: Page, states: States) -> None:
    send(screen, states, to_the_departement(states.rows))
    expect(screen.get_by_role("heading", name="Les règles proposées")).to_be_visible()


def sheet_refused(screen: Page, states: States) -> None:
    send(screen, states, faulty(states.rows))
    expect(screen.get_by_text("à corriger").first).to_be_visible()


def several_decisions(screen: Page, states: States) -> None:
    screen.goto(f"{states.address}/dossiers/{states.ticket}/pourquoi")
    expect(screen.get_by_role("heading", name="Les décisions de ce dossier")).to_be_visible()


STATES = (left_behind, clash, clash_unanswered, sheet_accepted, sheet_refused, several_decisions)


def open_folds(screen: Page) -> None:
    """With the keyboard alone."""
    closed = screen.locator("main details:not([open]) > summary")
    while count := closed.count():
        closed.first.press("Enter")
        expect(closed).to_have_count(count - 1)


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.__name__)
def test_on_a_desk_and_on_a_telephone(
    state: Callable[[Page, States], None],
    states: States,
    page: Page,
    phone: Page,
    accessible: Callable[[Page], None],
) -> None:
    for screen in (page, phone):
        sign_in(screen, states.address, "manager")
        state(screen, states)
        accessible(screen)
        open_folds(screen)
        accessible(screen)
        wide = screen.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
        assert not wide, state.__name__


def reach(page: Page, wanted: Locator) -> None:
    """Presses Tab until it has the focus, as whoever has no mouse does."""
    for _ in range(120):
        if wanted.evaluate(
            "found => found.contains(document.activeElement) && document.activeElement !== document.body"
        ):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"out of the keyboard's reach: {wanted}")


def test_a_sheet_becomes_a_draft_with_the_keyboard_alone(states: States, page: Page) -> None:
    sign_in(page, states.address, "manager")
    sheet_accepted(page, states)
    new, ended = page.locator("main pre").all()  # the rule ends, and its next version begins
    expect(new).to_be_hidden()
    expect(ended).to_be_hidden()
    reach(page, page.get_by_text("Voir le texte des fichiers de règles").first)
    page.keyboard.press("Enter")
    expect(new).to_be_visible()
    reach(page, page.get_by_label("Titre du projet"))
    page.keyboard.type("Copieurs au Département")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Copieurs au Département")


def test_a_past_decision_is_reached_with_the_keyboard_alone(states: States, page: Page) -> None:
    sign_in(page, states.address, "manager")
    several_decisions(page, states)
    reach(page, page.get_by_role("link", name="Désormais attribué : Académie"))
    page.keyboard.press("Enter")
    expect(page.get_by_text("Une décision passée")).to_be_visible()
    expect(page.locator("[aria-current=true]").get_by_text("Académie")).to_be_visible()


def test_a_clash_is_settled_with_the_keyboard_alone(states: States, page: Page) -> None:
    """Last: the draft then starts from the published book. One answer is left out at first, and nothing is lost."""
    sign_in(page, states.address, "manager")
    clash(page, states)
    copiers, exam = page.get_by_role("group", name="Copieurs").first, page.get_by_role("group", name="Examen")
    ours = copiers.get_by_role("radio", name="Garder ce que dit ce projet")
    reach(page, ours)
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    reach(page, page.get_by_role("button", name="Reprendre le projet"))
    page.keyboard.press("Enter")
    expect(page.get_by_text("Choisissez l'un des deux.")).to_have_count(1)
    expect(exam).to_have_accessible_description("Erreur : Choisissez l'un des deux.")
    expect(ours).to_be_checked()
    reach(page, exam.get_by_role("radio", name="Garder ce que dit ce projet"))
    page.keyboard.press("ArrowDown")
    expect(exam.get_by_role("radio", name="Prendre ce que dit le recueil publié")).to_be_checked()
    reach(page, page.get_by_role("button", name="Reprendre le projet"))
    page.keyboard.press("Enter")
    expect(page.get_by_text("Le projet part maintenant du recueil publié")).to_be_visible()
