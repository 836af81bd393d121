"""Targets: how long each party has, by priority, and on which clock; the promise made to the collège.

The convention holds no figure (its article 3.1.3 only bounds assistance to the school year): all are local,
read from `clocks/targets.toml`, and each says whether both institutions have validated it."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import timedelta
from enum import StrEnum
from pathlib import PurePosixPath
from types import MappingProxyType

from router.clock.allowances import LONGEST, MOST_DAYS, Allowance, OpenDays
from router.clock.toml_reading import MISSING_KEY, UNKNOWN_KEY, UNKNOWN_VALUE, WRONG_TYPE, Node, read_roots
from router.model.faults import Fault, FilesRefused, by_place
from router.model.words import HOLDERS, Category, Party, Priority

TWICE = "AIG310"
INCOMPLETE = "AIG312"
FILE = "clocks/targets.toml"


class Clock(StrEnum):
    """Which calendar of the convention a duration runs on. « permanent » never stops."""

    PEDAGOGIQUE = "pedagogique"
    ADMINISTRATIF = "administratif"
    PERMANENT = "permanent"


class Status(StrEnum):
    TO_VALIDATE = "à valider"
    VALIDATED = "validé"


@dataclass(frozen=True, slots=True)
class Target:
    """What the holder must do by when, in service time or open days of `clock` since the holding began."""

    acknowledge: Allowance
    resolve: Allowance
    clock: Clock
    status: Status


@dataclass(frozen=True, slots=True)
class Limit:
    """One allowance, in service time or open days of `clock`."""

    allowance: Allowance
    clock: Clock
    status: Status


@dataclass(frozen=True, slots=True)
class Limits:
    """The other durations: a pause for a part or a supplier, the RUPN's first level before the ticket goes on
    without her, the requester's answer, the arbitration, résolu → clos, and reopening after it."""

    pause: Limit
    first_level: Limit
    answer: Limit
    arbitration: Limit
    closing: Limit
    reopening: Limit


@dataclass(frozen=True, slots=True)
class Targets:
    """Every duration of a policy: total over the parties that can hold a ticket and the priorities."""

    limits: Limits
    _by_party: Mapping[tuple[Party, Priority], Target]
    _by_category: Mapping[tuple[Party, Priority, str], Target]
    _promises: Mapping[Priority, Limit]

    def of(self, party: Party, priority: Priority, category: str | None = None) -> Target:
        """A holder's target; that of the category when one is given apart. `category` may be « unknown ».

        Raises KeyError for a party that can't hold a ticket."""
        apart = self._by_category.get((party, priority, category or ""))
        return apart or self._by_party[party, priority]

    def promise(self, priority: Priority) -> Limit:
        """What both institutions promise the collège, whoever holds the ticket, since it was filed."""
        return self._promises[priority]


class TargetsRefused(FilesRefused):
    """The targets are faulty; `faults` says every place and its mend."""


def load_targets(sources: Mapping[str, str]) -> Targets:
    """The targets of a rules folder (`clocks/targets.toml`). Raises TargetsRefused.

    `sources` is each file's text by its name relative to the folder."""
    reading = _Reading([], {}, {}, {}, {})
    files = {name: text for name, text in sources.items() if PurePosixPath(name).name == "targets.toml"}
    if not files:
        reading.faults.append(Fault(FILE, 1, 1, MISSING_KEY, f"il manque le fichier « {FILE} » des délais."))
    for root in read_roots(files, reading.faults):
        reading.file(root)
    if reading.faults:
        raise TargetsRefused(by_place(reading.faults))
    return Targets(
        limits=Limits(**reading.limits),
        _by_party=MappingProxyType(reading.by_party),
        _by_category=MappingProxyType(reading.by_category),
        _promises=MappingProxyType(reading.promises),
    )


