"""Which lines of a comparison the facts of an incident fall in: a few ANDs, whatever the number of boxes."""

from collections.abc import Mapping
from dataclasses import dataclass

from router.model.incident import FactValue
from router.rulebook.changes import Comparison


@dataclass(frozen=True, slots=True, eq=False)
class Touched:
    """One bit for each box of each line; `owners` are the positions of their lines."""

    owners: tuple[int, ...]
    masks: tuple[tuple[str, Mapping[FactValue, int]], ...]

    @classmethod
    def of(cls, comparison: Comparison) -> "Touched":
        boxes = [(n, box) for n, line in enumerate(comparison.lines) for box in line.boxes]
        domain = comparison.vocabulary.domain
        masks = tuple(
            (
                name,
                {
                    value: sum(1 << n for n, (_, box) in enumerate(boxes) if box[position] & bit)
                    for value, bit in domain.bits[name].items()
                },
            )
            for position, name in enumerate(domain.names)
        )
        return cls(tuple(owner for owner, _ in boxes), masks)

    def lines(self, values: Mapping[str, FactValue]) -> tuple[int, ...]:
        """Positions in `comparison.lines`, at most one of each family of lines. `values` has every fact."""
        if not self.owners:
            return ()
        found = -1
        for name, by_value in self.masks:
            found &= by_value[values[name]]
            if not found:
                return ()
        owners = []
        while found:
            bit = found & -found
            found ^= bit
            owners.append(self.owners[bit.bit_length() - 1])
        return tuple(owners)
