"""What words tell of the place and of exposed data, weighed against the rules: taken where it changes nothing,
else asked. Exposed data are never taken: only the person's answer makes that fact. Pure."""

from dataclasses import replace
from datetime import datetime

from router.desk.policy import Policy
from router.desk.reading import Reading
from router.model.incident import Decision, Facts, FactValue, SourcedFact
from router.model.told import ToldFact, ToldKind
from router.model.words import Source
from router.rulebook.decide import decide


def weigh(policy: Policy, reading: Reading, at: datetime, convention: str | None) -> tuple[Reading, Decision]:
    """The decision, and the reading with what it takes from the words and what it leaves to be asked."""
    decision = decide(policy.book, reading.facts, at, convention=convention)
    if not reading.classification.telling:
        return reading, decision
    zone = reading.told.of(ToldKind.ZONE)
    if zone is not None and _open(reading.facts, zone.kind):
        supposed = _supposing(reading.facts, zone.kind, zone.value)
        other = decide(policy.book, supposed, at, convention=convention)
        if _same(decision, other):
            reading, decision = replace(reading, facts=supposed), other
        else:
            reading = _in_doubt(reading, zone)
    exposed = reading.told.of(ToldKind.PERSONAL_DATA_EXPOSED)
    if exposed is not None and _open(reading.facts, exposed.kind):
        supposed = _supposing(reading.facts, exposed.kind, True)
        if not _same(decision, decide(policy.book, supposed, at, convention=convention)):
            reading = _in_doubt(reading, exposed)
    return reading, decision


def _open(facts: Facts, name: str) -> bool:
    """Whether neither she nor the inventory nor the catalogue has said it."""
    return name in facts.items and facts.items[name].source is Source.UNKNOWN


def _supposing(facts: Facts, name: str, value: FactValue) -> Facts:
    return Facts({**facts.items, name: SourcedFact(value, Source.CLASSIFIER)})


def _in_doubt(reading: Reading, fact: ToldFact) -> Reading:
    return replace(reading, doubts=(*reading.doubts, fact))


def _same(one: Decision, other: Decision) -> bool:
    return (one.responsible, one.inform, one.priority, one.rule, one.alert, one.informations) == (
        other.responsible,
        other.inform,
        other.priority,
        other.rule,
        other.alert,
        other.informations,
    )
