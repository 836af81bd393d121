"""Escalation ladders: who is told before, at and after each deadline, in service time of its clock.

A ladder is copied into the ticket when its deadline opens; nothing here tells anybody anything."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from pathlib import PurePosixPath
from types import MappingProxyType

from router.clock.allowances import LONGEST
from router.clock.calendar import add, subtract
from router.clock.durations import DurationError, signed_duration_of
from router.clock.service_calendar import ServiceCalendar
from router.clock.targets import Status
from router.clock.toml_reading import MISSING_KEY, UNKNOWN_VALUE, Node, read_roots
from router.model.faults import Fault, FilesRefused, by_place
from router.model.words import HOLDERS, DeadlineKind, Party

TWICE = "AIG310"
INCOMPLETE = "AIG312"
OUT_OF_ORDER = "AIG313"
FILE = "ladders.toml"

REQUIRED_KINDS = (DeadlineKind.ACKNOWLEDGE, DeadlineKind.RESOLVE, DeadlineKind.PROMISE)
"""Deadlines that must never pass in silence: each holder has a ladder for each of them."""


class Told(StrEnum):
    """Whom a step names: the holder's desk, its lead, both institutions' coordinators, or a role. The deputy is
    that of a RUPN who hasn't answered."""

    HOLDER = "holder"
    LEAD = "lead"
    COORDINATORS = "coordinators"
    RUPN = "rupn"
    DEPUTY = "deputy"
    PRINCIPAL = "principal"
    RSSI = "rssi"
    DPO = "dpo"
    REQUESTER = "requester"


class StepChannel(StrEnum):
    """By what a step tells."""

    MAIL = "mail"


@dataclass(frozen=True, slots=True)
class Step:
    """One step: `offset` from the deadline, in service time (negative: before it). `urgent` messages don't wait
    for opening hours. `number` counts from 1 in the ladder."""

    number: int
    offset: timedelta
    tell: tuple[str, ...]
    urgent: bool
    channel: str = StepChannel.MAIL


@dataclass(frozen=True, slots=True)
class Ladders:
    """The steps of each party and kind of deadline."""

    _steps: Mapping[tuple[Party, DeadlineKind], tuple[Step, ...]]
    _to_validate: frozenset[tuple[Party, DeadlineKind]]

    def of(self, party: Party, kind: DeadlineKind) -> tuple[Step, ...]:
        """The steps in order; none for a kind of deadline that tells nobody."""
        return self._steps.get((party, kind), ())

    def to_validate(self, party: Party, kind: DeadlineKind) -> bool:
        """Whether the institutions have still to agree on that ladder."""
        return (party, kind) in self._to_validate


class LaddersRefused(FilesRefused):
    """The ladders are faulty; `faults` says every place and its mend."""


def schedule(
    calendar: ServiceCalendar, due_at: datetime, steps: Iterable[Step]
) -> tuple[tuple[Step, datetime], ...]:
    """When each step fires. Where the calendar is not known, a step falls at the plain elapsed time from the
    deadline: sooner than service time would, so that nobody is left untold."""
    return tuple((step, _fire_at(calendar, due_at, step.offset)) for step in steps)


def _fire_at(calendar: ServiceCalendar, due_at: datetime, offset: timedelta) -> datetime:
    before = offset < timedelta()
    found = subtract(calendar, due_at, -offset) if before else add(calendar, due_at, offset)
    return found if isinstance(found, datetime) else due_at.astimezone(UTC) + offset


def load_ladders(sources: Mapping[str, str]) -> Ladders:
    """The ladders of a rules folder (`ladders.toml`). Raises LaddersRefused.

    `sources` is each file's text by its name relative to the folder."""
    reading = _Reading([], {}, set())
    files = {name: text for name, text in sources.items() if PurePosixPath(name).name == FILE}
    if not files:
        reading.faults.append(Fault(FILE, 1, 1, MISSING_KEY, f"il manque le fichier « {FILE} » des relances."))
    for root in read_roots(files, reading.faults):
        reading.file(root)
    if reading.faults:
        raise LaddersRefused(by_place(reading.faults))
    return Ladders(MappingProxyType(reading.steps), frozenset(reading.to_validate))


