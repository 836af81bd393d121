"""Measure what is read besides the category: `python -m router.classify.measure_facts [FILE] [--errors]`.

Each line of FILE has an id and the facts a person read (`facts`), with its text (`subject`, `body`) or the id of a
text that is learnt. Words are compared with words; a product by what the catalogue calls it, a zone and a need
by value."""

import argparse
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from router.classify.classifier import Classifier
from router.classify.corpus import CORPUS, catalogue_entries, lexicon_sources, read_texts
from router.classify.fold import fold_text
from router.model.told import Told, ToldKind

DEVELOPED_ON = CORPUS / "facts_dev.jsonl"
_KINDS: Mapping[str, tuple[ToldKind, ...]] = {
    "product": (ToldKind.PRODUCT,),
    "need": (ToldKind.NEED,),
    "zone": (ToldKind.ZONE,),
    "room": (ToldKind.ROOM,),
    "asset": (ToldKind.ASSET_TAG,),
    "people": (ToldKind.PEOPLE,),
    "exam": (ToldKind.EXAM, ToldKind.DEADLINE),  # one key of the gold for both
    "exposed": (ToldKind.PERSONAL_DATA_EXPOSED,),
    "tried": (ToldKind.TRIED,),
}
_SAME = {
    "exam": ("exam", "deadline"),
    "asset": ("asset", "asset_tag"),
    "exposed": ("exposed", "personal_data_exposed"),
}
_BY_VALUE = ("product", "need", "zone")
_ZONES = {"administrative": "administration", "pedagogical": "pedagogique"}


@dataclass(frozen=True, slots=True)
class GoldText:
    """A text and what a person read in it: key of the gold → words or values."""

    id: str
    subject: str
    body: str
    facts: Mapping[str, tuple[str, ...]]


@dataclass(slots=True)
class Score:
    """One extractor: right, wrongly found (nothing to find, or other words), missed; `exact`: the very same words."""

    right: int = 0
    wrong: int = 0
    missed: int = 0
    exact: int = 0
    unknown: int = 0  # products that the catalogue doesn't have: not judged
    errors: list[str] = field(default_factory=list)

    @property
    def told(self) -> int:
        return self.right + self.missed

    @property
    def precision(self) -> float:
        return self.right / (self.right + self.wrong) if self.right + self.wrong else 1.0

    @property
    def recall(self) -> float:
        return self.right / self.told if self.told else 1.0


def read_gold(path: Path) -> list[GoldText]:
    """Raises ValueError naming the line that can't be read."""
    known = {text.id: (text.subject, text.body) for text in read_texts("dev") + read_texts("train")}
    texts = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if line.strip():
            try:
                texts.append(_gold_of(json.loads(line), known))
            except (KeyError, TypeError, json.JSONDecodeError) as error:
                raise ValueError(f"{path.name}, line {number}: {error!r}") from error
    return texts


def _gold_of(line: Mapping[str, Any], known: Mapping[str, tuple[str, str]]) -> GoldText:
    subject, body = (line["subject"], line["body"]) if "body" in line else known[line["id"]]
    given = line.get("facts") or {}
    facts = {}
    for key in _KINDS:
        words = tuple(each for name in _SAME.get(key, (key,)) for each in _words_of(given.get(name)))
        if words:
            facts[key] = words
    return GoldText(str(line["id"]), subject, body, facts)


def _words_of(value: Any) -> tuple[str, ...]:
    """A fact of the gold as words, whether a text, a number, a yes, a list, or an object with its words."""
    match value:
        case None | False | "":
            return ()
        case dict():
            return _words_of(value.get("words") or value.get("value"))
        case list() | tuple():
            return tuple(words for each in value for words in _words_of(each))
        case _:
            return (str(value),)


def measure(classifier: Classifier, texts: Sequence[GoldText]) -> dict[str, Score]:
    scores = {key: Score() for key in _KINDS}
    for text in texts:
        told = classifier.classify(text.subject, text.body).told
        for key, score in scores.items():
            _judge(classifier, score, key, text, told)
    return scores


def _judge(classifier: Classifier, score: Score, key: str, text: GoldText, told: Told) -> None:
    gold = text.facts.get(key, ())
    found = [fact for kind in _KINDS[key] for fact in told.all_of(kind)]
    said = [fact.value if key in _BY_VALUE else fact.words for fact in found]
    wanted = _resolved(classifier, key, gold)
    if gold and not wanted:
        score.unknown += 1
        return
    if not gold and not found:
        return
    if any(_alike(key, one, other) for one in said for other in wanted):
        score.right += 1
        same = {fold_text(each) for each in gold}
        score.exact += any(fold_text(fact.words) in same for fact in found)
        return
    score.wrong += bool(found)
    score.missed += bool(gold)
    score.errors.append(f"{text.id} {key}: {' / '.join(gold) or '-'} → {' / '.join(said) or '-'}")


def _resolved(classifier: Classifier, key: str, gold: Sequence[str]) -> tuple[str, ...]:
    if key == "zone":
        return tuple(_ZONES.get(each, each) for each in gold)
    if key == "product":
        named = [classifier.index.named(each) for each in gold]
        return tuple(each[0].id for each in named if each is not None)
    return tuple(gold)


def _alike(key: str, one: str, other: str) -> bool:
    """The same value; for words, some of them shared: « la 204 » and « 204 »."""
    if key in _BY_VALUE or other.lower() == "true":
        return one == other or other.lower() == "true"
    first, second = fold_text(one), fold_text(other)
    return bool(set(first.split()) & set(second.split()) - _EMPTY) or first == second


_EMPTY = frozenset(
    """
        la le les l de du des d en a au aux un une salle j ai et pour
    """.split()  # noqa: SIM905
)


def table(scores: Mapping[str, Score]) -> str:
    """A row per extractor. Exact words are a share of what was rightly found, where the gold tells words."""
    rows = ["| fact | texts | right | wrongly found | precision | recall | exact words |", "|---" * 7 + "|"]
    for key, score in scores.items():
        exact = f"{score.exact / score.right:.2f}" if score.right and key not in ("need", "zone") else ""
        name = {"exam": "exam or deadline"}.get(key, key)
        unknown = f" (+{score.unknown} not in the catalogue)" if score.unknown else ""
        rows.append(
            f"| {name} | {score.told}{unknown} | {score.right} | {score.wrong} "
            f"| {score.precision:.2f} | {score.recall:.2f} | {exact} |"
        )
    return "\n".join(rows)


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description="Precision and recall of the facts read in words.")
    parser.add_argument("file", nargs="?", type=Path, default=DEVELOPED_ON)
    parser.add_argument("--errors", action="store_true", help="list what is wrong (not on a held-out file)")
    given = parser.parse_args(arguments)
    texts = read_gold(given.file)
    scores = measure(Classifier.load(lexicon_sources(), catalogue_entries()), texts)
    print(f"{len(texts)} texts", "", table(scores), sep="\n")
    if given.errors:
        print("", *(error for score in scores.values() for error in score.errors), sep="\n")


if __name__ == "__main__":
    main()
