"""The fast index: one bit per cube of the book, one mask per value of each fact. A decision is a few ANDs; the
lowest bit left among the rules' is the first rule that matches. Exact for any condition: bits stand for cubes."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from router.model.incident import Facts, FactValue
from router.rulebook.cubes import Cubes, Domain
from router.rulebook.entries import AlertDefinition, Obligation, PriorityRule, Rule

Masks = tuple[tuple[str, Mapping[FactValue, int]], ...]


@dataclass(frozen=True, slots=True, eq=False)
class Index:
    """Rules (in winning order), priorities, obligations and the alert's definition, in one run of bits."""

    owners: tuple[Rule | PriorityRule | Obligation | AlertDefinition, ...]
    masks: Masks
    rule_bits: int
    priority_bits: int
    obligation_bits: int
    alert_bits: int

    def matches_facts(self, facts: Facts) -> int:
        """As `matches`, straight from Facts."""
        found, items = -1, facts.items
        for name, by_value in self.masks:
            found &= by_value[items[name].value]
        return found

    def matches(self, values: Mapping[str, FactValue]) -> int:
        """The bits of every cube that holds for these facts."""
        found = -1
        for name, by_value in self.masks:
            found &= by_value[values[name]]
        return found

    def winner(self, values: Mapping[str, FactValue]) -> Rule:
        """The first rule that matches. The book is proved complete, so there is one."""
        return self.first_rule(self.matches(values))

    def first_rule(self, found: int) -> Rule:
        owner = self.owners[_lowest(found & self.rule_bits)]
        assert isinstance(owner, Rule)
        return owner

    def first_priority(self, found: int) -> PriorityRule:
        owner = self.owners[_lowest(found & self.priority_bits)]
        assert isinstance(owner, PriorityRule)
        return owner

    def is_alert(self, found: int) -> bool:
        return bool(found & self.alert_bits)

    def rules(self, found: int) -> tuple[Rule, ...]:
        """Every rule that matches, in order: the winner, then those it hides."""
        owners = self._owners(found & self.rule_bits)
        return tuple(owner for owner in owners if isinstance(owner, Rule))

    def obligations(self, found: int) -> tuple[Obligation, ...]:
        owners = self._owners(found & self.obligation_bits)
        return tuple(owner for owner in owners if isinstance(owner, Obligation))

    def alternatives(self, values: Mapping[str, FactValue], fact: str) -> dict[FactValue, Rule]:
        """The winner for each value of one fact, the others staying as they are."""
        rest, own = -1, None
        for name, by_value in self.masks:
            if name == fact:
                own = by_value
            else:
                rest &= by_value[values[name]]
        if own is None:
            return {}
        return {value: self.first_rule(rest & mask) for value, mask in own.items()}

    def _owners(self, found: int) -> Iterable[object]:
        seen: dict[int, object] = {}
        while found:
            bit = found & -found
            found ^= bit
            owner = self.owners[bit.bit_length() - 1]
            seen.setdefault(id(owner), owner)
        return seen.values()


def build_index(
    domain: Domain,
    rules: Sequence[Rule],
    priorities: Sequence[PriorityRule],
    obligations: Sequence[Obligation],
    alert: AlertDefinition,
) -> Index:
    """Lay every cube out in order, and keep the masks of the facts that some cube restricts."""
    owners: list[Rule | PriorityRule | Obligation | AlertDefinition] = []
    cubes: list[tuple[int, ...]] = []
    marks = [0]
    for section in (rules, priorities, obligations, (alert,)):
        for entry in section:
            own: Cubes = entry.condition.cubes
            owners += [entry] * len(own)
            cubes += own
        marks.append(len(cubes))
    spans = [(1 << end) - (1 << start) for start, end in pairwise(marks)]
    return Index(tuple(owners), masks_of(domain, cubes), *spans)


def masks_of(domain: Domain, cubes: Sequence[tuple[int, ...]]) -> Masks:
    """For each fact that some cube restricts, the bits of the cubes that hold each of its values."""
    everything = (1 << len(cubes)) - 1
    found = []
    for position, name in enumerate(domain.names):
        by_value = {
            value: sum(1 << n for n, cube in enumerate(cubes) if cube[position] & bit)
            for value, bit in domain.bits[name].items()
        }
        if any(mask != everything for mask in by_value.values()):
            found.append((name, by_value))
    return tuple(found)


def _lowest(bits: int) -> int:
    return (bits & -bits).bit_length() - 1
