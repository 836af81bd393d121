"""The shipped book, and ways of saying facts, for the rulebook's tests."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from router.model.incident import Facts, FactValue
from router.model.words import Source
from router.rulebook.book import Rulebook
from router.rulebook.load import load_book, read_folder

RULES = Path(__file__).parents[2] / "rules"
AT = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def sources() -> dict[str, str]:
    return read_folder(RULES)


@pytest.fixture(scope="session")
def book(sources: dict[str, str]) -> Rulebook:
    return load_book(sources)


@pytest.fixture(scope="session")
def declare(book: Rulebook) -> Callable[..., Facts]:
    def _declare(**facts: FactValue) -> Facts:
        return book.vocabulary.resolve([(Source.DECLARED, facts)])

    return _declare
