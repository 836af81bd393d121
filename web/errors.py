"""One table from exception to French sentence and status; the page, or JSON for programs that ask for it."""

import logging
import secrets
from dataclasses import dataclass
from http import HTTPStatus
from traceback import format_tb

from flask import (
    Flask,
    Response,
    current_app,
    flash,
    g,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as BaseResponse

from router.desk.policy import NoPolicy
from router.model.actor import Busy, Conflict, Forbidden, Invalid, NotFound, Refused, TooLarge, TooMany
from web.account.forms import ResumeForm
from web.auth import PUBLIC, SignInNeeded, actor_if_any, asked_page
from web.session_hold import Held, from_our_pages, held_from, held_from_this_request

log = logging.getLogger(__name__)
RETRY_AFTER_SECONDS = {TooMany: 15 * 60, Busy: 60}


@dataclass(frozen=True, slots=True)
class Wording:
    """What the error page says. `sentence` is for errors that bring none of their own."""

    status: HTTPStatus
    title: str
    sentence: str


REFUSALS: dict[type[Refused], Wording] = {
    NotFound: Wording(HTTPStatus.NOT_FOUND, "Page introuvable", "Cette page n'existe pas, ou n'existe plus."),
    Forbidden: Wording(HTTPStatus.FORBIDDEN, "Accès refusé", "Votre compte ne permet pas ce geste."),
    Conflict: Wording(HTTPStatus.CONFLICT, "Quelqu'un a été plus rapide", "La situation a changé entre-temps."),
    Invalid: Wording(HTTPStatus.UNPROCESSABLE_ENTITY, "Saisie à corriger", "Une valeur ne convient pas."),
    TooLarge: Wording(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "Envoi trop volumineux", "L'envoi est trop gros."),
    NoPolicy: Wording(
        HTTPStatus.SERVICE_UNAVAILABLE,
        "Règles pas encore publiées",
        "Aucun recueil de règles n'est en vigueur.",
    ),
    Busy: Wording(
        HTTPStatus.SERVICE_UNAVAILABLE,
        "Le service est très occupé",
        "Réessayez dans une minute : rien n'est fait.",
    ),
    TooMany: Wording(HTTPStatus.TOO_MANY_REQUESTS, "Trop d'essais", "Réessayez un peu plus tard."),
}

STATUSES: dict[int, Wording] = {
    400: Wording(HTTPStatus.BAD_REQUEST, "Demande mal formée", "Le serveur n'a pas compris cette demande."),
    403: REFUSALS[Forbidden],
    404: REFUSALS[NotFound],
    405: Wording(
        HTTPStatus.METHOD_NOT_ALLOWED,
        "Geste impossible ici",
        "Cette adresse ne s'ouvre pas de cette façon. Revenez à la page précédente.",
    ),
    413: Wording(
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        "Envoi trop volumineux",
        "Le texte ou le fichier envoyé dépasse la taille permise. Rien n'a été enregistré : revenez à la page "
        "précédente, votre saisie y est encore, puis raccourcissez le texte ou choisissez un fichier plus léger.",
    ),
    415: Wording(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "Format non accepté", "Ce format n'est pas accepté ici."),
    429: REFUSALS[TooMany],
}
OUR_FAULT = Wording(
    HTTPStatus.INTERNAL_SERVER_ERROR,
    "Incident interne",
    "Le service a rencontré une erreur. Rien de ce qui était déjà enregistré n'est perdu.",
)
STALE = Wording(
    HTTPStatus.BAD_REQUEST,
    "Page ouverte depuis trop longtemps",
    "Cette page date d'une session précédente. Rien n'a été enregistré : revenez en arrière et recommencez.",
)
PAGE_TOO_OLD = (
    "Cette page avait expiré : recommencez. Si cela se répète, acceptez le cookie de session de ce site."
)
SESSION_OVER = "Votre session a expiré. Connectez-vous de nouveau."

Answer = Response | BaseResponse | tuple[Response | str, int]


def init_app(app: Flask) -> None:
    app.register_error_handler(Refused, refused)
    app.register_error_handler(SignInNeeded, sign_in_needed)
    app.register_error_handler(CSRFError, stale_form)
    app.register_error_handler(HTTPException, http_error)
    app.register_error_handler(Exception, incident)


def wording_of(error: Refused) -> Wording:
    """The nearest entry of the table: a refusal of its own kind speaks like the kind it comes from."""
    kind = next((each for each in type(error).__mro__ if each in REFUSALS), Invalid)
    return REFUSALS[kind]


def refused(error: Refused) -> Answer:
    wording = wording_of(error)
    held = held_from_this_request() if isinstance(error, Busy) and not wants_json() else None
    if held is None:
        answer = _answer(wording, error.message or wording.sentence, field=error.field)
    else:
        page = render_template("errors/busy.html", wording=wording, sentence=error.message, held=held)
        answer = make_response(page, wording.status)
    for kind, seconds in RETRY_AFTER_SECONDS.items():
        if isinstance(error, kind):
            answer.headers["Retry-After"] = str(seconds)
    return answer


def sign_in_needed(_error: SignInNeeded) -> Answer:
    if wants_json():
        return _json(HTTPStatus.UNAUTHORIZED, SESSION_OVER)
    if request.method == "POST":
        return session_over(held_from_this_request())
    target = asked_page()
    return redirect(url_for("account.sign_in", next=target if target != "/" else None))


def session_over(held: Held | None) -> Answer:
    """Asks to sign in again, holding what was typed so that it can be sent afterwards."""
    page = render_template("account/session_over.html", held=held, form=ResumeForm(formdata=None))
    return make_response(page, HTTPStatus.UNAUTHORIZED)


def stale_form(error: CSRFError) -> Answer:
    """The token is missing or of an earlier session: the words typed are kept, whoever has to sign in or not."""
    if wants_json():
        return _json(HTTPStatus.BAD_REQUEST, STALE.sentence)
    log.info("form refused: %s", error.description)
    open_to_all = getattr(current_app.view_functions[str(request.endpoint)], "access", None) == PUBLIC
    if open_to_all and request.blueprint == "account":
        return _account_form_again()
    held = held_from_this_request()
    if actor_if_any() is None and not open_to_all:
        return session_over(held)
    if held is None:
        return _answer(STALE, STALE.sentence)
    return make_response(render_template("account/send_again.html", held=held), HTTPStatus.BAD_REQUEST)


def _account_form_again() -> Answer:
    """A form about signing in: nothing to keep but what the sign-in page itself was holding."""
    match request.endpoint:
        case "account.resume":
            return session_over(held_from(request.form) if from_our_pages() else None)
        case "account.sign_out":
            return redirect(url_for("account.sign_in"))
        case _:
            flash(PAGE_TOO_OLD, "error")
            return redirect(asked_page())


def http_error(error: HTTPException) -> Answer:
    if error.code is None or error.code < 400:  # a redirection of the router's own
        return BaseResponse(
            error.get_response(request.environ).get_data(), error.code or 302, error.get_headers()
        )
    wording = STATUSES.get(error.code, OUR_FAULT if error.code >= 500 else STATUSES[400])
    answer = _answer(Wording(HTTPStatus(error.code), wording.title, wording.sentence), wording.sentence)
    for name in ("Allow", "Retry-After"):
        if value := dict(error.get_headers()).get(name):
            answer.headers[name] = value
    return answer


def incident(error: Exception) -> Answer:
    """The unforeseen: its trace goes to the log under a number, the person gets the number.

    Kinds and places only: an exception's words may hold what people wrote, an address the key of a password."""
    reference = secrets.token_hex(4)
    log.error("incident %s on %s %s\n%s", reference, request.method, _place(), _trace(error))
    g.bare = True  # the database may be what failed: the page asks it nothing
    return _answer(OUR_FAULT, OUR_FAULT.sentence, reference=reference)


def _place() -> str:
    return str(request.url_rule) if "token" in (request.view_args or {}) else request.path


def _trace(error: BaseException | None) -> str:
    """The error and those it comes from, each with the lines it went through."""
    told = []
    while error is not None:
        told.append(f"{type(error).__qualname__}\n{''.join(format_tb(error.__traceback__))}")
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return "because of ".join(told)


def wants_json() -> bool:
    """Whether the client prefers JSON to a page."""
    best = request.accept_mimetypes.best_match(["text/html", "application/json"])
    return request.is_json or best == "application/json"


def _answer(
    wording: Wording, sentence: str, *, field: str | None = None, reference: str | None = None
) -> Response:
    if wants_json():
        return _json(wording.status, sentence, field=field, reference=reference)
    page = render_template("errors/error.html", wording=wording, sentence=sentence, reference=reference)
    return make_response(page, wording.status)


def _json(
    status: HTTPStatus, message: str, *, field: str | None = None, reference: str | None = None
) -> Response:
    error = {"message": message, "field": field, "reference": reference}
    body = {"error": {name: value for name, value in error.items() if value is not None}}
    return make_response(jsonify(body), status)
