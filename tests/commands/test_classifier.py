"""Learning by the command line: what is missing is said, both models stand side by side, versions are chosen."""

import json
import sqlite3
from pathlib import Path

import pytest

from router.classify.judging import Figures, Loss, Share
from router.classify.model import Model
from router.commands.classifier import told
from router.desk.learning import Trained, Trial, Verdict
from router.model.words import Category
from tests.commands.program import run

SHIPPED = Model.load().version


@pytest.fixture
def without_sklearn(tmp_path: Path) -> str:
    """A machine that only serves: importing it fails as it does there."""
    (tmp_path / "hidden").mkdir()
    (tmp_path / "hidden" / "sitecustomize.py").write_text(
        "import sys\n"
        "class Absent:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name.partition('.')[0] in ('sklearn', 'scipy', 'numpy'):\n"
        "            raise ModuleNotFoundError(f'No module named {name!r}', name=name)\n"
        "sys.meta_path.insert(0, Absent())\n",
        encoding="utf-8",
    )
    return str(tmp_path / "hidden")


def test_a_machine_without_scikit_learn_is_told_what_to_install(
    installation: Path, without_sklearn: str
) -> None:
    root = Path(__file__).parents[2]
    done = run(installation, "classifier", "train", PYTHONPATH=f"{without_sklearn}:{root}")
    assert done.code == 2, done
    assert "scikit-learn" in done.err and "requirements-train.lock" in done.err
    assert "Traceback" not in done.err
    served = run(installation, "classifier", "versions", PYTHONPATH=f"{without_sklearn}:{root}")
    assert served.code == 0, served


def test_nothing_accepted_nothing_learnt(installation: Path) -> None:
    done = run(installation, "classifier", "train")
    assert done.code == 0, done
    assert "Aucune correction acceptée" in done.out


def test_the_versions_and_the_one_that_speaks(installation: Path) -> None:
    done = run(installation, "classifier", "versions")
    assert (done.code, done.out) == (0, f"{SHIPPED}  livrée avec le logiciel (en service)\n")
    shown = json.loads(run(installation, "classifier", "versions", "--json").out)
    assert shown == {"shipped": SHIPPED, "speaking": SHIPPED, "fallen": None, "lines": []}


def test_a_version_that_cannot_be_read_is_told(installation: Path) -> None:
    nothing = {"right": 0, "texts": 0}
    figures = {"frozen": {"candidate": {"macro_f1": 0.9, "recalls": {"security": nothing}}}}
    with sqlite3.connect(installation / "data" / "aiguillage.sqlite3") as connection:
        connection.execute(
            "INSERT INTO classifier_version VALUES (?,?,?,?,?,?,?,?,?,?,?)",
            (
                "abc",
                "2026-11-24 10:00:00.000000",
                SHIPPED,
                90,
                3,
                json.dumps(figures),
                "current",
                None,
                None,
                "x",
                b"y",
            ),
        )
    done = run(installation, "classifier", "versions")
    assert done.code == 1
    assert "abc  en service, apprise le 24/11/2026 11:00 de 3 corrections ; macro-F1 90,0 %" in done.out
    assert "ne peut pas être lue" in done.err and "modèle livré" in done.err
    health = run(installation, "health")
    assert "abc" in health.out and "modèle livré" in health.out
    assert run(installation, "classifier", "use", "abc").code == 1
    back = run(installation, "classifier", "use", "livré")
    assert (back.code, back.out.split(" est ")[0]) == (0, f"La version {SHIPPED}")
    assert run(installation, "classifier", "versions").code == 0


def test_an_unknown_version_is_refused_in_a_sentence(installation: Path) -> None:
    done = run(installation, "classifier", "use", "nowhere")
    assert (done.code, done.err) == (
        1,
        "La version nowhere n'existe pas : « aiguillage classifier versions » les donne toutes.\n",
    )


def figures(right: int) -> Figures:
    shares = {category: Share(right, 10) for category in Category}
    return Figures(50, shares, 0.9, 0.8)


def test_what_a_refusal_says() -> None:
    loss = Loss(Category.SECURITY, Share(9, 10), Share(7, 10), ("T012", "dossier-7", "dossier-9"))
    trial = Trial(figures(9), figures(7), (loss,))
    kept = Trial(figures(9), figures(9), ())
    trained = Trained(Verdict.REFUSED, "new", "old", 5725, 12, trial, kept, frozenset({"dossier-7"}))
    lines = told(trained)
    assert lines[0] == "5725 textes de base, 12 corrections acceptées."
    assert "Perdu en sécurité (9 → 7) : T012, dossier-9, 1 alerte, sans leur numéro" in lines
    assert "dossier-7" not in "".join(lines)
    assert next(line for line in lines if line.startswith("rappel, sécurité")).split()[-3:] == [
        "7/10",
        "70,0",
        "%",
    ]
    assert lines[-1].startswith("Refusé : la version new")


def test_a_trial_says_that_nothing_changed() -> None:
    kept = Trial(figures(9), figures(9), ())
    trained = Trained(Verdict.ACCEPTED, "new", "old", 5725, 12, kept, kept)
    assert "rien n'a changé" in told(trained, dry_run=True)[-1]
    assert told(trained)[-1].startswith("La version new est en service")
