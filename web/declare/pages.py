"""« Signaler » : the form, the panel beside it, what follows; « Mes dossiers »."""

from http import HTTPStatus
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from router.desk import after_alert, filing, handle
from router.desk.browse import COUNTED
from router.desk.doubts import QuestionFirst
from router.desk.filing import FILERS, Draft, Look
from router.desk.own_tickets import Chosen, own_tickets
from router.desk.whereabouts import IN_COLLEGE, find_colleges
from router.model.actor import Busy, Conflict, Invalid, Refused
from web.app_context import now, show_in, the_desk
from web.auth import access, current_actor
from web.declare.forms import ANSWER_PREFIX, FilingForm, new_key
from web.declare.highlight import segments
from web.declare.words import (
    category_label,
    duty_label,
    exam_said,
    jump_said,
    language_said,
    personal_said,
    scope_said,
    stressed,
    told_label,
    written_in,
)
from web.errors import wording_of
from web.keys import key_in_form
from web.refusals import show_refusal

blueprint = Blueprint("declare", __name__)
blueprint.add_app_template_filter(duty_label)
blueprint.add_app_template_filter(category_label)
blueprint.add_app_template_filter(language_said)
blueprint.add_app_template_filter(written_in)
blueprint.add_app_template_filter(segments)
blueprint.add_app_template_filter(stressed)
blueprint.add_app_template_filter(told_label)

Page = str | Response | tuple[str, int]
filers = access(*FILERS)
college_people = access(*IN_COLLEGE)
LONGEST_SEARCH = 100
NO_TICKET = 0


@blueprint.get("/signaler")
@filers
def form() -> Page:
    actor = current_actor()
    uai = request.args.get("uai", "")[:20]
    if actor.role not in IN_COLLEGE and not uai:
        return _choose_college()
    try:
        look = filing.start(the_desk(), actor, uai, now())
    except Invalid as refusal:
        return _choose_college(refusal)
    empty = FilingForm(formdata=None, key=new_key(), uai=look.place.uai, phone=look.place.phone, category="")
    if request.args.get("securite"):
        empty.category.data = "security"
    return _page(empty, look)


