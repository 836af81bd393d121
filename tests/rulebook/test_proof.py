"""The proof: holes, dead rules, local rules out of bounds, unfinished proofs; and its agreement with a SAT solver
and with rule-engine on every point of each rule's own facts."""

import random
import re
from itertools import product

import pytest

from router.rulebook.book import Rulebook
from router.rulebook.cubes import Budget, ProofUnfinished, gap, meets
from router.rulebook.entries import Rule
from router.rulebook.expression import parse_rule
from router.rulebook.load import check, load_book
from router.rulebook.prove import prove_base, prove_convention
from router.rulebook.slices import Draft
from tests.rulebook.oracles import SatJudge

MOST_POINTS = 40_000


def without_rule(sources: dict[str, str], rule: Rule) -> dict[str, str]:
    """The sources without one base rule, its mentions in `overrides` included."""
    text = sources[rule.place.file]
    blocks = re.split(r"(?=^\[\[rule\]\])", text, flags=re.MULTILINE)
    kept = "".join(block for block in blocks if f'id = "{rule.id}"\n' not in block)
    changed = {**sources, rule.place.file: kept}
    return {name: re.sub(rf'"{rule.id}"(?=[\],])', '"*"', body) for name, body in changed.items()}


def draft_of(book: Rulebook) -> Draft:
    conventions = tuple(book.conventions.values())
    return Draft(
        book.vocabulary,
        book.rules,
        book.obligations,
        book.priorities,
        book.alert,
        book.impossibles,
        book.incoherent,
        conventions,
    )


def test_the_domain_is_large_and_the_book_has_no_catch_all(book: Rulebook) -> None:
    assert book.vocabulary.domain.size() > 10**8
    assert all(cube != book.vocabulary.domain.full for rule in book.rules for cube in rule.cubes)


def test_sat_finds_no_hole_and_no_dead_rule_in_the_shipped_book(book: Rulebook) -> None:
    judge = SatJudge(book.vocabulary.domain)
    for convention, slices in book.slices.items():
        for part in slices:
            assert not judge.uncovered(cube for rule in part.rules for cube in rule.cubes)
            if convention is None:
                before = []
                for rule in part.rules:
                    assert judge.reachable(rule.cubes, before), rule.id
                    before += rule.cubes


def test_gap_and_sat_agree_on_random_covers(book: Rulebook) -> None:
    chance = random.Random(20261124)
    domain, judge = book.vocabulary.domain, SatJudge(book.vocabulary.domain)
    rules = [*book.rules]
    holes = 0
    for _ in range(150):
        kept = chance.sample(rules, chance.randrange(len(rules) - 3, len(rules)))
        kept += chance.sample(rules, 0)
        cover = [*book.impossible_cubes, *(cube for rule in kept for cube in rule.cubes)]
        hole = gap(domain.full, cover, Budget(100_000))
        assert (hole is not None) == judge.uncovered(cover)
        assert hole is None or not any(meets(hole, cube) for cube in cover)
        holes += hole is not None
    assert 0 < holes < 150


def test_dead_rules_agree_with_sat_whatever_the_order(book: Rulebook, sources: dict[str, str]) -> None:
    chance = random.Random(7)
    judge, rules = SatJudge(book.vocabulary.domain), list(book.rules)
    for _ in range(5):
        chance.shuffle(rules)
        before, dead = [], set()
        for rule in rules:
            if all(gap(cube, before, Budget(100_000)) is None for cube in rule.cubes):
                dead.add(rule.id)
            assert (rule.id not in dead) == judge.reachable(rule.cubes, before)
            before += rule.cubes
        assert dead


