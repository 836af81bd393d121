"""Words of the filing pages: the trade of whoever declares, what was found in her words. Pure."""

from router.desk.filing import Look
from router.model.incident import FRENCH
from router.model.told import ToldKind
from router.model.words import Category, ReporterRole
from router.notices.moments import day_in_words
from web.words import CATEGORIES, DUTIES, PERSONAL

TOLD = {
    ToldKind.PRODUCT: "Produit",
    ToldKind.NEED: "Besoin",
    ToldKind.ZONE: "Lieu",
    ToldKind.PERSONAL_DATA_EXPOSED: "Données personnelles en cause",
    ToldKind.ROOM: "Salle",
    ToldKind.ASSET_TAG: "Étiquette",
    ToldKind.PEOPLE: "Touchés",
    ToldKind.EXAM: "Examen",
    ToldKind.DEADLINE: "Échéance dite",
    ToldKind.TRIED: "Déjà essayé",
}


def told_label(kind: str) -> str:
    """The label of a fact read in words."""
    return TOLD[ToldKind(kind)]


def duty_label(duty: str) -> str:
    """The label of a value of the fact `reporter_role`; nothing for one that has none."""
    return DUTIES[ReporterRole(duty)] if duty in set(ReporterRole) else ""


def category_label(category: str) -> str:
    """The label of a value of the fact `category`, the unknown one included."""
    return CATEGORIES[Category(category)] if category in set(Category) else "à préciser"


def exam_said(look: Look) -> str:
    """Why « examen » is already ticked."""
    if look.exam_on is None:
        return (
            f"Coché d'après vos mots « {look.exam_words} » : changez si aucun examen n'est en jeu."
            if look.exam_words
            else ""
        )
    noted = day_in_words(look.exam_on)
    return f"Coché d'avance : examen noté au calendrier du {noted}. Changez si ce n'est pas ce qui est en jeu."


def scope_said(look: Look) -> str:
    """Why who is touched is already ticked, or what the words suggest ticking; nothing when they don't say."""
    words = look.words.scope_evidence if look.words else None
    if not words:
        return ""
    if look.scope:
        return f"Coché d'après vos mots « {words} » : changez si ce n'est pas cela."
    if look.words and look.words.scope == "several_sites":
        return f"Vous écrivez « {words} » : si c'est en panne partout, choisissez « Plusieurs collèges »."
    return ""


LANGUAGES = {
    "en": "en anglais",
    "es": "en espagnol",
    "de": "en allemand",
    "it": "en italien",
    "pt": "en portugais",
}


def language_said(language: str) -> str:
    """That the words aren't French, and what to do; nothing of French."""
    if language == FRENCH:
        return ""
    return f"{written_in(language)[:-1]} : nous le lisons mal. Choisissez le type d'incident."


def written_in(language: str) -> str:
    """The language of a text, in a sentence."""
    return f"Ce texte semble écrit {LANGUAGES.get(language, 'dans une autre langue que le français')}."


def jump_said(look: Look) -> str:
    """What the bar that stays in sight says of an alert or of a doubt."""
    alert = look.competence is not None and look.competence.alert
    if alert and look.doubt is not None and look.doubt.unanswered:
        return "Un doute : lisez les gestes et répondez à une question"
    if alert:
        return "Alerte : lisez les gestes à faire tout de suite"
    if look.doubt is not None and not look.doubt.denied:
        return "Un doute sur la sécurité : répondez à une question"
    return ""


MOST_QUOTED = 3


def personal_said(look: Look) -> str:
    """What of people her words seem to tell, with these words; nothing when they tell nothing."""
    return ", ".join(
        f"{PERSONAL[one.kind]} ({', '.join(f'« {words} »' for words in one.words[:MOST_QUOTED])})"
        for one in look.privacy.found
    )


def stressed(sentence: str) -> list[tuple[str, bool]]:
    """A sentence in pieces; True for those between stars."""
    return [(piece, place % 2 == 1) for place, piece in enumerate(sentence.split("*")) if piece]
