"""What people receive: golden files word for word, and nothing of an alert in any message."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfoNotFoundError

import pytest
from hypothesis import given
from hypothesis import strategies as st

from router.model.words import DeadlineKind
from router.notices.compose import NoticeFacts, NoticeKind, Promise, compose
from router.notices.moments import duration_in_words, moment_in_words
from tests.notices.golden import FOLDER, as_file
from tests.notices.sample_facts import AT, SAMPLES

TEXTS = Path(__file__).parents[2] / "router" / "notices" / "texts"
ABOUT_TICKETS = [kind for kind in NoticeKind if kind not in (NoticeKind.PASSWORD_RESET, NoticeKind.INVITATION)]
ALWAYS_SECRET = (NoticeKind.ALERT, NoticeKind.ALERT_ESCALATION, NoticeKind.CONTAINMENT)


@pytest.mark.parametrize(("name", "kind", "facts"), SAMPLES, ids=[name for name, _, _ in SAMPLES])
def test_each_message_is_its_golden_file(name: str, kind: NoticeKind, facts: NoticeFacts) -> None:
    assert as_file(compose(kind, facts)) == (FOLDER / f"{name}.txt").read_text(encoding="utf-8")


def test_each_kind_has_a_sample_and_no_golden_file_is_left_behind() -> None:
    assert {kind for _, kind, _ in SAMPLES} == set(NoticeKind)
    assert {path.stem for path in FOLDER.glob("*.txt")} == {name for name, _, _ in SAMPLES}


def test_each_text_belongs_to_a_kind() -> None:
    known = {kind.value for kind in NoticeKind} | {"discreet", "received_discreet"}
    assert {path.stem for path in TEXTS.glob("*.txt") if not path.stem.startswith("_")} == known


# Words no text of ours holds, so that finding one can only be a leak.
SECRET = st.text("µßøñæþ", min_size=3, max_size=12).map(lambda letters: f"ж{letters}ж")
INSTANT = st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@given(
    kind=st.sampled_from(ABOUT_TICKETS),
    secrets=st.lists(SECRET, min_size=8, max_size=8),
    flagged=st.booleans(),
    due_at=st.none() | INSTANT,
    deadline=st.none() | st.sampled_from(DeadlineKind),
)
def test_no_message_about_an_alert_holds_a_detail(
    kind: NoticeKind,
    secrets: list[str],
    flagged: bool,
    due_at: datetime | None,
    deadline: DeadlineKind | None,
) -> None:
    college, subject, party, rule, why, article, actor, reason = secrets
    facts = NoticeFacts(
        link="https://aiguillage.example.org/alertes/7",
        at=AT,
        number=7,
        confidential=flagged or kind not in ALWAYS_SECRET,
        college=college,
        subject=subject,
        party=party,
        rule=rule,
        why=why,
        articles=(article,),
        promises=(Promise(DeadlineKind.ACKNOWLEDGE, due_at),),
        actor=actor,
        reason=reason,
        due_at=due_at,
        deadline=deadline,
        planned_at=due_at,
        limit_at=due_at,
    )
    message = compose(kind, facts)
    whole = message.subject + message.text
    assert "7" in whole
    assert not any(secret in whole for secret in secrets)


@given(
    kind=st.sampled_from(list(NoticeKind)),
    words=st.text(max_size=300),
    confidential=st.booleans(),
)
def test_whatever_people_write_a_message_is_one_subject_line_and_clean_text(
    kind: NoticeKind, words: str, confidential: bool
) -> None:
    facts = NoticeFacts(
        link="https://aiguillage.example.org/x",
        at=AT,
        number=1,
        confidential=confidential,
        subject=words,
        college=words,
        actor=words,
        reason=words,
    )
    message = compose(kind, facts)
    assert len(message.subject.splitlines()) == 1
    assert len(message.subject) <= 150
    assert all(letter == "\n" or letter.isprintable() or ord(letter) > 127 for letter in message.text)
    assert "https://aiguillage.example.org/x" in message.text


def test_words_are_quoted_as_they_are_never_as_a_template() -> None:
    facts = NoticeFacts(link="https://x.example.org", at=AT, number=1, reason="{{ facts.link }} {% if %} <b>&")
    assert "    {{ facts.link }} {% if %} <b>&" in compose(NoticeKind.COMMENTED, facts).text


def test_endless_words_are_cut_and_say_so() -> None:
    facts = NoticeFacts(link="https://x.example.org", at=AT, number=1, reason="a" * 100_000)
    text = compose(NoticeKind.COMMENTED, facts).text
    assert len(text) < 5_000
    assert "(la suite est dans le dossier)" in text


def test_a_step_that_fires_within_two_minutes_is_on_time() -> None:
    def text(delay: timedelta) -> str:
        facts = NoticeFacts(link="https://x.example.org", at=AT, number=1, due_at=AT, planned_at=AT - delay)
        return compose(NoticeKind.ESCALATION, facts).text

    assert "aurait dû partir" not in text(timedelta(minutes=2))
    assert "aurait dû partir 3 minutes plus tôt" in text(timedelta(minutes=3))


def test_moments_are_shown_in_the_zone_given_across_the_change_of_hour() -> None:
    before = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert moment_in_words(before, "Europe/Paris") == "dimanche 25 octobre 2026 à 2 h 30 (heure de Paris)"
    assert "à 2 h 30" in moment_in_words(before + timedelta(hours=1), "Europe/Paris")
    assert moment_in_words(before, "America/Martinique").startswith("samedi 24 octobre 2026 à 20 h 30")
    assert moment_in_words(before, "Pacific/Noumea").endswith("(heure de Pacific/Noumea)")


@pytest.mark.parametrize(
    ("length", "words"),
    [
        (timedelta(seconds=5), "1 minute"),
        (timedelta(minutes=90), "1 heure et 30 minutes"),
        (timedelta(days=1), "1 jour"),
        (timedelta(days=2, hours=3, minutes=4), "2 jours et 3 heures"),
        (timedelta(days=2, minutes=4), "2 jours"),
    ],
)
def test_durations_in_words(length: timedelta, words: str) -> None:
    assert duration_in_words(length) == words


def test_a_naive_instant_or_an_unknown_zone_is_an_error() -> None:
    with pytest.raises(ValueError, match="naive"):
        moment_in_words(datetime(2026, 11, 2, 9, 0), "Europe/Paris")  # noqa: DTZ001
    with pytest.raises(ZoneInfoNotFoundError):
        moment_in_words(AT, "Europe/Nulle-Part")
