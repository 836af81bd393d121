"""Stocks the house from files: collèges, inventory, people, school calendar.

One file, one transaction: all its good lines or none."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import assert_never

from router.classify.products import find_products
from router.desk.calendar_import import import_calendar
from router.desk.house import Desk
from router.desk.policy import Policy
from router.intake.colleges import import_colleges
from router.intake.inventory import FamilyOf, import_inventory
from router.intake.mapping import InventoryMapping, load_mapping
from router.intake.report import ImportKind, ImportReport
from router.intake.tabular import read_file
from router.intake.users import COMMAND, import_users
from router.model.actor import Invalid
from router.model.incident import UNKNOWN
from router.model.uai import same_departement
from router.rulebook.entries import Convention


def import_file(
    desk: Desk,
    kind: ImportKind,
    path: Path,
    at: datetime,
    mapping: Path | None = None,
    actor: str = COMMAND,
    zones: Collection[str] = (),
) -> ImportReport:
    """Imports what the file holds, in the light of the book in force at `at`. `actor` signs the accounts' records;
    `zones` are those wanted of a school calendar, all of them when none is named.

    Raises a Refused kind, in French, when the file or the mapping can't be read at all; then nothing is written."""
    if mapping is not None and kind is not ImportKind.INVENTORY:
        raise Invalid("Une correspondance ne sert qu'à l'import d'un inventaire.", "mapping")
    if kind is ImportKind.CALENDAR:
        return import_calendar(desk, path, at, zones)
    if zones:
        raise Invalid("Une zone ne se choisit qu'à l'import du calendrier scolaire.", "zone")
    table = read_file(path)
    with desk.database.writing() as session:
        books = desk.policies.in_force(session, at)
        conventions = conventions_of(books.conventions.values())
        match kind:
            case ImportKind.COLLEGES:
                return import_colleges(session, table, conventions=conventions, at=at)
            case ImportKind.INVENTORY:
                meaning, family_of = _mapping(mapping, books.national), family_finder(books.national)
                return import_inventory(session, table, family_of=family_of, at=at, mapping=meaning)
            case ImportKind.USERS:
                return import_users(session, table, conventions=conventions, at=at, actor=actor)
        assert_never(kind)


def conventions_of(conventions: Iterable[Convention]) -> Mapping[str, str]:
    """Département code (35, 2A, 974) → the convention that covers it."""
    return {
        same_departement(code): convention.id for convention in conventions for code in convention.departements
    }


def family_finder(policy: Policy) -> FamilyOf:
    """Reads a product family in the words of an inventory, through the catalogue."""

    def family_of(words: str) -> str | None:
        for mention in find_products(policy.classifier.index, words):
            family = mention.facts.get("product_family", UNKNOWN)
            if family != UNKNOWN:
                return str(family)
        return None

    return family_of


def _mapping(path: Path | None, policy: Policy) -> InventoryMapping | None:
    if path is None:
        return None
    try:
        content = path.read_bytes()
    except OSError as error:
        raise Invalid(
            f"La correspondance {path.name} ne peut pas être lue à l'endroit donné.", "mapping"
        ) from error
    families = policy.book.vocabulary.facts["product_family"].values
    return load_mapping(content, path.name, frozenset(map(str, families)))
