"""Who acts: the right person of the scene for a party, a collège or a duty."""

from collections import defaultdict
from collections.abc import Sequence
from random import Random

from router.model.actor import Actor
from router.model.words import Party, ReporterRole, Role


class Cast:
    """The accounts of the scene, found by what they may do."""

    def __init__(self, actors: Sequence[Actor]) -> None:
        self._teams: dict[tuple[Party, str | None], list[Actor]] = defaultdict(list)
        self._leads: dict[tuple[Party, str | None], list[Actor]] = defaultdict(list)
        self._colleges: dict[str, list[Actor]] = defaultdict(list)
        self._by_id = {actor.id: actor for actor in actors}
        self._coordinators = [actor for actor in actors if actor.coordinator]
        for actor in actors:
            if actor.uai is not None:
                self._colleges[actor.uai].append(actor)
            elif actor.party is not None and actor.role in {Role.TECHNICIAN, Role.RSSI}:
                self._teams[actor.party, actor.convention_id].append(actor)
            elif actor.party is not None and actor.role is Role.LEAD:
                self._leads[actor.party, actor.convention_id].append(actor)

    def by_id(self, account_id: int) -> Actor:
        return self._by_id[account_id]

    def rupn(self, uai: str) -> Actor:
        """The collège's own: her deputy answers for her only where the ladder told her."""
        return next(actor for actor in self._colleges[uai] if actor.role is Role.RUPN and not actor.deputy)

    def principal(self, uai: str) -> Actor:
        return next(actor for actor in self._colleges[uai] if actor.role is Role.PRINCIPAL)

    def reporter(self, rng: Random, uai: str, duty: ReporterRole) -> Actor:
        """Somebody of the collège with this duty; its RUPN when there is none, and now and then anyway."""
        found = [actor for actor in self._colleges[uai] if actor.duty == duty]
        return rng.choice(found) if found and rng.random() > 0.12 else self.rupn(uai)

    def worker(self, rng: Random, party: Party, convention: str | None, uai: str) -> Actor:
        """One of those who do the work of a party in this territory."""
        if party is Party.RUPN:
            return self.rupn(uai)
        return rng.choice(self._of(self._teams, party, convention))

    def lead(self, party: Party, convention: str | None) -> Actor:
        return self._of(self._leads, party, convention)[0]

    def coordinator(self, convention: str | None) -> Actor:
        return next(actor for actor in self._coordinators if actor.convention_id in {None, convention})

    @staticmethod
    def _of(
        people: dict[tuple[Party, str | None], list[Actor]], party: Party, convention: str | None
    ) -> list[Actor]:
        return people.get((party, convention)) or people[party, None]
