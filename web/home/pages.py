"""The first page, and the ones the law asks for."""

from flask import Blueprint, Response, redirect, render_template
from werkzeug.wrappers import Response as BaseResponse

from web.auth import actor_if_any, public
from web.navigation import first_page

blueprint = Blueprint("home", __name__)


@blueprint.get("/")
@public
def index() -> str | BaseResponse:
    actor = actor_if_any()
    return redirect(first_page(actor)) if actor else render_template("home/index.html")


@blueprint.get("/accessibilite")
@public
def accessibility() -> str:
    return render_template("home/accessibility.html")


@blueprint.get("/donnees-personnelles")
@public
def privacy() -> str:
    return render_template("home/privacy.html")


@blueprint.get("/mentions-legales")
@public
def licence() -> str:
    return render_template("home/licence.html")


@blueprint.get("/robots.txt")
@public
def robots() -> Response:
    """A working tool has nothing to be found by search engines."""
    return Response("User-agent: *\nDisallow: /\n", mimetype="text/plain")
