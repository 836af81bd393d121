"""The account pages, as a browser without scripts meets them: signing in and out, sessions, forgotten passwords."""

import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from router.model.words import Role
from router.store.engine import Database
from router.store.tables import Account, AccountEvent, NoticeRow
from tests.web.people import (
    PASSWORD,
    SettableClock,
    add_account,
    an_application,
    quick_hashes,
    sign_in,
    token_of,
)
from web.session import IDLE

NEW = "une autre phrase bien longue"
OWN = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture(autouse=True)
def quick() -> Iterator[None]:
    with quick_hashes():
        yield


@pytest.fixture
def clock() -> SettableClock:
    return SettableClock()


@pytest.fixture
def app(database: Database, clock: SettableClock, monkeypatch: pytest.MonkeyPatch) -> Flask:
    monkeypatch.setenv("AIGUILLAGE_SECRET_KEY", "k" * 40)
    add_account(database, "Anne Administratrice", Role.ADMINISTRATOR)
    add_account(database, "Max Pilotage", Role.MANAGER)
    return an_application(database, clock)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def anne(client: FlaskClient) -> FlaskClient:
    assert sign_in(client, "anne.administratrice@example.org").status_code == 302
    return client


def signed_in(client: FlaskClient) -> bool:
    return client.get("/mon-compte").status_code == 200


def fields_of(page: str) -> dict[str, str]:
    """The fields of the main form of a page, as a browser would send them."""
    form = page.split('<main class="main"', 1)[1]
    hidden = dict(re.findall(r'<input[^>]*type="hidden"[^>]*name="([^"]+)"[^>]*value="([^"]*)"', form))
    hidden |= dict(re.findall(r'<input[^>]*name="([^"]+)"[^>]*type="hidden"[^>]*value="([^"]*)"', form))
    areas = re.findall(r'<textarea hidden name="([^"]+)">\n?(.*?)</textarea>', form, re.DOTALL)
    return {name: unescape(value) for name, value in [*hidden.items(), *areas]}


class TestSigningIn:
    def test_leads_to_her_page_and_out_again(self, client: FlaskClient) -> None:
        answer = sign_in(client, "anne.administratrice@example.org")
        assert (answer.status_code, answer.headers["Location"]) == (302, "/comptes")
        assert client.get("/").headers["Location"] == "/comptes"
        page = client.get("/comptes")
        assert "Anne Administratrice" in page.text
        client.post("/deconnexion", data={"csrf_token": token_of(page.text)})
        assert client.get("/comptes").status_code == 302

    def test_unknown_and_wrong_look_the_same(self, client: FlaskClient) -> None:
        wrong = sign_in(client, "anne.administratrice@example.org", "pas le bon")
        unknown = sign_in(client, "personne@example.org", "pas le bon")
        assert wrong.status_code == unknown.status_code == 422
        assert "Adresse ou mot de passe incorrect." in wrong.text

        def plain(page: str) -> str:
            return re.sub(r'value="[^"]*"', "", page)

        assert plain(wrong.text) == plain(unknown.text)
        assert "pas le bon" not in wrong.text

    def test_too_many_tries(self, client: FlaskClient) -> None:
        for _ in range(10):
            sign_in(client, "anne.administratrice@example.org", "pas le bon")
        answer = sign_in(client, "anne.administratrice@example.org")
        assert answer.status_code == 429
        assert "Trop d&#39;essais de connexion" in answer.text

    def test_the_addresses_of_one_line_count_as_one(self, client: FlaskClient) -> None:
        token = token_of(client.get("/connexion").text)
        form = {"email": "anne.administratrice@example.org", "password": "pas le bon", "csrf_token": token}
        statuses = [
            client.post("/connexion", data=form, environ_base={"REMOTE_ADDR": f"2001:db8::{n:x}"}).status_code
            for n in range(11)
        ]
        assert statuses == [422] * 10 + [429]

    def test_comes_back_to_the_page_asked_for(self, client: FlaskClient) -> None:
        answer = client.get("/comptes?words=lou")
        assert answer.headers["Location"] == "/connexion?next=/comptes?words%3Dlou"
        page = client.get(answer.headers["Location"]).text
        action = unescape(re.findall(r'<form method="post" action="(/connexion[^"]*)"', page)[0])
        form = {"email": "anne.administratrice@example.org", "password": PASSWORD, "csrf_token": token_of(page)}
        assert client.post(action, data=form).headers["Location"] == "/comptes?words=lou"

    def test_never_leads_to_another_site(self, client: FlaskClient) -> None:
        elsewhere = [
            "https://ailleurs.example.org/",
            "//ailleurs.example.org/",
            "/\\ailleurs.example.org",
            "\\\\ailleurs.example.org",
            "/\t/ailleurs.example.org",
            "javascript:alert(1)",
            "comptes",
            "",
        ]
        for target in elsewhere:
            page = client.get("/connexion").text
            form = {
                "email": "anne.administratrice@example.org",
                "password": PASSWORD,
                "csrf_token": token_of(page),
            }
            answer = client.post("/connexion", query_string={"next": target}, data=form)
            assert answer.headers["Location"] == "/comptes", target
            client.delete_cookie("aiguillage")

    def test_the_cookie_is_not_for_scripts_nor_other_sites(self, app: Flask, client: FlaskClient) -> None:
        cookie = sign_in(client, "anne.administratrice@example.org").headers["Set-Cookie"]
        assert "HttpOnly" in cookie
        assert "SameSite=Lax" in cookie
        assert "Secure" not in cookie

    def test_over_https_the_cookie_asks_for_it(self, database: Database, app: Flask) -> None:
        secure = an_application(database, SettableClock(), public_url="https://aiguillage.example.org")
        answer = secure.test_client().get("/connexion")
        assert "Secure" in answer.headers["Set-Cookie"]
        assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"

    def test_signing_in_starts_a_fresh_session(self, client: FlaskClient) -> None:
        before = token_of(client.get("/connexion").text)
        sign_in(client, "anne.administratrice@example.org")
        answer = client.post("/mon-compte/sessions", data={"csrf_token": before}, headers=OWN)
        assert answer.status_code == 400


