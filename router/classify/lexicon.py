"""Cue words, read from `rules/lexicon/*.toml`: data that people of the trade can read and extend.

A cue is a short pattern of folded words: a word, a stem ending in `*`, or `_` for up to three words of any
kind. Groups of cues are what the model weighs, so that a word added to a group counts without training."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from router.classify.fold import fold_text
from router.documents.document import UnreadableDocument, parse_document
from router.documents.entry import Entry
from router.model.faults import Fault, FilesRefused, by_place
from router.model.words import Category

NEEDS = ("breakdown", "access", "installation", "training", "advice", "data")
SCOPES = ("person", "room", "site", "several_sites")
_SHORTEST_STEM = 3
_GAP = 3
_MEMORY = 20_000
_UNKNOWN = {"need": "inconnu", "scope": "inconnue", "tells": "inconnu"}
_NOT_GROUPS = "Chaque groupe s'écrit sous un titre [[group]]."
TELLS = (
    "place", "zone", "people", "exam", "event", "when", "leak", "loss", "data", "secret", "reader", "tried", "compared",
    "outcome",
)  # fmt: skip
_GROUP_KEYS = {
    "id", "meaning", "category", "attack", "harmless", "weighed", "need", "scope", "tells", "value", "clears",
    "ordinary", "foreign", "question", "after_alert", "reflexes", "cues",
}  # fmt: skip


class LexiconError(FilesRefused):
    """A lexicon file that can't be used; `faults` says where and how to mend."""


@dataclass(frozen=True, slots=True)
class CueGroup:
    """Cues that mean the same. `category`: what they point to; `attack`: a sign of a security incident; `harmless`: the
    words of such a sign within them are none (« virus de la grippe »); `weighed`: the model learns what the group is
    worth; `need`: what is asked for; `scope`: who is touched; `clears`: they say that what the clause names works;
    `ordinary`: plain French words never to be taken for a misspelt product; `foreign`: counts in a text of another
    language only, where it makes a doubt; `tells`: what `facts` reads in it (a place, people, an exam…), `value` what
    these words mean there; `question`: what is asked when a doubt about security is spoken of in these words,
    `after_alert` whether it is asked too once a sure alert is gone; `reflexes`: the first gestures then, what stands
    between stars being stressed."""

    id: str
    category: Category | None
    attack: bool
    weighed: bool
    need: str | None
    scope: str | None
    clears: bool
    ordinary: bool
    cues: tuple[str, ...]
    foreign: bool = False
    harmless: bool = False
    question: str | None = None
    after_alert: bool = False
    reflexes: tuple[str, ...] = ()
    tells: str | None = None
    value: str = ""


class CueHit(NamedTuple):
    """A cue found: its group, and the words `first..last` (inclusive) it covers."""

    group: CueGroup
    first: int
    last: int

    def within(self, other: "CueHit") -> bool:
        """Whether each of its words is one of the other's."""
        return other.first <= self.first and self.last <= other.last


def uncovered(hits: Sequence[CueHit]) -> list[CueHit]:
    """The hits that no longer one covers: « tous les postes » isn't said by « tous les postes de la salle »."""
    return [hit for hit in hits if not any(_covered(hit, other) for other in hits)]


def _covered(hit: CueHit, longer: CueHit) -> bool:
    return longer.last - longer.first > hit.last - hit.first and hit.within(longer)


class _Pattern(NamedTuple):
    """A cue as it is looked for: its first part, those that follow, and a word it can't do without (or none)."""

    head: str
    rest: tuple[str, ...]
    group: CueGroup
    wanted: str


class _Begun(NamedTuple):
    """The cues a word begins: those it ends too, those that go on with a given word, or with the first letters of a
    stem, and those that go on after a gap."""

    whole: tuple[CueGroup, ...]
    followed: Mapping[str, Sequence[_Pattern]]
    stems: Mapping[str, Sequence[_Pattern]]
    open: tuple[_Pattern, ...]

    def going_on(self, following: str) -> Sequence[_Pattern]:
        """The cues that the word that follows may go on with; most often none."""
        _, followed, stems, found = self
        if stems and (begun := stems.get(following[:_SHORTEST_STEM])):
            found = (*begun, *found)
        if followed and (begun := followed.get(following)):
            found = (*begun, *found)
        return found


