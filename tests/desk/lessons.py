"""A small workshop for the tests of learning: the real training, on few texts, each set of them fitted once."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from router.classify.corpus import LabelledText, read_texts
from router.classify.train import export, train, version_of
from router.desk.learning import Material
from router.desk.voices import packed
from router.model.corrections import CorrectionState
from router.model.words import Category
from router.store import corrections, versions
from router.store.engine import Database
from tests.desk.world import MONDAY

_FITTED: dict[str, dict[str, Any]] = {}
ZORGLUBS = (
    "Le zorglub du CDI clignote en rouge",
    "Plus de zorglub en salle 12 depuis ce matin",
    "zorglub hs au bâtiment B",
    "Le zorglub de l'étage ne répond pas",
    "Impossible de joindre le zorglub du hall",
    "Le zorglub de la salle des professeurs est tombé",
    "zorglub éteint, personne n'avance",
    "Encore le zorglub du rez-de-chaussée ce midi",
)
UNSEEN_ZORGLUBS = ("Le zorglub du gymnase est rouge", "zorglub muet en salle 31")
WIFIS = (
    "Le wifi coupe en salle 14",
    "Plus de wifi au CDI",
    "Le wifi de la salle 8 est très lent",
    "wifi coupé au deuxième étage",
    "Le wifi ne s'accroche plus en salle 3",
    "Pas de wifi dans le hall depuis hier",
    "le wifi rame toute la matinée",
    "Wifi indisponible en salle polyvalente",
)


class Workshop:
    """As the command's, remembering what it has fitted."""

    def version_of(self, texts: Sequence[LabelledText]) -> str:
        return version_of(texts)

    def fit(self, texts: Sequence[LabelledText], version: str) -> dict[str, Any]:
        if version not in _FITTED:
            _FITTED[version] = export(*train(texts), version)
        return _FITTED[version]


def labelled(name: str, subject: str, category: Category) -> LabelledText:
    return LabelledText(name, subject, "", category, frozenset({category}), "")


def small_material() -> Material:
    """Eighteen texts of each category to learn; to judge, wifi texts and a machine nobody has heard of."""
    base: list[LabelledText] = []
    for category in Category:
        base += [text for text in read_texts("dev") if text.label is category][:18]
    frozen = [labelled(f"wifi-{n}", f"{each} encore", Category.NETWORK) for n, each in enumerate(WIFIS)]
    frozen += [
        labelled(f"zorglub-{n}", each, Category.METIER_SOFTWARE) for n, each in enumerate(UNSEEN_ZORGLUBS)
    ]
    return Material(tuple(base), tuple(frozen))


def speak_small(database: Database, material: Material, at: datetime = MONDAY) -> str:
    """Puts in service a model of the small base alone, so that a candidate of the same size can be compared."""
    workshop = Workshop()
    name = workshop.version_of(material.base)
    weights, digest = packed(workshop.fit(material.base, name))
    with database.writing() as session:
        versions.add(session, a_version(name, at, weights=weights, digest=digest))
        versions.use(session, name, at, "command")
    return name


def a_version(name: str, at: datetime = MONDAY, **said: Any) -> dict[str, Any]:
    nothing = {
        "recalls": {each.value: {"right": 0, "texts": 0} for each in Category},
        "macro_f1": None,
        "security_precision": None,
        "texts": 0,
    }
    return {
        "version": name,
        "trained_at": at,
        "base": "shipped",
        "texts": 90,
        "corrections": 0,
        "figures": {"frozen": {"candidate": nothing}},
        "state": "kept",
        "chosen_at": None,
        "chosen_by": None,
        "digest": "",
        "weights": None,
    } | said


def correct_to(
    database: Database,
    ticket: int,
    subjects: Sequence[str],
    category: Category,
    state: CorrectionState = CorrectionState.ACCEPTED,
    suggested: Category = Category.HARDWARE,
    at: datetime = MONDAY,
    **said: Any,
) -> None:
    """Corrections of that many texts, all of one ticket."""
    with database.writing() as session:
        for subject in subjects:
            values = {
                "ticket_id": ticket,
                "at": at,
                "gesture": "corrected",
                "channel": "form",
                "role": "technician",
                "suggested": suggested.value,
                "confidence": 0.5,
                "chosen": category.value,
                "product_suggested": "",
                "product": "",
                "version": "one",
                "subject": subject,
                "body": "",
                "state": state.value,
            }
            corrections.add(session, values | said)