@dataclass(slots=True)
class _Reading:
    faults: list[Fault]
    by_party: dict[tuple[Party, Priority], Target]
    by_category: dict[tuple[Party, Priority, str], Target]
    promises: dict[Priority, Limit]
    limits: dict[str, Limit]

    def file(self, root: Node) -> None:
        found = root.table(["target", "promise", "limit", "exception"])
        for party in HOLDERS:
            self._party(root, party, found.get("target"))
        if "target" in found:
            found["target"].table(HOLDERS)
        for priority, limit in _limits(root, found.get("promise"), Priority, "promise").items():
            self.promises[Priority(priority)] = limit
        names = [each.name for each in fields(Limits)]
        self.limits.update(_limits(root, found.get("limit"), names, "limit"))
        for row in found["exception"].rows() if "exception" in found else ():
            self._exception(row)

    def _party(self, root: Node, party: Party, targets: Node | None) -> None:
        parties = targets.entries() if targets else {}
        priorities = parties[party].table(Priority) if party in parties else {}
        for priority in Priority:
            if priority not in priorities:
                sentence = f"il manque le délai [target.{party}.{priority}] : qui tient un dossier a un délai."
                (parties.get(party) or targets or root).fault_at_key(INCOMPLETE, sentence)
            elif target := _target(priorities[priority]):
                self.by_party[party, priority] = target

    def _exception(self, row: Node) -> None:
        names = ("party", "priority", "category")
        entries = row.table([*names, *_TARGET], required=names)
        party = entries["party"].choice(HOLDERS) if "party" in entries else None
        priority = entries["priority"].choice(Priority) if "priority" in entries else None
        category = entries["category"].choice(Category) if "category" in entries else None
        target = _target(row, names)
        if not (party and priority and category and target):
            return
        key = Party(party), Priority(priority), Category(category)
        if key in self.by_category:
            row.fault(TWICE, f"délai déjà donné plus haut pour {party}, {priority}, {category} : gardez-en un.")
        self.by_category[key] = target


_TARGET = ("acknowledge", "resolve", "clock", "status")
_LIMIT = ("allowance", "clock", "status")
OPEN_DAYS = "open_days"


def _target(node: Node, besides: tuple[str, ...] = ()) -> Target | None:
    entries = node.table([*_TARGET, *besides], required=_TARGET)
    acknowledge, resolve = _allowance(entries.get("acknowledge")), _allowance(entries.get("resolve"))
    clock, status = _settled(entries)
    if acknowledge is None or resolve is None or clock is None or status is None:
        return None
    if _is_shorter(resolve, acknowledge):
        entries["resolve"].fault(UNKNOWN_VALUE, "le délai de résolution est plus court que la prise en charge.")
    return Target(acknowledge, resolve, clock, status)


def _limits(root: Node, node: Node | None, names: type[Priority] | list[str], table: str) -> dict[str, Limit]:
    entries = node.table(names) if node else {}
    for name in names:
        if name not in entries:
            (node or root).fault_at_key(INCOMPLETE, f"il manque la durée [{table}.{name}].")
    read = {name: _limit(each) for name, each in entries.items()}
    return {name: limit for name, limit in read.items() if limit}


def _limit(node: Node) -> Limit | None:
    entries = node.table(_LIMIT, required=_LIMIT)
    allowance, (clock, status) = _allowance(entries.get("allowance")), _settled(entries)
    if allowance is None or clock is None or status is None:
        return None
    return Limit(allowance, clock, status)


def _settled(entries: Mapping[str, Node]) -> tuple[Clock | None, Status | None]:
    clock = entries["clock"].choice(Clock) if "clock" in entries else None
    status = entries["status"].choice(Status) if "status" in entries else None
    return Clock(clock) if clock else None, Status(status) if status else None


def _is_shorter(one: Allowance, other: Allowance) -> bool:
    """Whether it is so whatever the calendar: hours and days can't be compared without one."""
    match one, other:
        case timedelta(), timedelta():
            return one < other
        case OpenDays(), OpenDays():
            return one.count < other.count
        case _:
            return False


def _allowance(node: Node | None) -> Allowance | None:
    if node is None:
        return None
    return _open_days(node) if isinstance(node.value, dict) else _duration(node)


def _duration(node: Node) -> timedelta | None:
    allowance = node.duration()
    if allowance is None or timedelta() < allowance <= LONGEST:
        return allowance
    if not allowance:
        sentence = "un délai nul est dépassé dès qu'il commence : donnez une durée, comme « PT4H »."
    else:
        hours = LONGEST // timedelta(hours=1)
        sentence = f"un délai de plus d'un an ne promet rien : « PT{hours}H » au plus."
    node.fault(UNKNOWN_VALUE, sentence)
    return None


def _open_days(node: Node) -> OpenDays | None:
    entries = node.entries()
    if set(entries) != {OPEN_DAYS}:
        node.fault(
            UNKNOWN_KEY, "un délai est une durée, comme « PT4H », ou « { open_days = 2 } » : gardez-en un seul."
        )
        return None
    days = entries[OPEN_DAYS]
    count = days.typed(int, WRONG_TYPE, "il faut ici un nombre entier de jours ouverts, sans guillemets.")
    if count is not None and not 1 <= count <= MOST_DAYS:
        days.fault(UNKNOWN_VALUE, f"un délai va de 1 à {MOST_DAYS} jours ouverts.")
        return None
    return None if count is None else OpenDays(count)
