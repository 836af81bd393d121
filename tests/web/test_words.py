"""Instants, durations and labels as people read them."""

from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

import pytest

from router.model import words as model
from tests.desk.world import shipped_policy
from web import words
from web.declare.highlight import segments

PARIS = ZoneInfo("Europe/Paris")
REUNION = ZoneInfo("Indian/Reunion")
AT = datetime(2026, 11, 24, 13, 5, tzinfo=UTC)


def plain(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def test_an_instant_is_shown_in_the_zone_of_whoever_reads() -> None:
    assert plain(words.full_moment(AT, PARIS)) == "mardi 24 novembre 2026 à 14 h 05"
    assert plain(words.full_moment(AT, REUNION)) == "mardi 24 novembre 2026 à 17 h 05"
    assert plain(words.short_moment(AT, PARIS)) == "24 nov. 2026, 14 h 05"
    assert plain(words.day(datetime(2026, 6, 30, 23, 30, tzinfo=UTC), PARIS)) == "mercredi 1er juillet 2026"
    assert plain(words.day(date(2026, 7, 1), PARIS)) == "mercredi 1er juillet 2026"
    assert plain(words.month(date(2026, 8, 1))) == "août 2026"
    with pytest.raises(ValueError, match="naive"):
        words.full_moment(datetime(2026, 1, 1), PARIS)  # noqa: DTZ001


@pytest.mark.parametrize(
    ("length", "elapsed", "counted"),
    [
        (timedelta(seconds=20), "1 min", "1 min"),
        (timedelta(minutes=45), "45 min", "45 min"),
        (timedelta(hours=3, minutes=20), "3 h 20", "3 h 20"),
        (timedelta(hours=3, minutes=5), "3 h 05", "3 h 05"),
        (timedelta(hours=24), "1 j", "24 h"),
        (timedelta(hours=27, minutes=30), "1 j 3 h", "27 h 30"),
        (12_000, "3 h 20", "3 h 20"),
    ],
)
def test_durations(length: timedelta | float, elapsed: str, counted: str) -> None:
    assert plain(words.duration(length)) == elapsed
    assert plain(words.service_hours(length)) == counted


def test_what_is_left_and_what_is_late() -> None:
    assert plain(words.relative(AT + timedelta(hours=2), AT)) == "dans 2 h"
    assert plain(words.relative(AT - timedelta(days=3, hours=2), AT)) == "il y a 3 j 2 h"
    assert words.relative(AT, AT) == "à l'instant"
    assert plain(words.until(AT + timedelta(hours=2), AT)) == "dans 2 h"
    assert plain(words.until(AT - timedelta(hours=27), AT)) == "en retard de 1 j 3 h"


def test_numbers() -> None:
    assert plain(words.number(1500)) == "1 500"
    assert words.number(12.5) == "12,5"
    assert plain(words.percentage(0.925)) == "92,5 %"
    assert plain(words.percentage(1)) == "100 %"
    assert words.percentage(None) == "–"
    assert [plain(words.plural(count, "dossier")) for count in (0, 1, 2)] == [
        "0 dossier",
        "1 dossier",
        "2 dossiers",
    ]


def test_every_word_of_the_lists_has_its_label() -> None:
    lists = [each for each in vars(model).values() if isinstance(each, type) and issubclass(each, StrEnum)]
    unsaid = {model.Source, model.EventKind, model.ChangeKind, StrEnum}  # told in sentences, never by a label
    for kind in lists:
        if kind in unsaid:
            continue
        for word in kind:
            assert words.label(word), word
    assert words.label(None) == ""


def test_a_party_has_one_name_in_the_pages_and_in_the_rules() -> None:
    parties = shipped_policy().book.parties
    assert {party: parties[party].name for party in model.Party} == words.PARTIES
    assert plain(words.to_party(model.Party.ACADEMIE_DSI)) == "à l'académie (DSI et DRANE)"
    assert plain(words.to_party(model.Party.RSSI)) == "au RSSI de l'académie"


@pytest.mark.parametrize(
    ("room", "said"),
    [
        ("204", "salle 204"),
        ("102 bis", "salle 102 bis"),
        ("B12", "salle B12"),
        ("CDI", "CDI"),
        ("Salle des professeurs", "Salle des professeurs"),
        ("Salle 204", "Salle 204"),
    ],
)
def test_a_room_is_called_one_only_when_it_is_a_number(room: str, said: str) -> None:
    assert words.room_label(room) == said


@pytest.mark.parametrize(
    ("share", "said"),
    [(1.0, "plus de 99 %"), (0.991, "plus de 99 %"), (0.99, "99 %"), (0.4, "40 %"), (0.001, "moins de 1 %")],
)
def test_no_confidence_is_said_to_be_certain(share: float, said: str) -> None:
    assert words.confidence(share).replace(words.NBSP, " ") == said


def test_a_long_text_is_clipped_after_a_word() -> None:
    shown = "".join(piece for piece, _ in segments("réseau coupé " * 60, ()))
    assert len(shown) <= 501 and shown.endswith(("coupé…", "réseau…"))
    assert "".join(piece for piece, _ in segments("a" * 600, ())) == "a" * 500 + "…"
