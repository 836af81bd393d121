"""JSON Lines in, JSON Lines out: same order, one object per object, each written as soon as it is known.

Bytes in and out, so that the machine's locale changes nothing. Memory doesn't grow with the input."""

import json
import logging
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from traceback import extract_tb
from typing import Any, BinaryIO

from router.desk.line_reading import MAX_LINE, TOO_LONG, identity_of, object_in
from router.model.actor import Refused
from router.model.lines import LineError

LOG = logging.getLogger(__name__)
BOM = b"\xef\xbb\xbf"
Line = Mapping[str, Any]
Answer = Callable[[Line], Line]


def answer_standard_input(answer: Answer) -> int:
    """Answers every line of the standard input: the command's exit code, 1 when a line was refused."""
    return 1 if answer_lines(sys.stdin.buffer, sys.stdout.buffer, answer) else 0


def answer_lines(source: BinaryIO, sink: BinaryIO, answer: Answer) -> int:
    """Answers every line that isn't blank; how many were refused."""
    refused = 0
    for raw in _lines(source):
        reply, fine = _reply(raw, answer)
        refused += not fine
        sink.write(json.dumps(reply, ensure_ascii=False).encode() + b"\n")
        sink.flush()
    return refused


def _lines(source: BinaryIO) -> Iterator[bytes | None]:
    """Lines without the first one's byte order mark; None for one over the limit, whose rest is read past."""
    first = True
    while raw := source.readline(MAX_LINE + 1):
        raw = raw.removeprefix(BOM) if first else raw
        first = False
        if len(raw) > MAX_LINE and not raw.endswith(b"\n"):
            while (more := source.readline(MAX_LINE)) and not more.endswith(b"\n"):
                continue
            yield None
        elif raw.strip():
            yield raw


def _reply(raw: bytes | None, answer: Answer) -> tuple[Line, bool]:
    line: Line = {}
    try:
        if raw is None:
            raise LineError(TOO_LONG)
        line = object_in(raw)
        return answer(line), True
    except (LineError, Refused) as error:
        return _refusal(line, error.message, error.field), False
    except Exception as error:
        if type(error).__module__.startswith("sqlalchemy."):
            raise  # the database, not the line: going on would refuse every other one
        place = extract_tb(error.__traceback__)[-1]
        where = f"{Path(place.filename).name}:{place.lineno}"
        LOG.error("a line could not be answered: %s (%s)", type(error).__name__, where)
        return _refusal(line, "Cette ligne n'a pas pu être traitée : c'est un défaut du logiciel.", None), False


def _refusal(line: Line, message: str, field: str | None) -> Line:
    return {"id": identity_of(line), "error": {"message": message[:1].upper() + message[1:], "field": field}}
