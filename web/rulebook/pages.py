"""« Projets de règles »: the list, one draft, its files, and the gestures from draft to publication."""

from collections.abc import Callable
from http import HTTPStatus

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from router.desk import approving, completing, draft_pages, drafting, retaking
from router.desk.completing import ToComplete
from router.desk.draft_pages import Act, DraftSheet
from router.desk.draft_terms import Terms
from router.model.actor import Conflict, Invalid, NotFound, Refused
from router.model.words import Role
from web.app_context import now, the_desk
from web.auth import access, current_actor
from web.errors import wording_of
from web.keys import key_in_query
from web.refusals import show_refusal
from web.rulebook.forms import CompleteForm, FileForm, ReasonForm, StartForm, TermsForm, VersionForm

blueprint = Blueprint("rulebook", __name__)

Page = str | Response | tuple[str, int]
keepers = access(Role.MANAGER, Role.ADMINISTRATOR)
CHOSEN = "choix:"  # before the name of each choice between a draft and the published book
NOT_TEXT = "Ce fichier n'est pas du texte en UTF-8 : enregistrez-le en UTF-8 et choisissez-le de nouveau."


@blueprint.get("/recueil/projets")
@keepers
def drafts() -> Page:
    return _list(StartForm(formdata=None))


@blueprint.post("/recueil/projets")
@keepers
def start() -> Page:
    form = StartForm()
    try:
        draft_id = drafting.start_from_published(
            the_desk(), current_actor(), form.convention.data or "", Terms(form.title.data or ""), now()
        )
    except Invalid as refusal:
        show_refusal(form, refusal)
        return _list(form), wording_of(refusal).status
    flash("Le projet est commencé, avec les règles publiées. Remplacez-y les fichiers qui changent.")
    return redirect(url_for("rulebook.draft", draft_id=draft_id), HTTPStatus.SEE_OTHER)


@blueprint.get("/recueil/projets/<int:draft_id>")
@keepers
def draft(draft_id: int) -> Page:
    return _sheet(draft_id)


@blueprint.post("/recueil/projets/<int:draft_id>/motif")
@keepers
def change_terms(draft_id: int) -> Page:
    form = TermsForm()
    if not form.validate():
        return _sheet(draft_id, terms=form), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        drafting.change_terms(the_desk(), current_actor(), draft_id, form.terms, form.seen, now())
    except Refused as refusal:
        show_refusal(form, refusal)
        return _sheet(draft_id, terms=form), wording_of(refusal).status
    return _done(draft_id, "Le motif et les dates sont enregistrés.")


@blueprint.post("/recueil/projets/<int:draft_id>/completer/<int:number>")
@keepers
def complete(draft_id: int, number: int) -> Page:
    form = CompleteForm.sent(number)
    if not form.validate():
        return _sheet(draft_id, sent=(number, form)), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        completing.complete(the_desk(), current_actor(), draft_id, number, form.answers, form.seen, now())
    except Refused as refusal:
        show_refusal(form, refusal)
        moved = isinstance(refusal, Conflict)  # the number may be another entry's by now
        page = _sheet(draft_id, unsaved=form) if moved else _sheet(draft_id, sent=(number, form))
        return page, wording_of(refusal).status
    return _done(draft_id, "C'est enregistré dans le projet.")


@blueprint.get("/recueil/projets/<int:draft_id>/fichier")
@keepers
def file(draft_id: int) -> Page:
    view = draft_pages.file_view(the_desk(), current_actor(), draft_id, request.args.get("nom", ""))
    form = FileForm(formdata=None, version=view.version, name=view.name, text=view.text)
    return render_template("rulebook/file.html", view=view, form=form)


@blueprint.post("/recueil/projets/<int:draft_id>/fichier")
@keepers
def replace_file(draft_id: int) -> Page:
    form = FileForm()
    view = draft_pages.file_view(the_desk(), current_actor(), draft_id, form.name.data or "")
    try:
        text = _sent(form)
        drafting.replace_file(the_desk(), current_actor(), draft_id, view.name, text, form.seen, now())
    except Refused as refusal:
        show_refusal(form, refusal)
        return render_template("rulebook/file.html", view=view, form=form), wording_of(refusal).status
    return _done(draft_id, f"Le fichier {view.name} est remplacé.")


@blueprint.post("/recueil/projets/<int:draft_id>/proposer")
@keepers
def propose(draft_id: int) -> Page:
    form = VersionForm()
    return _act(
        draft_id,
        form,
        lambda: approving.propose(the_desk(), current_actor(), draft_id, form.seen, now()),
        "Le projet est proposé : l'autre institution peut l'approuver.",
    )


