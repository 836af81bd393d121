"""Imports people: who they are, what they do, where. Accounts are created without a password; each person
chooses hers through « mot de passe oublié ». An import never disables, and never demotes an administrator."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from router.classify.fold import fold_text
from router.intake.columns import Row, select
from router.intake.lines import checked, refuse_unknown_college, unused_columns
from router.intake.merging import Upsert
from router.intake.readable import email_address
from router.intake.report import ImportKind, ImportReport, Tally
from router.intake.tabular import Table
from router.intake.users_words import COLUMNS, DUTIES, INSTITUTIONS, NO_WORDS, PARTIES, YES_WORDS, Duty
from router.model.actor import Invalid
from router.model.uai import departement_of, find_uai, parse_uai, same_departement
from router.model.words import Institution, Party, ReporterRole, Role
from router.store import territory
from router.store.tables import Account, AccountEvent

IN_A_COLLEGE = frozenset({Role.RUPN, Role.PRINCIPAL, Role.STAFF})
IN_A_TEAM = frozenset({Role.TECHNICIAN, Role.LEAD})
MARKS = ("security_contact", "coordinator", "deputy")
NEVER_RECORDED = frozenset({"name", "email"})  # the record of an account holds no personal word
COMMAND = "command"


@dataclass(frozen=True, slots=True)
class _Found:
    """One person of the file, checked. `fits`: the marks she may bear; `values` has those the file has a column for."""

    line: int
    email: str
    values: Mapping[str, Any]
    fits: Mapping[str, bool]

    def values_over(self, stored: Account | None) -> dict[str, Any]:
        """With the marks the file doesn't speak of as they were, as long as they fit what she does now."""
        kept = {name: stored is not None and getattr(stored, name) and fits for name, fits in self.fits.items()}
        return {**kept, **self.values}


@dataclass(frozen=True, slots=True)
class _Place:
    """Where somebody stands: what bounds what she sees."""

    party: Party | None
    institution: Institution | None
    convention_id: str | None
    uai: str | None = None


def import_users(
    session: Session, table: Table, *, conventions: Mapping[str, str], at: datetime, actor: str = COMMAND
) -> ImportReport:
    """Upserts accounts by e-mail address. `conventions`: département digits → convention id.

    Each act on an account is recorded under `actor`. Raises Invalid without a recognisable header."""
    selection = select(table, COLUMNS)
    tally = Tally.opened(ImportKind.USERS, (*table.remarks, *unused_columns(selection)))
    marks = tuple(filter(selection.has, MARKS))
    reader = _Reader(conventions, territory.college_conventions(session), marks, tally)
    _write(session, list(checked(selection, tally, "email", reader.check)), Upsert(tally, at), actor)
    return tally.report()


@dataclass(slots=True)
class _Reader:
    """Reads each line in the light of the collèges and conventions already there."""

    conventions: Mapping[str, str]
    colleges: Mapping[str, str | None]
    marks: tuple[str, ...]
    tally: Tally
    lines: dict[str, int] = field(default_factory=dict)

    def check(self, row: Row) -> _Found:
        email = _email(row)
        first = self.lines.setdefault(email, row.line)
        if first != row.line:
            raise Invalid(f"Cette adresse est déjà à la ligne {first} : une personne, une ligne.")
        duty = _duty(row)
        place = (
            self._in_a_college(row, duty) if duty.role in IN_A_COLLEGE else self._in_an_institution(row, duty)
        )
        fits = {
            "security_contact": place.party is Party.DEPARTEMENT_MAINTENANCE,
            "coordinator": place.uai is None,
            "deputy": duty.role is Role.RUPN,
        }
        marked = {name: _flag(row, name) and fits[name] for name in self.marks}
        return _Found(row.line, email, self._values(row, duty, place) | marked, fits)

    def _values(self, row: Row, duty: Duty, place: _Place) -> dict[str, Any]:
        return {
            "name": _name(row),
            "role": duty.role.value,
            "duty": _reporter(duty, place).value,
            "party": place.party.value if place.party else None,
            "institution": place.institution.value if place.institution else None,
            "convention_id": place.convention_id,
            "uai": place.uai,
        }

    def _in_a_college(self, row: Row, duty: Duty) -> _Place:
        cell = row.text("uai")
        if not cell:
            raise Invalid(f"« {row.text('role')} » travaille dans un collège : donnez son UAI.")
        uai = parse_uai(find_uai(cell) or cell)
        refuse_unknown_college(uai, self.colleges)
        convention = self.colleges[uai] or self.conventions.get(departement_of(uai))
        return _Place(duty.party, Institution.COLLEGE, convention, uai)

    def _in_an_institution(self, row: Row, duty: Duty) -> _Place:
        party = _team(row) if duty.role in IN_A_TEAM else duty.party
        institution = _institution(row, party)
        return _Place(party, institution, self._convention(row.text("convention"), institution))

    def _convention(self, cell: str, institution: Institution | None) -> str | None:
        """The convention that bounds what she sees. Somebody of a Département sees one, never all by default."""
        known = sorted(set(self.conventions.values()))
        listed = ", ".join(known) or "aucune"
        if cell:
            found = cell if cell in known else self.conventions.get(same_departement(cell))
            if found is None:
                raise Invalid(f"Convention « {cell} » inconnue. Conventions en vigueur : {listed}.")
            return found
        if institution is not Institution.DEPARTEMENT:
            return None
        if len(known) != 1:
            raise Invalid(f"Dites de quelle convention relève cet agent du Département : {listed}.")
        return known[0]


