"""Measure the classifier on texts it has not seen: `python -m router.classify.evaluate`.

Readings never mixed: our own texts learnt, dev texts judged; all that is learnt, our own test part judged, then each
part held out. A text may accept several categories; any counts."""

import warnings
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import FeatureUnion, Pipeline

from router.classify.classifier import Classifier
from router.classify.corpus import LabelledText, catalogue_entries, lexicon_sources, read_texts
from router.classify.fold import fold_text
from router.classify.judging import Answer
from router.classify.lexicon import read_lexicon
from router.classify.model import Model
from router.classify.train import export, train
from router.model.words import Category

HELD_OUT = ("held_out", "held_out_2", "held_out_3", "held_out_4")
JUDGED = ("test", *HELD_OUT)  # parts never learnt
_BINS = (0.0, 0.5, 0.6, 0.7, 0.8, 0.9, 1.01)


@dataclass(frozen=True, slots=True)
class Judged(Answer):
    """A text, the category found, and how sure the method was."""

    confidence: float
    abstained: bool = False
    likeliest: Category | None = None


Method = Callable[[Sequence[LabelledText], Sequence[LabelledText]], list[Judged]]


def accuracy(judged: Sequence[Judged]) -> float:
    return sum(one.right for one in judged) / len(judged)


def recall(judged: Sequence[Judged], category: Category) -> float:
    wanted = [one for one in judged if one.truth is category]
    return sum(one.found is category for one in wanted) / len(wanted) if wanted else 1.0


def precision(judged: Sequence[Judged], category: Category) -> float:
    answered = [one for one in judged if one.found is category]
    return sum(one.truth is category for one in answered) / len(answered) if answered else 0.0


def macro_f1(judged: Sequence[Judged]) -> float:
    scores = []
    for category in Category:
        r, p = recall(judged, category), precision(judged, category)
        scores.append(2 * r * p / (r + p) if r + p else 0.0)
    return sum(scores) / len(scores)


def ours(learnt: Sequence[LabelledText], held: Sequence[LabelledText]) -> list[Judged]:
    """The whole method: fitted, calibrated and given its thresholds on `learnt` only."""
    model = Model(export(*train(learnt), version="evaluation"))
    classifier = Classifier(lexicon_sources(), catalogue_entries(), model)
    return judge(classifier, held)


def judge(classifier: Classifier, texts: Sequence[LabelledText]) -> list[Judged]:
    found = [(text, classifier.classify(text.subject, text.body)) for text in texts]
    return [
        Judged(
            text, c.category, c.confidence, c.abstained, max(c.scores, key=lambda category: c.scores[category])
        )
        for text, c in found
    ]


def likeliest_only(judged: Sequence[Judged]) -> list[Judged]:
    """The same answers, the most likely category winning: what the security threshold changes."""
    return [replace(one, found=one.likeliest or one.found) for one in judged]


def majority(learnt: Sequence[LabelledText], held: Sequence[LabelledText]) -> list[Judged]:
    most = Counter(text.label for text in learnt).most_common(1)[0][0]
    return [Judged(text, most, 1.0) for text in held]


def keywords(learnt: Sequence[LabelledText], held: Sequence[LabelledText]) -> list[Judged]:
    """Lexicon only: one voice per cue found; nothing learnt but whom to name when no cue speaks."""
    lexicon = read_lexicon(lexicon_sources())
    most = Counter(text.label for text in learnt).most_common(1)[0][0]
    judged = []
    for text in held:
        words = fold_text(f"{text.subject} {text.body}").split()
        votes = Counter(hit.group.category for hit in lexicon.find(words) if hit.group.category)
        judged.append(Judged(text, votes.most_common(1)[0][0] if votes else most, 1.0))
    return judged


def letters_and_words(learnt: Sequence[LabelledText], held: Sequence[LabelledText]) -> list[Judged]:
    """TF-IDF of characters 2-5 and words 1-2 with a logistic regression, as such routers usually are."""
    pipeline = Pipeline(
        [
            ("features", usual_features()),
            ("model", LogisticRegression(max_iter=2000)),
        ]
    )
    pipeline.fit([plain(text) for text in learnt], [str(text.label) for text in learnt])
    found = pipeline.predict([plain(text) for text in held])
    return [Judged(text, Category(label), 1.0) for text, label in zip(held, found, strict=True)]


def usual_features() -> FeatureUnion:
    """Characters 2 to 5 and words 1 to 2, as usual ticket routers do (glpi-ticket-triage 0.1.0 among them)."""
    return FeatureUnion([("letters", _tfidf("char_wb", 2, 5)), ("words", _tfidf("word", 1, 2))])


