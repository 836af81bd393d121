"""The lines of a comparison in French, as one reads them in a terminal, on a page or beside an avenant."""

from typing import assert_never

from router.model.words import Party, Priority
from router.rulebook.book import Rulebook
from router.rulebook.changes import Comparison, Kind, Line
from router.rulebook.cubes import volume
from router.rulebook.wording import brief, quoted, within

_PRIORITIES = {
    Priority.CRITICAL: "critique",
    Priority.HIGH: "haute",
    Priority.NORMAL: "normale",
    Priority.LOW: "basse",
}
_SHOWN_EXCEPTIONS = 3
# What the lines are read under, in that order.
HEADINGS = {
    "Change de mains": (Kind.HOLDER, Kind.NEW_VALUE, Kind.LOST_VALUE, Kind.IMPOSSIBLE, Kind.POSSIBLE),
    "Qui est prévenu": (Kind.TOLD, Kind.NOT_TOLD, Kind.DELAY),
    "Ce qui est une alerte": (Kind.ALERT, Kind.NO_ALERT),
    "Priorité": (Kind.PRIORITY,),
    "Le même intervenant, mais pour une autre raison": (Kind.RULE,),
}


def line_in_words(old: Rulebook, new: Rulebook, comparison: Comparison, line: Line) -> str:
    """« Logiciel métier · lieu « Administration » : RUPN → Académie »."""
    if line.kind is Kind.RULE:
        return _rule_change(old, new, line)
    region = brief(comparison.vocabulary, line.cube)
    return f"{region[:1].upper()}{region[1:]} : {_change(old, new, line)}{_exceptions(old, new, line)}"


def _change(old: Rulebook, new: Rulebook, line: Line) -> str:
    match line.kind:
        case Kind.PRIORITY:
            return f"priorité {_priority(line.before)} → {_priority(line.after)}"
        case Kind.ALERT:
            return "devient une alerte"
        case Kind.NO_ALERT:
            return "n'est plus une alerte"
        case Kind.TOLD | Kind.NOT_TOLD | Kind.DELAY:
            return _duty(old, new, line)
        case Kind.HOLDER | Kind.NEW_VALUE | Kind.LOST_VALUE | Kind.IMPOSSIBLE | Kind.POSSIBLE | Kind.RULE:
            return f"{_before(old, line)} → {_after(new, line)}"
        case _:
            assert_never(line.kind)


def _before(old: Rulebook, line: Line) -> str:
    match line.kind:
        case Kind.NEW_VALUE:
            return f"cas nouveau{_partly(line)}"
        case Kind.POSSIBLE:
            return "combinaison dite impossible"
        case _:
            return _party(old, line.before)


def _after(new: Rulebook, line: Line) -> str:
    match line.kind:
        case Kind.LOST_VALUE:
            return f"cas retiré{_partly(line)}"
        case Kind.IMPOSSIBLE:
            return "combinaison dite impossible"
        case _:
            return _party(new, line.after)


def _duty(old: Rulebook, new: Rulebook, line: Line) -> str:
    if line.after is None:
        return f"{_party(old, line.told)} n'est plus à prévenir"
    party, within = _party(new, line.told), _within(line.after)
    if line.before is None:
        return f"{party} à prévenir désormais, {within}"
    return f"{party} à prévenir {within} et non plus {_within(line.before)}"


def _partly(line: Line) -> str:
    return "" if line.cells == volume(line.cube) else ", selon les autres faits"


def _rule_change(old: Rulebook, new: Rulebook, line: Line) -> str:
    """Told by the rules: the party stays, the article or the reason that the RUPN reads doesn't."""
    before, after = rule_title(old, line.rules_before[0]), rule_title(new, line.rules_after[0])
    party = _party(new, line.after)
    if line.rules_before == line.rules_after:
        return f"{party}, par la même règle : « {after} » change de titre, d'articles ou de raison"
    return f"{party}, par une autre règle : « {before} » → « {after} »"


def _exceptions(old: Rulebook, new: Rulebook, line: Line) -> str:
    if not line.exceptions:
        return ""
    titles = list(dict.fromkeys(_title_in_either(old, new, rule) for rule in line.exceptions))
    more = len(titles) - _SHOWN_EXCEPTIONS
    if more > 1:  # « et 1 autre règle » would be no shorter than its title
        shown = ", ".join(f"« {title} »" for title in titles[:_SHOWN_EXCEPTIONS])
        return f", sauf ce qui relève de {shown} et {more} autres règles"
    return f", sauf ce qui relève de {quoted(titles)}"


def rule_title(book: Rulebook, identifier: str) -> str:
    """A rule's title in its latest version."""
    return book.rule(identifier).title


def _title_in_either(old: Rulebook, new: Rulebook, identifier: str) -> str:
    try:
        return rule_title(new, identifier)
    except KeyError:
        return rule_title(old, identifier)


def _party(book: Rulebook, party: Party | Priority | int | None) -> str:
    assert isinstance(party, Party)
    return book.parties[party].short


def _priority(priority: Party | Priority | int | None) -> str:
    assert isinstance(priority, Priority)
    return _PRIORITIES[priority]


def _within(minutes: Party | Priority | int | None) -> str:
    assert isinstance(minutes, int)
    return within(minutes)
