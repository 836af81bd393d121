"""Builds the web application from its parts. Reads the settings once; every part is named here."""

import os
from datetime import timedelta

from flask import Flask
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from router.desk.house import Desk, open_desk
from router.settings import Settings, load_settings, secret_key
from web import auth, errors, security, session, templating
from web.account import pages as account
from web.admin import pages as admin
from web.admin import school
from web.alerts import pages as alerts
from web.app_context import Clock, furnish, utc_clock
from web.calendar import pages as calendar
from web.declare import pages as declare
from web.home import pages as home
from web.keys import KeyConverter
from web.learning import pages as learning
from web.operations import pages as operations
from web.queue import pages as queue
from web.reports import pages as reports
from web.rulebook import history as rule_history
from web.rulebook import pages as rulebook
from web.rulebook import sheets
from web.rules import explain_pages as explain
from web.rules import pages as rules
from web.rules import raci_pages as annexes
from web.ticket import pages as ticket
from web.ticket import time_pages as ticket_time

BLUEPRINTS = (
    home.blueprint,
    account.blueprint,
    admin.blueprint,
    school.blueprint,
    rules.blueprint,
    explain.blueprint,
    rule_history.blueprint,
    rulebook.blueprint,
    sheets.blueprint,
    annexes.blueprint,
    reports.blueprint,
    learning.blueprint,
    operations.blueprint,
    calendar.blueprint,
    declare.blueprint,
    queue.blueprint,
    ticket.blueprint,
    ticket_time.blueprint,
    alerts.blueprint,
)

PLACE_FOR_THE_FIELDS_MB = 2


def create_app(
    settings: Settings | None = None, desk: Desk | None = None, *, clock: Clock = utc_clock
) -> Flask:
    """The application; without settings, those of the configuration file (`AIGUILLAGE_CONFIG`).

    Raises SettingsError when the configuration is faulty or no secret key is to be found."""
    settings = settings or (desk.settings if desk else load_settings(None, os.environ))
    app = Flask(__name__)
    app.url_map.converters["int"] = KeyConverter
    app.config.update(_configuration(settings))
    furnish(app, desk or open_desk(settings), clock)
    _trust_proxies(app, settings.trusted_proxies)
    security.init_app(app, https=settings.public_url.startswith("https://"))
    session.init_app(app)
    CSRFProtect(app)
    auth.init_app(app)
    errors.init_app(app)
    templating.init_app(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    return app


def _configuration(settings: Settings) -> dict[str, object]:
    return {
        "SECRET_KEY": secret_key(settings, os.environ),
        "SESSION_COOKIE_NAME": "aiguillage",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": settings.public_url.startswith("https://"),
        "SESSION_REFRESH_EACH_REQUEST": False,
        "PERMANENT_SESSION_LIFETIME": timedelta(hours=settings.session_hours),
        "WTF_I18N_ENABLED": False,  # WTForms' own French sentences, see web.forms
        "WTF_CSRF_TIME_LIMIT": None,  # the token lives as long as the session it is bound to
        "MAX_CONTENT_LENGTH": (settings.attachment_max_mb + PLACE_FOR_THE_FIELDS_MB) * 1024 * 1024,
        "MAX_FORM_MEMORY_SIZE": security.FIELDS_MAX_BYTES,
    }


def _trust_proxies(app: Flask, count: int) -> None:
    if count:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)  # type: ignore[method-assign]
