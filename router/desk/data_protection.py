"""What the data protection officer was told of: personal data that may be exposed, and questions about them (3.1.5).

She acts on no ticket; she says that she knows, and that is in the journal."""

from datetime import datetime

from router.desk.counter import counter
from router.desk.gestures import Gesture
from router.desk.house import Desk
from router.model.actor import Actor
from router.model.words import EventKind
from router.store import listing
from router.store.listing import Filters, Page
from router.store.sight import data_to


def to_note(desk: Desk, actor: Actor) -> Page:
    """Those she hasn't said she knows of, the one that has waited longest first: the first page."""
    with desk.database.reading() as session:
        page = listing.by_waiting(session, data_to(actor, noted=False), Filters(), None)
        return desk.policies.located(session, page, desk.settings.zone)


def noted(desk: Desk, actor: Actor, after: str | None) -> Page:
    """Those she knows of, newest first."""
    with desk.database.reading() as session:
        page = listing.by_opening(session, data_to(actor, noted=True), Filters(), after)
        return desk.policies.located(session, page, desk.settings.zone)


def note(desk: Desk, actor: Actor, ticket_id: int, at: datetime) -> None:
    """« J'en ai pris connaissance »: recorded once, whoever of the officers says it."""
    with counter(desk, actor, ticket_id, Gesture.NOTE_DATA, at) as case:
        case.record(EventKind.DATA_NOTED)
