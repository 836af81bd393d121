"""The gauges in the text format that Prometheus reads. Labels are states, parties and processes: never a person."""

from collections.abc import Iterator, Mapping
from datetime import timedelta

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric

from router.desk.gauges import Gauges

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


class _Reading:
    """Gauges read once, as the library wants to collect them."""

    def __init__(self, found: Gauges) -> None:
        self._found = found

    def collect(self) -> Iterator[Metric]:
        found, pulse = self._found, self._found.health
        yield _one("healthy", "1 when /sante is green", int(pulse.ok))
        yield _one("steps_due", "Steps whose time has come and that wait to be fired", found.due)
        yield _one("lag_seconds", "Age of the oldest step that is due", _seconds(pulse.oldest_due_age))
        yield _one("steps_fired_last_day", "Steps due in the last 24 hours and fired", found.fired)
        yield _one("steps_late_last_day", "Of these, those fired more than a minute late", found.late)
        yield _one("steps_set_aside", "Steps that could not be fired", pulse.poison)
        by_state = {state.value: count for state, count in found.outbox.items()}
        yield _several("messages", "Messages by state; of those sent, the last 24 hours'", "state", by_state)
        oldest = _seconds(pulse.oldest_notice_age)
        yield _one("oldest_unsent_seconds", "Age of the oldest message whose time has come", oldest)
        beats = {name: age.total_seconds() for name, age in found.beats.items()}
        yield _several("worker_beat_age_seconds", "Since when each worker has not passed", "worker", beats)
        yield _several("tickets_open", "Open tickets by holder, alerts left out", "holder", found.held)
        if found.seal_age is not None:
            yield _one("seal_age_seconds", "Age of the last seal over the journal", _seconds(found.seal_age))


def as_text(found: Gauges) -> bytes:
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Reading(found))
    return generate_latest(registry)


def _one(name: str, meaning: str, value: float) -> Metric:
    return GaugeMetricFamily(f"aiguillage_{name}", meaning, value=value)


def _several(name: str, meaning: str, label: str, values: Mapping[str, float]) -> Metric:
    family = GaugeMetricFamily(f"aiguillage_{name}", meaning, labels=[label])
    for key, value in sorted(values.items()):
        family.add_metric([key], value)
    return family


def _seconds(age: timedelta | None) -> float:
    """Nothing waits: nothing is late."""
    return age.total_seconds() if age else 0.0
