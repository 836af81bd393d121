"""Where two first-match lists disagree, exactly, and a region in as few readable cubes as can be found.

The search looks only where the lists differ and stops wherever the same lines decide on both sides, so that a small
edit of a large book costs little. Knows no rule: labels are whatever the lists give."""

from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_

from router.rulebook.cubes import Budget, Cube, Cubes, absorbed, gap, meet, meets, split, volume
from router.rulebook.outcomes import Line, nearest_lines, parts_of

_FEW_CUBES = 24  # beyond, cutting the changed cubes apart costs more than looking everywhere
_FEW_VALUES = 3


@dataclass(frozen=True, slots=True)
class Piece:
    """A box in which the first list gives one label everywhere, the second another."""

    box: Cube
    before: Hashable
    after: Hashable


@dataclass(frozen=True, slots=True)
class Stretch:
    """A readable cube of a region, and the part of the region it stands for: disjoint boxes, none of which belongs
    to another stretch of the same region."""

    cube: Cube
    boxes: Cubes


def differences(full: Cube, old: Sequence[Line], new: Sequence[Line], budget: Budget) -> list[Piece]:
    """Disjoint boxes holding every cell to which the lists give different labels. Both lists cover the domain.

    Raises ProofUnfinished."""
    found: list[Piece] = []
    for box in _changed(full, old, new):
        _differ(box, old, new, found, budget)
    return found


def _changed(full: Cube, old: Sequence[Line], new: Sequence[Line]) -> list[Cube]:
    """Disjoint boxes outside which nothing differs: the cubes of lines that only one list has. Two lines that both
    have, in the same order, decide alike; in another order, no shortcut."""
    both = set(old) & set(new)
    if [line for line in old if line in both] != [line for line in new if line in both]:
        return [full]
    cubes = absorbed(cube for lines in (old, new) for cube, label in lines if (cube, label) not in both)
    if len(cubes) > _FEW_CUBES:
        return [full]
    apart: list[Cube] = []
    for cube in cubes:
        apart += remainder([cube], apart)
    return apart


def _differ(box: Cube, old: Sequence[Line], new: Sequence[Line], found: list[Piece], budget: Budget) -> None:
    budget.spend()
    old, new = nearest_lines(box, old), nearest_lines(box, new)
    if old == new:
        return
    before, after = {label for _, label in old}, {label for _, label in new}
    if len(before) == 1 and len(after) == 1:
        if before != after:
            found.append(Piece(box, before.pop(), after.pop()))
        return
    lines = list(dict.fromkeys([*old, *new]))
    for part, chosen in parts_of(box, lines):
        kept = {lines[n] for n in chosen}
        _differ(
            part, [line for line in old if line in kept], [line for line in new if line in kept], found, budget
        )


def kept_where(box: Cube, lines: Sequence[Line], wanted: Hashable, budget: Budget) -> list[Cube]:
    """Disjoint boxes of the cells of `box` to which the list gives the label `wanted`. Raises ProofUnfinished."""
    budget.spend()
    near = nearest_lines(box, lines)
    labels = {label for _, label in near}
    if wanted not in labels:
        return []
    if labels == {wanted}:
        return [box]
    parts = parts_of(box, near)
    return [
        each for part, chosen in parts for each in kept_where(part, [near[n] for n in chosen], wanted, budget)
    ]


def remainder(boxes: Iterable[Cube], cover: Iterable[Cube]) -> list[Cube]:
    """Disjoint boxes of what `cover` leaves of disjoint `boxes`."""
    left = list(boxes)
    for cube in cover:
        left = [part for box in left for part in _without(box, cube)]
    return left


def _without(box: Cube, cube: Cube) -> Iterator[Cube]:
    if not meets(box, cube):
        yield box
        return
    for n, mask in enumerate(cube):
        rest = box[n] & ~mask
        if rest:
            yield (*box[:n], rest, *box[n + 1 :])
            box = (*box[:n], box[n] & mask, *box[n + 1 :])


def fused(boxes: Iterable[Cube]) -> list[Cube]:
    """Disjoint boxes joined wherever two differ in one fact only. The union stays the same."""
    left = list(boxes)
    while True:
        before = len(left)
        for position in range(len(left[0]) if left else 0):
            left = _fused_along(left, position)
        if len(left) == before:
            return left


