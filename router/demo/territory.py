"""Settles the made-up territory in an empty database: collèges, inventory, accounts, addresses of the teams."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from random import Random
from typing import Any

from sqlalchemy.orm import Session

from router.demo import people
from router.demo.inventory import assets
from router.demo.people import DOMAIN, NORTH, SOUTH, Crowd, Person
from router.demo.words import Departement, departements, names
from router.desk.passwords import DEMO_PASSWORD, hashed
from router.model.actor import Actor
from router.model.uai import college_uai
from router.model.words import Party
from router.store import territory
from router.store.tables import AccountEvent, Asset, College

FIRST_SERIAL = 9001  # the real directory holds no serial number from here on
ACADEMIE = "Bellerive"
COMMAND = "command"


@dataclass(frozen=True, slots=True)
class Place:
    """A collège as the story needs it."""

    uai: str
    convention: str
    size: float
    assets: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Scene:
    """Where the story happens, and who is in it."""

    places: tuple[Place, ...]
    cast: tuple[Actor, ...]


def settle(session: Session, rng: Random, colleges: int, things: int, at: datetime) -> Scene:
    """Writes everything, as it was at `at`."""
    located = list(_located(colleges))
    territory.add_rows(session, College, [_college(rng, *each, at) for each in located])
    places = tuple(_places(rng, located, things, at))
    territory.add_rows(session, Asset, [row for place in places for row in place.assets])
    crowd = Crowd(rng, names())
    folk = [*people.first_college(crowd, places[0].uai, places[0].convention), *people.institutions(crowd)]
    for place in places[1:]:
        folk += people.college(crowd, rng, place.uai, place.convention)
    cast = _accounts(session, folk, at)
    for channel in _channels():
        territory.set_channel(session, **channel)
    return Scene(places, cast)


def _located(count: int) -> Iterator[tuple[Departement, str, str, str]]:
    """(Département, UAI, name, town) of each collège, half in each Département."""
    for position, departement in enumerate(departements()):
        here = count // 2 + (count % 2 if position == 0 else 0)
        for number, (name, town) in enumerate(departement.colleges[:here]):
            yield departement, college_uai(int(departement.digits) * 10_000 + FIRST_SERIAL + number), name, town


def _college(
    rng: Random, departement: Departement, uai: str, name: str, town: str, at: datetime
) -> dict[str, Any]:
    area = "03 53 01" if departement.convention == NORTH else "04 65 71"  # numbers kept for fiction
    return {
        "uai": uai,
        "name": name,
        "town": town,
        "postcode": f"{departement.postcode}{rng.randrange(100, 999)}",
        "departement": departement.digits,
        "academie": ACADEMIE,
        "convention_id": None,
        "state": "OUVERT",
        "email": f"ce.{uai.lower()}@{DOMAIN}",
        "phone": f"{area} {rng.randrange(10, 100)} {rng.randrange(10, 100)}",
        "directory": {},
        "imported_at": at,
    }


def _places(
    rng: Random, located: Sequence[tuple[Departement, str, str, str]], things: int, at: datetime
) -> Iterator[Place]:
    sizes = [2.0, *(rng.uniform(0.6, 1.6) for _ in located[1:])]  # the first is the one the demonstration shows
    left, weight = things, sum(sizes)
    for (departement, uai, _, _), size in zip(located, sizes, strict=True):
        count = round(left * size / weight)
        left, weight = left - count, weight - size
        yield Place(uai, departement.convention, size, tuple(assets(rng, uai, count, at)))


def _accounts(session: Session, folk: Sequence[Person], at: datetime) -> tuple[Actor, ...]:
    password = hashed(DEMO_PASSWORD)
    ids = territory.add_accounts(session, [_account(person, password, at) for person in folk])
    created = [
        {"account_id": key, "at": at, "actor": COMMAND, "kind": "created", "data": {"role": person.role.value}}
        for key, person in zip(ids, folk, strict=True)
    ]
    territory.add_rows(session, AccountEvent, created)
    return tuple(_actor(key, person) for key, person in zip(ids, folk, strict=True))


def _account(person: Person, password: str, at: datetime) -> dict[str, Any]:
    return {
        "email": person.email,
        "name": person.name,
        "role": person.role.value,
        "duty": person.duty.value,
        "password_hash": password,
        "party": person.party.value if person.party else None,
        "institution": person.institution.value if person.institution else None,
        "convention_id": person.convention,
        "uai": person.uai,
        "security_contact": person.security_contact,
        "coordinator": person.coordinator,
        "deputy": person.deputy,
        "active": True,
        "created_at": at,
        "signed_in_at": None,
    }


def _actor(key: int, person: Person) -> Actor:
    return Actor(
        id=key,
        name=person.name,
        email=person.email,
        role=person.role,
        duty=person.duty.value,
        party=person.party,
        institution=person.institution,
        convention_id=person.convention,
        uai=person.uai,
        security_contact=person.security_contact,
        coordinator=person.coordinator,
        deputy=person.deputy,
    )


def _channels() -> Iterator[dict[str, Any]]:
    """The teams' shared mailboxes, and where each is phoned."""
    maintenance = Party.DEPARTEMENT_MAINTENANCE.value
    for convention, short, phone in ((NORTH, "nord", "03 53 01 20 00"), (SOUTH, "sud", "04 65 71 20 00")):
        yield {
            "party": maintenance, "purpose": "desk", "convention_id": convention,
            "email": f"maintenance-{short}@{DOMAIN}", "phone": phone,
        }  # fmt: skip
    for party, short, phone in (
        (Party.ACADEMIE_DSI, "assistance", "03 53 01 30 00"),
        (Party.RSSI, "alerte", "03 53 01 30 17"),
        (Party.DPO, "donnees", "03 53 01 30 25"),
    ):
        yield {"party": party.value, "purpose": "desk", "email": f"{short}@{DOMAIN}", "phone": phone}
