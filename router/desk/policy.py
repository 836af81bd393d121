"""A policy: one set of rules, calendars, targets and ladders, loaded whole or refused whole. Knows no database."""

import hashlib
import json
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from os import R_OK, X_OK, access, supports_effective_ids
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

from router.classify.classifier import Classifier
from router.clock.calendar import ServiceCalendar, load_calendars
from router.clock.decided_days import CalendarState
from router.clock.ladders import Ladders, load_ladders
from router.clock.school import Zone
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
TOO_FEW_PROPERTIES, FEWEST_PROPERTIES = "AIG121", 15
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
    state: CalendarState = field(
        default_factory=CalendarState
    )  # what was decided about days since it was written

    def convention(self, convention_id: str | None) -> Convention | None:
        return self.book.conventions.get(convention_id) if convention_id else None

    def zone(self, convention_id: str | None, installation: ZoneInfo) -> ZoneInfo:
        """Where a convention's people read the time; the installation's own for whoever falls under none."""
        convention = self.convention(convention_id)
        return convention.timezone if convention else installation

    def calendar(self, convention_id: str | None, clock: str, uai: str | None = None) -> ServiceCalendar:
        """The calendar a convention gives to a clock's name, with what was decided about its days, for a collège or
        (without `uai`) for all; without a convention, the permanent one."""
        convention = self.convention(convention_id)
        name = convention.clocks.get(clock, PERMANENT) if convention else PERMANENT
        base = self.calendars[name]
        return base if name == PERMANENT else self.state.applied(base, clock, convention_id, uai)


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


def load_policy(sources: Mapping[str, str], imported: Collection[Zone] = ()) -> Policy:
    """Parses and proves everything. Raises PolicyRefused with all faults of all files, sorted by place. `imported`:
    the zones whose school dates were imported, so that their days are known."""
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
        faults.extend(_calendars_without_a_day(book, calendars, imported))
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


def prove_policy(sources: Mapping[str, str], imported: Collection[Zone] = ()) -> Policy:
    """As `load_policy`, holds what will decide to the conditions as they are written, and leaves no text to complete:
    nothing is published without it. Raises PolicyRefused."""
    policy, faults = publishable(sources, imported)
    if policy is None:
        raise PolicyRefused(faults)
    return policy


def publishable(
    sources: Mapping[str, str], imported: Collection[Zone] = ()
) -> tuple[Policy | None, tuple[Fault, ...]]:
    """As `examined`, and refuses what still begins with « À compléter »: a draft may hold it, a book in force never."""
    policy, faults = examined(sources, imported)
    found = by_place([*faults, *(each.fault for each in unfinished(sources))])
    return (None, found) if found else (policy, ())


def examined(
    sources: Mapping[str, str], imported: Collection[Zone] = ()
) -> tuple[Policy | None, tuple[Fault, ...]]:
    """What reading and proving files gives: their policy, or every fault. The same files given again (a draft's page,
    its approval, a check and its publication) are proved once."""
    return _examined(tuple(sorted(sources.items())), frozenset(imported))


@lru_cache(maxsize=16)
def _examined(
    sources: tuple[tuple[str, str], ...], imported: frozenset[Zone]
) -> tuple[Policy | None, tuple[Fault, ...]]:
    try:
        policy = load_policy(dict(sources), imported)
    except PolicyRefused as refused:
        return None, tuple(refused.faults)
    faults = by_place([*disagreements(policy.book), *_left_out(policy)])
    return (None, faults) if faults else (policy, ())


def _left_out(policy: Policy) -> Iterator[Fault]:
    """What a book published before it was asked may lack, and a new one may not: a proof that has nothing to prove,
    or words that warn of nothing, would pass in silence."""
    properties = len(policy.book.properties)
    if properties < FEWEST_PROPERTIES:
        said = "aucune propriété" if not properties else f"{properties} propriétés seulement"
        message = (
            f"{said} : il en faut au moins {FEWEST_PROPERTIES} à prouver. Rétablissez celles qui manquent."
        )
        yield Fault("properties.toml", 1, 1, TOO_FEW_PROPERTIES, message)
    opened = sum(rule.arbitrage for rule in policy.book.rules)
    if opened and not policy.book.zones:
        said = "une règle est ouverte" if opened == 1 else f"{opened} règles sont ouvertes"
        message = f"il manque le registre des zones grises : {said} à l'arbitrage sans la question posée."
        yield Fault("grey_zones.toml", 1, 1, FILE_FAULT, message)
    if not any(group.attack for group in policy.classifier.lexicon.groups):
        message = "il manque les mots qui disent une attaque : un groupe au moins avec attack = true."
        yield Fault("lexicon/security.toml", 1, 1, FILE_FAULT, message)


def _unknown_calendars(book: Rulebook, calendars: Mapping[str, ServiceCalendar]) -> list[Fault]:
    """Each clock of each convention names a calendar that exists."""
    return [
        convention.place.fault(UNKNOWN_CALENDAR, _calendar_wanted(convention, clock, calendars))
        for convention in book.conventions.values()
        for clock in Clock
        if convention.clocks.get(clock) not in calendars
    ]


def _calendars_without_a_day(
    book: Rulebook, calendars: Mapping[str, ServiceCalendar], imported: Collection[Zone]
) -> list[Fault]:
    """A calendar that knows no day gives no deadline at all: nobody would ever be told that one has passed."""
    return [
        convention.place.fault(
            EMPTY_CALENDAR,
            f"la convention « {convention.id} » suit le calendrier « {name} », dont aucun jour n'est connu : "
            "les vacances de sa zone ne sont pas connues ici : un administrateur peut les importer. Sinon, "
            'mettez school_zone = "none" et écrivez ses vacances sous « closed ».',
        )
        for convention in book.conventions.values()
        for name in sorted(set(convention.clocks.values()))
        if name in calendars
        and calendars[name].covered_until is None
        and calendars[name].school_zone not in imported
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