@blueprint.post("/signaler")
@filers
def file() -> Page:
    """One address for every button: what was typed comes back with each answer, whatever happens."""
    filled = FilingForm()
    filled.settle()
    draft = filled.draft(for_somebody=not _own())
    if not filled.validate():
        return _again(filled, draft, HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        if "join" in request.form:
            return _join(key_in_form("join") or NO_TICKET, draft)
        if request.form.get("do") != "send":
            return _looked(filled, draft)
        filing.send(the_desk(), current_actor(), draft, now())
    except Refused as refusal:
        return _given_back(filled, draft, refusal)
    return redirect(url_for("declare.sent", key=draft.key))


def _given_back(filled: FilingForm, draft: Draft, refusal: Refused) -> Page:
    if isinstance(refusal, QuestionFirst):
        return _again(filled, draft, HTTPStatus.OK, question_first=True)
    if isinstance(refusal, Conflict):
        return _sent_before(filled, draft, refusal)
    if refusal.field is None and not isinstance(refusal, Busy):
        raise refusal
    _show(filled, refusal)
    return _again(filled, draft, wording_of(refusal).status)


def _looked(filled: FilingForm, draft: Draft) -> Page:
    found = filing.look(the_desk(), current_actor(), draft, now())
    if request.form.get("do") == "mask":
        filled.mask(found.privacy)
        found = filing.look(the_desk(), current_actor(), filled.draft(for_somebody=not _own()), now())
    return _page(filled, found)


@blueprint.post("/signaler/panneau")
@filers
def panel() -> Page:
    """The moving parts of the page alone, for the script that refreshes them as she types."""
    filled = FilingForm()
    filled.settle()
    if not filled.validate():  # her browser bounds these fields: the button that looks says what is wrong
        return "", HTTPStatus.UNPROCESSABLE_ENTITY
    draft = filled.draft(for_somebody=not _own())
    look = filing.look(the_desk(), current_actor(), draft, now())
    return render_template("declare/panel.html", **_shown(filled, look))


@blueprint.get("/signaler/envoye/<uuid:key>")
@filers
def sent(key: UUID) -> Page:
    made = filing.sent(the_desk(), current_actor(), str(key))
    show_in(made.zone)
    return render_template("declare/sent.html", made=made, key=key)


@blueprint.post("/signaler/envoye/<uuid:key>/reponse")
@filers
def answer(key: UUID) -> Page:
    """To the question that a sure alert left open: it went without waiting."""
    after_alert.answer(the_desk(), current_actor(), str(key), request.form.get("answer", ""), now())
    flash("Votre réponse est ajoutée à l'alerte : le RSSI est prévenu.")
    return redirect(url_for("declare.sent", key=key))


@blueprint.get("/mes-dossiers")
@college_people
def mine() -> Page:
    asked = request.args.get("voir", "")
    chosen = Chosen(asked) if asked in set(Chosen) else Chosen.ALL
    words, after = request.args.get("mots", "")[:LONGEST_SEARCH].strip(), request.args.get("after")
    found = own_tickets(the_desk(), current_actor(), chosen, words, after)
    return render_template(
        "declare/mine.html", found=found, chosen=chosen.value, words=words, after=after, counted=COUNTED
    )


def _own() -> bool:
    return current_actor().role in IN_COLLEGE


def _page(filled: FilingForm, look: Look) -> str:
    return render_template("declare/form.html", **_shown(filled, look))


def _again(filled: FilingForm, draft: Draft, status: int, *, question_first: bool = False) -> Page:
    """The page with its errors, or a question at its head, and everything that was typed. The files are the browser's
    to choose again."""
    look = _what_can_be_shown(draft)
    if isinstance(look, Refused):
        _show(filled, look)
        look = filing.start(the_desk(), current_actor(), draft.uai, now())
    given_back = {"chosen_again": bool(draft.files), "question_first": question_first}
    return render_template("declare/form.html", **given_back, **_shown(filled, look)), status


def _what_can_be_shown(draft: Draft) -> Look | Refused:
    try:
        return filing.look(the_desk(), current_actor(), draft, now())
    except Refused as refusal:
        return refusal


def _shown(filled: FilingForm, look: Look) -> dict[str, object]:
    draft = filled.draft(for_somebody=not _own())
    show_in(look.place.zone)
    filled.suggest_scope(look.scope)
    filled.suggest_exam(look.exam_on is not None or bool(look.exam_words))
    filled.ask(look.doubt)
    filled.refused -= look.let_go
    evidence = look.words.evidence if look.words else ()
    text = "\n".join(part for part in (draft.subject.strip(), draft.body.strip()) if part)
    return {
        "form": filled,
        "look": look,
        "own": _own(),
        "segments": segments(text, evidence),
        "scope_said": scope_said(look),
        "exam_said": exam_said(look) if filled.exam_read.data else "",
        "personal_said": personal_said(look),
        "jump_said": jump_said(look),
        "picked": draft.asset_tag,
        "things": look.things,
        "answer_prefix": ANSWER_PREFIX,
    }


def _show(filled: FilingForm, refusal: Refused) -> None:
    """A refused fact is said under the field that gave it, else at the head."""
    name = (refusal.field or "").removeprefix("facts.")
    refusal.field = name or None
    if not any(refusal.message in errors for errors in filled.errors.values()):
        show_refusal(filled, refusal)


def _sent_before(filled: FilingForm, draft: Draft, refusal: Conflict) -> Page:
    """This form has already made a ticket, with other words: the next press will make another one."""
    ticket = filing.already_sent(the_desk(), current_actor(), draft.key)
    if ticket is None:
        raise refusal
    filled.key.data = new_key()
    filled.form_errors.append(
        f"Ce formulaire a déjà été envoyé : c'est le dossier n° {ticket}. "
        "Si vous voulez vraiment en ouvrir un second, envoyez de nouveau."
    )
    return _again(filled, draft, HTTPStatus.CONFLICT)


def _join(ticket: int, draft: Draft) -> Page:
    words = "\n".join(part for part in (draft.subject.strip(), draft.body.strip()) if part)
    handle.comment(the_desk(), current_actor(), ticket, words, now(), files=draft.files)
    flash(f"Vos mots sont ajoutés au dossier n° {ticket}. Aucun nouveau dossier n'a été ouvert.")
    return redirect(f"/dossiers/{ticket}")


def _choose_college(refusal: Invalid | None = None) -> Page:
    words = request.args.get("college", "")[:LONGEST_SEARCH]
    found = None
    if words.strip():
        try:
            found = find_colleges(the_desk(), current_actor(), words, now())
        except Invalid as mistaken:
            refusal = mistaken
    page = render_template("declare/college.html", words=words, found=found, refusal=refusal)
    return (page, HTTPStatus.UNPROCESSABLE_ENTITY) if refusal else page
