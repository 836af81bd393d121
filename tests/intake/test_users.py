"""People given in a file: accounts without a password, the right place for each, and what is refused."""

from datetime import datetime

import pytest
from sqlalchemy import select, update

from router.intake.report import ImportReport
from router.intake.tabular import read_table
from router.intake.users import import_users
from router.model.uai import college_uai
from router.store.engine import Database
from router.store.tables import Account, AccountEvent
from tests.intake.files import Rows, csv_bytes, ods_bytes, xlsx_bytes
from tests.intake.territory import AT, CONVENTIONS, LATER, NORTH, SOUTH, settle

HEADER = ("Nom", "Prénom", "Adresse électronique", "Fonction", "UAI", "Équipe", "Institution", "Convention")
FLAGS = (*HEADER, "Contact sécurité", "Coordonnateur")


def person(
    role: str,
    *,
    email: str = "p@example.org",
    uai: str = "",
    team: str = "",
    institution: str = "",
    convention: str = "",
) -> tuple[str, ...]:
    return ("Exemple", "Camille", email, role, uai, team, institution, convention)


def load(
    database: Database,
    *rows: tuple[str, ...],
    header: tuple[str, ...] = HEADER,
    conventions: dict[str, str] = CONVENTIONS,
    at: datetime = AT,
) -> ImportReport:
    return load_bytes(database, csv_bytes([header, *rows]), conventions=conventions, at=at)


def load_bytes(
    database: Database, content: bytes, *, conventions: dict[str, str] = CONVENTIONS, at: datetime = AT
) -> ImportReport:
    with database.writing() as session:
        return import_users(session, read_table(content, "personnes"), conventions=conventions, at=at)


def stored(database: Database, email: str = "p@example.org") -> Account:
    with database.reading() as session:
        return session.scalars(select(Account).where(Account.email == email)).one()


def events(database: Database) -> list[tuple[str, dict[str, object]]]:
    with database.reading() as session:
        return [
            (event.kind, event.data)
            for event in session.scalars(select(AccountEvent).order_by(AccountEvent.id))
        ]


@pytest.fixture
def territory(database: Database) -> Database:
    settle(database)
    return database


@pytest.mark.parametrize("make", [csv_bytes, xlsx_bytes, ods_bytes])
def test_an_account_is_created_without_a_password(territory: Database, make: object) -> None:
    assert callable(make)
    rows: Rows = [HEADER, person("RUPN", email="Camille.Exemple@Example.org", uai=NORTH.lower())]
    assert load_bytes(territory, make(rows)).created == 1
    account = stored(territory, "camille.exemple@example.org")
    assert (account.name, account.role, account.uai, account.party) == (
        "Camille Exemple",
        "rupn",
        NORTH,
        "rupn",
    )
    assert (account.password_hash, account.active, account.created_at) == (None, True, AT)
    assert events(territory) == [("created", {"role": "rupn"})]


def test_duties_of_a_college(territory: Database) -> None:
    expected = {
        "Référente numérique": ("rupn", "rupn", "rupn"),
        "Principale": ("principal", "principal", "principal"),
        "Chef d'établissement": ("principal", "principal", "principal"),
        "Principal adjoint": ("staff", "vie_scolaire", None),
        "Professeure documentaliste": ("staff", "enseignant", None),
        "SECRÉTAIRE GÉNÉRALE": ("staff", "gestionnaire", None),
        "CPE": ("staff", "vie_scolaire", None),
        "AESH": ("staff", "aesh", None),
        "Infirmière": ("staff", "sante_social", None),
    }
    addresses = {word: f"p{number}@example.org" for number, word in enumerate(expected)}
    load(territory, *(person(word, email=email, uai=f"{SOUTH} - Collège") for word, email in addresses.items()))
    accounts = {word: stored(territory, email) for word, email in addresses.items()}
    assert {word: (one.role, one.duty, one.party) for word, one in accounts.items()} == expected
    places = {(one.institution, one.uai, one.convention_id) for one in accounts.values()}
    assert places == {("college", SOUTH, "sud")}


