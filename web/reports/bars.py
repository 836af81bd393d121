"""Bars drawn on the server: lengths in a box of 100 by 8, columns in one of 100 high; no script, no inline style."""

from collections.abc import Sequence
from dataclasses import dataclass

from router.desk.oversee import Measure, ReportLine

LENGTH = 100.0


@dataclass(frozen=True, slots=True)
class Segment:
    """One part of a bar; `kind` names its colour in the style sheet."""

    start: float
    length: float
    kind: str


ACKNOWLEDGE = (
    (Measure.ACKNOWLEDGED_IN_TIME, "in-time"),
    (Measure.ACKNOWLEDGED_LATE, "late"),
    (Measure.ACKNOWLEDGE_RUNNING, "running"),
)
RESOLVE = (
    (Measure.RESOLVED_IN_TIME, "in-time"),
    (Measure.RESOLVED_LATE, "late"),
    (Measure.RESOLVE_RUNNING, "running"),
)
PROMISE = (
    (Measure.PROMISE_KEPT, "in-time"),
    (Measure.PROMISE_BROKEN, "late"),
    (Measure.PROMISE_RUNNING, "running"),
)


def bar(line: ReportLine, parts: tuple[tuple[Measure, str], ...]) -> tuple[Segment, ...]:
    """The parts of a line side by side, each in proportion; nothing when there is nothing to show."""
    total = sum(line[measure] for measure, _ in parts)
    segments, start = [], 0.0
    for measure, kind in parts:
        length = LENGTH * line[measure] / total if total else 0.0
        if length:
            segments.append(Segment(round(start, 2), round(length, 2), kind))
        start += length
    return tuple(segments)


def of_rate(part: int, whole: int, most: int) -> tuple[Segment, ...]:
    """A bar as long as `whole` among the `most` of a list, of which `part` is marked; nothing when there is nothing."""
    if not (whole and most):
        return ()
    marked, length = LENGTH * part / most, LENGTH * whole / most
    segments = [
        Segment(0.0, round(marked, 2), "late"),
        Segment(round(marked, 2), round(length - marked, 2), "running"),
    ]
    return tuple(each for each in segments if each.length)


@dataclass(frozen=True, slots=True)
class Column:
    """One of several columns side by side, from the top of the box: its place, where it begins, where its mark does."""

    x: int
    top: float
    height: float
    marked_top: float
    marked: float


COLUMN, GAP = 10, 2


def columns(parts: Sequence[tuple[int, int]]) -> tuple[Column, ...]:
    """A column for each (whole, part of it marked), as high as `whole` among them all."""
    most = max((whole for whole, _ in parts), default=0) or 1
    return tuple(
        Column(
            number * (COLUMN + GAP),
            round(LENGTH - LENGTH * whole / most, 2),
            round(LENGTH * whole / most, 2),
            round(LENGTH - LENGTH * part / most, 2),
            round(LENGTH * part / most, 2),
        )
        for number, (whole, part) in enumerate(parts)
    )
