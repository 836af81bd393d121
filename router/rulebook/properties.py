"""Stated properties of the book, as data: what must hold in every cell of a region. Each is proved for each slice
of each convention, or refuted with a counterexample in words."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from router.model.faults import Fault
from router.model.words import Party
from router.rulebook.book import Slice
from router.rulebook.cubes import Budget, Cube, Cubes, conjunction, gap
from router.rulebook.entries import PartyDefinition, Property
from router.rulebook.outcomes import sensitive
from router.rulebook.read import Words, read_when
from router.rulebook.table import Table
from router.rulebook.vocabulary import Vocabulary
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
    budget: Budget

    def faults(self, properties: Sequence[Property], convention: str | None) -> Iterator[Fault]:
        for stated in properties:
            witness = self._counterexample(stated)
            if witness is not None:
                yield _refuted(stated, witness, self.part.since, convention)

    def _counterexample(self, stated: Property) -> str | None:
        """A case in words in which the property fails, or None: it is proved."""
        before: list[Cube] = []
        for rule in self.part.rules:
            allowed = (
                not stated.responsible or rule.assign in stated.responsible
            ) and rule.assign not in stated.never
            missing = [party for party in stated.told if party is not rule.assign]
            covers = ([] if allowed else [before]) + [[*before, *self._told(party)] for party in missing]
            for cover in covers:
                cell = self._outside(conjunction(stated.region, rule.cubes), cover)
                if cell is not None:
                    return f"{describe(self.vocabulary, cell)} (règle « {rule.id} »)"
            before += rule.cubes
        return self._changing(stated)

    def _outside(self, cubes: Cubes, cover: Sequence[Cube]) -> Cube | None:
        cells = (gap(cube, cover, self.budget) for cube in cubes)
        return next((cell for cell in cells if cell is not None), None)

    def _told(self, party: Party) -> list[Cube]:
        """Where a party is told by some obligation, or reports and so knows."""
        bits = self.vocabulary.domain.bits["reporter_role"]
        roles = sum(bits[role] for role in self.parties[party].reports_as)
        reporting = [self.vocabulary.domain.cube({"reporter_role": roles})] if roles else []
        telling = [c for o in self.part.obligations if party in o.inform for c in o.condition.cubes]
        return [*reporting, *telling]

    def _changing(self, stated: Property) -> str | None:
        domain = self.vocabulary.domain
        lines = [(cube, rule.assign) for rule in self.part.rules for cube in rule.cubes]
        for name in stated.unchanged_by:
            for cube in stated.region:
                if sensitive(cube, domain.position[name], lines, self.budget):
                    label = self.vocabulary.facts[name].label
                    return f"« {label} » y change le responsable, dans {describe(self.vocabulary, cube)}"
        return None


def _refuted(stated: Property, witness: str, day: date, convention: str | None) -> Fault:
    where = f" (convention « {convention} »)" if convention else ""
    message = f"propriété fausse au {day:%d/%m/%Y}{where} : « {stated.title} ». Contre-exemple : {witness}."
    return stated.place.fault("AIG120", message)
