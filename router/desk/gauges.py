"""What a monitoring system draws over time: counts and ages, about nobody, none of which grows slower to read with the
years. Alerts are not counted among the open tickets: even their number is kept from those who may not see them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from router.desk.health import LATE_AFTER, Health, health
from router.desk.house import Desk
from router.model.words import NoticeState
from router.store import operations, seals, watch


@dataclass(frozen=True, slots=True)
class Gauges:
    """At one instant. `fired` and `late` are of the steps due in the last day; `beats` by process."""

    health: Health
    due: int
    fired: int
    late: int
    outbox: Mapping[NoticeState, int]
    beats: Mapping[str, timedelta]
    held: Mapping[str, int]
    seal_age: timedelta | None


def gauges(desk: Desk, at: datetime) -> Gauges:
    """Raises what the database raises when it can't be read."""
    pulse = health(desk.database, at)
    with desk.database.reading() as session:
        steps = watch.step_counts(session, at, LATE_AFTER)
        seal = seals.last_seal(session)
        return Gauges(
            health=pulse,
            due=steps.due,
            fired=steps.fired,
            late=steps.late,
            outbox=operations.queue_counts(session, at),
            beats={each.name: max(timedelta(0), at - each.beat_at) for each in watch.beats(session)},
            held=watch.open_by_holder(session),
            seal_age=max(timedelta(0), at - seal.at) if seal else None,
        )
