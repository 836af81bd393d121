"""Names of people found by their first name: « Kevin Martin », « MARTIN Kévin », « Inès L., (Théo, 4eB) ». Pure.

The form's guard asks for a surname, a class or an initial beside it, and leaves schools' names alone; what is kept to
learn from hides a first name alone too. One look at each word and its neighbours: linear in the text."""

import re
import tomllib
from collections.abc import Callable, Iterator, Set
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from router.classify.fold import fold_characters

NAMES = "given_names.toml"
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_BLANKS = frozenset(" \t\u00a0\u202f")
_MOST_BLANKS = 8
_CLASS = re.compile(
    r"[ \t]{0,4}[(,;/-]?[ \t]{0,4}(?:en |de |des |d['’]|la |classe de |[ée]l[èe]ve de ){0,3}[3-6] ?"
    r"(?:°|e|è|ème|eme|ième)(?:\b|[ \t]?[A-H1-9]\b)"
)
_JOINED = re.compile(
    r"[ \t]{0,4}(?:[,;/&+\n-]|et|ou|\([^()\n]{1,20}\)){1,3}[ \t]{0,4}(?:et[ \t]{1,4})?[-•*]?[ \t]{0,4}"
)
_CHILDREN = frozenset(
    ["eleve", "eleves", "enfant", "enfants", "collegien", "collegiens", "camarade", "camarades"]
)
_ANNOUNCED = re.compile(r"(?:[ \t]{1,4}[^\W\d_]{3,12})?[ \t]{0,4}[:=]?[ \t\n]{0,4}[-•*]?[ \t]{0,4}")
_CIVIL = frozenset(["mme", "mmes", "mlle", "mr", "monsieur", "madame", "mademoiselle"])
_WOMEN = frozenset(["mme", "madame", "mlle", "mademoiselle"])
_CALLED = _CIVIL | {"famille", "familles"}
_AFTER_INITIAL = frozenset(",;)\n/")
_ELIDED = frozenset("dlnmo")  # « d'Almeida », « N'Diaye », « O'Connor »
_MOST_PARTICLES, _MOST_SURNAMES = 2, 2
_SHORTEST_SHOUTED = 3  # « Kevin HS », « Kevin PC »: no surname
_SHORTEST_WHISPERED = 4  # « sam », « ali » without a capital: words as often as names


class Token(NamedTuple):
    """A word with its hyphens, folded; `shouted`: all in capitals."""

    start: int
    end: int
    folded: str
    capital: bool
    shouted: bool


@dataclass(frozen=True, slots=True)
class _Known:
    """The lists of `given_names.toml`."""

    names: frozenset[str]
    words: frozenset[str]
    capital_only: frozenset[str]
    surnames: frozenset[str]
    ordinary: frozenset[str]
    particles: frozenset[str]
    places: frozenset[str]
    namesakes: frozenset[str]


@cache
def _known() -> _Known:
    lists = tomllib.loads((files("router.classify") / NAMES).read_text(encoding="utf-8"))
    several = {
        name: frozenset(lists[name].split())
        for name in ("names", "words", "capital_only", "surnames", "ordinary", "particles", "places")
    }
    namesakes = frozenset(" ".join(each.split()) for each in lists["namesakes"].split(","))
    return _Known(**several, namesakes=namesakes)


def is_ordinary(word: str) -> bool:
    """Whether a folded word is none of a name's, a capital notwithstanding: « RGPD », « Les »."""
    return word in _known().ordinary


def is_first_name(word: str) -> bool:
    """Whether a folded word is a first name, if only beside other ones."""
    return word in _known().names or word in _known().words


def is_surname(word: str) -> bool:
    """Whether a folded word is one of the surnames most people know."""
    return word in _known().surnames


def is_particle(word: str) -> bool:
    """Whether a folded word stands before a surname: « de », « le », « ben »."""
    return word in _known().particles


def named_people(text: str, spared: Set[str]) -> Iterator[tuple[int, int]]:
    """Spans of names of people that stand out plainly; `spared`: words that only look like names, casefolded."""
    yield from _Sight(text, spared).people()


def any_first_name(text: str, spared: Set[str], is_word: Callable[[str], bool]) -> Iterator[tuple[int, int]]:
    """The same, and first names alone, without a capital too, with the word beside them that `is_word` doesn't know."""
    yield from _Sight(text, spared).people(is_word)


