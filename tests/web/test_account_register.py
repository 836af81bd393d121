"""The administrator's pages: the accounts of others."""

import re
from collections.abc import Iterator
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from router.model.words import Role
from router.store.engine import Database
from router.store.tables import NoticeRow
from tests.web.people import (
    UAI,
    SettableClock,
    add_account,
    add_college,
    an_application,
    quick_hashes,
    sign_in,
    token_of,
)


@pytest.fixture(autouse=True)
def quick() -> Iterator[None]:
    with quick_hashes():
        yield


@pytest.fixture
def app(database: Database, monkeypatch: pytest.MonkeyPatch) -> Flask:
    monkeypatch.setenv("AIGUILLAGE_SECRET_KEY", "k" * 40)
    add_college(database)
    add_account(database, "Anne Administratrice", Role.ADMINISTRATOR)
    return an_application(database, SettableClock())


@pytest.fixture
def anne(app: Flask) -> FlaskClient:
    client = app.test_client()
    sign_in(client, "anne.administratrice@example.org")
    return client


def test_creating_an_account(anne: FlaskClient, database: Database) -> None:
    token = token_of(anne.get("/comptes/nouveau").text)
    form = {
        "name": "Claire Référente",
        "email": "claire@example.org",
        "role": "rupn",
        "uai": UAI,
        "csrf_token": token,
    }
    page = anne.post("/comptes/nouveau", data=form, follow_redirects=True).text
    assert "Le compte est créé." in page
    assert "Invité, sans mot de passe encore" in page
    assert "Compte créé" in page
    with database.reading() as session:
        assert session.scalars(select(NoticeRow.address)).all() == ["claire@example.org"]


def test_what_was_typed_stays_beside_the_error(anne: FlaskClient) -> None:
    token = token_of(anne.get("/comptes/nouveau").text)
    form = {
        "name": "Claire",
        "email": "claire@example.org",
        "role": "rupn",
        "uai": "0359001A",
        "csrf_token": token,
    }
    answer = anne.post("/comptes/nouveau", data=form)
    assert answer.status_code == 422
    assert 'value="0359001A"' in answer.text
    assert 'href="#uai"' in answer.text
    assert 'aria-describedby="uai-hint uai-error"' in answer.text
    assert "<title>Erreur\u00a0: Créer un compte" in answer.text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("collège elise martin", "Le compte est créé."),
        ("Élise", "Aucun collège ne s'appelle ainsi"),
        (
            "Collège du Port",
            "Plusieurs collèges s'appellent ainsi : écrivez l'UAI, 0359002V (Vaudreuil), 0359003W",
        ),
        ("0359001", "n'est pas un UAI"),
        (" ", "Indiquez l'UAI du collège"),
    ],
)
def test_a_college_is_named_as_one_knows_it(
    anne: FlaskClient, database: Database, typed: str, said: str
) -> None:
    for uai in ("0359002V", "0359003W"):
        add_college(database, uai, "Collège du Port")
    page = anne.get("/comptes/nouveau").text
    assert f'<option value="{UAI}">Collège Élise-Martin' in page
    form = {"name": "Claire", "email": "claire@example.org", "role": "rupn", "uai": typed}
    told = anne.post("/comptes/nouveau", data=form | {"csrf_token": token_of(page)}, follow_redirects=True).text
    assert said in unescape(told).replace("\u00a0", " ").replace("\u202f", " ")


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"email": "anne.administratrice@example.org"}, 409),
        ({"role": "chef"}, 422),
        ({"party": "rssi"}, 422),
        ({"institution": "college"}, 422),
        ({"convention_id": "inventée"}, 422),
        ({"role": ""}, 422),
    ],
)
def test_a_forged_or_taken_value_is_refused(anne: FlaskClient, change: dict[str, str], status: int) -> None:
    token = token_of(anne.get("/comptes/nouveau").text)
    form = {"name": "Lou", "email": "lou@example.org", "role": "manager", "csrf_token": token}
    assert anne.post("/comptes/nouveau", data=form | change).status_code == status


def test_changing_and_disabling(anne: FlaskClient, database: Database) -> None:
    account = add_account(database, "Théo Technicien", Role.TECHNICIAN, party="departement_maintenance")
    page = anne.get(f"/comptes/{account}").text
    form = {"name": "Théo Chef", "email": "theo@example.org", "role": "lead", "party": "academie_dsi"}
    changed = anne.post(
        f"/comptes/{account}", data=form | {"csrf_token": token_of(page)}, follow_redirects=True
    ).text
    assert "Compte modifié" in changed
    assert re.search(r"Changé\s*:\s*.*rôle", changed)
    for gesture, badge in (("desactiver", "Désactivé"), ("reactiver", "Invité, sans mot de passe encore")):
        token = token_of(anne.get(f"/comptes/{account}").text)
        after = anne.post(f"/comptes/{account}/{gesture}", data={"csrf_token": token}, follow_redirects=True)
        assert badge in after.text
    twice = anne.post(f"/comptes/{account}/reactiver", data={"csrf_token": token_of(after.text)})
    assert twice.status_code == 409
    assert "Ce compte est déjà actif." in twice.text


def test_searching(anne: FlaskClient, database: Database) -> None:
    for number in range(60):
        add_account(database, f"Personne {number:02d}", Role.MANAGER)
    page = anne.get("/comptes").text
    assert "Page suivante" in page
    following = re.findall(r'href="(/comptes\?after=\d+)"', page)[0]
    assert "Personne 59" in anne.get(following).text
    assert "Personne 07" in anne.get("/comptes?words=personne+07&role=manager&state=active").text
    assert "Aucun compte ne correspond" in anne.get("/comptes?words=personne&state=disabled").text
    for strange in (
        "/comptes?role=chef",
        "/comptes?after=x",
        "/comptes?after=99999",
        f"/comptes?after={10**30}",
    ):
        assert anne.get(strange).status_code == 200, strange
    assert anne.get("/comptes?words=%00").status_code == 400


def test_only_administrators(app: Flask, database: Database) -> None:
    for role in (Role.RUPN, Role.LEAD, Role.RSSI, Role.MANAGER):
        add_account(database, f"Personne {role.value}", role)
        client = app.test_client()
        sign_in(client, f"personne.{role.value}@example.org")
        for path in ("/comptes", "/comptes/nouveau", "/comptes/1"):
            answer = client.get(path)
            assert answer.status_code == 403, (role, path)
            assert "Votre compte ne donne pas accès à cette page." in answer.text
        token = token_of(client.get("/mon-compte").text)
        assert client.post("/comptes/1/desactiver", data={"csrf_token": token}).status_code == 403


def test_an_account_that_does_not_exist(anne: FlaskClient) -> None:
    for path in ("/comptes/4711", "/comptes/99999999999999999999"):
        assert anne.get(path).status_code == 404, path


def test_her_account_names_her_college_and_not_only_its_number(app: Flask, database: Database) -> None:
    add_account(database, "Claire Référente", Role.RUPN, uai=UAI, party="rupn", institution="college")
    client = app.test_client()
    sign_in(client, "claire.référente@example.org")
    page = client.get("/mon-compte").text
    assert "Collège Élise-Martin" in page and f'UAI <span class="mono">{UAI}' in page
