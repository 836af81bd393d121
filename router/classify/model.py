"""The trained model, read from a compact file of this package, and run in plain Python.

Four blocks of features (letters, words, pairs, signs) are weighed by three linear models: one tells apart the four
ordinary categories; one, tuned for recall, tells whether this is a security matter; one, learnt on what is, tells
questions (training, advice, data protection) from what happens. The weights of the first two were rescaled when
trained, so that what they give are calibrated probabilities."""

import array
import base64
import gzip
import json
import math
import struct
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import chain, compress, repeat
from operator import sub
from typing import Any, NamedTuple

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
FORMAT = 5
ORDINARY = (Category.HARDWARE, Category.NETWORK, Category.METIER_SOFTWARE, Category.PEDAGOGICAL_RESOURCE)
_WIDTH = len(ORDINARY) + 2  # then the security detector's column, and that of quiet questions
SECURITY_COLUMN = len(ORDINARY) + 1  # in a row, whose first number is no column of logits
QUIET_COLUMN = len(ORDINARY) + 2
_MEMORY = 20_000
_PIECE = 4_096  # rows
_ROW = 4 * (_WIDTH + 1)  # bytes

UNREADABLE = "Poids du classeur illisibles : réentraîner le modèle."

Row = Sequence[float]
"""The square of a feature's idf, then its weights, times that idf, in each column of logits."""


class Said(NamedTuple):
    """What the features present of one block say: the columns of their rows, the factor of the block, and of each
    feature its number, which has a first and a last word."""

    columns: Sequence[Row]
    factor: float
    numbers: Sequence[int]
    features: Features

    def places(self) -> tuple[Iterator[int], Iterator[int]]:
        """The first, and the last word of each feature."""
        _, firsts, lasts = self.features
        return map(firsts.__getitem__, self.numbers), map(lasts.__getitem__, self.numbers)


class Beside(NamedTuple):
    """What the logit of security takes from beside its own weights: so much of the highest ordinary logit (what is
    plainly something else is less likely an attack), so much of the logarithm of the words."""

    highest: float
    length: float


NOTHING_BESIDE = Beside(0.0, 0.0)
_NOTHING: Row = (0.0,) * (_WIDTH + 1)


class Block(NamedTuple):
    """Features of one kind: name → its row, packed: a third of the memory of numbers, and one place to look at.
    `scale` is the length given to the block."""

    scale: float
    rows: Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class Scores:
    """Probabilities, and what was said for and against each category: `columns[column + 1] * factor`. `quiet` tells, of
    what is about security, whether it only asks for training, advice or data; it is compared, not calibrated. `beside`:
    what the logit of security holds beside what was said."""

    ordinary: tuple[float, ...]
    security: float
    quiet: float
    beside: float
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
        "beside",
        "bias",
        "quiet_over",
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
        self.quiet_over = _share(document["quiet_over"])
        self.bias = _finite(document["bias"], _WIDTH)
        self.beside = Beside(*_finite(document["beside"], len(Beside._fields)))
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
        return word in self._words.rows

    def score(self, reading: Reading) -> Scores:
        """Probabilities of the categories for a text."""
        said: list[Said] = []
        logits = list(self.bias)
        words = letter_features(reading)
        self._weigh_letters(words, said, logits)
        _weigh(self._words, word_features(reading), said, logits)
        _weigh(self._pairs, pair_features(reading), said, logits)
        _weigh(self._signs, sign_features(reading), said, logits)
        *ordinary, security, quiet = logits
        beside = self.beside.highest * max(ordinary) + self.beside.length * math.log1p(len(words))
        return Scores(_softmax(ordinary), _logistic(security + beside), _logistic(quiet), beside, said)

    def security_of(self, scores: Scores, kept: Sequence[bool]) -> float:
        """Probability of security by what the words kept say, each as it counted in the whole text, and by what stands
        beside in the whole text."""
        said = (
            weight * block.factor
            for block in scores.said
            for weight, first, last in zip(block.columns[SECURITY_COLUMN], *block.places(), strict=True)
            if kept[first] and kept[last]
        )
        return _logistic(self.bias[SECURITY_COLUMN - 1] + scores.beside + sum(said))

    def _weigh_letters(self, found: Mapping[str, int], said: list[Said], logits: list[float]) -> None:
        """Each word speaks once, by its letters, all words alike."""
        if found:
            factor = self._letters.scale / math.sqrt(len(found))
            seen = self._seen
            columns = tuple(zip(*[seen.get(word) or self._spelt(word) for word in found], strict=True))
            _add(columns, factor, logits)
            places = tuple(found.values())
            said.append(Said(columns, factor, range(len(found)), Features(tuple(found), places, places)))

    def _spelt(self, word: str) -> Row:
        """What the letters of a word say; remembered, as people use the same words."""
        if len(self._seen) >= _MEMORY:
            self._seen.clear()
        row = self._seen[word] = self._spell(word)
        return row

    def _spell(self, word: str) -> Row:
        runs = dict.fromkeys(letter_grams(word))
        columns = _columns(filter(None, map(self._letters.rows.get, runs)))
        if not columns[0]:
            return _NOTHING
        squares, *sums = map(sum, columns)
        length = math.sqrt(squares)
        return (squares, *(each / length for each in sums))


