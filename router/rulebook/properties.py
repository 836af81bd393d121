"""Stated properties of the book, as data: what must hold in every cell of a region. Each is proved for each slice
of each convention, or refuted with a counterexample in words."""

from collections.abc import Hashable, Iterator, Sequence, Set
from dataclasses import dataclass
from datetime import date

from router.model.faults import Fault
from router.model.words import Party
from router.rulebook.book import Slice
from router.rulebook.cubes import Budget, Cube, meets
from router.rulebook.entries import PartyDefinition, Property
from router.rulebook.outcomes import Line, Lines, sensitive, simplified
from router.rulebook.read import Words, read_when
from router.rulebook.table import Table
from router.rulebook.vocabulary import Vocabulary
from router.rulebook.witness import Possible, readable, witness
from router.rulebook.wording import describe


def read_properties(root: Table, words: Words) -> tuple[Property, ...]:
    """Every `[[property]]`; faults are noted at their places."""
    root.only("property")
    return tuple(_property(table, words) for table in root.tables("property"))


def _property(table: Table, words: Words) -> Property:
    table.only("id", "title", "when", "responsible", "never", "told", "unchanged_by", "articles")
    condition = read_when(table, words.vocabulary) if "when" in table.data else None
    found = Property(
        id=table.text("id"),
        title=table.text("title"),
        region=condition.cubes if condition else (words.vocabulary.domain.full,),
        responsible=_parties(table, "responsible", words),
        never=_parties(table, "never", words),
        told=_parties(table, "told", words),
        unchanged_by=table.words("unchanged_by", words.vocabulary.facts, "le fait", "AIG006", required=False),
        articles=table.words("articles", words.articles, "l'article", "AIG009"),
        place=table.place,
    )
    if not (found.responsible or found.never or found.told or found.unchanged_by):
        table.fault(
            "AIG003", "il manque ce qui doit tenir : « responsible », « never », « told » ou « unchanged_by »."
        )
    return found


def _parties(table: Table, key: str, words: Words) -> tuple[Party, ...]:
    named = table.words(key, words.parties, "l'intervenant", "AIG008", required=False)
    return tuple(Party(name) for name in named if name in words.parties)


@dataclass(frozen=True, slots=True)
class PropertyProof:
    """What proving needs of one slice. Raises ProofUnfinished when the budget runs out."""

    vocabulary: Vocabulary
    parties: dict[Party, PartyDefinition]
    part: Slice
    holders: Lines
    budget: Budget

    @classmethod
    def of(
        cls, vocabulary: Vocabulary, parties: dict[Party, PartyDefinition], part: Slice, budget: Budget
    ) -> "PropertyProof":
        lines = [(cube, rule.assign) for rule in part.rules for cube in rule.cubes]
        return cls(vocabulary, parties, part, simplified(lines), budget)

    def faults(self, properties: Sequence[Property], convention: str | None) -> Iterator[Fault]:
        for stated in properties:
            counterexample = self._counterexample(stated)
            if counterexample is not None:
                yield _refuted(stated, counterexample, self.part.since, convention)

    def _counterexample(self, stated: Property) -> str | None:
        """A case in words in which the property fails, or None: it is proved."""
        for cube in stated.region:
            found = self._search(cube, [self.holders], _wrong(stated), _right(stated))
            for party in stated.told:
                lists = [self.holders, self._told(party)]
                found = found or self._search(cube, lists, _untold(party), _aware(party))
            if found is not None:
                return found
        return self._changing(stated)

    def _search(
        self, region: Cube, lists: Sequence[Sequence[Line]], bad: Possible, good: Possible
    ) -> str | None:
        found = witness(region, lists, bad, self.budget)
        if found is None:
            return None
        cell = readable(found, region, lists, good, self.budget)
        rule = next(rule for rule in self.part.rules if any(meets(found, cube) for cube in rule.cubes))
        return f"{describe(self.vocabulary, cell)} (règle « {rule.id} »)"

    def _told(self, party: Party) -> list[Line]:
        """Where a party is told by some obligation, or reports and so knows."""
        domain = self.vocabulary.domain
        roles = sum(domain.bits["reporter_role"][role] for role in self.parties[party].reports_as)
        reporting: list[Line] = [(domain.cube({"reporter_role": roles}), True)] if roles else []
        telling = [(c, True) for o in self.part.obligations if party in o.inform for c in o.condition.cubes]
        return [*reporting, *telling, (domain.full, False)]

    def _changing(self, stated: Property) -> str | None:
        domain = self.vocabulary.domain
        for name in stated.unchanged_by:
            for cube in stated.region:
                if sensitive(cube, domain.position[name], self.holders, self.budget):
                    label = self.vocabulary.facts[name].label
                    return f"« {label} » y change le responsable, dans {describe(self.vocabulary, cube)}"
        return None


def _allowed(stated: Property) -> Set[Hashable]:
    return set(stated.responsible or Party) - set(stated.never)


def _wrong(stated: Property) -> Possible:
    allowed = _allowed(stated)
    return lambda labels: not labels[0] <= allowed


def _right(stated: Property) -> Possible:
    allowed = _allowed(stated)
    return lambda labels: bool(labels[0] & allowed)


def _untold(party: Party) -> Possible:
    """Somebody else holds the ticket, and no obligation tells the party."""
    return lambda labels: labels[0] != {party} and False in labels[1]


def _aware(party: Party) -> Possible:
    return lambda labels: party in labels[0] or True in labels[1]


def _refuted(stated: Property, witness: str, day: date, convention: str | None) -> Fault:
    where = f" (convention « {convention} »)" if convention else ""
    message = f"propriété fausse au {day:%d/%m/%Y}{where} : « {stated.title} ». Contre-exemple : {witness}."
    return stated.place.fault("AIG120", message)
