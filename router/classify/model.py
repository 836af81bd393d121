"""The trained model, read from a compact file of this package, and run in plain Python.

Four blocks of features (letters, words, pairs, signs) are weighed by two linear models: one tells apart the four
ordinary categories, the other, tuned for recall, tells whether this is a security matter. Their weights were
rescaled when trained, so that what they give are calibrated probabilities."""

import array
import base64
import gzip
import json
import math
import struct
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

from router.classify.features import (
    Feature,
    Reading,
    letter_features,
    letter_grams,
    pair_features,
    sign_features,
    word_features,
)
from router.model.words import Category

WEIGHTS = "weights.json.gz"
FORMAT = 2
ORDINARY = (Category.HARDWARE, Category.NETWORK, Category.METIER_SOFTWARE, Category.PEDAGOGICAL_RESOURCE)
_WIDTH = len(ORDINARY) + 1  # the last column is the security detector's
_MEMORY = 20_000
_PIECE = 8_192  # bytes

Row = Sequence[float]
_NOTHING: Row = (0.0,) * _WIDTH


@dataclass(frozen=True, slots=True)
class Block:
    """Features of one kind: name → its place in `idf` and, times the width, in `weights` (already times the idf).
    `scale` is the length given to the block. Arrays and not rows: a tenth of the memory."""

    scale: float
    places: Mapping[str, int]
    idf: Sequence[float]
    weights: Sequence[float]


class Said(NamedTuple):
    """What one feature added to each column of logits, and its first and last words."""

    row: Row
    factor: float
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Scores:
    """Probabilities, and what was said for and against each category."""

    ordinary: tuple[float, ...]
    security: float
    said: Sequence[Said]


class Model:
    """The weights, and the memory of the letters of words already seen."""

    __slots__ = (
        "_letters",
        "_pairs",
        "_seen",
        "_signs",
        "_words",
        "abstain_under",
        "bias",
        "security_over",
        "version",
    )

    def __init__(self, document: Mapping[str, Any]) -> None:
        if document.get("format") != FORMAT:
            raise ValueError("Poids du classeur illisibles : réentraîner le modèle.")
        self.version: str = document["version"]
        self.abstain_under: float = document["abstain_under"]
        self.security_over: float = document["security_over"]
        self.bias: tuple[float, ...] = tuple(document["bias"])
        self._letters = _block(document["letters"])
        self._words = _block(document["words"])
        self._pairs = _block(document["pairs"])
        self._signs = _block(document["signs"])
        self._seen: dict[str, Row] = {}

    @classmethod
    def load(cls) -> "Model":
        """The model shipped in this package; read once, shared by all who ask."""
        return _shipped()

    def score(self, reading: Reading) -> Scores:
        """Probabilities of the categories for a text."""
        said: list[Said] = []
        self._weigh_letters(reading, said)
        _weigh(self._words, word_features(reading), said)
        _weigh(self._pairs, pair_features(reading), said)
        _weigh(self._signs, sign_features(reading), said)
        *ordinary, security = _sum(self.bias, said)
        return Scores(ordinary=_softmax(ordinary), security=_logistic(security), said=said)

    def _weigh_letters(self, reading: Reading, said: list[Said]) -> None:
        """Each word speaks once, by its letters, all words alike."""
        found = letter_features(reading)
        factor = self._letters.scale / math.sqrt(len(found)) if found else 0.0
        for word, place in found.items():
            said.append(Said(self._spelt(word), factor, place, place))

    def _spelt(self, word: str) -> Row:
        """What the letters of a word say; remembered, as people use the same words."""
        row = self._seen.get(word)
        if row is None:
            if len(self._seen) >= _MEMORY:
                self._seen.clear()
            row = self._seen[word] = self._spell(word)
        return row

    def _spell(self, word: str) -> Row:
        letters = self._letters
        found = [letters.places[run] for run in dict.fromkeys(letter_grams(word)) if run in letters.places]
        if not found:
            return _NOTHING
        length = math.sqrt(sum(letters.idf[place] ** 2 for place in found))
        rows = (letters.weights[place * _WIDTH : (place + 1) * _WIDTH] for place in found)
        return tuple(sum(column) / length for column in zip(*rows, strict=True))


def _weigh(block: Block, features: Iterable[Feature], said: list[Said]) -> None:
    """Add what one block says: each feature present counts once, the block's length being `scale`."""
    places, idf, weights = block.places, block.idf, block.weights
    found: dict[int, tuple[int, int]] = {}
    squares = 0.0
    for name, first, last in features:
        place = places.get(name)
        if place is not None and place not in found:
            found[place] = first, last
            squares += idf[place] ** 2
    if not squares:
        return
    factor = block.scale / math.sqrt(squares)
    for place, (first, last) in found.items():
        said.append(Said(weights[place * _WIDTH : (place + 1) * _WIDTH], factor, first, last))


def _sum(bias: Row, said: Iterable[Said]) -> tuple[float, ...]:
    """The logits. The five columns are written out: a loop over them took half of what reading a text costs."""
    hardware, network, metier, pedagogical, security = bias
    for row, factor, _, _ in said:
        hardware += row[0] * factor
        network += row[1] * factor
        metier += row[2] * factor
        pedagogical += row[3] * factor
        security += row[4] * factor
    return hardware, network, metier, pedagogical, security


def _softmax(logits: list[float]) -> tuple[float, ...]:
    top = max(logits)
    powers = [math.exp(logit - top) for logit in logits]
    total = sum(powers)
    return tuple(power / total for power in powers)


def _logistic(logit: float) -> float:
    return 1 / (1 + math.exp(-logit)) if logit >= 0 else 1 - 1 / (1 + math.exp(logit))


@cache
def _shipped() -> Model:
    packed = (files("router.classify") / WEIGHTS).read_bytes()
    return Model(json.loads(gzip.decompress(packed)))


def _block(document: Mapping[str, Any]) -> Block:
    places = {name: place for place, name in enumerate(document["names"].split("\n"))}
    return Block(document["scale"], places, unpack_floats(document["idf"]), unpack_floats(document["weights"]))


def pack_floats(values: Sequence[float]) -> str:
    """Little-endian 16-bit floats, in base 64: the way weights lie in the file. Three digits are enough for them."""
    return base64.b64encode(struct.pack(f"<{len(values)}e", *values)).decode("ascii")


def unpack_floats(packed: str) -> "array.array[float]":
    """What `pack_floats` packed; a piece at a time, since a list of them all would take ten times their room."""
    halves = memoryview(base64.b64decode(packed))
    floats = array.array("f")
    for start in range(0, len(halves), _PIECE):
        piece = halves[start : start + _PIECE]
        floats.extend(struct.unpack(f"<{len(piece) // 2}e", piece))
    return floats
