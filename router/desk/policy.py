"""A policy: one set of rules, calendars, targets and ladders, loaded whole or refused whole. Knows no database."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from os import R_OK, X_OK, access, supports_effective_ids
from pathlib import Path
from typing import TypeVar

from router.classify.classifier import Classifier
from router.clock.calendar import ServiceCalendar, load_calendars
from router.clock.ladders import Ladders, load_ladders
from router.clock.targets import Clock, Targets, load_targets
from router.model.actor import Refused
from router.model.faults import Fault, FilesRefused, by_place
from router.model.spelling import nearest_word
from router.rulebook.agreement import disagreements
from router.rulebook.book import Rulebook
from router.rulebook.entries import Convention
from router.rulebook.load import load_book
from router.rulebook.to_complete import unfinished

UNREADABLE, FILE_FAULT = "AIG001", "AIG021"
UNKNOWN_CALENDAR = "AIG330"
EMPTY_CALENDAR = "AIG331"
PERMANENT = "permanent"
LEXICON = "lexicon/"
OTHER_ROOMS = ("clocks/", LEXICON, "ladders.toml")  # read by the clock and the classifier, not by the rulebook
T = TypeVar("T")


class PolicyRefused(FilesRefused):
    """Some rules file is faulty; whatever was in force stays."""


class NoPolicy(Refused):
    """Nothing is in force yet at that instant."""


@dataclass(frozen=True, slots=True)
class Policy:
    """Everything a decision and its deadlines depend on, under one fingerprint."""

    fingerprint: str
    book: Rulebook
    calendars: Mapping[str, ServiceCalendar]
    targets: Targets
    ladders: Ladders
    classifier: Classifier

    def convention(self, convention_id: str | None) -> Convention | None:
        return self.book.conventions.get(convention_id) if convention_id else None

    def calendar(self, convention_id: str | None, clock: str) -> ServiceCalendar:
        """The calendar a convention gives to a clock's name; without a convention, the permanent one."""
        convention = self.convention(convention_id)
        name = convention.clocks.get(clock, PERMANENT) if convention else PERMANENT
        return self.calendars[name]