class Lexicon:
    """Finds cues in a sequence of folded words."""

    __slots__ = ("_begun", "_stems", "_words", "attacks", "groups", "ordinary")

    def __init__(self, groups: Sequence[CueGroup]) -> None:
        self.groups = tuple(groups)
        self.ordinary = frozenset(cue for group in groups if group.ordinary for cue in group.cues)
        self._words: dict[str, list[_Pattern]] = {}
        self._stems: dict[str, list[_Pattern]] = {}
        self._begun: dict[str, _Begun | None] = {}
        for group in groups:
            if not group.ordinary:
                self._index(group)
        signs = [group for group in groups if group.attack]
        self.attacks: Lexicon = self if len(signs) == len(groups) else Lexicon(signs)
        """The signs of an attack alone, for who looks for nothing else."""

    def _index(self, group: CueGroup) -> None:
        for cue in group.cues:
            head, *rest = cue.split()
            pattern = _Pattern(head, tuple(rest), group, _wanted(rest))
            if head.endswith("*"):
                self._stems.setdefault(head[:_SHORTEST_STEM], []).append(pattern)
            else:
                self._words.setdefault(head, []).append(pattern)

    def find(self, words: Sequence[str]) -> Iterator[CueHit]:
        """Every cue in the words, in order of place."""
        following = (*words[1:], "")
        said = {"", *words}
        known = self._begun
        for place, word in enumerate(words):
            begun = known[word] if word in known else self._beginning_with(word)
            if begun is None:
                continue
            for group in begun.whole:
                yield CueHit(group, place, place)
            for _, rest, group, wanted in begun.going_on(following[place]):
                if wanted in said and (last := _match(rest, words, place + 1)) is not None:
                    yield CueHit(group, place, last)

    def _beginning_with(self, word: str) -> _Begun | None:
        """The cues whose first part is this word; remembered, as people use the same words."""
        if len(self._begun) >= _MEMORY:
            self._begun.clear()
        stems = (pattern for pattern in self._stems.get(word[:_SHORTEST_STEM], ()) if _same(pattern.head, word))
        patterns = (*self._words.get(word, ()), *stems)
        self._begun[word] = _sorted_by_what_follows(patterns) if patterns else None
        return self._begun[word]


def _wanted(rest: Sequence[str]) -> str:
    """A whole word among the parts that follow, the longest one: where it isn't said, nothing has to be compared."""
    return max((part for part in rest if part != "_" and not part.endswith("*")), key=len, default="")


def _sorted_by_what_follows(patterns: Sequence[_Pattern]) -> _Begun:
    whole: list[CueGroup] = []
    followed: dict[str, list[_Pattern]] = {}
    stems: dict[str, list[_Pattern]] = {}
    others: list[_Pattern] = []
    for pattern in patterns:
        if not pattern.rest:
            whole.append(pattern.group)
        elif pattern.rest[0] == "_":
            others.append(pattern)
        elif pattern.rest[0].endswith("*"):
            stems.setdefault(pattern.rest[0][:_SHORTEST_STEM], []).append(pattern)
        else:
            followed.setdefault(pattern.rest[0], []).append(pattern)
    return _Begun(tuple(whole), followed, stems, tuple(others))


def _match(parts: Sequence[str], words: Sequence[str], place: int, first: int = 0) -> int | None:
    """The place of the last word matched by the parts from `first` on, or None."""
    for number in range(first, len(parts)):
        if parts[number] == "_":
            for start in range(place, place + _GAP + 1):
                end = _match(parts, words, start, number + 1)
                if end is not None:
                    return end
            return None
        if place >= len(words) or not _same(parts[number], words[place]):
            return None
        place += 1
    return place - 1


def _same(part: str, word: str) -> bool:
    return word.startswith(part[:-1]) if part.endswith("*") else word == part


def read_lexicon(sources: Mapping[str, str]) -> Lexicon:
    """Read lexicon files (name → text). Raises LexiconError with every fault found."""
    faults: list[Fault] = []
    groups: dict[str, CueGroup] = {}
    for name in sorted(sources):
        for entry in _entries(name, sources[name], faults):
            group = _read_group(entry)
            if group is not None and groups.setdefault(group.id, group) is not group:
                entry.fault("L002", f"Deux groupes s'appellent « {group.id} ».", "id")
    if faults:
        raise LexiconError(by_place(faults))
    return Lexicon(tuple(groups.values()))


