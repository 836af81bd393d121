"""Writes the golden messages again: `python -m tests.notices.golden`. The diff is the review."""

from pathlib import Path

from router.notices.compose import Message, compose
from tests.notices.sample_facts import SAMPLES

FOLDER = Path(__file__).parent.parent / "messages"


def as_file(message: Message) -> str:
    return f"Objet : {message.subject}\n\n{message.text}"


def write() -> None:
    for name, kind, facts in SAMPLES:
        (FOLDER / f"{name}.txt").write_text(as_file(compose(kind, facts)), encoding="utf-8")


if __name__ == "__main__":
    write()
