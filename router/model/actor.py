"""Who acts, and what a use case says when it refuses."""

from dataclasses import dataclass

from router.model.words import Institution, Party, Role


@dataclass(frozen=True, slots=True)
class Actor:
    """A signed-in person. `party`, `convention_id` and `uai` bound what she sees; None means no bound.

    `duty` is a value of the fact `reporter_role`; `id` is the account's."""

    id: int
    name: str
    email: str
    role: Role
    duty: str
    party: Party | None = None
    institution: Institution | None = None
    convention_id: str | None = None
    uai: str | None = None
    security_contact: bool = False
    coordinator: bool = False
    deputy: bool = False

    @property
    def signature(self) -> str:
        """How the journal names her: an id, never a name."""
        return f"account:{self.id}"


class Refused(Exception):
    """A use case refuses. `message` is a French sentence, `field` the form field it concerns."""

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field


class NotFound(Refused):
    """No such thing, or not one this person may see: the two are not told apart."""


class Forbidden(Refused):
    """She may see it, not do this."""


class Conflict(Refused):
    """Somebody else was first: the state is no longer what she acted on."""


class Invalid(Refused):
    """What was given can't be taken as it is."""


class TooLarge(Refused):
    """What was given is over a limit."""


class TooMany(Refused):
    """Too many attempts; later is fine."""


class Busy(Refused):
    """Others were writing all the while: nothing was done, and the same gesture may be made again."""
