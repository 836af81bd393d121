"""A model learnt from the accepted corrections: built, judged against the one that speaks, put in service only when no
class of incident loses by it.

The workshop that fits a model is given: it needs scikit-learn, which no serving process has."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Protocol

from sqlalchemy.orm import Session

from router.classify.classifier import Classifier
from router.classify.corpus import CORRECTION, LabelledText
from router.classify.fold import fold_text
from router.classify.judging import Answer, Figures, Loss, answers, figures, losses
from router.classify.model import Model
from router.desk.house import Desk
from router.desk.voices import packed, shipped_version, with_model
from router.model.actor import Conflict, Invalid, NotFound
from router.model.corrections import VersionState
from router.model.words import Category
from router.store import lessons, versions
from router.store.tables import ClassifierVersion

LAST_MONTHS = timedelta(days=91)
ENOUGH = 30  # texts of a class: under it, one text more or less says nothing
SHIPPED = "livré"  # the name by which the shipped model is asked for
UNREADABLE = "La version {} ne peut pas être lue : ses poids sont abîmés, ou d'une autre version du logiciel."


class Workshop(Protocol):
    """Fits a model."""

    def version_of(self, texts: Sequence[LabelledText]) -> str:
        """A fingerprint of what would be learnt."""

    def fit(self, texts: Sequence[LabelledText], version: str) -> dict[str, Any]:
        """The document that `Model` reads."""


@dataclass(frozen=True, slots=True)
class Material:
    """What ships with the product: the texts every model learns, and those none may."""

    base: tuple[LabelledText, ...]
    frozen: tuple[LabelledText, ...]


class Verdict(StrEnum):
    NOTHING = "nothing"  # no correction accepted: the shipped model is already that
    KNOWN = "known"  # learnt already
    REFUSED = "refused"
    ACCEPTED = "accepted"


@dataclass(frozen=True, slots=True)
class Trial:
    """Both models on one set of texts, and what the candidate loses there."""

    current: Figures
    candidate: Figures
    losses: tuple[Loss, ...]


@dataclass(frozen=True, slots=True)
class Trained:
    """What came of it. `frozen` and `recent` are None when nothing was fitted; `alerts` are the tickets, among those
    lost, that few may know to be alerts."""

    verdict: Verdict
    version: str
    current: str
    texts: int
    corrections: int
    frozen: Trial | None = None
    recent: Trial | None = None
    alerts: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class _Found:
    """What is read before the long work, outside any transaction."""

    learnt: tuple[LabelledText, ...]
    recent: tuple[LabelledText, ...]
    alerts: frozenset[str]
    version: str | None
    known: VersionState | None
    name: str
    classifier: Classifier  # as it speaks now


def train(
    desk: Desk, workshop: Workshop, material: Material, at: datetime, *, dry_run: bool = False
) -> Trained:
    """Raises NoPolicy before the first publication; Conflict when another version was put in service meanwhile."""
    found = _found(desk, workshop, material, at)
    told = {
        "version": found.name,
        "current": found.classifier.model.version,
        "texts": len(material.base),
        "corrections": len(found.learnt),
    }
    if not found.learnt:
        return Trained(Verdict.NOTHING, **told)  # type: ignore[arg-type]
    if found.known in {VersionState.CURRENT, VersionState.KEPT} and not dry_run:
        return Trained(Verdict.KNOWN, **told)  # type: ignore[arg-type]
    document = workshop.fit((*material.base, *found.learnt), found.name)
    candidate = with_model(found.classifier, Model(document))
    frozen = _trial(found.classifier, candidate, material.frozen)
    recent = _trial(found.classifier, candidate, found.recent, ENOUGH)
    verdict = Verdict.REFUSED if frozen.losses or recent.losses else Verdict.ACCEPTED
    trained = Trained(verdict, **told, frozen=frozen, recent=recent, alerts=found.alerts)  # type: ignore[arg-type]
    if not dry_run:
        _keep(desk, found, trained, document, at)
    return trained


def _found(desk: Desk, workshop: Workshop, material: Material, at: datetime) -> _Found:
    with desk.database.reading() as session:
        classifier = desk.policies.in_force(session, at).national.classifier
        judged = {_key(text.subject, text.body) for text in material.frozen}
        accepted = {
            _key(each.subject, each.body): each for each in lessons.accepted(session)
        }  # the last word wins
        learnt = tuple(
            _text(f"{CORRECTION}-{each.id}", each.subject, each.body, each.chosen)
            for key, each in accepted.items()
            if key not in judged
        )
        closed = lessons.lately_closed(session, at - LAST_MONTHS)
        name = workshop.version_of((*material.base, *learnt))
        row = versions.find(session, name)
        return _Found(
            learnt,
            tuple(_text(f"dossier-{each.id}", each.subject, each.body, each.category) for each in closed),
            frozenset(f"dossier-{each.id}" for each in closed if each.alert),
            versions.current(session),
            VersionState(row.state) if row else None,
            name,
            classifier,
        )


def _key(subject: str, body: str) -> str:
    return fold_text(f"{subject} {body}")


def _text(name: str, subject: str, body: str, category: str) -> LabelledText:
    label = Category(category)
    return LabelledText(name, subject, body, label, frozenset({label}), "")


def _trial(current: Classifier, candidate: Classifier, texts: Sequence[LabelledText], least: int = 1) -> Trial:
    before: list[Answer] = answers(current, texts)
    after: list[Answer] = answers(candidate, texts)
    return Trial(figures(before), figures(after), losses(before, after, least))


def _keep(desk: Desk, found: _Found, trained: Trained, document: dict[str, Any], at: datetime) -> None:
    accepted = trained.verdict is Verdict.ACCEPTED
    weights, digest = packed(document)
    assert trained.frozen is not None and trained.recent is not None
    with desk.database.writing() as session:
        if versions.current(session) != found.version:
            raise Conflict(
                "Une autre version a été mise en service pendant l'apprentissage : rien n'a été changé. "
                "Relancez la commande, pour comparer avec elle."
            )
        values = {
            "version": found.name,
            "trained_at": at,
            "base": shipped_version(),
            "texts": trained.texts,
            "corrections": trained.corrections,
            "figures": {"frozen": _document(trained.frozen), "recent": _document(trained.recent)},
            "state": VersionState.KEPT.value if accepted else VersionState.REFUSED.value,
            "chosen_at": None,
            "chosen_by": None,
            "digest": digest,
            "weights": weights if accepted else None,
        }
        versions.add(session, values)
        if accepted:
            versions.use(session, found.name, at, "command")


def _document(trial: Trial) -> dict[str, Any]:
    """Counts only: no text, no ticket."""
    return {
        "current": _figures(trial.current),
        "candidate": _figures(trial.candidate),
        "lost": [loss.category.value for loss in trial.losses],
    }


def _figures(found: Figures) -> dict[str, Any]:
    return {
        "texts": found.texts,
        "recalls": {category.value: asdict(share) for category, share in found.recalls.items()},
        "security_precision": found.security_precision,
        "macro_f1": found.macro_f1,
    }


@dataclass(frozen=True, slots=True)
class VersionLine:
    """One version learnt here, without its weights. `shipped_since`: the product ships another model since."""

    version: str
    trained_at: datetime
    texts: int
    corrections: int
    state: VersionState
    macro_f1: float | None
    security: float | None
    shipped_since: bool


@dataclass(frozen=True, slots=True)
class Versions:
    """`speaking` is what answers now; `fallen` the version put in service that can't be read, in whose place the
    shipped model answers."""

    shipped: str
    speaking: str
    fallen: str | None
    lines: tuple[VersionLine, ...]


def known_versions(desk: Desk) -> Versions:
    """Every version, the latest first, and the one that speaks."""
    shipped = shipped_version()
    with desk.database.reading() as session:
        current = versions.current(session)
        fallen = desk.policies.voices.fallen(session)
        lines = tuple(_line(row, shipped) for row in versions.all_versions(session))
    return Versions(shipped, shipped if current is None or fallen else current, fallen, lines)


def _line(row: ClassifierVersion, shipped: str) -> VersionLine:
    found = row.figures["frozen"]["candidate"]
    security = found["recalls"][Category.SECURITY.value]
    return VersionLine(
        row.version,
        row.trained_at,
        row.texts,
        row.corrections,
        VersionState(row.state),
        found["macro_f1"],
        security["right"] / security["texts"] if security["texts"] else None,
        row.base != shipped,
    )


def use(desk: Desk, asked: str, at: datetime) -> str:
    """Puts a kept version in service, or the shipped model; returns its name. Every process follows at its next
    transaction. Raises NotFound for an unknown one, Invalid for one that can't speak."""
    shipped = shipped_version()
    with desk.database.writing() as session:
        wanted = None if asked.casefold() in {SHIPPED, "livre", shipped} else _usable(desk, session, asked)
        versions.use(session, wanted, at, "command")
    return wanted or shipped


def _usable(desk: Desk, session: Session, asked: str) -> str:
    row = versions.find(session, asked)
    if row is None:
        raise NotFound(
            f"La version {asked} n'existe pas : « aiguillage classifier versions » les donne toutes."
        )
    if row.state == VersionState.REFUSED:
        raise Invalid(
            f"La version {asked} a été refusée : une catégorie y perdait. Ses poids n'ont pas été gardés."
        )
    if desk.policies.voices.model(session, asked) is None:
        raise Invalid(UNREADABLE.format(asked))
    return asked
