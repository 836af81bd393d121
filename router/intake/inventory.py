"""Imports what Départements export of their inventory: things with a tag, in a collège, owned by somebody.

The owner decides who repairs (articles 3.1.3, 3.1.6, D211-14): an owner word nobody knows is refused, never
guessed. A thing that vanished from the file is kept and named."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from router.classify.fold import fold_text
from router.intake.columns import Column, Row, Selection, select
from router.intake.inventory_words import COLLEGE_ALONE, COLUMNS, OWNER_OPENINGS, OWNER_WORDS, ZONE_WORDS
from router.intake.lines import checked, refuse_unknown_college, unused_columns
from router.intake.mapping import OWNERS, ZONES, InventoryMapping
from router.intake.merging import Upsert
from router.intake.readable import day
from router.intake.report import ImportKind, ImportReport, Tally
from router.intake.tabular import Table
from router.model.actor import Invalid
from router.model.uai import find_uai, parse_uai
from router.store import territory
from router.store.tables import Asset

FamilyOf = Callable[[str], str | None]


@dataclass(frozen=True, slots=True)
class _Found:
    """One thing of the file, checked. `values` holds only what the file really says."""

    uai: str
    tag: str
    values: Mapping[str, Any]


def import_inventory(
    session: Session,
    table: Table,
    *,
    family_of: FamilyOf,
    at: datetime,
    mapping: InventoryMapping | None = None,
) -> ImportReport:
    """Upserts assets by (UAI, tag). `family_of`: words → a value of `product_family`, or None.

    Raises Invalid when the table has no recognisable header, or lacks a column the mapping names."""
    mapping = mapping or InventoryMapping()
    selection = select(table, _columns(mapping))
    remarks = (*table.remarks, *unused_columns(selection), *_remarks_on(selection, mapping))
    tally = Tally.opened(ImportKind.INVENTORY, remarks)
    reader = _Reader(mapping, family_of, territory.known_uais(session), tally)
    assets = checked(selection, tally, "tag", reader.check)
    _write(session, {(asset.uai, asset.tag): asset for asset in assets}, reader, at)
    return tally.report()


def _columns(mapping: InventoryMapping) -> list[Column]:
    """The columns to look for: the mapping's exact header is the only one and must be there."""
    columns = []
    for column in COLUMNS:
        if column.field in mapping.columns:
            columns.append(replace(column, headers=(mapping.columns[column.field],), required=True))
        else:
            columns.append(replace(column, required=column.required and column.field not in mapping.defaults))
    return sorted(columns, key=lambda column: column.field not in mapping.columns)


def _remarks_on(selection: Selection, mapping: InventoryMapping) -> Iterator[str]:
    if not selection.has("owner") and "owner" not in mapping.defaults:
        yield (
            "Aucune colonne ne dit le propriétaire : il reste à confirmer pour chaque matériel "
            "(ou donnez-le dans [defaults] de la correspondance)."
        )


