"""The book in force, for reading: the competence table, one rule, one article. Everything is generated from it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from router.classify.fold import fold_text
from router.desk.advise import ConventionLine, convention_lines
from router.desk.competence import ArticleLine, article_lines
from router.desk.house import Desk
from router.desk.policies import InForce
from router.desk.rule_age import in_force_since
from router.desk.whereabouts import own_convention
from router.model.actor import Actor, NotFound
from router.model.spelling import nearest_word
from router.model.words import Party
from router.rulebook.book import Rulebook
from router.rulebook.cubes import inside
from router.rulebook.entries import EVERYTHING_AFTER, LocalDecision, Rule
from router.rulebook.tables import Row, competence_table
from router.rulebook.wording import describe

MOST_MENDED = 5  # words of a search that are looked for among those of the rules


@dataclass(frozen=True, slots=True)
class ArticleRows:
    """The rules that cite an article first, in winning order."""

    article: ArticleLine
    meaning: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Search:
    """What is looked for: words of an article, a title or a reason, a party, what was settled locally."""

    words: str = ""
    party: str = ""
    local: bool = False

    def keeps(self, row: Row, article: str) -> bool:
        """Every word must be found; case and accents don't count."""
        if (self.party and row.responsible != self.party) or (self.local and not row.local):
            return False
        read = fold_text(" ".join((row.title, row.why, row.group, article, *row.articles, *row.conditions)))
        return all(word in read for word in fold_text(self.words).split())

    @property
    def narrows(self) -> bool:
        return bool(self.words or self.party or self.local)


@dataclass(frozen=True, slots=True)
class TableView:
    conventions: tuple[ConventionLine, ...]
    convention: str | None
    groups: tuple[ArticleRows, ...]
    day: datetime
    rules: int
    found: int
    meant: str  # the search that was probably meant, when nothing is found
    parties: tuple[Party, ...]


@dataclass(frozen=True, slots=True)
class RuleView:
    """One rule in its latest version, as a book in force says it: a convention's, or the national one (None).
    `conditions` are its cases; rules before it in the table win first. `conventions`: whose book has it too, and
    `national`, whether that for all has. `absent_from`: the convention that was asked for and hasn't got it."""

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
    before: tuple["RuleLine", ...]  # the rules it means to win over
    before_all: bool
    alerts: bool  # every case of it is an alert
    convention: str | None
    convention_title: str
    conventions: tuple[ConventionLine, ...]
    national: bool
    absent_from: str


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


def table(desk: Desk, convention: str | None, at: datetime, search: Search | None = None) -> TableView:
    """The competence table of a day, by article. Raises NotFound for a convention that doesn't exist."""
    with desk.database.reading() as session:
        books = desk.policies.in_force(session, at)
        conventions = convention_lines(books)
        book = books.of(convention).book
    if convention is not None and convention not in book.conventions:
        raise NotFound("Cette convention n'existe pas ici.")
    day = at.astimezone(book.zone(convention)).replace(hour=12, minute=0, second=0, microsecond=0)
    rows = _rows(book, convention, day)
    search = search or Search()
    kept = tuple(row for row in rows if search.keeps(row, _article_words(book, row)))
    return TableView(
        conventions=conventions,
        convention=convention,
        groups=_by_article(book, kept),
        day=at,
        rules=len(rows),
        found=len(kept),
        meant="" if kept else _meant(rows, search),
        parties=tuple(party for party in Party if any(row.responsible is party for row in rows)),
    )


def _meant(rows: Iterable[Row], search: Search) -> str:
    """The same words, those that no rule has being the nearest one has; empty when nothing near is found."""
    read = " ".join(f"{row.title} {row.why}" for row in rows).replace("'", " ").replace("’", " ")
    known = {fold_text(word): word.strip(".,;:()").lower() for word in read.split()}
    asked = fold_text(search.words).split()[:MOST_MENDED]
    near = {word: nearest_word(word, known) for word in asked if word not in known}
    if not any(near.values()):
        return ""
    return " ".join(known.get(near.get(word) or word, word) for word in asked)


def rule(
    desk: Desk, rule_id: str, at: datetime, *, actor: Actor | None = None, convention: str | None = None
) -> RuleView:
    """The rule in the book of a convention (« »: the national one); unsaid, in the person's own.

    Raises NotFound when no book in force has such a rule, or there is no such convention."""
    with desk.database.reading() as session:
        books = desk.policies.in_force(session, at)
        known = books.conventions
        own = own_convention(session, books, actor) if actor and convention is None else None
        holding = _holding(books, rule_id)
        asked = own if convention is None else convention or None
        if asked is not None and asked not in known:
            raise NotFound("Cette convention n'existe pas ici.")
        shown = asked if asked in holding else next(iter(holding))
        book, found = holding[shown]
        since = in_force_since(session, desk.policies, found, shown, at)
    return RuleView(
        id=found.id,
        title=found.title,
        group=found.group,
        why=found.why,
        responsible=found.assign,
        conditions=tuple(describe(book.vocabulary, cube) for cube in found.cubes),
        articles=article_lines(book, found.articles),
        since=since,
        until=found.period.until,
        checked_on=found.checked_on,
        arbitrage=found.arbitrage,
        local=found.local,
        before=tuple(_line(book.rule(name)) for name in found.overrides if name != EVERYTHING_AFTER),
        before_all=EVERYTHING_AFTER in found.overrides,
        alerts=all(any(inside(cube, alert) for alert in book.alert.condition.cubes) for cube in found.cubes),
        convention=shown,
        convention_title=known[shown].title if shown else "",
        conventions=tuple(ConventionLine(each, known[each].title) for each in holding if each),
        national=None in holding,
        absent_from=known[asked].title if asked and asked != shown else "",
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


def found_rule(desk: Desk, rule_id: str, at: datetime) -> Rule:
    """The rule in the book for all, else in that of a convention. Raises NotFound."""
    with desk.database.reading() as session:
        _, found = next(iter(_holding(desk.policies.in_force(session, at), rule_id).values()))
        return found


def _holding(books: InForce, rule_id: str) -> dict[str | None, tuple[Rulebook, Rule]]:
    """The rule in each book in force that has it: that for all (None) first, then each convention's."""
    found: dict[str | None, tuple[Rulebook, Rule]] = {}
    for convention in (None, *books.conventions):
        book = books.of(convention).book
        rule = _rule_of(book, convention, rule_id)
        if rule is not None:
            found[convention] = book, rule
    if not found:
        raise NotFound("Cette règle n'est pas dans le recueil en vigueur.")
    return found


def _rule_of(book: Rulebook, convention: str | None, rule_id: str) -> Rule | None:
    """What others settled locally is no rule of this convention's, even where one book holds them all."""
    others = (each for key, each in book.conventions.items() if key != convention)
    if any(rule.id == rule_id for other in others for rule in other.rules):
        return None
    try:
        return book.rule(rule_id)
    except KeyError:
        return None


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


def _article_words(book: Rulebook, row: Row) -> str:
    return " ".join(f"{book.articles[number].title} {book.articles[number].meaning}" for number in row.articles)


def _line(found: Rule) -> RuleLine:
    return RuleLine(found.id, found.title, found.assign, found.local is not None)
