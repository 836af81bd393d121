"""What changes between two books: what a manager reads, and that it is exact, cell by cell."""

import random
import tomllib
from collections.abc import Mapping
from datetime import date
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from router.model.incident import FactValue
from router.model.words import Source
from router.rulebook.book import Rulebook, UnknownConvention
from router.rulebook.change_wording import line_in_words
from router.rulebook.changes import Comparison, ComparisonUnfinished, Kind, Line
from router.rulebook.compare import compare, compare_from
from router.rulebook.cubes import meets
from router.rulebook.load import load_book
from router.rulebook.touched import Touched
from tests.rulebook.changes_seen import expected_changes, said_changes
from tests.rulebook.small_books import Setting, random_book

DAY = date(2026, 11, 28)
CASES = tomllib.loads((Path(__file__).parent / "comparisons.toml").read_text(encoding="utf-8"))["comparison"]
POINTS = 1_500


def edited(sources: Mapping[str, str], case: Mapping[str, Any]) -> Rulebook:
    changed = dict(sources)
    for edit in case["edit"]:
        text = changed[edit["file"]]
        assert edit["replace"] in text, edit
        changed[edit["file"]] = text.replace(edit["replace"], edit["by"], 1)
    return load_book(changed)


def said(old: Rulebook, new: Rulebook, comparison: Comparison) -> list[str]:
    return [*comparison.notes, *(line_in_words(old, new, comparison, line) for line in comparison.lines)]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["title"])
def test_an_edit_of_the_shipped_book_reads_as_written(
    book: Rulebook, sources: dict[str, str], case: dict[str, Any]
) -> None:
    new = edited(sources, case)
    comparison = compare(book, new, DAY, case.get("convention"))
    assert "lines" not in case or said(book, new, comparison) == case["lines"]
    if "back" in case:
        assert said(new, book, compare(new, book, DAY, case.get("convention"))) == case["back"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["title"])
@pytest.mark.parametrize("convention", [None, "demo-nord", "demo-sud"])
def test_the_lines_of_the_real_vocabulary_are_exact(
    book: Rulebook, sources: dict[str, str], case: dict[str, Any], convention: str | None
) -> None:
    """Random incidents anywhere, and some in each line's cube, exceptions included: each changes as its lines say,
    and only so."""
    new = edited(sources, case)
    comparison = compare(book, new, DAY, convention)
    chance, touched = random.Random(case["title"]), Touched.of(comparison)
    domain = comparison.vocabulary.domain
    cubes = [domain.full] * POINTS + [line.cube for line in comparison.lines for _ in range(60)]
    cubes += [chance.choice(line.boxes) for line in comparison.lines for _ in range(60)]
    for cube in cubes:
        values = {n: chance.choice(domain.values_in(n, m)) for n, m in zip(domain.names, cube, strict=True)}
        values = comparison.vocabulary.resolve([(Source.DECLARED, values)]).values()
        assert said_changes(comparison, touched, values) == expected_changes(book, new, comparison, values)


SETTINGS = {
    "same words": (Setting(), Setting()),
    "a value more": (Setting(), Setting(places=("salle", "gymnase", "bureau", "unknown"))),
    "values in another order, one less": (Setting(), Setting(places=("unknown", "salle"))),
    "a fact less": (Setting(), Setting(done=None)),
    "derived from others": (Setting(), Setting(done="['rupn', 'technicien']")),
    "a fact more, other places": (Setting(done=None), Setting(places=("salle", "cour", "unknown"))),
}


@pytest.mark.parametrize(("old_setting", "new_setting"), SETTINGS.values(), ids=SETTINGS)
def test_every_cell_of_a_small_vocabulary_changes_as_said(
    sources: dict[str, str], old_setting: Setting, new_setting: Setting
) -> None:
    """Brute force: all the cells of a few hundred, for random books that pass the proof."""
    seen: set[Kind] = set()
    for seed in range(6):
        chance = random.Random(seed)
        old = random_book(chance, old_setting, sources)
        new = random_book(chance, new_setting, sources)
        comparison = compare(old, new, DAY)
        touched, vocabulary = Touched.of(comparison), comparison.vocabulary
        counts: dict[int, int] = {}
        for cell in product(*vocabulary.domain.values):
            values = dict(zip(vocabulary.domain.names, cell, strict=True))
            if _unreal(comparison, values):
                assert touched.lines(values) == ()
                continue
            assert said_changes(comparison, touched, values) == expected_changes(old, new, comparison, values)
            for n in touched.lines(values):
                counts[n] = counts.get(n, 0) + 1
        assert {n: line.cells for n, line in enumerate(comparison.lines)} == counts
        seen |= {line.kind for line in comparison.lines}
    assert {Kind.HOLDER, Kind.TOLD, Kind.NOT_TOLD, Kind.DELAY, Kind.PRIORITY, Kind.RULE} <= seen
    assert {Kind.IMPOSSIBLE, Kind.POSSIBLE} <= seen


