"""Keeps what a person typed when her session ended before she sent it: the page that says so holds her words.

A form sent from another site is never kept, nor is it ever sent again without a press of hers: signing in would
otherwise become a way to make her post what somebody else wrote."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from flask import request
from werkzeug.datastructures import MultiDict

HELD_PREFIX = "held."
HELD_PATH = "held_path"
HELD_FILES = "held_files"
NEVER_HELD = ("csrf_token", "password", "token")
WORDS = ("subject", "body", "text", "reason", "motive")  # the last part of the name of a field of free words
LONG = 20


@dataclass(frozen=True, slots=True)
class Held:
    """A form on its way: where it was going, its fields in order, and whether a file has to be chosen again."""

    path: str
    fields: tuple[tuple[str, str], ...]
    files: bool

    def as_hidden(self) -> list[tuple[str, str]]:
        """The hidden fields that carry it through the sign-in form."""
        carried = [(HELD_PREFIX + name, value) for name, value in self.fields]
        return [(HELD_PATH, self.path), *([(HELD_FILES, "1")] if self.files else []), *carried]

    def words(self) -> list[str]:
        """What she wrote, to read before it leaves: never a key, nor the code of a choice."""
        return [value for name, value in self.fields if value.strip() and _written(name, value)]


def held_from_this_request() -> Held | None:
    """What this POST brought, when it comes from a page of ours and holds something worth keeping."""
    if request.method != "POST" or not from_our_pages():
        return None
    fields = tuple(_kept(request.form.items(multi=True)))
    files = any(part.filename for part in request.files.values())
    return Held(request.full_path.rstrip("?"), fields, files) if fields else None


def held_from(form: MultiDict[str, str]) -> Held | None:
    """What an earlier page carried along in its hidden fields."""
    path = form.get(HELD_PATH)
    if not path:
        return None
    carried = (
        (name.removeprefix(HELD_PREFIX), value)
        for name, value in form.items(multi=True)
        if name.startswith(HELD_PREFIX)
    )
    return Held(path, tuple(_kept(carried)), HELD_FILES in form)


def from_our_pages() -> bool:
    """Whether the browser says that a page of this very site sent this form."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    sender = request.headers.get("Origin") or request.headers.get("Referer")
    return sender is not None and urlsplit(sender).netloc == request.host


def _written(name: str, value: str) -> bool:
    if re.split(r"[-._]", name)[-1] in WORDS:
        return True
    return len(value.strip()) > LONG and " " in value.strip()


def _kept(fields: Iterable[tuple[str, str]]) -> Iterable[tuple[str, str]]:
    return ((name, value) for name, value in fields if not any(word in name for word in NEVER_HELD))
