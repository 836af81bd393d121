"""What a declaration says of people that nobody needs to mend it: shown to whoever writes, before she sends."""

from dataclasses import dataclass

from router.classify.personal_data import PersonalData, find_personal_data, masked
from router.desk.policy import Policy
from router.model.words import PersonalKind


@dataclass(frozen=True, slots=True)
class PersonalWords:
    """One kind found, with the words that look like it, each once."""

    kind: PersonalKind
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PrivacyGuard:
    """What was found in a subject and a body, and the two with it masked."""

    found: tuple[PersonalWords, ...] = ()
    subject: str = ""
    body: str = ""


def guard(policy: Policy, subject: str, body: str, place: str = "") -> PrivacyGuard:
    """`place` is the collège's name, which is often somebody's. Writes nothing, keeps nothing."""
    spared = policy.classifier.names | {word.casefold() for word in (place, *place.split())}
    in_subject, in_body = find_personal_data(subject, spared), find_personal_data(body, spared)
    return PrivacyGuard(_told((*in_subject, *in_body)), masked(subject, in_subject), masked(body, in_body))


def _told(found: tuple[PersonalData, ...]) -> tuple[PersonalWords, ...]:
    kinds = list(dict.fromkeys(one.kind for one in found))
    return tuple(
        PersonalWords(kind, tuple(dict.fromkeys(one.words for one in found if one.kind is kind)))
        for kind in kinds
    )
