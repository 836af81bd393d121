"""A doubt about security, as the filing form asks it: one plain question, and what its answer says. Decides nothing."""

from collections.abc import Mapping
from dataclasses import dataclass

from router.desk.competence import FALSE, TRUE, spelled
from router.desk.policy import Policy
from router.desk.reading import SUSPECTED, Reading, question_asked
from router.model.actor import Invalid
from router.model.incident import UNKNOWN, FactValue
from router.model.words import Category


@dataclass(frozen=True, slots=True)
class Doubt:
    """The question, and her answer: `true`, `false`, `unknown`, empty while she hasn't given one.

    `chosen`: she has said herself what kind of incident it is."""

    question: str
    answer: str
    chosen: bool

    @property
    def unanswered(self) -> bool:
        return not self.answer

    @property
    def denied(self) -> bool:
        return self.answer == FALSE

    @property
    def unsure(self) -> bool:
        return self.answer == UNKNOWN

    @property
    def stands(self) -> bool:
        """Whether the first gestures are worth making meanwhile."""
        return not self.denied and not self.chosen


class QuestionFirst(Invalid):
    """The words leave a doubt that her page has not shown yet: its question comes once before anything is made."""


def unasked(doubt: Doubt | None, *, shown: bool) -> bool:
    """Whether its question must still be put to her. A sure alert leaves no doubt: it goes without waiting."""
    return doubt is not None and doubt.unanswered and not shown


def doubt_of(policy: Policy, reading: Reading, answer: str, declared: Mapping[str, FactValue]) -> Doubt | None:
    """None without a doubt, or when she says herself that it is an attack."""
    words, category = reading.classification, declared.get("category")
    if not reading.in_doubt or category == Category.SECURITY:
        return None
    said = spelled(declared[SUSPECTED]) if SUSPECTED in declared else answer
    return Doubt(question_asked(policy, words, in_doubt=True), said, category not in (None, UNKNOWN))


def answered(answer: str) -> dict[str, str]:
    """The fact that an answer declares: none for « je ne sais pas ». Raises Invalid for another word."""
    if answer not in ("", TRUE, FALSE, UNKNOWN):
        raise Invalid("Répondez par oui, non ou je ne sais pas.", "doubt")
    return {SUSPECTED: answer} if answer in (TRUE, FALSE) else {}
