"""The book in force, for reading: the competence table, one rule, one article. Everything is generated from it."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from router.desk.advise import ConventionLine, convention_lines
from router.desk.competence import ArticleLine, article_lines
from router.desk.house import Desk
from router.model.actor import NotFound
from router.model.words import Party
from router.rulebook.book import Rulebook
from router.rulebook.entries import LocalDecision, Rule
from router.rulebook.tables import Row, competence_table
from router.rulebook.wording import describe


@dataclass(frozen=True, slots=True)
class ArticleRows:
    """The rules that cite an article first, in winning order."""

    article: ArticleLine
    meaning: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class TableView:
    conventions: tuple[ConventionLine, ...]
    convention: str | None
    groups: tuple[ArticleRows, ...]
    day: datetime
    rules: int


@dataclass(frozen=True, slots=True)
class RuleView:
    """One rule in its latest version. `conditions` are its cases; rules before it in the table win first."""

    id: str
    title: str
    group: str
    why: str
    responsible: Party
    conditions: tuple[str, ...]
    articles: tuple[ArticleLine, ...]
    since: date | None
    until: date | None
    checked_on: date
    arbitrage: bool
    local: LocalDecision | None


@dataclass(frozen=True, slots=True)
class RuleLine:
    id: str
    title: str
    responsible: Party
    local: bool


@dataclass(frozen=True, slots=True)
class DutyLine:
    """An obligation to tell: whom, and why."""

    title: str
    inform: tuple[Party, ...]
    within_minutes: int
    why: str


@dataclass(frozen=True, slots=True)
class ArticleView:
    number: str
    title: str
    meaning: str
    rules: tuple[RuleLine, ...]
    duties: tuple[DutyLine, ...]


def table(desk: Desk, convention: str | None, at: datetime) -> TableView:
    """The competence table of a day, by article. Raises NotFound for a convention that doesn't exist."""
    with desk.database.reading() as session:
        books = desk.policies.in_force(session, at)
        conventions = convention_lines(books)
        book = books.of(convention).book
    if convention is not None and convention not in book.conventions:
        raise NotFound("Cette convention n'existe pas ici.")
    day = at.astimezone(book.zone(convention)).replace(hour=12, minute=0, second=0, microsecond=0)
    rows = _rows(book, convention, day)
    return TableView(
        conventions=conventions,
        convention=convention,
        groups=_by_article(book, rows),
        day=at,
        rules=len(rows),
    )


def rule(desk: Desk, rule_id: str, at: datetime) -> RuleView:
    """Raises NotFound when the book in force has no such rule."""
    book, found = _found(desk, rule_id, at)
    return RuleView(
        id=found.id,
        title=found.title,
        group=found.group,
        why=found.why,
        responsible=found.assign,
        conditions=tuple(describe(book.vocabulary, cube) for cube in found.cubes),
        articles=article_lines(book, found.articles),
        since=found.period.since,
        until=found.period.until,
        checked_on=found.checked_on,
        arbitrage=found.arbitrage,
        local=found.local,
    )


def article(desk: Desk, number: str, at: datetime) -> ArticleView:
    """Raises NotFound for an article the book doesn't cite."""
    with desk.database.reading() as session:
        books = desk.policies.in_force(session, at)
        book, conventions = books.national.book, books.conventions
    found = book.articles.get(number)
    if found is None:
        raise NotFound("Cet article n'est pas cité par le recueil en vigueur.")
    local = tuple(each for convention in conventions.values() for each in convention.rules)
    duties = (each for each in book.obligations if number in each.articles)
    return ArticleView(
        number=number,
        title=found.title,
        meaning=found.meaning,
        rules=tuple(_line(each) for each in (*book.rules, *local) if number in each.articles),
        duties=tuple(DutyLine(each.title, each.inform, each.within_minutes, each.why) for each in duties),
    )


def _found(desk: Desk, rule_id: str, at: datetime) -> tuple[Rulebook, Rule]:
    """The rule in the book for all, else in that of a convention."""
    with desk.database.reading() as session:
        books = desk.policies.in_force(session, at)
        for convention in (None, *books.conventions):
            book = books.of(convention).book
            try:
                return book, book.rule(rule_id)
            except KeyError:
                continue
    raise NotFound("Cette règle n'est pas dans le recueil en vigueur.")


@lru_cache(maxsize=16)
def _rows(book: Rulebook, convention: str | None, day: datetime) -> tuple[Row, ...]:
    """The table costs a tenth of a second, and is the same all day long."""
    return competence_table(book, day, convention)


def _by_article(book: Rulebook, rows: tuple[Row, ...]) -> tuple[ArticleRows, ...]:
    gathered: dict[str, list[Row]] = {}
    for row in rows:
        gathered.setdefault(row.articles[0], []).append(row)
    return tuple(
        ArticleRows(
            ArticleLine(number, book.articles[number].title),
            book.articles[number].meaning,
            tuple(gathered[number]),
        )
        for number in book.articles
        if number in gathered
    )


def _line(found: Rule) -> RuleLine:
    return RuleLine(found.id, found.title, found.assign, found.local is not None)