def _fused_along(boxes: Sequence[Cube], position: int) -> list[Cube]:
    masks: dict[Cube, int] = {}
    for box in boxes:
        rest = (*box[:position], 0, *box[position + 1 :])
        masks[rest] = masks.get(rest, 0) | box[position]
    return [(*rest[:position], mask, *rest[position + 1 :]) for rest, mask in masks.items()]


def readable(full: Cube, boxes: Iterable[Cube], indifferent: Sequence[Cube], budget: Budget) -> list[Stretch]:
    """The region of disjoint boxes in few wide cubes, the widest first. A cube holds no cell outside the region but
    `indifferent` ones, which no incident can be. Raises ProofUnfinished."""
    merged = fused(boxes)
    allowed = [*merged, *indifferent]
    wide = absorbed(_widest(full, box, merged, allowed, budget) for box in merged)
    return shared_out(_needed(wide, merged, budget), merged, budget)


def shared_out(cubes: Iterable[Cube], boxes: Iterable[Cube], budget: Budget) -> list[Stretch]:
    """The region of disjoint boxes shared out among cubes that hold it, the widest first. Raises ProofUnfinished."""
    left = fused(boxes)
    found: list[Stretch] = []
    for cube in sorted(cubes, key=lambda cube: (-volume(cube), cube)):
        parts = [meet(box, cube) for box in left if meets(box, cube)]
        for _ in parts:
            budget.spend()
        left = remainder(left, [cube])
        if parts:
            found.append(Stretch(cube, tuple(sorted(fused(parts)))))
    return found


def drawn_in(full: Cube, cube: Cube, boxes: Iterable[Cube]) -> Cube:
    """The cube, narrowed to what it holds of the boxes in each fact that a few values then tell."""
    parts = [meet(box, cube) for box in boxes if meets(box, cube)]
    return tuple(
        narrow if _words(narrow, whole) <= _FEW_VALUES else wide
        for narrow, wide, whole in zip(hull(parts), cube, full, strict=True)
    )


def hull(boxes: Iterable[Cube]) -> Cube:
    """The smallest cube that holds them all."""
    return tuple(reduce(or_, masks) for masks in zip(*boxes, strict=True))


def wordiness(full: Cube, cube: Cube) -> int:
    """How much there is to read in a cube: its facts, and the values named or left out."""
    return sum(1 + _words(mask, whole) for mask, whole in zip(cube, full, strict=True) if mask != whole)


def _words(mask: int, whole: int) -> int:
    return min(mask.bit_count(), (whole & ~mask).bit_count())


def _widest(full: Cube, box: Cube, region: Sequence[Cube], allowed: Sequence[Cube], budget: Budget) -> Cube:
    """The box grown as far as `allowed` goes: whole facts first, for the fewest words, then the values that bring
    some cell of the region. The last facts of the vocabulary go first: a reader thinks with the first ones."""
    for position in reversed(range(len(box))):
        box = _grown(box, _beside(box, position, full[position]), position, allowed, budget)
    for position in reversed(range(len(box))):
        masks = [cube[position] for cube in allowed]
        for group, _ in split(full[position] & ~box[position], masks):
            more = _beside(box, position, group)
            if any(meets(more, cube) for cube in region):
                box = _grown(box, more, position, allowed, budget)
    return box


def _beside(box: Cube, position: int, mask: int) -> Cube:
    return (*box[:position], mask & ~box[position], *box[position + 1 :])


def _grown(box: Cube, more: Cube, position: int, allowed: Sequence[Cube], budget: Budget) -> Cube:
    if not more[position] or gap(more, allowed, budget) is not None:
        return box
    return (*box[:position], box[position] | more[position], *box[position + 1 :])


def _needed(wide: Cubes, boxes: Sequence[Cube], budget: Budget) -> list[Cube]:
    """Enough of the wide cubes to hold every box, the widest first, none that the others make useless."""
    kept = list(wide)
    for cube in sorted(wide, key=volume):
        rest = [other for other in kept if other != cube]
        near = [box for box in boxes if meets(box, cube)]
        if all(gap(meet(box, cube), rest, budget) is None for box in near):
            kept = rest
    return kept
