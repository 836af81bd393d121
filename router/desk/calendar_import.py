"""The official school calendar: looked at first (which days change, for how many tickets), then put in force.

A file with a refused line changes nothing, and so does a file that says what is known already."""

import hashlib
import zlib
from base64 import b64decode, b64encode
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

from router.clock.school import SchoolYears, Zone
from router.clock.school_changes import DayRun, DayState, changed_days
from router.desk.house import Desk
from router.desk.policy import Policy
from router.desk.school_store import Kept, keep_years, years_in_force
from router.intake.report import ImportReport, Remark
from router.intake.school_calendar import MAX_BYTES, CalendarRead, read_school_calendar
from router.intake.school_periods import Period
from router.intake.school_words import ZONE_NAMES, titled
from router.intake.tabular import file_content
from router.model.actor import Actor, Conflict, Forbidden, Invalid, Refused, TooLarge
from router.model.words import Role
from router.store.calendar_reach import running_by_policy
from router.store.journal import COMMAND, Signature

FILE = "file"
MAX_PACKED = 3_000_000
ZONES: Mapping[str, str] = {zone.value: titled(zone) for zone in ZONE_NAMES}
MOVED = "Le calendrier en vigueur a changé depuis cet aperçu : relisez le fichier. Rien n'a été enregistré."


@dataclass(frozen=True, slots=True)
class ZoneKnown:
    """What is known of a zone today; no dates when nothing is."""

    name: str
    first: date | None = None
    last: date | None = None
    obtained: date | None = None


@dataclass(frozen=True, slots=True)
class ZoneChange:
    """What a file changes for a zone, and how many running tickets follow a calendar of it."""

    name: str
    first: date
    last: date
    runs: tuple[DayRun, ...]
    tickets: int


@dataclass(frozen=True, slots=True)
class Preview:
    """A file looked at. `packed` and `stamp` go with the confirmation: the same file, on the same known days."""

    name: str
    zone: str
    report: ImportReport
    zones: tuple[ZoneChange, ...]
    packed: str
    stamp: str

    @property
    def changes(self) -> bool:
        return not self.report.refused and any(each.runs for each in self.zones)


def known_zones(desk: Desk, actor: Actor) -> tuple[ZoneKnown, ...]:
    """The coverage of every zone. Raises Forbidden for whoever isn't an administrator."""
    _check_administrator(actor)
    known = years_in_force(desk)
    return tuple(_known(zone, known.get(zone)) for zone in ZONE_NAMES)


def look_at(desk: Desk, actor: Actor, content: bytes, name: str, zone: str, at: datetime) -> Preview:
    """What the file would change; stores nothing. `zone`: a value of `ZONES`, empty for all those of the file.

    Raises Forbidden; Invalid and TooLarge, on the field of the file, when it can't be read at all."""
    _check_administrator(actor)
    if not content:
        raise Invalid("Choisissez le fichier du calendrier scolaire, en CSV ou en iCal (.ics).", FILE)
    found = _read(desk, content, name, (zone,) if zone else (), at)
    known = years_in_force(desk)
    runs = _runs(known, found)
    reached = _tickets_by_zone(desk) if found.years else {}
    zones = tuple(
        ZoneChange(titled(each.zone), each.first, each.last, runs[each.zone], reached.get(each.zone, 0))
        for each in found.years
    )
    packed = b64encode(zlib.compress(content, 9)).decode()
    if len(packed) > MAX_PACKED:
        raise TooLarge("Ce fichier est trop grand : gardez les années et les zones utiles.", FILE)
    return Preview(name, zone, _counted(found, runs), zones, packed, _stamp(known, found))


def put_in_force(desk: Desk, actor: Actor, packed: str, name: str, zone: str, stamp: str, at: datetime) -> Kept:
    """What was looked at, kept; the open tickets' deadlines follow.

    Raises as `look_at`; Conflict when what was known has changed since."""
    _check_administrator(actor)
    found = _read(desk, _unpacked(packed), name, (zone,) if zone else (), at)
    known = years_in_force(desk)
    if not found.years or _stamp(known, found) != stamp:
        raise Conflict(MOVED)
    changing = _changing(found, _runs(known, found))
    if not changing:
        raise Conflict("Ce fichier dit ce qui est déjà connu : rien ne change.")
    return keep_years(desk, Signature(actor.signature, actor.name), changing, found.source, at)


