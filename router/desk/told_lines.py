"""What was read in her words besides the category, as the form shows it: each fact with its words, to be refused.

What she has said herself isn't shown; what would change the answer is asked instead."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from router.classify.facts.tags import known_tag
from router.desk.declare import Preview
from router.desk.whereabouts import Place, Thing
from router.model.incident import Facts
from router.model.told import Told, ToldFact, ToldKind
from router.model.words import Source
from router.rulebook.book import Rulebook

SHOWN = (
    ToldKind.ROOM,
    ToldKind.ASSET_TAG,
    ToldKind.PRODUCT,
    ToldKind.ZONE,
    ToldKind.NEED,
    ToldKind.PEOPLE,
    ToldKind.EXAM,
    ToldKind.DEADLINE,
    ToldKind.TRIED,
    ToldKind.PERSONAL_DATA_EXPOSED,
)
_BY_WORDS = (Source.CLASSIFIER, Source.CATALOGUE_TEXT, Source.UNKNOWN)


@dataclass(frozen=True, slots=True)
class ToldLine:
    """One fact read: what was understood, empty where her words say it all, and these words."""

    kind: ToldKind
    value: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Filled:
    """What the form's own fields hold: there, what words tell is not needed."""

    room: str = ""
    asset_tag: str = ""
    product: str = ""


def told_lines(seen: Preview, filled: Filled, asked_tag: Thing | None) -> tuple[ToldLine, ...]:
    """The lines in display order. `asked_tag`: the thing already asked about, whose tag is not told again."""
    told, facts, book = seen.reading.told, seen.decision.facts, seen.policy.book
    doubted = {fact.kind for fact in seen.reading.doubts}
    hers = {
        ToldKind.ROOM: bool(filled.room),
        ToldKind.ASSET_TAG: bool(filled.asset_tag) or asked_tag is not None,
        ToldKind.PRODUCT: bool(filled.product),
        ToldKind.ZONE: ToldKind.ZONE in doubted or _answered(facts, "zone"),
        ToldKind.NEED: _answered(facts, "need") or seen.decision.alert,  # an alert is nothing to « repair »
        ToldKind.PERSONAL_DATA_EXPOSED: ToldKind.PERSONAL_DATA_EXPOSED in doubted
        or _answered(facts, "personal_data_exposed"),
    }
    lines = []
    for kind in SHOWN:
        found = told.all_of(kind)
        if found and not hers.get(kind, False):
            lines.append(ToldLine(kind, _value(book, found[0]), tuple(fact.words for fact in found)))
    return tuple(lines)


def refusals_left(refused: frozenset[str], words: Mapping[str, Sequence[str]], text: str) -> frozenset[str]:
    """The kinds refused whose words still stand in the text, all that told them gone otherwise: what she writes next
    is read anew. One whose words aren't known holds."""
    plain = _on_one_line(text)
    gone = {
        kind for kind in refused if words.get(kind) and not any(_on_one_line(w) in plain for w in words[kind])
    }
    return refused - gone


def _on_one_line(text: str) -> str:
    """A browser changes the ends of lines, never the words."""
    return " ".join(text.split())


def thing_told(place: Place, told: Told, text: str, refused: frozenset[str]) -> Thing | None:
    """The thing of the inventory whose tag stands in the text, the one read as touched first: asked about, since its
    owner changes the rules."""
    if ToldKind.ASSET_TAG in refused or not place.assets:
        return None
    tags = [thing.tag for thing in place.assets]
    read = told.of(ToldKind.ASSET_TAG)
    found = (known_tag(read.words, tags) if read else None) or known_tag(text, tags)
    return place.tagged(found[0]) if found else None


def doubted_words(doubts: tuple[ToldFact, ...]) -> Mapping[str, str]:
    """The facts to ask, with the words that make them doubtful."""
    return {fact.kind.value: fact.words for fact in doubts}


def _answered(facts: Facts, name: str) -> bool:
    return facts.items[name].source not in _BY_WORDS


def _value(book: Rulebook, fact: ToldFact) -> str:
    """What was understood, in the page's words; nothing where it would only repeat hers."""
    match fact.kind:
        case ToldKind.PRODUCT:
            return book.product_name(fact.value)
        case ToldKind.ZONE | ToldKind.NEED:
            return book.vocabulary.label(fact.kind.value, fact.value)
        case ToldKind.ROOM | ToldKind.ASSET_TAG:
            return fact.value
        case _:
            return ""
