"""What every answer says to the browser: where things may come from, and what it may keep."""

import re
from http import HTTPStatus

from flask import Flask, Response, abort, request
from werkzeug.datastructures import ImmutableMultiDict

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
ONE_YEAR = 31_536_000
# Far over what a use case accepts: a text that is too long is refused by it, beside its field, and kept.
FIELDS_MAX_BYTES = 4_000_000
# Fields nobody writes words in (the last part of their names): there, a NUL comes from no page of ours. A password is
# nobody's to change.
NOT_WORDS = ("csrf_token", "key", "password", "token", "uai")


def init_app(app: Flask, *, https: bool) -> None:
    @app.before_request
    def limit_fields() -> None:
        """A form without files has no reason to be as long as one with them."""
        if request.mimetype != "multipart/form-data":
            request.max_content_length = FIELDS_MAX_BYTES

    @app.before_request
    def without_nul() -> None:
        """No text holds this character, and PostgreSQL takes none that does: words typed lose it, and nothing else."""
        if "\0" in request.path or any("\0" in name + value for name, value in request.args.items(multi=True)):
            abort(HTTPStatus.BAD_REQUEST)
        given = list(request.form.items(multi=True))
        if any("\0" in name or ("\0" in value and _no_words(name)) for name, value in given):
            abort(HTTPStatus.BAD_REQUEST)
        if any("\0" in value for _, value in given):
            request.form = ImmutableMultiDict((name, value.replace("\0", "")) for name, value in given)

    @app.after_request
    def protect(response: Response) -> Response:
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if https:
            response.headers.setdefault("Strict-Transport-Security", f"max-age={ONE_YEAR}")
        if request.endpoint == "static" and response.status_code < 400:
            _keep_static(response)
        else:
            response.headers.setdefault("Cache-Control", "no-store")
        return response


def _no_words(name: str) -> bool:
    return re.split(r"[-.]", name)[-1] in NOT_WORDS


def _keep_static(response: Response) -> None:
    """A file asked for with its version never changes under that address."""
    if "v" in request.args:
        response.headers["Cache-Control"] = f"public, max-age={ONE_YEAR}, immutable"
