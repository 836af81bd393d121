"""The page of one ticket: what it shows, and one address for each gesture."""

from collections.abc import Callable
from http import HTTPStatus
from io import BytesIO

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from werkzeug.wrappers import Response

from router.desk import choices, ticket_page
from router.model.actor import NotFound, Refused
from web.app_context import now, show_in, the_desk
from web.auth import EVERYONE, access, current_actor, local_path
from web.errors import wording_of
from web.navigation import first_page
from web.refusals import show_refusal
from web.ticket.forms import GestureForm
from web.ticket.line import LETTERS
from web.ticket.moves import ALL, Hand, Move, receivers
from web.ticket.sheet import Sheet, sheet_of
from web.ticket.telling import Words, story
from web.ticket.wayback import way_back
from web.ticket.wording import FILTERS

blueprint = Blueprint("ticket", __name__)

for _name, _filter in FILTERS.items():
    blueprint.add_app_template_filter(_filter, _name)

Page = str | Response | tuple[str, int]
signed_in = access(*EVERYONE)
SHOWN_IN_THE_BROWSER = ("image/png", "image/jpeg", "image/webp")
NOTHING_RUNS = "default-src 'none'; sandbox"
GONE = "Ce dossier est devenu une alerte de sécurité : seules les personnes prévues pour cela le lisent encore."


@blueprint.get("/dossiers/<int:ticket_id>")
@signed_in
def show(ticket_id: int) -> Page:
    return _page(_hand(ticket_id))


@blueprint.get("/dossiers/<int:ticket_id>/fichiers/<int:file_id>")
@signed_in
def attachment(ticket_id: int, file_id: int) -> Response:
    """Only images open in the browser; anything else is saved, and nothing in it can run here."""
    name, media_type, content = ticket_page.attachment(the_desk(), current_actor(), ticket_id, file_id)
    answer = send_file(
        BytesIO(content),
        mimetype=media_type,
        download_name=name,
        as_attachment=media_type not in SHOWN_IN_THE_BROWSER,
    )
    answer.headers["Content-Security-Policy"] = NOTHING_RUNS
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _route(move: Move) -> Callable[[int], Page]:
    @signed_in
    def gesture(ticket_id: int) -> Page:
        return _make(move, ticket_id) if request.method == "POST" else _open(move, ticket_id)

    return gesture


for _move in ALL:
    blueprint.add_url_rule(
        f"/dossiers/<int:ticket_id>/{_move.path}", _move.name, _route(_move), methods=("GET", "POST")
    )


def _hand(ticket_id: int) -> Hand:
    actor, at = current_actor(), now()
    view = ticket_page.show(the_desk(), actor, ticket_id, at)
    return Hand(the_desk(), actor, view, at, to=request.args.get("vers", ""))


def _open(move: Move, ticket_id: int) -> Page:
    """The page with this gesture's form open; the page alone when the gesture isn't hers to make now."""
    hand = _hand(ticket_id)
    if move.gesture not in hand.view.gestures:
        return redirect(url_for("ticket.show", ticket_id=ticket_id))
    return _page(hand, move, move.empty(hand))


def _make(move: Move, ticket_id: int) -> Page:
    hand = _hand(ticket_id)
    form = move.filled(hand)
    if move.gesture in hand.view.gestures and not form.validate():
        return _page(hand, move, form), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        words = move.act(hand, form)
    except NotFound:
        raise
    except Refused as refusal:
        return _again(move, form, refusal, ticket_id)
    flash(words)
    return redirect(_landing(form, ticket_id))


def _again(move: Move, form: GestureForm, refusal: Refused, ticket_id: int) -> Page:
    """The page as it is now, with the refusal at its field and every word typed."""
    if refusal.field is not None:
        refusal.field = refusal.field.removeprefix("facts.")
    show_refusal(form, refusal)
    return _page(_hand(ticket_id), move, form), wording_of(refusal).status


def _landing(form: GestureForm, ticket_id: int) -> str:
    """Where she came from, else the ticket, unless it became an alert she may not read."""
    here = url_for("ticket.show", ticket_id=ticket_id)
    if form.back.data:
        return local_path(form.back.data, here)
    try:
        ticket_page.show(the_desk(), current_actor(), ticket_id, now())
    except NotFound:
        flash(GONE)
        return first_page(current_actor())
    return here


def _page(hand: Hand, opened: Move | None = None, form: GestureForm | None = None) -> str:
    view = hand.view
    sheet = sheet_of(view, hand.at, hand.actor.id)
    show_in(view.zone)
    words = Words(view.zone, choices.fact_words(hand.desk, view.policy), view.doubt)
    possible = opened is not None and opened.gesture in view.gestures
    return render_template(
        "ticket/show.html",
        view=view,
        sheet=sheet,
        letters=LETTERS,
        moments=story(view.story, words),
        opened=opened,
        form=form,
        forms=_forms(hand, sheet, opened, form),
        still_possible=possible,
        in_a_card=possible and opened is not None and _in_a_card(opened, sheet),
        receivers=receivers(hand) if possible and opened and opened.to_a_party else (),
        products=_products(hand, opened),
        refusals=_refusals(form),
        way_back=way_back(hand.actor, view),
        owner=words.facts.values.get(("asset_owner", view.asset.owner), "") if view.asset else "",
    )


def _in_a_card(opened: Move, sheet: Sheet) -> bool:
    """What doesn't fold into the page opens at its head."""
    return not opened.one_press and opened.name not in {move.name for move in sheet.moves.folded()}


def _forms(hand: Hand, sheet: Sheet, opened: Move | None, form: GestureForm | None) -> dict[str, GestureForm]:
    """One form for each gesture that folds into the page, and the one that was asked for or refused."""
    given = {opened.name: form} if opened and form else {}
    return {move.name: given.get(move.name) or move.empty(hand) for move in sheet.moves.folded()} | given


def _products(hand: Hand, opened: Move | None) -> tuple[str, ...]:
    return choices.products(hand.desk, hand.view.policy) if opened and opened.name == "correct" else ()


def _refusals(form: GestureForm | None) -> list[str]:
    """Every sentence of a refused form, wherever it would have stood."""
    if form is None:
        return []
    return [str(words) for each in form for words in each.errors] + [str(words) for words in form.form_errors]
