"""From a convention's file to its entry: who signed it, where it applies, until when, what it settles locally."""

import re
from calendar import monthrange
from collections.abc import Mapping
from datetime import date, timedelta
from types import MappingProxyType
from zoneinfo import ZoneInfo

from router.model.zones import zone_named
from router.rulebook.entries import Convention
from router.rulebook.read import NOWHERE, Words, read_identifier, read_obligations, read_period, read_rules
from router.rulebook.table import Table

_DEPARTEMENT = re.compile("[0-9]{3}")
NOTICE_MONTHS = 6  # article 7.2


def read_convention(root: Table, words: Words) -> Convention | None:
    """One convention's file: who signed it, and what it settles."""
    root.only("convention", "rule", "obligation")
    table = root.table("convention")
    table.only(
        "id",
        "title",
        "departements",
        "academie",
        "signed_on",
        "since",
        "until",
        "timezone",
        "institutions",
        "school_zone",
        "clocks",
        "ends_on",
        "notice_given_on",
    )
    before = len(root.faults)
    identifier = read_identifier(table)
    if identifier and root.document.file != f"conventions/{identifier}.toml":
        table.fault(
            "AIG021", f"la convention « {identifier} » s'écrit dans conventions/{identifier}.toml.", "id"
        )
    title = table.text("title")
    convention = Convention(
        id=identifier,
        title=title,
        departements=_departements(table),
        academie=table.text("academie"),
        signed_on=table.day("signed_on", required=True) or NOWHERE,
        period=read_period(table),
        timezone=_zone(table),
        institutions=_named_texts(table.table("institutions")),
        school_zone=table.text("school_zone"),
        clocks=_named_texts(table.table("clocks")),
        ends_on=table.day("ends_on"),
        notice_given_on=table.day("notice_given_on"),
        rules=read_rules(root, words, title, identifier or "?"),
        obligations=read_obligations(root, words, identifier or "?"),
        place=table.place,
    )
    _check_end(table, convention)
    return convention if len(root.faults) == before else None


def _departements(table: Table) -> tuple[str, ...]:
    """The first three digits of the UAIs of its collèges."""
    numbers = table.texts("departements")
    for index, number in enumerate(numbers):
        if not _DEPARTEMENT.fullmatch(number):
            message = (
                f"« {number[:40]} » n'est pas un Département : écrivez les trois premiers chiffres de ses UAI."
            )
            table.fault("AIG007", message, "departements", index)
        elif number in numbers[:index]:
            table.fault("AIG005", f"le Département « {number} » est écrit deux fois.", "departements", index)
    return numbers


def _check_end(table: Table, convention: Convention) -> None:
    """The end agrees with `until`, and with the six months of a notice (article 7.2)."""
    end, notice, until = convention.ends_on, convention.notice_given_on, convention.period.until
    if end is None:
        if notice is not None:
            table.fault(
                "AIG003", "un préavis est donné : il manque « ends_on », le dernier jour.", "notice_given_on"
            )
        return
    earliest = months_after(notice, NOTICE_MONTHS) if notice else convention.signed_on
    if end < earliest:
        why = "le préavis est de six mois (article 7.2)" if notice else "la fin vient après la signature"
        table.fault("AIG014", f"« ends_on » : {why} ; pas avant le {earliest:%d/%m/%Y}.", "ends_on")
    if until is not None and until != end + timedelta(days=1):
        table.fault(
            "AIG014",
            f"« until » (exclu) doit être le lendemain de « ends_on », le {end + timedelta(days=1):%d/%m/%Y}.",
            "until",
        )


def months_after(day: date, months: int) -> date:
    """The same day of the month so many months later, or the month's last when it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _named_texts(table: Table) -> Mapping[str, str]:
    return MappingProxyType({name: table.text(name) for name in table.data})


def _zone(table: Table) -> ZoneInfo:
    name = table.text("timezone", required=False) or "Europe/Paris"
    try:
        return zone_named(name)
    except ValueError:
        table.fault(
            "AIG007", f"le fuseau horaire « {name} » n'existe pas ; par exemple « Europe/Paris ».", "timezone"
        )
        return ZoneInfo("Europe/Paris")
