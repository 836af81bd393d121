"""Targets are total over holders and priorities, or refused with every fault at its place."""

from datetime import timedelta
from pathlib import Path

import pytest

from router.clock.allowances import OpenDays
from router.clock.targets import Clock, Status, TargetsRefused, load_targets
from router.model.words import HOLDERS, Party, Priority

TEXT = (Path(__file__).parents[2] / "rules/clocks/targets.toml").read_text(encoding="utf-8")
TARGETS = load_targets({"clocks/targets.toml": TEXT})


def faults_of(text: str) -> list[tuple[int, str]]:
    with pytest.raises(TargetsRefused) as refused:
        load_targets({"clocks/targets.toml": text})
    return [(fault.line, fault.code) for fault in refused.value.faults]


def line_of(text: str) -> int:
    return TEXT[: TEXT.index(text)].count("\n") + 1


@pytest.mark.parametrize("party", HOLDERS)
@pytest.mark.parametrize("priority", Priority)
def test_every_holder_has_a_target_for_every_priority(party: Party, priority: Priority) -> None:
    target = TARGETS.of(party, priority)
    assert timedelta() < target.acknowledge <= target.resolve
    assert target.status is Status.TO_VALIDATE


def test_what_is_more_urgent_is_never_slower() -> None:
    for party in HOLDERS:
        targets = [TARGETS.of(party, priority) for priority in Priority]
        assert [each.resolve for each in targets] == sorted(each.resolve for each in targets)
        assert [each.acknowledge for each in targets] == sorted(each.acknowledge for each in targets)


def test_security_runs_day_and_night() -> None:
    assert {TARGETS.of(Party.RSSI, priority).clock for priority in Priority} == {Clock.PERMANENT}
    assert TARGETS.promise(Priority.CRITICAL).clock is Clock.PERMANENT


def test_a_category_may_have_its_own_target() -> None:
    network = TARGETS.of(Party.DEPARTEMENT_MAINTENANCE, Priority.HIGH, "network")
    usual = TARGETS.of(Party.DEPARTEMENT_MAINTENANCE, Priority.HIGH)
    assert network.resolve < usual.resolve
    assert TARGETS.of(Party.DEPARTEMENT_MAINTENANCE, Priority.HIGH, "unknown") == usual
    assert TARGETS.of(Party.ACADEMIE_DSI, Priority.HIGH, "network") == TARGETS.of(
        Party.ACADEMIE_DSI, Priority.HIGH
    )


def test_who_cannot_hold_has_no_target() -> None:
    with pytest.raises(KeyError):
        TARGETS.of(Party.DPO, Priority.HIGH)


def test_the_other_durations() -> None:
    assert TARGETS.limits.first_level.allowance == timedelta(hours=8)
    assert TARGETS.limits.first_level.clock == "pedagogique"


def test_a_missing_target_is_told() -> None:
    gone = TEXT.replace("[target.rssi.low]", "[target.rssi.lowest]")
    faults = faults_of(gone)
    assert (line_of("[target.rssi.low]"), "AIG302") in faults
    assert (line_of("[target.rssi.critical]"), "AIG312") in faults
    assert len(faults) == 2


def test_a_missing_party_promise_and_limit_are_told() -> None:
    codes = [code for _, code in faults_of('[target.rupn.low]\nacknowledge = "PT1H"\n')]
    assert codes.count("AIG312") == 3 * 4 + 3 + 4 + 6
    assert codes.count("AIG303") == 3


@pytest.mark.parametrize(
    ("was", "becomes", "code"),
    [
        ('"PT1H"', '"1H"', "AIG305"),
        ('"PT1H"', '"PT0S"', "AIG305"),
        ('"PT1H"', '"P1D"', "AIG305"),
        ('"PT1H"', "3", "AIG304"),
        ('"PT1H"', '"PT5H"', "AIG305"),
        ('"pedagogique"', '"pédagogique"', "AIG305"),
        ('"à valider"', '"valide"', "AIG305"),
        ("acknowledge", "aknowledge", "AIG302"),
        ("[target.departement_maintenance.critical]", "[target.dpo.critical]", "AIG302"),
        ('category = "network"', 'category = "reseau"', "AIG305"),
        ('category = "network"\n', "", "AIG303"),
        ('party = "departement_maintenance"', 'party = "principal"', "AIG305"),
    ],
)
def test_a_fault_has_its_code(was: str, becomes: str, code: str) -> None:
    assert was in TEXT
    assert code in [found for _, found in faults_of(TEXT.replace(was, becomes, 1))]


DAYS = TEXT.replace('resolve = "PT40H"', "resolve = { open_days = 2 }", 1)


def test_a_target_may_be_counted_in_open_days() -> None:
    target = load_targets({"clocks/targets.toml": DAYS}).of(Party.DEPARTEMENT_MAINTENANCE, Priority.NORMAL)
    assert (target.acknowledge, target.resolve) == (timedelta(hours=8), OpenDays(2))
    both = DAYS.replace('acknowledge = "PT8H"', "acknowledge = { open_days = 2 }", 1)
    assert load_targets({"clocks/targets.toml": both})


@pytest.mark.parametrize(
    ("becomes", "code", "words"),
    [
        ("{ open_days = 0 }", "AIG305", "de 1 à 366 jours ouverts"),
        ("{ open_days = -2 }", "AIG305", "de 1 à 366 jours ouverts"),
        ("{ open_days = 3650 }", "AIG305", "de 1 à 366 jours ouverts"),
        ("{ open_days = 1.5 }", "AIG304", "nombre entier"),
        ("{ open_days = true }", "AIG304", "nombre entier"),
        ('{ open_days = "2" }', "AIG304", "nombre entier"),
        ('{ open_days = 2, hours = "PT4H" }', "AIG302", "gardez-en un seul"),
        ("{ days = 2 }", "AIG302", "gardez-en un seul"),
        ("{}", "AIG302", "gardez-en un seul"),
        ('"PT87600H"', "AIG305", "plus d'un an"),
        ('"PT0S"', "AIG305", "délai nul"),
    ],
)
def test_an_allowance_that_cannot_be_is_told_with_its_place_and_the_mend(
    becomes: str, code: str, words: str
) -> None:
    with pytest.raises(TargetsRefused) as refused:
        load_targets({"clocks/targets.toml": TEXT.replace('"PT40H"', becomes, 1)})
    (fault,) = refused.value.faults
    assert (fault.line, fault.code) == (line_of('resolve = "PT40H"'), code)
    assert words in fault.message


def test_days_for_the_answer_fewer_than_to_take_in_hand_are_refused() -> None:
    text = DAYS.replace('acknowledge = "PT8H"', "acknowledge = { open_days = 3 }", 1)
    assert [code for _, code in faults_of(text)] == ["AIG305"]


def test_one_exception_only_for_the_same_case() -> None:
    exception = TEXT[TEXT.index("[[exception]]") : TEXT.index("# La promesse")]
    assert [code for _, code in faults_of(TEXT + exception)] == ["AIG310"]


def test_no_file_and_no_toml() -> None:
    with pytest.raises(TargetsRefused, match=r"clocks/targets\.toml:1:1"):
        load_targets({})
    assert faults_of("[target") == [(1, "AIG301")]