class TestSessions:
    def test_end_when_idle(self, anne: FlaskClient, clock: SettableClock) -> None:
        clock.forward(IDLE - timedelta(minutes=1))
        assert signed_in(anne)
        clock.forward(IDLE - timedelta(minutes=1))
        assert signed_in(anne)
        clock.forward(IDLE)
        assert not signed_in(anne)

    def test_end_after_a_day_of_work_even_when_busy(self, anne: FlaskClient, clock: SettableClock) -> None:
        for _ in range(9):
            clock.forward(timedelta(hours=1))
            assert signed_in(anne)
        clock.forward(timedelta(hours=1))
        assert not signed_in(anne)

    def test_a_disabled_person_is_out_at_once(self, anne: FlaskClient, app: Flask) -> None:
        max_ = app.test_client()
        sign_in(max_, "max.pilotage@example.org")
        assert signed_in(max_)
        page = anne.get("/comptes?words=max").text
        account = re.findall(r'href="(/comptes/\d+)"', page)[0]
        answer = anne.post(f"{account}/desactiver", data={"csrf_token": token_of(page)})
        assert answer.status_code == 302
        assert not signed_in(max_)
        assert sign_in(max_, "max.pilotage@example.org").status_code == 422

    def test_a_copied_cookie_is_refused_after_signing_out(self, anne: FlaskClient, app: Flask) -> None:
        cookie = anne.get_cookie("aiguillage")
        assert cookie is not None
        copy = app.test_client()
        copy.set_cookie("aiguillage", cookie.value)
        assert signed_in(copy)
        anne.post("/deconnexion", data={"csrf_token": token_of(anne.get("/mon-compte").text)})
        assert not signed_in(copy)
        assert not signed_in(anne)

    def test_a_copied_cookie_is_refused_after_a_new_sign_in_from_the_same_browser(
        self, anne: FlaskClient, app: Flask
    ) -> None:
        cookie = anne.get_cookie("aiguillage")
        assert cookie is not None
        token = token_of(anne.get("/mon-compte").text)
        form = {"email": "anne.administratrice@example.org", "password": PASSWORD, "csrf_token": token}
        assert anne.post("/connexion", data=form).status_code == 302
        copy = app.test_client()
        copy.set_cookie("aiguillage", cookie.value)
        assert signed_in(anne)
        assert not signed_in(copy)

    def test_her_connections_are_listed_and_the_others_closed(self, anne: FlaskClient, app: Flask) -> None:
        assert "Déconnecter les autres" not in anne.get("/mon-compte").text
        elsewhere = app.test_client()
        phone = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile/15E148 Safari/604.1"
        sign_in(elsewhere, "anne.administratrice@example.org", headers={"User-Agent": phone})
        page = anne.get("/mon-compte").text
        assert "Safari sur iPhone" in page
        assert page.count("Cet appareil") == 1
        anne.post("/mon-compte/sessions", data={"csrf_token": token_of(page)})
        assert signed_in(anne)
        assert not signed_in(elsewhere)

    def test_a_forged_cookie_is_nobody(self, client: FlaskClient) -> None:
        for value in ("x", "eyJfdXNlcl9pZCI6IjEueCJ9.aaaa.bbbb"):
            client.set_cookie("aiguillage", value)
            assert not signed_in(client)

    def test_a_strange_name_in_the_session_is_nobody(self, client: FlaskClient) -> None:
        for name in ("", "x", "1", "1.x", "²", "é" * 32, "a" * 31, "a" * 32, "a" * 33, "a" * 31 + "\n"):
            with client.session_transaction() as session:
                session["_user_id"] = name
            assert not signed_in(client), name

    def test_changing_the_password(self, anne: FlaskClient, app: Flask) -> None:
        token = token_of(anne.get("/mon-compte").text)
        form = {"current_password": "pas le bon", "new_password": NEW, "csrf_token": token}
        refused = anne.post("/mon-compte/mot-de-passe", data=form)
        assert refused.status_code == 422
        assert "Ce n&#39;est pas votre mot de passe actuel." in refused.text
        answer = anne.post("/mon-compte/mot-de-passe", data=form | {"current_password": PASSWORD})
        assert answer.status_code == 302
        assert signed_in(anne)
        assert sign_in(app.test_client(), "anne.administratrice@example.org", NEW).status_code == 302


