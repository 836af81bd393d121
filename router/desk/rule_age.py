"""Since when a rule says what it says: its own first day, or a later publication that changed whom it designates.

A file may keep a rule's `since` while it changes its answer; what was published can't be mistaken."""

from datetime import date, datetime

from sqlalchemy.orm import Session

from router.desk.policies import Policies
from router.rulebook.book import Rulebook
from router.rulebook.entries import Rule
from router.store import books

MOST_EDITIONS = 12


def in_force_since(
    session: Session, policies: Policies, rule: Rule, convention: str | None, at: datetime
) -> date | None:
    """The first day on which the rule designated this party, in these cases, without a break; as far back as its
    last publications. None for a rule that says no first day and that no publication changed."""
    present, *earlier = books.editions_until(session, convention, at, MOST_EDITIONS)
    texts = books.one_file(session, [present.id, *(each.id for each in earlier)], rule.place.file)
    for edition in earlier:
        if texts[edition.id] is not None and texts[edition.id] == texts[present.id]:
            present = (
                edition  # the file that holds the rule is the same: so is the rule, and no book need be read
            )
            continue
        before = policies.named(session, edition.fingerprint).book
        if not _says_the_same(before, rule):
            first = present.in_force_from.astimezone(before.zone(convention)).date()
            return max(first, rule.period.since or first)
        present = edition
    return rule.period.since


def _says_the_same(book: Rulebook, rule: Rule) -> bool:
    try:
        known = book.rule(rule.id)
    except KeyError:
        return False
    # Another vocabulary gives the same words other cubes, and other words may give the same cubes.
    same_cases = known.condition.text == rule.condition.text or known.cubes == rule.cubes
    return same_cases and (known.assign, known.accountable) == (rule.assign, rule.accountable)
