"""`import calendar`, as an administrator types it."""

import json
from pathlib import Path

from tests.commands.program import run
from tests.intake.school_files import OFFICIAL, csv_file, csv_lines, csv_of, ical_file, sliced

KNOWN = [each for each in OFFICIAL if each.first < "2027-09-01"]


def test_days_known_already_change_nothing_in_either_format(installation: Path) -> None:
    (installation / "calendrier.csv").write_bytes(csv_file(KNOWN))
    (installation / "Zone-A-B-C-Corse.ics").write_bytes(ical_file(sliced(KNOWN)))
    for name in ("calendrier.csv", "Zone-A-B-C-Corse.ics"):
        done = run(installation, "import", "calendar", name)
        assert (done.code, done.err) == (0, "")
        assert "créés : 0 ; modifiés : 0" in done.out
        assert "Ces jours sont déjà connus : rien ne change." in done.out


def test_a_refused_line_ends_with_one_and_is_told_with_its_place(installation: Path) -> None:
    lines = csv_lines(KNOWN)
    lines[8] = lines[8].replace("Zone C", "Zone D")
    (installation / "calendrier.csv").write_bytes(csv_of(lines))
    done = run(installation, "import", "calendar", "calendrier.csv", "--json")
    report = json.loads(done.out)
    assert done.code == 1
    assert [each["line"] for each in report["refused"]] == [10]
    assert (report["kept"], report["created"], report["changed"]) == (0, 0, 0)
    only = run(installation, "import", "calendar", "calendrier.csv", "--zone", "A", "--zone", "B")
    assert only.code == 1, "the line doesn't say which zone it is of: it may be one of those wanted"


def test_an_unknown_zone_or_a_wrong_file_is_a_sentence(installation: Path) -> None:
    (installation / "calendrier.csv").write_bytes(csv_file(KNOWN))
    done = run(installation, "import", "calendar", "calendrier.csv", "--zone", "Z")
    assert done.code != 0
    assert "La zone « Z » n'existe pas : les zones sont A, B, C, corse," in done.err
    done = run(installation, "import", "calendar", "colleges.csv")
    assert done.code != 0
    assert "il manque la colonne" in done.err or "aucune ligne de titres" in done.err
    assert "Traceback" not in done.err
