"""Sign in and out, forgotten password, « Mon compte »."""

from http import HTTPStatus
from ipaddress import IPv6Address, ip_address, ip_network

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from router.desk import accounts, my_messages, sign_ins
from router.desk.passwords import DEMO_PASSWORD
from router.model.actor import Invalid, NotFound, Refused, TooMany
from web.account.device import device_words
from web.account.forms import ForgottenForm, MessagesForm, PasswordForm, ResetForm, ResumeForm, SignInForm
from web.app_context import now, the_desk
from web.auth import (
    EVERYONE,
    access,
    actor_if_any,
    begin_session,
    current_actor,
    end_session,
    local_path,
    public,
    session_key,
)
from web.navigation import first_page
from web.refusals import show_refusal
from web.session import open_session
from web.session_hold import held_from

blueprint = Blueprint("account", __name__)

Page = str | Response | tuple[str, int]


@blueprint.get("/connexion")
@public
def sign_in() -> Page:
    if actor := actor_if_any():
        return redirect(local_path(request.args.get("next"), first_page(actor)))
    return _sign_in_page(SignInForm())


@blueprint.post("/connexion")
@public
def sign_in_now() -> Page:
    form = SignInForm()
    if not form.validate():
        return _sign_in_page(form), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        signed_in = _opened(form)
    except Refused as refusal:
        show_refusal(form, refusal)
        return _sign_in_page(form), _status_of(refusal)
    return redirect(local_path(request.args.get("next"), first_page(signed_in.actor)))


@blueprint.post("/reprendre")
@public
def resume() -> Page:
    """Signs in again, then shows what was on its way, ready to be sent by one press of hers."""
    form = ResumeForm()
    held = held_from(request.form)
    status: int = HTTPStatus.UNPROCESSABLE_ENTITY
    if form.validate():
        try:
            signed_in = _opened(form)
        except Refused as refusal:
            show_refusal(form, refusal)
            status = _status_of(refusal)
        else:
            if held is None or local_path(held.path, "") != held.path:
                return redirect(first_page(signed_in.actor))
            return render_template("account/send_again.html", held=held)
    return render_template("account/session_over.html", form=form, held=held), status


@blueprint.post("/deconnexion")
@public
def sign_out() -> Page:
    end_session()
    open_session(now())
    flash("Votre session est fermée.")
    return redirect(url_for("account.sign_in"))


@blueprint.get("/mot-de-passe-oublie")
@public
def forgotten() -> Page:
    return render_template("account/forgotten.html", form=ForgottenForm(), asked=False)


@blueprint.post("/mot-de-passe-oublie")
@public
def forgotten_now() -> Page:
    form = ForgottenForm()
    if not form.validate():
        page = render_template("account/forgotten.html", form=form, asked=False)
        return page, HTTPStatus.UNPROCESSABLE_ENTITY
    accounts.ask_reset(the_desk(), form.email.data or "", _address(), now())
    return render_template("account/forgotten.html", form=form, asked=True)


@blueprint.get("/mot-de-passe/<token>")
@public
def reset(token: str) -> Page:
    try:
        email = accounts.check_link(the_desk(), token, now())
    except NotFound as refusal:
        return _link_over(refusal)
    return render_template("account/reset.html", form=ResetForm(email=email), email=email)


@blueprint.post("/mot-de-passe/<token>")
@public
def reset_now(token: str) -> Page:
    form = ResetForm()
    try:
        email = accounts.check_link(the_desk(), token, now())
        if form.validate():
            accounts.reset_password(the_desk(), token, form.new_password.data or "", now())
            flash("Votre nouveau mot de passe est enregistré. Connectez-vous.")
            return redirect(url_for("account.sign_in"))
    except NotFound as refusal:
        return _link_over(refusal)
    except Invalid as refusal:
        show_refusal(form, refusal)
    form.email.data = email
    return render_template("account/reset.html", form=form, email=email), HTTPStatus.UNPROCESSABLE_ENTITY


@blueprint.get("/mon-compte")
@access(*EVERYONE)
def me() -> Page:
    return _my_page(PasswordForm())


@blueprint.post("/mon-compte/mot-de-passe")
@access(*EVERYONE)
def change_password() -> Page:
    form = PasswordForm()
    if not form.validate():
        return _my_page(form), HTTPStatus.UNPROCESSABLE_ENTITY
    current, new = form.current_password.data or "", form.new_password.data or ""
    try:
        signed_in = accounts.change_password(
            the_desk(), current_actor(), current, new, _address(), now(), device=_device()
        )
    except Refused as refusal:
        show_refusal(form, refusal)
        return _my_page(form), _status_of(refusal)
    _begin(signed_in)
    flash("Votre mot de passe est changé. Vos autres sessions sont fermées.")
    return redirect(url_for("account.me"))


@blueprint.post("/mon-compte/messages")
@access(*EVERYONE)
def choose_messages() -> Page:
    form = MessagesForm()
    if not form.validate():
        return _my_page(PasswordForm(formdata=None), form), HTTPStatus.UNPROCESSABLE_ENTITY
    my_messages.choose(the_desk(), current_actor(), form.chosen(), now())
    flash("Votre choix est enregistré.")
    return redirect(url_for("account.me") + "#messages")


@blueprint.post("/mon-compte/sessions")
@access(*EVERYONE)
def end_other_sessions() -> Page:
    ended = sign_ins.end_others(the_desk(), current_actor(), session_key() or "", now())
    flash("Vos autres connexions sont fermées." if ended else "Vous n'aviez pas d'autre connexion.")
    return redirect(url_for("account.me"))


def _opened(form: SignInForm) -> accounts.SignedIn:
    email, password = form.email.data or "", form.password.data or ""
    signed_in = accounts.sign_in(the_desk(), email, password, _address(), now(), device=_device())
    end_session()  # the one this browser may still have: its cookie is about to be replaced
    _begin(signed_in)
    return signed_in


def _begin(signed_in: accounts.SignedIn) -> None:
    open_session(now())
    begin_session(signed_in)


def _my_page(form: PasswordForm, messages: MessagesForm | None = None) -> str:
    connections = sign_ins.mine(the_desk(), current_actor(), session_key() or "", now())
    messages = messages or MessagesForm.showing(my_messages.mine(the_desk(), current_actor()))
    college = accounts.own_college(the_desk(), current_actor())
    return render_template(
        "account/me.html", form=form, messages=messages, connections=connections, college=college
    )


def _device() -> str:
    return device_words(request.user_agent.string)


def _address() -> str:
    """Where attempts come from, as their limits count it: one IPv6 line has a whole /64 of addresses to try from."""
    given = request.remote_addr or "?"
    try:
        place = ip_address(given)
    except ValueError:
        return given
    return str(ip_network((place, 64), strict=False)) if isinstance(place, IPv6Address) else given


def _status_of(refusal: Refused) -> int:
    return HTTPStatus.TOO_MANY_REQUESTS if isinstance(refusal, TooMany) else HTTPStatus.UNPROCESSABLE_ENTITY


def _sign_in_page(form: SignInForm) -> str:
    people = accounts.demo_accounts(the_desk())
    return render_template("account/sign_in.html", form=form, people=people, demo_password=DEMO_PASSWORD)


def _link_over(refusal: NotFound) -> Page:
    return render_template("account/link_over.html", sentence=refusal.message), HTTPStatus.NOT_FOUND
