"""The report as files: what spreadsheets and programs read, and what no cell may do to a spreadsheet."""

import csv
import json
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from router.model.actor import Invalid
from router.model.measures import Measure
from router.model.words import Party
from router.reports.alert_total import Untold
from router.reports.compliance import (
    Basis,
    Coverage,
    Line,
    Names,
    Report,
    grand_total,
    party_tables,
    promise_lines,
    promise_total,
)
from router.reports.definitions import DEFINITIONS, VERSION
from router.reports.documents import as_csv, as_json
from router.reports.period import Period, Preset, preset
from router.store.figures import Cell, Spread

PARIS = ZoneInfo("Europe/Paris")
GOLDEN = Path(__file__).with_name("report.csv")
NAMES = Names(
    {Party.DEPARTEMENT_MAINTENANCE: "Département", Party.ACADEMIE_DSI: "Académie"}, {"hardware": "Matériel"}
)


def a_report(title: str = "Convention du Val-Nord") -> Report:
    cells = [
        Cell("academie_dsi", "unknown", {Measure.RECEIVED: 1, Measure.ACKNOWLEDGE_RUNNING: 1}, 0),
        Cell(
            "departement_maintenance",
            "hardware",
            {
                Measure.RECEIVED: 3,
                Measure.ACKNOWLEDGED_IN_TIME: 2,
                Measure.ACKNOWLEDGED_LATE: 1,
                Measure.RESOLVED_IN_TIME: 2,
                Measure.RESOLVED_LATE: 1,
                Measure.RESOLVED: 3,
                Measure.BREACHED: 1,
                Measure.ESCALATED: 1,
            },
            2,
        ),
    ]
    spreads = [
        Spread("departement_maintenance", "hardware", 32_400, 149_400),
        Spread("departement_maintenance", None, 32_400, 149_400),
    ]
    tables = party_tables(cells, spreads, NAMES)
    promises = promise_lines(
        {"hardware": {Measure.PROMISE_KEPT: 3}, "network": {Measure.PROMISE_KEPT: 0}}, NAMES
    )
    return Report(
        period=Period(date(2026, 11, 1), date(2026, 12, 1), PARIS),
        at=datetime(2026, 12, 2, 12, 0, tzinfo=UTC),
        convention="demo-nord",
        convention_title=title,
        parties=tables,
        total=grand_total(tables),
        promises=promises,
        promise_total=promise_total(promises),
        alerts=Untold.PERIOD,
        basis=Basis(
            ("abc123",),
            (
                Coverage("nord-pedagogique", date(2028, 8, 31), (date(2028, 5, 26),)),
                Coverage("corse", None, ()),
            ),
            to_validate=True,
        ),
    )


def test_the_spreadsheet_is_the_golden_one() -> None:
    assert as_csv(a_report()) == GOLDEN.read_bytes().decode()


def test_a_cell_that_looks_like_a_formula_is_text() -> None:
    for title in ("=1+1", "+33 6", "-2", "@SUM(A1)", "\tx"):
        rows = list(csv.reader(as_csv(a_report(title)).splitlines(), delimiter=";"))
        assert ["Périmètre", f"'{title}"] in rows


def test_a_program_reads_the_same_figures() -> None:
    document = json.loads(as_json(a_report()))
    assert (document["from"], document["to"], document["definitions"]) == ("2026-11-01", "2026-12-01", VERSION)
    departement, academie = document["parties"]
    assert departement["total"]["median_seconds"] == 32_400
    assert departement["categories"][0] | {"category": None} == departement["total"]
    assert academie["categories"][0]["category"] == "unknown"
    assert academie["total"]["p90_seconds"] is None
    assert (document["total"]["received"], document["total"]["escalation_steps"]) == (4, 2)
    assert [document[name] for name in ("alerts", "alerts_suppressed", "alerts_untold")] == [
        None,
        True,
        "not_a_finished_quarter",
    ]
    assert document["calendars"][1] == {"calendar": "corse", "covered_until": None, "unconfirmed": []}
    assert [line["category"] for line in document["promises"]["categories"]] == ["hardware"]


def test_alerts_are_told_or_why_not() -> None:
    told = {
        5: "5",
        Untold.FEW: "moins de 5",
        Untold.PERIOD: "indiqué seulement pour un trimestre civil entier et terminé",
        Untold.PART: "indiqué convention par convention : l'une en a moins de 5",
    }
    for alerts, words in told.items():
        assert f"Alertes de sécurité;{words}\r\n" in as_csv(replace(a_report(), alerts=alerts))
    five = json.loads(as_json(replace(a_report(), alerts=5)))
    assert (five["alerts"], five["alerts_suppressed"], five["alerts_untold"]) == (5, False, None)


def test_a_share_needs_something_judged() -> None:
    line = Line(None, "", {Measure.RESOLVE_RUNNING: 4})
    assert line.resolve_share is None and line.acknowledge_share is None and line.promise_share is None


def test_a_calendar_never_known_makes_the_coverage_unknown() -> None:
    known = Coverage("a", date(2028, 8, 31), ())
    assert Basis((), (known, Coverage("b", date(2027, 1, 1), ())), False).covered_until == date(2027, 1, 1)
    assert Basis((), (known, Coverage("b", None, ())), False).covered_until is None


def test_every_measure_is_defined_and_written_down() -> None:
    written = (Path(__file__).parents[2] / "docs" / "reports.md").read_text(encoding="utf-8")
    assert set(DEFINITIONS) == set(Measure)
    for measure in Measure:
        assert f"`{measure.value}`" in written, measure
    assert f"**{VERSION}**" in written


@pytest.mark.parametrize(
    ("name", "today", "first", "last"),
    [
        (Preset.THIS_MONTH, date(2026, 12, 31), date(2026, 12, 1), date(2026, 12, 31)),
        (Preset.LAST_MONTH, date(2027, 1, 1), date(2026, 12, 1), date(2026, 12, 31)),
        (Preset.LAST_MONTH, date(2028, 3, 31), date(2028, 2, 1), date(2028, 2, 29)),
        (Preset.QUARTER, date(2026, 11, 24), date(2026, 10, 1), date(2026, 12, 31)),
        (Preset.QUARTER, date(2027, 2, 1), date(2027, 1, 1), date(2027, 3, 31)),
        (Preset.SCHOOL_YEAR, date(2026, 9, 1), date(2026, 9, 1), date(2027, 8, 31)),
        (Preset.SCHOOL_YEAR, date(2026, 8, 31), date(2025, 9, 1), date(2026, 8, 31)),
    ],
)
def test_named_periods(name: Preset, today: date, first: date, last: date) -> None:
    found = preset(name, today, PARIS)
    assert (found.first, found.last) == (first, last)


def test_a_period_follows_the_territory_s_midnight_across_the_change_of_hour() -> None:
    october = Period(date(2026, 10, 1), date(2026, 11, 1), PARIS)
    start, end = (instant.astimezone(UTC) for instant in october.bounds)
    assert start == datetime(2026, 9, 30, 22, 0, tzinfo=UTC)
    assert end == datetime(2026, 10, 31, 23, 0, tzinfo=UTC)
    with pytest.raises(Invalid):
        Period(date(2026, 10, 1), date(2026, 10, 1), PARIS)
