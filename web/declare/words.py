"""Words of the filing pages: the trade of whoever declares, the category found. Pure."""

from router.model.words import Category, ReporterRole
from web.words import CATEGORIES, DUTIES


def duty_label(duty: str) -> str:
    """The label of a value of the fact `reporter_role`; nothing for one that has none."""
    return DUTIES[ReporterRole(duty)] if duty in set(ReporterRole) else ""


def category_label(category: str) -> str:
    """The label of a value of the fact `category`, the unknown one included."""
    return CATEGORIES[Category(category)] if category in set(Category) else "à préciser"


def room_label(room: str) -> str:
    """« salle 204 », but « CDI »."""
    return f"salle {room}" if room[:1].isdigit() else room
