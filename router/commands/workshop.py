"""Where a model is fitted: the only door to what needs scikit-learn, which a serving machine doesn't have.

Opened when it is used, never when this file is read."""

from collections.abc import Sequence
from types import ModuleType
from typing import Any

import click

from router.classify.corpus import CORPUS, LabelledText, read_texts
from router.desk.learning import Material

BASE, FROZEN = ("dev", "train"), ("test", "held_out")
NEEDED = ("sklearn", "scipy", "numpy")
MISSING = (
    "l'apprentissage a besoin de scikit-learn, qui n'est pas installé sur cette machine (le service, lui, n'en a pas "
    "besoin). Dans le dossier d'Aiguillage, lancez :\n"
    "  .venv/bin/python -m pip install --require-hashes -r requirements-train.lock\n"
    "ou apprenez sur une autre machine qui lit la même base."
)
NO_CORPUS = (
    "le dossier « corpus » du logiciel manque ({}) : l'apprentissage part de ses textes. Remettez-le depuis la même "
    "version du logiciel."
)


class SklearnWorkshop:
    """The training of this release. Raises UsageError when scikit-learn isn't installed."""

    def __init__(self) -> None:
        self._train = _opened()

    def version_of(self, texts: Sequence[LabelledText]) -> str:
        found: str = self._train.version_of(texts)
        return found

    def fit(self, texts: Sequence[LabelledText], version: str) -> dict[str, Any]:
        document: dict[str, Any] = self._train.export(*self._train.train(texts), version)
        return document


def _opened() -> ModuleType:
    try:
        from router.classify import train
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in NEEDED:
            raise
        raise click.UsageError(MISSING) from error
    return train


def shipped_material() -> Material:
    """The texts of this release. Raises UsageError when they aren't there."""
    try:
        base = [text for name in BASE for text in read_texts(name)]
        frozen = [text for name in FROZEN for text in read_texts(name)]
    except FileNotFoundError as error:
        raise click.UsageError(NO_CORPUS.format(CORPUS)) from error
    return Material(tuple(base), tuple(frozen))
