"""A real SMTP server on this machine that does as the address asks, and a fake channel that does the same."""

import asyncio
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

from router.notices import channels
from router.notices.channels import Permanent, Temporary, Unreachable

SENDER = "aiguillage@academie.example.org"
USER, PASSWORD = "aiguillage", "phrase inventee"
CERTIFICATE = Path(__file__).parent / "tls" / "localhost.pem"

# What the recipient's name makes the server do.
WELCOME, UNKNOWN, BUSY, CLOSING, DROPPED = "accueil", "inconnu", "occupe", "ferme", "coupe"
# And once it has the words: too many of them, full for now, no answer in time, the line lost just after it took charge.
TOO_LONG, FULL, SLOW, DROPPED_AFTER = "long", "plein", "lent", "coupe-apres"
SLOWNESS = 3.0


def address(name: str) -> str:
    return f"{name}@college.example.org"


@dataclass
class Mailbox:
    """What the server took charge of."""

    mails: list[EmailMessage] = field(default_factory=list)
    sessions: set[int] = field(default_factory=set)

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        match address.partition("@")[0]:
            case "inconnu":
                return "550 5.1.1 No such user"
            case "occupe":
                return "450 4.2.1 Mailbox busy"
            case "ferme":
                return "421 4.3.2 Service closing"
            case "coupe":
                assert server.transport is not None
                server.transport.close()
                return "250 OK"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        assert isinstance(envelope.content, bytes)
        parsed = message_from_bytes(envelope.content, policy=default)
        assert isinstance(parsed, EmailMessage)
        match envelope.rcpt_tos[0].partition("@")[0]:
            case "long":
                return "552 5.3.4 Message too big"
            case "plein":
                return "452 4.2.2 Mailbox full"
            case "lent":
                await asyncio.sleep(SLOWNESS)
            case "coupe-apres" if not self.mails:
                assert server.transport is not None
                server.transport.close()
        self.mails.append(parsed)
        self.sessions.add(id(session))
        return "250 OK"


class AnyPort(Controller):
    """Listens on a port the system chooses."""

    def _trigger_server(self) -> None:
        assert self.server is not None
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@contextmanager
def mail_server(mailbox: Mailbox, **options: Any) -> Iterator[int]:
    """Runs the server and gives its port."""
    controller = AnyPort(mailbox, hostname="127.0.0.1", port=0, **options)
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()


def server_certificates() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    return context


def client_certificates() -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(CERTIFICATE))


def check_password(
    _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, data: Any
) -> AuthResult:
    known = (data.login, data.password) == (USER.encode(), PASSWORD.encode())
    return AuthResult(success=known)


@dataclass
class FakeChannel:
    """The server's twin without a network: same answers, and it keeps what it took charge of."""

    mails: list[EmailMessage] = field(default_factory=list)
    closed: int = 0

    def send(self, envelope: channels.Envelope) -> None:
        mail = channels.as_mail(envelope, SENDER)
        match envelope.address.partition("@")[0]:
            case "inconnu":
                raise Permanent("550 5.1.1 No such user")
            case "occupe":
                raise Temporary("450 4.2.1 Mailbox busy")
            case "ferme":
                raise Unreachable("421 4.3.2 Service closing")
            case "coupe":
                raise Temporary("SMTPServerDisconnected")
        self.mails.append(mail)

    def close(self) -> None:
        self.closed += 1
