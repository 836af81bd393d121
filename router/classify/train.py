"""Train the model from the labelled texts: `python -m router.classify.train`.

Needs scikit-learn, a development dependency; what it writes is read back without. Nothing here is random:
the same texts, lexicon and catalogue give the same file."""

import hashlib
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.sparse import csr_matrix
from scipy.special import expit, log_softmax, softmax
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedGroupKFold, StratifiedKFold
from sklearn.naive_bayes import ComplementNB
from sklearn.svm import LinearSVC

from router.classify.corpus import LabelledText, catalogue_entries, lexicon_sources, read_texts
from router.classify.features import Reading, read
from router.classify.lexicon import read_lexicon
from router.classify.model import FORMAT, NOTHING_BESIDE, ORDINARY, WEIGHTS, Beside, pack_rows, packed
from router.classify.needs import CALM
from router.classify.products import ProductIndex
from router.classify.vectors import Counted, Vectors, count, fit_vectors, rows_of, words_in
from router.model.words import Category

FOLDS = 5
SEED = 20261124
ABSTAINING_SHARE = 0.07
SECURITY_PRECISION = 0.87
QUIET_PRECISION = 0.85
_FEWEST_QUIET = 20  # quiet questions without which none is known: too few to learn from
SURE = 0.9  # a confidence over this…
RIGHT_WHEN_SURE = (
    0.993  # … is right this often on hands not learnt: a margin over the 99 in 100 that is promised
)
_STRENGTH = 1.0  # inverse of the penalty on the weights that separate
_TOLERANCE = 1e-2  # a hundred times finer gives the same figures for half as much time again
_SMOOTHING = 0.03  # of the counts of naive Bayes
_LIKELIHOOD = 0.35  # what naive Bayes weighs beside the separating weights


@dataclass(frozen=True, slots=True)
class Linear:
    """Logits are `matrix @ weights.T + bias`, a row per column of logits."""

    weights: np.ndarray
    bias: np.ndarray

    def logits(self, matrix: csr_matrix) -> np.ndarray:
        return np.asarray(matrix @ self.weights.T + self.bias)

    def rescaled(self, slope: float, offset: float = 0.0) -> "Linear":
        return Linear(self.weights * slope, self.bias * slope + offset)


@dataclass(frozen=True, slots=True)
class Trained:
    """How texts become vectors, linear models of them (of the ordinary categories, of security, of quiet questions
    about it), and what the second takes from beside its own weights, once calibrated."""

    vectors: Vectors
    ordinary: Linear
    security: Linear
    quiet: Linear
    beside: Beside = NOTHING_BESIDE

    def shares(self, counted: Counted) -> tuple[np.ndarray, np.ndarray]:
        """(probabilities of the four ordinary categories, probability of security) of texts counted with those it was
        fitted on."""
        found = self.logits(counted)
        beside = self.beside.highest * found.highest + self.beside.length * found.length
        return softmax(found.ordinary, axis=1), expit(found.security + beside)

    def logits(self, counted: Counted) -> "Logits":
        """What both linear models say by themselves."""
        matrix = self.vectors.transform(counted)
        return Logits(
            self.ordinary.logits(matrix),
            self.security.logits(matrix)[:, 0],
            self.quiet.logits(matrix)[:, 0],
            np.log1p(words_in(counted)),
        )


@dataclass(frozen=True, slots=True)
class Logits:
    """Of each text: the logits of the ordinary categories, of security and of quiet questions, and the logarithm of
    its words."""

    ordinary: np.ndarray
    security: np.ndarray
    quiet: np.ndarray
    length: np.ndarray

    @property
    def highest(self) -> np.ndarray:
        return np.asarray(self.ordinary.max(axis=1))


@dataclass(frozen=True, slots=True)
class Thresholds:
    """When to abstain, when the security detector decides, and when what is about security is a quiet question."""

    abstain_under: float
    security_over: float
    quiet_over: float


def read_all(texts: Sequence[LabelledText]) -> list[Reading]:
    lexicon = read_lexicon(lexicon_sources())
    index = ProductIndex(catalogue_entries(), lexicon.ordinary)
    return [read(text.subject, text.body, lexicon, index) for text in texts]


def fit(counted: Counted, texts: Sequence[LabelledText]) -> Trained:
    """Vectors and both linear models, not calibrated yet."""
    labels = [text.label for text in texts]
    vectors = fit_vectors(counted, [text.corrected for text in texts])
    matrix = vectors.transform(counted)
    kept = [i for i, label in enumerate(labels) if label is not Category.SECURITY]
    ordinary = _fit_linear(matrix[kept], np.array([ORDINARY.index(labels[i]) for i in kept]))
    security = _fit_linear(matrix, np.array([int(label is Category.SECURITY) for label in labels]))
    return Trained(vectors, ordinary, security, _fit_quiet(matrix, texts))


