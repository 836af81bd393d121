"""Past incidents under another book: the counts are those of deciding each again, and what can't be read is said."""

import random
from collections import Counter
from datetime import UTC, datetime, timedelta

from router.model.incident import FactValue
from router.model.words import Party, Source
from router.rulebook.book import Rulebook
from router.rulebook.decide import decide
from router.rulebook.load import load_book
from router.rulebook.replay import Move, PastDecision, replay
from router.rulebook.stored import read_stored

AT = datetime(2026, 3, 10, 9, tzinfo=UTC)
HARDWARE: dict[str, FactValue] = {"category": "hardware", "asset_owner": "departement", "need": "breakdown"}


def past(book: Rulebook, at: datetime = AT, convention: str | None = None, **facts: FactValue) -> PastDecision:
    resolved = book.vocabulary.resolve([(Source.DECLARED, facts)])
    found = decide(book, resolved, at, convention=convention)
    return PastDecision(convention, found.alert, at, found.responsible, found.rule, resolved.values())


def test_every_ticket_is_decided_again_at_its_own_instant(book: Rulebook, sources: dict[str, str]) -> None:
    """Random incidents of a year, under a book whose local rule has another date, against deciding one by one."""
    name = "conventions/demo-sud.toml"
    draft = load_book({**sources, name: sources[name].replace("since = 2026-01-05", "since = 2026-02-01")})
    chance, domain = random.Random(6), book.vocabulary.domain
    tickets, expected = [], Counter[Move]()
    for n in range(600):
        facts = {name: chance.choice(values) for name, values in zip(domain.names, domain.values, strict=True)}
        if n % 3 == 0:
            facts |= {"category": "network", "product_family": "vpn", "asset_owner": "departement"}
        at = AT - timedelta(hours=chance.randrange(24 * 150))
        each = past(book, at, chance.choice((None, "demo-nord", "demo-sud")), **facts)
        again = decide(
            draft, draft.vocabulary.resolve([(Source.DECLARED, facts)]), at, convention=each.convention
        )
        expected[Move(Party(each.responsible), again.responsible, each.rule, again.rule)] += 1
        tickets.append(each)
    found = replay(draft, iter(tickets))
    assert found.moves == dict(expected)
    assert found.total == 600 == found.changed + found.other_rule + found.unchanged
    assert found.changed > 0
    assert found.alerts_now == sum(each.alert for each in tickets) == found.alerts_then


def test_the_same_book_changes_nothing(book: Rulebook) -> None:
    found = replay(book, [past(book, **HARDWARE)] * 3)
    assert (found.total, found.changed, found.other_rule, found.unchanged) == (3, 0, 0, 3)


def test_a_rule_renamed_is_a_change_of_rule_only(book: Rulebook, sources: dict[str, str]) -> None:
    name = "routing/30-materiel.toml"
    was = past(book, **HARDWARE)
    text = sources[name].replace(f'id = "{was.rule}"', 'id = "autre-nom"')
    others = {n: t.replace(f'"{was.rule}"', '"autre-nom"') for n, t in sources.items()}
    found = replay(load_book({**others, name: text.replace(f'"{was.rule}"', '"autre-nom"')}), [was])
    assert (found.changed, found.other_rule, found.unchanged) == (0, 1, 0)


def test_what_the_draft_has_no_word_for_is_unknown_and_counted(book: Rulebook) -> None:
    known = past(book, **HARDWARE)
    odd = known._replace(facts={**known.facts, "zone": "internat", "etage": "2", "bruit": False})
    found = replay(book, [known, odd, odd])
    assert dict(found.unread) == {"zone": 2, "etage": 2}
    assert found.tickets_unread == 2
    assert found.total == found.unchanged == 3
    read = read_stored(book.vocabulary, odd.facts)
    assert read.values["zone"] == "unknown"
    assert set(read.unread) == {"zone", "etage"}
    assert set(read.values) == set(book.vocabulary.facts)


def test_a_fact_that_follows_from_others_is_set(book: Rulebook) -> None:
    assert read_stored(book.vocabulary, {"reporter_role": "rupn"}).values["first_level_done"] is True
    assert read_stored(book.vocabulary, {}).values["first_level_done"] is False


def test_tickets_from_before_the_book_and_from_elsewhere(book: Rulebook, sources: dict[str, str]) -> None:
    alone = load_book({n: text for n, text in sources.items() if not n.startswith("conventions/")})
    facts: dict[str, FactValue] = {"category": "network", "product_family": "vpn", "asset_owner": "departement"}
    south = past(book, AT, "demo-sud", **facts)
    assert south.responsible == Party.ACADEMIE_DSI
    early = past(book, **HARDWARE)._replace(at=datetime(2024, 1, 8, tzinfo=UTC))
    found = replay(alone, [south, early])
    assert (found.total, found.undated, found.elsewhere, found.changed) == (2, 1, 1, 1)
