"""What a draft still has to say before anybody signs it, in words, and saying it without opening a file.

Only the entries of the draft that wait for their words change here, each at its own place."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from router.desk.draft_terms import FIRST_YEAR
from router.desk.drafting import check_files, rewritten, to_change
from router.desk.house import Desk
from router.documents.amend import amended, entry_text, toml_day, toml_text
from router.model.actor import Actor, Conflict, Invalid
from router.model.texts import seen
from router.rulebook.book import Rulebook
from router.rulebook.entry_wording import WordedLine, entry_in_words
from router.rulebook.to_complete import TO_COMPLETE, Unfinished, unfinished, waits

MAX_WORDS = 500
SHOWN = 20
ASKED = {
    "title": "Donnez le titre de cette entrée.",
    "why": "Écrivez la raison : une phrase que le collège lira.",
    "decision": "Écrivez la décision, par exemple « Relevé de décision n° 6 du comité de suivi ».",
    "signatory": "Dites qui a signé la décision.",
}
BY_HAND = "Cette entrée est écrite d'une façon que cette page ne sait pas compléter : ouvrez son fichier."


@dataclass(frozen=True, slots=True)
class ToComplete:
    """One entry that waits, by its number in the draft; `missing`: what to write; `lines`: what it says already."""

    number: int
    title: str
    missing: frozenset[str]
    lines: tuple[WordedLine, ...]


@dataclass(frozen=True, slots=True)
class Answers:
    title: str = ""
    why: str = ""
    decision: str = ""
    decided_on: date | None = None
    signatory: str = ""


def to_complete(book: Rulebook, sources: Mapping[str, str]) -> tuple[ToComplete, ...]:
    """Each entry of a draft that waits for words, told with the vocabulary of a book."""
    return tuple(_told(book, sources, number, each) for number, each in enumerate(unfinished(sources)))


def complete(
    desk: Desk, actor: Actor, draft_id: int, number: int, answers: Answers, version: int, at: datetime
) -> None:
    """Writes what one entry waits for; `version` is the one she read. A proposed draft becomes a draft again.

    Raises Invalid for what is missing or can't be, Conflict when the draft changed meanwhile."""
    with desk.database.writing() as session:
        draft = to_change(session, actor, draft_id, version)
        waiting = unfinished(draft.sources)
        if number >= len(waiting):
            raise Conflict("Cette entrée n'est plus à compléter : relisez le projet, rien n'a été enregistré.")
        entry, file = waiting[number], waiting[number].place.file
        words = _words(entry, answers)
        text = _written(entry, draft.sources[file], words, _day(entry, answers, draft.in_force_from))
        check_files({file: text})
        rewritten(desk, session, draft, {**draft.sources, file: text}, actor, at)


def _told(book: Rulebook, sources: Mapping[str, str], number: int, entry: Unfinished) -> ToComplete:
    place = entry.place
    worded = entry_in_words(book, place.file, entry_text(place.file, sources[place.file], place.line))
    lines = worded.lines if worded else ()
    said = tuple(line for line in lines if not any(map(waits, line.texts)))
    return ToComplete(number, entry.title, _asked(entry), said)


def _asked(entry: Unfinished) -> frozenset[str]:
    """A decision is asked with its day."""
    return frozenset({*entry.missing, *(("decided_on",) if "decision" in entry.missing else ())})


def _words(entry: Unfinished, answers: Answers) -> dict[str, str]:
    given = {
        "title": answers.title,
        "why": answers.why,
        "decision": answers.decision,
        "signatory": answers.signatory,
    }
    return {key: _sentence(key, given[key]) for key in entry.missing}


def _sentence(key: str, given: str) -> str:
    words = " ".join(seen(given).split())
    if not words:
        raise Invalid(ASKED[key], key)
    if waits(words):
        raise Invalid(f"« {TO_COMPLETE} » n'est pas une réponse. {ASKED[key]}", key)
    if len(words) > MAX_WORDS:
        raise Invalid(f"Ce texte dépasse {MAX_WORDS} caractères : gardez l'essentiel.", key)
    return words


def _day(entry: Unfinished, answers: Answers, in_force_from: date | None) -> date | None:
    """The day of a decision, when it is asked."""
    if "decided_on" not in _asked(entry):
        return None
    day = answers.decided_on
    if day is None:
        raise Invalid("Donnez le jour de la décision.", "decided_on")
    if not date(FIRST_YEAR, 1, 1) <= day <= (in_force_from or date.max):
        raise Invalid(
            f"Le jour de la décision ({day:%d/%m/%Y}) ne va pas : une décision est prise avant d'être appliquée.",
            "decided_on",
        )
    return day


def _written(entry: Unfinished, text: str, words: Mapping[str, str], day: date | None) -> str:
    """The file with the words in their places. Read again, it says these words and nothing else has changed."""
    expected = tomllib.loads(text)
    expected[entry.kind][entry.index].update(words if day is None else {**words, "decided_on": day})
    keys = {key: toml_text(said) for key, said in words.items()}
    if day is not None:
        keys["decided_on"] = str(toml_day(day))
    changed = amended(entry.place.file, text, entry.place.line, keys)
    try:
        said = tomllib.loads(changed)
    except tomllib.TOMLDecodeError as error:
        raise Invalid(BY_HAND) from error
    if said != expected:
        raise Invalid(BY_HAND)
    return changed
