"""Two models on the same texts: what is lost is told by class, with the texts."""

from router.classify.corpus import LabelledText
from router.classify.judging import Answer, Share, figures, losses
from router.model.words import Category

HARDWARE, NETWORK, SECURITY = Category.HARDWARE, Category.NETWORK, Category.SECURITY


def answer(name: str, label: Category, found: Category, *also: Category) -> Answer:
    return Answer(LabelledText(name, "", "", label, frozenset({label, *also}), ""), found)


BEFORE = [
    answer("a", HARDWARE, HARDWARE),
    answer("b", HARDWARE, NETWORK),
    answer("c", NETWORK, NETWORK),
    answer("d", SECURITY, SECURITY),
    answer("e", NETWORK, HARDWARE, HARDWARE),
]


def test_recalls_are_counted_by_label_and_any_accepted_category_is_right() -> None:
    found = figures(BEFORE)
    assert found.texts == 5
    assert found.recalls[HARDWARE] == Share(1, 2)
    assert found.recalls[NETWORK] == Share(2, 2)
    assert found.recalls[Category.METIER_SOFTWARE].value is None
    assert found.security_precision == 1.0
    # hardware: recall 2/3, precision 2/2; network: recall 1/1, precision 1/2; security: 1.
    assert found.macro_f1 is not None
    assert abs(found.macro_f1 - (0.8 + 2 / 3 + 1) / 3) < 1e-9


def test_a_class_that_gains_elsewhere_hides_no_loss() -> None:
    after = [
        answer("a", HARDWARE, NETWORK),
        answer("b", HARDWARE, HARDWARE),
        answer("c", NETWORK, HARDWARE),
        answer("d", SECURITY, SECURITY),
        answer("e", NETWORK, NETWORK, HARDWARE),
    ]
    (loss,) = losses(BEFORE, after)
    assert (loss.category, loss.before, loss.after, loss.texts) == (NETWORK, Share(2, 2), Share(1, 2), ("c",))


def test_a_class_of_too_few_texts_says_nothing() -> None:
    after = [*BEFORE[:3], answer("d", SECURITY, HARDWARE), BEFORE[4]]
    assert [loss.category for loss in losses(BEFORE, after)] == [SECURITY]
    assert losses(BEFORE, after, least=2) == ()


def test_no_text_no_figure() -> None:
    found = figures([])
    assert (found.texts, found.security_precision, found.macro_f1) == (0, None, None)
