"""The inventory of a made-up collège: rooms, and what stands in them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

PEDAGOGIC, ADMINISTRATIVE = "pedagogique", "administration"
COMMON_ROOMS = (
    "CDI",
    "Salle info 1",
    "Salle info 2",
    "Labo SVT",
    "Labo physique",
    "Techno",
    "Musique",
    "Arts plastiques",
    "Salle des professeurs",
    "Vie scolaire",
    "Permanence",
    "Hall",
    "Local technique",
    "Gymnase",
)
OFFICES = ("Secrétariat", "Intendance", "Direction", "Infirmerie", "Adjoint")
SERIAL = "ABCDEFGHJKLMNPQRSTUVWXYZ0123456789"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of thing: its family, what its label reads, where it stands, its share, years of warranty."""

    family: str
    labels: tuple[str, ...]
    rooms: tuple[str, ...]
    share: int
    warranty: int


CLASSROOM = "classroom"
KINDS = (
    Kind("workstation", ("Poste fixe enseignant", "Poste fixe élève", "Poste fixe 2022", "Unité centrale compacte"),
         (CLASSROOM, "Salle info 1", "Salle info 2", "CDI", "Techno", "Vie scolaire"), 34, 4),
    Kind("workstation", ("Poste administratif", "Poste administratif double écran"), OFFICES, 6, 5),
    Kind("laptop", ("Portable de prêt", "Portable classe mobile", "Portable 14 pouces"),
         ("CDI", "Salle des professeurs", "Infirmerie", "Salle info 2"), 13, 3),
    Kind("tablet", ("Tablette 10 pouces", "Tablette élève"), ("CDI", "Labo SVT", "Salle des professeurs"), 14, 2),
    Kind("mobile_cart", ("Chariot de tablettes 16", "Classe mobile 20 portables"), ("CDI", "Labo SVT"), 1, 3),
    Kind("projector", ("Vidéoprojecteur courte focale", "Vidéoprojecteur plafond", "Vidéoprojecteur laser"),
         (CLASSROOM, CLASSROOM, "Techno", "Musique", "Arts plastiques"), 11, 3),
    Kind("interactive_board", ("Écran numérique interactif 75 pouces", "Tableau blanc interactif"),
         (CLASSROOM, "Labo physique", "Techno"), 4, 5),
    Kind("printer", ("Imprimante laser réseau", "Imprimante laser couleur"),
         ("Salle des professeurs", "Secrétariat", "Intendance", "CDI", "Vie scolaire"), 4, 2),
    Kind("copier", ("Copieur multifonction",), ("Salle des professeurs", "Secrétariat"), 1, 4),
    Kind("peripheral", ("Lecteur de code-barres", "Onduleur", "Scanner de documents", "Lot de casques"),
         ("CDI", "Intendance", "Local technique", "Salle info 1"), 3, 2),
    Kind("audio_video", ("Visualiseuse", "Enceintes amplifiées", "Caméra de visioconférence"),
         (CLASSROOM, "Musique", "Labo SVT"), 3, 2),
    Kind("technology_kit", ("Imprimante 3D", "Lot de robots programmables"), ("Techno",), 1, 2),
    Kind("display", ("Écran d'affichage du hall",), ("Hall", "Vie scolaire"), 1, 3),
    Kind("server", ("Serveur pédagogique", "Stockage réseau"), ("Local technique",), 1, 5),
    Kind("switch", ("Commutateur 24 ports", "Commutateur 48 ports PoE"), ("Local technique", "CDI"), 2, 5),
    Kind("wifi", ("Borne wifi",), (CLASSROOM, "CDI", "Hall", "Salle des professeurs"), 3, 5),
)  # fmt: skip
OWNERS: Mapping[str, int] = {"departement": 86, "approved": 4, "etablissement": 5, "etat": 3, "unknown": 2}


def assets(rng: Random, uai: str, count: int, at: datetime) -> Iterator[dict[str, Any]]:
    """`count` rows of the inventory of a collège, as of `at`."""
    classrooms = [f"{floor}{number:02}" for floor in (0, 1, 2) for number in range(1, 9)]
    kinds = rng.choices(KINDS, [kind.share for kind in KINDS], k=count)
    for number, kind in enumerate(kinds, start=1):
        room = rng.choice(kind.rooms)
        yield {
            "uai": uai,
            "tag": f"{uai[:3]}-{uai[4:7]}-{number:04}",
            "label": rng.choice(kind.labels),
            "product_family": kind.family,
            "owner": rng.choices(list(OWNERS), list(OWNERS.values()))[0],
            "zone": ADMINISTRATIVE if room in OFFICES else PEDAGOGIC,
            "room": rng.choice(classrooms) if room == CLASSROOM else room,
            "serial": "".join(rng.choices(SERIAL, k=10)),
            "warranty_until": _warranty(rng, kind, at.date()),
            "imported_at": at,
        }


def _warranty(rng: Random, kind: Kind, today: date) -> date | None:
    if rng.random() < 0.08:  # nobody wrote it down
        return None
    bought = today - timedelta(days=rng.randrange(30, 365 * 8))
    return bought + timedelta(days=365 * kind.warranty)
