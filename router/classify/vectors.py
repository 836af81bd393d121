"""Readings of texts as sparse vectors, for training: the same blocks, names and lengths that `model.py` serves.

What stands in each text is counted once; each fold of a cross-validation then weighs the same counts by what it has
learnt. Needs scikit-learn."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import CountVectorizer, TfidfTransformer
from sklearn.preprocessing import normalize

from router.classify.features import (
    Reading,
    letter_features,
    letter_grams,
    pair_features,
    sign_features,
    word_features,
)

LETTERS = "letters"
FEWEST_CORRECTED = 3  # corrections that must hold a word unknown to the shipped texts
_SCALES = {LETTERS: 0.7, "words": 1.0, "pairs": 0.7, "signs": 0.3}
_MIN_TEXTS = {LETTERS: 2, "words": 1, "pairs": 2, "signs": 1}
_WEIGHED_ALIKE = frozenset({"signs"})  # a sign that many texts hold is worth no less


def _letters(reading: Reading) -> list[str]:
    return list(letter_features(reading))


def _words(reading: Reading) -> list[str]:
    return list(word_features(reading).names)


def _pairs(reading: Reading) -> list[str]:
    return list(pair_features(reading).names)


def _signs(reading: Reading) -> list[str]:
    return list(sign_features(reading).names)


_NAMES: dict[str, Callable[[Reading], list[str]]] = {"words": _words, "pairs": _pairs, "signs": _signs}


@dataclass(frozen=True, slots=True)
class Counts:
    """Which features stand in which texts (a row per text, a column per name, in the order of the alphabet).

    Of the letters, a word of a text is one thing, told by its runs: `matrix` says which runs a text holds, `words`
    which words, `spelt` which runs a word holds."""

    names: Sequence[str]
    matrix: csr_matrix
    words: csr_matrix | None = None
    spelt: csr_matrix | None = None

    def of(self, rows: Sequence[int] | np.ndarray) -> "Counts":
        """Those of some of the texts."""
        words = None if self.words is None else self.words[rows]
        return Counts(self.names, self.matrix[rows], words, self.spelt)


Counted = Mapping[str, Counts]


def count(readings: Sequence[Reading]) -> dict[str, Counts]:
    """What stands in the texts, by block, in the order of the weights. Raises ValueError when they hold no word."""
    named = {name: _counted(readings, names_of) for name, names_of in _NAMES.items()}
    return {LETTERS: _counted_letters(readings), **named}


def rows_of(counted: Counted, rows: Sequence[int] | np.ndarray) -> dict[str, Counts]:
    return {name: counts.of(rows) for name, counts in counted.items()}


def words_in(counted: Counted) -> np.ndarray:
    """How many words, each once, speak by their letters in each text."""
    words = counted[LETTERS].words
    assert words is not None
    return np.asarray(words.getnnz(axis=1))


def _counted(readings: Sequence[Reading], names_of: Callable[[Reading], list[str]]) -> Counts:
    counter = CountVectorizer(analyzer=names_of, binary=True)
    matrix = csr_matrix(counter.fit_transform(readings))
    return Counts(counter.get_feature_names_out().tolist(), matrix)


def _counted_letters(readings: Sequence[Reading]) -> Counts:
    words = _counted(readings, _letters)
    counter = CountVectorizer(analyzer=letter_grams, binary=True)
    spelt = csr_matrix(counter.fit_transform(words.names))
    runs = csr_matrix(words.matrix @ spelt)
    runs.data[:] = 1
    return Counts(counter.get_feature_names_out().tolist(), runs, words.matrix, spelt)


@dataclass(frozen=True, slots=True)
class VectorBlock:
    """One kind of features: the columns kept of what is counted, their names, and the length given to the block."""

    scale: float
    columns: np.ndarray
    names: list[str]
    weights: TfidfTransformer

    @property
    def idf(self) -> np.ndarray:
        return np.asarray(self.weights.idf_) if self.weights.use_idf else np.ones(len(self.names))

    def transform(self, counts: Counts) -> csr_matrix:
        """Each text of length `scale`. By their letters, words are each a vector of length 1 and a text adds its words,
        all alike: so what a word says by its letters depends on no other word, and can be remembered."""
        if counts.words is None or counts.spelt is None:
            return csr_matrix(self._weighed(counts.matrix) * self.scale)
        return csr_matrix(normalize(counts.words.astype(np.float64)) @ self._weighed(counts.spelt) * self.scale)

    def _weighed(self, matrix: csr_matrix) -> csr_matrix:
        return self.weights.transform(matrix[:, self.columns])


@dataclass(frozen=True, slots=True)
class Vectors:
    """The four blocks, in the order of the weights."""

    named: Mapping[str, VectorBlock]

    def blocks(self) -> Iterator[tuple[str, VectorBlock]]:
        yield from self.named.items()

    def transform(self, counted: Counted) -> csr_matrix:
        return csr_matrix(hstack([block.transform(counted[name]) for name, block in self.named.items()]))


def fit_vectors(counted: Counted, corrected: Sequence[bool] = ()) -> Vectors:
    """Names and idf of the features of these texts. `corrected`: those of them that were reported here; what only
    they hold is a feature from FEWEST_CORRECTED of them on."""
    here = np.array(corrected, dtype=bool)
    return Vectors({name: _fit_block(name, counts, here) for name, counts in counted.items()})


def _fit_block(name: str, counts: Counts, corrected: np.ndarray) -> VectorBlock:
    columns = np.flatnonzero(_shared(counts.matrix, corrected, _MIN_TEXTS[name]))
    weights = TfidfTransformer(use_idf=name not in _WEIGHED_ALIKE).fit(counts.matrix[:, columns])
    return VectorBlock(_SCALES[name], columns, [counts.names[column] for column in columns.tolist()], weights)


def _shared(matrix: csr_matrix, corrected: np.ndarray, fewest: int) -> np.ndarray:
    """Of each name, whether enough texts hold it: a word that one person wrote, erased since, must not stay in a
    model."""
    texts = matrix.getnnz(axis=0)
    enough = texts >= fewest
    if corrected.any():
        reported = matrix[np.flatnonzero(corrected)].getnnz(axis=0)
        enough &= (texts > reported) | (reported >= FEWEST_CORRECTED)
    return np.asarray(enough)
