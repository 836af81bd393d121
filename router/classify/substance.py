"""Whether a text says anything to go by: « bonjour », « pronote » or « ça marche pas » don't say what happens.

A sign of an attack always counts, however short."""

from router.classify.features import Reading
from router.classify.fold import fold_text
from router.classify.needs import CALM

_FEW, _ENOUGH = 2, 4  # words that mean something: with a known thing beside them, or alone
_TOLD_BY_ITSELF = CALM | {"access", "installation"}
_HOLLOW = frozenset(
    """
        a ai as au aux avec avez avons c ca ce ces cet cette d dans de des du elle elles en est et eu il ils j je l la
        le les leur leurs lui m ma mais me mes mon n ne nos notre nous on ont ou par pas pour qu que qui s sa se ses si
        suis sur t ta te tes toi tu un une vos votre vous y
        allo bonjour bonsoir salut coucou hello merci svp stp avance cordialement madame monsieur mme mr collegue
        collegues cher chers chere cheres aide aider help sos secours vite urgent urgence urgente important test essai
        objet pb probleme problemes souci soucis question besoin signalement incident voir faire peut peux pouvez
        pourriez possible il faut faudrait
    """.split()  # noqa: SIM905
)


def says_something(reading: Reading, suspected: bool) -> bool:
    """Whether the words name a thing and what happens to it, or are enough to be read as they are. `suspected`: the
    detector of security fires; two words are then enough."""
    if reading.attacked:
        return True
    meaning = sum(1 for word in reading.texts if word not in _HOLLOW and not word.isdigit() and len(word) > 1)
    groups = [hit.group for hit in reading.cues]
    named = bool(reading.products) or any(group.category for group in groups)
    asked = any(group.need in _TOLD_BY_ITSELF and not group.value for group in groups)
    return meaning >= _ENOUGH or (meaning >= _FEW and (named or asked or suspected))


def is_hollow(line: str) -> bool:
    """Whether a line only greets or asks for help."""
    return all(word in _HOLLOW for word in fold_text(line).split())
