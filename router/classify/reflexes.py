"""The first gestures that suit what is told of an attack, and what is worth asking once the alert is gone. Data of the
lexicon: neither decides anything. Pure."""

from collections.abc import Iterator

from router.classify.features import Reading
from router.classify.lexicon import CueGroup, Lexicon


def steps_for(reading: Reading, lexicon: Lexicon) -> tuple[str, ...]:
    """Those of the first group of the file that has some and is spoken of; none when no group is."""
    return next((group.reflexes for group in _spoken_of(reading, lexicon) if group.reflexes), ())


def question_after(reading: Reading, lexicon: Lexicon) -> str:
    """What to ask once the alert is gone; empty when nothing suits the words."""
    groups = _spoken_of(reading, lexicon)
    return next((group.question for group in groups if group.question and group.after_alert), "")


def _spoken_of(reading: Reading, lexicon: Lexicon) -> Iterator[CueGroup]:
    """In the order of the lexicon, the groups of which a cue stands in a clause that doesn't deny it."""
    said = {hit.group.id for hit in reading.cues if not reading.cleared[hit.first]}
    return (group for group in lexicon.groups if group.id in said)
