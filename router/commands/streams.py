"""JSON Lines in, JSON Lines out: same order, one object per object, each written as soon as it is known.

Bytes in and out, so that the machine's locale changes nothing. Memory doesn't grow with the input."""

import json
import logging
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from traceback import extract_tb
from typing import Any, BinaryIO

from router.desk.line_reading import (
    MAX_LINE,
    TOO_LONG,
    identity_in,
    identity_of,
    object_in,
    refuse_unwritable,
)
from router.model.actor import Refused
from router.model.lines import LineError

LOG = logging.getLogger(__name__)
BOM = b"\xef\xbb\xbf"
Line = Mapping[str, Any]
Answer = Callable[[Line], Line]


def answer_standard_input(answer: Answer, *, any_character: bool = False) -> int:
    """Answers every line of the standard input: the command's exit code, 1 when a line was refused."""
    refused = answer_lines(sys.stdin.buffer, sys.stdout.buffer, answer, any_character=any_character)
    return 1 if refused else 0


def answer_lines(source: BinaryIO, sink: BinaryIO, answer: Answer, *, any_character: bool = False) -> int:
    """Answers every line that isn't blank; how many were refused. `any_character`: `answer` makes do with those that no
    text holds (half of a pair, the null one)."""
    refused = 0
    for raw in _lines(source):
        reply, fine = _reply(raw, answer, any_character=any_character)
        refused += not fine
        sink.write(json.dumps(reply, ensure_ascii=False).encode(errors="replace") + b"\n")
        sink.flush()
    return refused


def _lines(source: BinaryIO) -> Iterator[bytes]:
    """Lines without the first one's byte order mark; of one over the limit only the beginning, its rest read past."""
    first = True
    while raw := source.readline(MAX_LINE + 1):
        raw = raw.removeprefix(BOM) if first else raw
        first = False
        if len(raw) > MAX_LINE and not raw.endswith(b"\n"):
            while (more := source.readline(MAX_LINE)) and not more.endswith(b"\n"):
                continue
            yield raw
        elif raw.strip():
            yield raw


def _reply(raw: bytes, answer: Answer, *, any_character: bool) -> tuple[Line, bool]:
    line: Line = {}
    try:
        if len(raw) > MAX_LINE:
            raise LineError(TOO_LONG)
        line = object_in(raw)
        if not any_character:
            refuse_unwritable(line)
        return answer(line), True
    except (LineError, Refused) as error:
        twice = not line and error.field == "id"  # given twice: neither is the line's
        identity = identity_of(line) if line or twice else identity_in(raw)
        return _refusal(identity, error.message, error.field), False
    except Exception as error:
        if type(error).__module__.startswith("sqlalchemy."):
            raise  # the database, not the line: going on would refuse every other one
        place = extract_tb(error.__traceback__)[-1]
        where = f"{Path(place.filename).name}:{place.lineno}"
        LOG.error("a line could not be answered: %s (%s)", type(error).__name__, where)
        return _refusal(
            identity_of(line), "Cette ligne n'a pas pu être traitée : c'est un défaut du logiciel.", None
        ), False


def _refusal(identity: str | int | None, message: str, field: str | None) -> Line:
    return {"id": identity, "error": {"message": message[:1].upper() + message[1:], "field": field}}