def _email(row: Row) -> str:
    email = email_address(row.text("email"))
    if email is None:
        raise Invalid(
            f"« {row.text('email')} » n'est pas une adresse électronique : nom@domaine.fr est attendu."
        )
    return email


def _name(row: Row) -> str:
    name = " ".join(filter(None, (row.text("first_name"), row.text("name"))))
    if not name:
        raise Invalid("Le nom de la personne manque.")
    return name


def _duty(row: Row) -> Duty:
    word = row.text("role")
    duty = DUTIES.get(fold_text(word))
    if duty is None:
        said = f"Fonction « {word} » inconnue" if word else "La fonction manque"
        raise Invalid(
            f"{said} : par exemple RUPN, principal, enseignant, technicien, responsable, RSSI, pilote."
        )
    return duty


def _team(row: Row) -> Party:
    word = row.text("party")
    party = PARTIES.get(fold_text(word))
    if party is None:
        said = f"Équipe « {word} » inconnue" if word else "L'équipe manque"
        raise Invalid(f"{said} : écrivez « Département, maintenance » ou « Académie, DSI et DRANE ».")
    return party


def _institution(row: Row, party: Party | None) -> Institution | None:
    """That of the team when there is one; else what the file says, None being both."""
    if party is Party.DEPARTEMENT_MAINTENANCE:
        return Institution.DEPARTEMENT
    if party in {Party.ACADEMIE_DSI, Party.RSSI}:
        return Institution.ACADEMIE
    word = fold_text(row.text("institution"))
    if word and word not in INSTITUTIONS:
        raise Invalid(
            f"Institution « {row.text('institution')} » inconnue : Département, académie, ou les deux."
        )
    return INSTITUTIONS.get(word)


def _reporter(duty: Duty, place: _Place) -> ReporterRole:
    """How the rules see her when she files herself."""
    if duty.reporter is not None:
        return duty.reporter
    if duty.role in IN_A_TEAM or place.institution is not Institution.DEPARTEMENT:
        return ReporterRole.TECHNICIEN
    return ReporterRole.AGENT_DEPARTEMENT


def _flag(row: Row, name: str) -> bool:
    word = fold_text(row.text(name))
    if word not in YES_WORDS and word not in NO_WORDS:
        raise Invalid(f"« {row.text(name)} » : répondez par oui ou par non.")
    return word in YES_WORDS


def _write(session: Session, found: list[_Found], upsert: Upsert, actor: str) -> None:
    stored = territory.accounts_by_email(session, (person.email for person in found))
    changes = dict(filter(None, (_place(upsert, person, stored.get(person.email)) for person in found)))
    created = territory.add_accounts(session, upsert.added)
    territory.change_rows(session, Account, upsert.altered)
    events = [("created", key, {"role": row["role"]}) for key, row in zip(created, upsert.added, strict=True)]
    events += [("changed", key, change) for key, change in changes.items()]
    territory.add_rows(
        session,
        AccountEvent,
        [
            {"account_id": key, "at": upsert.at, "actor": actor, "kind": kind, "data": data}
            for kind, key, data in events
        ],
    )


def _place(upsert: Upsert, person: _Found, stored: Account | None) -> tuple[int, dict[str, Any]] | None:
    """Adds or changes one account; for a change, the account's id and its trace."""
    if stored is None:
        _add(upsert, person)
        return None
    if stored.role == Role.ADMINISTRATOR.value != person.values["role"]:
        sentence = "Ce compte est celui d'un administrateur : changez son rôle à la main, pas par un fichier."
        upsert.tally.refuse(person.line, person.email, sentence)
        return None
    if not stored.active:
        upsert.tally.remark("Compte désactivé : mis à jour, laissé désactivé.", person.line)
    values = person.values_over(stored)
    before = {name: getattr(stored, name) for name in values}
    upsert.alter(stored, {"id": stored.id}, values)
    trace = {
        name: [] if name in NEVER_RECORDED else [before[name], value]
        for name, value in values.items()
        if before[name] != value
    }
    return (stored.id, trace) if trace else None


def _add(upsert: Upsert, person: _Found) -> None:
    upsert.add(
        {"email": person.email, **person.values_over(None)},
        password_hash=None,
        active=True,
        created_at=upsert.at,
        signed_in_at=None,
    )