def by_word(scores: Scores, words: int, column: int, other: int | None = None) -> list[float]:
    """What each of so many words adds to a column of logits (rather than to another); a feature's share goes to its
    first and last words."""
    weights = [0.0] * words
    for block in scores.said:
        half = block.factor / 2
        gains = (
            block.columns[column] if other is None else map(sub, block.columns[column], block.columns[other])
        )
        for gain, first, last in zip(gains, *block.places(), strict=True):
            share = gain * half
            weights[first] += share
            weights[last] += share
    return weights


def _weigh(block: Block, features: Features, said: list[Said], logits: list[float]) -> None:
    """Add what one block says: each feature present counts once, where it stands first, the block's length being
    `scale`. Passes in C, one after the other: a loop over features took twice the time."""
    names = features.names
    numbers = dict(zip(reversed(names), reversed(range(len(names))), strict=True))
    rows = list(map(block.rows.get, numbers))
    present = list(compress(numbers.values(), rows))
    if present:
        columns = _columns(filter(None, rows))
        factor = block.scale / math.sqrt(sum(columns[0]))
        _add(columns, factor, logits)
        said.append(Said(columns, factor, present, features))


def _columns(rows: Iterable[bytes]) -> Sequence[Row]:
    """Columns of packed rows."""
    numbers = array.array("f", b"".join(rows))
    return [numbers[column :: _WIDTH + 1] for column in range(_WIDTH + 1)]


def _add(columns: Sequence[Row], factor: float, logits: list[float]) -> None:
    for number, column in enumerate(columns[1:]):  # the first holds the squares
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
    names = document["names"].split("\n")
    (scale,) = _finite([document["scale"]], 1)
    kinds, alike = list(_rows(document["rows"])), document["alike"]
    if len(kinds) != len(alike) or sum(alike) != len(names):
        raise ValueError(UNREADABLE)
    rows = dict(zip(names, chain.from_iterable(map(repeat, kinds, alike)), strict=True))
    if len(rows) != len(names):  # a feature told twice
        raise ValueError(UNREADABLE)
    return Block(scale, rows)


def _rows(encoded: str) -> Iterator[bytes]:
    """Rows, a piece at a time: all their numbers at once would take ten times their room."""
    halves = base64.b64decode(encoded)
    if len(halves) % (_ROW // 2):
        raise ValueError(UNREADABLE)
    for first in range(0, len(halves), _PIECE * _ROW // 2):
        numbers = array.array("f", _unpacked(halves[first : first + _PIECE * _ROW // 2]))
        numbers[0 :: _WIDTH + 1] = array.array("f", [each * each for each in numbers[0 :: _WIDTH + 1]])
        if not math.isfinite(sum(map(abs, numbers))):
            raise ValueError(UNREADABLE)
        packed = numbers.tobytes()
        yield from (packed[start : start + _ROW] for start in range(0, len(packed), _ROW))


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


def pack_rows(names: Sequence[str], rows: Iterable[Sequence[float]]) -> dict[str, Any]:
    """Features and their rows, each an idf then its weights, every kind of row written once: neighbours of words that
    one same text holds weigh the same, which is half of them. `names`: one a line, those alike together; `rows`: the
    kinds, little-endian 16-bit floats in base 64 (three digits are enough); `alike`: how many features each kind
    has."""
    kinds: dict[bytes, list[str]] = {}
    for name, row in zip(names, rows, strict=True):
        kinds.setdefault(struct.pack(f"<{_WIDTH + 1}e", *row), []).append(name)
    return {
        "names": "\n".join(chain.from_iterable(kinds.values())),
        "rows": base64.b64encode(b"".join(kinds)).decode("ascii"),
        "alike": [len(features) for features in kinds.values()],
    }


def _unpacked(halves: bytes) -> tuple[float, ...]:
    """The numbers of packed rows."""
    return struct.unpack(f"<{len(halves) // 2}e", halves)
