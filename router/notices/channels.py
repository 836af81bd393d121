"""The ways out: a message goes to an SMTP server, or is kept for a page. Knows no ticket and no table."""

import smtplib
import ssl
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Protocol, assert_never

from router.notices.html import as_html
from router.settings import MailMode, Settings, SmtpTls, smtp_password

TIMEOUT_SECONDS = 20.0
SERVICE_CLOSING = 421
SENDER_NAME = "Aiguillage"


class SendError(Exception):
    """A message could not be handed over; `str()` is what the other side said."""


class Temporary(SendError):
    """Not this time: the same message may pass later."""


class Unreachable(Temporary):
    """The way out itself is closed: no message passes for now, this one is not to blame."""


class Permanent(SendError):
    """Never: the address doesn't exist, or the message can't be made."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """One message to one address. `message_id` is the same each time it is tried; `thread` joins a ticket's
    messages in a mail reader; `at` is the aware instant of this attempt; `choices` the page where its reader may do
    without such messages."""

    address: str
    subject: str
    text: str
    message_id: str
    at: datetime
    thread: str | None = None
    choices: str = ""


class Channel(Protocol):
    """A way out. `send` returns once the other side has taken charge of the message."""

    def send(self, envelope: Envelope) -> None:
        """Raises Temporary, Unreachable or Permanent."""

    def close(self) -> None:
        """Lets go of what is held between two messages; `send` may be called again."""


class KeptChannel:
    """Sends nothing: the messages stay in the outbox, where the demo shows them in a page."""

    def send(self, envelope: Envelope) -> None:
        as_mail(envelope, "aiguillage@localhost")  # so that what could not be sent fails here too

    def close(self) -> None:
        """Holds nothing."""


@dataclass(frozen=True, slots=True)
class SmtpServer:
    """Where and how to hand mail over. `certificates` trusts other authorities than the system's."""

    host: str
    port: int
    sender: str
    tls: SmtpTls = SmtpTls.NONE
    user: str = ""
    password: str = ""
    timeout_seconds: float = TIMEOUT_SECONDS
    certificates: ssl.SSLContext | None = None


class SmtpChannel:
    """Hands messages to an SMTP server, over one connection for as long as it lasts."""

    def __init__(self, server: SmtpServer) -> None:
        self._server = server
        self._connection: smtplib.SMTP | None = None

    def send(self, envelope: Envelope) -> None:
        mail = as_mail(envelope, self._server.sender)
        connection = self._connected()
        try:
            connection.send_message(mail, self._server.sender, [envelope.address])
        except Exception as error:
            # After an error the two sides may not agree on where they are: the next message starts anew.
            self._drop()
            if isinstance(error, smtplib.SMTPException | OSError | UnicodeError):
                raise _refusal(error) from error
            raise

    def close(self) -> None:
        if self._connection is not None:
            with suppress(smtplib.SMTPException, OSError):
                self._connection.quit()
            self._drop()

    def _connected(self) -> smtplib.SMTP:
        if self._connection is None:
            try:
                self._connection = _connect(self._server)
            except (smtplib.SMTPException, OSError, UnicodeError) as error:
                raise Unreachable(f"{type(error).__name__}: {error}") from error
        return self._connection

    def _drop(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def channel_from(settings: Settings, env: Mapping[str, str]) -> Channel:
    """The way out this installation chose. Raises SettingsError when the password file can't be read."""
    match settings.mail_mode:
        case MailMode.KEEP:
            return KeptChannel()
        case MailMode.SMTP:
            return SmtpChannel(
                SmtpServer(
                    host=settings.smtp_host,
                    port=settings.smtp_port,
                    sender=settings.mail_sender,
                    tls=settings.smtp_tls,
                    user=settings.smtp_user,
                    password=smtp_password(settings, env) or "",
                )
            )
        case unexpected:
            assert_never(unexpected)


def as_mail(envelope: Envelope, sender: str) -> EmailMessage:
    """The mail: plain text, the same in simple HTML, and what keeps two machines from answering each other.

    Raises Permanent when the address or the subject can't stand in a header."""
    domain = sender.rpartition("@")[2]
    mail = EmailMessage(policy=SMTP)
    try:
        mail["From"] = Address(SENDER_NAME, addr_spec=sender)
        mail["To"] = Address(addr_spec=envelope.address)
        mail["Subject"] = envelope.subject
    except (MessageError, ValueError, IndexError) as error:
        raise Permanent(f"adresse ou sujet illisible ({type(error).__name__})") from error
    mail["Date"] = format_datetime(envelope.at)
    mail["Message-ID"] = f"<{envelope.message_id}@{domain}>"
    if envelope.thread is not None:
        mail["References"] = mail["In-Reply-To"] = f"<{envelope.thread}@{domain}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Auto-Response-Suppress"] = "All"
    if envelope.choices:
        # A page, not RFC 8058's one press: a link that works without signing in would let whoever is sent a copy,
        # or a filter that opens every link, decline in her place.
        mail["List-Unsubscribe"] = f"<{envelope.choices}>"
        mail["Precedence"] = "bulk"  # for the absence replies that know no other word
    mail.set_content(envelope.text)
    mail.add_alternative(as_html(envelope.text, envelope.subject), subtype="html")
    return mail


def _connect(server: SmtpServer) -> smtplib.SMTP:
    context = server.certificates or ssl.create_default_context()
    # Naming ourselves spares a look-up of our own name, which may take seconds.
    own_name = server.sender.rpartition("@")[2]
    connection: smtplib.SMTP
    if server.tls is SmtpTls.TLS:
        connection = smtplib.SMTP_SSL(
            server.host, server.port, own_name, timeout=server.timeout_seconds, context=context
        )
    else:
        connection = smtplib.SMTP(server.host, server.port, own_name, timeout=server.timeout_seconds)
    try:
        if server.tls is SmtpTls.STARTTLS:
            connection.starttls(context=context)
        if server.user:
            connection.login(server.user, server.password)
    except Exception:
        connection.close()
        raise
    return connection


def _refusal(error: Exception) -> SendError:
    """What an answer of the server means. A refused sender is our own setting, not the message's."""
    match error:
        case smtplib.SMTPRecipientsRefused():
            code, answer = next(iter(error.recipients.values()))
            return _by_code(code, answer)
        case smtplib.SMTPSenderRefused():
            return Unreachable(_said(error.smtp_code, error.smtp_error))
        case smtplib.SMTPDataError():
            return _by_code(error.smtp_code, error.smtp_error)
        case smtplib.SMTPHeloError():
            return Unreachable(_said(error.smtp_code, error.smtp_error))
        case smtplib.SMTPNotSupportedError() | UnicodeError():
            return Permanent(
                "le serveur de messagerie n'accepte pas cette adresse, qui a des lettres accentuées"
            )
        case _:
            return Temporary(f"{type(error).__name__}: {error}")


def _by_code(code: int, answer: bytes | str) -> SendError:
    said = _said(code, answer)
    if code == SERVICE_CLOSING:
        return Unreachable(said)
    return Permanent(said) if code >= 500 else Temporary(said)


def _said(code: int, answer: bytes | str) -> str:
    words = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    return f"{code} {' '.join(words.split())}"[:500]
