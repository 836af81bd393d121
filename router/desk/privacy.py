"""What a declaration says of people that nobody needs to mend it: shown to whoever writes, before she sends."""

from collections.abc import Sequence
from dataclasses import dataclass

from router.classify.fold import fold_text
from router.classify.personal_data import PersonalData, find_personal_data, masked
from router.classify.shown_text import as_seen
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


def guard(policy: Policy, subject: str, body: str, place: str = "", writer: str = "") -> PrivacyGuard:
    """`place` is the collège's name, which is often somebody's; `writer` hers, with which she signs. Writes nothing,
    keeps nothing."""
    spared = policy.classifier.names
    known = [frozenset(fold_text(name).split()) for name in (place, writer)]
    in_subject, in_body = (_of_others(find_personal_data(each, spared), known) for each in (subject, body))
    return PrivacyGuard(_told((*in_subject, *in_body)), masked(subject, in_subject), masked(body, in_body))


def _of_others(found: tuple[PersonalData, ...], known: Sequence[frozenset[str]]) -> tuple[PersonalData, ...]:
    """Without the collège's name and her own, whole or in part: « Jean Dupont » of « Jean Moulin » is somebody."""
    return tuple(one for one in found if one.kind is not PersonalKind.NAME or not _within(one.words, known))


def _within(words: str, known: Sequence[frozenset[str]]) -> bool:
    return any(name.issuperset(fold_text(words).split()) for name in known)


def _told(found: tuple[PersonalData, ...]) -> tuple[PersonalWords, ...]:
    kinds = list(dict.fromkeys(one.kind for one in found))
    return tuple(
        PersonalWords(kind, tuple(dict.fromkeys(as_seen(one.words) for one in found if one.kind is kind)))
        for kind in kinds
    )
