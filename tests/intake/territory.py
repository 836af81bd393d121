"""A small invented territory that imports of inventory and of people lean on."""

from datetime import UTC, datetime

from router.model.uai import college_uai
from router.store.engine import Database
from router.store.tables import College

AT = datetime(2026, 11, 2, 8, 0, tzinfo=UTC)
LATER = datetime(2027, 1, 4, 8, 0, tzinfo=UTC)
NORTH = college_uai(9_019_001)
SOUTH = college_uai(9_029_001)
CONVENTIONS = {"901": "nord", "902": "sud"}


def settle(database: Database) -> None:
    """Two collèges, one per convention."""
    with database.writing() as session:
        for uai, convention in ((NORTH, "nord"), (SOUTH, "sud")):
            session.add(
                College(
                    uai=uai,
                    name="Collège des Tilleuls",
                    town="Ville-Basse",
                    postcode="90100",
                    departement=uai[:3],
                    academie="Académie-Exemple",
                    convention_id=convention,
                    state="OUVERT",
                    email="",
                    phone="",
                    directory={},
                    imported_at=AT,
                )
            )
