"""Passwords and links: hashed, compared in constant time, refused when weak. Keeps none."""

import hashlib
import secrets
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from router.model.actor import Invalid

SHORTEST = 12
LONGEST = 200  # hashing a longer one would only keep the processor busy
HASHER = PasswordHasher()
# Of every account of the demonstration, whose people are invented; said on its sign-in page.
DEMO_PASSWORD = "demonstration"  # noqa: S105


def hashed(password: str) -> str:
    return HASHER.hash(password)


def matches(stored: str | None, password: str) -> bool:
    """Whether the password is right. Takes the same time when there is no account to compare with."""
    try:
        HASHER.verify(stored or _nobodys_hash(), password[:LONGEST])
    except (VerificationError, InvalidHashError):
        return False
    return stored is not None


def is_outdated(stored: str) -> bool:
    """Whether the hash was made with weaker parameters than today's."""
    return HASHER.check_needs_rehash(stored)


def refuse_weak(password: str, email: str, field: str = "new_password") -> None:
    """Raises Invalid, with the mend, when the password is too easy to guess or too long."""
    if len(password) < SHORTEST:
        raise Invalid(
            f"Choisissez un mot de passe d'au moins {SHORTEST} caractères : une phrase convient très bien.",
            field,
        )
    if len(password) > LONGEST:
        raise Invalid(f"Choisissez un mot de passe de moins de {LONGEST} caractères.", field)
    name = email.partition("@")[0].lower()
    if name in password.lower() and len(name) > 3:
        raise Invalid("Choisissez un mot de passe qui ne contient pas votre adresse.", field)
    if len(set(password)) < 5:
        raise Invalid("Choisissez un mot de passe plus varié : trop peu de caractères différents.", field)


def new_token() -> str:
    """What a link carries: 256 bits nobody can guess."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """What is kept of a link. A fast hash is enough: the token is long and random."""
    return hashlib.sha256(token.encode()).hexdigest()


@cache
def _nobodys_hash() -> str:
    return HASHER.hash(secrets.token_urlsafe(32))