def _fit_quiet(matrix: csr_matrix, texts: Sequence[LabelledText]) -> Linear:
    """Of what is about security, what only asks for training, advice or data. Never, where too few are known."""
    about = [i for i, text in enumerate(texts) if text.label is Category.SECURITY]
    quiet = np.array([int(texts[i].need in CALM) for i in about])
    if not _FEWEST_QUIET <= quiet.sum() < len(quiet):
        return Linear(np.zeros((1, matrix.shape[1])), np.full(1, -10.0))
    return _fit_linear(matrix[about], quiet)


def _fit_linear(matrix: csr_matrix, classes: np.ndarray) -> Linear:
    """A separating model and naive Bayes, added: the one draws the border, the other knows what is seldom seen, and
    both are linear, hence so is their sum. (docs/classification.md compares.)"""
    separating = LinearSVC(C=_STRENGTH, tol=_TOLERANCE, class_weight="balanced", random_state=SEED)
    separating.fit(matrix, classes)
    likely = ComplementNB(alpha=_SMOOTHING).fit(matrix, classes).feature_log_prob_
    likely = likely - likely.mean(axis=0)
    if len(likely) == 2:
        likely = likely[1:]
    return Linear(separating.coef_ + _LIKELIHOOD * likely, separating.intercept_)


def fold_pairs(texts: Sequence[LabelledText]) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """(texts learnt, texts held out), every class in each fold and no hand in both; always the same cut.

    A hand judged by its own other texts looks better known than anybody who writes tomorrow."""
    labels, hands = [str(text.label) for text in texts], [text.hand for text in texts]
    if len(set(hands)) >= FOLDS:
        yield from StratifiedGroupKFold(FOLDS).split(labels, labels, hands)
    else:
        yield from StratifiedKFold(FOLDS, shuffle=True, random_state=SEED).split(labels, labels)


def out_of_fold(counted: Counted, texts: Sequence[LabelledText]) -> Logits:
    """Logits given to each text by a model that had seen neither it nor its author."""
    columns = (np.zeros(len(texts)) for _ in range(3))
    found = Logits(np.zeros((len(texts), len(ORDINARY))), *columns)
    for learnt, held in fold_pairs(texts):
        trained = fit(rows_of(counted, learnt), [texts[i] for i in learnt])
        given = trained.logits(rows_of(counted, held))
        found.ordinary[held], found.security[held] = given.ordinary, given.security
        found.quiet[held], found.length[held] = given.quiet, given.length
    return found


def calibrate(trained: Trained, unseen: Logits, texts: Sequence[LabelledText]) -> tuple[Trained, Logits]:
    """Rescale the logits so that probabilities match what unseen texts showed, then blunt them until whoever is sure
    is right: a confidence promises at least as much as it says."""
    labels = [text.label for text in texts]
    sharpness = _temperature(unseen.ordinary, labels)
    (slope, highest, length), offset = _second_look(unseen, labels)
    looked = unseen.security * slope + unseen.highest * highest + unseen.length * length + offset
    caution = _caution(unseen.ordinary * sharpness, looked, texts)
    rescaled = Trained(
        trained.vectors,
        trained.ordinary.rescaled(sharpness * caution),
        trained.security.rescaled(slope * caution, offset * caution),
        trained.quiet,
        Beside(highest / sharpness, length * caution),
    )
    return rescaled, Logits(
        unseen.ordinary * sharpness * caution, looked * caution, unseen.quiet, unseen.length
    )


def _caution(ordinary: np.ndarray, security: np.ndarray, texts: Sequence[LabelledText]) -> float:
    """The largest factor of the logits, at most 1, with which answers over SURE are right often enough."""
    for hundredths in range(100, 30, -2):
        factor = hundredths / 100
        attack = expit(security * factor)
        shares = np.column_stack([softmax(ordinary * factor, axis=1) * (1 - attack)[:, None], attack])
        sure = np.flatnonzero(shares.max(axis=1) >= SURE)
        found = [(*ORDINARY, Category.SECURITY)[best] for best in shares[sure].argmax(axis=1)]
        right = sum(category in texts[i].accept for i, category in zip(sure.tolist(), found, strict=True))
        if right >= RIGHT_WHEN_SURE * len(sure):
            return factor
    return factor


def _temperature(logits: np.ndarray, labels: Sequence[Category]) -> float:
    kept = [i for i, label in enumerate(labels) if label is not Category.SECURITY]
    columns = [ORDINARY.index(labels[i]) for i in kept]

    def loss(sharpness: float) -> float:
        return float(-log_softmax(logits[kept] * sharpness, axis=1)[range(len(kept)), columns].mean())

    return float(minimize_scalar(loss, bounds=(0.2, 20.0), method="bounded").x)


