"""Labels for values that come as plain words, some from older books: never an error, at worst the word itself."""

from collections.abc import Callable, Mapping

from router.model.words import Category, Channel, DeadlineKind, ReporterRole
from web.words import CATEGORIES, CHANNELS, DUTIES, label

UNKNOWN = "unknown"
NOT_KNOWN = "Non précisée"
KILO, MEGA = 1_000, 1_000_000


def category(value: str) -> str:
    """« Matériel »; « Non précisée » when nobody knows."""
    if value == UNKNOWN or not value:
        return NOT_KNOWN
    return CATEGORIES[Category(value)] if value in set(Category) else value


def duty(value: str) -> str:
    """« Enseignant »; nothing when the role isn't known."""
    return DUTIES[ReporterRole(value)] if value in set(ReporterRole) else ""


def channel(value: str) -> str:
    return CHANNELS[Channel(value)] if value in set(Channel) else value


def size(count: int) -> str:
    """« 340 ko », « 2,4 Mo »: decimal, as people's own computers say it."""
    if count < MEGA:
        return f"{max(1, round(count / KILO))}\u00a0ko"
    return f"{count / MEGA:.1f}".replace(".", ",") + "\u00a0Mo"


def phone(number: str) -> str:
    """« 02 00 00 00 00 »: a French number by pairs, anything else as it was given."""
    digits = "".join(number.split())
    if len(digits) != 10 or not digits.isascii() or not digits.isdecimal():
        return number
    return "\u00a0".join(digits[place : place + 2] for place in range(0, 10, 2))


def deadline_words(kind: DeadlineKind, duplicate: bool) -> str:
    """The name of a deadline; a duplicate waits for nobody's mending: unless the collège objects, it closes."""
    if duplicate and kind is DeadlineKind.CLOSE:
        return "Fermeture du doublon, sauf avis contraire du collège"
    return label(kind)


FILTERS: Mapping[str, Callable[..., str]] = {
    "category": category,
    "duty": duty,
    "channel_words": channel,
    "size": size,
    "phone": phone,
    "deadline_words": deadline_words,
}
