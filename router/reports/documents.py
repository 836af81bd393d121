"""A report as a file: JSON for programs, CSV for spreadsheets as French offices open them."""

import csv
import io
import json
from collections.abc import Iterator
from typing import Any

from router.model.measures import PROMISES, Measure
from router.reports.alert_total import Untold, alerts_in_words
from router.reports.compliance import Line, Report
from router.reports.definitions import DEFINITIONS, MEDIAN, NINTH_DECILE, STEPS, VERSION

BOM = "\ufeff"
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
HOLDINGS = tuple(measure for measure in Measure if measure not in PROMISES)


def as_json(report: Report) -> str:
    """The whole report; times are service seconds, days ISO dates, `to` the first day after the period."""
    return json.dumps(_document(report), ensure_ascii=False, indent=2) + "\n"


def as_csv(report: Report) -> str:
    """One line per party and category, then the promises; UTF-8 with BOM, `;`, hours with a decimal comma."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    for row in _rows(report):
        writer.writerow([_harmless(cell) for cell in row])
    return BOM + text.getvalue()


def _document(report: Report) -> dict[str, Any]:
    return {
        "from": report.period.first.isoformat(),
        "to": report.period.end.isoformat(),
        "timezone": report.period.zone.key,
        "at": report.at.isoformat(),
        "convention": report.convention,
        "definitions": VERSION,
        "rulebooks": list(report.basis.books),
        "targets_to_validate": report.basis.to_validate,
        "calendars": [
            {
                "calendar": each.calendar,
                "covered_until": each.until.isoformat() if each.until else None,
                "unconfirmed": [day.isoformat() for day in each.unconfirmed],
            }
            for each in report.basis.coverage
        ],
        "parties": [
            {
                "party": table.party.value,
                "categories": [_holding_figures(line) for line in table.lines],
                "total": _holding_figures(table.total),
            }
            for table in report.parties
        ],
        "total": _counts(report.total, HOLDINGS) | {"escalation_steps": report.total.steps},
        "promises": {
            "categories": [_promise_figures(line) for line in report.promises],
            "total": _promise_figures(report.promise_total),
        },
        "alerts": None if isinstance(report.alerts, Untold) else report.alerts,
        "alerts_suppressed": isinstance(report.alerts, Untold),
        "alerts_untold": report.alerts.value if isinstance(report.alerts, Untold) else None,
    }


def _holding_figures(line: Line) -> dict[str, Any]:
    times = {"median_seconds": line.median, "p90_seconds": line.ninth_decile}
    return {"category": line.category} | _counts(line, HOLDINGS) | {"escalation_steps": line.steps} | times


def _promise_figures(line: Line) -> dict[str, Any]:
    return {"category": line.category} | _counts(line, tuple(PROMISES))


def _counts(line: Line, measures: tuple[Measure, ...]) -> dict[str, Any]:
    return {measure.value: line[measure] for measure in measures}


def _rows(report: Report) -> Iterator[list[str]]:
    yield from _heading(report)
    yield []
    labels = [DEFINITIONS[measure].label for measure in HOLDINGS]
    yield ["Intervenant", "Catégorie", *labels, STEPS.label, MEDIAN.label, NINTH_DECILE.label]
    for table in report.parties:
        for line in (*table.lines, table.total):
            yield [table.name, line.label, *_numbers(line, HOLDINGS), str(line.steps), *_times(line)]
    yield ["Tous", report.total.label, *_numbers(report.total, HOLDINGS), str(report.total.steps), "", ""]
    yield []
    yield ["Promesse faite au collège", "Catégorie", *(DEFINITIONS[measure].label for measure in PROMISES)]
    for line in (*report.promises, report.promise_total):
        yield ["", line.label, *_numbers(line, tuple(PROMISES))]


def _heading(report: Report) -> Iterator[list[str]]:
    yield ["Période", f"du {report.period.first:%d/%m/%Y} au {report.period.last:%d/%m/%Y} inclus"]
    yield ["Établi le", f"{report.at.astimezone(report.period.zone):%d/%m/%Y à %H:%M}"]
    yield ["Périmètre", report.convention_title]
    yield ["Définitions", f"version {VERSION}"]
    yield ["Recueils de règles", ", ".join(report.basis.books) or "aucun dossier"]
    for each in report.basis.coverage:
        known = f"connu jusqu'au {each.until:%d/%m/%Y}" if each.until else "inconnu"
        doubt = ", ".join(f"{day:%d/%m/%Y}" for day in each.unconfirmed)
        yield [f"Calendrier {each.calendar}", known + (f" ; à confirmer : {doubt}" if doubt else "")]
    yield ["Délais", "à valider par les deux institutions" if report.basis.to_validate else "validés"]
    yield ["Alertes de sécurité", alerts_in_words(report.alerts)]


def _numbers(line: Line, measures: tuple[Measure, ...]) -> list[str]:
    return [str(line[measure]) for measure in measures]


def _times(line: Line) -> list[str]:
    return [_hours(line.median), _hours(line.ninth_decile)]


def _hours(seconds: int | None) -> str:
    return "" if seconds is None else f"{seconds / 3600:.2f}".replace(".", ",")


def _harmless(cell: str) -> str:
    """A spreadsheet would run a cell that begins like a formula."""
    return f"'{cell}" if cell.startswith(FORMULA_STARTS) else cell