NORTH_TEAM = {"team": "Maintenance du Département", "convention": "nord"}
INSTITUTIONS = [  # row, then role, party, institution, convention, duty
    (
        person("Technicienne", **NORTH_TEAM),
        ("technician", "departement_maintenance", "departement", "nord", "technicien"),
    ),
    (
        person("Responsable", team="Département", convention="902"),
        ("lead", "departement_maintenance", "departement", "sud", "technicien"),
    ),
    (person("Technicien", team="DSI"), ("technician", "academie_dsi", "academie", None, "technicien")),
    (
        person("Technicien", team="Académie, DSI et DRANE"),
        ("technician", "academie_dsi", "academie", None, "technicien"),
    ),
    (person("RSSI"), ("rssi", "rssi", "academie", None, "technicien")),
    (person("DPD"), ("dpo", "dpo", None, None, "technicien")),
    (
        person("Pilote", institution="Département", convention="nord"),
        ("manager", None, "departement", "nord", "agent_departement"),
    ),
    (person("Pilote", institution="les deux"), ("manager", None, None, None, "technicien")),
    (person("Administratrice"), ("administrator", None, None, None, "technicien")),
]


def test_duties_of_institutions(territory: Database) -> None:
    rows = [(*row[:2], f"p{number}@example.org", *row[3:]) for number, (row, _) in enumerate(INSTITUTIONS)]
    assert load(territory, *rows).refused == ()
    accounts = [stored(territory, f"p{number}@example.org") for number in range(len(rows))]
    read = [(one.role, one.party, one.institution, one.convention_id, one.duty) for one in accounts]
    assert read == [expected for _, expected in INSTITUTIONS]
    assert {one.uai for one in accounts} == {None}


def test_with_one_convention_nobody_has_to_name_it(territory: Database) -> None:
    load(territory, person("Technicien", team="Département"), conventions={"901": "nord"})
    assert stored(territory).convention_id == "nord"


REFUSED = [
    (person("RUPN", email="camille", uai=NORTH), "n'est pas une adresse électronique"),
    (person("RUPN", email="", uai=NORTH), "n'est pas une adresse électronique"),
    (("", "", *person("RUPN", uai=NORTH)[2:]), "Le nom de la personne manque"),
    (person("Magicien", uai=NORTH), "Fonction « Magicien » inconnue"),
    (person("", uai=NORTH), "La fonction manque"),
    (person("RUPN"), "donnez son UAI"),
    (person("RUPN", uai="0352958B"), "devrait être A"),
    (person("RUPN", uai=college_uai(9_019_099)), "importez d'abord l'annuaire"),
    (person("Technicien"), "L'équipe manque"),
    (person("Technicien", team="Mairie"), "Équipe « Mairie » inconnue"),
    (person("Technicien", team="Département"), "Dites de quelle convention relève cet agent"),
    (person("Pilote", institution="Département"), "Dites de quelle convention relève cet agent"),
    (person("Pilote", institution="Région"), "Institution « Région » inconnue"),
    (person("Pilote", convention="est"), "Convention « est » inconnue. Conventions en vigueur : nord, sud"),
    ((*person("RSSI"), "de trop"), "plus de cellules"),
]


def test_each_refused_line_has_its_mend(territory: Database) -> None:
    rows = [
        (*row[:2], row[2].replace("p@", f"p{number}@"), *row[3:]) for number, (row, _) in enumerate(REFUSED)
    ]
    report = load(territory, *rows)
    assert report.kept == 0
    assert [refused.line for refused in report.refused] == list(range(2, len(REFUSED) + 2))
    for refused, (_, sentence) in zip(report.refused, REFUSED, strict=True):
        assert sentence in refused.reason


def test_a_repeated_address_names_the_first_line(territory: Database) -> None:
    report = load(territory, person("RSSI"), person("DPO", email="P@EXAMPLE.org"))
    assert "déjà à la ligne 2" in report.refused[0].reason
    assert stored(territory).role == "rssi"


def test_a_second_import_changes_nothing(territory: Database) -> None:
    row = person("RUPN", uai=NORTH)
    load(territory, row)
    before = stored(territory)
    report = load(territory, row, at=LATER)
    assert (report.created, report.changed, report.unchanged) == (0, 0, 1)
    assert stored(territory).password_hash == before.password_hash
    assert len(events(territory)) == 1


