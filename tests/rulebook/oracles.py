"""Independent judges of a book: a SAT solver for holes and dead rules. Test-only: the proof itself needs no solver."""

from collections.abc import Iterable, Sequence

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
