"""Plays a past: incidents are filed at their hour, people act, and what falls due is fired at its instant, as the
worker would have done. Everything goes through the use cases; the dice and the day decide, so that the same seed
on the same day gives the same story."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from heapq import heappop, heappush
from itertools import count

from router.demo.acts import Act, Troupe, first_look, play, review
from router.demo.plot import Plot, draw
from router.demo.script import Filing
from router.demo.stage import look, next_step
from router.desk.declaration import Declaration
from router.desk.declare import file_incident
from router.desk.escalate import run_due
from router.model.actor import Refused
from router.model.incident import Reporter
from router.model.words import Category, Channel, Party
from router.store.journal import Signature

RECENT = timedelta(days=18)
PATIENCE = 3
UNREAD = timedelta(hours=24)  # what the RSSI's review list still holds
Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Review:
    """The RSSI goes through her list."""

    ticket: int


What = Filing | Review | int  # an incident to file, a signal to review, a ticket to look at


@dataclass(slots=True)
class Story:
    """The stage, the tickets in play, and what is still to come. `refused` counts gestures that came too late."""

    troupe: Troupe
    now: datetime
    plots: dict[int, Plot] = field(default_factory=dict)
    filed: int = 0
    refused: int = 0
    _agenda: list[tuple[datetime, int, What]] = field(default_factory=list)
    _order: "count[int]" = field(default_factory=count)

    def run(self, filings: list[Filing], progress: Progress) -> None:
        """Everything until `now`."""
        for filing in filings:
            self._later(filing.at, filing)
        while self._agenda and self._agenda[0][0] <= self.now:
            at, _, what = heappop(self._agenda)
            self._fire_until(at)
            match what:
                case Filing():
                    self._file(what)
                    progress(self.filed)
                case Review(ticket):
                    review(self._look(ticket, at))
                case _:
                    self._act(what, at)
        self._fire_until(self.now)

    def _later(self, at: datetime | None, what: What) -> None:
        if at is not None and at <= self.now:
            heappush(self._agenda, (at, next(self._order), what))

    def _fire_until(self, at: datetime) -> None:
        """What fell due up to `at`, each at its own instant."""
        while (due := next_step(self.troupe.desk)) is not None and due <= at:
            run_due(self.troupe.desk, due, go_on=_once())

    def _file(self, filing: Filing) -> None:
        who = filing.author
        signature = Signature(who.signature, who.name)
        filed = file_incident(self.troupe.desk, declaration_of(filing), signature, filing.at)
        self.filed += 1
        plot = draw(self.troupe.rng, filing.text, filing.family, recent=self.now - filing.at < RECENT)
        if filing.unanswered:
            return
        self.plots[filed.ticket] = plot
        if filing.repeats is not None:
            plot.duplicate_of = filing.repeats.get("ticket")
            plot.steps = ["link"]
        if filing.notes is not None:
            filing.notes["ticket"] = filed.ticket
        self._begin(filed.ticket, filing.at)

    def _begin(self, ticket: int, at: datetime) -> None:
        act = self._look(ticket, at)
        if act.seen.standing.review_pending and self.now - at > UNREAD:
            plain = act.plot.text.category is Category.SECURITY  # read before anybody has mended it
            minutes = self.troupe.rng.randrange(15, 50) if plain else 60 * self.troupe.rng.randrange(2, 28)
            self._later(at + timedelta(minutes=minutes), Review(ticket))
        if _misread(act):
            act.plot.steps.insert(1, "correct")
        self._later(first_look(act), ticket)

    def _look(self, ticket: int, at: datetime) -> Act:
        return Act(self.troupe, look(self.troupe.desk, ticket), self.plots[ticket], at)

    def _act(self, ticket: int, at: datetime) -> None:
        act = self._look(ticket, at)
        try:
            self._later(play(act), ticket)
        except Refused:  # somebody, or the clock, was first: looked at again later, as a person would
            self.refused += 1
            refusals = act.plot.done["refused"] = act.plot.done.get("refused", 0) + 1
            if refusals < PATIENCE:
                self._later(at + timedelta(days=1), ticket)
        while self.troupe.opened:
            containment = self.troupe.opened.pop()
            self.plots[containment] = Plot(act.plot.text, "", 0.4, ["take"], after="silent")
            self._begin(containment, at)


def _once() -> Callable[[], bool]:
    """Asked before each batch: one is enough, what falls due next is asked anyway."""
    return iter((True, False)).__next__


def declaration_of(filing: Filing) -> Declaration:
    """What the form, or the technician on the phone, sends."""
    author, caller = filing.author, filing.caller
    reporter = (
        Reporter(caller.duty, caller.name, caller.email)
        if caller
        else Reporter(author.duty, author.name, author.email)
    )
    return Declaration(
        uai=filing.uai,
        reporter=reporter,
        subject=filing.text.subject,
        body=filing.text.body,
        channel=Channel.PHONE if caller else Channel.FORM,
        room=filing.room,
        asset_tag=filing.asset_tag,
        product=filing.text.product if filing.names_product else "",
        facts=filing.facts,
        reporter_id=None if caller else author.id,
        filed_by=author.id,
    )


def _misread(act: Act) -> bool:
    """An ordinary incident read as another category, now with a team that will see it."""
    wanted = act.plot.text.category
    return (
        not act.seen.standing.alert
        and wanted is not Category.SECURITY
        and act.seen.category != wanted.value
        and act.holder is not Party.RUPN
        and bool(act.plot.steps)
    )
