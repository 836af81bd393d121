"""Past incidents decided again under another book, and counted: who held, who would, by which rule. Pure: incidents
in, counts out; nothing of any one incident is kept."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from router.model.incident import FactValue
from router.model.words import Party
from router.rulebook.book import BeforeBook, Rulebook
from router.rulebook.stored import StoredReader


class PastDecision(NamedTuple):
    """The first decision of a ticket, as stored; `alert` says whether the ticket is one today."""

    convention: str | None
    alert: bool
    at: datetime
    responsible: str
    rule: str
    facts: Mapping[str, FactValue]


class Move(NamedTuple):
    """What became of tickets: `rule` is the new book's, `rule_before` the one that decided then."""

    before: Party
    after: Party
    rule_before: str
    rule: str


@dataclass(frozen=True, slots=True)
class Replayed:
    """`moves` counts every ticket decided again, those that stay included. `undated`: filed before the new book has
    any rule. `elsewhere`: of conventions the new book doesn't have, decided by its national base. `unread`: for each
    fact, the tickets that said of it what the new book has no word for; `tickets_unread`, those tickets.
    `alerts_now`: those that are alerts today, by whatever was decided since; `alerts_then`: those that would have
    been when filed."""

    total: int
    moves: Mapping[Move, int]
    undated: int
    elsewhere: int
    unread: Mapping[str, int]
    tickets_unread: int
    alerts_now: int
    alerts_then: int

    @property
    def changed(self) -> int:
        return sum(count for move, count in self.moves.items() if move.before is not move.after)

    @property
    def other_rule(self) -> int:
        """The same party, by another rule."""
        return sum(
            count
            for move, count in self.moves.items()
            if move.before is move.after and move.rule_before != move.rule
        )

    @property
    def unchanged(self) -> int:
        return sum(self.moves.values()) - self.changed - self.other_rule


@dataclass(slots=True)
class _Tally:
    """Counts under way."""

    book: Rulebook
    total: int = 0
    undated: int = 0
    elsewhere: int = 0
    tickets_unread: int = 0
    moves: Counter[Move] = field(default_factory=Counter)
    unread: Counter[str] = field(default_factory=Counter)
    alerts_now: int = 0
    alerts_then: int = 0
    reader: StoredReader = field(init=False)

    def __post_init__(self) -> None:
        self.reader = StoredReader(self.book.vocabulary)

    def add(self, past: PastDecision) -> None:
        self.total += 1
        self.alerts_now += past.alert
        convention = past.convention if past.convention in self.book.conventions else None
        if past.convention is not None and convention is None:
            self.elsewhere += 1
        known = self.reader.read(past.facts)
        if known.unread:
            self.tickets_unread += 1
            self.unread.update(known.unread)
        try:
            index = self.book.slice_at(past.at, convention).index
        except BeforeBook:
            self.undated += 1
            return
        found = index.matches(known.values)
        rule = index.first_rule(found)
        self.moves[Move(Party(past.responsible), rule.assign, past.rule, rule.id)] += 1
        self.alerts_then += index.is_alert(found)


def replay(book: Rulebook, past: Iterable[PastDecision]) -> Replayed:
    """Decides each again at its own instant, under its own convention."""
    tally = _Tally(book)
    for each in past:
        tally.add(each)
    return Replayed(
        total=tally.total,
        moves=dict(tally.moves),
        undated=tally.undated,
        elsewhere=tally.elsewhere,
        unread=dict(tally.unread),
        tickets_unread=tally.tickets_unread,
        alerts_now=tally.alerts_now,
        alerts_then=tally.alerts_then,
    )
