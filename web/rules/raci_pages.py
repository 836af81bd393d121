"""The convention's annexes: the RACI and the simplified table, for reading and printing."""

from flask import Blueprint, Response, render_template, request

from router.desk import raci_pages, raci_return
from router.sheets.workbook import SheetFormat
from web.app_context import now, the_desk
from web.auth import actor_if_any, public
from web.rules.pages import CONVENTION

blueprint = Blueprint("annexes", __name__)


@blueprint.get("/regles/raci")
@public
def raci() -> str:
    view = raci_pages.raci_view(the_desk(), request.args.get(CONVENTION) or None, now())
    may_send_back = raci_return.may_send_back(actor_if_any(), view.annex.convention)
    return render_template("rules/raci.html", view=view, may_send_back=may_send_back)


@blueprint.get("/regles/tableau-simplifie")
@public
def simplified() -> str:
    view = raci_pages.simplified_view(the_desk(), request.args.get(CONVENTION) or None, now())
    return render_template("rules/simplified.html", view=view)


@blueprint.get("/regles/raci.<any(xlsx, ods):extension>")
@public
def download(extension: str) -> Response:
    convention = request.args.get(CONVENTION) or None
    name, kind, content = raci_pages.raci_file(the_desk(), convention, SheetFormat(extension), now())
    return Response(content, mimetype=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})
