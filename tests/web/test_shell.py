"""What every page shares: guards, headers, errors, menu, static files."""

import json
import re
from collections.abc import Iterator

import pytest
from flask import Flask, abort
from flask.testing import FlaskClient

from router.desk.policy import NoPolicy
from router.model.actor import Busy, Conflict, Forbidden, Invalid, NotFound, Refused, TooLarge, TooMany
from router.model.words import Role
from router.store.engine import Database, open_database
from router.store.schema import upgrade
from tests.web.people import SettableClock, add_account, an_application, quick_hashes, sign_in
from web.auth import PUBLIC, local_path, public
from web.errors import REFUSALS
from web.typography import french


@pytest.fixture(autouse=True)
def quick() -> Iterator[None]:
    with quick_hashes():
        yield


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    opened = open_database(f"sqlite:///{tmp_path_factory.mktemp('shell') / 'shell.sqlite3'}")
    upgrade(opened.engine)
    for role in Role:
        add_account(opened, f"Personne {role.value}", role, party="rupn" if role is Role.RUPN else None)
    yield opened
    opened.engine.dispose()


class Odd(Conflict):
    """A refusal the table doesn't name: it speaks like the kind it comes from."""


RAISED: dict[str, Exception] = {
    "introuvable": NotFound("Pas de dossier 12."),
    "refus": Forbidden("Réservé à l'équipe."),
    "conflit": Odd("Déjà résolu par Théo."),
    "saisie": Invalid("Date future.", "filed_at"),
    "lourd": TooLarge("Texte trop long."),
    "trop": TooMany("Trop de demandes."),
    "nu": Refused("Non."),
    "panne": RuntimeError("le mot de passe de la base est azerty"),
}


@pytest.fixture
def app(database: Database, monkeypatch: pytest.MonkeyPatch) -> Flask:
    monkeypatch.setenv("AIGUILLAGE_SECRET_KEY", "k" * 40)
    made = an_application(database, SettableClock())

    @made.get("/essai/<name>")
    @public
    def fail(name: str) -> str:
        raise RAISED[name]

    @made.get("/essai/code/<int:code>")
    @public
    def code(code: int) -> str:
        abort(code)

    return made


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("introuvable", 404),
        ("refus", 403),
        ("conflit", 409),
        ("saisie", 422),
        ("lourd", 413),
        ("trop", 429),
        ("nu", 422),
    ],
)
def test_a_refusal_is_a_page_with_its_sentence(client: FlaskClient, name: str, status: int) -> None:
    answer = client.get(f"/essai/{name}")
    assert answer.status_code == status
    assert str(RAISED[name]).replace("'", "&#39;") in answer.text
    assert "<h1>" in answer.text
    assert ("Retry-After" in answer.headers) == (status == 429)


def test_every_kind_of_refusal_has_its_own_status() -> None:
    named = {NotFound, Forbidden, Conflict, Invalid, TooLarge, TooMany}
    waits = {NoPolicy, Busy}  # the service can't answer yet, whatever was asked
    assert named | waits == set(REFUSALS)
    assert {REFUSALS[kind].status for kind in waits} == {503}
    assert len({REFUSALS[kind].status for kind in named}) == len(named)
    assert 503 not in {REFUSALS[kind].status for kind in named}
    assert len({wording.sentence for wording in REFUSALS.values()}) == len(REFUSALS)


def test_programs_get_json(client: FlaskClient) -> None:
    answer = client.get("/essai/saisie", headers={"Accept": "application/json"})
    assert json.loads(answer.text) == {"error": {"message": "Date future.", "field": "filed_at"}}
    nobody = client.get("/comptes", headers={"Accept": "application/json"})
    assert (nobody.status_code, nobody.mimetype) == (401, "application/json")