def _unreal(comparison: Comparison, values: Mapping[str, FactValue]) -> bool:
    """A cell that contradicts a fact both books derive alike."""
    return comparison.vocabulary.resolve([(Source.DECLARED, values)]).values() != values


def test_a_line_without_exceptions_is_its_cube(book: Rulebook, sources: dict[str, str]) -> None:
    """What one reads is what changes: beside cells no incident can be, the cube holds nothing else."""
    whole = 0
    for case in CASES:
        comparison = compare(book, edited(sources, case), DAY)
        chance, domain, touched = random.Random(4), comparison.vocabulary.domain, Touched.of(comparison)
        for line in comparison.lines:
            if line.exceptions or line.kind in (Kind.RULE, Kind.NEW_VALUE):
                continue
            whole += 1
            same = {n for n, other in enumerate(comparison.lines) if _what(other) == _what(line)}
            for _ in range(80):
                pairs = zip(domain.names, line.cube, strict=True)
                cell = {name: chance.choice(domain.values_in(name, mask)) for name, mask in pairs}
                if not _unreal(comparison, cell) and not _impossible(book, cell):
                    assert same & set(touched.lines(cell)), (case["title"], cell)
    assert whole > 10


def _what(line: Line) -> tuple[object, ...]:
    return line.kind, line.before, line.after, line.told


def _impossible(book: Rulebook, values: Mapping[str, FactValue]) -> bool:
    point = book.vocabulary.domain.point(values)
    return any(meets(point, cube) for cube in book.impossible_cubes)


def test_a_book_is_like_itself(book: Rulebook, sources: dict[str, str]) -> None:
    again = load_book({**sources, "priorities.toml": sources["priorities.toml"] + "\n# relu\n"})
    assert again.fingerprint != book.fingerprint
    for convention in (None, *book.conventions):
        assert compare(book, again, DAY, convention).alike


def test_a_rule_dated_in_two_months_shows_with_its_date(book: Rulebook, sources: dict[str, str]) -> None:
    name = "conventions/demo-sud.toml"
    later = load_book({**sources, name: sources[name].replace("since = 2026-01-05", "since = 2027-01-15")})
    past, coming = compare_from(book, later, DAY, "demo-sud")
    assert (past.since, past.until) == (DAY, date(2027, 1, 15))
    assert [line.kind for line in past.comparison.lines] == [Kind.HOLDER]
    assert (coming.since, coming.until) == (date(2027, 1, 15), None)
    assert coming.comparison.alike
    (base,) = compare_from(book, later, DAY, None)
    assert base.comparison.alike


def test_two_comparisons_on_other_days_begin_where_both_books_do(book: Rulebook) -> None:
    (only,) = compare_from(book, book, date(2020, 1, 1))
    assert only.since == date(2025, 9, 1)


def test_a_convention_that_one_book_lacks_is_compared_with_the_base(
    book: Rulebook, sources: dict[str, str]
) -> None:
    alone = load_book({n: text for n, text in sources.items() if n != "conventions/demo-sud.toml"})
    lines = compare(alone, book, DAY, "demo-sud").lines
    local = {rule.id for rule in book.conventions["demo-sud"].rules}
    assert {rule for line in lines for rule in line.rules_after} == local
    with pytest.raises(UnknownConvention):
        compare(alone, book, DAY, "nulle-part")


def test_a_comparison_that_does_not_end_says_so(book: Rulebook, sources: dict[str, str]) -> None:
    new = edited(sources, CASES[0])
    for steps in (0, 10, 60):
        with pytest.raises(ComparisonUnfinished, match="comparaison non terminée au 28/11/2026"):
            compare(book, new, DAY, steps=steps)
