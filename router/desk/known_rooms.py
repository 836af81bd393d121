"""The room told in words, beside the rooms that the inventory knows: its spelling, and « vpi hs 204 ». Pure."""

from collections.abc import Sequence

from router.classify.fold import Folded, Word, fold
from router.desk.whereabouts import room_key, same_room
from router.model.told import Told, ToldFact, ToldKind

_NOT_BEFORE = frozenset(
    ["erreur", "code", "page", "touche", "version", "article", "dossier", "ticket", "port", "n"]
)
_NOT_AFTER = frozenset(
    """
        minutes min heures h jours ans fois euros eleves collegues personnes postes pc ordinateurs tablettes
        exemplaires mo go pages pour
    """.split()  # noqa: SIM905
)
_SHORTEST = 2


def worth_asking(told: Told, text: str) -> bool:
    """Whether the known rooms could change what is read."""
    return told.of(ToldKind.ROOM) is not None or any(letter.isdigit() for letter in text)


def with_known_room(told: Told, text: str, rooms: Sequence[str]) -> Told:
    """The room as the inventory spells it; when none was read, a known number that stands alone in the text."""
    read = told.of(ToldKind.ROOM)
    if read is not None:
        spelled = next((room for room in rooms if same_room(room, read.value)), None)
        return told.with_fact(ToldFact(ToldKind.ROOM, spelled, read.words)) if spelled else told
    found = _standing_alone(text, {room_key(room): room for room in rooms})
    return told.with_fact(found) if found else told


def _standing_alone(text: str, rooms: dict[str, str]) -> ToldFact | None:
    folded = fold(text)
    words = list(folded.words())
    for place, word in enumerate(words):
        if (
            word.text in rooms
            and any(letter.isdigit() for letter in word.text)
            and _alone(folded, words, place)
        ):
            return ToldFact(ToldKind.ROOM, rooms[word.text], folded.quote(word.start, word.end))
    return None


def _alone(folded: Folded, words: Sequence[Word], place: int) -> bool:
    """A number that is neither counted, nor a part of a longer one, nor an error's."""
    word = words[place]
    before = words[place - 1].text if place else ""
    after = words[place + 1].text if place + 1 < len(words) else ""
    marks = folded.text[max(0, word.start - 1) : word.start] + folded.text[word.end : word.end + 1]
    free = not set(marks) & set("-_/.°%€:,#") or folded.text[word.end : word.end + 2].strip() in {".", ",", ":"}
    return len(word.text) >= _SHORTEST and before not in _NOT_BEFORE and after not in _NOT_AFTER and free
