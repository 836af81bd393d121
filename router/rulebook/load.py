"""Sources to a proved Rulebook, or to every fault they hold. Only `read_folder` touches files."""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType

from router.documents.document import Place, UnreadableDocument, parse_document
from router.model.faults import Fault, FilesRefused, by_place
from router.model.words import Party
from router.rulebook.book import Rulebook, Slice
from router.rulebook.catalogue import Product
from router.rulebook.cross_checks import cross_checks
from router.rulebook.cubes import Budget, ProofUnfinished
from router.rulebook.entries import (
    GreyZone,
    Heading,
    Obligation,
    PartyDefinition,
    Property,
    Rule,
)
from router.rulebook.headings import read_headings
from router.rulebook.properties import PropertyProof, read_properties
from router.rulebook.prove import STEPS_PER_SLICE, prove_base, prove_convention, unfinished
from router.rulebook.read import (
    Words,
    read_articles,
    read_impossibles,
    read_obligations,
    read_parties,
    read_priorities,
    read_rules,
    read_vocabulary,
)
from router.rulebook.read_catalogue import read_catalogue
from router.rulebook.read_convention import read_convention
from router.rulebook.slices import Draft, slices_of
from router.rulebook.table import Table
from router.rulebook.vocabulary import unknown_word
from router.rulebook.zones import read_zones, zone_faults

REQUIRED = ("vocabulary.toml", "parties.toml", "convention.toml", "obligations.toml", "priorities.toml")
ZONES = "grey_zones.toml"
OPTIONAL = ("impossible.toml", "catalogue.toml", "properties.toml", "raci.toml", ZONES)
_FOLDERS = re.compile(r"(routing|conventions)/[^/]+\.toml")
_KEPT_BOOKS = 16


class RulebookRefused(FilesRefused):
    """A book with faults: refused whole. `faults` holds them all, in the order of their places."""


def read_folder(folder: Path) -> dict[str, str]:
    """The rule files of a folder: relative name → text. Files of other rooms (clocks, lexicon) are left aside.

    Raises RulebookRefused when the folder is missing or a file isn't UTF-8."""
    if not folder.is_dir():
        raise RulebookRefused([Fault(str(folder), 1, 1, "AIG021", "ce dossier de règles n'existe pas.")])
    names = [name for name in (*REQUIRED, *OPTIONAL) if (folder / name).is_file()]
    for sub in ("routing", "conventions"):
        names += [f"{sub}/{path.name}" for path in sorted((folder / sub).glob("*.toml"))]
    return {name: _text(folder, name) for name in names}


def _text(folder: Path, name: str) -> str:
    try:
        return (folder / name).read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        message = f"le fichier n'est pas en UTF-8 (octet {error.start}) : enregistrez-le de nouveau en UTF-8."
        raise RulebookRefused([Fault(name, 1, 1, "AIG001", message)]) from error


def fingerprint(sources: Mapping[str, str]) -> str:
    """SHA-256 over the names and texts of the sources, in byte order of the names."""
    digest = sha256()
    for name, text in _ordered(sources):
        for part in (name, text):
            encoded = part.encode()
            digest.update(f"{len(encoded)}:".encode() + encoded)
    return digest.hexdigest()


def load_book(sources: Mapping[str, str]) -> Rulebook:
    """Parse and prove a book; the same sources give the same object. Raises RulebookRefused with all faults."""
    return _load(_ordered(sources))


def check(sources: Mapping[str, str]) -> tuple[Fault, ...]:
    """Every fault of the sources, the proof's included, by file, line and column. Never raises."""
    try:
        load_book(sources)
    except RulebookRefused as refusal:
        return refusal.faults
    return ()


def _ordered(sources: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(sources.items(), key=lambda source: source[0].encode()))


@lru_cache(maxsize=_KEPT_BOOKS)
def _load(sources: tuple[tuple[str, str], ...]) -> Rulebook:
    reading = _Reading(sources)
    draft = reading.draft()
    if draft is None or not draft.rules or any(fault.file != "catalogue.toml" for fault in reading.faults):
        raise RulebookRefused(by_place(reading.faults))
    slices: dict[str | None, tuple[Slice, ...]] = {None: slices_of(draft, None)}
    reading.faults += prove_base(draft, slices[None])
    for convention in draft.conventions:
        slices[convention.id] = slices_of(draft, convention)
        reading.faults += prove_convention(draft, convention, slices[convention.id])
    if ZONES in reading.sources:
        reading.faults += zone_faults(reading.zones, draft.rules, draft.vocabulary)
    if not reading.faults:
        reading.faults += _refuted_properties(reading, draft, slices)
    if reading.faults:
        raise RulebookRefused(by_place(reading.faults))
    return reading.book(draft, slices)


def _refuted_properties(
    reading: "_Reading", draft: Draft, slices: Mapping[str | None, tuple[Slice, ...]]
) -> Iterator[Fault]:
    for convention, parts in slices.items():
        for part in parts:
            proof = PropertyProof.of(draft.vocabulary, reading.parties, part, Budget(STEPS_PER_SLICE))
            try:
                yield from proof.faults(reading.properties, convention)
            except ProofUnfinished:
                yield unfinished(Place("properties.toml"), part.since)


