"""The trained model, read from a compact file of this package, and run in plain Python.

Three blocks of features (letters, words, signs) are weighed by two linear models: one tells apart the four
ordinary categories, the other, tuned for recall, tells whether this is a security matter. Their weights were
rescaled when trained, so that what they give are calibrated probabilities."""

import array
import base64
import gzip
import json
import math
import sys
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, NamedTuple

from router.classify.features import Reading, letter_features, letter_grams, sign_features, word_features
from router.model.words import Category

WEIGHTS = "weights.json.gz"
FORMAT = 1
ORDINARY = (Category.HARDWARE, Category.NETWORK, Category.METIER_SOFTWARE, Category.PEDAGOGICAL_RESOURCE)
_WIDTH = len(ORDINARY) + 1  # the last column is the security detector's
_MEMORY = 20_000

Row = tuple[float, float, float, float, float]


@dataclass(frozen=True, slots=True)
class Block:
    """Features of one kind: name → (idf², weights × idf). `scale` is the length given to the block."""

    scale: float
    rows: Mapping[str, tuple[float, Row]]


@dataclass(frozen=True, slots=True)
class Scores:
    """Probabilities, and what each word added to each column of logits."""

    ordinary: tuple[float, ...]
    security: float
    gains: tuple[Row, ...]


class Model:
    """The weights, and the memory of the letters of words already seen."""

    __slots__ = ("_letters", "_seen", "_signs", "_words", "abstain_under", "bias", "security_over", "version")

    def __init__(self, document: Mapping[str, Any]) -> None:
        if document.get("format") != FORMAT:
            raise ValueError("Poids du classeur illisibles : réentraîner le modèle.")
        self.version: str = document["version"]
        self.abstain_under: float = document["abstain_under"]
        self.security_over: float = document["security_over"]
        self.bias: Row = _row(document["bias"])
        self._letters = _block(document["letters"])
        self._words = _block(document["words"])
        self._signs = _block(document["signs"])
        self._seen: dict[str, Spelt] = {}

    @classmethod
    def load(cls) -> "Model":
        """The model shipped in this package."""
        packed = (files("router.classify") / WEIGHTS).read_bytes()
        return cls(json.loads(gzip.decompress(packed)))

    def score(self, reading: Reading) -> Scores:
        """Probabilities of the categories for a text."""
        totals = list(self.bias)
        gains = [[0.0] * _WIDTH for _ in reading.words]
        self._weigh_letters(reading, totals, gains)
        _weigh(self._words, _places(word_features(reading)), totals, gains)
        _weigh(self._signs, _places(sign_features(reading)), totals, gains)
        return Scores(
            ordinary=_softmax(totals[:-1]),
            security=_logistic(totals[-1]),
            gains=tuple(_row(gain) for gain in gains),
        )

    def _weigh_letters(self, reading: Reading, totals: list[float], gains: list[list[float]]) -> None:
        """As `_weigh`, by whole words: their sums are remembered, and what several words share is taken out again,
        since each feature counts once in a text. (Run by run, the letters took most of the time of reading.)"""
        places: dict[str, list[int]] = {}
        for place, word in letter_features(reading):
            places.setdefault(word, []).append(place)
        spelt = {word: self._spelt(word) for word in places}
        squares, sums, shared = _joined(self._letters, list(spelt.values()))
        if squares <= 0:
            return
        factor = self._letters.scale / math.sqrt(squares)
        for column, (own, twice) in enumerate(zip(sums, shared, strict=True)):
            totals[column] += (own - twice) * factor
        for word, where in places.items():
            share = factor / len(where)
            for place in where:
                gain = gains[place]
                for column, weight in enumerate(spelt[word].sums):
                    gain[column] += weight * share

    def _spelt(self, word: str) -> "Spelt":
        """The known letter runs of a word, and their sums; remembered, as people use the same words."""
        found = self._seen.get(word)
        if found is None:
            if len(self._seen) >= _MEMORY:
                self._seen.clear()
            rows = self._letters.rows
            runs = tuple(run for run in dict.fromkeys(letter_grams(word)) if run in rows)
            found = self._seen[word] = Spelt(runs, *_sum_of(rows[run] for run in runs))
        return found