def _second_look(unseen: Logits, labels: Sequence[Category]) -> tuple[list[float], float]:
    """The line that makes a probability of the detector's logit, seen beside two things: how plainly the text is
    something else, and how long it is. (Factors of the three, offset.)"""
    line = LogisticRegression(C=1e6, max_iter=1000)
    columns = np.column_stack([unseen.security, unseen.highest, unseen.length])
    line.fit(columns, [label is Category.SECURITY for label in labels])
    return line.coef_[0].tolist(), float(line.intercept_[0])


def choose_thresholds(calibrated: Logits, texts: Sequence[LabelledText]) -> Thresholds:
    """The detector fires as early as SECURITY_PRECISION allows, a quiet question is known as early as QUIET_PRECISION
    does; people settle the most doubtful texts."""
    security = expit(calibrated.security)
    about = np.array([text.label is Category.SECURITY for text in texts])
    security_over = min(_earliest(security, about, SECURITY_PRECISION), 0.5)
    ordinary = softmax(calibrated.ordinary, axis=1).max(axis=1) * (1 - security)
    confidence = np.where(security >= security_over, security, ordinary)
    quiet = np.array([text.need in CALM for text in texts])
    quiet_over = _earliest(expit(calibrated.quiet[about]), quiet[about], QUIET_PRECISION)
    return Thresholds(float(np.quantile(confidence, ABSTAINING_SHARE)), security_over, quiet_over)


def _earliest(probabilities: np.ndarray, wanted: np.ndarray, precision: float) -> float:
    """The lowest threshold at which this share of what is over it is wanted; one half when there is none."""
    order = np.argsort(-probabilities, kind="stable")
    precise = np.cumsum(wanted[order]) / np.arange(1, len(order) + 1) >= precision
    return float(probabilities[order[np.flatnonzero(precise)[-1]]]) if precise.any() else 0.5


def train(texts: Sequence[LabelledText]) -> tuple[Trained, Thresholds]:
    """Fit, calibrate and choose thresholds, by cross-validation inside these texts."""
    counted = count(read_all(texts))
    trained, unseen = fit(counted, texts), out_of_fold(counted, texts)
    calibrated, unseen = calibrate(trained, unseen, texts)
    return calibrated, choose_thresholds(unseen, texts)


def export(trained: Trained, thresholds: Thresholds, version: str) -> dict[str, Any]:
    """The document `Model` reads."""
    weights = np.vstack([trained.ordinary.weights, trained.security.weights, trained.quiet.weights]).T
    document: dict[str, Any] = {
        "format": FORMAT,
        "version": version,
        "abstain_under": round(thresholds.abstain_under, 4),
        "security_over": round(thresholds.security_over, 4),
        "quiet_over": round(thresholds.quiet_over, 4),
        "bias": [float(each) for each in (*trained.ordinary.bias, *trained.security.bias, *trained.quiet.bias)],
        "beside": list(trained.beside),
    }
    start = 0
    for name, block in trained.vectors.blocks():
        rows = weights[start : start + len(block.names)] * block.idf[:, None]
        # What most texts say lies together in memory: found faster.
        often = np.argsort(block.idf, kind="stable")
        names = [block.names[column] for column in often.tolist()]
        numbers = np.column_stack([block.idf, rows])[often].tolist()
        document[name] = {"scale": block.scale, **pack_rows(names, numbers)}
        start += len(block.names)
    return document


def version_of(texts: Sequence[LabelledText]) -> str:
    """A short fingerprint of what the model was trained on."""
    sources = [f"{t.id}\t{t.subject}\t{t.body}\t{t.label}" for t in texts]
    sources += [f"{name}\t{text}" for name, text in lexicon_sources().items()]
    sources += [repr((e.id, e.name, e.synonyms, e.misspellings, dict(e.facts))) for e in catalogue_entries()]
    return hashlib.sha256("\n".join(sources).encode()).hexdigest()[:12]


def write(document: dict[str, Any], path: Path) -> None:
    """Write the compact file."""
    path.write_bytes(packed(document))


def main() -> None:
    warnings.simplefilter("error")
    texts = read_texts("dev") + read_texts("train")
    trained, thresholds = train(texts)
    path = Path(__file__).with_name(WEIGHTS)
    write(export(trained, thresholds, version_of(texts)), path)
    print(f"{len(texts)} texts, {path.stat().st_size / 1024:.0f} KiB, {thresholds}")


if __name__ == "__main__":
    main()
