"""The mapping file of an inventory: which column is which field, which word is which value. TOML, by hand.

Whoever administers writes it once for her Département's export; nothing in it is Python."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from router.classify.fold import fold_text
from router.documents.document import UnreadableDocument, parse_document
from router.model.actor import Invalid
from router.model.spelling import nearest_word
from router.model.uai import parse_uai

FIELDS = ("uai", "tag", "label", "product_family", "owner", "zone", "room", "serial", "warranty_until")
OWNERS = frozenset({"departement", "approved", "etablissement", "etat", "personal", "none", "unknown"})
ZONES = frozenset({"pedagogique", "administration", "none", "unknown"})
DEFAULTS = ("uai", "owner", "zone")
SECTIONS = ("columns", "owner", "zone", "family", "colleges", "defaults")

Words = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class InventoryMapping:
    """What one Département's export means. The keys of the word tables are folded."""

    columns: Words = field(default_factory=dict)
    owners: Words = field(default_factory=dict)
    zones: Words = field(default_factory=dict)
    families: Words = field(default_factory=dict)
    colleges: Words = field(default_factory=dict)
    defaults: Words = field(default_factory=dict)


def load_mapping(content: bytes, name: str, families: frozenset[str]) -> InventoryMapping:
    """The mapping in these bytes. `families`: the values of the fact `product_family`.

    Raises Invalid with the place, the wrong word and those that would be right."""
    sections = _sections(content, name)
    reading = _Reading(name, sections)
    columns = reading.words("columns")
    reading.refuse_strangers("columns", columns, frozenset(FIELDS))
    defaults = reading.words("defaults")
    reading.refuse_strangers("defaults", defaults, frozenset(DEFAULTS))
    reading.check("defaults", {"owner": defaults.get("owner", "unknown")}, OWNERS)
    reading.check("defaults", {"zone": defaults.get("zone", "unknown")}, ZONES)
    return InventoryMapping(
        columns=columns,
        owners=reading.folded("owner", OWNERS),
        zones=reading.folded("zone", ZONES),
        families=reading.folded("family", families),
        colleges=reading.uais("colleges"),
        defaults=reading.default_uai(defaults),
    )


def _sections(content: bytes, name: str) -> Mapping[str, Any]:
    try:
        return parse_document(name, content.decode("utf-8-sig")).data
    except UnicodeDecodeError as error:
        raise Invalid(
            f"{name} n'est pas en UTF-8 : enregistrez la correspondance en UTF-8.", "mapping"
        ) from error
    except UnreadableDocument as error:
        raise Invalid(
            f"{name} n'est pas du TOML bien formé, ligne {error.place.line} : {error}.", "mapping"
        ) from error


@dataclass(frozen=True, slots=True)
class _Reading:
    name: str
    sections: Mapping[str, Any]

    def __post_init__(self) -> None:
        self.refuse_strangers("", self.sections, frozenset(SECTIONS))

    def words(self, section: str) -> dict[str, str]:
        table = self.sections.get(section, {})
        if not isinstance(table, dict):
            raise Invalid(f"{self.name} : [{section}] doit être une table.", "mapping")
        for key, value in table.items():
            if not isinstance(value, str):
                raise Invalid(
                    f"{self.name}, [{section}] : « {key} » attend un texte entre guillemets.", "mapping"
                )
        return dict(table)

    def folded(self, section: str, values: frozenset[str]) -> dict[str, str]:
        words = self.words(section)
        self.check(section, words, values)
        return {fold_text(word): value for word, value in words.items()}

    def uais(self, section: str) -> dict[str, str]:
        return {fold_text(name): self._uai(section, uai) for name, uai in self.words(section).items()}

    def default_uai(self, defaults: Mapping[str, str]) -> dict[str, str]:
        if "uai" not in defaults:
            return dict(defaults)
        return {**defaults, "uai": self._uai("defaults", defaults["uai"])}

    def _uai(self, section: str, uai: str) -> str:
        try:
            return parse_uai(uai)
        except Invalid as refusal:
            raise Invalid(f"{self.name}, [{section}] : {refusal.message}", "mapping") from refusal

    def check(self, section: str, words: Mapping[str, str], values: frozenset[str]) -> None:
        for key, value in words.items():
            if value not in values:
                raise Invalid(f"{self.name}, [{section}], « {key} » : {_stranger(value, values)}", "mapping")

    def refuse_strangers(self, section: str, table: Mapping[str, Any], known: frozenset[str]) -> None:
        for key in table:
            if key not in known:
                place = f"{self.name}, [{section}]" if section else self.name
                raise Invalid(f"{place} : {_stranger(key, known)}", "mapping")


def _stranger(word: str, known: frozenset[str]) -> str:
    near = nearest_word(word, known)
    meant = f" Vouliez-vous dire « {near} » ?" if near else ""
    return f"« {word} » est inconnu.{meant} Mots admis : {', '.join(sorted(known))}."
