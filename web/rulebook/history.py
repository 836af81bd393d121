"""« Historique » of the rules: each publication, what justified it, who agreed. Open to all."""

from flask import Blueprint, Response, render_template, request

from router.desk import history as use_case
from web.app_context import now, the_desk
from web.auth import actor_if_any, public

blueprint = Blueprint("history", __name__)


@blueprint.get("/recueil/historique")
@public
def index() -> str:
    found = use_case.history(the_desk(), actor_if_any(), request.args.get("convention") or None, now())
    return render_template("rulebook/history.html", found=found)


@blueprint.get("/recueil/historique/<int:publication_id>.zip")
@public
def archive(publication_id: int) -> Response:
    name, content = use_case.archive(the_desk(), publication_id)
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, mimetype="application/zip", headers=headers)
