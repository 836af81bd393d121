"""The school calendar: what is known of each zone, a file looked at, then put in force."""

from http import HTTPStatus

from flask import Blueprint, flash, redirect, render_template, url_for

from router.desk import calendar_import
from router.desk.calendar_import import Preview
from router.intake.school_calendar import MAX_BYTES
from router.model.actor import Forbidden, Refused
from web.admin.pages import Page, administrators
from web.admin.school_forms import SchoolConfirmForm, SchoolFileForm
from web.app_context import now, the_desk
from web.auth import current_actor
from web.errors import wording_of
from web.refusals import show_refusal

blueprint = Blueprint("school", __name__)

STATES = {
    "unknown": "Inconnu",
    "settled": "Connu",
    "class": "Classe",
    "holiday": "Vacances",
    "disputed": "Vacances à confirmer",
}
LINES_SHOWN = 100
RUNS_SHOWN = 60


@blueprint.get("/calendrier-scolaire")
@administrators
def index() -> Page:
    return _page(SchoolFileForm(formdata=None))


@blueprint.post("/calendrier-scolaire")
@administrators
def look() -> Page:
    sent = SchoolFileForm()
    name, content = _sent(sent)
    try:
        preview = calendar_import.look_at(
            the_desk(), current_actor(), content, name, sent.zone.data or "", now()
        )
    except Forbidden:
        raise
    except Refused as refusal:
        show_refusal(sent, refusal)
        return _page(sent), wording_of(refusal).status
    page = _page(sent, preview)
    return (page, HTTPStatus.UNPROCESSABLE_ENTITY) if preview.report.refused else page


@blueprint.post("/calendrier-scolaire/importer")
@administrators
def put_in_force() -> Page:
    sent = SchoolConfirmForm()
    packed, name, zone, stamp = (each.data or "" for each in (sent.packed, sent.name, sent.zone, sent.stamp))
    try:
        kept = calendar_import.put_in_force(the_desk(), current_actor(), packed, name, zone, stamp, now())
    except Forbidden:
        raise
    except Refused as refusal:
        again = SchoolFileForm(formdata=None, zone=zone)
        show_refusal(again, refusal)
        return _page(again), wording_of(refusal).status
    flash(
        f"Le calendrier est en vigueur. Dossiers en cours relus : {kept.tickets} ; "
        f"échéances déplacées : {kept.moved}."
    )
    return redirect(url_for("school.index"), HTTPStatus.SEE_OTHER)


def _sent(form: SchoolFileForm) -> tuple[str, bytes]:
    """Closed at once: a large file lies in a temporary one."""
    file = form.file.data
    if not file or not file.filename:
        return "", b""
    with file.stream as stream:
        return file.filename, stream.read(MAX_BYTES + 1)


def _page(sent: SchoolFileForm, preview: Preview | None = None) -> str:
    return render_template(
        "admin/school.html",
        form=sent,
        known=calendar_import.known_zones(the_desk(), current_actor()),
        preview=preview,
        confirm=SchoolConfirmForm.of(preview) if preview and preview.changes else None,
        states=STATES,
        lines_shown=LINES_SHOWN,
        runs_shown=RUNS_SHOWN,
    )
