"""The HTML part says what the plain text says, word for word, and needs nothing from anywhere."""

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from router.notices.compose import NoticeFacts, NoticeKind, compose
from router.notices.html import as_html
from tests.notices import golden
from tests.notices.sample_facts import AT, SAMPLES

ALLOWED = {"html", "head", "meta", "title", "body", "p", "br", "blockquote", "ul", "li", "a", "hr"}
EMPTY = {"meta", "br", "hr"}


class Reader(HTMLParser):
    """What a reader of the page sees, and what it is made of."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.seen: list[str] = []
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.links: list[str] = []
        self.open: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.links += [value or "" for name, value in attrs if name == "href"]
        if tag not in EMPTY:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "title" not in self.open:
            self.seen.append(data)


def words(text: str) -> list[str]:
    """Ours and theirs, in order; a dash at the head of a line is a mark, not a word."""
    return re.sub(r"(?m)^(- |--$)", "", text).split()


@pytest.mark.parametrize(("name", "kind", "facts"), SAMPLES, ids=[name for name, _, _ in SAMPLES])
def test_both_parts_say_the_same_words(name: str, kind: NoticeKind, facts: NoticeFacts) -> None:
    message = compose(kind, facts)
    assert " ".join(Reader(as_html(message.text)).seen).split() == words(message.text)


def test_both_parts_of_a_digest_too() -> None:
    text = golden.digest().text
    assert " ".join(Reader(as_html(text)).seen).split() == words(text)


@given(said=st.text(max_size=200))
def test_whatever_people_write_stays_words(said: str) -> None:
    facts = NoticeFacts(link="https://nous.example.org/1", at=AT, number=1, reason=said, subject=said)
    message = compose(NoticeKind.COMMENTED, facts)
    page = Reader(as_html(message.text, message.subject))
    assert page.tags <= ALLOWED
    assert page.open == []
    assert page.links == ["https://nous.example.org/1"]


def test_the_words_of_others_are_a_quotation_and_no_link() -> None:
    facts = NoticeFacts(link="https://nous.example.org/1", at=AT, number=1, reason="https://piege.example.org")
    page = as_html(compose(NoticeKind.COMMENTED, facts).text)
    assert "<blockquote>https://piege.example.org</blockquote>" in page
    assert 'href="https://piege' not in page


def test_nothing_is_loaded_and_nobody_is_counted() -> None:
    for page in golden.html().values():
        read = Reader(page)
        assert read.tags <= ALLOWED
        assert read.attributes <= {"lang", "charset", "name", "content", "style", "href"}
        assert "url(" not in page
        assert 'lang="fr"' in page


def test_each_html_part_is_its_golden_file() -> None:
    folder = golden.FOLDER / "html"
    written = {path.stem: path.read_text(encoding="utf-8") for path in folder.glob("*.html")}
    assert written == golden.html()


def test_the_digest_is_its_golden_file() -> None:
    assert golden.as_file(golden.digest()) == (golden.DIGEST / "digest.txt").read_text(encoding="utf-8")
