"""`clocks verify` and `clocks judge`: what is said in words and to programs, and the code they end with."""

import json
import sqlite3
from pathlib import Path

import pytest

from tests.commands.program import jsonl, run
from tests.commands.test_file import LINE


@pytest.fixture
def two_tickets(installation: Path) -> Path:
    assert run(installation, "file", given=jsonl(LINE, {**LINE, "id": 2})).code == 0
    return installation


def alter(folder: Path, order: str) -> None:
    with sqlite3.connect(folder / "data" / "aiguillage.sqlite3") as connection:
        assert connection.execute(order).rowcount > 0
    connection.close()


def test_sound_clocks_are_said_and_end_well(two_tickets: Path) -> None:
    done = run(two_tickets, "clocks", "verify")
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("2 dossiers, ") and done.out.endswith(
        "échéances recalculées, aucune différence.\n"
    )
    found = json.loads(run(two_tickets, "clocks", "verify", "--json").out)
    assert (found["tickets"], found["differences"]) == (2, [])
    assert found["deadlines"] > 4


def test_an_altered_row_is_named_in_words(two_tickets: Path) -> None:
    alter(two_tickets, "UPDATE deadline SET allowance = 1 WHERE ticket_id = 2 AND kind = 'promise'")
    alter(two_tickets, "UPDATE deadline SET state = 'cancelled' WHERE ticket_id = 2 AND kind = 'promise'")
    done = run(two_tickets, "clocks", "verify")
    assert done.code == 1
    *lines, last = done.out.splitlines()
    assert all(line.startswith("dossier 2, ") for line in lines)
    allowance = next(line for line in lines if "le délai de l'échéance" in line)
    assert "(promesse au collège) : enregistré 1 s, selon le journal " in allowance
    state = next(line for line in lines if "l'état de l'échéance" in line)
    assert state.endswith("(promesse au collège) : enregistré sans objet, selon le journal en cours")
    due = next(line for line in lines if "l'instant de l'échéance" in line)
    assert ", recalculé " in due and " à " in due
    assert last.endswith(f"échéances recalculées, {len(lines)} différences.")


def test_an_altered_row_is_named_to_programs_for_its_ticket_only(two_tickets: Path) -> None:
    alter(two_tickets, "UPDATE escalation SET due_at = '2027-09-01 08:00:00.000000' WHERE ticket_id = 2")
    done = run(two_tickets, "clocks", "verify", "--json")
    assert done.code == 1
    found = json.loads(done.out)
    assert {(each["ticket"], each["what"]) for each in found["differences"]} == {(2, "step")}
    first = found["differences"][0]
    assert set(first) == {"ticket", "what", "deadline", "stored", "computed"}
    assert first["stored"] == "2027-09-01T08:00:00+00:00" and first["computed"] < first["stored"]
    sound, other = (run(two_tickets, "clocks", "verify", "--ticket", number) for number in "12")
    assert (sound.code, other.code) == (0, 1)
    assert sound.out.startswith("1 dossier, ")


@pytest.mark.parametrize("act", ["verify", "judge"])
def test_an_unknown_ticket_is_said(two_tickets: Path, act: str) -> None:
    done = run(two_tickets, "clocks", act, "--ticket", "9")
    assert done.code == 1
    assert "Le dossier 9 n'existe pas." in done.err and "Traceback" not in done.err
    assert run(two_tickets, "clocks", act, "--ticket", "zéro").code == 2


def test_a_verdict_that_would_be_another_is_named_and_is_no_fault(two_tickets: Path) -> None:
    sound = run(two_tickets, "clocks", "judge")
    assert sound.code == 0 and sound.out.endswith("aucune différence.\n")
    alter(  # met an hour after it was due, then its due instant moved past that
        two_tickets,
        "UPDATE deadline SET state = 'met', met_at = datetime(due_at, '+1 hour') || '.000000', "
        "due_at = datetime(due_at, '+2 hours') || '.000000' WHERE ticket_id = 1 AND kind = 'promise'",
    )
    done = run(two_tickets, "clocks", "judge")
    assert done.code == 0
    line, last = done.out.splitlines()
    assert line.startswith("dossier 1, l'échéance, donc le verdict (promesse au collège) : jugé alors ")
    assert ", jugé maintenant " in line
    assert last.endswith("1 différence.")
    (found,) = json.loads(run(two_tickets, "clocks", "judge", "--json", "--ticket", "1").out)["differences"]
    assert (found["ticket"], found["what"], found["deadline"]) == (1, "verdict", "promise")
    assert json.loads(run(two_tickets, "clocks", "judge", "--json", "--ticket", "2").out)["differences"] == []
