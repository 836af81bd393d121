"""From what was declared to the facts: pure, so that a form, a file and a command line read alike.

Order of sources, first wins: declared, inventory, product named, product found in the text, classifier, what the
calendar proposed and she left. One exception: the category of a product found in the text yields to a classifier that
is sure of another one (« GFC : l'unité centrale ne démarre plus » is hardware)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from router.classify.products import ProductMention, find_product, first_product
from router.desk.heard import as_heard
from router.desk.policy import Policy
from router.model.incident import UNKNOWN, Classification, Facts, FactValue
from router.model.words import Category, Source

# Read in the words, these change how urgent it is, never who is competent; `several_sites` is hers to say.
_PRIORITY_ONLY = ("person", "room", "site")
INTERNET_LINE = "internet_line"  # the family of what 3.1.2 provides
MAX_SUBJECT = 200
MAX_BODY = 20_000


@dataclass(frozen=True, slots=True)
class AssetFacts:
    """What the inventory knows of the thing named by its tag."""

    asset_id: int
    owner: str
    zone: str
    product_family: str
    label: str = ""
    room: str = ""


@dataclass(frozen=True, slots=True)
class Declared:
    """The words and answers of one declaration, whatever its channel."""

    subject: str
    body: str
    reporter_role: str
    product: str = ""
    facts: Mapping[str, FactValue] = field(default_factory=lambda: MappingProxyType({}))
    proposed: Mapping[str, FactValue] = field(default_factory=lambda: MappingProxyType({}))  # by the calendar

    @property
    def said(self) -> bool:
        """Whether there are words to read: from none, nothing is guessed."""
        return bool(self.subject.strip() or self.body.strip())


@dataclass(frozen=True, slots=True)
class Reading:
    """The facts with their sources, and what the words gave."""

    facts: Facts
    classification: Classification
    product: ProductMention | None
    mention: ProductMention | None
    layers: tuple[tuple[Source, Mapping[str, FactValue]], ...]

    @property
    def strong_signal(self) -> bool:
        """The words point to an attack. A doubtful signal counts too where nobody chose the category: a person
        looks at it, and nobody is woken."""
        chosen = self.facts.items["category"].source is Source.DECLARED
        doubtful = self.classification.abstained
        told = self.classification.telling and self.classification.category is Category.SECURITY
        return told and not (chosen and doubtful)


def read_declaration(
    policy: Policy,
    declared: Declared,
    asset: AssetFacts | None = None,
    heard: Mapping[str, Any] = MappingProxyType({}),
) -> Reading:
    """Facts of a declaration; `heard` is what was kept of the first reading of its words. Raises FactError when a
    declared fact or value is not in the vocabulary."""
    classifier = policy.classifier
    classification = as_heard(classifier.classify(declared.subject, declared.body), heard)
    product = find_product(classifier.index, declared.product) if declared.product else None
    mention = first_product(classifier.index, f"{declared.subject}\n{declared.body}")
    given: dict[str, FactValue] = {"reporter_role": declared.reporter_role, **declared.facts}
    layers = (
        (Source.DECLARED, given),
        (Source.INVENTORY, _inventory(asset, noticed_only=_internet_is_cut(given, classification, mention))),
        (Source.CATALOGUE_PRODUCT, dict(product.facts) if product else {}),
        (Source.CATALOGUE_TEXT, _from_text(mention, classification)),
        (Source.CLASSIFIER, _from_words(classification) if declared.said and classification.telling else {}),
        (Source.CALENDAR, declared.proposed),
    )
    return Reading(policy.book.vocabulary.resolve(layers), classification, product, mention, layers)


def _internet_is_cut(
    given: Mapping[str, FactValue], words: Classification, mention: ProductMention | None
) -> bool:
    """The line itself fails (3.1.2): the machine named by its tag is only where somebody noticed it."""
    sure = words.category if not words.abstained else UNKNOWN
    category = given.get("category", sure)
    return (
        category == Category.NETWORK
        and mention is not None
        and mention.facts.get("product_family") == INTERNET_LINE
    )


def _inventory(asset: AssetFacts | None, *, noticed_only: bool) -> dict[str, FactValue]:
    if asset is None:
        return {}
    if noticed_only and asset.product_family != INTERNET_LINE:
        return {"zone": asset.zone} if asset.zone != UNKNOWN else {}
    found = {
        "asset_owner": asset.owner,
        "zone": asset.zone,
        "product_family": asset.product_family,
    }
    return {name: value for name, value in found.items() if value and value != UNKNOWN}


def _from_text(mention: ProductMention | None, words: Classification) -> dict[str, FactValue]:
    if mention is None:
        return {}
    facts = dict(mention.facts)
    if not words.abstained and facts.get("category") != words.category.value:
        facts.pop("category", None)
    return facts


def _from_words(words: Classification) -> dict[str, FactValue]:
    found: dict[str, FactValue] = {"category": words.category.value}
    if words.need:
        found["need"] = words.need
    if words.scope in _PRIORITY_ONLY:
        found["scope"] = words.scope
    return found