def import_calendar(desk: Desk, path: Path, at: datetime, zones: Collection[str] = ()) -> ImportReport:
    """The command's way: reads, and keeps what changes at once. Raises NotFound, TooLarge, Invalid."""
    content = file_content(path, MAX_BYTES)
    found = _read(desk, content, path.name, zones, at)
    runs = _runs(years_in_force(desk), found)
    report = _counted(found, runs)
    changing = _changing(found, runs)
    if not changing:
        return report
    kept = keep_years(desk, COMMAND, changing, found.source, at)
    done = f"Dossiers en cours relus : {kept.tickets} ; échéances déplacées : {kept.moved}."
    return replace(report, remarks=(*report.remarks, Remark(done)))


def _check_administrator(actor: Actor) -> None:
    if actor.role is not Role.ADMINISTRATOR:
        raise Forbidden("Seule une personne chargée de l'administration importe le calendrier scolaire.")


def _known(zone: Zone, years: SchoolYears | None) -> ZoneKnown:
    if years is None:
        return ZoneKnown(titled(zone))
    return ZoneKnown(titled(zone), years.first, years.last, years.obtained)


def _read(desk: Desk, content: bytes, name: str, zones: Collection[str], at: datetime) -> CalendarRead:
    if unknown := [each for each in zones if each not in ZONES]:
        raise Invalid(f"La zone « {unknown[0]} » n'existe pas : les zones sont {', '.join(ZONES)}.", "zone")
    obtained = at.astimezone(desk.settings.zone).date()
    try:
        return read_school_calendar(content, name, obtained, [Zone(each) for each in zones])
    except (Invalid, TooLarge) as refused:
        raise type(refused)(refused.message[:1].upper() + refused.message[1:], FILE) from refused


def _runs(known: Mapping[Zone, SchoolYears], found: CalendarRead) -> Mapping[Zone, tuple[DayRun, ...]]:
    return {each.zone: changed_days(known, each) for each in found.years}


def _changing(found: CalendarRead, runs: Mapping[Zone, tuple[DayRun, ...]]) -> Sequence[SchoolYears]:
    return [each for each in found.years if runs[each.zone]]


def _counted(found: CalendarRead, runs: Mapping[Zone, tuple[DayRun, ...]]) -> ImportReport:
    """The report of the reading, with what its good lines bring: days unknown so far, other days, nothing new."""
    if not found.years:
        return found.report
    states = [_brought(period, runs) for period in found.periods]
    created, changed = states.count(DayState.UNKNOWN), states.count(DayState.CLASS)
    same = len(states) - created - changed
    report = replace(found.report, kept=len(states), created=created, changed=changed, unchanged=same)
    if any(runs.values()):
        return report
    return replace(report, remarks=(*report.remarks, Remark("Ces jours sont déjà connus : rien ne change.")))


def _brought(period: Period, runs: Mapping[Zone, tuple[DayRun, ...]]) -> DayState | None:
    """UNKNOWN when it settles days nobody knew, CLASS when it changes known ones, None when it changes nothing."""
    touched = [
        run
        for zone in period.zones
        for run in runs.get(zone, ())
        if run.first <= period.last and period.first <= run.last
    ]
    if not touched:
        return None
    return DayState.UNKNOWN if all(run.before is DayState.UNKNOWN for run in touched) else DayState.CLASS


def _tickets_by_zone(desk: Desk) -> Mapping[Zone, int]:
    """How many running tickets follow a calendar of each zone, under the policy each was opened with."""
    found: dict[Zone, int] = {}
    with desk.database.reading() as session:
        for (fingerprint, convention), count in running_by_policy(session).items():
            for zone in _zones_followed(desk.policies.named(session, fingerprint), convention):
                found[zone] = found.get(zone, 0) + count
    return found


def _zones_followed(policy: Policy, convention_id: str | None) -> set[Zone]:
    convention = policy.convention(convention_id)
    names = set(convention.clocks.values()) if convention else set()
    return {policy.calendars[name].school_zone for name in names} - {Zone.NONE}


def _stamp(known: Mapping[Zone, SchoolYears], found: CalendarRead) -> str:
    """What was known of the zones of the file, and what it says of them."""
    about = [(known.get(each.zone), each.zone, each.first, each.last, each.vacations) for each in found.years]
    return hashlib.sha256(repr(about).encode()).hexdigest()


def _unpacked(packed: str) -> bytes:
    """Raises Invalid for what this page didn't send."""
    try:
        opened = zlib.decompressobj()
        content = opened.decompress(b64decode(packed, validate=True), MAX_BYTES)
    except (ValueError, zlib.error) as error:
        raise _lost() from error
    if not content or opened.unconsumed_tail:
        raise _lost()
    return content


def _lost() -> Refused:
    return Invalid("Le fichier relu n'est pas revenu entier : choisissez-le de nouveau.", FILE)
