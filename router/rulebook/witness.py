"""A case that breaks something stated, or the certainty that there is none: an exact search through several
first-match lists at once, which leaves a region as soon as nothing bad can come out of it. Knows no rule."""

from collections.abc import Callable, Hashable, Sequence, Set

from router.rulebook.cubes import Budget, Cube, inside
from router.rulebook.outcomes import Line, nearest_lines, parts_of

# Which labels each list may still give in a region → whether some combination of them is bad there.
Possible = Callable[[Sequence[Set[Hashable]]], bool]


def witness(box: Cube, lists: Sequence[Sequence[Line]], possible: Possible, budget: Budget) -> Cube | None:
    """A sub-box of `box` whose labels are bad, or None: it is proved that no cell's are.

    `possible` never says no wrongly, and says yes rightly of single labels. Raises ProofUnfinished."""
    budget.spend()
    near = [nearest_lines(box, lines) for lines in lists]
    if not possible([{label for _, label in lines} for lines in near]):
        return None
    if all(inside(box, lines[0][0]) for lines in near):
        return box
    distinct = list(dict.fromkeys(line for lines in near for line in lines))
    for part, chosen in parts_of(box, distinct):
        kept = {distinct[n] for n in chosen}
        found = witness(part, [[line for line in lines if line in kept] for lines in near], possible, budget)
        if found is not None:
            return found
    return None


def readable(
    found: Cube, region: Cube, lists: Sequence[Sequence[Line]], good: Possible, budget: Budget
) -> Cube:
    """The witness with as few restricted facts as it can have: within `region`, and nothing `good` inside."""
    for index in reversed(range(len(found))):
        wider = (*found[:index], region[index], *found[index + 1 :])
        if wider != found and witness(wider, lists, good, budget) is None:
            found = wider
    return found
