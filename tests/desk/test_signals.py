"""The RSSI's review list: the oldest first, each signal under one heading, counted; and what is shown of its words."""

from collections.abc import Mapping

import pytest

from router.desk import redecide, signals
from router.desk.doubt_told import DoubtAnswer
from router.desk.signals import LONGEST_EXCERPT, Said, excerpt
from router.model.words import Party
from tests.desk.test_doubts import RANSOM, doubtful
from tests.desk.world import MONDAY, World, hours
from tests.web.busy import statements

SUBJECT = "Signalement"
LONG = "Le matin tout allait bien en salle. " * 30


def file(world: World, at: float = 0, body: str = "", **facts: object) -> int:
    words = body or doubtful(fired=False)
    return world.file("teacher", SUBJECT, words, MONDAY + hours(at), facts=facts).ticket


def listed(world: World, said: Said | None = None) -> list[int]:
    return [each.id for each in signals.review(world.desk, world["rssi"], None, said).rows]


def test_each_signal_is_under_one_heading_and_the_oldest_comes_first(world: World) -> None:
    newest, oldest = file(world, 5), file(world, 1)
    no = file(world, 2, doubtful(fired=True), security_suspected=False)
    other, mended = (file(world, at, RANSOM, category="hardware", asset_owner="departement") for at in (3, 4))
    redecide.correct(world.desk, world["technician"], mended, {"scope": "room"}, "La salle.", MONDAY + hours(6))
    assert listed(world) == [oldest, no, other, mended, newest]
    assert listed(world, Said.UNANSWERED) == [oldest, newest]
    assert listed(world, Said.DENIED) == [no, other]
    assert listed(world, Said.CORRECTED) == [mended]
    page = signals.review(world.desk, world["rssi"], None, Said.DENIED)
    assert page.counts == {Said.UNANSWERED: 2, Said.DENIED: 2, Said.CORRECTED: 1}


def test_what_was_asked_answered_and_corrected_is_told(world: World) -> None:
    ticket = file(world, 0, doubtful(fired=True), security_suspected=False)
    plain = world.file("teacher", SUBJECT, RANSOM, MONDAY, facts={"category": "hardware"}).ticket
    redecide.correct(world.desk, world["technician"], plain, {"scope": "room"}, "La salle.", MONDAY + hours(1))
    first, second = sorted(signals.review(world.desk, world["rssi"], None).rows, key=lambda each: each.id)
    assert (first.id, first.told.answer, first.told.role, first.doubted) == (
        ticket, DoubtAnswer.NO, "enseignant", True,
    )  # fmt: skip
    assert first.told.question.endswith("?") and first.alarming
    assert (second.doubted, second.told.answer, second.chosen) == (False, DoubtAnswer.OTHER, "hardware")
    assert second.corrected is not None and second.corrected.by is Party.DEPARTEMENT_MAINTENANCE
    assert any("rançon" in passage for passage in second.alarming) and second.excerpt == RANSOM


def test_nobody_reads_another_s_signals(world: World) -> None:
    file(world)
    empty = signals.review(world.desk, world["technician_south"], None)
    assert (empty.rows, set(empty.counts.values())) == ((), {0})


def test_a_long_list_is_read_page_by_page_with_as_many_questions(world: World) -> None:
    kept = [file(world, number) for number in range(3)]
    with statements(world) as few:
        listed(world)
    kept += [file(world, number) for number in range(3, 23)]
    with statements(world) as many:
        page = signals.review(world.desk, world["rssi"], None)
    assert len(many) == len(few)
    following = signals.review(world.desk, world["rssi"], page.after)
    assert [each.id for each in (*page.rows, *following.rows)] == kept and following.after is None


@pytest.mark.parametrize(
    ("body", "passages", "wanted"),
    [
        ("Deux mots.\n\nTrois", (), "Deux mots. Trois"),
        (LONG + "une rançon est demandée", ("une rançon",), "une rançon est demandée"),
        ("une rançon est demandée. " + LONG, ("une rançon",), "une rançon est demandée. Le matin"),
        (LONG + "une rançon est demandée", ("une rançon", "Le matin"), "une rançon est demandée"),
        ("x" * 5_000, (), "x" * 100),
    ],
)
def test_an_excerpt_is_short_and_holds_the_weightiest_passage(
    body: str, passages: tuple[str, ...], wanted: str
) -> None:
    shown = excerpt(body, passages)
    assert wanted in shown and len(shown) <= LONGEST_EXCERPT + 4
    cut: Mapping[bool, str] = {True: "… ", False: ""}
    assert shown.startswith(cut[body.startswith("Le matin")])
