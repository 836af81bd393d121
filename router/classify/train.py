"""Train the model from the labelled texts: `python -m router.classify.train`.

Needs scikit-learn, a development dependency; what it writes is read back without. Nothing here is random:
the same texts, lexicon and catalogue give the same file."""

import gzip
import hashlib
import json
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.sparse import csr_matrix, hstack
from scipy.special import expit, log_softmax, softmax
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold

from router.classify.corpus import LabelledText, catalogue_entries, lexicon_sources, read_texts
from router.classify.features import Reading, letter_features, letter_grams, read, sign_features, word_features
from router.classify.lexicon import read_lexicon
from router.classify.model import FORMAT, ORDINARY, WEIGHTS, pack_floats
from router.classify.products import ProductIndex
from router.model.words import Category

FOLDS = 5
SEED = 20261124
ABSTAINING_SHARE = 0.06
SECURITY_PRECISION = 0.85
_MIN_TEXTS = {"letters": 2, "words": 2, "signs": 1}  # a feature seen in one text only is noise
_SCALES = {"letters": 1.0, "words": 1.0, "signs": 0.3}
_STRENGTH = 5.0  # inverse of the penalty on weights
_TOLERANCE = 1e-4


def _letters(reading: Reading) -> list[str]:
    return [gram for _, word in letter_features(reading) for gram in letter_grams(word)]


def _words(reading: Reading) -> list[str]:
    return [feature.name for feature in word_features(reading)]


def _signs(reading: Reading) -> list[str]:
    return [feature.name for feature in sign_features(reading)]


ANALYSERS: dict[str, Callable[[Reading], list[str]]] = {"letters": _letters, "words": _words, "signs": _signs}


@dataclass(frozen=True, slots=True)
class Trained:
    """Vectorizers and linear models of scikit-learn; the models are calibrated by rescaling their logits."""

    vectorizers: dict[str, TfidfVectorizer]
    ordinary: LogisticRegression
    security: LogisticRegression

    def matrix(self, readings: Sequence[Reading]) -> csr_matrix:
        parts = [self.vectorizers[name].transform(readings) * _SCALES[name] for name in ANALYSERS]
        return csr_matrix(hstack(parts))

    def shares(self, readings: Sequence[Reading]) -> tuple[np.ndarray, np.ndarray]:
        """(probabilities of the four ordinary categories, probability of security)."""
        matrix = self.matrix(readings)
        return self.ordinary.predict_proba(matrix), self.security.predict_proba(matrix)[:, 1]


@dataclass(frozen=True, slots=True)
class Thresholds:
    """When to abstain, and when the security detector decides."""

    abstain_under: float
    security_over: float


def read_all(texts: Sequence[LabelledText]) -> list[Reading]:
    lexicon = read_lexicon(lexicon_sources())
    index = ProductIndex(catalogue_entries(), lexicon.ordinary)
    return [read(text.subject, text.body, lexicon, index) for text in texts]


def fit(readings: Sequence[Reading], labels: Sequence[Category]) -> Trained:
    """Vectorizers and both linear models, not calibrated yet."""
    vectorizers = {name: _vectorizer(name).fit(readings) for name in ANALYSERS}
    parts = [vectorizers[name].transform(readings) * _SCALES[name] for name in ANALYSERS]
    matrix = csr_matrix(hstack(parts))
    kept = [i for i, label in enumerate(labels) if label is not Category.SECURITY]
    ordinary = LogisticRegression(C=_STRENGTH, max_iter=2000, tol=_TOLERANCE, class_weight="balanced")
    ordinary.fit(matrix[kept], [ORDINARY.index(labels[i]) for i in kept])
    security = LogisticRegression(C=_STRENGTH, max_iter=2000, tol=_TOLERANCE, class_weight="balanced")
    security.fit(matrix, [label is Category.SECURITY for label in labels])
    return Trained(vectorizers, ordinary, security)


def _vectorizer(name: str) -> TfidfVectorizer:
    return TfidfVectorizer(
        analyzer=ANALYSERS[name],
        binary=True,
        min_df=_MIN_TEXTS[name],
        use_idf=name != "signs",
        dtype=np.float64,
    )


def fold_pairs(labels: Sequence[Category]) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """(texts learnt, texts held out), every class in each fold; always the same cut."""
    splitter = StratifiedKFold(FOLDS, shuffle=True, random_state=SEED)
    yield from splitter.split(np.zeros(len(labels)), [str(label) for label in labels])


@dataclass(frozen=True, slots=True)
class OutOfFold:
    """Logits given to each text by a model that had not seen it."""

    ordinary: np.ndarray
    security: np.ndarray


def out_of_fold(readings: Sequence[Reading], labels: Sequence[Category]) -> OutOfFold:
    ordinary, security = np.zeros((len(labels), len(ORDINARY))), np.zeros(len(labels))
    for learnt, held in fold_pairs(labels):
        trained = fit([readings[i] for i in learnt], [labels[i] for i in learnt])
        matrix = trained.matrix([readings[i] for i in held])
        ordinary[held] = trained.ordinary.decision_function(matrix)
        security[held] = trained.security.decision_function(matrix)
    return OutOfFold(ordinary, security)


