"""« Exploitation » for administrators, the messages, `/sante` and `/metrics` for monitors."""

from dataclasses import asdict
from datetime import timedelta
from hmac import compare_digest
from http import HTTPStatus

from flask import Blueprint, Response, flash, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from router.desk import operate
from router.desk.gauges import gauges
from router.model.actor import NotFound
from router.model.words import NoticeState, Role
from web.app_context import now, the_desk
from web.auth import EVERYONE, access, current_actor, public
from web.keys import key_in_query
from web.operations.forms import MessagesForm
from web.operations.metrics import CONTENT_TYPE, as_text
from web.operations.words import KINDS, WITHHELD, error_words, step_words

blueprint = Blueprint("operations", __name__)

administrators = access(Role.ADMINISTRATOR)


@blueprint.get("/exploitation")
@administrators
def index() -> str:
    found = operate.operations_at(the_desk(), current_actor(), now())
    return render_template(
        "operations/index.html",
        found=found,
        kinds=KINDS,
        withheld=WITHHELD,
        states=NoticeState,
        step_words=step_words,
        error_words=error_words,
    )


@blueprint.get("/messages")
@access(*EVERYONE)
def outbox() -> str:
    """Everybody's for an administrator; her own for anybody else."""
    form = MessagesForm(request.args)
    form.validate()
    state = NoticeState(form.state.data) if form.state.data and not form.state.errors else None
    address = (form.address.data or "") if not form.address.errors else ""
    before = key_in_query("before")
    found = operate.messages(the_desk(), current_actor(), state=state, address=address, before=before)
    asked = {"state": state.value if state else "", "address": address}
    return render_template(
        "operations/messages.html",
        form=form,
        found=found,
        before=before,
        filters={name: value for name, value in asked.items() if value},
        kinds=KINDS,
        withheld=WITHHELD,
    )


@blueprint.post("/messages/<int:notice_id>/renvoyer")
@administrators
def send_again(notice_id: int) -> BaseResponse:
    operate.send_again(the_desk(), current_actor(), notice_id, now())
    flash("Le message repart au prochain passage du processus de fond.")
    return redirect(url_for("operations.index") + "#echecs")


@blueprint.post("/relances/<int:step_id>/reessayer")
@administrators
def try_again(step_id: int) -> BaseResponse:
    if operate.try_again(the_desk(), current_actor(), step_id, now()):
        flash("La relance est remise en route : elle part au prochain passage du processus de fond.")
    else:
        flash(
            "Rien à refaire : l'échéance de cette relance a pris fin entre-temps. Elle est retirée de la liste."
        )
    return redirect(url_for("operations.index") + "#relances")


@blueprint.get("/sante")
@public
def health() -> tuple[Response, int]:
    """Green or red, ages in seconds and counts: nothing about anybody."""
    found = operate.pulse(the_desk(), now())
    answer = jsonify({name: _plain(value) for name, value in asdict(found).items()})
    answer.headers["Cache-Control"] = "no-store"
    return answer, HTTPStatus.OK if found.ok else HTTPStatus.SERVICE_UNAVAILABLE


@blueprint.get("/metrics")
@public
def metrics() -> Response:
    """For Prometheus, which shows the token of the settings; without one this page doesn't exist."""
    desk = the_desk()
    token = desk.settings.metrics_token
    if not token:
        raise NotFound("Cette page n'existe pas, ou n'existe plus.")
    shown = request.headers.get("Authorization", "")
    if not compare_digest(shown.encode(), f"Bearer {token}".encode()):
        return Response(status=HTTPStatus.UNAUTHORIZED, headers={"WWW-Authenticate": "Bearer"})
    answer = Response(as_text(gauges(desk, now())), content_type=CONTENT_TYPE)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _plain(value: object) -> object:
    """Ages in seconds, as the command says them."""
    return value.total_seconds() if isinstance(value, timedelta) else value
