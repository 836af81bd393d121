"""The published policies: which one is in force when, each loaded once."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from router.desk.policy import NoPolicy, Policy, load_policy
from router.store import books


@dataclass(slots=True)
class Policies:
    """The published policies, each loaded once and kept by fingerprint."""

    _loaded: dict[str, Policy] = field(default_factory=dict)

    def at(self, session: Session, at: datetime) -> Policy:
        """The policy in force at `at`. Raises NoPolicy before the first publication."""
        fingerprint = books.fingerprint_in_force(session, at)
        if fingerprint is None:
            raise NoPolicy(
                "Aucun recueil de règles n'est en vigueur à cette date : un administrateur doit en publier un."
            )
        return self.named(session, fingerprint)

    def named(self, session: Session, fingerprint: str) -> Policy:
        """A published policy by its fingerprint: what a past ticket was opened under."""
        policy = self._loaded.get(fingerprint)
        if policy is None:
            policy = load_policy(books.sources_of(session, fingerprint))
            self._loaded[fingerprint] = policy
        return policy

    def remember(self, policy: Policy) -> None:
        self._loaded[policy.fingerprint] = policy