def calibrate(trained: Trained, unseen: OutOfFold, labels: Sequence[Category]) -> OutOfFold:
    """Rescale the logits of `trained` (in place) so that its probabilities match what unseen texts showed."""
    sharpness = _temperature(unseen.ordinary, labels)
    trained.ordinary.coef_ *= sharpness
    trained.ordinary.intercept_ *= sharpness
    slope, offset = _platt(unseen.security, labels)
    trained.security.coef_ *= slope
    trained.security.intercept_ = trained.security.intercept_ * slope + offset
    return OutOfFold(unseen.ordinary * sharpness, unseen.security * slope + offset)


def _temperature(logits: np.ndarray, labels: Sequence[Category]) -> float:
    kept = [i for i, label in enumerate(labels) if label is not Category.SECURITY]
    columns = [ORDINARY.index(labels[i]) for i in kept]

    def loss(sharpness: float) -> float:
        return float(-log_softmax(logits[kept] * sharpness, axis=1)[range(len(kept)), columns].mean())

    return float(minimize_scalar(loss, bounds=(0.2, 5.0), method="bounded").x)


def _platt(logits: np.ndarray, labels: Sequence[Category]) -> tuple[float, float]:
    line = LogisticRegression(C=1e6, max_iter=1000)
    line.fit(logits.reshape(-1, 1), [label is Category.SECURITY for label in labels])
    return float(line.coef_[0, 0]), float(line.intercept_[0])


def choose_thresholds(calibrated: OutOfFold, labels: Sequence[Category]) -> Thresholds:
    """The detector fires as early as SECURITY_PRECISION allows; people settle the most doubtful texts."""
    security = expit(calibrated.security)
    security_over = _earliest(security, np.array([label is Category.SECURITY for label in labels]))
    ordinary = softmax(calibrated.ordinary, axis=1).max(axis=1) * (1 - security)
    confidence = np.where(security >= security_over, security, ordinary)
    return Thresholds(float(np.quantile(confidence, ABSTAINING_SHARE)), security_over)


def _earliest(probabilities: np.ndarray, attacks: np.ndarray) -> float:
    """The lowest threshold, at most one half, at which SECURITY_PRECISION of what fires is right."""
    order = np.argsort(-probabilities, kind="stable")
    precise = np.cumsum(attacks[order]) / np.arange(1, len(order) + 1) >= SECURITY_PRECISION
    return float(min(probabilities[order[np.flatnonzero(precise)[-1]]], 0.5)) if precise.any() else 0.5


def train(texts: Sequence[LabelledText]) -> tuple[Trained, Thresholds]:
    """Fit, calibrate and choose thresholds, by cross-validation inside these texts."""
    readings, labels = read_all(texts), [text.label for text in texts]
    trained, unseen = fit(readings, labels), out_of_fold(readings, labels)
    calibrated = calibrate(trained, unseen, labels)
    return trained, choose_thresholds(calibrated, labels)


def export(trained: Trained, thresholds: Thresholds, version: str) -> dict[str, Any]:
    """The document `Model` reads."""
    weights = np.vstack([trained.ordinary.coef_, trained.security.coef_]).T
    document: dict[str, Any] = {
        "format": FORMAT,
        "version": version,
        "abstain_under": round(thresholds.abstain_under, 4),
        "security_over": round(thresholds.security_over, 4),
        "bias": [*trained.ordinary.intercept_.tolist(), *trained.security.intercept_.tolist()],
    }
    start = 0
    for name in ANALYSERS:
        vectorizer = trained.vectorizers[name]
        names = vectorizer.get_feature_names_out().tolist()
        rows = weights[start : start + len(names)]
        idf = vectorizer.idf_ if vectorizer.use_idf else np.ones(len(names))
        document[name] = {
            "scale": _SCALES[name],
            "names": names,
            "idf": pack_floats(idf.tolist()),
            "weights": pack_floats(rows.ravel().tolist()),
        }
        start += len(names)
    return document


def version_of(texts: Sequence[LabelledText]) -> str:
    """A short fingerprint of what the model was trained on."""
    sources = [f"{t.id}\t{t.subject}\t{t.body}\t{t.label}" for t in texts]
    sources += [f"{name}\t{text}" for name, text in lexicon_sources().items()]
    sources += [repr((e.id, e.name, e.synonyms, e.misspellings, dict(e.facts))) for e in catalogue_entries()]
    return hashlib.sha256("\n".join(sources).encode()).hexdigest()[:12]


def write(document: dict[str, Any], path: Path) -> None:
    """Write the compact file; no date inside, so that the same training gives the same bytes."""
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    path.write_bytes(gzip.compress(text.encode("utf-8"), compresslevel=9, mtime=0))


def main() -> None:
    warnings.simplefilter("error")
    texts = read_texts("dev") + read_texts("train")
    trained, thresholds = train(texts)
    path = Path(__file__).with_name(WEIGHTS)
    write(export(trained, thresholds, version_of(texts)), path)
    print(f"{len(texts)} texts, {path.stat().st_size / 1024:.0f} KiB, {thresholds}")


if __name__ == "__main__":
    main()
