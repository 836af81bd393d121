"""What people write, for the measures: the labelled texts the classifier is tried on."""

import json
from functools import cache
from pathlib import Path

CORPUS = Path(__file__).parents[1] / "corpus/dev.jsonl"


@cache
def texts() -> tuple[tuple[str, str], ...]:
    """(subject, body), as in the corpus."""
    lines = CORPUS.read_text(encoding="utf-8").splitlines()
    found = (json.loads(line) for line in lines if line.strip())
    return tuple((each["subject"] or "Sans objet", each["body"]) for each in found)
