"""One gesture at a time on one ticket, through the real use cases; says when somebody will look at it again."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from router.demo.cast import Cast
from router.demo.plot import Plot, delay, pause_cause, phrase
from router.demo.stage import Seen, after
from router.desk import alert, handle, redecide, settling
from router.desk.gestures import Gesture, possible
from router.desk.house import Desk
from router.desk.policy import Policy
from router.model.actor import Actor
from router.model.words import Category, Party, PauseCause, TicketStatus

TEAMS = (Party.DEPARTEMENT_MAINTENANCE, Party.ACADEMIE_DSI)
A_MOMENT = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Troupe:
    """What every act needs; `opened` gathers the tickets that acts open themselves."""

    desk: Desk
    policy: Policy
    cast: Cast
    rng: Random
    opened: list[int]


@dataclass(frozen=True, slots=True)
class Act:
    """One look at one ticket."""

    troupe: Troupe
    seen: Seen
    plot: Plot
    at: datetime

    @property
    def rng(self) -> Random:
        return self.troupe.rng

    @property
    def holder(self) -> Party:
        return self.seen.standing.holder

    def worker(self) -> Actor:
        """Whoever has it in hand, else one of the holder's."""
        standing, cast = self.seen.standing, self.troupe.cast
        if standing.assignee_id is not None:
            return cast.by_id(standing.assignee_id)
        return cast.worker(self.rng, standing.holder, standing.convention_id, standing.uai)

    def may(self, actor: Actor, gesture: Gesture) -> bool:
        return gesture in possible(actor, self.seen.standing, self.at)

    def later(self, hours: float, party: Party | None = None) -> datetime:
        """When this party, or the holder, comes back to it after about `hours` of its own time."""
        party = party or self.holder
        work = delay(self.rng, self.plot, hours)
        return after(self.troupe.policy, self.seen.standing.convention_id, party, self.at, work)

    def say(self, kind: str) -> str:
        return phrase(self.rng, kind, self.plot.family, self.seen.category)


def play(act: Act) -> datetime | None:
    """What happens now to the ticket, and when to look at it again; None when nobody will."""
    standing = act.seen.standing
    if standing.status in {TicketStatus.RESOLVED, TicketStatus.CLOSED}:
        return _afterwards(act)
    if standing.status is TicketStatus.ARBITRATION:
        return _arbitrated(act)
    if standing.status is TicketStatus.WAITING:
        return _waiting(act)
    if standing.alert:
        return _alert(act)
    if standing.holder is Party.RUPN:
        return _first_level(act)
    return _at_work(act)


def review(act: Act) -> None:
    """The RSSI reads a strong signal that somebody denied: an alert when it was an attack after all."""
    desk, rssi = act.troupe.desk, act.troupe.cast.worker(act.rng, Party.RSSI, None, "")
    if act.plot.text.category is Category.SECURITY and act.may(rssi, Gesture.RAISE):
        redecide.raise_alert(desk, rssi, act.seen.id, "", act.at)
        alert.acknowledge(desk, rssi, act.seen.id, act.at)
    elif act.may(rssi, Gesture.REVIEW):
        alert.reviewed(desk, rssi, act.seen.id, act.at)


def first_look(act: Act) -> datetime:
    """When the holder first sees a ticket that has just come to it."""
    if act.seen.standing.alert:
        minutes = act.rng.choice((6, 11, 17, 24, 35, 48, 80))
        return act.at + timedelta(minutes=minutes)
    if act.holder is Party.RUPN and act.plot.first_level == "silent" and act.seen.limit is not None:
        return act.seen.limit + A_MOMENT
    return act.later(1.4 if act.holder is Party.RUPN else 1.9)


def _at_work(act: Act) -> datetime | None:
    actor = act.worker()
    while act.plot.steps:
        step = STEPS[act.plot.steps.pop(0)]
        if (again := step(act, actor)) is not None:
            return again
    if act.may(actor, Gesture.RESOLVE):
        settling.resolve(act.troupe.desk, actor, act.seen.id, act.say("mended"), act.at)
        return act.later(2.5, Party.RUPN)
    return None


