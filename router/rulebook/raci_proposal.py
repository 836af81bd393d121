"""What an edited RACI sheet proposes, as rules: in the convention's own file where the national rule is open to local
arbitrage, else as a change of the national text. Nothing is published: texts to read, prove and sign. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from types import MappingProxyType

from router.documents.amend import (
    amended,
    appended,
    entry_text,
    inserted_after,
    toml_day,
    toml_text,
    toml_texts,
)
from router.model.words import Party
from router.rulebook.book import Rulebook, Slice
from router.rulebook.condition_text import condition_text, condition_toml
from router.rulebook.cubes import Cube, Cubes, spread, without
from router.rulebook.entries import Obligation, Rule
from router.rulebook.entry_wording import WordedEntry, entry_in_words
from router.rulebook.raci import Letter, Raci, accountable_for, slice_of_day
from router.rulebook.raci_cells import Wanted, folded, same_region
from router.rulebook.raci_reading import RowChange
from router.rulebook.to_complete import TO_COMPLETE

OBLIGATIONS = "obligations.toml"
WHY = f"{TO_COMPLETE} : dites en une phrase, que le collège lira, pourquoi c'est à cet intervenant d'agir."
# What says who acts: changed, it is another rule, with a reason and a first day of its own.
ACTING = {"assign", "when", "accountable"}
# As the obligations that are not urgent are shipped: a working day. A person reads the proposal and says otherwise.
USUAL_MINUTES = 480

Keys = Mapping[str, str | None]


@dataclass(frozen=True, slots=True)
class Part:
    """One entry as it would be written, and the file it goes to. `local`: in the convention's own file. `words` is
    the same in French."""

    file: str
    text: str
    local: bool
    words: WordedEntry | None = None


@dataclass(frozen=True, slots=True)
class Proposal:
    """The entries, and the changed files whole."""

    parts: tuple[Part, ...]
    sources: Mapping[str, str]


def propose(book: Rulebook, table: Raci, changes: Sequence[RowChange]) -> Proposal:
    """The rules that the changes ask for."""
    writing = _Writing(book, table, slice_of_day(book, table.day, table.convention))
    for change in sorted(changes, key=writing.line_of, reverse=True):
        writing.write(change)  # from the end of each file, so that the lines before keep their numbers
    writing.write_new()
    parts = (
        replace(part, words=entry_in_words(book, part.file, part.text)) for part in reversed(writing.parts)
    )
    return Proposal(tuple(parts), MappingProxyType(writing.changed()))


@dataclass(slots=True)
class _Writing:
    """The texts of the files as the changes go in."""

    book: Rulebook
    table: Raci
    part: Slice
    parts: list[Part] = field(default_factory=list)
    texts: dict[str, str] = field(init=False)
    _new: list[tuple[str, str]] = field(default_factory=list)
    _named: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.texts = dict(self.book.sources)

    def changed(self) -> dict[str, str]:
        return {name: text for name, text in self.texts.items() if text != self.book.sources[name]}

    def line_of(self, change: RowChange) -> int:
        return self._entry(change.id).place.line

    def write(self, change: RowChange) -> None:
        entry = self._entry(change.id)
        if isinstance(entry, Rule):
            self._write_rule(entry, change)
        else:
            self._write_duty(entry, change)

    def write_new(self) -> None:
        """New entries go last, in the order of the table."""
        for file, text in reversed(self._new):
            self.texts[file] = appended(self.texts[file], text)
            self.parts.insert(0, Part(file, text, file != OBLIGATIONS))

    def _entry(self, identifier: str) -> Rule | Obligation:
        entries: tuple[Rule | Obligation, ...] = (*self.part.rules, *self.part.obligations)
        return next(entry for entry in entries if entry.id == identifier)

    # --- Rules

    def _write_rule(self, rule: Rule, change: RowChange) -> None:
        wanted = change.wanted
        told = tuple(
            party
            for party in wanted.bearing(Letter.INFORMED)
            if party not in change.was.bearing(Letter.INFORMED)
            and party not in wanted.bearing(Letter.RESPONSIBLE)
        )
        if told:
            self._new.append((self._duties_file(), self._new_duty(rule, wanted, told)))
        keys = self._rule_keys(rule, change)
        if not keys:
            return
        acting = bool(ACTING & keys.keys())
        if acting and "why" not in keys:
            keys["why"], wanted = toml_text(WHY), replace(wanted, why=WHY)
        if self.table.convention and rule.local is None and rule.arbitrage:
            self._new.append((self._local_file(), self._local_rule(rule, wanted)))
            return
        begins = self._begins(rule, wanted)
        if acting and rule.local is not None:
            keys |= self._decision()
        if acting and begins:
            self._succeed(rule, keys | {"since": toml_day(begins)}, begins)
        else:
            self._amend(rule, keys)

    def _begins(self, rule: Rule, wanted: Wanted) -> date | None:
        """When the next version of a rule would begin: on the sheet's day if nobody said otherwise. None when the rule
        would have no day before it, or the version none after."""
        begins = wanted.since if wanted.since != rule.period.since else self.table.day
        if begins is None or rule.period.since is None or begins <= rule.period.since:
            return None
        return None if wanted.until and wanted.until <= begins else begins

    def _rule_keys(self, rule: Rule, change: RowChange) -> dict[str, str | None]:
        wanted = change.wanted
        keys = dict(self._common_keys(rule, change))
        (holder,), (answers,) = wanted.bearing(Letter.RESPONSIBLE), wanted.bearing(Letter.ACCOUNTABLE)
        if holder is not rule.assign:
            keys["assign"] = toml_text(holder)
        if accountable_for(self.book, holder, rule.accountable) is not answers:
            usual = accountable_for(self.book, holder) is answers
            keys["accountable"] = None if usual else toml_text(answers)
        consulted = wanted.bearing(Letter.CONSULTED)
        if set(consulted) != set(rule.consulted):
            keys["consulted"] = toml_texts(consulted) if consulted else None
        return keys

    def _common_keys(self, entry: Rule | Obligation, change: RowChange) -> Iterator[tuple[str, str | None]]:
        wanted, was = change.wanted, change.was
        if folded(wanted.title) != folded(was.title):
            yield "title", toml_text(wanted.title)
        if not same_region(wanted.region, was.region):
            yield "when", condition_toml(condition_text(self.book.vocabulary, wanted.region))
        if wanted.articles != entry.articles:
            yield "articles", toml_texts(wanted.articles)
        if folded(wanted.why) != folded(was.why):
            yield "why", toml_text(wanted.why)
        if wanted.since != entry.period.since:
            yield "since", toml_day(wanted.since)
        if wanted.until != entry.period.until:
            yield "until", toml_day(wanted.until)

    def _amend(self, entry: Rule | Obligation, keys: Keys) -> None:
        file, line = entry.place.file, entry.place.line
        self.texts[file] = amended(file, self.texts[file], line, keys)
        self.parts.append(Part(file, entry_text(file, self.texts[file], line), entry.local is not None))

    def _succeed(self, rule: Rule, keys: Keys, since: date) -> None:
        """The rule ends, and its next version begins under the same name."""
        file, line = rule.place.file, rule.place.line
        after = amended(file, self.texts[file], line, keys)
        follower = entry_text(file, after, line)
        ended = amended(file, self.texts[file], line, {"until": toml_day(since)})
        self.texts[file] = inserted_after(file, ended, line, follower)
        self.parts.append(Part(file, follower, rule.local is not None))
        self.parts.append(Part(file, entry_text(file, self.texts[file], line), rule.local is not None))

    def _local_rule(self, rule: Rule, wanted: Wanted) -> str:
        (holder,), (answers,) = wanted.bearing(Letter.RESPONSIBLE), wanted.bearing(Letter.ACCOUNTABLE)
        consulted = wanted.bearing(Letter.CONSULTED)
        keys: dict[str, str | None] = {
            "id": toml_text(self._name(rule.id)),
            "title": toml_text(wanted.title),
            "when": condition_toml(condition_text(self.book.vocabulary, self._won(rule, wanted.region))),
            "assign": toml_text(holder),
            "accountable": None if accountable_for(self.book, holder) is answers else toml_text(answers),
            "consulted": toml_texts(consulted) if consulted else None,
            "articles": toml_texts(wanted.articles),
            "why": toml_text(wanted.why),
            **self._dates(rule, wanted),
            "overrides": toml_texts((rule.id,)),
            **self._decision(),
        }
        return _entry_of("rule", keys)

    def _won(self, rule: Rule, region: Cubes) -> Cubes:
        """The part of a region that no national rule before this one takes: a local rule would pass before them."""
        base = [each for each in self.part.rules if each.local is None]
        taken: list[Cube] = [cube for each in base[: base.index(rule)] for cube in each.cubes]
        return spread(without(region, taken), region, taken)

    # --- Obligations

    def _write_duty(self, duty: Obligation, change: RowChange) -> None:
        told = change.wanted.bearing(Letter.INFORMED)
        added = tuple(party for party in told if party not in duty.inform)
        keys = dict(self._common_keys(duty, change))
        if set(told) != set(duty.inform):
            kept = tuple(party for party in duty.inform if party in told)
            keys["inform"] = toml_texts((*kept, *added))
        if (
            self.table.convention
            and duty.local is None
            and set(keys) == {"inform"}
            and set(told) >= set(duty.inform)
        ):
            self._new.append((self._local_file(), self._more_told(duty, added)))
        elif keys:
            self._amend(duty, keys)

    def _new_duty(self, rule: Rule, wanted: Wanted, told: Sequence[Party]) -> str:
        names = " et ".join(self.book.parties[party].name for party in told)
        keys: dict[str, str | None] = {
            "id": toml_text(self._name(f"{rule.id}-information")),
            "title": toml_text(f"{wanted.title} : {names}"),
            "when": condition_toml(condition_text(self.book.vocabulary, wanted.region)),
            "inform": toml_texts(told),
            "within_minutes": str(USUAL_MINUTES),
            "articles": toml_texts(wanted.articles),
            "why": toml_text(TO_COMPLETE),
            "since": toml_day(self.table.day),
            "checked_on": toml_day(self.table.day),
            **(self._decision() if self.table.convention else {}),
        }
        return _entry_of("obligation", keys)

    def _more_told(self, duty: Obligation, added: Sequence[Party]) -> str:
        keys: dict[str, str | None] = {
            "id": toml_text(self._name(f"{duty.id}-information")),
            "title": toml_text(
                f"{duty.title} : {' et '.join(self.book.parties[party].name for party in added)}"
            ),
            "when": condition_toml(condition_text(self.book.vocabulary, duty.condition.cubes)),
            "inform": toml_texts(added),
            "within_minutes": str(duty.within_minutes),
            "articles": toml_texts(duty.articles),
            "why": toml_text(duty.why),
            "since": toml_day(self.table.day),
            "checked_on": toml_day(self.table.day),
            **self._decision(),
        }
        return _entry_of("obligation", keys)

    # --- What every new entry says

    def _dates(self, rule: Rule, wanted: Wanted) -> dict[str, str | None]:
        """A date that nobody touched is the national rule's: the local one begins on the day of the sheet."""
        since = wanted.since if wanted.since != rule.period.since else self.table.day
        return {
            "since": toml_day(since),
            "until": toml_day(wanted.until),
            "checked_on": toml_day(self.table.day),
        }

    def _decision(self) -> dict[str, str | None]:
        return {
            "decision": toml_text(f"{TO_COMPLETE} : la décision des deux institutions."),
            "decided_on": toml_day(self.table.day),
            "signatory": toml_text(TO_COMPLETE),
        }

    def _name(self, wanted: str) -> str:
        """An id nobody has, after the convention's."""
        base = f"{self.table.convention}-{wanted}" if self.table.convention else wanted
        taken = (
            {rule.id for rule in self.part.rules} | {duty.id for duty in self.part.obligations} | self._named
        )
        name = next(name for name in (base, *(f"{base}-{n}" for n in range(2, 1_000))) if name not in taken)
        self._named.add(name)
        return name

    def _local_file(self) -> str:
        return f"conventions/{self.table.convention}.toml"

    def _duties_file(self) -> str:
        return self._local_file() if self.table.convention else OBLIGATIONS


def _entry_of(kind: str, keys: Keys) -> str:
    lines = [f"{key} = {value}" for key, value in keys.items() if value is not None]
    return "\n".join([f"[[{kind}]]", *lines, ""])
