"""Find products of the catalogue in people's words: exact once folded, else one slip of the keyboard away."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

from router.classify.fold import fold, fold_text
from router.model.incident import FactValue

_LONGEST_NAME = 6  # words
_SHORTEST_FUZZY = 6  # letters: shorter words are too often one letter away from a product
_TWO_SLIPS = 9  # letters from which two slips are forgiven
_SHORTEST_JOINED = 6  # « e sidoc » may be read « esidoc », « le o » may not be read « leo »
_MEMORY = 20_000
_ARTICLES = frozenset(["la", "le", "les", "l", "un", "une", "des", "du", "de", "d"])


class Product(Protocol):
    """What this room needs of a catalogue entry."""

    @property
    def id(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def synonyms(self) -> Sequence[str]: ...
    @property
    def misspellings(self) -> Sequence[str]: ...
    @property
    def facts(self) -> Mapping[str, FactValue]: ...


@dataclass(frozen=True, slots=True)
class ProductMention:
    """A product named in a text. `words` are cut out of that text; `exact` is false when a slip was mended."""

    product_id: str
    words: str
    facts: Mapping[str, FactValue]
    exact: bool


class FoundProduct(NamedTuple):
    """A product found among folded words `first..last` (inclusive)."""

    product: Product
    first: int
    last: int
    exact: bool


class ProductIndex:
    """The catalogue, indexed by folded names. `ordinary` words are never read as a misspelt product."""

    __slots__ = (
        "_beginning",
        "_by_initial",
        "_joined",
        "_mended",
        "_names",
        "_openings",
        "_ordinary",
        "_silent",
    )

    def __init__(self, products: Sequence[Product], ordinary: frozenset[str] = frozenset()) -> None:
        self._names: dict[tuple[str, ...], Product] = {}
        self._joined: dict[str, Product] = {}
        self._by_initial: dict[str, list[str]] = {}
        self._mended: dict[str, Product | None] = {}
        self._silent: set[str] = set()  # words met that begin no name and are none misspelt: most of them
        self._beginning: set[str] = set()  # and those that only begin names of several words: « tableau »
        self._ordinary = frozenset(_singular(word) for word in ordinary)
        for product in products:
            for name in (product.name, *product.synonyms, *product.misspellings):
                self._add(product, fold_text(name))
        self._openings = frozenset(name[:end] for name in self._joined for end in range(1, len(name) + 1))

    def _add(self, product: Product, name: str) -> None:
        words = tuple(_singular(word) for word in name.split())
        if not words:
            return
        self._names.setdefault(words, product)
        joined = "".join(words)
        self._joined.setdefault(joined, product)
        if len(joined) >= _SHORTEST_FUZZY - 1 and len(words) <= 2:
            self._by_initial.setdefault(joined[0], []).append(joined)

    def find(self, words: Sequence[str]) -> Iterator[FoundProduct]:
        """Products in order of place, the longest name first, without overlap."""
        words = list(map(_singular, words))
        silent, beginning, openings, after = self._silent, self._beginning, self._openings, 0
        for place, word in enumerate(words):
            if word in silent or place < after:
                continue
            if word in beginning and "".join(words[place : place + 2]) not in openings:
                continue
            found = self._at(words, place)
            if found is not None:
                yield found
                after = found.last + 1
            else:
                self._remember_silent(word)

    def _at(self, words: Sequence[str], place: int) -> FoundProduct | None:
        word = words[place]
        exact = self._exact(words, place) if word in self._openings else None
        if exact is not None:
            return exact
        mended = self._mended[word] if word in self._mended else self._mend(word)
        return None if mended is None else FoundProduct(mended, place, place, exact=False)

    def _remember_silent(self, word: str) -> None:
        """No name by itself, nor a misspelt one: looked at again only where another word may go on with it."""
        if word in self._openings:
            self._beginning.add(word)
            return
        if len(self._silent) >= _MEMORY:
            self._silent.clear()
        self._silent.add(word)

    def _exact(self, words: Sequence[str], place: int) -> FoundProduct | None:
        """The longest name that begins here, spaces left out or not; looked for while some name may still go on."""
        joined, longest = "", None
        for last in range(place, min(place + _LONGEST_NAME, len(words))):
            joined += words[last]
            if joined not in self._openings:
                break
            product = self._names.get(tuple(words[place : last + 1]))
            if (
                product is None
                and len(joined) >= _SHORTEST_JOINED
                and not _article_and_noun(words, place, last)
            ):
                product = self._joined.get(joined)
            if product is not None:
                longest = FoundProduct(product, place, last, exact=True)
        return longest

    def _mend(self, word: str) -> Product | None:
        """The product a misspelt word means; remembered, as people use the same words."""
        if word not in self._mended:
            if len(self._mended) >= _MEMORY:
                self._mended.clear()
            spared = len(word) < _SHORTEST_FUZZY or word in self._ordinary
            self._mended[word] = None if spared else self._nearest(word)
        return self._mended[word]

    def _nearest(self, word: str) -> Product | None:
        """The one product within the allowed number of slips; two at the same distance are none."""
        allowed = 2 if len(word) >= _TWO_SLIPS else 1
        names = self._by_initial.get(word[0], ())
        near = extract(word, names, scorer=OSA.distance, score_cutoff=allowed, limit=None)
        least = min((distance for _, distance, _ in near), default=0)
        nearest = [self._joined[name] for name, distance, _ in near if distance == least]
        return nearest[0] if len({product.id for product in nearest}) == 1 else None

    def named(self, name: str) -> tuple[Product, bool] | None:
        """The product somebody declared by name, and whether the name was exact."""
        words = [_singular(word) for word in fold_text(name).split()]
        if not words:
            return None
        product = self._names.get(tuple(words)) or self._joined.get("".join(words))
        if product is not None:
            return product, True
        mended = self._mend("".join(words))
        if mended is not None:
            return mended, False
        found = next(iter(self.find(words)), None)
        return None if found is None else (found.product, found.exact)


def _singular(word: str) -> str:
    """Plural marks dropped, so that « bornes wifi » is « borne wifi »."""
    return word[:-1] if len(word) > 3 and word[-1] in "sx" else word


def _article_and_noun(words: Sequence[str], first: int, last: int) -> bool:
    """« la classe » is no Laclasse.com."""
    return last == first + 1 and words[first] in _ARTICLES


def find_products(products_index: ProductIndex, text: str) -> tuple[ProductMention, ...]:
    """Products named in a text, each once, in the order of the text."""
    mentions: dict[str, ProductMention] = {}
    for mention in _mentions(products_index, text):
        mentions.setdefault(mention.product_id, mention)
    return tuple(mentions.values())


def first_product(products_index: ProductIndex, text: str) -> ProductMention | None:
    """The first product named in a text; what follows it is not looked at."""
    return next(_mentions(products_index, text), None)


def _mentions(products_index: ProductIndex, text: str) -> Iterator[ProductMention]:
    folded = fold(text)
    words = list(folded.words())
    texts = [word.text for word in words]
    for found in products_index.find(texts):
        quoted = folded.quote(words[found.first].start, words[found.last].end)
        yield ProductMention(found.product.id, quoted, found.product.facts, found.exact)


def find_product(products_index: ProductIndex, name: str) -> ProductMention | None:
    """A product declared by its name; None when the catalogue doesn't know it."""
    named = products_index.named(name)
    if named is None:
        return None
    product, exact = named
    return ProductMention(product.id, name.strip(), product.facts, exact)
