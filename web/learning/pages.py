"""« Dérive du classement », and the corrections that wait for somebody's word."""

from http import HTTPStatus

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response as BaseResponse

from router.desk import drift as drifts
from router.desk import review_corrections as review
from router.model.actor import Invalid, NotFound, TooLarge
from router.model.corrections import CorrectionState
from web.app_context import now, show_in, the_desk
from web.auth import access, current_actor
from web.keys import key_in_form, key_in_query
from web.learning.forms import TextForm
from web.refusals import show_refusal
from web.reports import bars
from web.words import CATEGORIES

blueprint = Blueprint("learning", __name__)

Page = str | BaseResponse | tuple[str, int]
readers = access(*drifts.READERS)
judges = access(*review.JUDGES)
LISTS = {"a-relire": CorrectionState.PENDING, "acceptees": CorrectionState.ACCEPTED}


@blueprint.get("/classement")
@readers
def drift() -> str:
    actor = current_actor()
    found = drifts.drift(the_desk(), actor, now())
    show_in(found.zone)
    return render_template(
        "learning/drift.html",
        found=found,
        corrected_bar=bars.of_rate,
        columns=bars.columns([(week.rate.suggested, week.rate.corrected) for week in found.weeks]),
        judges=actor.role in review.JUDGES,
        waiting=review.waiting_for(the_desk(), actor),
    )


@blueprint.get("/classement/export.csv")
@readers
def csv() -> Response:
    found = drifts.drift(the_desk(), current_actor(), now())
    name = f"derive-du-classement-{found.weeks[-1].first:%Y-%m-%d}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(drifts.as_csv(found, CATEGORIES), mimetype="text/csv", headers=headers)


@blueprint.get("/classement/corrections/<which>")
@judges
def corrections(which: str) -> Page:
    if which not in LISTS:
        raise NotFound("Cette liste n'existe pas.")
    return _list(which, key_in_query("after"))


@blueprint.post("/classement/corrections/<int:correction_id>/accepter")
@judges
def accept(correction_id: int) -> Page:
    form = TextForm()
    subject, body = form.subject.data or "", form.body.data or ""
    try:
        review.accept(the_desk(), current_actor(), correction_id, subject, body, now())
    except (Invalid, TooLarge) as refusal:
        show_refusal(form, refusal)
        # Back to where it was shown, with what she typed.
        page = _list("a-relire", key_in_form("after"), correction_id, form)
        return page, HTTPStatus.UNPROCESSABLE_ENTITY
    flash("Correction acceptée : le prochain apprentissage la lira.")
    return _back("a-relire")


@blueprint.post("/classement/corrections/<int:correction_id>/refuser")
@judges
def refuse(correction_id: int) -> Page:
    review.refuse(the_desk(), current_actor(), correction_id, now())
    flash("Correction refusée : son texte est effacé.")
    return _back("a-relire")


@blueprint.post("/classement/corrections/<int:correction_id>/retirer")
@judges
def withdraw(correction_id: int) -> Page:
    review.refuse(the_desk(), current_actor(), correction_id, now())
    flash("Correction retirée : son texte est effacé, et le prochain apprentissage ne la lira pas.")
    return _back("acceptees")


def _list(which: str, after: int | None, typed_in: int | None = None, typed: TextForm | None = None) -> str:
    found = review.corrections_to_read(the_desk(), current_actor(), LISTS[which], after)
    forms = {line.id: _form(line) for line in found.lines}
    if typed_in in forms and typed is not None:
        forms[typed_in] = typed
    return render_template(
        "learning/corrections.html",
        found=found,
        which=which,
        after=after,
        forms=forms,
        typed_in=typed_in,
        marks=review.MAY_BE_MASKED,
    )


def _form(line: review.CorrectionLine) -> TextForm:
    return TextForm(formdata=None, prefix="", subject=line.subject, body=line.body)


def _back(which: str) -> BaseResponse:
    return redirect(url_for("learning.corrections", which=which, after=key_in_form("after")))
