"""What an import did, for people and for programs: counts, refused lines with their mend, things kept."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Any, assert_never

LINES_NAMED = 8


class ImportKind(StrEnum):
    """What a file may hold."""

    COLLEGES = "colleges"
    INVENTORY = "inventory"
    USERS = "users"
    CALENDAR = "calendar"


@dataclass(frozen=True, slots=True)
class RefusedLine:
    """A line left out: what it was about, and a French sentence with the mend."""

    line: int
    identifier: str
    reason: str


@dataclass(frozen=True, slots=True)
class Remark:
    """Something to know that stopped nothing, and the lines it concerns (none: the whole file)."""

    text: str
    lines: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class ImportReport:
    """read = kept + refused + the sum of skipped; kept = created + changed + unchanged.

    `missing` names what is stored and no longer in the file: kept as it is."""

    kind: ImportKind
    read: int
    kept: int
    created: int
    changed: int
    unchanged: int
    skipped: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    refused: tuple[RefusedLine, ...] = ()
    missing: tuple[str, ...] = ()
    remarks: tuple[Remark, ...] = ()

    def text(self) -> str:
        """The report as an administrator reads it."""
        return (
            "\n".join((*_counts(self), *_skipped(self), *_refused(self), *_missing(self), *_remarks(self)))
            + "\n"
        )

    def refusals(self) -> tuple[str, ...]:
        """A sentence for each cause, with its lines."""
        by_reason: dict[str, list[RefusedLine]] = {}
        for refused in self.refused:
            by_reason.setdefault(refused.reason, []).append(refused)
        return tuple(_one_reason(reason, lines) for reason, lines in by_reason.items())

    def as_json(self) -> dict[str, Any]:
        """The report as a program reads it; every refused line is there."""
        return {
            "kind": self.kind.value,
            "read": self.read,
            "kept": self.kept,
            "created": self.created,
            "changed": self.changed,
            "unchanged": self.unchanged,
            "skipped": dict(self.skipped),
            "refused": [
                {"line": refused.line, "identifier": refused.identifier, "reason": refused.reason}
                for refused in self.refused
            ],
            "missing": list(self.missing),
            "remarks": [{"text": remark.text, "lines": list(remark.lines)} for remark in self.remarks],
        }


@dataclass(slots=True)
class Tally:
    """Fills a report as the lines go by."""

    kind: ImportKind
    read: int = 0
    created: int = 0
    changed: int = 0
    unchanged: int = 0
    missing: tuple[str, ...] = ()
    _skipped: Counter[str] = field(default_factory=Counter)
    _refused: list[RefusedLine] = field(default_factory=list)
    _remarks: dict[str, list[int]] = field(default_factory=dict)

    @classmethod
    def opened(cls, kind: ImportKind, remarks: Iterable[str]) -> "Tally":
        """A tally that starts with what there is to know of the whole file."""
        tally = cls(kind)
        for remark in remarks:
            tally.remark(remark)
        return tally

    def skip(self, reason: str) -> None:
        self._skipped[reason] += 1

    def refuse(self, line: int, identifier: str, reason: str) -> None:
        self._refused.append(RefusedLine(line, identifier, reason))

    def refused_identifiers(self) -> frozenset[str]:
        return frozenset(refused.identifier.upper() for refused in self._refused)

    def remark(self, text: str, line: int | None = None) -> None:
        lines = self._remarks.setdefault(text, [])
        if line is not None:
            lines.append(line)

    def report(self) -> ImportReport:
        kept = self.created + self.changed + self.unchanged
        return ImportReport(
            kind=self.kind,
            read=self.read,
            kept=kept,
            created=self.created,
            changed=self.changed,
            unchanged=self.unchanged,
            skipped=MappingProxyType(dict(sorted(self._skipped.items()))),
            refused=tuple(self._refused),
            missing=self.missing,
            remarks=tuple(Remark(text, tuple(lines)) for text, lines in self._remarks.items()),
        )


def _title(kind: ImportKind) -> str:
    match kind:
        case ImportKind.COLLEGES:
            return "Collèges"
        case ImportKind.INVENTORY:
            return "Inventaire"
        case ImportKind.USERS:
            return "Comptes"
        case ImportKind.CALENDAR:
            return "Calendrier scolaire"
    assert_never(kind)


def _counts(report: ImportReport) -> tuple[str, ...]:
    return (
        f"{_title(report.kind)} : {_number(report.read, 'ligne lue', 'lignes lues')}, "
        f"{_number(report.kept, 'retenue', 'retenues')}, "
        f"{_number(len(report.refused), 'refusée', 'refusées')}.",
        f"  créés : {report.created} ; modifiés : {report.changed} ; inchangés : {report.unchanged}",
    )


def _number(count: int, one: str, many: str) -> str:
    return f"{count} {one if count < 2 else many}"


def _skipped(report: ImportReport) -> list[str]:
    return [f"  laissées de côté, {reason} : {count}" for reason, count in report.skipped.items()]


def _refused(report: ImportReport) -> list[str]:
    if not report.refused:
        return []
    return ["Lignes refusées :", *(f"  {each}" for each in report.refusals())]


def _one_reason(reason: str, lines: Sequence[RefusedLine]) -> str:
    named = f" ({lines[0].identifier})" if len(lines) == 1 and lines[0].identifier else ""
    return f"{_places([refused.line for refused in lines])}{named} : {reason}"


def _missing(report: ImportReport) -> list[str]:
    if not report.missing:
        return []
    names = [f"  {name}" for name in report.missing[:LINES_NAMED]]
    more = len(report.missing) - len(names)
    return [
        f"Absents du fichier, gardés tels quels : {len(report.missing)}",
        *names,
        *([f"  et {_number(more, 'autre', 'autres')}"] if more else []),
    ]


def _remarks(report: ImportReport) -> list[str]:
    if not report.remarks:
        return []
    return [
        "À savoir :",
        *(
            f"  {remark.text}{f' ({_places(remark.lines)})' if remark.lines else ''}"
            for remark in report.remarks
        ),
    ]


def _places(lines: Sequence[int]) -> str:
    """« ligne 12 », « lignes 12, 15 et 17 », « lignes 1, 2, … et 40 autres »."""
    if len(lines) == 1:
        return f"ligne {lines[0]}"
    if len(lines) <= LINES_NAMED:
        return f"lignes {', '.join(map(str, lines[:-1]))} et {lines[-1]}"
    named = ", ".join(map(str, lines[:LINES_NAMED]))
    return f"lignes {named} et {_number(len(lines) - LINES_NAMED, 'autre', 'autres')}"