def _take(act: Act, actor: Actor) -> datetime | None:
    if not act.may(actor, Gesture.TAKE):
        return None
    handle.take(act.troupe.desk, actor, act.seen.id, act.at)
    return act.later(4)


def _lead_assigns(act: Act, actor: Actor) -> datetime | None:
    lead = act.troupe.cast.lead(act.holder, act.seen.standing.convention_id)
    if actor.id == lead.id or not act.may(lead, Gesture.ASSIGN):
        return _take(act, actor)
    handle.assign(act.troupe.desk, lead, act.seen.id, actor.id, act.at)
    act.plot.steps.insert(0, "take")
    return act.later(1)


def _note(act: Act, actor: Actor) -> datetime | None:
    if not act.may(actor, Gesture.NOTE):
        return None
    handle.note(act.troupe.desk, actor, act.seen.id, act.say("noted"), act.at)
    return act.later(1.5)


def _comment(act: Act, actor: Actor) -> datetime | None:
    if not act.may(actor, Gesture.COMMENT):
        return None
    handle.comment(act.troupe.desk, actor, act.seen.id, phrase(act.rng, "commented"), act.at)
    return act.later(3)


def _college_comment(act: Act, actor: Actor) -> datetime | None:
    del actor
    return _comment(act, act.troupe.cast.rupn(act.seen.standing.uai))


def _ask(act: Act, actor: Actor) -> datetime | None:
    if not act.may(actor, Gesture.ASK):
        return None
    handle.ask_information(act.troupe.desk, actor, act.seen.id, act.say("asked"), act.at)
    return act.later(3.5, Party.RUPN)


def _wait(act: Act, actor: Actor) -> datetime | None:
    if not act.may(actor, Gesture.PAUSE):
        return None
    cause = pause_cause(act.rng)
    reason = phrase(act.rng, "part" if cause is PauseCause.PART else "supplier")
    handle.pause(act.troupe.desk, actor, act.seen.id, cause, reason, None, act.at)
    return act.later(22)


def _transfer(act: Act, actor: Actor) -> datetime | None:
    """Hands it over, naming the article that says whose it is."""
    if not act.may(actor, Gesture.TRANSFER):
        return None
    to = Party.ACADEMIE_DSI if act.holder is Party.DEPARTEMENT_MAINTENANCE else Party.DEPARTEMENT_MAINTENANCE
    kind = "contested" if act.plot.done.get("transfer") else "transferred"
    reason = phrase(act.rng, kind, to.value)
    act.plot.done["transfer"] = act.plot.done.get("transfer", 0) + 1
    redecide.transfer(act.troupe.desk, actor, act.seen.id, to, ARTICLES[to], reason, act.at)
    if act.plot.contests:
        act.plot.contests -= 1
        act.plot.steps.insert(0, "transfer")
    act.plot.steps.append("take")
    return act.later(3, to)


def _correct(act: Act, actor: Actor) -> datetime | None:
    """The words had pointed elsewhere: the category is mended, and the book decides anew."""
    if not act.may(actor, Gesture.CORRECT):
        return None
    changes = {"category": act.plot.text.category.value}
    party = redecide.correct(act.troupe.desk, actor, act.seen.id, changes, act.say("corrected"), act.at)
    act.plot.steps.append("take")
    return act.later(2, party)


def _link(act: Act, actor: Actor) -> datetime | None:
    original = act.plot.duplicate_of
    if original is None or not act.may(actor, Gesture.LINK):
        return None
    settling.link_duplicate(act.troupe.desk, actor, act.seen.id, original, act.at)
    return act.later(8, Party.RUPN)


Step = Callable[[Act, Actor], datetime | None]
ARTICLES = {Party.DEPARTEMENT_MAINTENANCE: "3.1.3", Party.ACADEMIE_DSI: "3.2.3", Party.RUPN: "3.2.4"}
STEPS: dict[str, Step] = {
    "take": _take,
    "lead_assigns": _lead_assigns,
    "note": _note,
    "comment": _comment,
    "college_comment": _college_comment,
    "ask": _ask,
    "wait": _wait,
    "transfer": _transfer,
    "correct": _correct,
    "link": _link,
}


