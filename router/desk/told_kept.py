"""What was read in her words and kept with the ticket, for whoever repairs; erased with the words themselves."""

from router.model.told import ToldFact, ToldKind
from router.store.tables import IncidentRow

_HELPS = (ToldKind.ASSET_TAG, ToldKind.PEOPLE, ToldKind.EXAM, ToldKind.DEADLINE, ToldKind.TRIED)


def told_to_repairers(incident: IncidentRow) -> tuple[ToldFact, ...]:
    """What no fact of the decision says; a tag only when she gave none."""
    left_out = ToldKind.ASSET_TAG if incident.asset_tag else None
    return tuple(fact for fact in _kept(incident) if fact.kind in _HELPS and fact.kind is not left_out)


def product_told(incident: IncidentRow) -> str:
    """The product her words named when they were read first, unless she refused it; empty when none."""
    refused = incident.classification.get("refused", ())
    named = (
        fact.value for fact in _kept(incident) if fact.kind is ToldKind.PRODUCT and fact.kind not in refused
    )
    return next(named, "")


def room_told(incident: IncidentRow, room: str) -> bool:
    """Whether the ticket's room was read in her words."""
    if incident.room:
        return False
    return any(fact.kind is ToldKind.ROOM and fact.value == room for fact in _kept(incident))


def _kept(incident: IncidentRow) -> tuple[ToldFact, ...]:
    """Nothing of a ticket older than this reading."""
    return tuple(
        ToldFact(ToldKind(kind), value, words) for kind, value, words in incident.classification.get("told", ())
    )