def _tfidf(analyzer: str, shortest: int, longest: int) -> TfidfVectorizer:
    return TfidfVectorizer(analyzer=analyzer, ngram_range=(shortest, longest), strip_accents="unicode")


def plain(text: LabelledText) -> str:
    return f"{text.subject}\n{text.body}"


METHODS: dict[str, Method] = {
    "majority": majority,
    "keywords only": keywords,
    "TF-IDF + logistic regression": letters_and_words,
    "ours": ours,
}


def line(name: str, judged: Sequence[Judged]) -> str:
    """One row of the comparison table."""
    recalls = " | ".join(f"{recall(judged, category):.3f}" for category in Category)
    return (
        f"| {name} | {accuracy(judged):.3f} | {macro_f1(judged):.3f} | {recalls} "
        f"| {precision(judged, Category.SECURITY):.3f} |"
    )


def table(title: str, rows: dict[str, list[Judged]]) -> str:
    names = " | ".join(str(category) for category in Category)
    head = f"| {title} | accuracy | macro-F1 | {names} | security precision |"
    return "\n".join([head, "|---" * 9 + "|", *(line(name, judged) for name, judged in rows.items())])


def reliability(judged: Sequence[Judged]) -> str:
    """How often answers of a given confidence are right."""
    rows = ["| confidence | texts | mean confidence | right |", "|---|---|---|---|"]
    for low, high in pairwise(_BINS):
        inside = [one for one in judged if low <= one.confidence < high]
        if inside:
            mean = sum(one.confidence for one in inside) / len(inside)
            rows.append(
                f"| {low:.1f}-{min(high, 1):.1f} | {len(inside)} | {mean:.2f} | {accuracy(inside):.3f} |"
            )
    return "\n".join(rows)


def abstention(judged: Sequence[Judged]) -> str:
    kept = [one for one in judged if not one.abstained]
    share = 1 - len(kept) / len(judged)
    return f"abstains on {share:.1%}; right on {accuracy(kept):.3f} of the others"


def confusion(judged: Sequence[Judged]) -> str:
    cells = Counter((one.truth, one.found) for one in judged)
    rows = ["| right \\ found | " + " | ".join(Category) + " |", "|---" * 6 + "|"]
    rows += [f"| {t} | " + " | ".join(str(cells[t, f]) for f in Category) + " |" for t in Category]
    return "\n".join(rows)


def errors(judged: Sequence[Judged], *, quoted: bool) -> str:
    """Every wrong answer. `quoted`: with its words, which are not to be read in a part held out."""
    wrong = [one for one in judged if not one.right]
    return "\n".join(
        f"- {one.text.id} {one.text.label} → {one.found} ({one.confidence:.2f})"
        + (f": {one.text.subject} / {one.text.body[:120]!r}" if quoted else "")
        for one in wrong
    )


def by_difficulty(judged: Sequence[Judged]) -> str:
    """How many are right among those of each difficulty."""
    rows = ["| difficulty | texts | right |", "|---|---|---|"]
    for level in sorted({one.text.difficulty for one in judged if one.text.difficulty}):
        inside = [one for one in judged if one.text.difficulty == level]
        rows.append(f"| {level} | {len(inside)} | {accuracy(inside):.3f} |")
    return "\n".join(rows)


def main() -> None:
    warnings.simplefilter("error")
    dev, own = read_texts("dev"), read_texts("train")
    judged_parts = {name: read_texts(name) for name in JUDGED}
    all_of_them = [text for part in judged_parts.values() for text in part]
    by_method = {name: method([*dev, *own], all_of_them) for name, method in METHODS.items()}
    print_part("own texts → dev", {name: method(own, dev) for name, method in METHODS.items()}, quoted=True)
    start = 0
    for name, part in judged_parts.items():
        cut = slice(start, start := start + len(part))
        rows = {method: judged[cut] for method, judged in by_method.items()}
        print_part(f"dev + own → {name}", rows, quoted=name not in HELD_OUT)


def print_part(title: str, rows: dict[str, list[Judged]], *, quoted: bool) -> None:
    judged = rows["ours"]
    rows = rows | {"ours, most likely category": likeliest_only(judged)}
    print(table(title, rows), "", reliability(judged), "", confusion(judged), "", sep="\n")
    print(by_difficulty(judged), "", abstention(judged), "", errors(judged, quoted=quoted), "", sep="\n")


if __name__ == "__main__":
    main()
