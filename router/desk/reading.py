"""From what was declared to the facts: pure, so that a form, a file and a command line read alike.

Order of sources, first wins: declared, inventory, product named, product found in the text, classifier. One
exception: the category of a product found in the text yields to a classifier that is sure of another one
(« GFC : l'unité centrale ne démarre plus » is hardware)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from router.classify.products import ProductMention, find_product, find_products
from router.desk.policy import Policy
from router.model.incident import Classification, Facts, FactValue
from router.model.words import Category, Source

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
        return self.classification.category is Category.SECURITY and not (chosen and doubtful)


def read_declaration(policy: Policy, declared: Declared, asset: AssetFacts | None = None) -> Reading:
    """Facts of a declaration. Raises FactError when a declared fact or value is not in the vocabulary."""
    classifier = policy.classifier
    classification = classifier.classify(declared.subject, declared.body)
    product = find_product(classifier.index, declared.product) if declared.product else None
    mention = _first_mention(policy, f"{declared.subject}\n{declared.body}")
    given: dict[str, FactValue] = {"reporter_role": declared.reporter_role, **declared.facts}
    layers = (
        (Source.DECLARED, given),
        (Source.INVENTORY, _inventory(asset)),
        (Source.CATALOGUE_PRODUCT, dict(product.facts) if product else {}),
        (Source.CATALOGUE_TEXT, _from_text(mention, classification)),
        (Source.CLASSIFIER, _from_words(classification) if declared.said else {}),
    )
    return Reading(policy.book.vocabulary.resolve(layers), classification, product, mention, layers)


def _first_mention(policy: Policy, text: str) -> ProductMention | None:
    return next(iter(find_products(policy.classifier.index, text)), None)


def _inventory(asset: AssetFacts | None) -> dict[str, FactValue]:
    if asset is None:
        return {}
    found = {
        "asset_owner": asset.owner,
        "zone": asset.zone,
        "product_family": asset.product_family,
    }
    return {name: value for name, value in found.items() if value and value != "unknown"}


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
    return found
