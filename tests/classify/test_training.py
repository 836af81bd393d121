"""What is trained with scikit-learn is what runs without it."""

from dataclasses import replace

import numpy as np
import pytest

from router.classify import Classifier
from router.classify.corpus import LabelledText, catalogue_entries, lexicon_sources, read_texts
from router.classify.model import Model
from router.classify.train import (
    Thresholds,
    Trained,
    calibrate,
    export,
    fit,
    out_of_fold,
    read_all,
    train,
)
from router.classify.vectors import count, fit_vectors, rows_of
from router.model.words import Category


@pytest.fixture(scope="module")
def trained() -> tuple[Trained, Thresholds]:
    return train(read_texts("dev"))


ROUNDED = 1e-3  # weights lie in the file with three digits


def test_pure_python_gives_the_probabilities_of_scikit_learn() -> None:
    dev = read_texts("dev")
    texts = dev + read_texts("test")
    readings = read_all(texts)
    counted = count(readings)
    learnt = rows_of(counted, range(len(dev)))
    fitted = fit(learnt, dev)
    trained, _ = calibrate(fitted, out_of_fold(learnt, dev), dev)
    model = Model(export(trained, Thresholds(0.5, 0.3, 0.9), version="essai"))
    ordinary, security = trained.shares(counted)
    for place, reading in enumerate(readings):
        scores = model.score(reading)
        assert scores.security == pytest.approx(security[place], abs=ROUNDED)
        assert np.allclose(scores.ordinary, ordinary[place], atol=ROUNDED)


def test_quiet_questions_are_learnt_where_enough_are_known() -> None:
    dev = read_texts("dev")
    asking = [replace(text, need="advice") if place % 3 else text for place, text in enumerate(dev)]
    readings = read_all(dev)
    counted = count(readings)
    few, many = fit(counted, dev), fit(counted, asking)
    assert not few.quiet.weights.any() and many.quiet.weights.any()
    model = Model(export(many, Thresholds(0.5, 0.3, 0.9), version="essai"))
    logits = many.logits(counted).quiet
    for place, reading in enumerate(readings):
        assert model.score(reading).quiet == pytest.approx(1 / (1 + np.exp(-logits[place])), abs=ROUNDED)


def test_training_twice_gives_the_same_file(trained: tuple[Trained, Thresholds]) -> None:
    assert export(*train(read_texts("dev")), version="essai") == export(*trained, version="essai")


def test_weights_of_another_format_are_refused(trained: tuple[Trained, Thresholds]) -> None:
    document = export(*trained, version="essai") | {"format": 0}
    with pytest.raises(ValueError, match="réentraîner"):
        Model(document)


def test_a_model_is_used_with_the_lexicon_it_is_given(trained: tuple[Trained, Thresholds]) -> None:
    classifier = Classifier(lexicon_sources(), catalogue_entries(), Model(export(*trained, version="essai")))
    assert not classifier.classify("Souris cassée", "La souris est cassée, plus de molette.").abstained


@pytest.mark.parametrize(
    "changes",
    [
        {"bias": [0.0, 0.0, 0.0]},
        {"bias": [0.0, 0.0, 0.0, 0.0, float("nan")]},
        {"bias": "abcde"},
        {"security_over": 2},
        {"security_over": None},
        {"quiet_over": 0},
        {"beside": [0.1]},
        {"abstain_under": "0.5"},
        {"abstain_under": float("nan")},
    ],
)
def test_weights_that_would_mislead_are_refused(
    trained: tuple[Trained, Thresholds], changes: dict[str, object]
) -> None:
    with pytest.raises(ValueError, match="réentraîner"):
        Model(export(*trained, version="essai") | changes)


@pytest.mark.parametrize(
    "changes",
    [{"scale": float("inf")}, {"scale": "1"}, {"rows": ""}, {"rows": "AAAA"}, {"alike": []}, {"alike": [1]}],
)
def test_a_block_of_weights_that_would_mislead_is_refused(
    trained: tuple[Trained, Thresholds], changes: dict[str, object]
) -> None:
    document = export(*trained, version="essai")
    with pytest.raises(ValueError, match="réentraîner"):
        Model(document | {"words": document["words"] | changes})


def test_a_feature_told_twice_is_refused(trained: tuple[Trained, Thresholds]) -> None:
    document = export(*trained, version="essai")
    first, _, *others = document["words"]["names"].split("\n")
    with pytest.raises(ValueError, match="réentraîner"):
        Model(document | {"words": document["words"] | {"names": "\n".join([first, first, *others])}})


def reported(*bodies: str) -> list[LabelledText]:
    """Corrections accepted here."""
    label = Category.HARDWARE
    return [
        LabelledText(f"correction-{place}", "", body, label, frozenset({label}), "")
        for place, body in enumerate(bodies)
    ]


def feature_names(corrections: list[LabelledText]) -> dict[str, set[str]]:
    texts = [*read_texts("dev"), *corrections]
    vectors = fit_vectors(count(read_all(texts)), [text.corrected for text in texts])
    return {name: set(block.names) for name, block in vectors.blocks()}


def test_a_word_of_few_corrections_is_no_feature() -> None:
    """A name that the mask missed must not outlive the text it stood in."""
    few = reported("Quzwexk ouvre la porte", "la porte de Quzwexk grince")
    many = reported("le zorglub clignote", "mon zorglub clignote", "ce zorglub clignote")
    base, found = feature_names([]), feature_names([*few, *many])
    told = " ".join(set().union(*found.values()))
    assert "zorglub" in found["words"] and "zorglub clignote" in found["words"]
    assert "orgl" in found["letters"]
    assert not any(run in told for run in ("quzw", "zwex", "wexk"))
    assert "porte grince" not in told and base["words"] <= found["words"]
    assert base["letters"] <= found["letters"] and base["pairs"] <= found["pairs"]


def test_without_corrections_nothing_changes() -> None:
    counted = count(read_all(read_texts("dev")))
    plain, told = fit_vectors(counted), fit_vectors(counted, [False] * len(read_texts("dev")))
    for (_, one), (_, other) in zip(plain.blocks(), told.blocks(), strict=True):
        assert one.names == other.names and np.array_equal(one.idf, other.idf)


def test_a_vocabulary_that_is_given_weighs_the_same() -> None:
    """With corrections, what the shipped texts share keeps its names and its order."""
    texts = [*read_texts("dev"), *reported("le poste est en panne")]
    counted = count(read_all(texts))
    free = fit_vectors(counted)
    told = fit_vectors(counted, [text.corrected for text in texts])
    for (name, one), (_, other) in zip(free.blocks(), told.blocks(), strict=True):
        where = {each: place for place, each in enumerate(one.names)}
        assert list(other.names) == sorted(other.names) and set(other.names) <= set(one.names), name
        assert np.allclose(other.idf, [one.idf[where[each]] for each in other.names])
