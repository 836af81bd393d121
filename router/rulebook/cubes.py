"""Regions of the fact domain as cubes: one bitmask per fact, in the vocabulary's order. Everything exact the
rulebook says (proof, index, trace, next question, comparison) is computed on these. Knows no rule."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from router.model.incident import FactValue

Cube = tuple[int, ...]
Cubes = tuple[Cube, ...]


# A condition has few cubes, and its spread few more.
_SPREAD_STEPS = 1_000_000


class ProofUnfinished(Exception):
    """The step budget ran out before the answer was known: never to be taken for a success."""


@dataclass(slots=True)
class Budget:
    """Steps a search may still take. The only mutable thing here: it counts down."""

    steps: int

    def spend(self) -> None:
        self.steps -= 1
        if self.steps < 0:
            raise ProofUnfinished


@dataclass(frozen=True, slots=True)
class Domain:
    """The finite space of facts: for each fact its values, each a bit. For a boolean, false is bit 1, true bit 2."""

    names: tuple[str, ...]
    values: tuple[tuple[FactValue, ...], ...]
    full: Cube
    position: Mapping[str, int]
    bits: Mapping[str, Mapping[FactValue, int]]

    @classmethod
    def of(cls, facts: Mapping[str, Sequence[FactValue]]) -> "Domain":
        return cls(
            names=tuple(facts),
            values=tuple(tuple(values) for values in facts.values()),
            full=tuple((1 << len(values)) - 1 for values in facts.values()),
            position={name: index for index, name in enumerate(facts)},
            bits={name: {value: 1 << n for n, value in enumerate(values)} for name, values in facts.items()},
        )

    def size(self) -> int:
        """How many cells the domain has."""
        return volume(self.full)

    def narrowed(self, cube: Cube, name: str, mask: int) -> Cube:
        """`cube` with the fact `name` restricted to exactly `mask`."""
        index = self.position[name]
        return (*cube[:index], mask, *cube[index + 1 :])

    def cube(self, restrictions: Mapping[str, int]) -> Cube:
        """The cube that restricts only the given facts."""
        return tuple(restrictions.get(name, full) for name, full in zip(self.names, self.full, strict=True))

    def point(self, values: Mapping[str, FactValue]) -> Cube:
        return tuple(self.bits[name][values[name]] for name in self.names)

    def values_in(self, name: str, mask: int) -> tuple[FactValue, ...]:
        index = self.position[name]
        return tuple(value for n, value in enumerate(self.values[index]) if mask >> n & 1)

    def restricted(self, cube: Cube) -> dict[str, tuple[FactValue, ...]]:
        """The facts the cube really restricts, with the values it keeps."""
        return {
            name: self.values_in(name, mask)
            for name, mask, full in zip(self.names, cube, self.full, strict=True)
            if mask != full
        }


def volume(cube: Cube) -> int:
    cells = 1
    for mask in cube:
        cells *= mask.bit_count()
    return cells


def meets(one: Cube, other: Cube) -> bool:
    return all(map(int.__and__, one, other))


def inside(one: Cube, other: Cube) -> bool:
    return not any(a & ~b for a, b in zip(one, other, strict=True))


def meet(one: Cube, other: Cube) -> Cube:
    return tuple(map(int.__and__, one, other))


def conjunction(ones: Iterable[Cube], others: Sequence[Cube]) -> Cubes:
    """The intersection of two unions."""
    return absorbed(meet(x, y) for x in ones for y in others if meets(x, y))


def absorbed(cubes: Iterable[Cube]) -> Cubes:
    """The same union without the cubes that lie within another one."""
    kept: list[Cube] = []
    for cube in sorted(set(cubes), key=lambda c: (-sum(map(int.bit_count, c)), c)):
        if not any(inside(cube, other) for other in kept):
            kept.append(cube)
    return tuple(kept)


def joined(cubes: Iterable[Cube]) -> Cubes:
    """The same union with the cubes that differ in one fact alone made into one: fewer lines to read."""
    kept = list(absorbed(cubes))
    for one in kept:
        for other in kept:
            apart = [index for index, (a, b) in enumerate(zip(one, other, strict=True)) if a != b]
            if len(apart) == 1:
                both = tuple(a | b for a, b in zip(one, other, strict=True))
                return joined([both, *(cube for cube in kept if cube not in (one, other))])
    return tuple(kept)


def without(cubes: Iterable[Cube], taken: Sequence[Cube]) -> Cubes:
    """What the union of `cubes` keeps outside `taken`, as cubes that don't meet."""
    left = list(cubes)
    for cube in taken:
        left = [part for box in left for part in _outside(box, cube)]
    return tuple(left)


