"""What a request needs from the application that serves it: the desk, the settings, the time."""

from collections.abc import Callable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from flask import Flask, current_app, g

from router.desk.house import Desk
from router.settings import Settings

Clock = Callable[[], datetime]


def utc_clock() -> datetime:
    return datetime.now(UTC)


def furnish(app: Flask, desk: Desk, clock: Clock) -> None:
    app.extensions["desk"] = desk
    app.extensions["clock"] = clock


def the_desk() -> Desk:
    desk: Desk = current_app.extensions["desk"]
    return desk


def the_settings() -> Settings:
    return the_desk().settings


def page_zone() -> ZoneInfo:
    """The zone of this page's times: its ticket's or its convention's, else the installation's own."""
    zone: ZoneInfo = g.get("zone") or the_settings().zone
    return zone


def show_in(zone: ZoneInfo | None) -> None:
    g.zone = zone


def now() -> datetime:
    """The instant of this request: read once, the same for every use case and every line of the page."""
    if "now" not in g:
        clock: Clock = current_app.extensions["clock"]
        g.now = clock()
    at: datetime = g.now
    return at
