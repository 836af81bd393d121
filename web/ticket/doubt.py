"""The question about security that a ticket's words raised, and its answer, in a sentence. Pure."""

from router.desk.doubt_told import DoubtAnswer, DoubtTold

ANSWERS = {
    DoubtAnswer.YES: "Réponse : oui.",
    DoubtAnswer.NO: "Réponse : non.",
    DoubtAnswer.OTHER: "Pas de réponse : un autre type d'incident a été choisi.",
    DoubtAnswer.NONE: "Ni oui ni non.",
    DoubtAnswer.NOBODY: "Personne n'a pu répondre.",
}


def doubt_said(told: DoubtTold) -> str:
    """« Question posée au signalement : « … » Réponse : non. »"""
    question = f"« {told.question} »" if told.question else "les mots faisaient-ils penser à une attaque ?"
    return f"Question sur la sécurité : {question} {ANSWERS[told.answer]}"
