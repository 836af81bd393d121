"""One of the two books of a comparison, on its day, as first-match lists in the domain both share."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from router.model.words import Party
from router.rulebook.book import Rulebook, Slice
from router.rulebook.cubes import Cube, Cubes, conjunction
from router.rulebook.joint import Joint, Translation
from router.rulebook.outcomes import Line, given_lines, reporting_lines
from router.rulebook.vocabulary import Vocabulary


class Winner(NamedTuple):
    """Who holds a cell and what is said of it. No party: the book has no word for the cell, or it can't be."""

    party: Party | None
    rule: str
    said: tuple[object, ...] = ()


ABSENT, VOID, IMPOSSIBLE = Winner(None, "absent"), Winner(None, "void"), Winner(None, "impossible")


@dataclass(frozen=True, slots=True, eq=False)
class Side:
    """One book on the day, in the joint domain. `void`: cells that contradict a derived fact."""

    book: Rulebook
    part: Slice
    translation: Translation
    as_given: bool
    impossible: Cubes
    void: Cubes

    def translated(self, lines: Iterable[Line]) -> list[Line]:
        """A list of the book in the joint domain. Where the books don't derive the same facts, cells are facts as
        given; else, as decided on."""
        vocabulary = self.book.vocabulary
        if self.as_given:
            lines = given_lines(vocabulary.domain, vocabulary.derived, list(lines))
        return [(self.translation.cube(cube), label) for cube, label in lines]

    def winners(self) -> list[Line]:
        held = [
            (cube, Winner(rule.assign, rule.id, (rule.title, rule.articles, rule.why)))
            for rule in self.part.rules
            if rule is not self.book.incoherent
            for cube in rule.cubes
        ]
        fences = [(self.void, VOID), (self.translation.absent, ABSENT), (self.impossible, IMPOSSIBLE)]
        return [*((cube, label) for cubes, label in fences for cube in cubes), *self.translated(held)]

    def priorities(self) -> list[Line]:
        """The alert's own priority first, then the grid."""
        book = self.book
        grid = [(cube, rule.priority) for rule in book.priorities for cube in rule.condition.cubes]
        return self.translated([*((cube, book.alert.priority) for cube in book.alert.condition.cubes), *grid])

    def told(self, party: Party) -> list[Line]:
        """Within how many minutes a party is told; the most pressing duty first; None where it isn't, or reports."""
        duties = [duty for duty in self.part.obligations if party in duty.inform]
        duties.sort(key=lambda duty: duty.within_minutes)
        lines: list[Line] = [(c, duty.within_minutes) for duty in duties for c in duty.condition.cubes]
        silent = [(cube, None) for cube, _ in reporting_lines(self.book, party)]
        return self.translated([*silent, *lines, (self.book.vocabulary.domain.full, None)])

    def told_parties(self) -> set[Party]:
        return {party for duty in self.part.obligations for party in duty.inform}


def side_of(book: Rulebook, part: Slice, joint: Joint, translation: Translation) -> Side:
    as_given = not joint.derived_alike
    void = () if as_given else tuple(_void(book.vocabulary))
    impossible = [(cube, True) for cube in book.impossible_cubes] if book.incoherent in part.rules else []
    side = Side(book, part, translation, as_given, (), tuple(translation.cube(cube) for cube in void))
    cubes = tuple(cube for cube, _ in side.translated(impossible))
    return Side(book, part, translation, as_given, cubes, side.void)


def _void(vocabulary: Vocabulary) -> Iterator[Cube]:
    """Cells no incident can be: a derived fact is false where its condition makes it true."""
    domain = vocabulary.domain
    for fact in vocabulary.derived:
        false = domain.cube({fact.name: domain.bits[fact.name][False]})
        yield from conjunction([false], fact.cubes)
