"""One client of the filing measure, a process of its own: signs in, then files as fast as the answers come.

Only the standard library, and a socket kept open: what the client spends is taken from the server's cores."""

import html
import http.client
import json
import socket
import sys
import time
from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import uuid4


@dataclass(frozen=True, slots=True)
class Orders:
    """What one client is told, in JSON on its standard input."""

    host: str
    port: int
    email: str
    password: str
    warm_seconds: float
    seconds: float
    texts: list[tuple[str, str]]


def main() -> None:
    """Prints one JSON line: the latency of each counted filing in milliseconds, and what wasn't a filing."""
    orders = Orders(**json.loads(sys.stdin.readline()))
    cookie, page = _get(orders, "/signaler", _signed_in(orders))
    print("ready", flush=True)
    sys.stdin.readline()
    print(json.dumps(_file(orders, cookie, token_in(page))))


def warm_up(orders: Orders, filings: int) -> None:
    """Files that many incidents, a connection for each: the server spreads them over its processes."""
    cookie, page = _get(orders, "/signaler", _signed_in(orders))
    for number in range(filings):
        subject, body = orders.texts[number % len(orders.texts)]
        with socket.create_connection((orders.host, orders.port)) as link:
            link.sendall(_post(orders, cookie, token_in(page), subject, body))
            if _answer(link)[0] != 302:
                raise RuntimeError("a filing was refused")


def _file(orders: Orders, cookie: str, token: str) -> dict[str, object]:
    latencies: list[float] = []
    refused: list[str] = []
    with socket.create_connection((orders.host, orders.port)) as link:
        link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        number, warm = 0, time.monotonic() + orders.warm_seconds
        while (begin := time.monotonic()) < warm + orders.seconds:
            subject, body = orders.texts[number % len(orders.texts)]
            number += 1
            link.sendall(_post(orders, cookie, token, subject, body))
            status, location = _answer(link)
            if status != 302 or "/signaler/envoye/" not in location:
                refused.append(f"{status} {location}")
            elif begin >= warm:
                latencies.append((time.monotonic() - begin) * 1000)
    return {"latencies": latencies, "refused": refused}


def form(token: str, subject: str, body: str) -> bytes:
    """The filing form as the browser sends it, each with a key of its own."""
    fields = {
        "csrf_token": token,
        "key": str(uuid4()),
        "subject": subject,
        "body": body,
        "scope": "room",
        "urgency": "blocking",
        "doubt_shown": "1",
        "do": "send",
    }
    return urlencode(fields).encode()


def _post(orders: Orders, cookie: str, token: str, subject: str, body: str) -> bytes:
    sent = form(token, subject, body)
    head = (
        f"POST /signaler HTTP/1.1\r\nHost: {orders.host}:{orders.port}\r\nCookie: {cookie}\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(sent)}\r\n\r\n"
    )
    return head.encode() + sent


def _answer(link: socket.socket) -> tuple[int, str]:
    """Status and Location of one answer, its body read to the end."""
    received = b""
    while b"\r\n\r\n" not in received:
        received += _received(link)
    head, _, body = received.partition(b"\r\n\r\n")
    lines = head.decode("latin-1").split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])}
    missing = int(headers["content-length"]) - len(body)
    while missing > 0:
        missing -= len(_received(link))
    return int(lines[0].split()[1]), headers.get("location", "")


def _received(link: socket.socket) -> bytes:
    part = link.recv(65_536)
    if not part:
        raise ConnectionError("the server closed the connection")
    return part


def _signed_in(orders: Orders) -> str:
    cookie, page = _get(orders, "/connexion", "")
    fields = {"email": orders.email, "password": orders.password, "csrf_token": token_in(page)}
    connection = http.client.HTTPConnection(orders.host, orders.port)
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": cookie}
    connection.request("POST", "/connexion", urlencode(fields), headers)
    answer = connection.getresponse()
    answer.read()
    if answer.status != 302:
        raise RuntimeError(f"sign-in refused: {answer.status}")
    return _cookie(answer) or cookie


def _get(orders: Orders, path: str, cookie: str) -> tuple[str, str]:
    connection = http.client.HTTPConnection(orders.host, orders.port)
    connection.request("GET", path, headers={"Cookie": cookie})
    answer = connection.getresponse()
    page = answer.read().decode()
    if answer.status != 200:
        raise RuntimeError(f"{path}: {answer.status}")
    return _cookie(answer) or cookie, page


def _cookie(answer: http.client.HTTPResponse) -> str:
    return (answer.getheader("Set-Cookie") or "").split(";")[0]


def token_in(page: str) -> str:
    return html.unescape(page.split('name="csrf_token"', 1)[1].split('value="', 1)[1].split('"', 1)[0])


if __name__ == "__main__":
    main()
