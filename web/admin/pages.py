"""Accounts: list and search, create, change, disable, invite."""

from collections.abc import Mapping
from http import HTTPStatus

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from router.desk import account_register as register
from router.model.actor import Conflict, Refused
from router.model.words import Role
from web.admin.forms import AccountForm, AccountSearchForm
from web.app_context import now, the_desk
from web.auth import access, current_actor
from web.keys import key_in_query
from web.refusals import show_refusal

blueprint = Blueprint("admin", __name__)

Page = str | Response | tuple[str, int]
LONGEST_SEARCH = 100
administrators = access(Role.ADMINISTRATOR)


@blueprint.get("/comptes")
@administrators
def accounts() -> Page:
    form = AccountSearchForm(request.args)
    form.validate()
    after = key_in_query("after")
    page = register.search(
        the_desk(),
        current_actor(),
        words=(form.words.data or "")[:LONGEST_SEARCH],
        role=Role(form.role.data) if form.role.data and not form.role.errors else None,
        active={"active": True, "disabled": False}.get(form.state.data or ""),
        after=after,
    )
    return render_template("admin/accounts.html", form=form, page=page, filters=_filters(form), after=after)


@blueprint.get("/comptes/nouveau")
@administrators
def new_account() -> Page:
    return _new_page(AccountForm())


@blueprint.post("/comptes/nouveau")
@administrators
def create_account() -> Page:
    form = _offered(AccountForm())
    if not form.validate():
        return _new_page(form), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        account_id = register.create(the_desk(), current_actor(), form.draft(), now())
    except Refused as refusal:
        show_refusal(form, refusal)
        return _new_page(form), _status_of(refusal)
    flash(f"Le compte est créé. Une invitation part à {form.email.data}.")
    return redirect(url_for("admin.account", account_id=account_id))


@blueprint.get("/comptes/<int:account_id>")
@administrators
def account(account_id: int) -> Page:
    sheet = register.show(the_desk(), current_actor(), account_id)
    return _account_page(sheet, AccountForm(obj=sheet.draft))


@blueprint.post("/comptes/<int:account_id>")
@administrators
def change_account(account_id: int) -> Page:
    sheet = register.show(the_desk(), current_actor(), account_id)
    form = _offered(AccountForm(), sheet.draft.convention_id)
    if not form.validate():
        return _account_page(sheet, form), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        register.change(the_desk(), current_actor(), account_id, form.draft(), now())
    except Refused as refusal:
        show_refusal(form, refusal)
        return _account_page(sheet, form), _status_of(refusal)
    flash("Le compte est modifié.")
    return redirect(url_for("admin.account", account_id=account_id))


@blueprint.post("/comptes/<int:account_id>/desactiver")
@administrators
def disable_account(account_id: int) -> Page:
    register.disable(the_desk(), current_actor(), account_id, now())
    flash("Le compte est désactivé, et ses sessions sont fermées.")
    return redirect(url_for("admin.account", account_id=account_id))


@blueprint.post("/comptes/<int:account_id>/reactiver")
@administrators
def enable_account(account_id: int) -> Page:
    register.enable(the_desk(), current_actor(), account_id, now())
    flash("Le compte est réactivé. Un lien pour choisir un mot de passe part à la personne.")
    return redirect(url_for("admin.account", account_id=account_id))


@blueprint.post("/comptes/<int:account_id>/inviter")
@administrators
def invite_account(account_id: int) -> Page:
    register.send_invitation(the_desk(), current_actor(), account_id, now())
    flash("Un lien pour choisir un mot de passe part à la personne.")
    return redirect(url_for("admin.account", account_id=account_id))


def _offered(form: AccountForm, kept: str | None = None) -> AccountForm:
    return form.offer(register.conventions(the_desk(), now()), kept)


def _new_page(form: AccountForm) -> str:
    return render_template("admin/new_account.html", form=_offered(form), colleges=_colleges())


def _account_page(sheet: register.AccountSheet, form: AccountForm) -> str:
    offered = _offered(form, sheet.draft.convention_id)
    return render_template(
        "admin/account.html", sheet=sheet, form=offered, me=current_actor().id, colleges=_colleges()
    )


def _colleges() -> Mapping[str, str]:
    return register.colleges(the_desk(), current_actor(), now())


def _status_of(refusal: Refused) -> int:
    return HTTPStatus.CONFLICT if isinstance(refusal, Conflict) else HTTPStatus.UNPROCESSABLE_ENTITY


def _filters(form: AccountSearchForm) -> dict[str, str]:
    return {name: value for name, value in form.data.items() if value}
