"""A small invented territory, and the same few people in every test: one of each kind."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache

from sqlalchemy.orm import Session

from router.desk.accounts import actor_from
from router.desk.declaration import Declaration, Filed
from router.desk.declare import file_incident
from router.desk.house import Desk
from router.desk.policy import Policy, load_policy, read_sources
from router.model.actor import Actor
from router.model.incident import FactValue, Reporter
from router.model.uai import college_uai
from router.model.words import Channel, Institution, Party, Role
from router.settings import SHIPPED_RULES, Settings
from router.store import books
from router.store.engine import Database
from router.store.journal import Signature
from router.store.tables import Account, Asset, College, PartyChannel

MONDAY = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)  # a Monday of class, 9:30 in Paris
NORTH = college_uai(9019001)
NORTH_TOO = college_uai(9019002)
SOUTH = college_uai(9029001)


@cache
def shipped_policy() -> Policy:
    return load_policy(read_sources(SHIPPED_RULES))


@dataclass(frozen=True, slots=True)
class World:
    """The desk, and the people by a short name."""

    desk: Desk
    people: dict[str, Actor]

    def __getitem__(self, name: str) -> Actor:
        return self.people[name]

    def file(
        self,
        who: str = "rupn",
        subject: str = "Le vidéoprojecteur de la salle 204 ne s'allume plus",
        body: str = "Rien ne se passe quand on appuie sur le bouton.",
        at: datetime = MONDAY,
        *,
        asset_tag: str = "",
        facts: dict[str, FactValue] | None = None,
        external_id: str | None = None,
    ) -> Filed:
        actor = self.people[who]
        declaration = Declaration(
            uai=actor.uai or NORTH,
            reporter=Reporter(role=actor.duty, name=actor.name, email=actor.email),
            subject=subject,
            body=body,
            channel=Channel.FORM,
            asset_tag=asset_tag,
            facts=facts or {},
            reporter_id=actor.id,
            external_id=external_id,
        )
        return file_incident(self.desk, declaration, Signature(actor.signature, actor.name), at)


def settle_world(database: Database, settings: Settings | None = None) -> World:
    """Publishes the shipped book, then brings in the collèges, an asset and the people."""
    policy = shipped_policy()
    desk = Desk(database, settings or Settings(public_url="https://aiguillage.example.org"))
    with database.writing() as session:
        books.publish(
            session,
            policy.fingerprint,
            read_sources(SHIPPED_RULES),
            in_force_from=datetime(2025, 9, 1, tzinfo=UTC),
            at=datetime(2025, 9, 1, tzinfo=UTC),
            by="command",
            reason="première installation",
        )
        session.add_all(_colleges())
        session.flush()
        session.add(_projector())
        session.add_all(_channels())
        accounts = {name: an_account(name, **values) for name, values in PEOPLE.items()}
        session.add_all(accounts.values())
        session.flush()
        people = {name: actor_from(row) for name, row in accounts.items()}
    desk.policies.remember(policy)
    return World(desk, people)


def hours(number: float) -> timedelta:
    return timedelta(hours=number)


PEOPLE: dict[str, dict[str, object]] = {
    "rupn": {"role": Role.RUPN, "duty": "rupn", "party": Party.RUPN, "uai": NORTH},
    "rupn_too": {"role": Role.RUPN, "duty": "rupn", "party": Party.RUPN, "uai": NORTH_TOO},
    "rupn_south": {"role": Role.RUPN, "duty": "rupn", "party": Party.RUPN, "uai": SOUTH},
    "principal": {"role": Role.PRINCIPAL, "duty": "principal", "party": Party.PRINCIPAL, "uai": NORTH},
    "teacher": {"role": Role.STAFF, "duty": "enseignant", "uai": NORTH},
    "bursar": {"role": Role.STAFF, "duty": "gestionnaire", "uai": NORTH},
    "technician": {
        "role": Role.TECHNICIAN,
        "duty": "technicien",
        "party": Party.DEPARTEMENT_MAINTENANCE,
        "institution": Institution.DEPARTEMENT,
        "convention_id": "demo-nord",
    },
    "colleague": {
        "role": Role.TECHNICIAN,
        "duty": "technicien",
        "party": Party.DEPARTEMENT_MAINTENANCE,
        "institution": Institution.DEPARTEMENT,
        "convention_id": "demo-nord",
    },
    "technician_south": {
        "role": Role.TECHNICIAN,
        "duty": "technicien",
        "party": Party.DEPARTEMENT_MAINTENANCE,
        "institution": Institution.DEPARTEMENT,
        "convention_id": "demo-sud",
    },
    "lead": {
        "role": Role.LEAD,
        "duty": "agent_departement",
        "party": Party.DEPARTEMENT_MAINTENANCE,
        "institution": Institution.DEPARTEMENT,
        "convention_id": "demo-nord",
        "coordinator": True,
    },
    "security_contact": {
        "role": Role.LEAD,
        "duty": "agent_departement",
        "party": Party.DEPARTEMENT_MAINTENANCE,
        "institution": Institution.DEPARTEMENT,
        "convention_id": "demo-nord",
        "security_contact": True,
    },
    "dsi": {
        "role": Role.TECHNICIAN,
        "duty": "technicien",
        "party": Party.ACADEMIE_DSI,
        "institution": Institution.ACADEMIE,
    },
    "dsi_lead": {
        "role": Role.LEAD,
        "duty": "technicien",
        "party": Party.ACADEMIE_DSI,
        "institution": Institution.ACADEMIE,
        "coordinator": True,
    },
    "rssi": {"role": Role.RSSI, "duty": "technicien", "party": Party.RSSI, "institution": Institution.ACADEMIE},
    "dpo": {"role": Role.DPO, "duty": "technicien", "party": Party.DPO, "institution": Institution.ACADEMIE},
    "manager": {
        "role": Role.MANAGER,
        "duty": "agent_departement",
        "institution": Institution.DEPARTEMENT,
        "convention_id": "demo-nord",
    },
    "manager_academie": {"role": Role.MANAGER, "duty": "technicien", "institution": Institution.ACADEMIE},
    "administrator": {"role": Role.ADMINISTRATOR, "duty": "technicien"},
}


def an_account(
    name: str,
    *,
    role: Role,
    duty: str,
    party: Party | None = None,
    institution: Institution | None = None,
    convention_id: str | None = None,
    uai: str | None = None,
    security_contact: bool = False,
    coordinator: bool = False,
) -> Account:
    return Account(
        email=f"{name.replace('_', '-')}@example.org",
        name=f"Personne {name.replace('_', ' ').title()}",
        role=role.value,
        duty=duty,
        party=party.value if party else None,
        institution=institution.value if institution else None,
        convention_id=convention_id,
        uai=uai,
        security_contact=security_contact,
        coordinator=coordinator,
        active=True,
        created_at=MONDAY - timedelta(days=100),
    )


def _colleges() -> list[College]:
    return [
        College(
            uai=uai,
            name=name,
            town=town,
            postcode=f"{uai[:3]}00"[:5],
            departement=uai[:3],
            academie="Exemple",
            state="OUVERT",
            email=f"ce.{uai.lower()}@example.org",
            phone="",
            directory={},
            imported_at=MONDAY - timedelta(days=100),
        )
        for uai, name, town in (
            (NORTH, "Collège des Tilleuls", "Valbrume"),
            (NORTH_TOO, "Collège du Gué", "Pontclair"),
            (SOUTH, "Collège des Amandiers", "Rocsec"),
        )
    ]


def _projector() -> Asset:
    return Asset(
        uai=NORTH,
        tag="VP-204",
        label="Vidéoprojecteur salle 204",
        product_family="projector",
        owner="departement",
        zone="pedagogique",
        room="204",
        serial="SN-204",
        imported_at=MONDAY - timedelta(days=100),
    )


def _channels() -> list[PartyChannel]:
    desks = (
        (Party.DEPARTEMENT_MAINTENANCE, "demo-nord", "maintenance-nord@example.org"),
        (Party.DEPARTEMENT_MAINTENANCE, "demo-sud", "maintenance-sud@example.org"),
        (Party.ACADEMIE_DSI, None, "dsi@example.org"),
        (Party.RSSI, None, "rssi@example.org"),
    )
    return [
        PartyChannel(party=party.value, convention_id=convention, email=email, phone="", purpose="desk")
        for party, convention, email in desks
    ]


def notices(session: Session) -> list[tuple[str, str]]:
    """(kind, address) of every message, in order."""
    from sqlalchemy import select

    from router.store.tables import NoticeRow

    return [
        (kind, address)
        for kind, address in session.execute(select(NoticeRow.kind, NoticeRow.address).order_by(NoticeRow.id))
    ]
