"""Two models on the same texts: what each finds, and what one loses against the other. Pure, needs no scikit-learn."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from router.classify.classifier import Classifier
from router.classify.corpus import LabelledText
from router.model.words import Category


@dataclass(frozen=True, slots=True)
class Answer:
    """What a model found for a text; any accepted category is right."""

    text: LabelledText
    found: Category

    @property
    def right(self) -> bool:
        return self.found in self.text.accept

    @property
    def truth(self) -> Category:
        return self.found if self.right else self.text.label


@dataclass(frozen=True, slots=True)
class Share:
    """So many right, of so many."""

    right: int
    texts: int

    @property
    def value(self) -> float | None:
        return self.right / self.texts if self.texts else None


@dataclass(frozen=True, slots=True)
class Figures:
    """One model on one set of texts. A recall is, of the texts labelled so, those answered rightly."""

    texts: int
    recalls: Mapping[Category, Share]
    security_precision: float | None
    macro_f1: float | None


@dataclass(frozen=True, slots=True)
class Loss:
    """A class that the candidate answers less well: before, after, and the texts it no longer gets right."""

    category: Category
    before: Share
    after: Share
    texts: tuple[str, ...]


def answers(classifier: Classifier, texts: Iterable[LabelledText]) -> list[Answer]:
    return [Answer(text, classifier.category_of(text.subject, text.body)) for text in texts]


def figures(given: Sequence[Answer]) -> Figures:
    return Figures(
        len(given),
        {category: recall(given, category) for category in Category},
        _precision(given, Category.SECURITY),
        _macro_f1(given),
    )


def recall(given: Iterable[Answer], category: Category) -> Share:
    """Counted by label, so that two models are judged on the same texts."""
    wanted = [one.right for one in given if one.text.label is category]
    return Share(sum(wanted), len(wanted))


def losses(current: Sequence[Answer], candidate: Sequence[Answer], least: int = 1) -> tuple[Loss, ...]:
    """Every class of at least `least` texts in which the candidate is right less often."""
    found = []
    for category in Category:
        before, after = recall(current, category), recall(candidate, category)
        if before.texts >= least and after.right < before.right:
            lost = (
                now.text.id
                for then, now in zip(current, candidate, strict=True)
                if then.text.label is category and then.right and not now.right
            )
            found.append(Loss(category, before, after, tuple(lost)))
    return tuple(found)


def _precision(given: Iterable[Answer], category: Category) -> float | None:
    answered = [one.right for one in given if one.found is category]
    return sum(answered) / len(answered) if answered else None


def _macro_f1(given: Sequence[Answer]) -> float | None:
    """Over the classes that are there; a text of several labels counts as the one it was answered by."""
    scores = []
    for category in Category:
        wanted = [one.right for one in given if one.truth is category]
        if not wanted:
            continue
        r, p = sum(wanted) / len(wanted), _precision(given, category) or 0.0
        scores.append(2 * r * p / (r + p) if r + p else 0.0)
    return sum(scores) / len(scores) if scores else None
