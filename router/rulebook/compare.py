"""What changes between two books on a day, exactly: the cells that change hands, who is told, which priority, and
where only the rule does. No text is compared: two books that decide alike are the same, however they are written."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from router.model.words import Party, Priority
from router.rulebook.book import BeforeBook, Rulebook, Slice, UnknownConvention
from router.rulebook.changes import Comparison, ComparisonUnfinished, Dated, Kind, Line
from router.rulebook.cubes import (
    Budget,
    Cube,
    Cubes,
    Domain,
    ProofUnfinished,
    absorbed,
    conjunction,
    meet,
    meets,
)
from router.rulebook.difference import (
    Piece,
    Stretch,
    differences,
    drawn_in,
    fused,
    hull,
    kept_where,
    readable,
    remainder,
    shared_out,
    wordiness,
)
from router.rulebook.joint import Joint, joined
from router.rulebook.outcomes import Line as Labelled
from router.rulebook.outcomes import reachable
from router.rulebook.sides import ABSENT, Side, Winner, side_of

STEPS = 200_000
_SKIPPED = "skipped"
_READ_BOXES = 60
_READ_EXCEPTIONS = 3


def compare(
    old: Rulebook, new: Rulebook, day: date, convention: str | None = None, *, steps: int = STEPS
) -> Comparison:
    """Everything that changes from `old` to `new` on a day. A convention that only one of the books has is compared
    with the other's national base. Raises ComparisonUnfinished, BeforeBook, UnknownConvention."""
    if convention is not None and all(convention not in book.conventions for book in (old, new)):
        raise UnknownConvention(convention)
    joint = joined(old.vocabulary, new.vocabulary)
    before = side_of(old, slice_on(old, day, convention), joint, joint.old)
    after = side_of(new, slice_on(new, day, convention), joint, joint.new)
    try:
        lines = tuple(_Search.of(joint, before, after, Budget(steps)).lines())
    except ProofUnfinished as unfinished:
        raise ComparisonUnfinished(day) from unfinished
    return Comparison(day, convention, joint.vocabulary, joint.notes, lines)


def compare_from(
    old: Rulebook, new: Rulebook, day: date, convention: str | None = None, *, steps: int = STEPS
) -> tuple[Dated, ...]:
    """The comparisons from a day on (or from the first on which both books have rules), one for each stretch of days
    on which the same changes hold: a rule dated in two months shows with its date. Raises as `compare`."""
    both = [part.since for book in (old, new) for part in _slices(book, convention)]
    first = max(day, *(_slices(book, convention)[0].since for book in (old, new)))
    found: list[Comparison] = []
    for each in sorted({first, *(cut for cut in both if cut > first)}):
        comparison = compare(old, new, each, convention, steps=steps)
        if not found or comparison.lines != found[-1].lines:
            found.append(comparison)
    ends = [*(comparison.day for comparison in found[1:]), None]
    return tuple(Dated(one.day, end, one) for one, end in zip(found, ends, strict=True))


def slice_on(book: Rulebook, day: date, convention: str | None) -> Slice:
    """The slice of a civil day; a convention the book doesn't have goes by the national base. Raises BeforeBook."""
    slices = _slices(book, convention)
    for part in reversed(slices):
        if part.since <= day:
            return part
    raise BeforeBook(day, slices[0].since)


def _slices(book: Rulebook, convention: str | None) -> tuple[Slice, ...]:
    return book.slices.get(convention) or book.slices[None]


@dataclass(frozen=True, slots=True)
class _Held:
    """Who holds what on one side: the list, each winner's cubes, and its rank."""

    lines: Sequence[Labelled]
    cubes: Mapping[object, Sequence[Cube]]

    @classmethod
    def of(cls, side: Side) -> "_Held":
        lines = side.winners()
        cubes: dict[object, list[Cube]] = {}
        for cube, winner in lines:
            cubes.setdefault(winner, []).append(cube)
        return cls(lines, cubes)

    def rules(self, winners: Iterable[object]) -> tuple[str, ...]:
        """The ids of the rules among them, in winning order."""
        named = set(winners)
        return tuple(w.rule for w in self.cubes if w in named and isinstance(w, Winner) and w.party is not None)


