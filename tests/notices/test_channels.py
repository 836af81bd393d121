"""One contract for the fake channel and the real ones; the real server accepts, refuses, delays and drops."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

import pytest

from router.notices.channels import (
    Channel,
    Envelope,
    KeptChannel,
    Permanent,
    SmtpChannel,
    SmtpServer,
    Temporary,
    Unreachable,
    as_mail,
    channel_from,
)
from router.notices.html import as_html
from router.settings import MailMode, Settings, SmtpTls
from tests.notices import mail_server as ms
from tests.notices.mail_server import FakeChannel, Mailbox, address, mail_server

AT = datetime(2026, 11, 2, 9, 12, tzinfo=UTC)
ENVELOPE = Envelope(
    address=address(ms.WELCOME),
    subject="Dossier n° 42 : l'élève n'a plus d'écran",
    text="Bonjour,\n\n    <b>« été »</b> & co\n\nL'ouvrir :\nhttps://aiguillage.example.org/dossiers/42\n",
    message_id="0123456789abcdef",
    at=AT,
    thread="dossier-42",
)


@dataclass
class Twin:
    channel: Channel
    mails: list[EmailMessage]


def _smtp(opened: ExitStack, tls: SmtpTls) -> Twin:
    mailbox = Mailbox()
    options = {
        SmtpTls.NONE: {},
        SmtpTls.STARTTLS: {
            "tls_context": ms.server_certificates(),
            "require_starttls": True,
            "authenticator": ms.check_password,
            "auth_required": True,
        },
        SmtpTls.TLS: {"ssl_context": ms.server_certificates()},
    }[tls]
    port = opened.enter_context(mail_server(mailbox, **options))
    server = SmtpServer(
        "127.0.0.1",
        port,
        ms.SENDER,
        tls,
        user=ms.USER if tls is SmtpTls.STARTTLS else "",
        password=ms.PASSWORD if tls is SmtpTls.STARTTLS else "",
        timeout_seconds=5,
        certificates=ms.client_certificates(),
    )
    channel = SmtpChannel(server)
    opened.callback(channel.close)
    return Twin(channel, mailbox.mails)


@pytest.fixture(params=["fake", *SmtpTls])
def twin(request: pytest.FixtureRequest) -> Iterator[Twin]:
    with ExitStack() as opened:
        if request.param == "fake":
            fake = FakeChannel()
            yield Twin(fake, fake.mails)
        else:
            yield _smtp(opened, SmtpTls(request.param))


def test_a_message_is_handed_over_word_for_word(twin: Twin) -> None:
    twin.channel.send(ENVELOPE)
    (mail,) = twin.mails
    assert mail["Subject"] == ENVELOPE.subject
    assert mail["To"] == ENVELOPE.address
    assert mail["From"].addresses[0].addr_spec == ms.SENDER
    plain, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert plain is not None
    assert html is not None
    assert plain.get_content().replace("\r\n", "\n") == ENVELOPE.text
    assert "&lt;b&gt;« été »&lt;/b&gt; &amp; co" in html.get_content()


def test_a_message_says_it_is_automatic_and_which_it_is(twin: Twin) -> None:
    twin.channel.send(ENVELOPE)
    twin.channel.send(replace(ENVELOPE, at=AT.replace(hour=15)))
    first, again = twin.mails
    assert first["Auto-Submitted"] == "auto-generated"
    assert first["Message-ID"] == again["Message-ID"] == "<0123456789abcdef@academie.example.org>"
    assert first["References"] == first["In-Reply-To"] == "<dossier-42@academie.example.org>"
    assert first["X-Auto-Response-Suppress"] == "All"
    assert first["Date"].datetime == AT


@pytest.mark.parametrize(
    ("name", "kind"),
    [(ms.UNKNOWN, Permanent), (ms.BUSY, Temporary), (ms.CLOSING, Unreachable), (ms.DROPPED, Temporary)],
)
def test_each_refusal_is_told_apart_and_the_next_message_passes(
    twin: Twin, name: str, kind: type[Exception]
) -> None:
    with pytest.raises(kind) as refusal:
        twin.channel.send(replace(ENVELOPE, address=address(name)))
    assert type(refusal.value) is kind
    twin.channel.send(ENVELOPE)
    assert [mail["To"] for mail in twin.mails] == [ENVELOPE.address]


@pytest.mark.parametrize(
    "broken",
    [
        replace(ENVELOPE, address=""),
        replace(ENVELOPE, address="personne"),
        replace(ENVELOPE, address="a@example.org, b@example.org"),
        replace(ENVELOPE, address="a@example.org\r\nBcc: b@example.org"),
        replace(ENVELOPE, subject="Bonjour\r\nBcc: b@example.org"),
    ],
    ids=["empty", "no at sign", "two", "header in the address", "header in the subject"],
)
def test_what_cannot_stand_in_a_header_is_refused_for_good(twin: Twin, broken: Envelope) -> None:
    with pytest.raises(Permanent):
        twin.channel.send(broken)
    assert twin.mails == []


def test_a_channel_closed_serves_again(twin: Twin) -> None:
    twin.channel.send(ENVELOPE)
    twin.channel.close()
    twin.channel.send(ENVELOPE)
    assert len(twin.mails) == 2


def test_messages_share_one_connection() -> None:
    mailbox = Mailbox()
    with mail_server(mailbox) as port:
        channel = SmtpChannel(SmtpServer("127.0.0.1", port, ms.SENDER, timeout_seconds=5))
        for _ in range(3):
            channel.send(ENVELOPE)
        channel.close()
    assert (len(mailbox.mails), len(mailbox.sessions)) == (3, 1)


@pytest.mark.parametrize(("name", "kind"), [(ms.TOO_LONG, Permanent), (ms.FULL, Temporary)])
def test_a_refusal_of_the_words_is_told_apart_too(name: str, kind: type[Exception]) -> None:
    mailbox = Mailbox()
    with mail_server(mailbox) as port:
        channel = SmtpChannel(SmtpServer("127.0.0.1", port, ms.SENDER, timeout_seconds=5))
        with pytest.raises(kind) as refusal:
            channel.send(replace(ENVELOPE, address=address(name)))
        assert type(refusal.value) is kind
        channel.send(ENVELOPE)
        channel.close()
    assert len(mailbox.mails) == 1


def test_a_server_that_takes_too_long_is_left_and_the_message_comes_again() -> None:
    mailbox = Mailbox()
    with mail_server(mailbox) as port:
        channel = SmtpChannel(SmtpServer("127.0.0.1", port, ms.SENDER, timeout_seconds=0.5))
        with pytest.raises(Temporary):
            channel.send(replace(ENVELOPE, address=address(ms.SLOW)))
        channel.send(ENVELOPE)
        channel.close()
    assert ENVELOPE.address in [mail["To"] for mail in mailbox.mails]


def test_a_line_lost_just_after_the_server_took_charge_makes_a_repeat_that_is_recognised() -> None:
    mailbox, envelope = Mailbox(), replace(ENVELOPE, address=address(ms.DROPPED_AFTER))
    with mail_server(mailbox) as port:
        channel = SmtpChannel(SmtpServer("127.0.0.1", port, ms.SENDER, timeout_seconds=5))
        with pytest.raises(Temporary):
            channel.send(envelope)
        channel.send(envelope)
        channel.close()
    assert [mail["Message-ID"] for mail in mailbox.mails] == ["<0123456789abcdef@academie.example.org>"] * 2


def test_tls_from_the_first_byte_with_a_password() -> None:
    options = {
        "ssl_context": ms.server_certificates(),
        "authenticator": ms.check_password,
        "auth_require_tls": False,  # the library only knows of TLS begun by STARTTLS
    }
    mailbox = Mailbox()
    with mail_server(mailbox, **options) as port:
        server = SmtpServer(
            *("127.0.0.1", port, ms.SENDER, SmtpTls.TLS, ms.USER, ms.PASSWORD, 5, ms.client_certificates())
        )
        channel = SmtpChannel(server)
        channel.send(ENVELOPE)
        channel.close()
        _unreachable(replace(server, password="faux"))
    assert len(mailbox.mails) == 1


def _unreachable(server: SmtpServer) -> None:
    with pytest.raises(Unreachable):
        SmtpChannel(server).send(ENVELOPE)


def test_nobody_answering_closes_the_way_out() -> None:
    with mail_server(Mailbox()) as port:
        pass
    _unreachable(SmtpServer("127.0.0.1", port, ms.SENDER, timeout_seconds=2))


@pytest.mark.parametrize("password", ["faux", "accentué"])
def test_a_wrong_password_closes_the_way_out(password: str) -> None:
    options = {"tls_context": ms.server_certificates(), "authenticator": ms.check_password}
    with mail_server(Mailbox(), **options) as port:
        _unreachable(
            SmtpServer(
                "127.0.0.1",
                port,
                ms.SENDER,
                SmtpTls.STARTTLS,
                ms.USER,
                password,
                2,
                ms.client_certificates(),
            )
        )


def test_an_unknown_authority_closes_the_way_out() -> None:
    mailbox = Mailbox()
    with mail_server(mailbox, tls_context=ms.server_certificates()) as port:
        _unreachable(SmtpServer("127.0.0.1", port, ms.SENDER, SmtpTls.STARTTLS, timeout_seconds=5))
    assert mailbox.mails == []


def test_a_server_without_tls_gets_nothing_when_tls_is_asked() -> None:
    mailbox = Mailbox()
    with mail_server(mailbox) as port:
        _unreachable(SmtpServer("127.0.0.1", port, ms.SENDER, SmtpTls.STARTTLS, timeout_seconds=5))
    assert mailbox.mails == []


@pytest.mark.parametrize("accented", ["hélène@college.example.org", "helene@collège.example.org"])
def test_an_address_with_accents_is_refused_for_good(accented: str) -> None:
    mailbox = Mailbox()
    with mail_server(mailbox, enable_SMTPUTF8=False) as port:
        channel = SmtpChannel(SmtpServer("127.0.0.1", port, ms.SENDER, timeout_seconds=5))
        with pytest.raises(Permanent):
            channel.send(replace(ENVELOPE, address=accented))
        channel.close()
    assert mailbox.mails == []


def test_the_kept_channel_sends_nothing_but_refuses_what_could_not_be_sent() -> None:
    channel = KeptChannel()
    channel.send(ENVELOPE)
    channel.close()
    with pytest.raises(Permanent):
        channel.send(replace(ENVELOPE, address="personne"))


def test_only_our_own_address_alone_on_its_line_becomes_a_link() -> None:
    html = as_html(
        "Vu :\n    https://piege.example.org\nici https://autre.example.org\nhttps://nous.example.org/1\n"
    )
    assert html.count("<a ") == 1
    assert '<a href="https://nous.example.org/1">' in html


def test_the_html_part_needs_nothing_from_anywhere() -> None:
    html = as_html(ENVELOPE.text)
    assert 'lang="fr"' in html
    assert not any(tag in html for tag in ("<img", "<link", "<script", "<style", "src="))


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        (lambda settings: replace(settings, mail_mode=MailMode.KEEP), KeptChannel),
        (lambda settings: replace(settings, mail_mode=MailMode.SMTP), SmtpChannel),
    ],
    ids=["keep", "smtp"],
)
def test_the_settings_choose_the_channel(change: Callable[[Settings], Settings], kind: type[Channel]) -> None:
    assert isinstance(channel_from(change(Settings()), {}), kind)


def test_the_settings_say_how_the_server_is_reached(tmp_path: Path) -> None:
    mailbox = Mailbox()
    password = tmp_path / "smtp"
    password.write_text(ms.PASSWORD + "\n", encoding="utf-8")
    options = {
        "tls_context": ms.server_certificates(),
        "authenticator": ms.check_password,
        "auth_required": True,
    }
    with mail_server(mailbox, **options) as port, pytest.MonkeyPatch.context() as patch:
        patch.setenv("SSL_CERT_FILE", str(ms.CERTIFICATE))
        settings = Settings(
            mail_sender=ms.SENDER,
            smtp_host="localhost",
            smtp_port=port,
            smtp_tls=SmtpTls.STARTTLS,
            smtp_user=ms.USER,
            smtp_password_file=password,
        )
        channel = channel_from(settings, {})
        channel.send(ENVELOPE)
        channel.close()
    assert len(mailbox.mails) == 1


def test_a_mail_is_made_the_same_each_time() -> None:
    def heads(mail: EmailMessage) -> list[tuple[str, str]]:
        return [(name, str(value)) for name, value in mail.items() if name != "Content-Type"]

    assert heads(as_mail(ENVELOPE, ms.SENDER)) == heads(as_mail(ENVELOPE, ms.SENDER))
