"""JSON Lines at the door of the program: same order, one out per in, a bad line stops nothing."""

import io
import json
import subprocess
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from router.commands.streams import answer_lines
from router.desk.line_reading import MAX_LINE
from router.model.lines import LineError
from router.model.told import ToldKind
from tests.commands.program import PROGRAM, environment_in, errors, jsonl, run

PROJECTOR = {"id": 1, "subject": "vidéoprojecteur", "body": "Le vidéoprojecteur de la salle ne s'allume plus."}


def echo(line: Any) -> Any:
    if line.get("bad"):
        raise LineError("mauvaise ligne.", "bad")
    return {"id": line["id"]}


def answered(given: bytes) -> list[Any]:
    sink = io.BytesIO()
    answer_lines(io.BytesIO(given), sink, echo)
    return [json.loads(line) for line in sink.getvalue().splitlines()]


def test_order_blank_lines_and_bad_lines() -> None:
    found = answered(b'{"id":1}\n\n  \t\n{"id":2,"bad":true}\n\r\n{"id":"3"}\r\n{"id":4}')
    assert [line["id"] for line in found] == [1, 2, "3", 4]
    assert found[1] == {"id": 2, "error": {"message": "Mauvaise ligne.", "field": "bad"}}


def test_a_byte_order_mark_is_read_past() -> None:
    assert answered('\ufeff{"id":1}\n'.encode()) == [{"id": 1}]


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"nope", "JSON illisible"),
        (b"[1, 2]", "objet JSON"),
        (b'"text"', "objet JSON"),
        (b'{"id": 1', "JSON illisible"),
        ('{"id": "é"}'.encode("cp1252"), "UTF-8"),
        (b'{"id": NaN}', "NaN"),
        (b'{"id": 1, "id": 2}', "deux fois"),
        (b"[" * 100_000, "imbriqu"),
        (b'{"id": ' + b"9" * 5000 + b"}", "trop long"),
        (b'{"id": "\\ud800"}', "aucun texte"),
        (b'{"id": "a\\u0000"}', "aucun texte"),
    ],
)
def test_what_is_no_line_is_said_and_the_rest_goes_on(raw: bytes, words: str) -> None:
    first, second = answered(raw + b'\n{"id":2}\n')
    assert first["id"] is None
    assert words in first["error"]["message"]
    assert second == {"id": 2}


@pytest.mark.parametrize(
    "rest",
    [
        b'"text": "\\u0000"}',
        b'"text": ["\\ud83d"]}',
        b'"x": {"\\udc00": 1}}',
        b'"x": NaN}',
        b'"x": 1, "x": 2}',
        b'"x": "un texte coup',
        '"x": "é"}'.encode("cp1252"),
    ],
)
def test_what_is_refused_keeps_its_id_where_it_can_be_read(rest: bytes) -> None:
    for identity in (7, "a-7 é"):
        (found,) = answered(b'{ "id" : ' + json.dumps(identity).encode() + b", " + rest)
        assert found["id"] == identity and "error" in found


def test_classify_reads_past_what_no_text_holds(tmp_path: Path) -> None:
    bodies = [
        "Le vidéo\x00projecteur ne s'allume plus",
        "Le vidéoprojecteur ne s'allume\ud83d plus",
        "\udc00\x00",
    ]
    lines = [{"id": number, "subject": "Panne\x00", "body": body} for number, body in enumerate(bodies)]
    done = run(tmp_path, "classify", given="".join(f"{json.dumps(line)}\n" for line in lines))
    assert done.code == 0, done
    assert [line["id"] for line in done.lines] == [0, 1, 2]
    assert [line["category"] for line in done.lines[:2]] == ["hardware", "hardware"]
    for line, body in zip(done.lines, bodies, strict=True):
        assert all(words and (words in "Panne" or words in body) for words in line["evidence"])
    wrong = run(tmp_path, "classify", given='{"id": 3, "subject": "", "body": "", "\\ud800": 1}\n')
    assert wrong.lines[0]["id"] == 3 and "n'existe pas" in wrong.lines[0]["error"]["message"]


def test_a_line_over_the_limit_is_refused_alone() -> None:
    long = b'{"id":1,"x":"' + b"a" * (3 * MAX_LINE) + b'"}'
    first, second, third = answered(b'{"id":0}\n' + long + b'\n{"id":2}')
    assert [first["id"], second["id"], third["id"]] == [0, 1, 2]
    assert "1 Mo" in second["error"]["message"]


def test_a_line_at_the_limit_is_answered() -> None:
    line = b'{"id":1,"x":"' + b"a" * (MAX_LINE - 16) + b'"}\n'
    assert len(line) == MAX_LINE
    assert answered(line) == [{"id": 1}]


def test_a_defect_of_ours_stops_nothing(caplog: pytest.LogCaptureFixture) -> None:
    found = answered(b'{}\n{"id":2}\n')  # the answer needs an id: a KeyError
    assert "défaut du logiciel" in found[0]["error"]["message"]
    assert found[1] == {"id": 2}
    assert "KeyError (test_lines.py" in caplog.text