@dataclass(frozen=True, slots=True)
class _Search:
    """One comparison under way. `unreal`: cells no incident can be, in either book, over which a readable cube may
    run. `absent`: those that one book has no word for. `skipped`: both, and the impossible in one book: all that the
    lines about holders already say."""

    domain: Domain
    sides: tuple[Side, Side]
    held: tuple[_Held, _Held]
    unreal: Cubes
    absent: Cubes
    skipped: Cubes
    budget: Budget

    @classmethod
    def of(cls, joint: Joint, old: Side, new: Side, budget: Budget) -> "_Search":
        unreal = (*new.void, *conjunction(old.impossible, new.impossible))
        absent = (*joint.old.absent, *joint.new.absent)
        skipped = (*new.void, *old.impossible, *new.impossible, *absent)
        held = _Held.of(old), _Held.of(new)
        return cls(joint.vocabulary.domain, (old, new), held, unreal, absent, skipped, budget)

    def lines(self) -> Iterator[Line]:
        """Holders first, then who is told, alerts, priorities, and rules alone."""
        held = self._holders()
        yield from (line for line in held if line.kind is not Kind.RULE)
        for party in sorted({party for side in self.sides for party in side.told_parties()}):
            yield from self._told(party)
        old, new = self.sides
        yield from self._plain(self._changed(old.alerts(), new.alerts()), _alert_kind)
        yield from self._plain(self._changed(old.priorities(), new.priorities()), lambda _, __: Kind.PRIORITY)
        yield from (line for line in held if line.kind is Kind.RULE)

    def _holders(self) -> list[Line]:
        groups: dict[tuple[object, ...], list[Piece]] = {}
        kinds: dict[tuple[object, ...], Kind] = {}
        old, new = self.held
        for piece in differences(self.domain.full, old.lines, new.lines, self.budget):
            kind = _kind(piece)
            if kind is not None:
                group = _group(kind, piece)
                kinds[group] = kind
                groups.setdefault(group, []).append(piece)
        return _ordered(
            line for group, pieces in groups.items() for line in self._holder_lines(kinds[group], pieces)
        )

    def _holder_lines(self, kind: Kind, pieces: Sequence[Piece]) -> list[Line]:
        """The lines of one change of hands. Cells that only one book has a word for are told by that word; a change
        of rule, by the rules."""
        boxes = [piece.box for piece in pieces]
        match kind:
            case Kind.RULE:
                return self._lines(kind, pieces, [Stretch(hull(boxes), tuple(fused(boxes)))])
            case Kind.NEW_VALUE | Kind.LOST_VALUE:
                return self._lines(kind, pieces, shared_out(self.absent, boxes, self.budget))
            case _:
                return self._best_read(kind, pieces, boxes)

    def _best_read(self, kind: Kind, pieces: Sequence[Piece], boxes: Sequence[Cube]) -> list[Line]:
        """Under the cubes of the rules, with exceptions, or under exact ones: whichever is shorter to read."""
        full = self.domain.full
        headings = shared_out(self._headings(pieces), boxes, self.budget)
        headed = self._lines(kind, pieces, headings, exceptions=True)
        told = sum(wordiness(full, line.cube) + min(len(line.exceptions), _READ_EXCEPTIONS) for line in headed)
        exact = self._exact(boxes)
        if exact is None or sum(wordiness(full, stretch.cube) for stretch in exact) > told:
            return headed
        return self._lines(kind, pieces, exact)

    def _exact(self, boxes: Sequence[Cube]) -> list[Stretch] | None:
        """None when there are too many boxes for cubes without exceptions to be few: those with exceptions are as
        true."""
        if len(fused(boxes)) > _READ_BOXES:
            return None
        return readable(self.domain.full, boxes, self.unreal, self.budget)

    def _headings(self, pieces: Sequence[Piece]) -> Cubes:
        """The cubes both rules have in common, drawn in to what they hold of the region where few words say it: what
        a reader would say first, before the exceptions."""
        pairs: dict[tuple[object, object], list[Cube]] = {}
        for piece in pieces:
            pairs.setdefault((piece.before, piece.after), []).append(piece.box)
        old, new = self.held
        return absorbed(
            drawn_in(self.domain.full, cube, boxes)
            for (before, after), boxes in pairs.items()
            for cube in conjunction(old.cubes[before], new.cubes[after])
            if any(meets(box, cube) for box in boxes)
        )

    def _lines(
        self, kind: Kind, pieces: Sequence[Piece], stretches: Sequence[Stretch], *, exceptions: bool = False
    ) -> list[Line]:
        one, other = pieces[0].before, pieces[0].after
        assert isinstance(one, Winner)
        assert isinstance(other, Winner)
        found, told = [], list[Cube]()
        for stretch in stretches:
            met = self._met(pieces, stretch.cube, told)
            told.append(stretch.cube)
            before, after = {piece.before for piece in met}, {piece.after for piece in met}
            rules = self.held[0].rules(before), self.held[1].rules(after)
            others = self._exceptions(stretch.cube, before, after) if exceptions else ()
            found.append(Line(kind, one.party, other.party, None, *rules, others, stretch.cube, stretch.boxes))
        return found

    def _met(self, pieces: Iterable[Piece], cube: Cube, told: Sequence[Cube]) -> list[Piece]:
        """The pieces with cells in the cube that no cube told before holds."""
        found = []
        for piece in pieces:
            if meets(piece.box, cube):
                self.budget.spend()
                if remainder([meet(piece.box, cube)], told):
                    found.append(piece)
        return found

    def _exceptions(self, cube: Cube, before: set[object], after: set[object]) -> tuple[str, ...]:
        """The rules, of either book, that win cells of the cube outside the region: none of those that win inside."""
        rules = [
            rule
            for held, inside in zip(self.held, (before, after), strict=True)
            for rule in held.rules(reachable(cube, held.lines, self.budget) - inside)
        ]
        return tuple(dict.fromkeys(rules))

    def _told(self, party: Party) -> list[Line]:
        """Where the party is told otherwise and holds in neither book: what a holder knows is its own line's."""
        old, new = self.sides
        pieces = self._changed(old.told(party), new.told(party))
        for held in self.held:
            holding = [(cube, isinstance(w, Winner) and w.party is party) for cube, w in held.lines]
            pieces = [
                replace(piece, box=box)
                for piece in pieces
                for box in kept_where(piece.box, holding, False, self.budget)
            ]
        return self._plain(pieces, _told_kind, party)

    def _changed(self, old: Sequence[Labelled], new: Sequence[Labelled]) -> list[Piece]:
        """Where the lists differ, but for what the lines about holders say."""
        fence: list[Labelled] = [(cube, _SKIPPED) for cube in self.skipped]
        return differences(self.domain.full, [*fence, *old], [*fence, *new], self.budget)

    def _plain(
        self, pieces: Iterable[Piece], kind: Callable[[object, object], Kind], told: Party | None = None
    ) -> list[Line]:
        """Lines without rules, one group for each pair of labels."""
        groups: dict[tuple[object, object], list[Cube]] = {}
        for piece in pieces:
            groups.setdefault((piece.before, piece.after), []).append(piece.box)
        return _ordered(
            _plain_line(kind(*labels), *labels, told, stretch)
            for labels, boxes in groups.items()
            for stretch in readable(self.domain.full, boxes, self.unreal, self.budget)
        )


