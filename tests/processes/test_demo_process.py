"""`aiguillage demo` as people run it: it answers, keeps its data, and stops leaving nobody behind."""

import os
import signal
import subprocess
import time
import urllib.request
from hashlib import sha256
from pathlib import Path

import pytest

from tests.commands.program import PROGRAM, environment_in, run

SMALL = ("--colleges", "2", "--assets", "20", "--tickets", "6")
WITHIN = 120


def start(folder: Path, *options: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [*PROGRAM, "demo", "--port", "0", *SMALL, *options],
        cwd=folder,
        env=environment_in(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


def read_until_ready(demo: "subprocess.Popen[str]") -> tuple[str, list[str]]:
    """The address, and everything said until the accounts are."""
    assert demo.stdout is not None
    said: list[str] = []
    address = ""
    limit = time.monotonic() + WITHIN
    for line in demo.stdout:
        said.append(line.rstrip("\n"))
        assert time.monotonic() < limit, said
        if line.startswith("Aiguillage est prêt"):
            address = line.split(" : ", 1)[1].strip()
        if line.startswith("Ctrl-C"):
            return address, said
    raise AssertionError("\n".join(said))


def group_of(leader: int) -> list[int]:
    """The processes of a group that still run."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            try:
                state, _parent, group = (entry / "stat").read_text().rpartition(") ")[2].split()[:3]
            except OSError:
                continue
            if int(group) == leader and state != "Z":
                found.append(int(entry.name))
    return found


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("whom", ["the leader", "everybody"])
def test_it_answers_then_stops_and_leaves_nobody(tmp_path: Path, how: signal.Signals, whom: str) -> None:
    demo = start(tmp_path)
    try:
        address, said = read_until_ready(demo)
        with urllib.request.urlopen(address, timeout=20) as answer:
            assert answer.status == 200
        assert any("rssi@example.org" in line for line in said)
        assert len(group_of(demo.pid)) >= 4  # the leader, the worker, the web server and its processes
        # Ctrl-C in a terminal reaches the whole group; `kill` and a service manager, its leader.
        os.kill(demo.pid, how) if whom == "the leader" else os.killpg(demo.pid, how)
        rest, _ = demo.communicate(timeout=60)
        assert demo.returncode == 0, rest
        assert "Traceback" not in rest
        assert group_of(demo.pid) == []
    finally:
        for process in group_of(demo.pid):
            os.kill(process, signal.SIGKILL)


def test_started_again_it_keeps_its_data_and_a_taken_port_is_passed_over(tmp_path: Path) -> None:
    first = run(tmp_path, "demo", "--no-serve", *SMALL)
    assert first.code == 0, first
    database = tmp_path / "data" / "aiguillage.sqlite3"
    content = sha256(database.read_bytes()).hexdigest()
    second = run(tmp_path, "demo", "--no-serve", *SMALL)
    assert "gardées" in second.out
    assert sha256(database.read_bytes()).hexdigest() == content
    assert run(tmp_path, "journal", "verify").code == 0


def test_a_real_installation_s_configuration_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text('database = "sqlite:///vraie.sqlite3"\n', encoding="utf-8")
    done = run(tmp_path, "demo", "--no-serve")
    assert done.code == 2
    assert "demo = true" in done.err
    assert not (tmp_path / "vraie.sqlite3").exists()


def test_a_child_that_dies_ends_the_demonstration(tmp_path: Path) -> None:
    demo = start(tmp_path)
    try:
        read_until_ready(demo)
        for process in group_of(demo.pid):
            if b"\0worker\0" in Path(f"/proc/{process}/cmdline").read_bytes():
                os.kill(process, signal.SIGKILL)
        rest, _ = demo.communicate(timeout=60)
        assert demo.returncode == 1
        assert "travail de fond" in rest
        assert group_of(demo.pid) == []
    finally:
        for process in group_of(demo.pid):
            os.kill(process, signal.SIGKILL)
