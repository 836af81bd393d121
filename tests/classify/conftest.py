"""One classifier for the whole folder: loading is cheap, but not free."""

import pytest

from router.classify import Classifier
from router.classify.corpus import catalogue_entries, lexicon_sources


@pytest.fixture(scope="session")
def classifier() -> Classifier:
    return Classifier.load(lexicon_sources(), catalogue_entries())
