"""Messages that waited for opening leave together: one mail, the same at each try; each row keeps its own state."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from router.model.words import MailTopic, NoticeState
from router.notices.compose import Message, NoticeKind
from router.notices.deliver import DELAYS, LEASE, Drained, drain
from router.notices.digest import compose_digest, in_short
from router.store import mail_choices, outbox
from router.store.engine import Database, open_database
from router.store.outbox import MOST_TOGETHER, NewNotice
from router.store.tables import Account, NoticeRow
from tests.databases import Databases
from tests.notices import mail_server as ms
from tests.notices.anything import row
from tests.notices.mail_server import FakeChannel, address
from tests.notices.rows import AT, notice, queue, stored
from tests.notices.test_deliver import Clock, FailingChannel

MINUTE = timedelta(minutes=1)
CHOICES = "https://aiguillage.example.org/mon-compte#messages"


def waiting(key: str, to: str = ms.WELCOME, account_id: int | None = None, kind: str = "routed") -> NewNotice:
    return notice(key, address=address(to), waits=True, kind=kind, account_id=account_id)


def pass_by(database: Database, channel: FakeChannel, at=AT) -> Drained:
    return drain(database, channel, Clock(at), "w", choices=CHOICES)


def subjects(channel: FakeChannel) -> list[str]:
    return [str(mail["Subject"]) for mail in channel.mails]


def an_account(database: Database, *, grouped: bool = True, declined: tuple[MailTopic, ...] = ()) -> int:
    with database.writing() as session:
        person = row(Account, email=address(ms.WELCOME), role="staff")
        session.add(person)
        session.flush()
        mail_choices.keep(session, person.id, mail_choices.Choice(grouped, frozenset(declined)))
        return person.id


def test_those_that_waited_for_one_address_leave_in_one_mail(database: Database) -> None:
    queue(database, waiting("a"), waiting("b"), waiting("elsewhere", "voisin"), waiting("c"))
    channel = FakeChannel()
    assert pass_by(database, channel) == Drained(sent=4)
    assert subjects(channel) == ["3 messages d'Aiguillage", "Sujet elsewhere"]
    text = channel.mails[0].get_body(("plain",)).get_content()
    assert all(f"{number}. Sujet {key}" in text for number, key in enumerate("abc", 1))
    rows = stored(database)
    assert {each.state for each in rows.values()} == {NoticeState.SENT}
    assert len({rows[key].digest for key in "abc"}) == 1
    assert channel.mails[0]["Message-ID"] == f"<{rows['a'].digest}@academie.example.org>"
    assert len({each.message_id for each in rows.values()}) == 4


def test_one_message_leaves_as_it_is(database: Database) -> None:
    queue(database, waiting("a"))
    channel = FakeChannel()
    pass_by(database, channel)
    assert channel.mails[0].get_body(("plain",)).get_content().strip() == "Texte a"
    assert channel.mails[0]["Message-ID"] == f"<{stored(database)['a'].message_id}@academie.example.org>"


def test_what_did_not_wait_is_never_joined(database: Database) -> None:
    queue(database, notice("key", urgent=True), notice("at once"), waiting("a"), waiting("b"))
    channel = FakeChannel()
    pass_by(database, channel)
    assert subjects(channel) == ["Sujet key", "Sujet at once", "2 messages d'Aiguillage"]


def test_a_repeat_after_a_kill_is_the_same_mail_whatever_came_meanwhile(database: Database) -> None:
    queue(database, waiting("a"), waiting("b"))
    with pytest.raises(KeyboardInterrupt):
        pass_by(database, FailingChannel(errors=iter([KeyboardInterrupt()])))
    before = {key: each.digest for key, each in stored(database).items()}
    queue(database, waiting("c"))
    channel = FakeChannel()
    assert pass_by(database, channel, AT + MINUTE) == Drained(sent=1)
    assert pass_by(database, channel, AT + LEASE) == Drained(sent=2)
    assert subjects(channel) == ["Sujet c", "2 messages d'Aiguillage"]
    assert {key: stored(database)[key].digest for key in "ab"} == before
    assert channel.mails[1]["Message-ID"] == f"<{before['a']}@academie.example.org>"


def test_one_tried_alone_is_never_joined_later(database: Database) -> None:
    queue(database, waiting("a"))
    with pytest.raises(KeyboardInterrupt):
        pass_by(database, FailingChannel(errors=iter([KeyboardInterrupt()])))
    queue(database, waiting("b"), waiting("c"))
    channel = FakeChannel()
    pass_by(database, channel, AT + LEASE)
    assert subjects(channel) == ["Sujet a", "2 messages d'Aiguillage"]


def test_a_mail_refused_for_now_comes_back_whole_and_alone_with_growing_delays(database: Database) -> None:
    queue(database, waiting("a", ms.BUSY), waiting("b", ms.BUSY))
    clock, waits = Clock(), []
    for _ in DELAYS:
        assert drain(database, FakeChannel(), clock, "w") == Drained(delayed=2)
        (due,) = {each.next_try_at for each in stored(database).values()}
        waits.append(due - clock.at)
        clock.at = due
    assert tuple(waits) == DELAYS
    assert drain(database, FakeChannel(), clock, "w") == Drained(failed=2)
    assert {each.error for each in stored(database).values()} == {"450 4.2.1 Mailbox busy"}


def test_an_unknown_address_sets_each_aside_and_one_sent_again_leaves_as_itself(database: Database) -> None:
    queue(database, waiting("a", ms.UNKNOWN), waiting("b", ms.UNKNOWN))
    assert pass_by(database, FakeChannel()) == Drained(failed=2)
    rows = stored(database)
    assert {(each.state, each.error) for each in rows.values()} == {("failed", "550 5.1.1 No such user")}
    with database.writing() as session:
        assert outbox.retry_failed(session, rows["a"].id, AT)
        session.get_one(NoticeRow, rows["a"].id).address = address(ms.WELCOME)
    channel = FakeChannel()
    assert pass_by(database, channel) == Drained(sent=1)
    assert subjects(channel) == ["Sujet a"]


def test_a_closed_way_out_counts_against_none_of_them(database: Database) -> None:
    queue(database, waiting("a", ms.CLOSING), waiting("b", ms.CLOSING))
    assert pass_by(database, FakeChannel()) == Drained(closed=True)
    assert {(each.state, each.attempts) for each in stored(database).values()} == {("queued", 0)}


def test_one_withdrawn_meanwhile_is_left_out(database: Database) -> None:
    queue(database, waiting("a"), waiting("b"), waiting("c"))
    with database.writing() as session:
        mail = outbox.claim(session, "w", AT, LEASE, 10)
        session.delete(session.get_one(NoticeRow, mail[1].id))
    with database.reading() as session:
        assert [each.subject for each in outbox.still_claimed(session, mail)] == ["Sujet a", "Sujet c"]


def test_a_mail_stays_readable_and_the_rest_makes_the_next(database: Database) -> None:
    queue(database, *(waiting(f"{number:03}") for number in range(MOST_TOGETHER + 2)))
    channel = FakeChannel()
    assert pass_by(database, channel) == Drained(sent=MOST_TOGETHER + 2)
    assert subjects(channel) == [f"{MOST_TOGETHER} messages d'Aiguillage", "2 messages d'Aiguillage"]


def test_two_workers_never_share_the_messages_of_one_mail(databases: Databases) -> None:
    url = databases.migrated("postgresql")
    database = open_database(url)
    queue(database, waiting("a"), waiting("other", "voisin"), waiting("b"))
    with database.writing() as one:
        # As far as a worker is after its first statement: it has the first of the mail, not the others yet.
        one.scalars(select(NoticeRow).where(NoticeRow.key == "a").with_for_update()).one()
        with database.writing() as two:
            second = outbox.claim(two, "two", AT, LEASE, 10)
        first = outbox.claim(one, "one", AT, LEASE, 10)
    assert [each.subject for each in second] == ["Sujet other"]
    assert [each.subject for each in first] == ["Sujet a", "Sujet b"]
    database.engine.dispose()
    databases.drop(url)


def test_whoever_wants_them_one_by_one_has_them_so(database: Database) -> None:
    person = an_account(database, grouped=False)
    queue(database, waiting("a", account_id=person), waiting("b", account_id=person))
    channel = FakeChannel()
    assert pass_by(database, channel) == Drained(sent=2)
    assert subjects(channel) == ["Sujet a", "Sujet b"]


def test_what_a_person_declined_is_kept_and_said_but_not_sent(database: Database) -> None:
    person = an_account(database, declined=(MailTopic.COMMENTS,))
    queue(
        database,
        waiting("a", account_id=person, kind=NoticeKind.COMMENTED),
        waiting("b", account_id=person),
        notice("c", account_id=person, kind=NoticeKind.COMMENTED),
        notice("alert", account_id=person, kind=NoticeKind.COMMENTED, urgent=True),
        waiting("d", account_id=person, kind=NoticeKind.INFORMED),
    )
    channel = FakeChannel()
    assert pass_by(database, channel) == Drained(sent=3)
    assert subjects(channel) == ["Sujet alert", "2 messages d'Aiguillage"]
    assert {key: each.state for key, each in stored(database).items()} == {
        "a": "declined", "b": "sent", "c": "declined", "alert": "sent", "d": "sent",
    }  # fmt: skip


def test_a_batch_that_people_declined_whole_is_not_the_end_of_the_queue(database: Database) -> None:
    person = an_account(database, declined=(MailTopic.COMMENTS,))
    queue(database, *(notice(f"{n:02}", account_id=person, kind=NoticeKind.COMMENTED) for n in range(45)))
    queue(database, notice("last"))
    channel = FakeChannel()
    assert pass_by(database, channel) == Drained(sent=1)
    assert subjects(channel) == ["Sujet last"]


def test_a_page_to_decline_is_named_in_what_may_be_declined_only(database: Database) -> None:
    queue(
        database,
        notice("comment", kind=NoticeKind.COMMENTED),
        notice("routed", kind=NoticeKind.ROUTED),
        notice("alert", kind=NoticeKind.COMMENTED, urgent=True),
        waiting("a"),
        waiting("b"),
    )
    channel = FakeChannel()
    pass_by(database, channel)
    heads = {str(mail["Subject"]): (mail["List-Unsubscribe"], mail["Precedence"]) for mail in channel.mails}
    assert heads == {
        "Sujet alert": (None, None),
        "Sujet comment": (f"<{CHOICES}>", "bulk"),
        "Sujet routed": (None, None),
        "2 messages d'Aiguillage": (f"<{CHOICES}>", "bulk"),
    }


def test_a_line_says_what_the_message_says_and_links_only_where_we_do() -> None:
    text = "Bonjour,\n\nUn commentaire a été ajouté.\n\n    https://piege.example.org\n\nLe lire :\nhttps://nous.example.org/1\n"
    line = in_short(Message("Sujet", text))
    assert (line.what, line.link) == ("Un commentaire a été ajouté.", "https://nous.example.org/1")
    bare = compose_digest([Message("https://piege.example.org", ""), Message("Deux", "Bonjour,\n")])
    assert "1. https://piege.example.org" in bare.text
    assert compose_digest([Message("Un", text)] * 2).text == compose_digest([Message("Un", text)] * 2).text


def test_the_rows_of_a_mail_are_all_its_own_in_the_database(database: Database) -> None:
    queue(database, waiting("a"), waiting("b"))
    pass_by(database, FakeChannel())
    with database.reading() as session:
        attempts = session.scalars(select(NoticeRow.attempts)).all()
    assert attempts == [1, 1]
