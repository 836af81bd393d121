"""From what was declared to the facts: pure, so that a form, a file and a command line read alike.

Order of sources, first wins: declared, inventory, product named, product found in the text, classifier, what the
calendar proposed and she left. Two exceptions: the category of a product found in the text yields to a classifier that
is sure of another one (« GFC : l'unité centrale ne démarre plus » is hardware), and that of any product to a sure
attack. What words tell of the place and of exposed data is weighed apart (`told`), and what she refused is not read."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from router.classify.needs import CALM
from router.classify.products import ProductIndex, ProductMention, find_product
from router.desk.heard import as_heard
from router.desk.policy import Policy
from router.model.incident import UNKNOWN, Classification, Facts, FactValue
from router.model.told import Told, ToldFact, ToldKind
from router.model.words import Category, Source

# Read in the words, these change how urgent it is, never who is competent; `several_sites` is hers to say.
_PRIORITY_ONLY = ("person", "room", "site")
SUSPECTED = "security_suspected"  # only ever what a person says: no layer below hers holds it
INTERNET_LINE = "internet_line"  # the family of what 3.1.2 provides
EXAM = "exam"
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
    refused: frozenset[str] = frozenset()  # kinds of `Told` that she said are wrong
    exam_left: bool = False  # « examen » was ticked from her words, and she left it

    @property
    def said(self) -> bool:
        """Whether there are words to read: from none, nothing is guessed."""
        return bool(self.subject.strip() or self.body.strip())


@dataclass(frozen=True, slots=True)
class Reading:
    """The facts with their sources, and what the words gave. `doubts`: of what they told, what would change the
    decision, hence is asked and not taken."""

    facts: Facts
    classification: Classification
    product: ProductMention | None
    mention: ProductMention | None
    layers: tuple[tuple[Source, Mapping[str, FactValue]], ...]
    told: Told
    doubts: tuple[ToldFact, ...] = ()
    in_doubt: bool = False  # whether the question about an attack is to be asked

    @property
    def strong_signal(self) -> bool:
        """The words point to an attack. A doubtful signal counts too, unless a person chose another category and said
        that there is no attack: somebody looks at it, and nobody is woken."""
        denied = self._said("category") and self._said(SUSPECTED)
        return _points_to_an_attack(self.classification) and not (denied and self.classification.abstained)

    @property
    def open_doubt(self) -> bool:
        """The words may speak of an attack, and nobody said whether they do."""
        return self.in_doubt and not (self._said("category") or self._said(SUSPECTED))

    @property
    def hers(self) -> bool:
        """She has said herself both what it is about and what she asks for."""
        return self._said("category") and self._said("need")

    def _said(self, fact: str) -> bool:
        return self.facts.items[fact].source is Source.DECLARED


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
    told = classification.told.without(declared.refused)
    mention = _mention(classifier.index, told)
    given: dict[str, FactValue] = {"reporter_role": declared.reporter_role, **declared.facts}
    in_doubt = classification.doubt or _hushed(given, classification)
    given |= _answered(given, in_doubt, first=not heard)
    layers = (
        (Source.DECLARED, given),
        (Source.INVENTORY, _inventory(asset, noticed_only=_internet_is_cut(given, classification, mention))),
        (Source.CATALOGUE_PRODUCT, _without_category(product, given, classification) if product else {}),
        (Source.CATALOGUE_TEXT, _from_text(mention, given, classification)),
        (Source.CLASSIFIER, _from_words(declared, given, classification, told)),
        (Source.CALENDAR, declared.proposed),
    )
    facts = policy.book.vocabulary.resolve(layers)
    return Reading(facts, classification, product, mention, layers, told, in_doubt=in_doubt)


def question_asked(policy: Policy, words: Classification, *, in_doubt: bool) -> str:
    """The question that suits the words, else the vocabulary's own; empty without a doubt."""
    own = policy.book.vocabulary.facts[SUSPECTED].question
    return (words.doubt_question or own) if in_doubt else ""


def _mention(index: ProductIndex, told: Told) -> ProductMention | None:
    """The product found in the text, unless its clause says that it works, or she refused it."""
    fact = told.of(ToldKind.PRODUCT)
    return find_product(index, fact.words) if fact else None


def _points_to_an_attack(words: Classification) -> bool:
    return words.telling and words.category is Category.SECURITY


def _hushed(given: Mapping[str, FactValue], words: Classification) -> bool:
    """Words of an attack beside a quiet need that she ticked, and that they don't ask for themselves."""
    ticked = given.get("need") in CALM and given.get("category") in (None, UNKNOWN)
    return ticked and words.need not in CALM and _points_to_an_attack(words)


def _answered(given: Mapping[str, FactValue], in_doubt: bool, *, first: bool) -> dict[str, FactValue]:
    """A yes to the question says what it is about too, unless she has said that herself; and that it is no quiet
    matter, whatever need she had ticked before she was asked. A team that corrects the need later is obeyed."""
    yes = in_doubt and given.get(SUSPECTED) is True
    if not yes or given.get("category") not in (None, UNKNOWN, Category.SECURITY):
        return {}
    quiet: dict[str, FactValue] = {"need": UNKNOWN} if first and given.get("need") in CALM else {}
    return {"category": Category.SECURITY.value} | quiet


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


def _without_category(
    product: ProductMention, given: Mapping[str, FactValue], words: Classification
) -> dict[str, FactValue]:
    """A product says what fails, never that nobody attacks it: its category yields to a detector that is sure, unless
    she said that there is no attack. An unsure one asks its question (`doubt`), and the RSSI reads the ticket."""
    sure = words.telling and not words.abstained and words.category is Category.SECURITY
    fired = sure and given.get(SUSPECTED) is not False
    return {name: value for name, value in product.facts.items() if not (fired and name == "category")}


def _from_text(
    mention: ProductMention | None, given: Mapping[str, FactValue], words: Classification
) -> dict[str, FactValue]:
    if mention is None:
        return {}
    facts = _without_category(mention, given, words)
    if not words.abstained and facts.get("category") != words.category.value:
        facts.pop("category", None)
    return facts


def _from_words(
    declared: Declared, given: Mapping[str, FactValue], words: Classification, told: Told
) -> dict[str, FactValue]:
    """A no leaves what the words say besides an attack; a yes, no quiet question about security."""
    if not (declared.said and words.telling):
        return {}
    category = words.category
    if given.get(SUSPECTED) is False and category is Category.SECURITY and words.runner_up:
        category = words.runner_up
    found: dict[str, FactValue] = {"category": category.value}
    need = told.of(ToldKind.NEED)
    hers = given.get(SUSPECTED) is True or given.get("category") == Category.SECURITY
    if need and not (hers and need.value in CALM):  # no guess hushes what she calls an attack
        found["need"] = need.value
    if words.scope in _PRIORITY_ONLY:
        found["scope"] = words.scope
    if declared.exam_left and told.of(ToldKind.EXAM):
        found["urgency"] = EXAM
    return found
