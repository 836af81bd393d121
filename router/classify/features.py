"""What the model reads in a text: the words left once greetings, signatures and quoted replies are set aside,
the cues and products they hold, and the features of three kinds made of them."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import pairwise, repeat
from operator import eq
from typing import NamedTuple

from router.classify.fold import Folded, fold, raw_words
from router.classify.lexicon import CueHit, Lexicon
from router.classify.markup import joined_over_tags, quotations
from router.classify.products import FoundProduct, ProductIndex
from router.classify.quoting import own_words

_DENIALS = frozenset(
    ["ne", "n", "pas", "plus", "plu", "jamais", "mal", "rien", "aucun", "aucune", "si", "comment", "sans"]
)
LONGEST_TEXT = 20_000  # characters read of one text; what follows is an attachment in disguise
_SIZES = (2, 3, 4, 5)
_APART = (2, 3)  # places between the two words of a pair: one or two words stand there
_MARKED = re.compile(r"[<&@]")  # tags, entities, addresses: without any, each word written is a word read
SENTENCE_END = re.compile(r"[.;!?\n]")
_CLAUSE_END = re.compile(
    r"[.;!?:\n,]|\b(?:mais|par contre|en revanche|alors que|pourtant|seul|seule|seulement|sauf|c'est|qui|que)\b"
)


class ReadWord(NamedTuple):
    """A word kept: its folded text, which segment (0 subject, 1 body) and span it has, and its clause."""

    text: str
    segment: int
    start: int
    end: int
    clause: int


# A third of the time of `_make`.
_MADE: Callable[[tuple[object, ...]], ReadWord] = partial(tuple.__new__, ReadWord)


@dataclass(frozen=True, slots=True)
class Reading:
    """A text as the model reads it. `cleared[i]`: the clause of word i says that what it names works; `names[i]` is
    what the model calls it: « # » for a number (rooms, desks and hours look alike), « !word » in a cleared clause.
    `titled`: how many of the words are the subject's; `attacked`: a sign of an attack stands in a clause that doesn't
    deny it; `hinted`: one stands in what was set aside or cleared: it only makes a doubt."""

    segments: tuple[Folded, Folded]
    words: tuple[ReadWord, ...]
    texts: tuple[str, ...]
    names: tuple[str, ...]
    cues: tuple[CueHit, ...]
    products: tuple[FoundProduct, ...]
    cleared: tuple[bool, ...]
    titled: int
    attacked: bool
    hinted: bool


class Features(NamedTuple):
    """Named features, and for each the first and the last word it comes from. Lists side by side, and not a tuple for
    each: they are met by the hundred in a text."""

    names: Sequence[str]
    firsts: Sequence[int]
    lasts: Sequence[int]


def read(subject: str, body: str, lexicon: Lexicon, index: ProductIndex) -> Reading:
    """Read a subject and a body, at most LONGEST_TEXT characters of each."""
    return _read((_own(subject), _own(body)), lexicon, index)


def read_aside(reading: Reading, lexicon: Lexicon, index: ProductIndex) -> Reading | None:
    """What was set aside in this reading (quoted replies, forwarded mails, what follows a signature), read by itself;
    None when nothing was."""
    if not any(segment.set_aside for segment in reading.segments):
        return None
    subject, body = reading.segments
    return _read((_aside(subject), _aside(body)), lexicon, index)


def _aside(own: Folded) -> Folded:
    folded = fold(own.original)
    kept = (
        letter if blank == " " or letter == "\n" else " "
        for letter, blank in zip(folded.text, own.text, strict=True)
    )
    return replace(folded, text="".join(kept))


def _read(segments: tuple[Folded, Folded], lexicon: Lexicon, index: ProductIndex) -> Reading:
    titled = _words(segments[0], 0)
    words = (*titled, *_words(segments[1], 1))
    own = len(titled)  # what runs over from the subject into the body is no cue
    texts = tuple([word.text for word in words])
    cues = _meant([hit for hit in lexicon.find(texts) if hit.first >= own or hit.last < own])
    products = tuple([found for found in index.find(texts) if found.first >= own or found.last < own])
    cleared = _cleared(words, cues)
    names = ["#" if text.isdigit() else text for text in texts]
    if True in cleared:
        names = [f"!{name}" if works else name for name, works in zip(names, cleared, strict=True)]
    attacked = any(hit.group.attack and not cleared[hit.first] for hit in cues)
    hinted = _hinted(segments, words, cues, cleared, lexicon)
    return Reading(segments, words, texts, tuple(names), cues, products, cleared, own, attacked, hinted)


def _meant(cues: Sequence[CueHit]) -> tuple[CueHit, ...]:
    """Cues but the signs of an attack that stand within harmless words: « virus » in « virus de la grippe »."""
    harmless = [hit for hit in cues if hit.group.harmless]
    return tuple(
        [hit for hit in cues if not (hit.group.attack and any(hit.within(other) for other in harmless))]
    )


def _hinted(
    segments: Sequence[Folded],
    words: Sequence[ReadWord],
    cues: Sequence[CueHit],
    cleared: Sequence[bool],
    lexicon: Lexicon,
) -> bool:
    """Whether signs of an attack stand where nothing was read (tags, quotations, signatures), or where a clause says
    that something works: only a denial of the cue itself (« aucun virus ») takes it back."""
    if any(hit.group.attack and cleared[hit.first] and not _denied(words, hit) for hit in cues):
        return True
    if not any(segment.set_aside or _MARKED.search(segment.original) for segment in segments):
        return False
    written = "\n".join([segment.original for segment in segments])
    raw = raw_words(written)
    if len(raw) == len(words):
        return False
    read_signs = _signs(lexicon, [word.text for word in words])
    if _signs(lexicon, raw) > read_signs:
        return True
    return "<" in written and _signs(lexicon, raw_words(joined_over_tags(written))) > read_signs


def _signs(lexicon: Lexicon, words: Sequence[str]) -> int:
    return sum(1 for _ in lexicon.attacks.find(words))


def _own(text: str) -> Folded:
    """The text folded, what its author only quotes left blank."""
    text = text[:LONGEST_TEXT]
    folded = fold(text)
    quoted = [
        (bisect_left(folded.origins, start), bisect_left(folded.origins, end))
        for start, end in quotations(text)
    ]
    own = own_words(folded.text, quoted)
    return folded if own == folded.text else replace(folded, text=own, set_aside=True)


def _words(segment: Folded, number: int) -> list[ReadWord]:
    texts, starts, ends = segment.columns_of_words()
    breaks = [match.start() for match in _CLAUSE_END.finditer(segment.text)]
    first = number * 1_000_000
    clauses = [first + passed for passed in map(bisect_right, repeat(breaks), starts)]
    return list(map(_MADE, zip(texts, repeat(number), starts, ends, clauses)))


def _cleared(words: Sequence[ReadWord], cues: Sequence[CueHit]) -> tuple[bool, ...]:
    clearing = (hit for hit in cues if hit.group.clears and not _denied(words, hit))
    clauses = {words[hit.first].clause for hit in clearing}
    return tuple(word.clause in clauses for word in words) if clauses else (False,) * len(words)


def _denied(words: Sequence[ReadWord], hit: CueHit) -> bool:
    """« ne marche pas », « marche mal », « aucun virus »: the cue is there, its sense is not."""
    clause = words[hit.first].clause
    around = (*words[max(hit.first - 4, 0) : hit.first], *words[hit.last + 1 : hit.last + 4])
    return any(word.text in _DENIALS and word.clause == clause for word in around)


def sentences(reading: Reading) -> list[tuple[int, int]]:
    """Of each sentence or line, its first word and the one after its last; a subject is one."""
    ends = [[match.start() for match in SENTENCE_END.finditer(segment.text)] for segment in reading.segments]
    marks = [(word.segment, bisect_right(ends[word.segment], word.start)) for word in reading.words]
    firsts = [place for place, mark in enumerate(marks) if not place or mark != marks[place - 1]]
    return list(pairwise([*firsts, len(marks)])) if marks else []


def part_of(reading: Reading, first: int, end: int) -> Reading:
    """The words from `first` to the one before `end`, read as if they stood alone."""
    cues = [hit for hit in reading.cues if first <= hit.first and hit.last < end]
    products = [found for found in reading.products if first <= found.first and found.last < end]
    return replace(
        reading,
        words=reading.words[first:end],
        texts=reading.texts[first:end],
        names=reading.names[first:end],
        cues=tuple([hit._replace(first=hit.first - first, last=hit.last - first) for hit in cues]),
        products=tuple([one._replace(first=one.first - first, last=one.last - first) for one in products]),
        cleared=reading.cleared[first:end],
        titled=max(0, min(reading.titled, end) - first),
    )


def letter_grams(word: str) -> list[str]:
    """Runs of two to five letters of a word, its edges marked by spaces."""
    padded = f" {word} "
    return [padded[place : place + size] for size in _SIZES for place in range(max(len(padded) - size + 1, 0))]


def letter_features(reading: Reading) -> dict[str, int]:
    """Words whose letters count → the place where each is first read: those of a cleared clause do not."""
    found: dict[str, int] = {}
    for place, name in enumerate(reading.names):
        if not reading.cleared[place]:
            found.setdefault(name, place)
    return found


def word_features(reading: Reading) -> Features:
    """Words, then pairs of neighbours; those of a cleared clause are marked « ! »."""
    names = reading.names
    alone = range(len(names))
    pairs = [f"{name} {following}" for name, following in pairwise(names)]
    firsts = [*alone, *alone[:-1]]
    lasts = [*alone, *alone[1:]]
    subject_end = reading.titled
    if 0 < subject_end < len(names):  # its last word and the first one of the body are no neighbours
        pairs.pop(subject_end - 1)
        for places in (firsts, lasts):
            places.pop(len(names) + subject_end - 1)
    return Features([*names, *pairs], firsts, lasts)


def pair_features(reading: Reading) -> Features:
    """Words of one clause with one or two words between them: « imprime … rien »."""
    names, clauses = reading.names, [word.clause for word in reading.words]
    found: list[str] = []
    firsts: list[int] = []
    lasts: list[int] = []
    for apart in _APART:
        places = [place for place, same in enumerate(map(eq, clauses, clauses[apart:])) if same]
        found += [f"{names[place]} _ {names[place + apart]}" for place in places]
        firsts += places
        lasts += [place + apart for place in places]
    return Features(found, firsts, lasts)


def sign_features(reading: Reading) -> Features:
    """Groups of cues the model weighs, and the families, categories and origins of the products named."""
    found = [*_cue_signs(reading), *_product_signs(reading)]
    names, firsts, lasts = zip(*found, strict=True) if found else ((), (), ())
    return Features(names, firsts, lasts)


def _cue_signs(reading: Reading) -> Iterator[tuple[str, int, int]]:
    for hit in reading.cues:
        if hit.group.weighed:
            mark = "!" if reading.cleared[hit.first] and not hit.group.clears else ""
            yield f"{mark}cue:{hit.group.id}", hit.first, hit.last


def _product_signs(reading: Reading) -> Iterator[tuple[str, int, int]]:
    for found in reading.products:
        mark = "!" if reading.cleared[found.first] else ""
        for fact in ("product_family", "category", "software_origin"):
            value = found.product.facts.get(fact)
            if value:
                yield f"{mark}{fact}:{value}", found.first, found.last