def test_every_answer_comes_at_once(tmp_path: Path) -> None:
    program = subprocess.Popen(
        [*PROGRAM, "classify"],
        cwd=tmp_path,
        env=environment_in(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert program.stdin is not None and program.stdout is not None
    try:
        for number in range(3):
            program.stdin.write(jsonl({**PROJECTOR, "id": number}).encode())
            program.stdin.flush()
            assert json.loads(program.stdout.readline())["id"] == number
        program.stdin.close()
        assert program.wait(20) == 0
    finally:
        program.kill()
        program.stdout.close()


def test_a_reader_that_leaves_is_no_drama(tmp_path: Path) -> None:
    program = subprocess.Popen(
        [*PROGRAM, "classify"],
        cwd=tmp_path,
        env=environment_in(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert program.stdin is not None and program.stdout is not None and program.stderr is not None
    try:
        program.stdin.write(jsonl(PROJECTOR).encode())
        program.stdin.flush()
        assert program.stdout.readline()
        program.stdout.close()
        limit = time.monotonic() + 30
        while program.poll() is None and time.monotonic() < limit:
            try:
                program.stdin.write(jsonl(PROJECTOR).encode())
                program.stdin.flush()
            except BrokenPipeError:
                break
        assert program.wait(20) == 1
        assert program.stderr.read() == b""
    finally:
        program.kill()
        program.stderr.close()
        with suppress(BrokenPipeError):
            program.stdin.close()


def test_the_locale_changes_nothing(tmp_path: Path) -> None:
    for locale in ("C", "C.UTF-8"):
        done = run(
            tmp_path, "classify", given=jsonl({**PROJECTOR, "id": "é→œ"}), LC_ALL=locale, PYTHONUTF8="0",
            PYTHONCOERCECLOCALE="0",
        )  # fmt: skip
        assert done.lines[0]["id"] == "é→œ"


def test_exit_codes(tmp_path: Path) -> None:
    assert run(tmp_path, "classify", given="").code == 0
    assert run(tmp_path, "classify", given=jsonl(PROJECTOR)).code == 0
    assert run(tmp_path, "classify", given=jsonl(PROJECTOR, {"id": 2})).code == 1
    assert run(tmp_path, "classify", "--nope").code == 2


def test_classify_in_its_fixed_format(tmp_path: Path) -> None:
    given = jsonl(PROJECTOR, {"id": "vide", "subject": "", "body": ""})
    found, empty = run(tmp_path, "classify", given=given).lines
    assert list(found) == [
        "id",
        "category",
        "confidence",
        "evidence",
        "security",
        "abstained",
        "runner_up",
        "doubt",
        "question",
        "telling",
        "language",
        "facts",
    ]
    assert (found["id"], found["category"], found["abstained"]) == (1, "hardware", False)
    text = f"{PROJECTOR['subject']}\n{PROJECTOR['body']}"
    assert found["evidence"] and all(words in text for words in found["evidence"])
    assert 0 <= found["security"] <= 1 and 0 <= found["confidence"] <= 1
    assert found["runner_up"] not in (None, "hardware") and found["telling"] is True
    assert (found["doubt"], found["question"]) == (False, "")
    assert empty["abstained"] is True and empty["telling"] is False
    assert empty["evidence"] == [] and empty["facts"] == {}


def test_classify_says_when_it_would_ask_about_an_attack(tmp_path: Path) -> None:
    text = {"id": 1, "subject": "", "body": "Le VPI clignote et un élève dit que Pronote a été piraté"}
    found = run(tmp_path, "classify", given=jsonl(text)).lines[0]
    assert found["doubt"] is True and found["question"].endswith("?")


def test_classify_tells_who_is_touched(tmp_path: Path) -> None:
    text = {"id": 1, "subject": "", "body": "Plus de wifi dans tout le collège depuis 8h"}
    facts = run(tmp_path, "classify", given=jsonl(text)).lines[0]["facts"]
    assert facts["scope"]["value"] == "site" and facts["scope"]["words"] in text["body"]


def test_classify_tells_the_facts_with_their_words(tmp_path: Path) -> None:
    body = "Panne en salle s204, 28 élèves bloqués. J'ai redémarré, câble changé. DNB blanc jeudi."
    facts = run(tmp_path, "classify", given=jsonl({"id": 1, "subject": "VPI", "body": body})).lines[0]["facts"]
    assert facts["room"] == {"value": "204", "words": "salle s204"}
    assert facts["zone"] == {"value": "pedagogique", "words": "salle s204"}
    assert facts["people"] == {"value": "28", "words": "28 élèves"}
    assert facts["exam"] == {"value": "DNB blanc jeudi", "words": "DNB blanc jeudi"}
    assert facts["tried"] == {
        "value": ["restarted", "replugged"],
        "words": ["J'ai redémarré", "câble changé"],
    }
    assert facts["scope"]["value"] == "room"
    assert set(facts) <= {kind.value for kind in ToldKind} | {"scope"}


def test_classify_refuses(tmp_path: Path) -> None:
    done = run(
        tmp_path,
        "classify",
        given=jsonl(
            {"id": 1, "subject": "a"},
            {"id": 2, "subject": "a", "body": "b", "texte": "c"},
            {"id": 3, "subject": 4, "body": "b"},
            {"subject": "a", "body": "b"},
            {"id": True, "subject": "a", "body": "b"},
            {"id": 1.5, "subject": "a", "body": "b"},
            {"id": None, "subject": "a", "body": "b"},
        ),
    )
    assert errors(done.lines) == [
        (1, "body"),
        (2, "texte"),
        (3, "subject"),
        (None, "id"),
        (None, "id"),
        (None, "id"),
        (None, "id"),
    ]
    assert done.code == 1