def test_each_rule_is_its_expression_on_every_point_of_its_own_facts(book: Rulebook) -> None:
    """Brute force: rule-engine evaluates the text, the cubes must say the same. No rule is skipped."""
    domain = book.vocabulary.domain
    local = [rule for convention in book.conventions.values() for rule in convention.rules]
    for rule in (*book.rules, *local):
        engine_rule = parse_rule(rule.condition.text, book.vocabulary)
        names = rule.condition.facts
        positions = [domain.position[name] for name in names]
        points = list(product(*(domain.bits[name].items() for name in names)))
        if len(points) > MOST_POINTS:
            points = random.Random(rule.id).sample(points, MOST_POINTS)
        for point in points[:: max(1, len(points) // 400)]:
            bits = [bit for _, bit in point]
            held = any(all(cube[p] & b for p, b in zip(positions, bits, strict=True)) for cube in rule.cubes)
            values = {name: value for name, (value, _) in zip(names, point, strict=True)}
            assert held == engine_rule.matches(values), (rule.id, values)


def test_every_rule_removed_leaves_a_hole_or_falls_to_a_later_rule(
    book: Rulebook, sources: dict[str, str]
) -> None:
    """Removing a rule either opens a hole, told with a counterexample in words, or changes only who explains."""
    judge = SatJudge(book.vocabulary.domain)
    for rule in book.rules[::6]:
        rest = [cube for other in book.rules if other is not rule for cube in other.cubes]
        hole = judge.uncovered([*book.impossible_cubes, *rest])
        faults = [fault for fault in check(without_rule(sources, rule)) if fault.code == "AIG101"]
        assert bool(faults) == hole, rule.id


def test_a_hole_is_told_in_words_near_the_closest_rule(book: Rulebook, sources: dict[str, str]) -> None:
    faults = check(without_rule(sources, book.rule("materiel-etat")))
    (hole,) = [fault for fault in faults if fault.code == "AIG101"]
    assert (hole.file, "« formation-equipement-etat »" in hole.message) == (
        "routing/10-prise-en-main.toml",
        True,
    )
    assert "Type d'incident : Matériel" in hole.message
    assert "L'État (fourni par l'académie ou le ministère)" in hole.message
    assert "01/09/2025" in hole.message


def test_a_dead_rule_names_what_hides_it(sources: dict[str, str]) -> None:
    extra = """
[[rule]]
id = "poste-de-l-etat"
title = "Poste de l'État"
when = "category == 'hardware' and asset_owner in ['etat', 'personal'] and product_family == 'workstation'"
assign = "academie_dsi"
articles = ["D211-14"]
why = "Essai."
since = 2025-09-01
checked_on = 2026-11-23
"""
    text = sources["routing/30-materiel.toml"] + extra
    (fault,) = check({**sources, "routing/30-materiel.toml": text})
    assert fault.code == "AIG102"
    assert fault.line == text[: text.index('id = "poste-de-l-etat"')].count("\n")
    assert "« materiel-personnel » et « materiel-etat »" in fault.message


def test_an_amendment_that_ends_a_rule_leaves_a_hole_on_its_day(sources: dict[str, str]) -> None:
    text = sources["routing/80-qualification.toml"]
    ended = text.replace("since = 2025-09-01", "since = 2025-09-01\nuntil = 2027-09-01")
    (fault,) = check({**sources, "routing/80-qualification.toml": ended})
    assert fault.code == "AIG101"
    assert "01/09/2027" in fault.message


def test_an_amendment_may_replace_a_rule_under_the_same_id(sources: dict[str, str]) -> None:
    text = sources["routing/80-qualification.toml"]
    head, body = text.split("[[rule]]")
    ended = body.replace("since = 2025-09-01", "since = 2025-09-01\nuntil = 2027-09-01")
    begun = body.replace("since = 2025-09-01", "since = 2027-09-01")
    changed = {**sources, "routing/80-qualification.toml": f"{head}[[rule]]{ended}\n[[rule]]{begun}"}
    assert [part.since.isoformat() for part in load_book(changed).slices[None]] == ["2025-09-01", "2027-09-01"]
    overlapping = changed["routing/80-qualification.toml"].replace("until = 2027-09-01", "until = 2027-09-02")
    assert {f.code for f in check({**changed, "routing/80-qualification.toml": overlapping})} == {"AIG005"}


def test_a_local_rule_outside_the_grey_zones_is_refused_with_its_cell(sources: dict[str, str]) -> None:
    name = "conventions/demo-nord.toml"
    text = sources[name].replace(
        "asset_owner == 'unknown' and need", "asset_owner in ['unknown', 'etat'] and need"
    )
    (fault,) = check({**sources, name: text})
    assert (fault.code, fault.file) == ("AIG103", name)
    assert "« materiel-etat »" in fault.message
    assert "Copieur" in fault.message


def test_a_dead_local_rule_is_refused(sources: dict[str, str]) -> None:
    name = "conventions/demo-nord.toml"
    block = sources[name].split("[[rule]]")[2]
    twin = block.split("[[obligation]]")[0].replace('id = "nord-copieurs"', 'id = "nord-copieurs-bis"')
    text = sources[name].replace("[[obligation]]", f"[[rule]]{twin}\n[[obligation]]", 1)
    (fault,) = check({**sources, name: text})
    assert fault.code == "AIG102"
    assert "« nord-copieurs »" in fault.message


def test_a_convention_cannot_open_its_own_grey_zone(sources: dict[str, str]) -> None:
    name = "conventions/demo-nord.toml"
    text = sources[name].replace('id = "nord-copieurs"', 'id = "nord-copieurs"\narbitrage = "local"')
    assert [fault.code for fault in check({**sources, name: text})] == ["AIG002"]


def test_an_unfinished_proof_is_a_fault(book: Rulebook) -> None:
    draft = draft_of(book)
    codes = {fault.code for fault in prove_base(draft, book.slices[None], steps=3)}
    assert codes == {"AIG110"}
    convention = book.conventions["demo-nord"]
    codes = {fault.code for fault in prove_convention(draft, convention, book.slices["demo-nord"], steps=1)}
    assert codes == {"AIG110"}


def test_gap_raises_rather_than_guess(book: Rulebook) -> None:
    cover = [cube for rule in book.rules for cube in rule.cubes]
    with pytest.raises(ProofUnfinished):
        gap(book.vocabulary.domain.full, cover, Budget(2))