@blueprint.post("/recueil/projets/<int:draft_id>/approuver")
@keepers
def approve(draft_id: int) -> Page:
    form = VersionForm()
    seen = form.fingerprint.data or ""
    return _act(
        draft_id,
        form,
        lambda: approving.approve(the_desk(), current_actor(), draft_id, seen, form.seen, now()),
        "Le projet est approuvé et publié.",
    )


@blueprint.post("/recueil/projets/<int:draft_id>/reprendre")
@keepers
def take_up(draft_id: int) -> Page:
    form = VersionForm()
    chosen = {name.removeprefix(CHOSEN): side for name, side in request.form.items() if name.startswith(CHOSEN)}
    published = form.fingerprint.data or ""
    return _act(
        draft_id,
        form,
        lambda: retaking.take_up(the_desk(), current_actor(), draft_id, published, chosen, form.seen, now()),
        "Le projet part maintenant du recueil publié : relisez ce qu'il change, puis proposez-le.",
    )


@blueprint.post("/recueil/projets/<int:draft_id>/refuser")
@keepers
def refuse(draft_id: int) -> Page:
    form = ReasonForm()
    reason = form.reason.data or ""
    return _act(
        draft_id,
        form,
        lambda: approving.refuse(the_desk(), current_actor(), draft_id, reason, form.seen, now()),
        "Le projet est refusé.",
    )


@blueprint.post("/recueil/projets/<int:draft_id>/retirer")
@keepers
def withdraw(draft_id: int) -> Page:
    form = ReasonForm()
    reason = form.reason.data or ""
    return _act(
        draft_id,
        form,
        lambda: approving.withdraw(the_desk(), current_actor(), draft_id, reason, form.seen, now()),
        "Le projet est retiré.",
    )


def _act(draft_id: int, form: VersionForm, act: Callable[[], None], done: str) -> Page:
    """One gesture, and the draft's page again: with the refusal at its head when there is one."""
    try:
        act()
    except NotFound:
        raise
    except Refused as refusal:
        show_refusal(form, refusal)
        return _sheet(draft_id, said=form), wording_of(refusal).status
    return _done(draft_id, done)


def _done(draft_id: int, words: str) -> Response:
    flash(words)
    return redirect(url_for("rulebook.draft", draft_id=draft_id), HTTPStatus.SEE_OTHER)


def _list(form: StartForm) -> str:
    is_open = request.args.get("etat") != "termines"
    found = draft_pages.drafts_for(
        the_desk(), current_actor(), now(), is_open=is_open, before=key_in_query("before")
    )
    return render_template("rulebook/drafts.html", found=found, form=form.offer(dict(found.conventions)))


def _sheet(
    draft_id: int,
    *,
    terms: TermsForm | None = None,
    said: VersionForm | None = None,
    sent: tuple[int, CompleteForm] | None = None,
    unsaved: CompleteForm | None = None,
) -> str:
    count_all = request.args.get("dossiers") == "compter"
    sheet = draft_pages.sheet(the_desk(), current_actor(), draft_id, now(), count_all=count_all)
    return render_template(
        "rulebook/draft.html",
        sheet=sheet,
        terms=terms or TermsForm.of(sheet.terms, sheet.version),
        said=said or terms or unsaved or (sent[1] if sent else None),
        completing=_completing(sheet, sent),
        unsaved=unsaved,
        reason=said if isinstance(said, ReasonForm) else _blank(sheet),
        acts=Act,
        chosen_prefix=CHOSEN,
        chosen=request.form,
        choosing=request.endpoint == "rulebook.take_up",
    )


def _completing(
    sheet: DraftSheet, sent: tuple[int, CompleteForm] | None
) -> list[tuple[ToComplete, CompleteForm]]:
    """Each entry shown with its form: what was typed, else what the draft's terms already say."""
    return [
        (
            entry,
            sent[1]
            if sent and sent[0] == entry.number
            else CompleteForm.of(entry.number, sheet.terms, sheet.version),
        )
        for entry in sheet.to_complete[: completing.SHOWN]
    ]


def _blank(sheet: DraftSheet) -> ReasonForm:
    return ReasonForm(formdata=None, version=sheet.version, fingerprint=sheet.fingerprint)


def _sent(form: FileForm) -> str:
    """The file chosen, else the text typed."""
    chosen = form.file.data
    if not chosen or not chosen.filename:
        return form.text.data or ""
    try:
        return str(chosen.read().decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise Invalid(NOT_TEXT, "file") from error
