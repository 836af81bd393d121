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
from itertools import repeat
from typing import Any

from router.classify.features import (
    Features,
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

UNREADABLE = "Poids du classeur illisibles : réentraîner le modèle."

Row = Sequence[float]
"""The square of a feature's idf, then its weights, times that idf, in each column of logits."""

Said = tuple[Row, float, int, int]
"""What one feature says: its row, the factor of its block, its first and last words."""

_NOTHING: Row = (0.0,) * (_WIDTH + 1)
_ROW = struct.Struct(f"={_WIDTH + 1}f")


@dataclass(frozen=True, slots=True)
class Block:
    """Features of one kind: name → the byte where its row begins. `scale` is the length given to the block. One array,
    and not a tuple for each row: a tenth of the memory."""

    scale: float
    starts: Mapping[str, int]
    rows: "array.array[float]"

    def said_by(self, starts: Iterable[int]) -> list[Row]:
        """The rows that begin there, as tuples: their numbers are made once, and read several times."""
        rows, read = self.rows, _ROW.unpack_from
        return [read(rows, start) for start in starts]


@dataclass(frozen=True, slots=True)
class Scores:
    """Probabilities, and what was said for and against each category: `row[column + 1] * factor`."""

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
        """Raises ValueError for anything but the weights of this release: they would fail, or mislead, at each text."""
        if document.get("format") != FORMAT:
            raise ValueError(UNREADABLE)
        self.version: str = document["version"]
        self.abstain_under = _share(document["abstain_under"])
        self.security_over = _share(document["security_over"])
        self.bias = _finite(document["bias"], _WIDTH)
        self._letters = _block(document["letters"])
        self._words = _block(document["words"])
        self._pairs = _block(document["pairs"])
        self._signs = _block(document["signs"])
        self._seen: dict[str, Row] = {}

    @classmethod
    def load(cls) -> "Model":
        """The model shipped in this package; read once, shared by all who ask."""
        return _shipped()

    def knows(self, word: str) -> bool:
        """Whether this folded word was in the texts learnt."""
        return word in self._words.starts

    def score(self, reading: Reading) -> Scores:
        """Probabilities of the categories for a text."""
        said: list[Said] = []
        logits = list(self.bias)
        self._weigh_letters(reading, said, logits)
        _weigh(self._words, word_features(reading), said, logits)
        _weigh(self._pairs, pair_features(reading), said, logits)
        _weigh(self._signs, sign_features(reading), said, logits)
        return Scores(ordinary=_softmax(logits[:-1]), security=_logistic(logits[-1]), said=said)

    def security_of(self, scores: Scores, kept: Sequence[bool]) -> float:
        """Probability of security by what the words kept say, each as it counted in the whole text."""
        said = (row[-1] * factor for row, factor, first, last in scores.said if kept[first] and kept[last])
        return _logistic(self.bias[-1] + sum(said))

    def _weigh_letters(self, reading: Reading, said: list[Said], logits: list[float]) -> None:
        """Each word speaks once, by its letters, all words alike."""
        found = letter_features(reading)
        if found:
            factor = self._letters.scale / math.sqrt(len(found))
            rows = [self._spelt(word) for word in found]
            _add(rows, factor, logits)
            said += [(row, factor, place, place) for row, place in zip(rows, found.values(), strict=True)]

    def _spelt(self, word: str) -> Row:
        """What the letters of a word say; remembered, as people use the same words."""
        row = self._seen.get(word)
        if row is None:
            if len(self._seen) >= _MEMORY:
                self._seen.clear()
            row = self._seen[word] = self._spell(word)
        return row

    def _spell(self, word: str) -> Row:
        starts = self._letters.starts
        found = [starts[run] for run in dict.fromkeys(letter_grams(word)) if run in starts]
        if not found:
            return _NOTHING
        squares, *columns = (sum(column) for column in zip(*self._letters.said_by(found), strict=True))
        length = math.sqrt(squares)
        return (squares, *(column / length for column in columns))


def _weigh(block: Block, features: Features, said: list[Said], logits: list[float]) -> None:
    """Add what one block says: each feature present counts once, the block's length being `scale`."""
    found: dict[int, int] = {}
    for number, start in enumerate(map(block.starts.get, features.names)):
        if start is not None and start not in found:
            found[start] = number
    if found:
        rows = block.said_by(found)
        factor = block.scale / math.sqrt(sum(row[0] for row in rows))
        _add(rows, factor, logits)
        firsts, lasts = (map(places.__getitem__, found.values()) for places in features[1:])
        said += zip(rows, repeat(factor), firsts, lasts)


def _add(rows: Sequence[Row], factor: float, logits: list[float]) -> None:
    """Column by column, in C: a loop over rows and columns took half of what reading a text costs."""
    columns = zip(*rows, strict=True)
    next(columns)  # the squares
    for number, column in enumerate(columns):
        logits[number] += sum(column) * factor


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
    width = _WIDTH + 1
    starts = {name: place * _ROW.size for place, name in enumerate(document["names"].split("\n"))}
    rows = array.array("f", bytes(4 * width * len(starts)))
    idf, weights = unpack_floats(document["idf"]), unpack_floats(document["weights"])
    sizes = (len(idf), len(weights)) == (len(starts), _WIDTH * len(starts))
    if not (sizes and math.isfinite(sum(idf)) and math.isfinite(sum(map(abs, weights)))):
        raise ValueError(UNREADABLE)
    rows[0::width] = array.array("f", (each * each for each in idf))
    for column in range(_WIDTH):
        rows[column + 1 :: width] = weights[column::_WIDTH]
    (scale,) = _finite([document["scale"]], 1)
    return Block(scale, starts, rows)


def _share(value: object) -> float:
    if isinstance(value, float | int) and 0 < value < 1:
        return float(value)
    raise ValueError(UNREADABLE)


def _finite(values: Sequence[object], many: int) -> tuple[float, ...]:
    """So many numbers, none of them infinite nor « not a number »."""
    found = tuple(float(value) for value in values if isinstance(value, float | int))
    if len(values) != many or len(found) != many or not all(map(math.isfinite, found)):
        raise ValueError(UNREADABLE)
    return found


def packed(document: Mapping[str, Any]) -> bytes:
    """The compact file; no date inside, so that the same training gives the same bytes."""
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    return gzip.compress(text.encode("utf-8"), compresslevel=9, mtime=0)


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