def _waiting(act: Act) -> datetime | None:
    desk, seen = act.troupe.desk, act.seen
    if seen.standing.waiting_for_requester:
        author = act.troupe.cast.rupn(seen.standing.uai)
        if act.plot.answers and act.may(author, Gesture.ANSWER):
            handle.answer(desk, author, seen.id, act.say("answered"), act.at)
            return act.later(3)
    elif act.plot.ends_wait and act.may(actor := act.worker(), Gesture.RESUME):
        handle.resume(desk, actor, seen.id, act.at)
        return act.later(3)
    return seen.limit + A_MOMENT if seen.limit else None


def _first_level(act: Act) -> datetime | None:
    desk, seen, actor = act.troupe.desk, act.seen, act.worker()
    if act.may(actor, Gesture.FIRST_LEVEL) and act.plot.first_level != "advised":
        party = redecide.first_level_done(desk, actor, seen.id, act.say("first_level"), act.at)
        return act.later(2.6, party)
    if not act.plot.done.get("rupn"):
        act.plot.done["rupn"] = 1
        if (again := _take(act, actor)) is not None:
            return again
    settling.resolve(desk, actor, seen.id, act.say("advised"), act.at)
    return act.later(3)


def _arbitrated(act: Act) -> datetime | None:
    seen = act.seen
    coordinator = act.troupe.cast.coordinator(seen.standing.convention_id)
    to = act.rng.choice(TEAMS)
    reason = phrase(act.rng, "arbitrated")
    redecide.arbitrate(act.troupe.desk, coordinator, seen.id, to, ARTICLES[to], reason, act.at)
    act.plot.steps = ["take"]
    return act.later(3, to)


def _alert(act: Act) -> datetime | None:
    desk, seen, rssi = act.troupe.desk, act.seen, act.worker()
    done = act.plot.done
    done["alert"] = turn = done.get("alert", 0) + 1
    if act.may(rssi, Gesture.ACKNOWLEDGE):
        alert.acknowledge(desk, rssi, seen.id, act.at)
        return act.at + timedelta(minutes=act.rng.randrange(8, 40))
    if act.plot.text.category is not Category.SECURITY and act.may(rssi, Gesture.CORRECT):
        return _correct(act, rssi)  # the words had frightened the classifier, not the RSSI
    if turn <= 2 + done.get("logs", 0):
        alert.log_action(desk, rssi, seen.id, act.say("logged"), act.at)
        done["logs"] = done.get("logs", 0) + (act.rng.random() < 0.5)
        return act.at + timedelta(hours=act.rng.choice((1, 2, 3, 16, 20)))
    if not done.get("contained") and act.rng.random() < 0.45:
        done["contained"] = 1
        facts = {"category": "network" if act.rng.random() < 0.4 else "hardware", "asset_owner": "departement"}
        filed = alert.contain(desk, rssi, seen.id, phrase(act.rng, "contained"), dict(facts), act.at)
        act.troupe.opened.append(filed.ticket)
        return act.at + timedelta(hours=act.rng.choice((2, 4, 18)))
    settling.resolve(desk, rssi, seen.id, phrase(act.rng, "mended", "security"), act.at)
    return act.later(6, Party.RUPN)


def _afterwards(act: Act) -> datetime | None:
    """The collège confirms, reopens, or lets the ticket close by itself."""
    desk, seen = act.troupe.desk, act.seen
    author = act.troupe.cast.rupn(seen.standing.uai)
    if seen.standing.alert:
        author = act.troupe.cast.principal(seen.standing.uai)
    if act.plot.after == "confirm" and act.may(author, Gesture.CONFIRM):
        settling.confirm(desk, author, seen.id, act.at)
    elif act.plot.after == "reopen" and act.may(author, Gesture.REOPEN) and not seen.standing.alert:
        act.plot.after = "confirm"
        act.plot.steps = ["take"]
        settling.reopen(desk, author, seen.id, act.say("reopened"), act.at)
        return act.later(2)
    return None
