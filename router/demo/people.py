"""The people of the demonstration: one of each role with an address easy to type, and everybody else."""

import re
import unicodedata
from dataclasses import dataclass
from random import Random

from router.demo.words import Names, names
from router.model.words import Institution, Party, ReporterRole, Role

DOMAIN = "example.org"
NORTH, SOUTH = "demo-nord", "demo-sud"
TECHNICIANS = 6
STAFF = (
    ReporterRole.ENSEIGNANT,
    ReporterRole.GESTIONNAIRE,
    ReporterRole.VIE_SCOLAIRE,
    ReporterRole.ENSEIGNANT,
    ReporterRole.ENSEIGNANT,
)
SOME_STAFF = (ReporterRole.SANTE_SOCIAL, ReporterRole.AESH, ReporterRole.AGENT_DEPARTEMENT)


@dataclass(frozen=True, slots=True)
class Person:
    """An account to be. `label` is what the demonstration says of the accounts it shows, empty for the others."""

    name: str
    email: str
    role: Role
    duty: ReporterRole
    party: Party | None = None
    institution: Institution | None = None
    convention: str | None = None
    uai: str | None = None
    security_contact: bool = False
    coordinator: bool = False
    deputy: bool = False
    label: str = ""


class Crowd:
    """Draws names, never giving one address twice."""

    def __init__(self, rng: Random, names: Names) -> None:
        self._rng = rng
        self._names = names
        self._taken: set[str] = set()

    def person(self, short: str = "") -> tuple[str, str]:
        """A name, and an address: made of the name, unless a short one is given."""
        while True:
            first, last = self._rng.choice(self._names.first), self._rng.choice(self._names.last)
            email = f"{_plain(first)}.{_plain(last)}@{DOMAIN}"
            if email not in self._taken:
                self._taken.add(email)
                return f"{first} {last}", f"{short}@{DOMAIN}" if short else email


def shown_accounts() -> list[tuple[str, str]]:
    """(address, label) of the accounts the demonstration shows; the names drawn for them don't matter."""
    crowd = Crowd(Random(0), names())  # noqa: S311  # a story, no secret
    folk = [*first_college(crowd, "", NORTH), *institutions(crowd)]
    return [(person.email, person.label) for person in folk if person.label]


def first_college(crowd: Crowd, uai: str, convention: str) -> list[Person]:
    """The collège whose people the demonstration shows."""
    shown = (
        ("rupn", Role.RUPN, ReporterRole.RUPN, "RUPN (référent numérique) d'un collège"),
        ("suppleant", Role.RUPN, ReporterRole.RUPN, "RUPN suppléant du même collège"),
        ("principal", Role.PRINCIPAL, ReporterRole.PRINCIPAL, "Direction du même collège"),
        ("enseignant", Role.STAFF, ReporterRole.ENSEIGNANT, "Enseignant du même collège"),
        ("gestionnaire", Role.STAFF, ReporterRole.GESTIONNAIRE, "Gestionnaire du même collège"),
        ("vie-scolaire", Role.STAFF, ReporterRole.VIE_SCOLAIRE, "Vie scolaire du même collège"),
    )
    return [
        _at_college(crowd.person(short), role, duty, uai, convention, label, deputy=short == "suppleant")
        for short, role, duty, label in shown
    ]


def college(crowd: Crowd, rng: Random, uai: str, convention: str) -> list[Person]:
    """A collège's RUPN, principal, and some of its staff. One in two has named a deputy to its RUPN."""
    staff = [*STAFF, *(duty for duty in SOME_STAFF if rng.random() < 0.5)]
    heads = ((Role.RUPN, ReporterRole.RUPN), (Role.PRINCIPAL, ReporterRole.PRINCIPAL))
    posts = [*heads, *((Role.STAFF, duty) for duty in staff)]
    folk = [_at_college(crowd.person(), role, duty, uai, convention) for role, duty in posts]
    if rng.random() < 0.5:
        folk.append(_at_college(crowd.person(), Role.RUPN, ReporterRole.RUPN, uai, convention, deputy=True))
    return folk