@dataclass(slots=True)
class _Reading:
    faults: list[Fault]
    steps: dict[tuple[Party, DeadlineKind], tuple[Step, ...]]
    to_validate: set[tuple[Party, DeadlineKind]]

    def file(self, root: Node) -> None:
        before = len(self.faults)
        found = root.table(["ladder"])
        for row in found["ladder"].rows() if "ladder" in found else ():
            self._ladder(row)
        if len(self.faults) == before:
            self._check_complete(root)

    def _ladder(self, row: Node) -> None:
        names = ("party", "kind", "status", "step")
        entries = row.table(names, required=names)
        party = entries["party"].choice(HOLDERS) if "party" in entries else None
        kind = entries["kind"].choice(DeadlineKind) if "kind" in entries else None
        status = entries["status"].choice(Status) if "status" in entries else None
        steps = _steps(entries["step"], party) if "step" in entries else ()
        if not (party and kind and status):
            return
        key = Party(party), DeadlineKind(kind)
        if key in self.steps:
            row.fault(
                TWICE, f"l'échelle de « {party} » pour « {kind} » est déjà écrite plus haut : gardez-en une."
            )
        self.steps[key] = steps
        if status == Status.TO_VALIDATE:
            self.to_validate.add(key)

    def _check_complete(self, root: Node) -> None:
        for party in HOLDERS:
            for kind in REQUIRED_KINDS:
                if not self.steps.get((party, kind)):
                    sentence = f"aucune relance pour « {party} », échéance « {kind} » : ajoutez une [[ladder]]."
                    root.fault(INCOMPLETE, sentence)


def _steps(node: Node, party: str | None) -> tuple[Step, ...]:
    read = [(step, row) for number, row in enumerate(node.rows(), 1) if (step := _step(row, number, party))]
    for (earlier, _), (later, row) in pairwise(read):
        if later.offset < earlier.offset:
            row.fault(
                OUT_OF_ORDER, "cette marche vient avant la précédente : rangez-les dans l'ordre du temps."
            )
    return tuple(step for step, _ in read)


def _step(row: Node, number: int, party: str | None) -> Step | None:
    entries = row.table(["at", "tell", "channel", "urgent"], required=["at", "tell", "channel", "urgent"])
    offset = _offset(entries["at"]) if "at" in entries else None
    tell = _tell(entries["tell"], party) if "tell" in entries else ()
    channel = entries["channel"].choice(StepChannel) if "channel" in entries else None
    urgent = entries["urgent"].flag() if "urgent" in entries else None
    if offset is None or not tell or channel is None or urgent is None:
        return None
    return Step(number, offset, tell, urgent, channel)


def _offset(node: Node) -> timedelta | None:
    text = node.text()
    try:
        offset = signed_duration_of(text) if text is not None else None
    except DurationError as error:
        node.fault(UNKNOWN_VALUE, f"{error} Un « - » devant veut dire « avant l'échéance ».")
        return None
    if offset is not None and abs(offset) > LONGEST:
        hours = LONGEST // timedelta(hours=1)
        node.fault(
            UNKNOWN_VALUE, f"une relance à plus d'un an de l'échéance ne sert à rien : « PT{hours}H » au plus."
        )
        return None
    return offset


def _tell(node: Node, party: str | None) -> tuple[str, ...]:
    if node.value == []:
        node.fault(UNKNOWN_VALUE, f"personne n'est prévenu : nommez quelqu'un parmi {', '.join(Told)}.")
    names = []
    for row in node.rows():
        name = row.choice(Told)
        if name == Told.DEPUTY and party not in (None, Party.RUPN):
            row.fault(
                UNKNOWN_VALUE, "seul le RUPN a un suppléant : nommez « lead », le responsable de l'équipe."
            )
        names.append(name)
    return tuple(name for name in names if name)
