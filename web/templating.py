"""What every template finds: filters in French, the menu, the person, addresses of versioned static files."""

import hashlib
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from flask import Flask, g, request, url_for
from jinja2 import StrictUndefined
from markupsafe import Markup

from router.notices.moments import place_in_words
from web import words
from web.app_context import now, page_zone, the_settings
from web.auth import actor_if_any, local_path
from web.navigation import menu
from web.typography import FrenchSpaces, french

VERSION_LENGTH = 10


def init_app(app: Flask) -> None:
    app.jinja_env.add_extension(FrenchSpaces)
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters |= FILTERS
    app.jinja_env.globals |= {"duration": words.duration, "has_endpoint": app.view_functions.__contains__}
    app.context_processor(_surroundings)
    static = Path(app.static_folder or "")

    @app.url_defaults
    def version_static(endpoint: str, values: dict[str, Any]) -> None:
        if endpoint == "static":
            values.setdefault("v", _fingerprint(static / values["filename"]))


def full_moment(at: datetime, zone: ZoneInfo | None = None) -> str:
    return words.full_moment(at, zone or page_zone()) + _aside(zone)


def short_moment(at: datetime, zone: ZoneInfo | None = None) -> str:
    return words.short_moment(at, zone or page_zone()) + _aside(zone)


def day(when: date | datetime, zone: ZoneInfo | None = None) -> str:
    return words.day(when, zone or page_zone())


def placed_moment(at: datetime, zone: ZoneInfo | None = None) -> str:
    """For one time that is read alone: with its place, wherever that isn't the installation's own."""
    return full_moment(at, zone or page_zone())


def foreign_place(zone: ZoneInfo) -> str:
    """« heure de La Réunion » where it isn't the installation's own, which nobody needs to be told."""
    return "" if zone.key == the_settings().timezone else place_in_words(zone.key)


def _aside(zone: ZoneInfo | None) -> str:
    """In a list that mixes territories each time says its place; a page all in one says it once, at its head."""
    place = foreign_place(zone) if zone else ""
    return f", {place}" if place else ""


def relative(at: datetime) -> str:
    return words.relative(at, now())


def is_past(at: datetime) -> bool:
    return at <= now()


def until(due_at: datetime) -> str:
    return words.until(due_at, now())


def instant(at: datetime, zone: ZoneInfo | None = None) -> Markup:
    """The short form, with the whole one for whoever points at it, and the machine's."""
    machine = at.isoformat(timespec="seconds")  # no instant, in words or not, holds what HTML would read
    whole = placed_moment(at, zone)
    return Markup(f'<time datetime="{machine}" title="{whole}">{short_moment(at, zone)}</time>')  # noqa: S704


FILTERS = {
    "label": words.label,
    "the_party": words.the_party,
    "to_party": words.to_party,
    "sentence_case": words.sentence_case,
    "full_moment": full_moment,
    "placed_moment": placed_moment,
    "short_moment": short_moment,
    "instant": instant,
    "day": day,
    "short_day": words.short_day,
    "month": words.month,
    "duration": words.duration,
    "service_hours": words.service_hours,
    "allowance": words.allowance,
    "relative": relative,
    "until": until,
    "is_past": is_past,
    "percentage": words.percentage,
    "confidence": words.confidence,
    "number": words.number,
    "plural": words.plural,
    "room_label": words.room_label,
    "french": french,
}


def _surroundings() -> dict[str, object]:
    """For the shell of the page. On an incident page, nothing that asks the database."""
    actor = None if g.get("bare") else actor_if_any()
    return {
        "actor": actor,
        "menu": menu(actor),
        "settings": the_settings(),
        "now": now(),
        "place": foreign_place(page_zone()),
        "back_url": _back_url(),
    }


def _back_url() -> str:
    """Where the reader came from on this site, else the home page."""
    referrer = request.referrer or ""
    inside = (
        referrer.removeprefix(request.host_url.rstrip("/")) if referrer.startswith(request.host_url) else ""
    )
    return local_path(inside, url_for("home.index"))


@cache
def _fingerprint(path: Path) -> str:
    """What changes an address when its file changes. A missing file keeps an address of its own: a 404."""
    if not path.is_file():
        return "absent"
    return hashlib.sha256(path.read_bytes()).hexdigest()[:VERSION_LENGTH]
