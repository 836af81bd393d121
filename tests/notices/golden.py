"""Writes the golden messages again: `python -m tests.notices.golden`. The diff is the review."""

from pathlib import Path

from router.notices.compose import Message, compose
from router.notices.digest import compose_digest
from router.notices.html import as_html
from tests.notices.sample_facts import SAMPLES, TOGETHER

FOLDER = Path(__file__).parent.parent / "messages"
DIGEST = FOLDER / "digest"


def as_file(message: Message) -> str:
    return f"Objet : {message.subject}\n\n{message.text}"


def digest() -> Message:
    """The samples of TOGETHER, in one mail."""
    chosen = {name: compose(kind, facts) for name, kind, facts in SAMPLES if name in TOGETHER}
    return compose_digest(
        [chosen[name] for name in TOGETHER], "https://aiguillage.example.org/mon-compte#messages"
    )


def html() -> dict[str, str]:
    """The HTML part of every message, by the name of its golden file."""
    composed = {name: compose(kind, facts) for name, kind, facts in SAMPLES}
    composed["digest"] = digest()
    return {name: as_html(message.text, message.subject) for name, message in composed.items()}


def write() -> None:
    for name, kind, facts in SAMPLES:
        (FOLDER / f"{name}.txt").write_text(as_file(compose(kind, facts)), encoding="utf-8")
    for folder in (DIGEST, FOLDER / "html"):
        folder.mkdir(exist_ok=True)
    (DIGEST / "digest.txt").write_text(as_file(digest()), encoding="utf-8")
    for name, page in html().items():
        (FOLDER / "html" / f"{name}.html").write_text(page, encoding="utf-8")


if __name__ == "__main__":
    write()