FORM = {"name": "Un nom que je ne veux pas retaper", "email": "lou@example.org", "role": "manager"}


TOPICS = {"follow_up": "y", "comments": "y", "information": "y", "reminders": "y"}


class TestHerMessages:
    def choose(self, client: FlaskClient, **said: str) -> Any:
        return client.post(
            "/mon-compte/messages", data=said | {"csrf_token": token_of(client.get("/mon-compte").text)}
        )

    def kept(self, database: Database) -> tuple[bool, list[str]]:
        with database.reading() as session:
            anne = session.scalars(select(Account).where(Account.name.startswith("Anne"))).one()
            return anne.mail_grouped, anne.mail_declined

    def test_come_together_and_all_until_she_says_otherwise(
        self, anne: FlaskClient, database: Database
    ) -> None:
        page = anne.get("/mon-compte").text
        assert self.kept(database) == (True, [])
        assert (
            len(
                re.findall(
                    r"<input checked[^>]*name=\"(?:how|follow_up|comments|information|reminders)\"", page
                )
            )
            == 5
        )
        assert "arrivent toujours" in page

    def test_are_as_she_chose_and_the_page_shows_it(self, anne: FlaskClient, database: Database) -> None:
        answer = self.choose(anne, how="one_by_one", **(TOPICS | {"comments": ""}))
        assert (answer.status_code, answer.headers["Location"]) == (302, "/mon-compte#messages")
        assert self.kept(database) == (False, ["comments"])
        page = anne.get("/mon-compte").text
        assert "Votre choix est enregistré" in page
        assert re.search(r'<input checked[^>]*value="one_by_one"', page)
        assert not re.search(r'<input checked[^>]*name="comments"', page)
        assert self.choose(anne, how="together", **TOPICS).status_code == 302
        assert self.kept(database) == (True, [])

    def test_a_choice_that_is_none_is_told_and_changes_nothing(
        self, anne: FlaskClient, database: Database
    ) -> None:
        for said in ({}, {"how": "pigeon"}):
            answer = self.choose(anne, **said)
            assert answer.status_code == 422
            assert 'href="#how-0"' in answer.text
        assert self.kept(database) == (True, [])

    def test_each_change_is_in_the_account_s_history_once(self, anne: FlaskClient, database: Database) -> None:
        for _ in range(2):
            self.choose(anne, how="one_by_one", **TOPICS)
        with database.reading() as session:
            kinds = [event.kind for event in session.scalars(select(AccountEvent))]
        assert kinds.count("mail_chosen") == 1
        assert anne.get("/comptes/1").text.count("Choix de ses messages") == 1