def fingerprint_of(sources: Mapping[str, str]) -> str:
    canonical = json.dumps(dict(sources), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def read_sources(folder: Path) -> dict[str, str]:
    """Every rules file of a folder, by its name relative to it. Raises PolicyRefused with each that can't be read."""
    found: dict[str, str] = {}
    faults: list[Fault] = []
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if message := _never_read(path):
            faults.append(
                Fault(ascii(name)[1:-1] if not name.isprintable() else name, 1, 1, FILE_FAULT, message)
            )
        elif path.suffix == ".toml":
            text = _text_of(path, name)
            if isinstance(text, Fault):
                faults.append(text)
            else:
                found[name] = text
    if faults:
        raise PolicyRefused(by_place(faults))
    return found


def _never_read(path: Path) -> str:
    """Why a file or a folder would be waited for, or passed over in silence; empty for an ordinary one."""
    if path.is_dir() and path.suffix != ".toml":
        readable = access(path, R_OK | X_OK, effective_ids=access in supports_effective_ids)
        return "" if readable else "ce dossier ne peut pas être lu : vérifiez ses droits."
    if path.name.lower().endswith((".toml", ".toml.txt")):
        if path.suffix != ".toml":
            return (
                f"ce fichier ne serait pas lu : nommez-le {path.name[: path.name.lower().index('.toml')]}.toml."
            )
        if not path.name.isprintable():
            return (
                "le nom de ce fichier ne se lit pas : renommez-le avec des lettres, des chiffres et des tirets."
            )
        if not path.is_file():  # a pipe would be waited for, and a device read without end
            return f"{path.name} n'est pas un fichier ordinaire : ôtez-le, ou rétablissez ce à quoi il renvoie."
    return ""


def _text_of(path: Path, name: str) -> str | Fault:
    """A byte order mark, which some editors write, is no part of the text; line ends are made alike."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        before = error.object[: error.start]
        line, column = before.count(b"\n") + 1, error.start - before.rfind(b"\n")
        return Fault(name, line, column, UNREADABLE, "ce fichier n'est pas en UTF-8 : enregistrez-le en UTF-8.")
    except OSError:
        return Fault(name, 1, 1, FILE_FAULT, "ce fichier ne peut pas être lu : vérifiez ses droits.")


def load_policy(sources: Mapping[str, str]) -> Policy:
    """Parses and proves everything. Raises PolicyRefused with all faults of all files, sorted by place."""
    faults: list[Fault] = []
    book = _attempt(lambda: load_book(_without(sources, OTHER_ROOMS)), faults)
    calendars = _attempt(lambda: load_calendars(sources), faults)
    targets = _attempt(lambda: load_targets(sources), faults)
    ladders = _attempt(lambda: load_ladders(sources), faults)
    lexicon = {name: text for name, text in sources.items() if name.startswith(LEXICON)}
    products = book.catalogue if book else ()
    classifier = _attempt(lambda: Classifier.load(lexicon, products), faults)
    if book is not None and calendars is not None:
        faults.extend(_unknown_calendars(book, calendars))
        faults.extend(_calendars_without_a_day(book, calendars))
    if faults or book is None or calendars is None or targets is None or ladders is None or classifier is None:
        raise PolicyRefused(by_place(faults))
    fingerprint = fingerprint_of(sources)
    return Policy(
        fingerprint=fingerprint,
        book=replace(book, fingerprint=fingerprint),  # a decision names the whole policy it rests on
        calendars=calendars,
        targets=targets,
        ladders=ladders,
        classifier=classifier,
    )


def prove_policy(sources: Mapping[str, str]) -> Policy:
    """As `load_policy`, holds what will decide to the conditions as they are written, and leaves no text to complete:
    nothing is published without it. Raises PolicyRefused."""
    policy, faults = publishable(sources)
    if policy is None:
        raise PolicyRefused(faults)
    return policy


def publishable(sources: Mapping[str, str]) -> tuple[Policy | None, tuple[Fault, ...]]:
    """As `examined`, and refuses what still begins with « À compléter »: a draft may hold it, a book in force never."""
    policy, faults = examined(sources)
    found = by_place([*faults, *(each.fault for each in unfinished(sources))])
    return (None, found) if found else (policy, ())


def examined(sources: Mapping[str, str]) -> tuple[Policy | None, tuple[Fault, ...]]:
    """What reading and proving files gives: their policy, or every fault. The same files given again (a draft's page,
    its approval, a check and its publication) are proved once."""
    return _examined(tuple(sorted(sources.items())))


@lru_cache(maxsize=16)
def _examined(sources: tuple[tuple[str, str], ...]) -> tuple[Policy | None, tuple[Fault, ...]]:
    try:
        policy = load_policy(dict(sources))
    except PolicyRefused as refused:
        return None, tuple(refused.faults)
    faults = tuple(disagreements(policy.book))
    return (None, faults) if faults else (policy, ())


def _unknown_calendars(book: Rulebook, calendars: Mapping[str, ServiceCalendar]) -> list[Fault]:
    """Each clock of each convention names a calendar that exists."""
    return [
        convention.place.fault(UNKNOWN_CALENDAR, _calendar_wanted(convention, clock, calendars))
        for convention in book.conventions.values()
        for clock in Clock
        if convention.clocks.get(clock) not in calendars
    ]


def _calendars_without_a_day(book: Rulebook, calendars: Mapping[str, ServiceCalendar]) -> list[Fault]:
    """A calendar that knows no day gives no deadline at all: nobody would ever be told that one has passed."""
    return [
        convention.place.fault(
            EMPTY_CALENDAR,
            f"la convention « {convention.id} » suit le calendrier « {name} », dont aucun jour n'est connu : "
            "les vacances de sa zone ne sont pas publiées ici. "
            'Mettez school_zone = "none" et écrivez ses vacances sous « closed ».',
        )
        for convention in book.conventions.values()
        for name in sorted(set(convention.clocks.values()))
        if name in calendars and calendars[name].covered_until is None
    ]


def _calendar_wanted(convention: Convention, clock: Clock, calendars: Mapping[str, ServiceCalendar]) -> str:
    name = convention.clocks.get(clock)
    if name is None:
        return (
            f"la convention « {convention.id} » ne dit pas quel calendrier suit l'horloge {clock} : nommez-le."
        )
    near = nearest_word(name, calendars)
    mend = f"vouliez-vous « {near} » ?" if near else "ajoutez-le dans clocks/calendars.toml."
    return f"le calendrier « {name} » de la convention « {convention.id} » n'existe pas ; {mend}"


def _without(sources: Mapping[str, str], prefixes: tuple[str, ...]) -> dict[str, str]:
    return {name: text for name, text in sources.items() if not name.startswith(prefixes)}


def _attempt(load: Callable[[], T], faults: list[Fault]) -> T | None:
    try:
        return load()
    except FilesRefused as refusal:
        faults.extend(refusal.faults)
        return None