def institutions(crowd: Crowd) -> list[Person]:
    """Both Départements' teams, the académie's, those who pilot, and who administers."""
    return [
        *_departement(crowd, NORTH, "nord", "du Val-Nord"),
        *_departement(crowd, SOUTH, "sud", "du Val-Sud"),
        *_academie(crowd),
        *_pilots(crowd),
        _person(
            crowd.person("administration"), Role.ADMINISTRATOR, ReporterRole.TECHNICIEN,
            label="Administration des comptes",
        ),
    ]  # fmt: skip


def _departement(crowd: Crowd, convention: str, short: str, of: str) -> list[Person]:
    def member(
        address: str, role: Role, label: str = "", *, security: bool = False, coordinates: bool = False
    ) -> Person:
        return _person(
            crowd.person(address), role, ReporterRole.TECHNICIEN, Party.DEPARTEMENT_MAINTENANCE,
            Institution.DEPARTEMENT, convention, label=label, security_contact=security, coordinator=coordinates,
        )  # fmt: skip

    return [
        member(f"technicien-{short}", Role.TECHNICIAN, f"Technicien du Département {of}"),
        member(
            f"responsable-{short}",
            Role.LEAD,
            f"Responsable et coordinateur du Département {of}",
            coordinates=True,
        ),
        member(f"securite-{short}", Role.LEAD, f"Contact de sécurité du Département {of}", security=True),
        *(member("", Role.TECHNICIAN) for _ in range(TECHNICIANS - 1)),
    ]


def _academie(crowd: Crowd) -> list[Person]:
    dsi, academie, duty = Party.ACADEMIE_DSI, Institution.ACADEMIE, ReporterRole.TECHNICIEN
    return [
        _person(crowd.person("dsi"), Role.TECHNICIAN, duty, dsi, academie, label="Technicien de la DSI"),
        _person(
            crowd.person("responsable-dsi"), Role.LEAD, duty, dsi, academie,
            coordinator=True, label="Responsable et coordinateur de la DSI",
        ),
        *(_person(crowd.person(), Role.TECHNICIAN, duty, dsi, academie) for _ in range(TECHNICIANS - 2)),
        _person(crowd.person("rssi"), Role.RSSI, duty, Party.RSSI, academie, label="RSSI de l'académie"),
        _person(crowd.person("dpo"), Role.DPO, duty, Party.DPO, academie, label="Délégué à la protection des données"),
    ]  # fmt: skip


def _pilots(crowd: Crowd) -> list[Person]:
    duty, departement = ReporterRole.AGENT_DEPARTEMENT, Institution.DEPARTEMENT
    manager = Role.MANAGER
    return [
        _person(crowd.person("pilote"), manager, duty, label="Pilote des deux institutions"),
        _person(crowd.person("pilote-nord"), manager, duty, None, departement, NORTH, label="Pilote du Val-Nord"),
        _person(crowd.person("pilote-sud"), manager, duty, None, departement, SOUTH, label="Pilote du Val-Sud"),
        _person(
            crowd.person("pilote-academie"), manager, ReporterRole.TECHNICIEN, None, Institution.ACADEMIE,
            label="Pilote de l'académie",
        ),
    ]  # fmt: skip


def _person(
    named: tuple[str, str],
    role: Role,
    duty: ReporterRole,
    party: Party | None = None,
    institution: Institution | None = None,
    convention: str | None = None,
    *,
    label: str = "",
    security_contact: bool = False,
    coordinator: bool = False,
) -> Person:
    return Person(
        *named, role, duty, party, institution, convention,
        security_contact=security_contact, coordinator=coordinator, label=label,
    )  # fmt: skip


def _at_college(
    named: tuple[str, str],
    role: Role,
    duty: ReporterRole,
    uai: str,
    convention: str,
    label: str = "",
    *,
    deputy: bool = False,
) -> Person:
    party = {Role.RUPN: Party.RUPN, Role.PRINCIPAL: Party.PRINCIPAL}.get(role)
    return Person(*named, role, duty, party, Institution.COLLEGE, convention, uai, deputy=deputy, label=label)


def _plain(word: str) -> str:
    folded = unicodedata.normalize("NFKD", word).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z]", "", folded)
