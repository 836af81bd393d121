"""What a comparison must say of one incident, worked out by deciding twice: the judge of the comparison."""

from collections.abc import Mapping
from datetime import UTC, datetime

from router.model.incident import Decision, FactValue
from router.model.words import Source
from router.rulebook.book import Rulebook
from router.rulebook.changes import Comparison, Kind, Line
from router.rulebook.cubes import inside
from router.rulebook.decide import decide
from router.rulebook.touched import Touched

Change = tuple[object, ...]


def decision(
    book: Rulebook, values: Mapping[str, FactValue], at: datetime, convention: str | None
) -> Decision | None:
    """None when the book has no word for one of the values."""
    known = {name: value for name, value in values.items() if name in book.vocabulary.facts}
    if any(value not in book.vocabulary.domain.bits[name] for name, value in known.items()):
        return None
    named = convention if convention in book.conventions else None
    return decide(book, book.vocabulary.resolve([(Source.DECLARED, known)]), at, convention=named)


def expected_changes(
    old: Rulebook, new: Rulebook, comparison: Comparison, values: Mapping[str, FactValue]
) -> set[Change]:
    """Every change of one incident, as (kind, before, after, told)."""
    day = comparison.day
    at = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    before = decision(old, values, at, comparison.convention)
    after = decision(new, values, at, comparison.convention)
    found = _holder_change(old, new, before, after)
    if before and after and not _impossible(old, before) and not _impossible(new, after):
        found |= _told_changes(before, after)
        if before.priority is not after.priority:
            found.add((Kind.PRIORITY, before.priority, after.priority, None))
    return found


def said_changes(comparison: Comparison, touched: Touched, values: Mapping[str, FactValue]) -> set[Change]:
    """What the comparison says of it; the readable cube of each line holds it too, and no line says it twice."""
    lines = [comparison.lines[n] for n in touched.lines(values)]
    point = comparison.vocabulary.domain.point(values)
    assert all(inside(point, line.cube) for line in lines)
    found = [_told(line) for line in lines]
    assert len(set(found)) == len(found), found
    return set(found)


def _told(line: Line) -> Change:
    return line.kind, line.before, line.after, line.told


def _impossible(book: Rulebook, found: Decision) -> bool:
    return book.incoherent is not None and found.rule == book.incoherent.id


def _holder_change(
    old: Rulebook, new: Rulebook, before: Decision | None, after: Decision | None
) -> set[Change]:
    never_before = before is None or _impossible(old, before)
    never_after = after is None or _impossible(new, after)
    if never_before or never_after:
        if never_before and never_after:
            return set()
        if never_before:
            assert after
            kind = Kind.POSSIBLE if before else Kind.NEW_VALUE
            return {(kind, None, after.responsible, None)}
        assert before
        kind = Kind.IMPOSSIBLE if after else Kind.LOST_VALUE
        return {(kind, before.responsible, None, None)}
    assert before
    assert after
    if before.responsible is not after.responsible:
        return {(Kind.HOLDER, before.responsible, after.responsible, None)}
    said = [(each.rule, each.title, each.articles, each.why) for each in (before, after)]
    return {(Kind.RULE, before.responsible, after.responsible, None)} if said[0] != said[1] else set()


def _told_changes(before: Decision, after: Decision) -> set[Change]:
    told = [{each.party: each.within_minutes for each in one.informations} for one in (before, after)]
    holders = {before.responsible, after.responsible}
    found: set[Change] = set()
    for party in (told[0].keys() | told[1].keys()) - holders:
        one, other = told[0].get(party), told[1].get(party)
        if one != other:
            kind = Kind.TOLD if one is None else Kind.NOT_TOLD if other is None else Kind.DELAY
            found.add((kind, one, other, party))
    return found
