"""Which lines of a comparison the facts of an incident fall in: a few ANDs, whatever the number of boxes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from router.model.incident import FactValue
from router.rulebook.changes import Line
from router.rulebook.index import Masks, masks_of
from router.rulebook.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True, eq=False)
class Touched:
    """One bit for each box of each line; `owners` are the positions of their lines."""

    owners: tuple[int, ...]
    masks: Masks

    @classmethod
    def of(cls, vocabulary: Vocabulary, lines: Sequence[Line]) -> "Touched":
        boxes = [(n, box) for n, line in enumerate(lines) for box in line.boxes]
        masks = masks_of(vocabulary.domain, [box for _, box in boxes])
        return cls(tuple(owner for owner, _ in boxes), masks)

    def lines(self, values: Mapping[str, FactValue]) -> tuple[int, ...]:
        """Positions among the lines, at most one of each family of lines. `values` has every fact."""
        if not self.owners:
            return ()
        found = (1 << len(self.owners)) - 1
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
