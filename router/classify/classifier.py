"""The classifier: subject and body in, Classification out. Same text, same answer, whatever came before."""

from collections.abc import Mapping, Sequence

from router.classify.doubt import (
    DOUBTED_OVER,
    LIKELIER_THAN_NOT,
    PLAIN_OVER,
    beside_the_request,
    doubted,
    question_for,
)
from router.classify.evidence import evidence_for, private_places, strongest_passage
from router.classify.facts import told_in
from router.classify.facts.people import scope_of_number
from router.classify.features import Reading, read, read_aside
from router.classify.language import language_of
from router.classify.lexicon import read_lexicon
from router.classify.model import ORDINARY, QUIET_COLUMN, Model, Scores, by_word
from router.classify.needs import CALM, FEWEST_ASKING, asked_quietly, need_of, widened
from router.classify.products import Product, ProductIndex
from router.classify.scopes import scope_of
from router.classify.sentences import plain_in_a_sentence
from router.classify.substance import says_something
from router.model.incident import FRENCH, Classification
from router.model.told import ToldKind
from router.model.words import Category

_SHORTEST_TELLING = 3
_GRAMMATICAL = frozenset("aux des les mon par sans son sur une".split())  # noqa: SIM905


class Classifier:
    """Lexicon, catalogue and model together. Cheap to load, safe to share."""

    __slots__ = ("index", "lexicon", "model", "names")

    def __init__(self, lexicon_sources: Mapping[str, str], products: Sequence[Product], model: Model) -> None:
        self.lexicon = read_lexicon(lexicon_sources)
        self.index = ProductIndex(products, self.lexicon.ordinary)
        self.model = model
        self.names = frozenset(
            word.casefold()
            for each in products
            for name in (each.name, *each.synonyms, *each.misspellings)
            for word in (name, *filter(_telling, name.split()))
        )
        """Words that products are called by, casefolded: no names of people."""

    @classmethod
    def load(cls, lexicon_sources: Mapping[str, str], products: Sequence[Product]) -> "Classifier":
        """The shipped model with these lexicon files (name → text) and products. Raises LexiconError."""
        return cls(lexicon_sources, products, Model.load())

    def read(self, subject: str, body: str) -> Reading:
        return read(subject, body, self.lexicon, self.index)

    def category_of(self, subject: str, body: str) -> Category:
        """The category that `classify` finds, for who needs nothing else: neither why nor what the words tell."""
        reading = self.read(subject, body)
        scores = self.model.score(reading)
        suspected = self._suspected(reading, scores.security, language_of(reading))
        return ranked(category_shares(scores), suspected)[0]

    def classify(self, subject: str, body: str) -> Classification:
        """The category the words point to. Abstains when the text is empty, in a language read badly, or the model
        unsure; an attack is said in any language."""
        reading = self.read(subject, body)
        scores = self.model.score(reading)
        shares = category_shares(scores)
        language = language_of(reading)
        suspected = self._suspected(reading, scores.security, language)
        category, runner_up = ranked(shares, suspected)[:2]
        sure = bool(reading.words) and shares[category] >= self._relied_on(language)
        plain = need_of(reading)
        if suspected and plain[0] not in CALM and (question := self._quiet_words(reading, scores)):
            plain = asked_quietly(reading, question)
        scope, scope_evidence = scope_of(reading)
        telling = says_something(reading, suspected)
        doubt = doubted(
            reading,
            scores.security,
            plain[0],
            suspected=suspected,
            sure=sure,
            telling=telling,
            language=language,
            told_apart=suspected and self._told_apart(reading, scores),
            beside=lambda: self._told_beside(reading, scores),
        )
        need = widened(reading, plain, suspected=suspected, doubt=doubt)
        told = told_in(reading, need, alarming=suspected or doubt)
        counted = told.of(ToldKind.PEOPLE)
        if scope is None and counted is not None and (scope := scope_of_number(counted)):
            scope_evidence = counted.words
        return Classification(
            category=category,
            confidence=shares[category],
            evidence=evidence_for(reading, scores, category, runner_up),
            security=scores.security,
            abstained=not (sure and (suspected or language == FRENCH)),
            runner_up=runner_up,
            scores=shares,
            scope=scope,
            scope_evidence=scope_evidence,
            telling=telling,
            doubt=doubt,
            doubt_question=question_for(reading, self.lexicon) if doubt else "",
            language=language,
            told=told,
        )

    def alarming(self, subject: str, body: str) -> tuple[str, ...]:
        """The passages that speak of an attack rather than of the likeliest breakdown, for whoever judges of it; none
        shows who somebody is, nor a secret she told."""
        reading = self.read(subject, body)
        scores = self.model.score(reading)
        other = next(each for each in ranked(category_shares(scores), False) if each is not Category.SECURITY)
        hidden = private_places(reading, self.names)
        return evidence_for(reading, scores, Category.SECURITY, other, hidden)

    def _quiet_words(self, reading: Reading, scores: Scores) -> str:
        """The words by which a text about security only asks for training, advice or data; empty when it tells more."""
        if len(reading.words) < FEWEST_ASKING or scores.quiet < self.model.quiet_over:
            return ""
        return strongest_passage(reading, by_word(scores, len(reading.words), QUIET_COLUMN))

    def _told_apart(self, reading: Reading, scores: Scores) -> bool:
        """Whether the detector fires on what is said beside a request."""
        return self.model.security_of(scores, beside_the_request(reading)) >= self.model.security_over

    def _told_beside(self, reading: Reading, scores: Scores) -> bool:
        """Whether an attack is told plainly in one sentence among others, which drown it, or in what was set aside."""
        if plain_in_a_sentence(self.model, reading, scores):
            return True
        aside = read_aside(reading, self.lexicon, self.index)
        if aside is None or not aside.words:
            return False
        found = self.model.score(aside)
        return found.security >= LIKELIER_THAN_NOT or plain_in_a_sentence(self.model, aside, found)

    def _relied_on(self, language: str) -> float:
        """The confidence from which an answer is one to rely on: what was learnt is in French."""
        return self.model.abstain_under if language == FRENCH else PLAIN_OVER

    def _suspected(self, reading: Reading, security: float, language: str) -> bool:
        """Whether security leads: the detector fires, sooner when a cue of the lexicon backs it. In a language read
        badly a low probability says nothing: there it fires from one half, and words of an attack ask (`doubt`)."""
        if not reading.words:
            return False
        if reading.attacked:
            return security >= DOUBTED_OVER
        return security >= (self.model.security_over if language == FRENCH else LIKELIER_THAN_NOT)


def _telling(word: str) -> bool:
    """Whether a word of a product's name says something of it alone: « de », « du », « le » may begin a surname."""
    return len(word) >= _SHORTEST_TELLING and word.casefold() not in _GRAMMATICAL


def category_shares(scores: Scores) -> dict[Category, float]:
    """Probabilities of the five categories: the ordinary ones share what security leaves."""
    left = 1 - scores.security
    shares = {category: share * left for category, share in zip(ORDINARY, scores.ordinary, strict=True)}
    return shares | {Category.SECURITY: scores.security}


def ranked(shares: Mapping[Category, float], security_first: bool) -> list[Category]:
    """Categories, most likely first. Security leads as soon as its detector fires: missing it costs most."""
    order = sorted(shares, key=lambda category: -shares[category])
    if security_first:
        order.remove(Category.SECURITY)
        order.insert(0, Category.SECURITY)
    elif order[0] is Category.SECURITY:
        order[0], order[1] = order[1], order[0]
    return order
