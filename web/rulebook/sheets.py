"""The RACI of a convention, edited in a spreadsheet and sent back: what it changes, and a draft of it."""

from http import HTTPStatus

from flask import Blueprint, flash, redirect, render_template, request, url_for

from router.desk import raci_return
from router.desk.raci_import import Unreadable
from router.desk.raci_return import Returned
from router.model.actor import Forbidden, NotFound, Refused
from web.app_context import now, the_desk
from web.auth import current_actor
from web.errors import wording_of
from web.refusals import show_refusal
from web.rulebook.forms import SheetDraftForm, SheetForm
from web.rulebook.pages import Page, keepers

blueprint = Blueprint("sheets", __name__)
PROPOSED = "regles:"  # before the name of each file proposed, which the next form carries


@blueprint.get("/regles/raci/relecture")
@keepers
def form() -> Page:
    return _page(SheetForm(formdata=None, convention=request.args.get("convention", "")))


@blueprint.post("/regles/raci/relecture")
@keepers
def read() -> Page:
    sent = SheetForm()
    name, content = _sent(sent)
    try:
        found = raci_return.read_back(
            the_desk(), current_actor(), sent.convention.data or "", content, name, now()
        )
    except (Forbidden, NotFound):
        raise
    except Refused as refusal:
        show_refusal(sent, refusal)
        return _page(sent), wording_of(refusal).status
    page = _page(sent, found)
    if isinstance(found.found, Unreadable) or found.found.refusals:
        return page, HTTPStatus.UNPROCESSABLE_ENTITY
    return page


@blueprint.post("/regles/raci/projet")
@keepers
def make_draft() -> Page:
    sent = SheetDraftForm()
    files = {
        name.removeprefix(PROPOSED): text for name, text in request.form.items() if name.startswith(PROPOSED)
    }
    try:
        draft_id = raci_return.make_draft(
            the_desk(),
            current_actor(),
            sent.convention.data or "",
            sent.base.data or "",
            files,
            sent.title.data or "",
            now(),
        )
    except (Forbidden, NotFound):
        raise
    except Refused as refusal:
        show_refusal(sent, refusal)
        return _page(
            SheetForm(formdata=None, convention=sent.convention.data), draft=sent, files=files
        ), wording_of(refusal).status
    flash("Le projet est commencé, avec les règles que la feuille propose. Rien ne change avant l'approbation.")
    return redirect(url_for("rulebook.draft", draft_id=draft_id), HTTPStatus.SEE_OTHER)


def _sent(form: SheetForm) -> tuple[str, bytes]:
    """Closed at once: a large file lies in a temporary one."""
    file = form.file.data
    if not file or not file.filename:
        return "", b""
    with file.stream as stream:
        return file.filename, stream.read(raci_return.MAX_SHEET + 1)


def _page(
    sent: SheetForm,
    found: Returned | None = None,
    draft: SheetDraftForm | None = None,
    files: dict[str, str] | None = None,
) -> str:
    asked = raci_return.asked(the_desk(), current_actor(), sent.convention.data or "")
    if found is not None and found.may_become_a_draft and not isinstance(found.found, Unreadable):
        draft = SheetDraftForm(formdata=None, convention=asked.convention, base=asked.base)
        files = dict(found.found.proposal.sources)
    return render_template(
        "rulebook/sheet.html",
        asked=asked,
        form=sent,
        returned=found,
        unreadable=found is not None and isinstance(found.found, Unreadable),
        draft=draft,
        files={PROPOSED + name: text for name, text in (files or {}).items()},
    )
