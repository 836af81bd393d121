"""Imports the national directory `fr-en-annuaire-education`: its public collèges, open or about to close.

Its columns changed names over the years and its copies went through spreadsheets; each trap is either mended
or said with its line. What a copy lost (a column, a rounded number) never erases what is stored."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from router.classify.fold import fold_text
from router.intake.columns import Column, Row, Selection, select
from router.intake.lines import checked
from router.intake.merging import Upsert
from router.intake.readable import email_address, is_mangled, is_siret, phone_number, postcode, readable_name
from router.intake.report import ImportKind, ImportReport, Tally
from router.intake.tabular import Table
from router.model.actor import Invalid
from router.model.uai import departement_of, parse_uai, same_departement
from router.store import territory
from router.store.tables import College

STATES = {"ouvert": "OUVERT", "a fermer": "A FERMER"}

COLUMNS = (
    Column(
        "uai",
        "de l'UAI",
        ("Identifiant_de_l_etablissement", "UAI", "Code UAI", "Numero_UAI", "Numéro d'établissement", "RNE"),
        required=True,
    ),
    Column(
        "name", "du nom", ("Nom_etablissement", "Nom de l'établissement", "Appellation_officielle", "Nom"), True
    ),
    Column("type", "du type", ("Type_etablissement", "Type d'établissement", "Type"), required=True),
    Column("status", "du statut", ("Statut_public_prive", "Statut", "Secteur"), required=True),
    Column("town", "de la commune", ("Nom_commune", "Commune", "Libelle_commune", "Ville"), required=True),
    Column("state", "de l'état", ("etat", "Etat_etablissement")),
    Column("postcode", "du code postal", ("Code_postal", "CP")),
    Column("departement", "du département", ("Code_departement", "Departement")),
    Column("academie", "de l'académie", ("Libelle_academie", "Academie", "Nom_academie")),
    Column("email", "de l'adresse", ("Mail", "Courriel", "Email")),
    Column("phone", "du téléphone", ("Telephone", "Téléphone", "Tel")),
    Column("convention", "de la convention", ("Convention", "Convention_id")),
)

KEPT_ASIDE = (  # shown or counted later; column of the directory → key of college.directory
    Column("address_1", "", ("Adresse_1",)),
    Column("address_2", "", ("Adresse_2",)),
    Column("address_3", "", ("Adresse_3",)),
    Column("town_code", "", ("Code_commune",)),
    Column("web", "", ("Web",)),
    Column("siret", "", ("SIREN_SIRET",)),
    Column("priority_education", "", ("Appartenance_Education_Prioritaire",)),
    Column("segpa", "", ("Segpa",)),
    Column("ulis", "", ("ULIS",)),
    Column("latitude", "", ("latitude",)),
    Column("longitude", "", ("longitude",)),
    Column("opened_on", "", ("date_ouverture",)),
    Column("parent", "", ("etablissement_mere",)),
    Column("multi_uai", "", ("multi_uai",)),
    Column("district", "", ("libelle_bassin_formation",)),
)

OTHER_TYPE = "autre type d'établissement"
NOT_PUBLIC = "établissement privé"
NOT_OPEN = "ni OUVERT ni A FERMER"


@dataclass(frozen=True, slots=True)
class _Found:
    """One collège of the file, checked. `values` holds only what the file really says."""

    uai: str
    departement: str
    values: Mapping[str, Any]
    aside: Mapping[str, str]
    convention: str


def import_colleges(
    session: Session, table: Table, *, conventions: Mapping[str, str], at: datetime
) -> ImportReport:
    """Upserts the directory's public collèges. `conventions`: département digits → convention id.

    A collège's convention: the file's column `convention`, else what is stored, else its département's.
    Raises Invalid when the table has no recognisable header."""
    selection = select(table, (*COLUMNS, *KEPT_ASIDE))
    tally = Tally.opened(ImportKind.COLLEGES, table.remarks)
    if not selection.has("state"):
        tally.remark("Colonne « etat » absente : tous les collèges du fichier sont tenus pour ouverts.")
    found = {college.uai: college for college in _read(selection, frozenset(conventions.values()), tally)}
    _write(session, found, conventions, tally, at)
    return tally.report()


def _read(selection: Selection, conventions: frozenset[str], tally: Tally) -> Iterator[_Found]:
    lines: dict[str, int] = {}

    def check(row: Row) -> _Found:
        college = _check(row, conventions, tally)
        _refuse_repeat(lines, college.uai, row.line)
        return college

    return checked(_public_colleges(selection, tally), tally, "uai", check)


def _public_colleges(selection: Selection, tally: Tally) -> Iterator[Row]:
    for row in selection:
        if reason := _reason_to_skip(row):
            tally.read += 1
            tally.skip(reason)
        else:
            yield row


def _reason_to_skip(row: Row) -> str | None:
    if fold_text(row.text("type")) not in {"college", "colleges"}:
        return OTHER_TYPE
    if fold_text(row.text("status")) != "public":
        return NOT_PUBLIC
    if "state" in row.cells and fold_text(row.text("state")) not in STATES:
        return NOT_OPEN
    return None


def _refuse_repeat(lines: dict[str, int], uai: str, line: int) -> None:
    if uai in lines:
        raise Invalid(f"Ce collège est déjà à la ligne {lines[uai]} : gardez une seule des deux lignes.")
    lines[uai] = line


def _check(row: Row, conventions: frozenset[str], tally: Tally) -> _Found:
    uai = parse_uai(row.text("uai"))
    if not row.text("name"):
        raise Invalid("Le nom du collège manque.")
    convention = row.text("convention")
    if convention and convention not in conventions:
        raise Invalid(f"La convention « {convention} » n'est pas dans le recueil de règles en vigueur.")
    departement = departement_of(uai)
    said = same_departement(row.text("departement"))
    if said and said != departement:
        tally.remark("Le code du département contredit l'UAI : l'UAI fait foi.", row.line)
    return _Found(uai, departement, _values(row, tally), _aside(row, tally), convention)


def _values(row: Row, tally: Tally) -> dict[str, Any]:
    """What the file says of a collège, mended; what is unreadable is left out, so that it erases nothing."""
    values: dict[str, Any] = {
        "name": readable_name(row.text("name")),
        "town": readable_name(row.text("town")),
        "state": STATES.get(fold_text(row.text("state")), "OUVERT"),
    }
    if "postcode" in row.cells:
        values["postcode"] = postcode(row.text("postcode"))
    if "academie" in row.cells:
        values["academie"] = readable_name(row.text("academie"))
    if "phone" in row.cells and not is_mangled(row.text("phone")):
        values["phone"] = phone_number(row.text("phone"))
    if "email" in row.cells:
        address = email_address(row.text("email")) if row.text("email") else ""
        if address is None:
            tally.remark("Adresse électronique illisible : l'ancienne, s'il y en a une, est gardée.", row.line)
        else:
            values["email"] = address
    return values


def _aside(row: Row, tally: Tally) -> dict[str, str]:
    aside = {column.field: row.text(column.field) for column in KEPT_ASIDE if column.field in row.cells}
    for name, cell in list(aside.items()):
        if is_mangled(cell) or (name == "siret" and not is_siret(cell)):
            del aside[name]
            tally.remark(
                "Nombre abîmé par un tableur (2,1E+13), ignoré : repartez du fichier publié.", row.line
            )
    return aside


def _write(
    session: Session, found: Mapping[str, _Found], conventions: Mapping[str, str], tally: Tally, at: datetime
) -> None:
    departements = {college.departement for college in found.values()}
    stored = territory.colleges_of_departements(session, departements)
    refused = tally.refused_identifiers()
    tally.missing = tuple(
        f"{uai} {college.name}, {college.town}"
        for uai, college in stored.items()
        if uai not in found and uai not in refused
    )
    upsert = Upsert(tally, at)
    for college in found.values():
        _place(upsert, college, stored.get(college.uai), conventions)
    territory.add_rows(session, College, upsert.added)
    territory.change_rows(session, College, upsert.altered)
    uncovered = sorted(departement for departement in departements if departement not in conventions)
    if uncovered:
        tally.remark(f"Aucune convention pour le département {', '.join(uncovered)} : règles générales.")


def _place(upsert: Upsert, college: _Found, stored: College | None, conventions: Mapping[str, str]) -> None:
    by_digits = conventions.get(college.departement)
    if stored is None:
        blank = {"postcode": "", "academie": "", "email": "", "phone": ""}
        values = {
            **blank,
            **college.values,
            "departement": college.departement,
            "directory": dict(college.aside),
        }
        convention = college.convention or by_digits
        upsert.add({"uai": college.uai, **values}, convention_id=convention, imported_at=upsert.at)
        return
    values = {
        **college.values,
        "directory": {**stored.directory, **college.aside},
        "convention_id": college.convention or stored.convention_id or by_digits,
    }
    upsert.alter(stored, {"uai": college.uai}, values, imported_at=upsert.at)
