"""Who is asking, and whether she may open this page. Every view wears `@public` or `@access(…)`."""

import re
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar
from urllib.parse import urlsplit

from flask import Flask, request
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user

from router.desk import accounts, sign_ins
from router.model.actor import Actor, Forbidden
from router.model.words import Role
from web.app_context import now, the_desk

P = ParamSpec("P")
R = TypeVar("R")

PUBLIC = "public"
SESSION_KEY = re.compile(r"[A-Za-z0-9_-]{32}")
EVERYONE = tuple(Role)
COLLEGE = (Role.RUPN, Role.PRINCIPAL, Role.STAFF)
TEAMS = (Role.TECHNICIAN, Role.LEAD)


class SignInNeeded(Exception):
    """Nobody is signed in, or the session has ended."""


class Person(UserMixin):  # type: ignore[misc]  # flask-login is not typed
    """A signed-in person as flask-login wants her. Her cookie names the session, kept on the server, never her."""

    def __init__(self, actor: Actor, key: str) -> None:
        self.actor = actor
        self.key = key

    def get_id(self) -> str:
        return self.key


def public(view: Callable[P, R]) -> Callable[P, R]:
    """Anybody may open this page, with or without an account."""
    view.access = PUBLIC  # type: ignore[attr-defined]
    return view


def access(*roles: Role) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Only these roles may open this page: others get 403, and whoever isn't signed in the sign-in page."""

    def guard(view: Callable[P, R]) -> Callable[P, R]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
            if current_actor().role not in roles:
                raise Forbidden("Votre compte ne donne pas accès à cette page.")
            return view(*args, **kwargs)

        guarded.access = frozenset(roles)  # type: ignore[attr-defined]
        return guarded

    return guard


def current_actor() -> Actor:
    """Whoever is signed in. Raises SignInNeeded when nobody is."""
    actor = actor_if_any()
    if actor is None:
        raise SignInNeeded
    return actor


def actor_if_any() -> Actor | None:
    return current_user.actor if current_user.is_authenticated else None


def begin_session(signed_in: accounts.SignedIn) -> None:
    login_user(Person(signed_in.actor, signed_in.key))


def session_key() -> str | None:
    """What the server calls the present session; None when nobody is signed in."""
    return current_user.key if current_user.is_authenticated else None


def end_session() -> None:
    """Ends the present session on the server, where every copy of its cookie ends with it."""
    if key := session_key():
        sign_ins.sign_out(the_desk(), key, now())
    logout_user()


def local_path(target: str | None, default: str) -> str:
    """`target` when it is a page of this site, else `default`: a sign-in link must not lead elsewhere."""
    if not target or not target.startswith("/") or target.startswith("//"):
        return default
    if any(character in target for character in "\\\r\n\t") or urlsplit(target).netloc:
        return default
    return target


def asked_page() -> str:
    """The page asked for, with its query, to come back to after sign-in."""
    return request.full_path.rstrip("?")


def init_app(app: Flask) -> None:
    manager = LoginManager(app, add_context_processor=False)  # the shell gives templates its own
    # Phones change address within a session: the person ends sessions, not the address.
    manager.session_protection = None

    @manager.user_loader  # type: ignore[untyped-decorator]
    def load(key: str) -> Person | None:
        if not SESSION_KEY.fullmatch(key):
            return None
        actor = sign_ins.actor_of(the_desk(), key, now())
        return None if actor is None else Person(actor, key)
