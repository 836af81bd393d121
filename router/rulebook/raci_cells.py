"""The cells of one row of an edited RACI: texts to values, and what is wrong in them, cell by cell. Pure."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType

from router.model.incident import FactValue
from router.model.words import Party
from router.rulebook.book import Rulebook
from router.rulebook.cubes import Budget, Cube, Cubes, gap, joined
from router.rulebook.prove import STEPS_PER_SLICE
from router.rulebook.raci import Letter, RaciRow, RowKind
from router.rulebook.raci_sheet import (
    ALL_BUT,
    ANY_VALUE,
    ARTICLES,
    IN_SOME_CASES,
    RULE,
    SINCE,
    TITLE,
    UNTIL,
    WHY,
)
from router.rulebook.vocabulary import unknown_word
from router.sheets.workbook import address

_LETTERS = re.compile(r"\(\s*i\s*\)|[^\s,;/+&]+", re.IGNORECASE)
_LIST = re.compile(r"\s*[;\n]\s*")
_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T]00:00(?::00)?)?|(\d{1,2})/(\d{1,2})/(\d{4})")
_NOTHING = ("", "-", ANY_VALUE, "—")
_SAME = str.maketrans({"’": "'", "\u00a0": " ", "\u202f": " ", "‑": "-"})

NumberedTexts = Sequence[tuple[int, Mapping[str, str]]]


@dataclass(frozen=True, slots=True, order=True)
class CellFault:
    """What is wrong in a cell; lines count from 1, columns from 0."""

    line: int
    column: int
    message: str

    def __str__(self) -> str:
        return f"{address(self.line, self.column)} : {self.message}"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a row says, as values: of the table, or of the edited sheet."""

    title: str
    region: Cubes
    letters: Mapping[Party, frozenset[str]]
    articles: tuple[str, ...]
    why: str
    since: date | None
    until: date | None

    def bearing(self, letter: str) -> tuple[Party, ...]:
        return tuple(party for party, letters in self.letters.items() if letter in letters)

    def differing_columns(self, other: "Wanted", book: Rulebook) -> tuple[str, ...]:
        """The columns whose values differ, in the sheet's order; texts are compared without their typography."""
        names = [TITLE] if folded(self.title) != folded(other.title) else []
        if not same_region(self.region, other.region):
            names += [fact.label for fact in book.vocabulary.facts.values()]
        names += [
            book.parties[party].short for party in book.parties if self.letters[party] != other.letters[party]
        ]
        names += [ARTICLES] if self.articles != other.articles else []
        names += [WHY] if folded(self.why) != folded(other.why) else []
        names += [SINCE] if self.since != other.since else []
        return (*names, *([UNTIL] if self.until != other.until else []))


def folded(text: str) -> str:
    """A text without what a spreadsheet may have done to it: quotes, spaces, case."""
    return " ".join(text.translate(_SAME).split()).casefold()


def same_region(one: Cubes, other: Cubes) -> bool:
    budget = Budget(STEPS_PER_SLICE)
    return all(gap(cube, other, budget) is None for cube in one) and all(
        gap(cube, one, budget) is None for cube in other
    )


def wanted_of(book: Rulebook, row: RaciRow) -> Wanted:
    """What a row of the table says."""
    bits = book.vocabulary.domain.bits
    region = tuple(
        book.vocabulary.domain.cube(
            {name: sum(bits[name][value] for value in values) for name, values in case.items()}
        )
        for case in row.cases
    )
    letters = {
        party: frozenset(str(m.letter) if m.always else IN_SOME_CASES for m in row.mentions.get(party, ()))
        for party in book.parties
    }
    return Wanted(row.title, region, MappingProxyType(letters), row.articles, row.why, row.since, row.until)


