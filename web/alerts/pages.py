"""Security alerts, apart from everything else; and the strong signals somebody denied, for the RSSI to read."""

from flask import Blueprint, render_template, request, url_for
from werkzeug.wrappers import Response

from router.desk import browse, data_protection, signals
from router.model.actor import Actor, Forbidden
from router.model.words import Role
from web.app_context import now, the_desk
from web.auth import access, current_actor
from web.ticket.doubt import signal_said
from web.ticket.sheet import corrected_words

blueprint = Blueprint("alerts", __name__)
blueprint.add_app_template_filter(signal_said)
blueprint.add_app_template_filter(corrected_words)

Page = str | Response | tuple[str, int]
LONGEST_CURSOR = 80
SAID = {
    "sans-reponse": signals.Said.UNANSWERED,
    "non": signals.Said.DENIED,
    "corriges": signals.Said.CORRECTED,
}
# The Département's named security contact is one of its technicians or leads.
MAY_SEE = (Role.RSSI, Role.DPO, Role.PRINCIPAL, Role.TECHNICIAN, Role.LEAD)


@blueprint.get("/alertes")
@access(*MAY_SEE)
def index() -> Page:
    actor, after = _reader(), _after()
    page = browse.handled(the_desk(), actor, after)
    return render_template(
        "alerts/index.html",
        waiting=browse.unacknowledged(the_desk(), actor).rows if after is None else (),
        rows=page.rows,
        now=now(),
        next_url=url_for("alerts.index", after=page.after) if page.after else "",
        first_url=url_for("alerts.index") if after else "",
        acts=actor.role is Role.RSSI,
    )


@blueprint.get("/alertes/terminees")
@access(*MAY_SEE)
def ended() -> Page:
    actor, after = _reader(), _after()
    page = browse.alerts(the_desk(), actor, opened=False, after=after)
    return render_template(
        "alerts/ended.html",
        rows=page.rows,
        next_url=url_for("alerts.ended", after=page.after) if page.after else "",
        first_url=url_for("alerts.ended") if after else "",
    )


@blueprint.get("/alertes/donnees-personnelles")
@access(Role.DPO)
def data() -> Page:
    """What the data protection officer was told of; what she hasn't said she knows comes first."""
    actor, after = current_actor(), _after()
    page = data_protection.noted(the_desk(), actor, after)
    waiting = data_protection.to_note(the_desk(), actor) if after is None else None
    return render_template(
        "alerts/data.html",
        waiting=waiting,
        rows=page.rows,
        next_url=url_for("alerts.data", after=page.after) if page.after else "",
        first_url=url_for("alerts.data") if after else "",
    )


@blueprint.get("/a-revoir")
@access(Role.RSSI)
def review() -> Page:
    """The oldest first: what waits longest is not what is forgotten."""
    after, asked = _after(), request.args.get("voir", "")
    said = SAID.get(asked)
    page = signals.review(the_desk(), current_actor(), after, said)
    shown = asked if said else None
    return render_template(
        "alerts/review.html",
        rows=page.rows,
        said=said,
        total=sum(page.counts.values()),
        counted=browse.COUNTED,
        kinds=[(word, each, page.counts[each]) for word, each in SAID.items()],
        back=url_for("alerts.review", voir=shown),
        next_url=url_for("alerts.review", voir=shown, after=page.after) if page.after else "",
        first_url=url_for("alerts.review", voir=shown) if after else "",
    )


def _reader() -> Actor:
    actor = current_actor()
    if not browse.sees_alerts(actor):
        raise Forbidden("Les alertes de sécurité ne sont lues que par les personnes prévues pour cela.")
    return actor


def _after() -> str | None:
    return request.args.get("after", "")[:LONGEST_CURSOR] or None