class _Sight:
    """A text cut into words, each looked at with its neighbours."""

    __slots__ = ("known", "spared", "text", "tokens")

    def __init__(self, text: str, spared: Set[str]) -> None:
        self.text, self.spared, self.known = text, spared, _known()
        self.tokens = tuple(_tokens(text))

    def people(self, is_word: Callable[[str], bool] | None = None) -> Iterator[tuple[int, int]]:
        place, last = 0, 0
        while place < len(self.tokens):
            found = (
                self._plain(place, severe=is_word is not None) if self._given(place) else self._whispered(place)
            )
            if found is None and is_word:
                found = self._called(place, is_word) or self._stranger(place, is_word)
            if found is None and (self._listed(place, last) or (is_word and self._worth_hiding(place))):
                found = self._alone(place, is_word)
            if found is None:
                place += 1
                continue
            first, end, place = found
            start, last = max(self.tokens[first].start, last), end
            yield start, end

    def _listed(self, place: int, last: int) -> bool:
        """Whether a first name goes on a list of names that ended at `last`, or comes after « élèves : »."""
        if not self._given(place):
            return False
        start = self.tokens[place].start
        if last and _JOINED.fullmatch(self.text, last, start):
            return True
        return any(
            each.folded in _CHILDREN and _ANNOUNCED.fullmatch(self.text, each.end, start)
            for each in self.tokens[max(place - 2, 0) : place]
        )

    def _whispered(self, place: int) -> tuple[int, int, int] | None:
        """« kevin durand », « mme roussel », « K. Martin », of which the surname is plainly one."""
        if place + 1 == len(self.tokens):
            return None
        token, following = self.tokens[place], self.tokens[place + 1]
        if following.folded not in self.known.surnames or self._product(following):
            return None
        if token.folded in _CIVIL and self._beside(place + 1):
            return place + 1, following.end, place + 2
        if len(token.folded) == 1 and token.capital and following.capital:
            joined = self.text[token.end : following.start] in {".", ". "} and not self._civil_or_class(place)
            return (place, following.end, place + 2) if joined else None
        plain = not token.capital and self._worth_hiding(place) and self._beside(place + 1)
        return (place, following.end, place + 2) if plain else None

    def _civil_or_class(self, place: int) -> bool:
        """« M. Martin » is said with its civility; « la 4e B. Martin … » begins a sentence."""
        before = self.text[max(self.tokens[place].start - 4, 0) : self.tokens[place].start].rstrip()
        return self.tokens[place].folded == "m" or before[-1:] in set("0123456789eè°")

    def _given(self, place: int) -> bool:
        """Whether a first name with a capital stands there."""
        token = self.tokens[place]
        return (
            token.capital
            and (self._sure(token) or token.folded in self.known.words)
            and not self._product(token)
        )

    def _sure(self, token: Token) -> bool:
        return token.folded in self.known.names or self._compound(token)

    def _compound(self, token: Token) -> bool:
        """« Jean-Pierre », « Marie-Rose »."""
        if "-" not in token.folded:
            return False
        first, *others = token.folded.split("-")
        every = self.known.names | self.known.words if len(first) > 1 else self.known.names
        return first in every and others[-1] in every

    def _product(self, token: Token) -> bool:
        return token.folded in self.spared or self.text[token.start : token.end].casefold() in self.spared

    def _plain(self, place: int, *, severe: bool) -> tuple[int, int, int] | None:
        """(first word, end in the text, next place) of a name said with its surname, its class or an initial."""
        token, sure = self.tokens[place], self._sure(self.tokens[place])
        end, after = self._surnames(place)
        if not sure and token.shouted and self._shouting(place, after):
            return None
        named = end > token.end
        classed = _CLASS.match(self.text, end) is not None
        first = self._first(place, sure=sure)
        if not (named or classed or first < place):
            return None
        if not severe and self._of_a_place(first, place, end):
            return None
        return first, end, after

    def _surnames(self, place: int) -> tuple[int, int]:
        """(end, next place) of the surnames that follow; of the first name itself when none does."""
        end, after = self.tokens[place].end, place + 1
        for _ in range(_MOST_SURNAMES):
            found = self._surname(after)
            if found is None:
                break
            end, after = found
        return end, after

    def _surname(self, place: int) -> tuple[int, int] | None:
        for _ in range(_MOST_PARTICLES):
            if (
                place < len(self.tokens)
                and self._beside(place)
                and self.tokens[place].folded in self.known.particles
            ):
                place += len(self.tokens[place].folded) > 1
        if place >= len(self.tokens) or not self._beside(place):
            return None
        token = self.tokens[place]
        if len(token.folded) == 1:
            return self._elided_or_initial(place)
        return (token.end, place + 1) if self._may_be_surname(token) else None

    def _elided_or_initial(self, place: int) -> tuple[int, int] | None:
        token, text = self.tokens[place], self.text
        following = text[token.end : token.end + 1]
        if following in {"'", "’"} and token.folded in _ELIDED and place + 1 < len(self.tokens):
            name = self.tokens[place + 1]
            joined = name.start == token.end + 1 and self._may_be_surname(name)
            return (
                (name.end, place + 2)
                if joined and (name.shouted or not token.shouted or token.capital)
                else None
            )
        if not token.capital:
            return None
        if following == ".":
            return token.end + 1, place + 1
        return (token.end, place + 1) if not following or following in _AFTER_INITIAL else None

    def _may_be_surname(self, token: Token) -> bool:
        if not token.capital or self._product(token) or token.folded in self.known.ordinary:
            return False
        return len(token.folded) >= (_SHORTEST_SHOUTED if token.shouted else 2)

    def _first(self, place: int, *, sure: bool) -> int:
        """Where the name begins when the surname comes first: « MARTIN Kevin », « LE GOFF Yann », « Martin Kévin »."""
        if not (self._beside(place) and self._may_be_surname(self.tokens[place - 1])):
            return place
        before = self.tokens[place - 1]
        if before.shouted and not self.tokens[place].shouted:
            first = place - 1
            while first > max(place - 3, 0) and self._beside(first) and self._shouted_name(first - 1):
                first -= 1
            return first
        likely = before.folded in self.known.surnames or self._sure(before) or not self._begins(place - 1)
        return place - 1 if sure and likely else place

    def _shouted_name(self, place: int) -> bool:
        token = self.tokens[place]
        return token.capital and (
            token.folded in self.known.particles or (token.shouted and self._may_be_surname(token))
        )

    def _begins(self, place: int) -> bool:
        """Whether a sentence begins at this word, whose capital then says nothing."""
        return self.text[: self.tokens[place].start][-3:].rstrip(" \t\u00a0")[-1:] in {"", *".!?:\n«-"}

    def _beside(self, place: int) -> bool:
        """Whether only blanks part this word from the one before."""
        if place == 0:
            return False
        gap = self.text[self.tokens[place - 1].end : self.tokens[place].start]
        return 0 < len(gap) <= _MOST_BLANKS and _BLANKS.issuperset(gap)

    def _shouting(self, place: int, after: int) -> bool:
        """Whether the words around are all in capitals too: nothing stands out."""
        around = [*self.tokens[max(place - 2, 0) : place], *self.tokens[after : after + 2]]
        return bool(around) and all(each.shouted for each in around)

    def _of_a_place(self, first: int, place: int, end: int) -> bool:
        """« collège Jean Moulin », « à Jules Ferry »."""
        whole = fold_characters(self.text[self.tokens[place].start : end])
        if " ".join(whole.split()) in self.known.namesakes:
            return True
        before = first - 1
        for _ in range(_MOST_PARTICLES):
            if before > 0 and self.tokens[before].folded in self.known.particles:
                before -= 1
        near = (first - 1, before)
        return any(each >= 0 and self.tokens[each].folded in self.known.places for each in near) or (
            first < place and self.tokens[first].folded in self.known.places
        )

    def _worth_hiding(self, place: int) -> bool:
        """Whether a first name stands there that is hardly anything else, with a capital or without."""
        token = self.tokens[place]
        plain = len(token.folded) >= _SHORTEST_WHISPERED and token.folded not in self.known.capital_only
        return (token.capital or plain) and self._sure(token) and not self._product(token)

    def _alone(self, place: int, is_word: Callable[[str], bool] | None) -> tuple[int, int, int]:
        """With the word that follows, when it is none that people use."""
        token = self.tokens[place]
        if is_word and place + 1 < len(self.tokens) and self._beside(place + 1):
            following = self.tokens[place + 1]
            if len(following.folded) > 2 and not (is_word(following.folded) or self._product(following)):
                return place, following.end, place + 2
        return place, token.end, place + 1

    def _called(self, place: int, is_word: Callable[[str], bool]) -> tuple[int, int, int] | None:
        """« madame kerbrat », « mme le goff », « la famille Benabdelmoumene », with what stands between."""
        if self.tokens[place].folded not in _CALLED:
            return None
        first = name = place + 1
        while name < min(first + _MOST_PARTICLES, len(self.tokens)) and is_particle(self.tokens[name].folded):
            name += 1
        if name >= len(self.tokens) or not all(self._beside(each) for each in range(first, name + 1)):
            return None
        token, title = self.tokens[name], self.tokens[place].folded
        likely = token.folded in self.known.surnames or not is_word(token.folded)
        if title.startswith("famille"):
            likely = likely or token.capital
        elif name > first:  # « Mme la référente », « le monsieur de la société », but « Mme le goff »
            plain = self.tokens[first].capital and token.capital
            likely = likely or plain or (title in _WOMEN and self.tokens[first].folded == "le")
        else:
            likely = True
        if len(token.folded) <= 2 or not likely or not self._may_be_called(token):
            return None
        return first, token.end, name + 1

    def _stranger(self, place: int, is_word: Callable[[str], bool]) -> tuple[int, int, int] | None:
        """« Xiadani Okonkwo », « Xiadani (élève de 4eB) »: capitals, and words that nobody uses."""

        def strange(token: Token) -> bool:
            plain = token.capital and len(token.folded) > 2 and self._may_be_called(token)
            return plain and not any(is_word(part) for part in token.folded.split("-"))

        last = place
        while last < len(self.tokens) and strange(self.tokens[last]) and (last == place or self._beside(last)):
            last += 1
        if last == place:
            return None
        end = self.tokens[last - 1].end
        if last > place + 1 or _CLASS.match(self.text, end):
            return place, end, last
        return None

    def _may_be_called(self, token: Token) -> bool:
        return token.folded not in self.known.ordinary and not self._product(token)


def _tokens(text: str) -> Iterator[Token]:
    for match in _WORD.finditer(text):
        word = match.group()
        capital = word[0].isupper()
        yield Token(
            match.start(),
            match.end(),
            fold_characters(word),
            capital,
            capital and len(word) > 1 and word.isupper(),
        )