def test_a_change_is_recorded_without_any_name(territory: Database) -> None:
    load(territory, person("RUPN", uai=NORTH))
    with territory.writing() as session:
        session.execute(update(Account).values(password_hash="kept", active=False))
    renamed = ("Autre", "Dominique", *person("Principal", uai=SOUTH)[2:])
    report = load(territory, renamed, at=LATER)
    account = stored(territory)
    assert (report.changed, account.name, account.role, account.uai) == (
        1,
        "Dominique Autre",
        "principal",
        SOUTH,
    )
    assert (account.password_hash, account.active, account.created_at) == ("kept", False, AT)
    assert any("laissé désactivé" in remark.text for remark in report.remarks)
    kind, data = events(territory)[1]
    assert kind == "changed"
    assert data["name"] == []
    assert data["role"] == ["rupn", "principal"]
    assert "Dominique" not in str(data)


def test_a_file_never_demotes_an_administrator(territory: Database) -> None:
    load(territory, person("Administrateur"))
    report = load(territory, person("RUPN", uai=NORTH), at=LATER)
    assert (report.kept, report.refused[0].line) == (0, 2)
    assert "changez son rôle à la main" in report.refused[0].reason
    assert stored(territory).role == "administrator"


def test_security_contacts_and_coordinators_are_people_of_institutions(territory: Database) -> None:
    load(
        territory,
        (*person("Responsable", email="d@example.org", team="Département", convention="nord"), "Oui", "x"),
        (*person("Principal", email="c@example.org", uai=NORTH), "oui", "oui"),
        (*person("Pilote", email="a@example.org", institution="académie"), "oui", "non"),
        header=FLAGS,
    )
    flags = {
        email: (stored(territory, email).security_contact, stored(territory, email).coordinator)
        for email in ("d@example.org", "c@example.org", "a@example.org")
    }
    assert flags == {
        "d@example.org": (True, True),
        "c@example.org": (False, False),
        "a@example.org": (False, False),
    }


def test_a_rupn_alone_is_marked_as_a_deputy(territory: Database) -> None:
    load(
        territory,
        (*person("RUPN", email="d@example.org", uai=NORTH), "oui"),
        (*person("RUPN", email="r@example.org", uai=NORTH), ""),
        (*person("Principal", email="p@example.org", uai=NORTH), "oui"),
        header=(*HEADER, "Suppléant"),
    )
    marked = [
        email
        for email in ("d@example.org", "r@example.org", "p@example.org")
        if stored(territory, email).deputy
    ]
    assert marked == ["d@example.org"]


MARKED = (
    (("Suppléant",), person("RUPN", uai=NORTH), "deputy"),
    (("Coordonnateur",), person("Pilote", institution="académie"), "coordinator"),
    (("Contact sécurité",), person("Technicien", team="Département", convention="901"), "security_contact"),
)


@pytest.mark.parametrize(("column", "who", "mark"), MARKED)
def test_a_file_without_a_mark_s_column_leaves_the_mark_as_it_is(
    territory: Database, column: tuple[str, ...], who: tuple[str, ...], mark: str
) -> None:
    load(territory, (*who, "oui"), header=(*HEADER, *column))
    assert load(territory, who).unchanged == 1
    assert getattr(stored(territory), mark) is True
    assert load(territory, who, header=(*HEADER, *column)).changed == 1, "a line cut short has an empty cell"
    assert getattr(stored(territory), mark) is False
    load(territory, (*who, "oui"), header=(*HEADER, *column))
    assert load(territory, (*who, ""), header=(*HEADER, *column)).changed == 1
    assert getattr(stored(territory), mark) is False
    assert events(territory)[-1] == ("changed", {mark: [True, False]})


def test_a_mark_goes_with_the_role_it_was_for(territory: Database) -> None:
    load(territory, (*person("RUPN", uai=NORTH), "oui"), header=(*HEADER, "Suppléant"))
    assert load(territory, person("Enseignant", uai=NORTH)).changed == 1
    assert stored(territory).deputy is False


def test_a_flag_that_is_neither_yes_nor_no_is_refused(territory: Database) -> None:
    report = load(territory, (*person("RSSI"), "peut-être", ""), header=FLAGS)
    assert "répondez par oui ou par non" in report.refused[0].reason


def test_many_people_keep_their_own_record(territory: Database) -> None:
    rows = [
        person("Enseignant" if number % 2 else "RUPN", email=f"p{number}@example.org", uai=NORTH)
        for number in range(700)
    ]
    assert load(territory, *rows).created == 700
    with territory.reading() as session:
        pairs = session.execute(
            select(Account.role, AccountEvent.data).join(AccountEvent, AccountEvent.account_id == Account.id)
        ).all()
    assert len(pairs) == 700
    assert all(data["role"] == role for role, data in pairs)