def _entries(name: str, text: str, faults: list[Fault]) -> Iterator[Entry]:
    """Each `[[group]]` of a file, with its place."""
    try:
        root = Entry.root(parse_document(name, text), faults)
    except UnreadableDocument as unreadable:
        faults.append(unreadable.place.fault("L001", f"Fichier illisible : {unreadable}."))
        return
    for key in root.value:
        if key != "group":
            root.fault_at_key("L003", f"Clé inconnue « {key} ». {_NOT_GROUPS}", key)
    groups = root.typed(list, "L003", _NOT_GROUPS, "group") if "group" in root.value else None
    for position in range(len(groups or ())):
        entry = root.child("group").child(position)
        if entry.typed(dict, "L003", _NOT_GROUPS) is not None:
            yield entry


def _read_group(entry: Entry) -> CueGroup | None:
    table: dict[str, object] = entry.value
    identifier = str(table.get("id", ""))
    problem = _problem(table)
    if problem:
        entry.fault_at_key("L003", f"Groupe « {identifier} » : {problem}", "id")
        return None
    category, need, scope, cues = (table.get(key) for key in ("category", "need", "scope", "cues"))
    assert isinstance(cues, list)
    return CueGroup(
        id=identifier,
        category=Category(str(category)) if category else None,
        attack=bool(table.get("attack", False)),
        weighed=bool(table.get("weighed", True)),
        need=str(need) if need else None,
        scope=str(scope) if scope else None,
        clears=bool(table.get("clears", False)),
        ordinary=bool(table.get("ordinary", False)),
        foreign=bool(table.get("foreign", False)),
        harmless=bool(table.get("harmless", False)),
        cues=tuple(fold_cue(str(cue)) for cue in cues),
        question=str(table["question"]).strip() if "question" in table else None,
        after_alert=bool(table.get("after_alert", False)),
        reflexes=tuple(str(step).strip() for step in steps)
        if isinstance(steps := table.get("reflexes"), list)
        else (),
        tells=str(table["tells"]) if "tells" in table else None,
        value=str(table.get("value", "")),
    )


@lru_cache(maxsize=_MEMORY)
def fold_cue(cue: str) -> str:
    """A cue as written by people → folded parts, stems and gaps kept."""
    parts = []
    for piece in cue.split():
        words = fold_text(piece).split()
        if piece == "_":
            parts.append("_")
        elif piece.endswith("*") and words:
            parts.extend([*words[:-1], words[-1] + "*"])
        else:
            parts.extend(words)
    return " ".join(parts)


def _problem(table: dict[str, object]) -> str | None:
    unknown = sorted(set(table) - _GROUP_KEYS)
    if unknown:
        return f"clé inconnue « {unknown[0]} » ; clés possibles : {', '.join(sorted(_GROUP_KEYS))}."
    if not table.get("id"):
        return "il lui faut un identifiant `id`."
    if table.get("category") not in (None, *Category):
        return f"catégorie « {table['category']} » inconnue ; au choix : {', '.join(Category)}."
    for key, name, known in (("need", "besoin", NEEDS), ("scope", "étendue", SCOPES), ("tells", "fait", TELLS)):
        if table.get(key) not in (None, *known):
            return f"{name} « {table[key]} » {_UNKNOWN[key]} ; au choix : {', '.join(known)}."
    if table.get("attack") and table.get("harmless"):
        return "`attack` et `harmless` se contredisent : un signe d'attaque n'est pas anodin."
    return _problem_in_sentences(table) or _problem_in_cues(table.get("cues"))


def _problem_in_sentences(table: dict[str, object]) -> str | None:
    question, reflexes = table.get("question", "?"), table.get("reflexes", ["?"])
    if not isinstance(question, str) or not question.strip().endswith("?"):
        return "`question` doit être une phrase qui finit par « ? »."
    if (
        not isinstance(reflexes, list)
        or not reflexes
        or not all(isinstance(one, str) and one for one in reflexes)
    ):
        return "`reflexes` doit être une liste de phrases non vide."
    return None


def _problem_in_cues(cues: object) -> str | None:
    if not isinstance(cues, list) or not cues or not all(isinstance(cue, str) and cue.strip() for cue in cues):
        return "`cues` doit être une liste de mots non vide."
    for cue in cues:
        parts = fold_cue(cue).split()
        if not parts or parts[0] == "_" or parts[-1] == "_":
            return f"l'indice « {cue} » doit commencer et finir par un mot."
        if any(part.endswith("*") and len(part) <= _SHORTEST_STEM for part in parts):
            return f"dans « {cue} », il faut au moins {_SHORTEST_STEM} lettres avant l'étoile."
    return None
