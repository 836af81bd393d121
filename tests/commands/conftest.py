"""A small installation of its own, as somebody would set it up by the command line; made once, copied for each."""

import shutil
from pathlib import Path

import pytest

from router.model.uai import college_uai
from tests.commands.program import run

DIRECTORY = """Identifiant_de_l_etablissement;Nom_etablissement;Type_etablissement;Statut_public_prive;\
Code_departement;Nom_commune;Code_postal;Nom_academie;Etat
{north};Collège des Tilleuls;Collège;Public;901;Valbrume;90100;Bellerive;OUVERT
{south};Collège des Amandiers;Collège;Public;902;Rocsec;90200;Bellerive;OUVERT
"""
INVENTORY = """UAI;Étiquette;Désignation;Salle;Propriétaire
{north};VP-204;Vidéoprojecteur;204;Département
"""
USERS = """Nom;Prénom;Courriel;Fonction;UAI
Delmarque;Inès;ines@example.org;RUPN;{north}
"""


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Database, published book, two collèges, one asset, one account."""
    folder = tmp_path_factory.mktemp("installed")
    names = {"north": college_uai(9019001), "south": college_uai(9029001)}
    for name, text in (("colleges", DIRECTORY), ("inventory", INVENTORY), ("users", USERS)):
        (folder / f"{name}.csv").write_text(text.format(**names), encoding="utf-8")
    steps = (
        ("db", "upgrade"),
        ("rules", "publish"),
        ("import", "colleges", "colleges.csv"),
        ("import", "inventory", "inventory.csv"),
        ("import", "users", "users.csv"),
    )
    for step in steps:
        done = run(folder, *step)
        assert done.code == 0, done
    return folder


@pytest.fixture
def installation(installed: Path, tmp_path: Path) -> Path:
    """A copy nobody else changes."""
    shutil.copytree(installed, tmp_path / "here")
    return tmp_path / "here"
