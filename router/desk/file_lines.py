"""Lines of `aiguillage file`: a declaration read from one JSON object, filed, and what is answered.

The same use case as the form: the same words give the same decision."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from email_validator import EmailNotValidError, validate_email
from sqlalchemy.exc import IntegrityError

from router.desk.caller import account_of
from router.desk.declaration import Declaration, Filed
from router.desk.declare import file_incident
from router.desk.house import Desk
from router.desk.line_reading import facts_of, instant_of, keys_of, text_of
from router.desk.policy import NoPolicy
from router.model.actor import Conflict
from router.model.incident import Reporter
from router.model.lines import LineError
from router.model.uai import parse_uai
from router.model.words import Channel, ReporterRole
from router.store.journal import COMMAND

FILE_KEYS = ("id", "uai", "reporter", "subject", "body", "room", "asset_tag", "product", "facts", "at")
REQUIRED = ("id", "uai", "reporter", "subject", "body")
REPORTER_KEYS = ("role", "name", "email")
LONGEST = {"room": 100, "asset_tag": 100, "product": 200, "name": 200}
LONGEST_ID = 200
Line = Mapping[str, Any]


def file_line(desk: Desk, line: Line, now: datetime) -> Line:
    """Files one line in a transaction of its own: `{id, ticket, responsible, rule, deadlines}`.

    The same `id` with the same content gives the same ticket back. Raises LineError and the Refused kinds."""
    declaration = _with_account(desk, declaration_of(line))
    at = instant_of(line, "at") or now
    try:
        filed = _file(desk, declaration, at, now)
    except Conflict as conflict:
        raise LineError(conflict.message.replace(_external_id(line), str(line["id"])), "id") from conflict
    return filed_line(line["id"], filed, desk.settings.zone)


def declaration_of(line: Line) -> Declaration:
    """What the line declares. Raises LineError; Invalid for a mistaken UAI."""
    keys_of(line, FILE_KEYS, REQUIRED)
    if len(str(line["id"])) > LONGEST_ID:
        raise LineError(f"« id » dépasse {LONGEST_ID} caractères.", "id")
    reporter = _reporter(line["reporter"])
    facts = facts_of(line)
    if facts.get("reporter_role") not in (None, reporter.role):
        raise LineError(
            f"« reporter_role » contredit « reporter.role » ({reporter.role}) : retirez l'un des deux.",
            "facts.reporter_role",
        )
    return Declaration(
        uai=parse_uai(text_of(line, "uai")),
        reporter=reporter,
        subject=text_of(line, "subject"),
        body=text_of(line, "body"),
        channel=Channel.FILE,
        room=_short(line, "room"),
        asset_tag=_short(line, "asset_tag"),
        product=_short(line, "product"),
        facts=facts,
        external_id=_external_id(line),
    )


def filed_line(identity: str | int, filed: Filed, zone: ZoneInfo) -> Line:
    """Instants on the wall clock of the territory; `due_at` is null where the calendar isn't known that far."""
    return {
        "id": identity,
        "ticket": filed.ticket,
        "responsible": filed.responsible.value,
        "rule": filed.decision_rule,
        "deadlines": [
            {
                "kind": each.kind.value,
                "party": each.party.value,
                "due_at": each.due_at.astimezone(zone).isoformat() if each.due_at else None,
            }
            for each in filed.deadlines
        ],
    }


def _file(desk: Desk, declaration: Declaration, at: datetime, now: datetime) -> Filed:
    try:
        return file_incident(desk, declaration, COMMAND, at, now=now)
    except NoPolicy as none:
        raise LineError(none.message, "at") from none
    except IntegrityError:  # the same line, filed by another process at the same instant: theirs is the ticket
        return file_incident(desk, declaration, COMMAND, at, now=now)


def _reporter(value: Any) -> Reporter:
    if not isinstance(value, dict):
        raise LineError("« reporter » est un objet : {role, name, email}.", "reporter")
    keys_of(value, REPORTER_KEYS, REPORTER_KEYS, "reporter.")
    role, name = text_of(value, "role", "reporter."), _short(value, "name", "reporter.")
    known = [each.value for each in ReporterRole]
    if role not in known:
        raise LineError(
            f"« {role[:40]} » n'est pas un rôle ; sont possibles : {', '.join(known)}.", "reporter.role"
        )
    if not name.strip():
        raise LineError("Donnez le nom de la personne qui signale.", "reporter.name")
    return Reporter(role, name.strip(), _address(text_of(value, "email", "reporter.")))


def _address(text: str) -> str:
    try:
        return validate_email(text.strip(), check_deliverability=False).normalized
    except EmailNotValidError as error:
        message = f"« {text[:80]} » n'est pas une adresse électronique : nom@domaine.fr est attendu."
        raise LineError(message, "reporter.email") from error


def _short(line: Line, name: str, prefix: str = "") -> str:
    text = text_of(line, name, prefix)
    if len(text) > LONGEST[name]:
        raise LineError(f"« {name} » dépasse {LONGEST[name]} caractères.", prefix + name)
    return text


def _external_id(line: Line) -> str:
    """Apart from the keys of forms: an id of a file names nothing a form made. The number 7 isn't the text "7"."""
    kind = "file-number" if isinstance(line["id"], int) else "file"
    return f"{kind}:{line['id']}"


def _with_account(desk: Desk, declaration: Declaration) -> Declaration:
    """A reporter of the collège who has an account finds the ticket among hers."""
    with desk.database.reading() as session:
        return replace(
            declaration, reporter_id=account_of(session, declaration.reporter.email, declaration.uai)
        )
