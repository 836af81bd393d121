"""The words of learning: what is said against a suggestion, what becomes of it, and the versions of the model."""

from enum import StrEnum


class CorrectionGesture(StrEnum):
    """When a person said something else than what was suggested."""

    FILED = "filed"  # she chose it in the form, in the file or on the phone
    CORRECTED = "corrected"  # a team mended the facts
    RAISED = "raised"  # somebody saw an attack


class CorrectionState(StrEnum):
    """What becomes of a correction. Only ACCEPTED ones are learnt; only PENDING and ACCEPTED ones hold a text.

    SUPERSEDED: a later word about the same ticket replaced it. COUNTED: about a product only, which the model does not
    learn: no text was ever kept. ERASED: its ticket's words were erased, and its own with them."""

    PENDING = "pending"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    SUPERSEDED = "superseded"
    COUNTED = "counted"
    ERASED = "erased"


class VersionState(StrEnum):
    """CURRENT: it speaks. KEPT: it has spoken, and may again. REFUSED: it did worse, and only its figures are kept."""

    CURRENT = "current"
    KEPT = "kept"
    REFUSED = "refused"
