"""The report and the pages of operation in a real browser: nothing axe finds, nothing wider than a telephone."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from router.store.engine import open_database
from router.store.watch import beat
from tests.browser.walks import sign_in, walk
from tests.databases import Databases
from tests.web import test_operations, test_reports
from tests.web.people import quick_hashes

PAGES = {
    "manager-academie": (
        "/rapport?first=2026-11-23&last=2026-11-29",
        "/rapport?first=2026-10-01&last=2026-10-31",
        "/rapport?first=2026-11-29&last=2026-11-23",
        "/rapport/dossiers?measure=received&party=departement_maintenance&first=2026-11-23&last=2026-11-29",
        "/rapport/dossiers?measure=promise_running&first=2026-11-23&last=2026-11-29",
    ),
    "administrator": ("/exploitation", "/messages"),
    "rupn": ("/messages",),
}


@pytest.fixture(scope="module")
def address(databases: Databases, serve: Callable[[Any], str]) -> Iterator[str]:
    url = databases.migrated("sqlite")
    with pytest.MonkeyPatch.context() as patch, quick_hashes():
        patch.setenv("AIGUILLAGE_SECRET_KEY", "k" * 40)
        world = test_reports.settled(open_database(url, synchronous="NORMAL"))
        with world.desk.database.writing() as session:
            beat(session, "worker-1", test_reports.NOW - timedelta(hours=3), test_reports.NOW)
            beat(
                session,
                "worker-2",
                test_reports.NOW - timedelta(hours=3),
                test_reports.NOW - timedelta(hours=1),
            )
        test_operations.fail_one(world)
        yield serve(test_reports.application(world))


@pytest.mark.parametrize("name", PAGES)
def test_on_a_desk_and_on_a_telephone(
    name: str, address: str, page: Page, phone: Page, accessible: Callable[[Page], None]
) -> None:
    walk((page, phone), address, name, PAGES[name], accessible)


def test_from_a_figure_to_its_tickets_without_scripts(address: str, page_without_scripts: Page) -> None:
    page = page_without_scripts
    sign_in(page, address, "manager")
    page.goto(f"{address}/rapport?first=2026-11-23&last=2026-11-29")
    figure = page.locator('a[href*="measure=received"]').first
    number = int(figure.inner_text())
    figure.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile(f": {number}\\s*$"))
    expect(page.locator("tbody tr")).to_have_count(number)
