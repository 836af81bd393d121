"""Two texts that come from a third: what one changed is taken, what both changed is a person's to settle."""

import tomllib

import pytest

from router.documents.merge import WHOLE, Side, changed_entries, merge


def text(*rules: tuple[str, str], head: str = '# Une convention.\n\n[convention]\nid = "a"\n') -> str:
    return head + "".join(
        f'\n[[rule]]\nid = "{name}"\ntitle = "Titre {name}"\nassign = "{assign}"\n' for name, assign in rules
    )


BASE = text(("un", "a"), ("deux", "a"), ("trois", "a"))


def rules(merged: str | None) -> list[tuple[str, str]]:
    assert merged is not None
    return [(each["id"], each["assign"]) for each in tomllib.loads(merged)["rule"]]


def test_what_only_one_changed_is_taken_from_it() -> None:
    assert merge(BASE, BASE, None, {}).text is None
    ours = text(("un", "b"), ("deux", "a"), ("trois", "a"))
    assert merge(BASE, ours, BASE, {}).text == ours
    assert merge(BASE, BASE, ours, {}).text == ours
    theirs = text(("un", "a"), ("deux", "a"), ("trois", "c"))
    found = merge(BASE, ours, theirs, {})
    assert rules(found.text) == [("un", "b"), ("deux", "a"), ("trois", "c")] and found.clashes == ()
    assert found.text and found.text.startswith("# Une convention.")


def test_the_same_change_on_both_sides_is_none() -> None:
    ours = text(("un", "b"), ("deux", "a"), ("trois", "a"))
    theirs = text(("un", "b"), ("deux", "c"), ("trois", "a"))
    found = merge(BASE, ours, theirs, {})
    assert rules(found.text) == [("un", "b"), ("deux", "c"), ("trois", "a")] and found.clashes == ()


def test_what_is_added_keeps_its_place_and_what_is_taken_out_is_out() -> None:
    ours = text(("un", "a"), ("neuf", "b"), ("deux", "a"))
    theirs = text(("zéro", "c"), ("un", "a"), ("deux", "a"), ("trois", "a"))
    found = merge(BASE, ours, theirs, {})
    assert rules(found.text) == [("zéro", "c"), ("un", "a"), ("neuf", "b"), ("deux", "a")]


@pytest.mark.parametrize(("side", "kept"), [(Side.OURS, "b"), (Side.THEIRS, "c")])
def test_what_both_changed_is_chosen(side: Side, kept: str) -> None:
    ours = text(("un", "b"), ("deux", "b"), ("trois", "a"))
    theirs = text(("un", "c"), ("deux", "a"), ("trois", "c"))
    (clash,) = merge(BASE, ours, theirs, {}).clashes
    assert clash.label == "Titre un" and '"b"' in (clash.ours or "") and '"c"' in (clash.theirs or "")
    chosen = merge(BASE, ours, theirs, {clash.key: side}).text
    assert rules(chosen) == [("un", kept), ("deux", "b"), ("trois", "c")]


def test_taken_out_by_one_and_changed_by_the_other_is_chosen_too() -> None:
    ours, theirs = text(("deux", "a"), ("trois", "a")), text(("un", "c"), ("deux", "a"), ("trois", "a"))
    (clash,) = merge(BASE, ours, theirs, {}).clashes
    assert clash.ours is None and rules(merge(BASE, ours, theirs, {clash.key: Side.OURS}).text)[0][0] == "deux"


@pytest.mark.parametrize(
    "ours",
    [
        text(("deux", "b"), ("un", "a"), ("trois", "a")),
        text(("un", "b"), ("un", "a"), ("deux", "a"), ("trois", "a")),
        text(("un", "b"), ("deux", "a")) + '\nwhy = """\n[[rule]]\n"""\n',
        text(("un", "b")) + "\nwhy = \n",
    ],
    ids=["moved", "twice the same", "a long string", "not TOML"],
)
def test_a_file_that_can_t_be_cut_is_kept_or_taken_whole(ours: str) -> None:
    theirs = text(("un", "c"), ("deux", "a"), ("trois", "a"))
    (clash,) = merge(BASE, ours, theirs, {}).clashes
    assert (clash.key, clash.ours, clash.theirs) == (WHOLE, ours, theirs)
    assert merge(BASE, ours, theirs, {WHOLE: Side.OURS}).text == ours
    assert merge(BASE, ours, theirs, {WHOLE: Side.THEIRS}).text == theirs


def test_the_titles_of_what_differs() -> None:
    ours = text(("un", "b"), ("deux", "a"), ("quatre", "a"))
    assert changed_entries(BASE, ours) == ("Titre un", "Titre trois", "Titre quatre")
    assert changed_entries(BASE, "[[rule]]\nid =") is None