class _Reading:
    """One pass over the sources; collects faults and goes on."""

    def __init__(self, sources: tuple[tuple[str, str], ...]) -> None:
        self.sources = dict(sources)
        self.faults: list[Fault] = []
        self._check_names()
        self._roots = dict(self._parsed())
        self._words: Words | None = None
        self._catalogue: tuple[Product, ...] = ()
        self.parties: dict[Party, PartyDefinition] = {}
        self.properties: tuple[Property, ...] = ()
        self.zones: tuple[GreyZone, ...] = ()
        self._headings: tuple[Heading, ...] = ()

    def draft(self) -> Draft | None:
        """What could be read; None when the vocabulary, the parties or the articles can't be."""
        if any(name not in self._roots for name in REQUIRED):
            return None
        vocabulary = read_vocabulary(self._roots["vocabulary.toml"])
        if "category" not in vocabulary.facts or "reporter_role" not in vocabulary.facts:
            return None
        self.parties = parties = read_parties(self._roots["parties.toml"])
        articles = read_articles(self._roots["convention.toml"])
        if not parties or not articles:  # everything else would name one that isn't there
            return None
        self._words = words = Words(vocabulary, parties, articles)
        if "catalogue.toml" in self._roots:
            self._catalogue = read_catalogue(self._roots["catalogue.toml"], vocabulary)
        if "properties.toml" in self._roots:
            self.properties = read_properties(self._roots["properties.toml"], words)
        if "raci.toml" in self._roots:
            self._headings = read_headings(self._roots["raci.toml"], words)
        draft = self._draft(words)
        if ZONES in self._roots:  # a book published before the register has none
            self.zones = read_zones(self._roots[ZONES], words)
        return draft

    def book(self, draft: Draft, slices: Mapping[str | None, tuple[Slice, ...]]) -> Rulebook:
        assert self._words is not None
        return Rulebook(
            fingerprint=fingerprint(self.sources),
            sources=MappingProxyType(dict(self.sources)),
            vocabulary=draft.vocabulary,
            parties=MappingProxyType(dict(self._words.parties)),
            articles=MappingProxyType(dict(self._words.articles)),
            rules=draft.rules,
            obligations=draft.obligations,
            priorities=draft.priorities,
            alert=draft.alert,
            impossibles=draft.impossibles,
            incoherent=draft.incoherent,
            conventions=MappingProxyType({convention.id: convention for convention in draft.conventions}),
            catalogue=self._catalogue,
            properties=self.properties,
            headings=self._headings,
            slices=MappingProxyType(dict(slices)),
            zones=self.zones,
        )

    def _draft(self, words: Words) -> Draft:
        rules = tuple(rule for name in self._under("routing/") for rule in self._routing(name, words))
        if not rules:
            self.faults.append(
                Fault("routing", 1, 1, "AIG003", "aucune règle : il faut au moins un fichier routing/….toml.")
            )
        obligations = self._obligations(words)
        priorities, alert = read_priorities(self._roots["priorities.toml"], words)
        impossible = self._roots.get("impossible.toml")
        impossibles, incoherent = read_impossibles(impossible, words) if impossible else ((), None)
        read = [read_convention(self._roots[name], words) for name in self._under("conventions/")]
        conventions = tuple(convention for convention in read if convention)
        draft = Draft(
            words.vocabulary, rules, obligations, priorities, alert, impossibles, incoherent, conventions
        )
        self.faults += cross_checks(draft, self._written_rules())
        return draft

    def _written_rules(self) -> frozenset[str] | None:
        """The ids of all rules, faulty ones too; None when a file that may hold some can't be read."""
        files = {name for name in self.sources if _FOLDERS.fullmatch(name)} | {"impossible.toml"} & set(
            self.sources
        )
        if not files <= self._roots.keys():
            return None
        tables = [self._roots[name].data for name in files]
        entries = [table.get("incoherent") for table in tables]
        for table in tables:
            found = table.get("rule")
            entries += found if isinstance(found, list) else []
        return frozenset(str(entry.get("id")) for entry in entries if isinstance(entry, dict))

    def _routing(self, name: str, words: Words) -> tuple[Rule, ...]:
        root = self._roots[name]
        root.only("group", "rule")
        group = root.table("group")
        group.only("title")
        return read_rules(root, words, group.text("title"))

    def _obligations(self, words: Words) -> tuple[Obligation, ...]:
        root = self._roots["obligations.toml"]
        root.only("obligation")
        return read_obligations(root, words)

    def _under(self, folder: str) -> list[str]:
        return [name for name in self._roots if name.startswith(folder)]

    def _check_names(self) -> None:
        for name in REQUIRED:
            if name not in self.sources:
                self.faults.append(Fault(name, 1, 1, "AIG021", f"il manque le fichier {name}."))
        for name in self.sources:
            if name not in (*REQUIRED, *OPTIONAL) and not _FOLDERS.fullmatch(name):
                message = unknown_word(f"le fichier de règles « {name} »", name, [*REQUIRED, *OPTIONAL])
                self.faults.append(Fault(name, 1, 1, "AIG021", message))

    def _parsed(self) -> Iterator[tuple[str, Table]]:
        for name, text in self.sources.items():
            try:
                yield name, Table.root(parse_document(name, text), self.faults)
            except UnreadableDocument as unreadable:
                self.faults.append(unreadable.place.fault("AIG001", f"{unreadable}."))
