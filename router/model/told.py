"""What a person's words tell besides the category: each fact with the words that say it, cut out of her own text.

Read, never believed: what may change a decision is asked (`desk/reading`), and any of them can be refused."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class ToldKind(StrEnum):
    """The facts read in words. The first ones are facts that rules may test, under the same names."""

    PRODUCT = "product"
    NEED = "need"
    ZONE = "zone"
    PERSONAL_DATA_EXPOSED = "personal_data_exposed"
    ROOM = "room"
    ASSET_TAG = "asset_tag"
    PEOPLE = "people"
    EXAM = "exam"
    DEADLINE = "deadline"
    TRIED = "tried"


@dataclass(frozen=True, slots=True)
class ToldFact:
    """One fact read. `value` is what was understood, `words` a substring of the text."""

    kind: ToldKind
    value: str
    words: str


@dataclass(frozen=True, slots=True)
class Told:
    """The facts read in one text, in the order of the kinds; only `tried` may come several times."""

    facts: tuple[ToldFact, ...] = ()

    def of(self, kind: ToldKind) -> ToldFact | None:
        return next((fact for fact in self.facts if fact.kind is kind), None)

    def all_of(self, kind: ToldKind) -> tuple[ToldFact, ...]:
        return tuple(fact for fact in self.facts if fact.kind is kind)

    def without(self, refused: Iterable[str]) -> "Told":
        """The same, without the kinds that she refused."""
        left_out = frozenset(refused)
        if not left_out:
            return self
        return Told(tuple(fact for fact in self.facts if fact.kind not in left_out))

    def with_fact(self, fact: ToldFact) -> "Told":
        """The same, with this fact in the place of those of its kind."""
        order = tuple(ToldKind)
        kept = [each for each in self.facts if each.kind is not fact.kind]
        return Told(tuple(sorted((*kept, fact), key=lambda each: order.index(each.kind))))


NOTHING_TOLD = Told()
