"""`rules diff` and `rules replay`, as somebody types them."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from router.model.uai import college_uai
from router.settings import SHIPPED_RULES
from tests.commands.program import jsonl, run
from tests.commands.test_file import LINE, count

SOUTH = college_uai(9029001)
SOFTWARE = {
    **LINE,
    "uai": SOUTH,
    "subject": "Un logiciel",
    "body": "Il ne démarre plus.",
    "asset_tag": "",
    "facts": {"category": "metier_software", "software_origin": "unknown", "need": "breakdown"},
}
OLD_RULE = 'software_origin == \'unknown\'"\nassign = "rupn"'
LINE_READ = "Logiciel métier · fournisseur du logiciel « je ne sais pas »"


def draft(folder: Path, *edits: tuple[str, str, str]) -> Path:
    shutil.copytree(SHIPPED_RULES, folder / "brouillon")
    academie = ("routing/60-logiciels-metier.toml", OLD_RULE, OLD_RULE.replace('"rupn"', '"academie_dsi"'))
    for name, old, new in edits or [academie]:
        path = folder / "brouillon" / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")
    return folder / "brouillon"


@pytest.fixture
def filed(installation: Path) -> Path:
    """Two tickets of the software nobody knows the origin of, one of a projector; and a draft."""
    lines = [LINE, *({**SOFTWARE, "id": f"s-{n}"} for n in range(2))]
    assert run(installation, "file", given=jsonl(*lines)).code == 0
    draft(installation)
    return installation


def test_two_folders_without_a_database(tmp_path: Path) -> None:
    draft(tmp_path)
    done = run(tmp_path, "rules", "diff", str(SHIPPED_RULES), "brouillon")
    assert done.code == 0, done
    assert done.out.count(LINE_READ) == 3
    assert "RUPN → Académie" in done.out
    assert "dossier" not in done.out
    assert done.out.startswith("== Base nationale ==")
    assert not (tmp_path / "data").exists()
    same = run(tmp_path, "rules", "diff", "brouillon", "brouillon", "--json")
    assert same.code == 0
    assert json.loads(same.out)["alike"] is True


def test_beside_each_line_the_tickets_of_the_year(filed: Path) -> None:
    done = run(filed, "rules", "diff", "publié", "brouillon")
    assert done.code == 0, done
    base, north, south = done.out.split("== Convention du Département")[0:3]
    assert "(0 dossier)" in base
    assert "(0 dossier)" in north
    assert "(2 dossiers)" in south
    assert "hors alertes" in done.out


def test_what_a_program_reads(filed: Path) -> None:
    done = run(filed, "rules", "diff", "publie", "brouillon", "--convention", "demo-sud", "--json")
    found = json.loads(done.out)
    assert set(found) == {"alike", "conventions", "beside"}
    (south,) = found["conventions"]
    ((line,),) = [day["lines"] for day in south["days"]]
    assert (south["convention"], line["before"], line["after"]) == ("demo-sud", "rupn", "academie_dsi")
    assert (line["kind"], line["tickets"]) == ("holder", 2)
    assert line["region"]["software_origin"] == ["unknown"]
    assert all(box["category"] == ["metier_software"] for box in line["exactly"])
    assert line["cells"] > 0


def test_a_change_to_come_shows_with_its_date(tmp_path: Path) -> None:
    text = (SHIPPED_RULES / "conventions/demo-sud.toml").read_text(encoding="utf-8")
    start = text.index('[[rule]]\nid = "sud-postes')
    ends = text[start:].replace("since = 2025-09-01", "since = 2025-09-01\nuntil = 2099-01-01", 1)
    draft(tmp_path, ("conventions/demo-sud.toml", text[start:], ends))
    done = run(tmp_path, "rules", "diff", str(SHIPPED_RULES), "brouillon", "--convention", "demo-sud")
    assert "jusqu'au 01/01/2099 exclu" in done.out
    assert "À partir du 01/01/2099" in done.out
    only = ("--convention", "demo-sud", "--at", "2098-12-31")
    today = run(tmp_path, "rules", "diff", str(SHIPPED_RULES), "brouillon", *only)
    assert "Rien ne change" in today.out
    assert "2099" not in today.out


def test_a_published_book_by_its_fingerprint(filed: Path) -> None:
    fingerprint = run(filed, "rules", "publish").out.split(" : ")[1][:12]
    done = run(filed, "rules", "diff", fingerprint, "publié")
    assert done.code == 0, done
    assert done.out.count("Rien ne change") == 3


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["diff", "zzz", "brouillon"], "n'est ni un dossier ni une empreinte"),
        (["diff", "publié", "0123456789ab"], "Aucun recueil publié"),
        (["diff", "publié", "brouillon", "--convention", "demo-sut"], "vouliez-vous « demo-sud »"),
        (["diff", "publié", "brouillon", "--at", "2020-01-01"], "Aucune règle n'était en vigueur"),
        (["diff", "publié", "brouillon", "--at", "hier"], "--at"),
        (["diff", "publié"], "NOUVEAU"),
        (["replay", "--from", "2026-11-01", "--to", "2026-11-30"], "--rules ou par --book"),
        (["replay", "--rules", "brouillon", "--from", "2026-11-30", "--to", "2026-11-01"], "inversez"),
        (["replay", "--book", "abc", "--from", "2026-11-01", "--to", "2026-11-30"], "au moins 6"),
        (["replay", "--rules", "brouillon", "--to", "2026-11-30"], "--from"),
    ],
)
def test_a_mistaken_call_is_said(filed: Path, arguments: list[str], said: str) -> None:
    done = run(filed, "rules", *arguments)
    assert done.code == 2, done
    assert said in done.err
    assert done.out == ""
    assert "Traceback" not in done.err


def test_a_faulty_draft_is_refused_with_its_places(filed: Path) -> None:
    path = filed / "brouillon" / "routing" / "30-materiel.toml"
    path.write_text(path.read_text(encoding="utf-8").replace("'etat'", "'etta'"), encoding="utf-8")
    done = run(filed, "rules", "diff", "publié", "brouillon")
    assert done.code == 2
    assert "routing/30-materiel.toml:" in done.err


def test_a_replay_says_what_would_have_changed(filed: Path) -> None:
    tables = ("ticket", "decision", "event", "notice", "published_book")
    before = [count(filed, table) for table in tables]
    period = ("--from", "2026-11-01", "--to", "2026-11-30")
    done = run(filed, "rules", "replay", "--rules", "brouillon", *period)
    assert done.code == 0, done
    assert "Du 01/11/2026 au 30/11/2026 : 3 dossiers. Changent d'intervenant : 2" in done.out
    (row,) = [line.split() for line in done.out.splitlines() if line.startswith("  RUPN")]
    assert (row[:2], row[-1]) == (["RUPN", "Académie"], "2")
    assert "Alertes : 0 aujourd'hui ; 0 à leur dépôt" in done.out
    found: dict[str, Any] = json.loads(
        run(filed, "rules", "replay", "--rules", "brouillon", *period, "--json").out
    )
    assert (found["total"], found["changed"], found["unchanged"]) == (3, 2, 1)
    assert [each["count"] for each in found["moves"]] == [2, 1]
    assert found["moves"][0]["rule"] == found["moves"][0]["rule_before"]
    under_its_own = run(filed, "rules", "replay", "--book", "publié", *period)
    assert "sans changement : 3" in under_its_own.out
    elsewhere = run(filed, "rules", "replay", "--book", "publié", *period, "--convention", "demo-nord")
    assert ": 1 dossier." in elsewhere.out
    assert [count(filed, table) for table in tables] == before
