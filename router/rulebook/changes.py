"""What a comparison of two books says, line by line. Values only; `compare` finds them."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from router.model.words import Party, Priority
from router.rulebook.cubes import Cube, Cubes, volume
from router.rulebook.vocabulary import Vocabulary


class Kind(StrEnum):
    """What happens to the cells of a line."""

    HOLDER = "holder"  # another party holds
    NEW_VALUE = "new_value"  # only the new book has a word for them
    LOST_VALUE = "lost_value"  # only the old book had
    IMPOSSIBLE = "impossible"  # the new book says that they can't be
    POSSIBLE = "possible"  # the old one said so
    TOLD = "told"
    NOT_TOLD = "not_told"
    DELAY = "delay"  # told within another number of minutes
    PRIORITY = "priority"
    RULE = "rule"  # the same party, by another rule, for other articles, or with another reason


@dataclass(frozen=True, slots=True)
class Line:
    """One change. `boxes` are its exact cells, in no other line of the same kind. `cube` is the region as one reads
    it: but for the cells that the rules `exceptions` win there, in the old book or the new one, it holds no other.
    (A line about a change of rule, or a value that only one book has, is read by these: its cube only holds it.)

    `before` and `after` are parties, priorities, or minutes; `told` is the party a duty to tell is about."""

    kind: Kind
    before: Party | Priority | int | None
    after: Party | Priority | int | None
    told: Party | None
    rules_before: tuple[str, ...]
    rules_after: tuple[str, ...]
    exceptions: tuple[str, ...]
    cube: Cube
    boxes: Cubes

    @property
    def cells(self) -> int:
        return sum(volume(box) for box in self.boxes)


@dataclass(frozen=True, slots=True, eq=False)
class Comparison:
    """Two books on a day, for one convention. `notes`: facts and values that only one of them has, in words."""

    day: date
    convention: str | None
    vocabulary: Vocabulary
    notes: tuple[str, ...]
    lines: tuple[Line, ...]

    @property
    def alike(self) -> bool:
        """Whether both books decide the same everywhere, by the same rules, in the same words."""
        return not self.lines and not self.notes

    def of(self, *kinds: Kind) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if line.kind in kinds)


@dataclass(frozen=True, slots=True, eq=False)
class Dated:
    """A comparison and the days on which it holds: `until` excluded, None when nothing is planned after."""

    since: date
    until: date | None
    comparison: Comparison


class ComparisonUnfinished(Exception):
    """The step budget ran out: nothing is known, and nothing is shown."""

    def __init__(self, day: date) -> None:
        super().__init__(
            f"comparaison non terminée au {day:%d/%m/%Y} : les deux livres diffèrent par trop de conditions. "
            "Comparez-les par étapes, un changement à la fois."
        )