class Spelt(NamedTuple):
    """A word's letter runs, the sum of their idf² and of their weights."""

    runs: tuple[str, ...]
    squares: float
    sums: Row


def _sum_of(rows: Iterable[tuple[float, Row]]) -> tuple[float, Row]:
    kept = list(rows)
    columns = zip(*(row for _, row in kept), strict=True) if kept else ((0.0,),) * _WIDTH
    return sum(square for square, _ in kept), _row(sum(column) for column in columns)


def _joined(letters: Block, words: Sequence[Spelt]) -> tuple[float, list[float], Row]:
    """Of words read together: the sum of idf² of their distinct runs, the words' own sums, and how much of these is
    counted more than once."""
    counts: Counter[str] = Counter()
    for word in words:
        counts.update(word.runs)
    again = [(count - 1, letters.rows[run]) for run, count in counts.items() if count > 1]
    squares = sum(word.squares for word in words) - sum(times * square for times, (square, _) in again)
    sums = [sum(column) for column in zip(*(word.sums for word in words), strict=True)] or [0.0] * _WIDTH
    shared = _row(sum(times * row[column] for times, (_, row) in again) for column in range(_WIDTH))
    return squares, sums, shared


def _places(features: Iterable[tuple[str, int, int]]) -> dict[str, list[int]]:
    places: dict[str, list[int]] = {}
    for name, first, last in features:
        places.setdefault(name, []).extend(range(first, last + 1))
    return places


def _weigh(
    block: Block, places: Mapping[str, list[int]], totals: list[float], gains: list[list[float]]
) -> None:
    """Add what one block says: each feature present counts once, the block's length being `scale`.

    The five columns are written out: a loop over them took half of what reading a text costs."""
    rows = block.rows
    present = [(rows[name], where) for name, where in places.items() if name in rows]
    squares = sum(square for (square, _), _ in present)
    if not squares:
        return
    factor = block.scale / math.sqrt(squares)
    for (_, (hardware, network, metier, pedagogical, security)), where in present:
        totals[0] += hardware * factor
        totals[1] += network * factor
        totals[2] += metier * factor
        totals[3] += pedagogical * factor
        totals[4] += security * factor
        share = factor / len(where)
        for place in where:
            gain = gains[place]
            gain[0] += hardware * share
            gain[1] += network * share
            gain[2] += metier * share
            gain[3] += pedagogical * share
            gain[4] += security * share


def _softmax(logits: list[float]) -> tuple[float, ...]:
    top = max(logits)
    powers = [math.exp(logit - top) for logit in logits]
    total = sum(powers)
    return tuple(power / total for power in powers)


def _logistic(logit: float) -> float:
    return 1 / (1 + math.exp(-logit)) if logit >= 0 else 1 - 1 / (1 + math.exp(logit))


def _row(values: Iterable[float]) -> Row:
    hardware, network, metier, pedagogical, security = values
    return hardware, network, metier, pedagogical, security


def _block(document: Mapping[str, Any]) -> Block:
    names: list[str] = document["names"]
    idf = _floats(document["idf"])
    weights = _floats(document["weights"])
    rows = {
        name: (idf[i] ** 2, _row(weight * idf[i] for weight in weights[i * _WIDTH : (i + 1) * _WIDTH]))
        for i, name in enumerate(names)
    }
    return Block(document["scale"], rows)


def pack_floats(values: Iterable[float]) -> str:
    """Little-endian 32-bit floats, in base 64: the way weights lie in the file."""
    floats = array.array("f", values)
    if sys.byteorder == "big":
        floats.byteswap()
    return base64.b64encode(floats.tobytes()).decode("ascii")


def _floats(packed: str) -> "array.array[float]":
    floats = array.array("f")
    floats.frombytes(base64.b64decode(packed))
    if sys.byteorder == "big":
        floats.byteswap()
    return floats
