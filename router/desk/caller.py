"""Who declares: the account itself, or the person on the phone whose words a team writes down."""

from dataclasses import dataclass

from email_validator import EmailNotValidError, validate_email
from sqlalchemy.orm import Session

from router.model.actor import Actor, Invalid
from router.model.incident import Reporter
from router.model.words import ReporterRole
from router.store import accounts

MAX_NAME = 200
MAX_PHONE = 40


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody of a collège on the phone. One of `email` and `phone` is enough to answer her."""

    role: str = ""
    name: str = ""
    email: str = ""
    phone: str = ""


def reporter_of(actor: Actor, caller: Caller | None, phone: str, *, own: bool) -> Reporter:
    """The reporter a declaration names. Someone of the collège always speaks under her own account's name."""
    if own:
        return Reporter(actor.duty, actor.name, actor.email, phone.strip()[:MAX_PHONE])
    found = caller or Caller()
    role = found.role if found.role in set(ReporterRole) else "unknown"
    return Reporter(role, found.name.strip(), found.email.strip(), found.phone.strip())


def account_of(session: Session, email: str, uai: str) -> int | None:
    """The account, of this very collège, of whoever a team or a file speaks for: she finds the ticket among hers."""
    found = accounts.by_email(session, email.strip().lower()) if email.strip() else None
    return found.id if found is not None and found.active and found.uai == uai else None


def check_caller(caller: Caller) -> None:
    """Raises Invalid, at the field, for a caller nobody could answer."""
    if not caller.name.strip():
        raise Invalid("Écrivez le nom de la personne qui appelle.", "caller_name")
    if caller.role not in set(ReporterRole):
        raise Invalid("Choisissez la fonction de la personne qui appelle.", "caller_role")
    if not (caller.email.strip() or caller.phone.strip()):
        raise Invalid(
            "Notez une adresse électronique ou un téléphone : il faudra lui répondre.", "caller_email"
        )
    if caller.email.strip():
        _check_address(caller.email.strip())


def _check_address(address: str) -> None:
    try:
        validate_email(address, check_deliverability=False)
    except EmailNotValidError as error:
        raise Invalid(
            "Cette adresse électronique ne s'écrit pas ainsi : par exemple prenom.nom@example.org.",
            "caller_email",
        ) from error