@dataclass(slots=True)
class _Reader:
    """Reads each line in the light of the mapping and of the collèges already imported."""

    mapping: InventoryMapping
    family_of: FamilyOf
    known: frozenset[str]
    tally: Tally
    lines: dict[tuple[str, str], int] = field(default_factory=dict)
    _families: dict[str, str] = field(default_factory=dict)

    def check(self, row: Row) -> _Found:
        uai, tag = self._uai(row), row.text("tag")
        if not tag:
            raise Invalid("L'étiquette d'inventaire manque : sans elle, un matériel ne peut pas être retrouvé.")
        first = self.lines.setdefault((uai, tag), row.line)
        if first != row.line:
            raise Invalid(f"Cette étiquette est déjà à la ligne {first} : gardez une seule des deux lignes.")
        return _Found(uai, tag, self._values(row))

    def _uai(self, row: Row) -> str:
        cell = row.text("uai")
        if not cell and "uai" in self.mapping.defaults:
            uai = self.mapping.defaults["uai"]
        else:
            uai = self.mapping.colleges.get(fold_text(cell)) or parse_uai(find_uai(cell) or cell)
        refuse_unknown_college(uai, self.known)
        return uai

    def _values(self, row: Row) -> dict[str, Any]:
        values: dict[str, Any] = {
            name: row.text(name) for name in ("label", "room", "serial") if name in row.cells
        }
        for name, value in (
            ("owner", self._owner(row)),
            ("zone", self._zone(row)),
            ("product_family", self._family(row)),
        ):
            if value is not None:
                values[name] = value
        if row.text("warranty_until"):
            self._add_warranty(values, row)
        return values

    def _owner(self, row: Row) -> str | None:
        """The fact's value; None when the file doesn't say. Raises Invalid on a word nobody knows."""
        word = row.text("owner")
        if not word:
            return self.mapping.defaults.get("owner")
        value = self.mapping.owners.get(fold_text(word)) or owner_of(word)
        if value is None:
            raise Invalid(_unknown_owner(word))
        return value

    def _zone(self, row: Row) -> str | None:
        word = row.text("zone")
        if not word:
            return self.mapping.defaults.get("zone")
        folded = fold_text(word)
        value = (
            self.mapping.zones.get(folded) or ZONE_WORDS.get(folded) or (folded if folded in ZONES else None)
        )
        if value is None:
            self.tally.remark(f"Zone « {word} » inconnue, laissée de côté : ajoutez-la à [zone].", row.line)
        return value

    def _family(self, row: Row) -> str | None:
        family = next(filter(None, map(self._family_in, (row.text("product_family"), row.text("label")))), None)
        if family is None:
            self.tally.remark("Famille de produit non reconnue : complétez [family] ou le catalogue.", row.line)
        return family

    def _family_in(self, words: str) -> str:
        """The family these words name, or an empty text; each distinct text is looked up once."""
        if words not in self._families:
            family = self.mapping.families.get(fold_text(words)) or (self.family_of(words) if words else None)
            self._families[words] = family or ""
        return self._families[words]

    def _add_warranty(self, values: dict[str, Any], row: Row) -> None:
        until = day(row.text("warranty_until"))
        if until is None:
            self.tally.remark("Fin de garantie illisible (attendu : 30/06/2027), laissée de côté.", row.line)
        else:
            values["warranty_until"] = until


def owner_of(word: str) -> str | None:
    """The owner a usual word means: a value of the fact `asset_owner`, or None."""
    folded = fold_text(word)
    if folded in COLLEGE_ALONE:  # with or without agreement: the two are repaired by different parties
        return None
    if folded in OWNERS:
        return folded
    if "sans accord" in folded:
        return "etablissement"
    if "avec accord" in folded or "accord du departement" in folded:
        return "approved"
    opening = next((value for start, value in OWNER_OPENINGS.items() if folded.startswith(start)), None)
    return OWNER_WORDS.get(folded) or opening


def _unknown_owner(word: str) -> str:
    if fold_text(word) in COLLEGE_ALONE:
        return (
            f"Propriétaire « {word} » : avec ou sans l'accord du Département ? Écrivez « collège avec accord » ou "
            "« collège sans accord », ou tranchez dans la table [owner] de la correspondance."
        )
    return f"Propriétaire « {word} » inconnu : ajoutez ce mot à la table [owner] de la correspondance."


def _write(session: Session, found: Mapping[tuple[str, str], _Found], reader: _Reader, at: datetime) -> None:
    stored = territory.assets_of_colleges(session, {uai for uai, _ in reader.lines})
    refused = reader.tally.refused_identifiers()
    reader.tally.missing = tuple(
        f"{uai} {tag} {asset.label}"
        for (uai, tag), asset in stored.items()
        if (uai, tag) not in reader.lines and tag.upper() not in refused
    )
    upsert = Upsert(reader.tally, at)
    for key, asset in found.items():
        _place(upsert, asset, stored.get(key))
    territory.add_rows(session, Asset, upsert.added)
    territory.change_rows(session, Asset, upsert.altered)


def _place(upsert: Upsert, found: _Found, stored: Asset | None) -> None:
    if stored is not None:
        upsert.alter(stored, {"id": stored.id}, found.values, imported_at=upsert.at)
        return
    no_date: date | None = None
    blank: dict[str, Any] = {
        "product_family": "unknown",
        "owner": "unknown",
        "zone": "unknown",
        "room": "",
        "serial": "",
        "warranty_until": no_date,
    }
    upsert.add({"uai": found.uai, "tag": found.tag, **blank, **found.values}, imported_at=upsert.at)