def spread(cubes: Iterable[Cube], within: Sequence[Cube], taken: Sequence[Cube]) -> Cubes:
    """The same part of `within` outside `taken`, by fewer and wider cubes, which may meet."""
    wide = absorbed(_spread(cube, next(box for box in within if inside(cube, box)), taken) for cube in cubes)
    kept = list(wide)
    for cube in reversed(wide):  # the narrowest first
        rest = [other for other in kept if other != cube]
        if gap(cube, rest, Budget(_SPREAD_STEPS)) is None:
            kept = rest
    return tuple(kept)


def _spread(cube: Cube, bound: Cube, taken: Sequence[Cube]) -> Cube:
    for index, whole in enumerate(bound):
        for bit in _bits(whole & ~cube[index]):
            wider = (*cube[:index], cube[index] | bit, *cube[index + 1 :])
            if not any(meets(wider, other) for other in taken):
                cube = wider
    return cube


def _bits(mask: int) -> Iterator[int]:
    while mask:
        bit = mask & -mask
        mask ^= bit
        yield bit


def _outside(box: Cube, cube: Cube) -> Iterator[Cube]:
    """The parts of the box outside a cube: one slab per fact that sticks out."""
    if not meets(box, cube):
        yield box
        return
    for index, (mask, other) in enumerate(zip(box, cube, strict=True)):
        if mask & ~other:
            yield (*box[:index], mask & ~other, *box[index + 1 :])
        box = (*box[:index], mask & other, *box[index + 1 :])


def gap(box: Cube, cover: Iterable[Cube], budget: Budget) -> Cube | None:
    """A sub-box of `box` outside the union of `cover`, or None when it is wholly covered.

    Exact. Splits on the fact that most of the cover restricts, grouping values the cover can't tell apart.
    Raises ProofUnfinished when the budget runs out."""
    budget.spend()
    near = [cube for cube in cover if meets(box, cube)]
    if not near:
        return box
    if any(inside(box, cube) for cube in near):
        return None
    index = _most_restricted(box, near)
    for mask, chosen in _groups(box[index], [cube[index] for cube in near]):
        part = (*box[:index], mask, *box[index + 1 :])
        found = gap(part, [near[n] for n in chosen], budget)
        if found is not None:
            return found
    return None


def _most_restricted(box: Cube, near: Sequence[Cube]) -> int:
    counts = [sum(1 for cube in near if mask & ~cube[n]) for n, mask in enumerate(box)]
    return counts.index(max(counts))


def _groups(mask: int, masks: Sequence[int]) -> list[tuple[int, list[int]]]:
    """Split `mask` into groups of values that the same `masks` hold, the least covered first."""
    groups = split(mask, masks)
    return sorted(groups, key=lambda group: len(group[1]))


def split(mask: int, masks: Sequence[int]) -> list[tuple[int, list[int]]]:
    """Groups of values of `mask` that `masks` can't tell apart, each with the numbers of the masks holding it."""
    groups: dict[int, int] = {}
    while mask:
        bit = mask & -mask
        mask ^= bit
        signature = sum(1 << n for n, other in enumerate(masks) if other & bit)
        groups[signature] = groups.get(signature, 0) | bit
    return [(g, [n for n in range(len(masks)) if s >> n & 1]) for s, g in groups.items()]


def widened(domain: Domain, hole: Cube, cover: Sequence[Cube]) -> Cube:
    """A readable counterexample: the hole with as few restricted facts as it can have, still outside `cover`."""
    for index in reversed(range(len(hole))):
        wider = (*hole[:index], domain.full[index], *hole[index + 1 :])
        if not any(meets(wider, cube) for cube in cover):
            hole = wider
    return hole