def test_an_incident_shows_a_number_and_nothing_else(
    client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    answer = client.get("/essai/panne")
    assert answer.status_code == 500
    assert "azerty" not in answer.text
    assert "Traceback" not in answer.text
    reference = re.findall(r'<strong class="mono">([0-9a-f]{8})</strong>', answer.text)[0]
    assert reference in caplog.text
    assert "RuntimeError" in caplog.text and "in fail" in caplog.text
    assert "azerty" not in caplog.text


def test_an_incident_s_log_holds_no_key_of_a_password(
    client: FlaskClient, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def down(*_: object) -> None:
        raise OSError("la base ne répond pas")

    monkeypatch.setattr("router.desk.accounts.check_link", down)
    assert client.get("/mot-de-passe/cle-secrete").status_code == 500
    assert "OSError" in caplog.text and "cle-secrete" not in caplog.text


def test_an_incident_page_needs_no_database(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_in(client, "personne.manager@example.org")

    def down(*_: object) -> None:
        raise OSError("la base ne répond pas")

    monkeypatch.setattr("router.desk.sign_ins.actor_of", down)
    answer = client.get("/mon-compte")
    assert answer.status_code == 500
    assert "Incident interne" in answer.text


@pytest.mark.parametrize("code", [400, 403, 404, 405, 413, 415, 418, 429, 503])
def test_http_errors_speak_french(client: FlaskClient, code: int) -> None:
    answer = client.get(f"/essai/code/{code}")
    assert answer.status_code == code
    assert '<html lang="fr">' in answer.text


def test_methods_and_sizes(client: FlaskClient) -> None:
    assert client.post("/accessibilite").status_code == 405
    assert "GET" in client.post("/accessibilite").headers["Allow"]
    heavy = client.post("/connexion", data={"email": "x" * 5_000_000})
    assert heavy.status_code == 413
    assert "dépasse la taille permise" in heavy.text
    assert client.get("/comptes/").status_code == 404


def test_every_answer_is_guarded(client: FlaskClient) -> None:
    for path in ("/", "/connexion", "/nulle-part", "/comptes", "/essai/panne", "/static/tokens.css"):
        with client.get(path) as answer:
            headers = answer.headers
        assert headers["Content-Security-Policy"].startswith("default-src 'none'; script-src 'self';"), path
        assert "unsafe" not in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]


def test_pages_are_not_kept_and_versioned_files_are(client: FlaskClient) -> None:
    page = client.get("/connexion")
    assert page.headers["Cache-Control"] == "no-store"
    files = re.findall(r'(?:href|src)="(/static/[^"]+)"', page.text)
    assert len(files) >= 9
    for file in files:
        with client.get(file) as answer:
            assert answer.status_code == 200, file
            assert "immutable" in answer.headers["Cache-Control"], file
    for file in ("/static/tokens.css", "/static/absent.css?v=1"):
        with client.get(file) as answer:
            assert "immutable" not in answer.headers["Cache-Control"]


def test_no_template_holds_inline_script_or_style(app: Flask) -> None:
    for name in app.jinja_env.list_templates():
        source, _, _ = app.jinja_env.loader.get_source(app.jinja_env, name)  # type: ignore[union-attr]
        assert not re.search(r"\sstyle=|<style|\son[a-z]+=\"|<script(?![^>]*\ssrc=)|javascript:", source), name


def test_every_template_compiles(app: Flask) -> None:
    for name in app.jinja_env.list_templates():
        app.jinja_env.get_template(name)


@pytest.mark.parametrize("role", list(Role))
def test_each_role_lands_on_a_page_of_hers(client: FlaskClient, role: Role) -> None:
    sign_in(client, f"personne.{role.value}@example.org")
    landing = client.get("/").headers["Location"]
    assert client.get(landing).status_code in (200, 503)
    menu = client.get("/mon-compte").text.split("<nav", 1)[1].split("</nav>", 1)[0]
    assert ("/comptes" in menu) == (role is Role.ADMINISTRATOR)
    for link in re.findall(r'href="([^"]+)"', menu):
        assert client.get(link).status_code != 403, (role, link)


def test_every_route_has_its_guard(app: Flask) -> None:
    for rule in app.url_map.iter_rules():
        if rule.endpoint == "static":
            continue
        guard = getattr(app.view_functions[rule.endpoint], "access", None)
        assert guard == PUBLIC or (isinstance(guard, frozenset) and guard <= set(Role)), rule.endpoint


def test_what_anybody_may_read(client: FlaskClient) -> None:
    for path in ("/", "/accessibilite", "/donnees-personnelles", "/mentions-legales", "/robots.txt"):
        assert client.get(path).status_code == 200, path
    assert "Accessibilité\u00a0: non conforme" in client.get("/").text


def test_paths_of_this_site_only() -> None:
    assert local_path("/dossiers/12?x=1", "/") == "/dossiers/12?x=1"
    for target in (None, "", "dossiers", "//x", "/\\x", "http://x", "/a\nb"):
        assert local_path(target, "/accueil") == "/accueil"


def test_french_spaces() -> None:
    assert french("Qui est compétent ?") == "Qui est compétent\u202f?"
    assert french("À 12 : « oui » ; non !") == "À 12\u00a0: «\u00a0oui\u00a0»\u202f; non\u202f!"
    assert french("12:30 ; a?b=c http://x") == "12:30\u202f; a?b=c http://x"
