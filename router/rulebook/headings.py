"""The headings of the RACI, as data: in which order and under which articles the rules are laid out."""

from collections.abc import Sequence

from router.rulebook.cubes import Budget, gap, volume
from router.rulebook.entries import Heading, Rule
from router.rulebook.prove import STEPS_PER_SLICE
from router.rulebook.read import Words, read_when
from router.rulebook.table import Table


def read_headings(root: Table, words: Words) -> tuple[Heading, ...]:
    """Every `[[heading]]`; faults are noted at their places."""
    root.only("heading")
    found: list[Heading] = []
    for table in root.tables("heading"):
        table.only("title", "articles", "when")
        title = table.text("title")
        if title in {heading.title for heading in found}:
            table.fault("AIG005", f"la rubrique « {title} » est écrite deux fois.", "title")
        articles = table.words("articles", words.articles, "l'article", "AIG009")
        condition = read_when(table, words.vocabulary)
        if condition:
            found.append(Heading(title, articles, condition, table.place))
    return tuple(found)


def heading_of(headings: Sequence[Heading], rule: Rule) -> Heading | None:
    """The most precise heading that holds the whole rule; between equals, the last one."""
    budget = Budget(STEPS_PER_SLICE)
    holding = [
        heading
        for heading in reversed(headings)
        if all(gap(cube, heading.condition.cubes, budget) is None for cube in rule.cubes)
    ]
    return min(holding, key=lambda heading: sum(map(volume, heading.condition.cubes)), default=None)
