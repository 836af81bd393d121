"""Readings of texts as sparse vectors, for training: the same blocks, names and lengths that `model.py` serves.

Needs scikit-learn."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.preprocessing import normalize

from router.classify.features import (
    Reading,
    letter_features,
    letter_grams,
    pair_features,
    sign_features,
    word_features,
)

_SCALES = {"letters": 0.7, "words": 1.0, "pairs": 0.7, "signs": 0.3}
FEWEST_CORRECTED = 3  # corrections that must hold a word unknown to the shipped texts
_MIN_TEXTS = {"letters": 2, "words": 1, "pairs": 2, "signs": 1}


def _letters(reading: Reading) -> list[str]:
    return list(letter_features(reading))


def _words(reading: Reading) -> list[str]:
    return [name for name, _, _ in word_features(reading)]


def _pairs(reading: Reading) -> list[str]:
    return [name for name, _, _ in pair_features(reading)]


def _signs(reading: Reading) -> list[str]:
    return [name for name, _, _ in sign_features(reading)]


_NAMES: dict[str, Callable[[Reading], list[str]]] = {"words": _words, "pairs": _pairs, "signs": _signs}


class VectorBlock(Protocol):
    """One kind of features: their names, their idf, the length given to the block, and texts as its vectors."""

    @property
    def scale(self) -> float: ...
    @property
    def names(self) -> list[str]: ...
    @property
    def idf(self) -> np.ndarray: ...
    def transform(self, readings: Sequence[Reading]) -> csr_matrix: ...


@dataclass(frozen=True, slots=True)
class NamedBlock:
    """Features counted once each in a text."""

    scale: float
    vectorizer: TfidfVectorizer

    @property
    def names(self) -> list[str]:
        names: list[str] = self.vectorizer.get_feature_names_out().tolist()
        return names

    @property
    def idf(self) -> np.ndarray:
        return np.asarray(self.vectorizer.idf_) if self.vectorizer.use_idf else np.ones(len(self.names))

    def transform(self, readings: Sequence[Reading]) -> csr_matrix:
        return csr_matrix(self.vectorizer.transform(readings) * self.scale)


@dataclass(frozen=True, slots=True)
class LetterBlock:
    """Each word of a text is a vector of its letters, of length 1; a text adds its words, all alike. So what a word
    says by its letters depends on no other word, and can be remembered."""

    scale: float
    runs: TfidfVectorizer

    @property
    def names(self) -> list[str]:
        names: list[str] = self.runs.get_feature_names_out().tolist()
        return names

    @property
    def idf(self) -> np.ndarray:
        return np.asarray(self.runs.idf_)

    def transform(self, readings: Sequence[Reading]) -> csr_matrix:
        counter = CountVectorizer(analyzer=_letters, binary=True)
        words_of_texts = normalize(counter.fit_transform(readings).astype(np.float64))
        words = self.runs.transform([letter_grams(word) for word in counter.get_feature_names_out()])
        return csr_matrix(words_of_texts @ words * self.scale)


@dataclass(frozen=True, slots=True)
class Vectors:
    """The four blocks, in the order of the weights."""

    letters: LetterBlock
    named: dict[str, NamedBlock]

    def blocks(self) -> Iterator[tuple[str, VectorBlock]]:
        yield "letters", self.letters
        yield from self.named.items()

    def transform(self, readings: Sequence[Reading]) -> csr_matrix:
        return csr_matrix(hstack([block.transform(readings) for _, block in self.blocks()]))


def fit_vectors(readings: Sequence[Reading], corrected: Sequence[bool] = ()) -> Vectors:
    """Names and idf of the features of these texts. `corrected`: those of them that were reported here; what only
    they hold is a feature from FEWEST_CORRECTED of them on. Raises ValueError when the texts hold no word at all."""
    runs = _fitted("letters", _runs, readings, corrected)
    named = {
        name: NamedBlock(_SCALES[name], _fitted(name, names_of, readings, corrected, use_idf=name != "signs"))
        for name, names_of in _NAMES.items()
    }
    return Vectors(LetterBlock(_SCALES["letters"], runs), named)


def _fitted(
    block: str,
    names_of: Callable[[Reading], list[str]],
    readings: Sequence[Reading],
    corrected: Sequence[bool],
    *,
    use_idf: bool = True,
) -> TfidfVectorizer:
    names = [names_of(reading) for reading in readings]
    shared = _shared(names, corrected, _MIN_TEXTS[block]) if any(corrected) else None
    analyzer = _as_given if block == "letters" else names_of
    vectorizer = TfidfVectorizer(
        analyzer=analyzer, binary=True, min_df=_MIN_TEXTS[block], use_idf=use_idf, vocabulary=shared
    )
    return vectorizer.fit(names if block == "letters" else readings)


def _shared(names: Sequence[list[str]], corrected: Sequence[bool], fewest: int) -> list[str]:
    """Names that enough texts hold: a word that one person wrote, erased since, must not stay in a model."""
    shipped: Counter[str] = Counter()
    reported: Counter[str] = Counter()
    for each, here in zip(names, corrected, strict=True):
        (reported if here else shipped).update(set(each))
    kept = {name for name, texts in shipped.items() if texts + reported[name] >= fewest}
    return sorted(kept | {name for name, texts in reported.items() if texts >= FEWEST_CORRECTED})


def _runs(reading: Reading) -> list[str]:
    return [run for word in letter_features(reading) for run in letter_grams(word)]


def _as_given(runs: list[str]) -> list[str]:
    return runs