class TestTextIsNeverLost:
    def send(self, client: FlaskClient, **options: Any) -> Any:
        return client.post("/comptes/nouveau", data=FORM, headers=OWN, **options)

    def resume(self, client: FlaskClient, page: str, password: str = PASSWORD) -> Any:
        typed = {"email": "anne.administratrice@example.org", "password": password}
        return client.post("/reprendre", data=fields_of(page) | typed, headers=OWN)

    def test_the_session_ended_while_she_wrote(self, anne: FlaskClient, clock: SettableClock) -> None:
        clock.forward(IDLE)
        over = self.send(anne)
        assert over.status_code == 401
        assert "Votre session a expiré" in over.text
        again = self.resume(anne, over.text)
        assert FORM["name"] in again.text
        sent = anne.post("/comptes/nouveau", data=fields_of(again.text))
        assert sent.status_code == 302
        assert FORM["name"] in anne.get(sent.headers["Location"]).text

    def test_the_session_was_closed_from_elsewhere_while_she_wrote(self, anne: FlaskClient, app: Flask) -> None:
        token = token_of(anne.get("/comptes/nouveau").text)
        elsewhere = app.test_client()
        sign_in(elsewhere, "anne.administratrice@example.org")
        page = elsewhere.get("/mon-compte").text
        elsewhere.post("/mon-compte/sessions", data={"csrf_token": token_of(page)})
        over = anne.post("/comptes/nouveau", data=FORM | {"csrf_token": token}, headers=OWN)
        assert over.status_code == 401
        assert FORM["name"] in self.resume(anne, over.text).text

    def test_a_wrong_password_on_the_way_loses_nothing(self, anne: FlaskClient, clock: SettableClock) -> None:
        clock.forward(IDLE)
        over = self.send(anne)
        refused = self.resume(anne, over.text, "pas le bon")
        assert refused.status_code == 422
        assert FORM["name"] in self.resume(anne, refused.text).text

    def test_a_second_expiry_on_the_way_loses_nothing(self, anne: FlaskClient, clock: SettableClock) -> None:
        clock.forward(IDLE)
        over = self.send(anne)
        anne.delete_cookie("aiguillage")
        stale = self.resume(anne, over.text)
        assert stale.status_code == 401
        assert FORM["name"] in self.resume(anne, stale.text).text

    def test_a_stale_token_while_signed_in(self, anne: FlaskClient) -> None:
        stale = self.send(anne)
        assert stale.status_code == 400
        sent = anne.post("/comptes/nouveau", data=fields_of(stale.text))
        assert sent.status_code == 302

    def test_neither_passwords_nor_files_nor_tokens_are_held(self, anne: FlaskClient) -> None:
        form = {
            "current_password": "secret-un",
            "new_password": "secret-deux",
            "csrf_token": "vieux",
            "note": "reste",
        }
        stale = anne.post("/mon-compte/mot-de-passe", data=form, headers=OWN)
        assert "secret" not in stale.text
        assert "vieux" not in stale.text
        assert fields_of(stale.text)["note"] == "reste"

    def test_a_file_must_be_chosen_again_and_the_page_says_so(self, client: FlaskClient) -> None:
        from io import BytesIO

        form = FORM | {"file": (BytesIO(b"octets du fichier"), "photo.png")}
        over = client.post("/comptes/nouveau", data=form, headers=OWN)
        assert "choisir de nouveau le fichier" in over.text
        assert "octets" not in over.text

    @pytest.mark.parametrize(
        "headers", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://ailleurs.example.org"}, {}]
    )
    def test_nothing_sent_from_elsewhere_is_held(self, anne: FlaskClient, headers: dict[str, str]) -> None:
        """Else a page of another site could have her post its words with one press."""
        stale = anne.post("/comptes/nouveau", data=FORM, headers=headers)
        assert stale.status_code == 400
        assert FORM["name"] not in stale.text
        anne.delete_cookie("aiguillage")
        over = anne.post("/comptes/nouveau", data=FORM, headers=headers)
        assert over.status_code == 401
        assert FORM["name"] not in over.text

    def test_what_is_held_can_not_be_aimed_elsewhere(self, client: FlaskClient) -> None:
        page = client.get("/connexion").text
        for path in ("https://ailleurs.example.org/", "//ailleurs.example.org/x", "javascript:alert(1)"):
            aimed = {"held_path": path, "held.note": "x", "csrf_token": token_of(page)}
            answer = client.post(
                "/reprendre",
                data=aimed | {"email": "anne.administratrice@example.org", "password": PASSWORD},
                headers=OWN,
            )
            assert answer.status_code == 302
            assert answer.headers["Location"] == "/comptes"
            client.delete_cookie("aiguillage")
            page = client.get("/connexion").text