def _plain_line(kind: Kind, before: object, after: object, told: Party | None, stretch: Stretch) -> Line:
    assert before is None or isinstance(before, Priority | int)
    assert after is None or isinstance(after, Priority | int)
    return Line(kind, before, after, told, (), (), (), stretch.cube, stretch.boxes)


def _kind(piece: Piece) -> Kind | None:
    """None for a cell that is impossible in the one book and has no word in the other: nothing to say."""
    before, after = piece.before, piece.after
    assert isinstance(before, Winner)
    assert isinstance(after, Winner)
    match before.party, after.party:
        case None, None:
            return None
        case None, _:
            return Kind.NEW_VALUE if before == ABSENT else Kind.POSSIBLE
        case _, None:
            return Kind.LOST_VALUE if after == ABSENT else Kind.IMPOSSIBLE
        case one, other:
            return Kind.RULE if one is other else Kind.HOLDER


def _group(kind: Kind, piece: Piece) -> tuple[object, ...]:
    """What is told together: a change of hands; without one, a change of rule."""
    assert isinstance(piece.before, Winner)
    assert isinstance(piece.after, Winner)
    if kind is Kind.RULE:
        return kind, piece.before, piece.after
    return kind, piece.before.party, piece.after.party


def _told_kind(before: object, after: object) -> Kind:
    if before is None:
        return Kind.TOLD
    return Kind.NOT_TOLD if after is None else Kind.DELAY


def _alert_kind(before: object, after: object) -> Kind:
    del before
    return Kind.ALERT if after else Kind.NO_ALERT


def _ordered(lines: Iterable[Line]) -> list[Line]:
    """Changes between the same two together, the ones that move most cells first; then the widest first."""
    found = list(lines)
    moved: dict[tuple[object, ...], int] = {}
    for line in found:
        moved[_pair(line)] = moved.get(_pair(line), 0) + line.cells
    return sorted(found, key=lambda line: (-moved[_pair(line)], str(_pair(line)), -line.cells, line.cube))


def _pair(line: Line) -> tuple[object, ...]:
    return line.kind, line.before, line.after
