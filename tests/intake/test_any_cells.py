"""Whatever the cells under a good header, an import ends with a report whose counts add up."""

from collections.abc import Callable, Iterator
from functools import partial

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis.strategies import characters, lists, sampled_from, text, tuples
from sqlalchemy.orm import Session

from router.intake.colleges import import_colleges
from router.intake.inventory import import_inventory
from router.intake.report import ImportReport
from router.intake.tabular import Table, read_table
from router.intake.users import import_users
from router.model.actor import Refused
from router.store.engine import Database, create_engine_from
from router.store.tables import Base
from tests.intake.files import csv_bytes
from tests.intake.territory import AT, CONVENTIONS, NORTH, settle

Import = Callable[[Session, Table], ImportReport]

IMPORTS: list[tuple[tuple[str, ...], Import]] = [
    (
        (
            "UAI",
            "Nom",
            "Type",
            "Statut",
            "Commune",
            "etat",
            "Code_departement",
            "Mail",
            "Telephone",
            "Code_postal",
        ),
        partial(import_colleges, conventions=CONVENTIONS, at=AT),
    ),
    (
        ("UAI", "Étiquette", "Désignation", "Propriétaire", "Zone", "Salle", "Famille", "Fin de garantie"),
        partial(import_inventory, family_of=lambda words: None, at=AT),
    ),
    (
        ("Nom", "Email", "Fonction", "UAI", "Équipe", "Institution", "Convention", "Contact sécurité"),
        partial(import_users, conventions=CONVENTIONS, at=AT),
    ),
]
WORDS = [
    NORTH,
    "0352958B",
    "Collège",
    "Public",
    "OUVERT",
    "Département",
    "RUPN",
    "a@example.org",
    "30/06/2027",
    "oui",
]
CELL = sampled_from(WORDS) | text(characters(exclude_categories=("Cs",)), max_size=12)


class _Undone(Exception):
    """Rolls an example back, so that each starts from the same territory."""


@pytest.fixture(scope="module")
def sqlite() -> Iterator[Database]:
    engine = create_engine_from("sqlite://", synchronous="NORMAL")
    Base.metadata.create_all(engine)
    database = Database(engine)
    settle(database)
    yield database
    engine.dispose()


@pytest.mark.parametrize(("header", "run"), IMPORTS, ids=["colleges", "inventory", "users"])
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=lists(tuples(*[CELL] * 8), max_size=8))
def test_any_cells_give_a_report_or_a_refusal(
    sqlite: Database, header: tuple[str, ...], run: Import, rows: list[tuple[str, ...]]
) -> None:
    try:
        table = read_table(csv_bytes([header, *rows]), "bruit.csv")
        with sqlite.writing() as session:
            report = run(session, table)
            raise _Undone
    except Refused as refusal:
        assert refusal.message
    except _Undone:
        assert report.read == report.kept + len(report.refused) + sum(report.skipped.values())
        assert report.kept == report.created + report.changed + report.unchanged
        assert report.text().endswith("\n")
