"""Ladders: each holder's deadlines are watched, and each step falls where service time says."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from router.clock.calendar import calendars_of
from router.clock.ladders import REQUIRED_KINDS, LaddersRefused, Step, Told, load_ladders, schedule
from router.model.words import HOLDERS, DeadlineKind, Party

RULES = Path(__file__).parents[2] / "rules"
TEXT = (RULES / "ladders.toml").read_text(encoding="utf-8")
LADDERS = load_ladders({"ladders.toml": TEXT})
CALENDARS = calendars_of((RULES / "clocks/calendars.toml").read_text(encoding="utf-8"))


def faults_of(text: str) -> list[tuple[int, int, str]]:
    with pytest.raises(LaddersRefused) as refused:
        load_ladders({"ladders.toml": text})
    return [(fault.line, fault.column, fault.code) for fault in refused.value.faults]


@pytest.mark.parametrize("party", HOLDERS)
@pytest.mark.parametrize("kind", REQUIRED_KINDS)
def test_no_holder_lets_a_deadline_pass_in_silence(party: Party, kind: DeadlineKind) -> None:
    steps = LADDERS.of(party, kind)
    assert [step.number for step in steps] == list(range(1, len(steps) + 1))
    assert any(step.offset >= timedelta() for step in steps)
    assert all(set(step.tell) <= set(Told) for step in steps)
    assert LADDERS.to_validate(party, kind)


def test_security_never_waits_for_opening() -> None:
    for kind in REQUIRED_KINDS:
        assert all(step.urgent for step in LADDERS.of(Party.RSSI, kind))


def test_a_kind_without_ladder_tells_nobody() -> None:
    assert LADDERS.of(Party.RSSI, DeadlineKind.CLOSE) == ()


def test_the_rupn_alone_has_a_deputy_told_before_the_ticket_goes_on_without_her() -> None:
    steps = LADDERS.of(Party.RUPN, DeadlineKind.FIRST_LEVEL)
    assert [step.offset < timedelta() for step in steps if Told.DEPUTY in step.tell] == [True]
    naming = {
        party
        for party in HOLDERS
        for kind in DeadlineKind
        for step in LADDERS.of(party, kind)
        if "deputy" in step.tell
    }
    assert naming == {Party.RUPN}


def step(hours: float) -> Step:
    return Step(1, timedelta(hours=hours), ("holder",), urgent=False)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def test_steps_fall_in_service_time() -> None:
    due = at("2026-12-18T16:30+01:00")
    steps = (step(-4), step(0), step(1), step(3))
    fired = [fire_at for _, fire_at in schedule(CALENDARS["nord-pedagogique"], due, steps)]
    assert fired == [
        at("2026-12-18T11:00+01:00"),
        due,
        at("2026-12-18T17:30+01:00"),
        at("2027-01-04T10:00+01:00"),
    ]


def test_where_the_calendar_is_unknown_a_step_falls_in_elapsed_time() -> None:
    due = at("2028-07-04T17:30+02:00")
    (_, fire_at), (_, far) = schedule(CALENDARS["nord-pedagogique"], due, (step(0), step(2)))
    assert fire_at == due
    assert far == due + timedelta(hours=2)


FAULTY = [
    ('at = "-PT1H"', 'at = "-1H"', (13, 6, "AIG305")),
    ('at = "-PT1H"', 'at = "-PT87600H"', (13, 6, "AIG305")),
    ('at = "-PT1H"', 'at = "-PT999999999H"', (13, 6, "AIG305")),
    ('at = "-PT1H"', 'at = "PT1H"', (18, 1, "AIG313")),
    ('tell = ["holder"]', 'tell = ["holders"]', (14, 9, "AIG305")),
    ('tell = ["holder"]', "tell = []", (14, 8, "AIG305")),
    ('tell = ["holder"]', 'tell = ["deputy"]', (14, 9, "AIG305")),
    ('channel = "mail"', 'channel = "sms"', (15, 11, "AIG305")),
    ("urgent = false", 'urgent = "non"', (16, 10, "AIG304")),
    ("urgent = false\n", "", (12, 1, "AIG303")),
    ('party = "departement_maintenance"', 'party = "departement"', (8, 9, "AIG305")),
    ('kind = "acknowledge"', 'kind = "aknowledge"', (9, 8, "AIG305")),
    ('status = "à valider"\n', "", (7, 1, "AIG303")),
    ('kind = "acknowledge"', 'kind = "resolve"', (30, 1, "AIG310")),
    ('kind = "acknowledge"', 'kind = "close"', (1, 1, "AIG312")),
]


@pytest.mark.parametrize(("was", "becomes", "fault"), FAULTY)
def test_a_fault_at_its_place(was: str, becomes: str, fault: tuple[int, int, str]) -> None:
    assert was in TEXT
    assert fault in faults_of(TEXT.replace(was, becomes, 1))


def test_no_file() -> None:
    with pytest.raises(LaddersRefused, match=r"ladders\.toml:1:1"):
        load_ladders({})
