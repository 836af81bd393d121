"""The page of the school calendar: looked at, refused with every line, confirmed; for administrators."""

import re
from collections.abc import Iterator
from html import unescape
from io import BytesIO

import pytest
from flask.testing import FlaskClient
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from router.store.engine import Database
from tests.desk.test_calendar_import import SNOWED
from tests.desk.world import World
from tests.intake.school_files import OFFICIAL, csv_file, csv_lines, csv_of
from tests.web.people import quick_hashes, token_of
from tests.web.test_operations import client_of, settled

PAGE = "/calendrier-scolaire"


@pytest.fixture(autouse=True)
def quick() -> Iterator[None]:
    with quick_hashes():
        yield


@pytest.fixture
def client(database: Database, monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    monkeypatch.setenv("AIGUILLAGE_SECRET_KEY", "k" * 40)
    return client_of(settled(database), "administrator")


def sent(client: FlaskClient, content: bytes, name: str = "calendrier.csv", zone: str = "") -> tuple[int, str]:
    token = token_of(client.get(PAGE).text)
    data = {"csrf_token": token, "zone": zone, "file": FileStorage(BytesIO(content), name)}
    # Encoded here: the test client leaves the temporary file of a large one open.
    boundary, body = encode_multipart(data)
    answer = client.post(PAGE, data=body, content_type=f"multipart/form-data; boundary={boundary}")
    return answer.status_code, answer.text


def hidden(page: str) -> dict[str, str]:
    """What the confirmation carries."""
    names = ("packed", "name", "zone", "stamp")
    found = {each: re.search(rf'name="{each}"[^>]*value="([^"]*)"', page) for each in names}
    return {name: match[1] for name, match in found.items() if match}


def plain(page: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).replace("’", "'").split())


def test_the_page_says_what_is_known_and_takes_a_file(client: FlaskClient) -> None:
    words = plain(client.get(PAGE).text)
    assert "Zone B 1 sept. 2019 31 août 2028" in words
    assert "Aucun jour connu : Corse, Guadeloupe, Martinique, Guyane, La Réunion, Mayotte." in words
    assert 'href="/calendrier-scolaire"' in client.get("/comptes").text


def test_a_preview_shows_the_days_before_anything_is_kept(client: FlaskClient) -> None:
    status, page = sent(client, csv_file(SNOWED))
    words = plain(page)
    assert status == 200
    assert "du lundi 8 mars 2027 au dimanche 14 mars 2027 Vacances d'hiver Classe Vacances" in words
    assert "1 dossier en cours suit" in words or "dossiers en cours suivent" in words
    assert "Ce qui change : Zone A" not in words
    assert set(hidden(page)) == {"packed", "name", "zone", "stamp"}


def test_refused_lines_are_named_and_nothing_can_be_confirmed(client: FlaskClient) -> None:
    lines = csv_lines(SNOWED)
    lines[4] = lines[4].replace("Zone B", "Zone D")
    status, page = sent(client, csv_of(lines))
    words = plain(page)
    assert status == 422
    assert "1 ligne à corriger" in words
    assert "Ligne 6 (Vacances d'Été) : La zone « Zone D » n'est pas connue" in words
    assert "Mettre en vigueur" not in words


@pytest.mark.parametrize(
    ("content", "name", "status", "sentence"),
    [
        (b"", "", 422, "Choisissez le fichier"),
        (b"", "vide.csv", 422, "Choisissez le fichier"),
        (b"%PDF-1.7", "arrete.pdf", 422, "est un PDF"),
        (b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n", "z.ics", 422, "est coupé"),
        (b"x" * (6 * 1024**2), "grand.csv", 413, "dépasse 5 Mo"),
    ],
)
def test_a_wrong_file_is_said_beside_its_field(
    client: FlaskClient, content: bytes, name: str, status: int, sentence: str
) -> None:
    found, page = sent(client, content, name)
    assert found == status
    assert sentence in plain(page)
    assert 'id="file-error"' in page


def test_what_is_known_already_is_said_to_be(client: FlaskClient) -> None:
    status, page = sent(client, csv_file(each for each in OFFICIAL if each.first < "2027-09-01"))
    assert status == 200
    assert "Rien ne change" in plain(page)
    assert "Mettre en vigueur" not in page


def test_a_confirmation_of_something_else_is_refused(client: FlaskClient) -> None:
    _, page = sent(client, csv_file(SNOWED))
    form = hidden(page) | {"csrf_token": token_of(page), "stamp": "0" * 64}
    answer = client.post(f"{PAGE}/importer", data=form)
    assert answer.status_code == 409
    assert "a changé depuis cet aperçu" in plain(answer.text)
    answer = client.post(f"{PAGE}/importer", data=form | {"packed": "???"})
    assert answer.status_code == 422
    assert "choisissez-le de nouveau" in plain(answer.text)


def test_confirmed_it_is_in_force_and_says_what_moved(client: FlaskClient) -> None:
    """Runs once days are recorded."""
    _, page = sent(client, csv_file(SNOWED))
    answer = client.post(f"{PAGE}/importer", data=hidden(page) | {"csrf_token": token_of(page)})
    assert answer.status_code == 303
    assert "Le calendrier est en vigueur." in plain(client.get(PAGE).text)
    assert "Rien ne change" in plain(sent(client, csv_file(SNOWED))[1])


def test_nobody_else_has_it(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AIGUILLAGE_SECRET_KEY", "k" * 40)
    world: World = settled(database)
    for name in ("manager", "lead", "rupn"):
        assert client_of(world, name).get(PAGE).status_code == 403
