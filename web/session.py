"""How long a session lasts: an idle limit and an absolute one, both checked here and not by the cookie's age.

What ends a session before them is on the server, in `router.desk.sign_ins`."""

from datetime import datetime, timedelta

from flask import Flask, g, request, session

from router.desk.sign_ins import IDLE
from web.app_context import now, the_settings

# The cookie is written again only this often, so that most answers carry none.
GRAIN = timedelta(minutes=1)
BEGAN = "began"
SEEN = "seen"


def open_session(at: datetime) -> None:
    """Starts a session afresh: nothing of what an earlier one held is kept."""
    session.clear()
    g.pop("csrf_token", None)  # made for the session that ends, and kept aside for this request's forms
    session.permanent = True
    session[BEGAN] = session[SEEN] = int(at.timestamp())


def is_over(began: int, seen: int, at: datetime, absolute: timedelta) -> bool:
    """Whether a session begun and last seen at these instants (seconds of the epoch) has ended."""
    instant = at.timestamp()
    return instant - began >= absolute.total_seconds() or instant - seen >= IDLE.total_seconds()


def init_app(app: Flask) -> None:
    @app.before_request
    def end_when_over() -> None:
        if request.endpoint == "static" or BEGAN not in session:
            return
        at = now()
        absolute = timedelta(hours=the_settings().session_hours)
        if is_over(session[BEGAN], session.get(SEEN, 0), at, absolute):
            session.clear()
        elif at.timestamp() - session[SEEN] >= GRAIN.total_seconds():
            session[SEEN] = int(at.timestamp())
