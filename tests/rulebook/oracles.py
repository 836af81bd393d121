"""Independent judges of a book: a SAT solver for holes, dead rules and what a question can change. Test-only: the
proof itself needs no solver."""

from collections.abc import Hashable, Iterable, Sequence
from itertools import count

from pysat.solvers import Glucose4

from router.rulebook.cubes import Cube, Domain


class SatJudge:
    """The fact domain one-hot: exactly one variable per fact is true. Cubes become clauses."""

    def __init__(self, domain: Domain) -> None:
        self._variables: list[list[int]] = []
        count = 0
        for values in domain.values:
            self._variables.append(list(range(count + 1, count + len(values) + 1)))
            count += len(values)

    def uncovered(self, cover: Iterable[Cube]) -> bool:
        """Whether some cell lies outside every cube."""
        return self._satisfiable([], cover)

    def reachable(self, cubes: Sequence[Cube], cover: Sequence[Cube]) -> bool:
        """Whether some cell of `cubes` lies outside `cover`."""
        return any(self._satisfiable([cube], cover) for cube in cubes)

    def _satisfiable(self, inside: Iterable[Cube], outside: Iterable[Cube]) -> bool:
        with Glucose4() as solver:
            for variables in self._variables:
                solver.add_clause(variables)
                for n, one in enumerate(variables):
                    for other in variables[n + 1 :]:
                        solver.add_clause([-one, -other])
            for cube in inside:
                for variables, mask in zip(self._variables, cube, strict=True):
                    solver.add_clause([v for n, v in enumerate(variables) if mask >> n & 1])
            for cube in outside:
                solver.add_clause(self._some_fact_outside(cube))
            return bool(solver.solve())

    def _some_fact_outside(self, cube: Cube) -> list[int]:
        pairs = zip(self._variables, cube, strict=True)
        return [v for variables, mask in pairs for n, v in enumerate(variables) if not mask >> n & 1]


class SensitivityJudge:
    """Whether one fact alone can change the label a first-match list gives, somewhere in a box. Two cells that share
    every other fact, each with the label of the first line that holds it: the solver looks for two labels."""

    def __init__(self, box: Cube, position: int) -> None:
        self._fresh = count(1)
        self._box, self._position = box, position
        self._clauses: list[list[int]] = []
        shared = [self._one_of(mask) for mask in box]
        other = self._one_of(box[position])
        self._cells = (shared, [*shared[:position], other, *shared[position + 1 :]])

    def differs(self, lines: Sequence[tuple[Cube, Hashable]]) -> bool:
        labels = [self._labels(cell, lines) for cell in self._cells]
        for label in labels[0]:
            self._clauses.append([-labels[0][label], -labels[1][label]])
        for found in labels:
            self._clauses.append(list(found.values()))
        with Glucose4(bootstrap_with=self._clauses) as solver:
            return bool(solver.solve())

    def _one_of(self, mask: int) -> dict[int, int]:
        """One variable per value of the mask, exactly one of them true."""
        variables = {bit: next(self._fresh) for bit in range(mask.bit_length()) if mask >> bit & 1}
        names = list(variables.values())
        self._clauses.append(names)
        self._clauses += [[-one, -two] for n, one in enumerate(names) for two in names[n + 1 :]]
        return variables

    def _labels(
        self, cell: list[dict[int, int]], lines: Sequence[tuple[Cube, Hashable]]
    ) -> dict[Hashable, int]:
        """For each label a variable that is true only when it is the cell's."""
        winners: dict[Hashable, list[int]] = {}
        before: list[int] = []
        for cube, label in lines:
            held = self._held(cell, cube)
            winner = self._all_of([held, *(-earlier for earlier in before)])
            winners.setdefault(label, []).append(winner)
            before.append(held)
        return {label: self._any_of(found) for label, found in winners.items()}

    def _held(self, cell: list[dict[int, int]], cube: Cube) -> int:
        facts = []
        for values, mask, full in zip(cell, cube, self._box, strict=True):
            if full & ~mask:
                facts.append(self._any_of([name for bit, name in values.items() if mask >> bit & 1]))
        return self._all_of(facts)

    def _all_of(self, literals: Sequence[int]) -> int:
        name = next(self._fresh)
        self._clauses += [[-name, literal] for literal in literals]
        self._clauses.append([name, *(-literal for literal in literals)])
        return name

    def _any_of(self, literals: Sequence[int]) -> int:
        return -self._all_of([-literal for literal in literals])
