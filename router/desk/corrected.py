"""Which facts of a ticket were corrected after it was filed, and by which team: what a person says later is not what
she who reports had said. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from router.model.actor import Actor
from router.model.words import EventKind, Party, Role
from router.store.story import Entry


@dataclass(frozen=True, slots=True)
class Corrected:
    """By a team or, for who is of none, by a role; None where an older release didn't write it."""

    by: Party | Role | None


def written(actor: Actor) -> str:
    """What the journal keeps of who corrects, beside her account: the team she speaks for."""
    return (actor.party or actor.role).value


def corrections_by(entries: Iterable[Entry], at: datetime) -> dict[str, Corrected]:
    """The last correction of each fact, up to `at`; `entries` are in order."""
    found: dict[str, Corrected] = {}
    for entry in entries:
        if entry.kind is EventKind.CORRECTED and entry.at <= at:
            found |= dict.fromkeys(entry.data.get("facts", {}), corrected_by(entry))
    return found


def corrected_by(entry: Entry) -> Corrected:
    """Of one correction."""
    word = entry.data.get("by")
    if word in set(Party):
        return Corrected(Party(word))
    return Corrected(Role(word) if word in set(Role) else None)