class TestForgottenPassword:
    def ask(self, client: FlaskClient, email: str) -> Any:
        token = token_of(client.get("/mot-de-passe-oublie").text)
        return client.post("/mot-de-passe-oublie", data={"email": email, "csrf_token": token})

    def link(self, database: Database) -> str:
        with database.reading() as session:
            body = session.scalars(select(NoticeRow.body)).one()
        return "/mot-de-passe/" + body.split("/mot-de-passe/", 1)[1].split()[0]

    def test_the_answer_does_not_say_whether_the_account_exists(
        self, client: FlaskClient, database: Database
    ) -> None:
        known, unknown = self.ask(client, "max.pilotage@example.org"), self.ask(client, "personne@example.org")
        assert known.status_code == unknown.status_code == 200
        assert known.text == unknown.text
        assert self.link(database)

    def test_a_link_gives_a_new_password_once(self, client: FlaskClient, database: Database) -> None:
        self.ask(client, "max.pilotage@example.org")
        link = self.link(database)
        page = client.get(link).text
        assert "max.pilotage@example.org" in page
        weak = client.post(link, data={"new_password": "court", "csrf_token": token_of(page)})
        assert weak.status_code == 422
        form = {"new_password": NEW, "csrf_token": token_of(weak.text)}
        assert client.post(link, data=form).headers["Location"] == "/connexion"
        assert sign_in(client, "max.pilotage@example.org", NEW).status_code == 302
        assert client.get(link).status_code == 404
        again = client.post(link, data=form | {"csrf_token": token_of(client.get("/mon-compte").text)})
        assert again.status_code == 404
        assert "Ce lien ne fonctionne plus" in again.text

    def test_a_page_open_too_long_says_so(self, client: FlaskClient) -> None:
        answer = client.post("/mot-de-passe-oublie", data={"email": "x@example.org"}, follow_redirects=True)
        assert answer.status_code == 200
        assert "Cette page avait expiré" in answer.text


def test_every_form_wants_its_token(anne: FlaskClient, app: Flask, database: Database) -> None:
    """Each address that takes a POST refuses one without a token, and does nothing."""
    posts = [rule for rule in app.url_map.iter_rules() if "POST" in (rule.methods or ())]
    assert len(posts) >= 12
    for rule in posts:
        path = re.sub(r"<[^>]+>", "1", re.sub(r"<uuid:[^>]+>", str(UUID(int=1)), rule.rule))
        answer = anne.post(path, data={"name": "x"})
        stays = answer.headers.get("Location", "") in ("/connexion", path)
        assert answer.status_code in (400, 401) or stays, (path, answer.status_code)
    with database.reading() as session:
        assert all(session.scalars(select(Account.active)))
        assert session.scalars(select(NoticeRow)).all() == []


def test_the_demonstration_shows_its_people(app: Flask, database: Database) -> None:
    add_account(database, "Nour Pilotage", Role.MANAGER, institution="departement", convention_id="demo-nord")
    add_account(database, "Lou Pilotage", Role.MANAGER, institution="academie")
    shown = an_application(database, SettableClock(), demo=True).test_client().get("/connexion").text
    assert "max.pilotage@example.org" in shown
    for one, institution in (("nour", "Département"), ("lou", "Académie")):  # a rule needs both to agree
        assert f"{one}.pilotage@example.org" in shown and f"({institution})" in shown
    assert "max.pilotage@example.org" not in app.test_client().get("/connexion").text
