"""Other ways to classify, measured beside ours on the same texts: `python -m router.classify.compare`.

Each learns all that is learnt (`dev`, `train`) and judges the held-out parts, which nothing learns. Takes minutes."""

import pickle
import warnings
from collections.abc import Callable, Sequence
from time import process_time
from typing import Any

import numpy as np
from sklearn.decomposition import TruncatedSVD
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.naive_bayes import ComplementNB
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.svm import LinearSVC

from router.classify.classifier import Classifier
from router.classify.corpus import LabelledText, catalogue_entries, lexicon_sources, read_texts
from router.classify.evaluate import (
    HELD_OUT,
    Judged,
    judge,
    keywords,
    macro_f1,
    majority,
    plain,
    precision,
    recall,
    usual_features,
)
from router.classify.evaluate import accuracy as accuracy_of
from router.classify.model import Model, packed
from router.classify.train import export, train
from router.model.words import Category

Maker = Callable[[], Any]


def _boosted() -> Pipeline:
    return make_pipeline(
        usual_features(),
        TruncatedSVD(150, random_state=1),
        HistGradientBoostingClassifier(max_iter=150, random_state=1, early_stopping=False),
    )


class _Together:
    """The means of what a logistic regression and a boosted model say."""

    def fit(self, texts: Sequence[str], labels: Sequence[str]) -> "_Together":
        linear = make_pipeline(usual_features(), LogisticRegression(max_iter=2000, C=10))
        self.members = [linear.fit(texts, labels), _boosted().fit(texts, labels)]
        return self

    def predict(self, texts: Sequence[str]) -> list[str]:
        shares = sum(member.predict_proba(texts) for member in self.members)
        return [str(self.members[0].classes_[best]) for best in np.asarray(shares).argmax(axis=1)]


MAKERS: dict[str, Maker] = {
    "letters and words, logistic regression": lambda: make_pipeline(
        usual_features(), LogisticRegression(max_iter=2000)
    ),
    "letters and words, linear SVM": lambda: make_pipeline(usual_features(), LinearSVC(C=0.5)),
    "letters and words, naive Bayes": lambda: make_pipeline(usual_features(), ComplementNB()),
    "150 latent directions, boosted trees": _boosted,
    "logistic regression and boosted trees together": _Together,
}


def of(maker: Maker, learnt: Sequence[LabelledText], held: Sequence[LabelledText]) -> tuple[list[Judged], str]:
    """What it answers, and what it costs: seconds to learn, texts a second, size."""
    begun = process_time()
    model = maker().fit([plain(text) for text in learnt], [str(text.label) for text in learnt])
    learning, begun = process_time() - begun, process_time()
    found = model.predict([plain(text) for text in held])
    speed = len(held) / (process_time() - begun)
    size = len(pickle.dumps(model)) / 1024**2
    judged = [Judged(text, Category(label), 1.0) for text, label in zip(held, found, strict=True)]
    return judged, f"{learning:.0f} s | {speed:,.0f} | {size:.1f} MiB"


def of_ours(learnt: Sequence[LabelledText], held: Sequence[LabelledText]) -> tuple[list[Judged], str]:
    """The same for the whole method, cross-validation included; its size is its file's, its speed that of the category
    alone, which is all that the others tell."""
    begun = process_time()
    document = export(*train(learnt), version="comparison")
    learning = process_time() - begun
    classifier = Classifier(lexicon_sources(), catalogue_entries(), Model(document))
    begun = process_time()
    for text in held:
        classifier.category_of(text.subject, text.body)
    speed = len(held) / (process_time() - begun)
    size = len(packed(document)) / 1024**2
    return judge(classifier, held), f"{learning:.0f} s | {speed:,.0f} | {size:.1f} MiB"


def line(name: str, judged: Sequence[Judged], cost: str) -> str:
    by_level = " | ".join(
        f"{accuracy_of([one for one in judged if one.text.difficulty == level]):.3f}"
        for level in ("easy", "medium", "hard")
    )
    security = f"{recall(judged, Category.SECURITY):.3f} | {precision(judged, Category.SECURITY):.3f}"
    return f"| {name} | {accuracy_of(judged):.3f} | {macro_f1(judged):.3f} | {security} | {by_level} | {cost} |"


def main() -> None:
    warnings.simplefilter("ignore")  # what other libraries' defaults will become is not what is measured
    learnt = read_texts("dev") + read_texts("train")
    held = [text for name in HELD_OUT for text in read_texts(name)]
    small = read_texts("dev")
    print(f"{len(learnt)} texts learnt, {len(held)} judged\n")
    print(
        "| | accuracy | macro-F1 | security recall | precision | easy | medium | hard "
        "| learning | texts a second | size |"
    )
    print("|---" * 11 + "|")
    nothing = " | | "
    print(line("majority", majority(learnt, held), nothing))
    print(line("cues alone", keywords(learnt, held), nothing))
    usual = MAKERS["letters and words, logistic regression"]
    print(line("the usual pipeline, having learnt the 200 dev texts only", *of(usual, small, held)))
    for name, maker in MAKERS.items():
        print(line(name, *of(maker, learnt, held)), flush=True)
    print(line("**ours**", *of_ours(learnt, held)))


if __name__ == "__main__":
    main()
