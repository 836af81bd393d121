"""Reads one JSON Lines object and its values: what they may be, and the French sentence when they aren't.

Standard library only, so that a command that needs nothing else starts at once."""

import json
import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, NoReturn

from router.model.incident import FactValue
from router.model.lines import LineError
from router.model.spelling import nearest_word

MAX_LINE = 1024 * 1024
TOO_LONG = "Cette ligne dépasse 1 Mo : coupez le texte, ou vérifiez que chaque objet tient sur sa ligne."
FIRST_YEAR, LAST_YEAR = 1900, 2199  # years every clock of the world can show
Line = Mapping[str, Any]
# JSON escapes can say characters that no text holds: half of a pair, or the null one.
_UNWRITABLE = re.compile("[\x00\ud800-\udfff]")
_IDENTITY_FIRST = re.compile(r'\s*\{\s*"id"\s*:\s*("(?:[^"\\]|\\.){0,400}"|-?\d{1,18})\s*[,}]')


def object_in(raw: bytes) -> Line:
    """The JSON object of one line. Raises LineError, about the line as a whole."""
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise LineError("Cette ligne n'est pas en UTF-8 : enregistrez le fichier en UTF-8.") from error
    try:
        value = json.loads(text, parse_constant=_no_constant, object_pairs_hook=_once_each)
    except LineError:
        raise
    except json.JSONDecodeError as error:
        message = f"JSON illisible au caractère {error.pos + 1} : attendu un objet {{…}} par ligne."
        raise LineError(message) from error
    except RecursionError as error:
        raise LineError("JSON trop imbriqué.") from error
    except ValueError as error:  # a number of more digits than Python reads
        raise LineError("Un nombre de cette ligne est trop long.") from error
    if not isinstance(value, dict):
        raise LineError("Chaque ligne est un objet JSON, entre accolades.")
    return value


def identity_of(line: Line) -> str | int | None:
    """The line's `id` when it has a usable one."""
    value = line.get("id")
    if isinstance(value, str):
        return None if _UNWRITABLE.search(value) else value
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def identity_in(raw: bytes) -> str | int | None:
    """The `id` of a line that couldn't be read as a whole, when the line begins with it."""
    found = _IDENTITY_FIRST.match(raw[:4_000].decode("utf-8", "replace"))
    if found is None or "\ufffd" in found[1]:
        return None
    try:
        return identity_of({"id": json.loads(found[1])})
    except ValueError:
        return None


def refuse_unwritable(value: Any) -> None:
    """Raises LineError, about the line as a whole, for a character that no text holds, whatever holds it."""
    match value:
        case str():
            if _UNWRITABLE.search(value):
                raise LineError("Cette ligne contient un caractère qui n'existe dans aucun texte.")
        case dict():
            for name, each in value.items():
                refuse_unwritable(name)
                refuse_unwritable(each)
        case list():
            for each in value:
                refuse_unwritable(each)


def written(quoted: str) -> str:
    """The longest piece of what is quoted from a text that holds no such character: still a piece of that text."""
    return max((piece.strip() for piece in _UNWRITABLE.split(quoted)), key=len)


def keys_of(line: Line, known: Iterable[str], required: Iterable[str], prefix: str = "") -> None:
    """Raises LineError for a key nobody reads, or one that is missing."""
    known = tuple(known)
    for name in line:
        if name not in known:
            near = nearest_word(name, known)
            mend = f"vouliez-vous « {near} » ?" if near else f"sont possibles : {', '.join(known)}."
            raise LineError(f"La clé « {name[:80]} » n'existe pas ; {mend}", prefix + name)
    for name in required:
        if name not in line:
            raise LineError(f"Il manque « {name} ».", prefix + name)
    if "id" in required and identity_of(line) is None:
        refuse_unwritable(line["id"])
        raise LineError("« id » est un texte ou un nombre entier.", "id")


def text_of(line: Line, name: str, prefix: str = "") -> str:
    """The text under `name`; empty when absent or null. Raises LineError for anything else."""
    value = line.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise LineError(f"« {name} » est un texte, entre guillemets.", prefix + name)
    return value


def instant_of(line: Line, name: str) -> datetime | None:
    """The instant under `name`, with its offset; None when absent or null. Raises LineError."""
    text = text_of(line, name)
    if line.get(name) is None:
        return None
    wanted = "il faut un instant ISO 8601 avec son décalage, comme « 2026-11-02T08:00:00+01:00 »"
    try:
        instant = datetime.fromisoformat(text)
    except ValueError as error:
        raise LineError(f"L'instant « {text[:40]} » est illisible : {wanted}.", name) from error
    if instant.tzinfo is None:
        raise LineError(f"L'instant « {text} » n'a pas de décalage : {wanted}.", name)
    if not FIRST_YEAR <= instant.year <= LAST_YEAR:
        raise LineError(f"L'année {instant.year} est hors de tout calendrier : vérifiez la date.", name)
    return instant


def facts_of(line: Line, name: str = "facts") -> Mapping[str, FactValue]:
    """The declared facts, as given: the vocabulary checks them later. Raises LineError."""
    value = line.get(name)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise LineError('« facts » est un objet : {"fait": "valeur", …}.', name)
    return value


def _no_constant(word: str) -> NoReturn:
    raise LineError(f"« {word} » n'est pas du JSON.")


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A key given twice would silently lose its first value."""
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise LineError(f"La clé « {twice[:80]} » est donnée deux fois.", twice[:80])
    return found
