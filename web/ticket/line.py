"""The line of a ticket's time as shapes: where each bar, mark and tick stands, in percents of the width. Pure.

What a bar says is never told by its colour alone: its lane or its letter says who, its height and pattern say what."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from router.desk.ticket_time import Judgement, Ledger, Segment, Spell, Step, TimeKind
from router.model.words import DeadlineKind, Party
from web.ticket.scale import Scale, Tick, ticks
from web.ticket.time_words import outcome

LETTERS = {
    Party.DEPARTEMENT_MAINTENANCE: "D",
    Party.ACADEMIE_DSI: "A",
    Party.RSSI: "S",
    Party.RUPN: "R",
    None: "C",
}
SMALLEST_CLOSED = 2.0  # a closed time shorter than this is drawn with the open ones around it
THINNEST = 0.6
AHEAD, MOST_AHEAD = timedelta(days=14), 4  # how far the line looks: at least, and by what has elapsed
WIDE_ENOUGH = 3.5  # for a letter or a number
LEVELS, APART = 4, 7
PASSING = (DeadlineKind.ANSWER, DeadlineKind.CLOSE)
LANE, LANE_TITLE, LEVEL = 54, 20, 22  # pixels


@dataclass(frozen=True, slots=True)
class Bar:
    """One drawn piece; `kind` and `party` name its look in the style sheet, `label` is written on it."""

    x: float
    width: float
    kind: TimeKind
    party: Party | None
    label: str = ""

    @property
    def middle(self) -> float:
        return round(self.x + self.width / 2, 2)


@dataclass(frozen=True, slots=True)
class Lane:
    """What one party had of the ticket; None is the collège's, between a resolution and a reopening."""

    party: Party | None
    top: int
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Mark:
    """A deadline's letter; `level` keeps letters that are close apart, None when there is no room for one."""

    x: float
    letter: str
    level: int | None
    look: str

    @property
    def middle(self) -> int:
        return LEVEL // 2 + LEVEL * (self.level or 0)


@dataclass(frozen=True, slots=True)
class Chart:
    """The whole drawing. `now`: where the reading stands, when the line goes on to deadlines to come."""

    lanes: tuple[Lane, ...]
    marks: tuple[Mark, ...]
    steps: tuple[float, ...]
    ticks: tuple[Tick, ...]
    now: float | None
    head: int
    foot: int

    @property
    def height(self) -> int:
        return self.foot + 44


def strip(ledger: Ledger) -> tuple[Bar, ...]:
    """One line for all parties, each bar with its letter: what the ticket's own page has room for."""
    scale = Scale(ledger.opened_at, ledger.end_at)
    return tuple(bar for spell in ledger.spells() for bar in _bars(spell, scale, LETTERS[spell.first.party]))


def chart(
    spells: Sequence[Spell], numbers: Sequence[int], judgements: Sequence[Judgement], steps: Sequence[Step],
    zone: tzinfo, until: datetime,
) -> Chart:  # fmt: skip
    """A lane for each party, over the spells shown; `until`: the latest instant the line may reach."""
    low, end = spells[0].from_at, spells[-1].until_at
    scale = Scale(low, max(end, until))
    marks = _marks(judgements, scale)
    head = LEVEL * (max((mark.level or 0 for mark in marks), default=0) + 1)
    parties = list(dict.fromkeys(spell.first.party for spell in spells))
    lanes = tuple(
        Lane(
            party,
            head + LANE * place,
            tuple(
                bar
                for spell, number in zip(spells, numbers, strict=True)
                if spell.first.party is party
                for bar in _bars(spell, scale, str(number))
            ),
        )
        for place, party in enumerate(parties)
    )
    return Chart(
        lanes=lanes,
        marks=marks,
        steps=tuple(scale.at(each.fired_at) for each in steps if scale.holds(each.fired_at)),
        ticks=ticks(scale, zone),
        now=scale.at(end) if until > end else None,
        head=head,
        foot=head + LANE * len(parties),
    )


def letter(place: int) -> str:
    """A … Z, then AA, AB …"""
    return letter(place // 26 - 1) + letter(place % 26) if place >= 26 else chr(ord("A") + place)


def look(judgement: Judgement) -> str:
    """How a deadline's mark is drawn: as the words beside it say."""
    return {"done": "in-time", "late": "late"}.get(outcome(judgement)[1], "open")


def _bars(spell: Spell, scale: Scale, label: str) -> list[Bar]:
    pieces: list[tuple[TimeKind, datetime, datetime]] = []
    smallest = (scale.high - scale.low) * (SMALLEST_CLOSED / 100)
    for each in spell.segments:
        kind = _drawn_as(each, smallest)
        if pieces and pieces[-1][0] is kind:
            pieces[-1] = (kind, pieces[-1][1], each.until_at)
        else:
            pieces.append((kind, each.from_at, each.until_at))
    bars = [
        Bar(scale.at(since), max(scale.width(since, until), THINNEST), kind, spell.first.party)
        for kind, since, until in pieces
    ]
    return _labelled(bars, label)


def _drawn_as(segment: Segment, smallest: timedelta) -> TimeKind:
    """A night is a night at the scale of days, and nothing at the scale of months."""
    if segment.kind is TimeKind.CLOSED and segment.until_at - segment.from_at < smallest:
        return TimeKind.RUNNING
    return segment.kind


def _labelled(bars: list[Bar], label: str) -> list[Bar]:
    """The label stands once, on the widest full-height bar of the spell that has room for it."""
    tall = [bar for bar in bars if bar.kind is not TimeKind.CLOSED and bar.width >= WIDE_ENOUGH]
    chosen = max(tall, key=lambda bar: bar.width, default=None)
    return [Bar(bar.x, bar.width, bar.kind, bar.party, label) if bar is chosen else bar for bar in bars]


def _marks(judgements: Iterable[Judgement], scale: Scale) -> tuple[Mark, ...]:
    """Each on the lowest level where its letter touches no other; those in time or without object give way. The ends
    of past waits are in the words: here they would hide the rest."""
    named = [
        (look(each), scale.at(each.due_at), letter(place))
        for place, each in enumerate(judgements)
        if each.due_at and scale.holds(each.due_at) and (each.is_live or each.kind not in PASSING)
    ]
    placed: list[Mark] = []
    for drawn, x, name in sorted(named, key=lambda mark: (mark[0] != "late", *mark[1:])):
        near = {mark.level for mark in placed if abs(mark.x - x) < APART}
        level = next((level for level in range(LEVELS) if level not in near), None)
        placed.append(Mark(x, name, level, drawn))
    return tuple(placed)


def reach(judgements: Iterable[Judgement], end: datetime, *, ends: bool) -> datetime:
    """How far the line goes: to the end of a settled ticket, else to the last deadline that runs; one so far away that
    what has happened would be a dot is left out."""
    known = list(judgements)
    start = min((each.starts_at for each in known), default=end)
    farthest = end + max(AHEAD, MOST_AHEAD * (end - start))
    running = [each.due_at for each in known if each.state == "running" and each.due_at is not None]
    return end if ends else max([end, *(due_at for due_at in running if due_at <= farthest)])
