"""A folder of rules that holds something else than files: said at once, never waited for."""

import os
from pathlib import Path

import pytest

from router.desk.policy import prove_policy, read_sources
from tests.desk.drafts import shipped


def test_only_ordinary_files_are_read(tmp_path: Path) -> None:
    (tmp_path / "routing").mkdir()
    (tmp_path / "routing" / "a.toml").write_text("a = 1\n", encoding="utf-8")
    assert read_sources(tmp_path) == {"routing/a.toml": "a = 1\n"}
    (tmp_path / "b.toml").symlink_to(tmp_path / "routing" / "a.toml")
    assert set(read_sources(tmp_path)) == {"routing/a.toml", "b.toml"}


@pytest.mark.parametrize("kind", ["pipe", "device", "nothing"])
def test_what_is_not_a_file_is_refused(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "a.toml"
    if kind == "pipe":
        os.mkfifo(path)
    else:
        path.symlink_to("/dev/zero" if kind == "device" else "/nowhere")
    with pytest.raises(OSError, match=r"a\.toml n'est pas un fichier ordinaire"):
        read_sources(tmp_path)


def test_the_same_files_are_proved_once() -> None:
    assert prove_policy(shipped()) is prove_policy(dict(reversed(shipped().items())))
