"""The words of the demonstration: many, all different, and each usable."""

from collections import Counter

from router.demo.acts import ARTICLES
from router.demo.words import departements, incident_texts, phrases
from router.desk.policy import load_policy, read_sources
from router.desk.reading import MAX_BODY, MAX_SUBJECT
from router.model.words import Category, Source
from router.settings import SHIPPED_RULES

POLICY = load_policy(read_sources(SHIPPED_RULES))


def test_at_least_250_different_texts_over_every_category() -> None:
    texts = incident_texts()
    assert len({(text.subject, text.body) for text in texts}) == len(texts) >= 250
    counts = Counter(text.category for text in texts)
    assert set(counts) == set(Category)
    assert min(counts.values()) >= 25


def test_every_text_fits_the_form_and_its_answers_exist() -> None:
    families = POLICY.book.vocabulary.facts["product_family"].values
    for text in incident_texts():
        assert 0 < len(text.subject) <= MAX_SUBJECT and 0 < len(text.body) <= MAX_BODY
        assert not text.on or text.on in families
        POLICY.book.vocabulary.resolve([(Source.DECLARED, text.facts)])


def test_some_attacks_are_denied_and_still_seen() -> None:
    denied = [text for text in incident_texts() if text.denied]
    found = [POLICY.classifier.classify(text.subject, text.body) for text in denied]
    assert any(each.category is Category.SECURITY and not each.abstained for each in found)


def test_every_article_named_in_a_transfer_is_in_the_book() -> None:
    assert set(ARTICLES.values()) <= set(POLICY.book.articles)


def test_every_kind_of_sentence_has_some() -> None:
    assert all(sentences for kind in phrases().values() for sentences in kind.values())


def test_each_departement_has_a_convention_and_twenty_colleges() -> None:
    for departement in departements():
        assert departement.convention in POLICY.book.conventions
        assert len(set(departement.colleges)) >= 20


def test_some_choose_wrongly_what_the_words_say_rightly() -> None:
    """A correction that a manager should refuse: her page has one when the demonstration opens."""
    mistaken = [text for text in incident_texts() if text.mistaken is not None]
    found = [POLICY.classifier.classify(text.subject, text.body) for text in mistaken]
    assert mistaken and [each.category for each in found] == [text.category for text in mistaken]
    assert all(text.mistaken is not text.category for text in mistaken)
    assert not any(each.doubt or each.abstained for each in found)
