"""For which collège somebody may file, how she finds it, and what its inventory offers to choose from."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from router.classify.fold import fold_text
from router.desk.house import Desk
from router.desk.policies import InForce
from router.desk.policy import Policy
from router.model.actor import Actor, Forbidden, Invalid
from router.model.incident import UNKNOWN
from router.model.uai import parse_uai
from router.model.words import Role
from router.store import nearby, tickets
from router.store.tables import College
from router.store.tickets import CollegeHere

IN_COLLEGE = (Role.RUPN, Role.PRINCIPAL, Role.STAFF)
MOST_FOUND = 20
MAX_SEARCH = 100
_KINS = (
    frozenset({"projector", "interactive_board"}),
    frozenset({"workstation", "laptop"}),
    frozenset({"tablet", "mobile_cart"}),
    frozenset({"printer", "copier"}),
    frozenset({"server", "eole_server"}),
    frozenset({"switch", "cabling"}),
)
_LIKE_A_UAI = re.compile(r"\s*\d{6,8}\s*[A-Za-z]\s*")


@dataclass(frozen=True, slots=True)
class CollegeLine:
    uai: str
    name: str
    town: str


@dataclass(frozen=True, slots=True)
class Thing:
    """One line of the inventory; `owner` in words, `family` a value of the fact `product_family`."""

    id: int
    tag: str
    label: str
    room: str
    owner: str
    family: str = UNKNOWN


@dataclass(frozen=True, slots=True)
class Place:
    """The collège one files for, and what its inventory knows."""

    uai: str
    name: str
    town: str
    phone: str
    rooms: tuple[str, ...]
    assets: tuple[Thing, ...]
    zone: ZoneInfo | None = None  # its convention's; None when it falls under none

    def in_room(self, room: str, families: Collection[str] | None = None) -> tuple[Thing, ...]:
        """The things of a room, of some families only (None: whatever they are)."""
        if not room.strip():
            return ()
        wanted = room_key(room)
        return tuple(
            thing
            for thing in self.assets
            if room_key(thing.room) == wanted
            and (families is None or thing.family in families or thing.family == UNKNOWN)
        )

    def tagged(self, tag: str) -> Thing | None:
        return next((thing for thing in self.assets if tag.strip() and thing.tag == tag.strip()), None)


def same_room(one: str, other: str) -> bool:
    """« Salle 204 » is « 204 »."""
    return room_key(one) == room_key(other)


def looks_like(family: str) -> frozenset[str]:
    """The family and those people take for it: a projector may be said of an interactive board."""
    return frozenset({family}).union(*(kin for kin in _KINS if family in kin))


def find_colleges(desk: Desk, actor: Actor, words: str, at: datetime) -> tuple[CollegeLine, ...]:
    """Collèges of her territory by name, town or UAI, at most twenty. Raises Invalid for a mistaken UAI, saying
    which check letter it should bear."""
    words = words[:MAX_SEARCH]
    wanted = parse_uai(words) if _LIKE_A_UAI.fullmatch(words) else ""
    tokens = fold_text(words).split()
    with desk.database.reading() as session:
        books = desk.policies.in_force(session, at)
        known = [row for row in nearby.colleges(session) if _within(books, actor, row)]
    found = (
        row
        for row in known
        if (row.uai == wanted if wanted else all(token in _folded(row) for token in tokens))
    )
    return tuple(
        CollegeLine(row.uai, row.name, row.town) for row, _ in zip(found, range(MOST_FOUND), strict=False)
    )


def territory_uai(session: Session, books: InForce, actor: Actor, asked: str) -> str:
    """The UAI she files for. Raises Forbidden for a collège out of her reach, Invalid for one unknown here."""
    if actor.role in IN_COLLEGE:
        return _her_own(actor, asked)
    uai = parse_uai(asked)
    college = tickets.college(session, uai)
    if college is None:
        raise Invalid(f"Le collège {uai} n'est pas connu ici : vérifiez son numéro UAI.", "uai")
    if not _within(books, actor, college):
        raise Forbidden("Ce collège n'est pas dans votre territoire.")
    return uai


def policy_of(session: Session, books: InForce, uai: str) -> Policy:
    """What the collège's convention goes by. Raises Invalid when the collège is not known."""
    return books.of(books.convention_of(_known(session, uai)))


def own_convention(session: Session, books: InForce, actor: Actor) -> str | None:
    """The convention she works under: her account's, else that of her collège; None for whoever works under all."""
    college = tickets.college(session, actor.uai) if actor.uai else None
    return books.convention_of(college) if college else actor.convention_id


def place_of(session: Session, books: InForce, uai: str) -> Place:
    """Raises Invalid when the collège is not known."""
    college = _known(session, uai)
    convention = books.convention(books.convention_of(college))
    owners = books.of(convention.id if convention else None).book.vocabulary.facts["asset_owner"].values
    things = tuple(
        Thing(row.id, row.tag, row.label, row.room, owners.get(row.owner, ""), row.product_family)
        for row in nearby.assets(session, uai)
    )
    return Place(
        college.uai,
        college.name,
        college.town,
        college.phone,
        tuple(nearby.rooms(session, uai)),
        things,
        convention.timezone if convention else None,
    )


def _known(session: Session, uai: str) -> CollegeHere:
    college = tickets.college(session, uai)
    if college is None:
        raise Invalid(f"Le collège {uai} n'est pas connu ici : faites importer l'annuaire.", "uai")
    return college


def _her_own(actor: Actor, asked: str) -> str:
    if actor.uai is None:
        raise Forbidden("Votre compte n'est rattaché à aucun collège : demandez-le à un administrateur.")
    if asked and asked.strip().upper() != actor.uai:
        raise Forbidden("Vous ne pouvez signaler que pour votre collège.")
    return actor.uai


def _within(books: InForce, actor: Actor, college: College | CollegeHere) -> bool:
    return actor.convention_id is None or books.convention_of(college) == actor.convention_id


@lru_cache(maxsize=4096)
def room_key(room: str) -> str:
    """What two spellings of a room share. Remembered: the rooms of an inventory are the same at each look, hundreds of
    them."""
    return " ".join(word for word in fold_text(room).split() if word not in {"salle", "s"})


def _folded(college: College) -> str:
    return fold_text(f"{college.name} {college.town} {college.uai}")