@dataclass(slots=True)
class CellReader:
    """Reads the lines of one row. Faults are added to `faults`, each at its cell."""

    book: Rulebook
    row: RaciRow
    columns: Mapping[str, int]
    faults: list[CellFault]
    _line: int = field(default=0, init=False)

    def wanted(self, lines: NumberedTexts) -> Wanted | None:
        """None when the lines of the row don't agree; the rest of what is wrong is in the faults."""
        self._line = lines[0][0]
        if not self._agree(lines):
            return None
        texts = lines[0][1]
        letters = self._letters(texts)
        since, until = self._day(texts, SINCE), self._day(texts, UNTIL)
        if since is None and not texts[SINCE]:
            self._fault(SINCE, "une règle dit depuis quand elle vaut : écrivez une date, comme 2027-09-01.")
        if since and until and until <= since:
            self._fault(UNTIL, "« Jusqu'au » (ce jour-là, la règle ne vaut plus) vient après « Depuis ».")
        articles = self._articles(texts)
        wanted = Wanted(
            title=self._said(texts, TITLE),
            region=joined(self._cubes(lines)),
            letters=letters,
            articles=articles,
            why=self._said(texts, WHY),
            since=since,
            until=until,
        )
        self._check_unmovable(wanted)
        return wanted

    def _agree(self, lines: NumberedTexts) -> bool:
        """Outside their conditions, the lines of one row say the same."""
        facts = {fact.label for fact in self.book.vocabulary.facts.values()}
        agreed = True
        first_line, first = lines[0]
        for number, texts in lines[1:]:
            for name in self.columns:
                if name not in facts and folded(texts[name]) != folded(first[name]):
                    place = address(first_line, self.columns[name])
                    message = f"« {self.row.title} » a plusieurs lignes, et {place} dit autre chose : écrivez la même."
                    self.faults.append(CellFault(number, self.columns[name], message))
                    agreed = False
        return agreed

    # --- Conditions

    def _cubes(self, lines: NumberedTexts) -> Iterator[Cube]:
        first = self._line
        domain = self.book.vocabulary.domain
        for number, texts in lines:
            self._line = number
            masks = {name: self._mask(name, texts) for name in domain.names}
            if all(masks[name] == full for name, full in zip(domain.names, domain.full, strict=True)):
                self._fault(TITLE, "cette ligne n'a plus aucune condition : elle prendrait tous les incidents.")
            yield domain.cube(masks)
        self._line = first

    def _mask(self, name: str, texts: Mapping[str, str]) -> int:
        """The values a cell allows. A wrong cell allows all, once its fault is noted."""
        fact = self.book.vocabulary.facts[name]
        full = self.book.vocabulary.domain.full[self.book.vocabulary.domain.position[name]]
        text = texts[fact.label]
        if text in _NOTHING:
            return full
        but = folded(text).startswith(folded(ALL_BUT))
        listed = text[len(ALL_BUT) :] if but else text
        known = {folded(label): value for value, label in fact.values.items()}
        mask = self._values(fact.label, listed, known, self.book.vocabulary.domain.bits[name])
        if mask is None:
            return full
        chosen = full & ~mask if but else mask
        if not chosen:
            self._fault(fact.label, "aucune valeur n'est permise : aucun incident ne conviendrait.")
        return chosen or full

    def _values(
        self, column: str, text: str, known: Mapping[str, FactValue], bits: Mapping[FactValue, int]
    ) -> int | None:
        """None when a value isn't known."""
        mask: int | None = 0
        for word in filter(None, _LIST.split(text.strip())):
            value = known.get(folded(word))
            if value is None:
                self._fault(column, self._unknown_value(column, word))
                mask = None
            elif mask is not None:
                mask |= bits[value]
        return mask

    def _unknown_value(self, column: str, word: str) -> str:
        labels = next(f for f in self.book.vocabulary.facts.values() if f.label == column).values.values()
        begun = [label for label in labels if folded(label).startswith(folded(word))]
        nearest = begun if len(begun) == 1 else labels
        return unknown_word(
            f"la valeur « {word} » pour « {column} »", nearest[0] if begun == nearest else word, nearest
        )

    # --- Letters

    def _letters(self, texts: Mapping[str, str]) -> Mapping[Party, frozenset[str]]:
        found: dict[Party, frozenset[str]] = {}
        for party, definition in self.book.parties.items():
            found[party] = self._cell_letters(definition.short, texts[definition.short])
        check = self._check_duty if self.row.kind is RowKind.DUTY else self._check_rule
        check(found)
        return MappingProxyType(found)

    def _cell_letters(self, column: str, text: str) -> frozenset[str]:
        if text in _NOTHING:
            return frozenset()
        words = [re.sub(r"\s", "", word).upper() for word in _LETTERS.findall(text)]
        for word in words:
            if word not in (*Letter, IN_SOME_CASES):
                self._fault(column, f"« {word} » n'est pas une lettre du RACI : écrivez R, A, C, I ou (I).")
        return frozenset(words) & {*map(str, Letter), IN_SOME_CASES}

    def _check_rule(self, letters: Mapping[Party, frozenset[str]]) -> None:
        self._check_one(letters, Letter.RESPONSIBLE, "qui agit")
        self._check_one(letters, Letter.ACCOUNTABLE, "qui répond")
        for party, found in letters.items():
            definition = self.book.parties[party]
            if Letter.RESPONSIBLE in found and not definition.can_hold:
                holders = ", ".join(each.short for each in self.book.parties.values() if each.can_hold)
                self._fault(
                    definition.short, f"cet intervenant ne peut pas tenir un dossier ; peuvent : {holders}."
                )
            if Letter.CONSULTED in found and found & {Letter.RESPONSIBLE, Letter.ACCOUNTABLE}:
                self._fault(definition.short, "qui agit ou répond n'est pas consulté en plus : ôtez le C.")
            self._check_told(party, found)

    def _check_one(self, letters: Mapping[Party, frozenset[str]], letter: Letter, who: str) -> None:
        bearing = [self.book.parties[party].short for party, found in letters.items() if letter in found]
        if not bearing:
            parties = [self.book.parties[party].short for party in self.row.holders(letter)]
            column = parties[0] if parties else RULE
            self._fault(column, f"plus aucun {letter} sur cette ligne : dites {who}, et un seul.")
        for column in bearing[1:]:
            self._fault(column, f"deux {letter} sur cette ligne ({', '.join(bearing)}) : gardez-en un seul.")

    def _check_told(self, party: Party, found: frozenset[str]) -> None:
        """An I comes from an obligation, which has a row of its own: it is taken away there."""
        was = {str(m.letter) if m.always else IN_SOME_CASES for m in self.row.mentions.get(party, ())}
        told = {str(Letter.INFORMED), IN_SOME_CASES}
        if Letter.RESPONSIBLE in found:
            return
        lost = (was & told) - found
        if lost and Letter.INFORMED not in found:
            message = "ce « I » vient d'une obligation : retirez-le à la ligne de l'obligation, à la fin de la feuille."
            self._fault(self.book.parties[party].short, message)
        if IN_SOME_CASES in found and IN_SOME_CASES not in was:
            self._fault(
                self.book.parties[party].short,
                "« (I) » est calculé : écrivez I pour que cet intervenant soit toujours prévenu.",
            )

    def _check_duty(self, letters: Mapping[Party, frozenset[str]]) -> None:
        for party, found in letters.items():
            if found - {Letter.INFORMED}:
                self._fault(
                    self.book.parties[party].short, "une obligation ne fait que prévenir : écrivez I, ou rien."
                )
        if not any(letters.values()):
            told = self.row.holders(Letter.INFORMED)
            self._fault(self.book.parties[told[0]].short, "plus personne n'est prévenu : gardez au moins un I.")

    # --- The rest

    def _articles(self, texts: Mapping[str, str]) -> tuple[str, ...]:
        numbers = tuple(filter(None, re.split(r"[\s;,]+", texts[ARTICLES])))
        for number in numbers:
            if number not in self.book.articles:
                self._fault(ARTICLES, unknown_word(f"l'article « {number} »", number, self.book.articles))
        if not numbers:
            self._fault(ARTICLES, "une règle cite au moins un article.")
        return numbers

    def _said(self, texts: Mapping[str, str], column: str) -> str:
        if not texts[column]:
            self._fault(column, f"« {column} » est vide.")
        return " ".join(texts[column].split())

    def _day(self, texts: Mapping[str, str], column: str) -> date | None:
        text = texts[column]
        if text in _NOTHING:
            return None
        found = _DAY.fullmatch(text)
        try:
            parts = [int(part) for part in found.groups() if part] if found else []
            year, month, day = parts if text[:4].isdigit() else reversed(parts)
            return date(year, month, day)
        except ValueError:
            self._fault(column, f"« {text} » n'est pas un jour : écrivez 2027-09-01 ou 01/09/2027.")
            return None

    def _check_unmovable(self, wanted: Wanted) -> None:
        """The row of contradictory facts is made of the impossible combinations: their file alone changes it."""
        incoherent = self.book.incoherent
        if incoherent is not None and self.row.id == incoherent.id:
            for column in wanted.differing_columns(wanted_of(self.book, self.row), self.book):
                self._fault(
                    column, "cette ligne est faite des combinaisons impossibles : elle ne se modifie pas ici."
                )

    def _fault(self, column: str, message: str) -> None:
        self.faults.append(CellFault(self._line, self.columns[column], message))
