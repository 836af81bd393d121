"""What `rules diff` and `rules replay` write: sentences for people, plain values for programs."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from router.desk.comparison import ChangeLine, ConventionChanges, DayChanges, region_in_values
from router.rulebook.book import Rulebook
from router.rulebook.replay import Move, Replayed

ALIKE = "Rien ne change : les deux livres décident pareil, par les mêmes règles."


def changes_text(found: Sequence[ConventionChanges], beside: Sequence[str]) -> str:
    """One part for each convention; those that change as the national base are only named."""
    lines = list(_conventions(found))
    if beside:
        lines += ["", f"Diffèrent aussi, et ne se comparent pas ici : {', '.join(beside)}."]
    if any(line.tickets is not None for each in found for day in each.days for line in day.lines):
        lines += [
            "",
            "Entre parenthèses, les dossiers des douze derniers mois qui auraient été touchés, hors alertes.",
        ]
    return "\n".join(lines).strip("\n")


def changes_json(found: Sequence[ConventionChanges], beside: Sequence[str]) -> dict[str, Any]:
    return {
        "alike": all(each.alike for each in found),
        "conventions": [
            {"convention": each.convention, "title": each.title, "days": [_day_json(day) for day in each.days]}
            for each in found
        ],
        "beside": list(beside),
    }


def replay_text(book: Rulebook, found: Replayed, days: tuple[date, date]) -> str:
    """The table before, after, rule, count; then the totals."""
    lines = [
        f"Du {days[0]:%d/%m/%Y} au {days[1]:%d/%m/%Y} : {_count(found.total, 'dossier')}. "
        f"Changent d'intervenant : {found.changed} ; de règle seulement : {found.other_rule} ; "
        f"sans changement : {found.unchanged}."
    ]
    if found.changed:
        lines += ["", "Dossiers qui changent d'intervenant :", *_table(book, found)]
    lines += [
        "",
        f"Alertes : {found.alerts_now} aujourd'hui ; {found.alerts_then} à leur dépôt, sous ce livre.",
    ]
    if found.undated:
        lines.append(
            f"{_count(found.undated, 'dossier')} d'avant la première règle de ce livre : non redécidés."
        )
    if found.elsewhere:
        lines.append(
            f"{_count(found.elsewhere, 'dossier')} d'une convention que ce livre n'a pas : redécidés par la base."
        )
    if found.tickets_unread:
        facts = ", ".join(f"{name} ({count})" for name, count in sorted(found.unread.items()))
        lines.append(
            f"{_count(found.tickets_unread, 'dossier')} avec un fait que ce livre ne connaît pas, "
            f"pris pour « je ne sais pas » : {facts}."
        )
    return "\n".join(lines)


def replay_json(found: Replayed) -> dict[str, Any]:
    return {
        "total": found.total,
        "changed": found.changed,
        "other_rule": found.other_rule,
        "unchanged": found.unchanged,
        "moves": [move._asdict() | {"count": count} for move, count in _most_first(found)],
        "undated": found.undated,
        "elsewhere": found.elsewhere,
        "tickets_unread": found.tickets_unread,
        "unread": dict(sorted(found.unread.items())),
        "alerts_now": found.alerts_now,
        "alerts_then": found.alerts_then,
    }


def _conventions(found: Sequence[ConventionChanges]) -> Iterator[str]:
    base = found[0]
    for n, each in enumerate(found):
        yield from ("", f"== {each.title} ==")
        if each.alike:
            yield ALIKE
        elif n and _said(each) == _said(base):
            yield f"Comme pour « {base.title} »{_tickets_of(each)}"
        else:
            for day in each.days:
                yield from _day(day)


def _said(found: ConventionChanges) -> list[tuple[date, list[str]]]:
    return [(day.since, [*day.notes, *(line.text for line in day.lines)]) for day in found.days]


def _tickets_of(found: ConventionChanges) -> str:
    counts = [line.tickets for day in found.days for line in day.lines]
    if None in counts:
        return "."
    return f" ; dossiers touchés, ligne à ligne : {', '.join(map(str, counts))}."


def _day(day: DayChanges) -> Iterator[str]:
    until = f" et jusqu'au {day.until:%d/%m/%Y} exclu" if day.until else ""
    yield from ("", f"À partir du {day.since:%d/%m/%Y}{until} :")
    if day.alike:
        yield f"  {ALIKE}"
    yield from (f"  {note}" for note in day.notes)
    for heading, lines in day.parts:
        yield f"  {heading} :"
        yield from (f"    {line.text}{_tickets(line)}" for line in lines)


def _tickets(line: ChangeLine) -> str:
    return "" if line.tickets is None else f" ({_count(line.tickets, 'dossier')})"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'s' if number > 1 else ''}"


def _day_json(day: DayChanges) -> dict[str, Any]:
    return {
        "since": day.since.isoformat(),
        "until": day.until.isoformat() if day.until else None,
        "notes": list(day.notes),
        "lines": [_line_json(day, line) for line in day.lines],
    }


def _line_json(day: DayChanges, shown: ChangeLine) -> dict[str, Any]:
    line = shown.line
    return {
        "kind": line.kind,
        "text": shown.text,
        "before": line.before,
        "after": line.after,
        "told": line.told,
        "rules_before": list(line.rules_before),
        "rules_after": list(line.rules_after),
        "exceptions": list(line.exceptions),
        "cells": line.cells,
        "tickets": shown.tickets,
        "region": region_in_values(day.vocabulary, line.cube),
        "exactly": [region_in_values(day.vocabulary, box) for box in line.boxes],
    }


def _most_first(found: Replayed) -> list[tuple[Move, int]]:
    return sorted(found.moves.items(), key=lambda item: (-item[1], item[0]))


def _table(book: Rulebook, found: Replayed) -> list[str]:
    rows = [("avant", "après", "règle", "dossiers")]
    for move, count in _most_first(found):
        if move.before is not move.after:
            names = book.parties[move.before].short, book.parties[move.after].short
            rows.append((*names, book.rule(move.rule).title, str(count)))
    widths = [max(len(row[n]) for row in rows) for n in range(3)]
    return [
        "  "
        + "  ".join(
            [*(cell.ljust(width) for cell, width in zip(row[:3], widths, strict=True)), row[3].rjust(8)]
        )
        for row in rows
    ]
