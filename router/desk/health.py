"""Whether the service keeps its promises at this instant: for `/sante`, the command line and any monitor.

Holds no data about anybody. Silence is the alarm: no beat is a fault, not an absence of news."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from router.desk.house import Desk
from router.notices.moments import duration_in_words
from router.store.engine import Database
from router.store.watch import WatchFacts, watch_facts

SILENT_AFTER = timedelta(minutes=1)
LATE_AFTER = timedelta(minutes=1)
AHEAD_BY = timedelta(minutes=1)
# An urgent message gets a few tries: a server that says « later » is no fault of ours.
UNTOLD_AFTER = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Health:
    """`reasons` are French sentences, empty when `ok`. Ages are None when there is nothing to be old:
    no worker was ever seen (`beat_age`), nothing waits (the others). `failed` and `poison` were set aside
    and wait for an administrator; they alone turn nothing red. Nor does `fallen_model`, the version of the classifier
    that can't be read: the shipped one answers in its place."""

    ok: bool
    reasons: tuple[str, ...]
    beat_age: timedelta | None
    oldest_due_age: timedelta | None
    queued: int
    failed: int
    poison: int = 0
    oldest_notice_age: timedelta | None = None
    fallen_model: str | None = None


def desk_health(desk: Desk, at: datetime) -> Health:
    """The same with what only a process that reads models can tell."""
    found = health(desk.database, at)
    with desk.database.reading() as session:
        return replace(found, fallen_model=desk.policies.voices.fallen(session))


def health(database: Database, at: datetime) -> Health:
    """What is true at `at`. Raises what the database raises when it can't be read."""
    with database.reading() as session:
        facts = watch_facts(session, at)
    reasons = _reasons(facts, at)
    return Health(
        ok=not reasons,
        reasons=reasons,
        beat_age=_age(facts.last_beat_at, at),
        oldest_due_age=_age(facts.oldest_due_at, at),
        queued=facts.queued,
        failed=facts.failed,
        poison=facts.poison,
        oldest_notice_age=_age(facts.oldest_notice_at, at),
    )


def _reasons(facts: WatchFacts, at: datetime) -> tuple[str, ...]:
    found = []
    beat, due = _age(facts.last_beat_at, at), _age(facts.oldest_due_at, at)
    urgent = _age(facts.oldest_urgent_at, at)
    # A sign of life from the future would hide the silence that follows it.
    if facts.last_beat_at is not None and facts.last_beat_at - at > AHEAD_BY:
        ahead = duration_in_words(facts.last_beat_at - at)
        found.append(
            f"Un processus de fond a donné signe de vie avec une horloge en avance de {ahead} :"
            " vérifiez l'heure des machines."
        )
    if beat is None:
        found.append("Aucun processus de fond n'a jamais donné signe de vie.")
    elif beat > SILENT_AFTER:
        found.append(f"Le processus de fond ne donne plus signe de vie depuis {duration_in_words(beat)}.")
    if due is not None and due > LATE_AFTER:
        found.append(f"Une relance attend d'être faite depuis {duration_in_words(due)}.")
    if urgent is not None and urgent > UNTOLD_AFTER:
        found.append(f"Un message urgent attend d'être envoyé depuis {duration_in_words(urgent)}.")
    return tuple(found)


def _age(since: datetime | None, at: datetime) -> timedelta | None:
    # A machine whose clock was put back must not show a negative age.
    return None if since is None else max(timedelta(0), at - since)
